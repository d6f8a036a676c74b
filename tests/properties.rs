//! What holds for every schema, all data and each query: nothing panics, the tables can be created, all strategies
//! give the same graph, and it is the one that the rows themselves make without SQL.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it stands")]

mod common;

use common::brute_force::Objects;
use common::projects::{project, wild_draft};
use proptest::prelude::*;
use relata::engine::Database;
use relata::graph::Canonical;
use relata::mapping::map;
use relata::project::{Data, Project};
use relata::protocol::Limits;
use relata::query::{self, IncludeDraft, QueryDraft, Strategy as Loading};
use relata::schema::{self, Schema};

/// Enough for a build; set PROPTEST_CASES for more.
const CASES: u32 = 600;

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn with_every(strategy: Loading, query: &QueryDraft) -> QueryDraft {
    fn set(strategy: Loading, includes: &mut [IncludeDraft]) {
        for include in includes {
            include.strategy = strategy;
            include.inner &= strategy == Loading::Joined;
            set(strategy, &mut include.includes);
        }
    }
    let mut query = query.clone();
    set(strategy, &mut query.includes);
    query
}

/// Without a limit the order among equals is the database's own affair.
fn comparable(mut graph: Canonical) -> Canonical {
    graph.roots.sort();
    graph
}

fn run(database: &mut Database, draft: &QueryDraft, schema: &Schema) -> (Canonical, usize) {
    let report = query::check(draft, schema);
    let query = report.value.unwrap_or_else(|| panic!("{:?}", report.diagnostics));
    let plan = query::plan(&query, schema, database.relational());
    let execution = database.run(&plan, Limits::default());
    assert_eq!(execution.failure, None);
    let replayed = relata::graph::build(
        &plan,
        &|end| schema.end(end).is_some_and(|end| end.kind.is_collection()),
        &execution.trace,
    );
    assert_eq!(replayed, execution.graph, "the trace alone gives the same graph");
    (execution.graph.canonical(), execution.trace.statements())
}

fn check_project(project: &Project) {
    let report = schema::check(&project.draft);
    let schema = report.value.unwrap_or_else(|| panic!("{:?}", report.diagnostics));
    let mapped = map(&schema);
    let relational = mapped.value.unwrap_or_else(|| panic!("{:?}", mapped.diagnostics));
    let (mut database, refusals) = Database::open(schema.clone(), relational.clone(), &project.data).unwrap();
    let query = query::check(&project.query, &schema).value.unwrap();
    let expected = Objects::new(&schema, &relational, &project.data, &refusals).answer(&query);
    let limited = query.limit.is_some() || query.offset.is_some();
    let same = |graph: Canonical| {
        if limited {
            assert_eq!(graph, expected)
        } else {
            assert_eq!(comparable(graph), comparable(expected.clone()))
        }
    };
    same(run(&mut database, &project.query, &schema).0);
    for strategy in Loading::loading() {
        let (graph, statements) = run(&mut database, &with_every(strategy, &project.query), &schema);
        same(graph);
        if matches!(strategy, Loading::Joined | Loading::Json) {
            assert_eq!(statements, 1, "joins and JSON need no further statement");
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_strategy_gives_the_graph_that_the_rows_make(project in project()) {
        check_project(&project);
    }

    #[test]
    fn whatever_is_typed_is_checked_without_panic_and_what_passes_can_be_created(draft in wild_draft()) {
        let report = schema::check(&draft).and_then(|schema| map(&schema).map(|relational| (schema, relational)));
        if let Some((schema, relational)) = report.value {
            Database::open(schema, relational, &Data::default()).unwrap();
        } else {
            prop_assert!(!report.diagnostics.is_empty(), "a schema is withheld only with a reason");
        }
    }

    #[test]
    fn a_saved_project_opens_as_it_was(project in project()) {
        prop_assert_eq!(Project::from_json(&project.to_json()).unwrap(), project);
    }
}
