//! What holds for every schema, all data and each query: nothing panics, the tables can be created, all strategies
//! give the same graph, and it is the one that the rows themselves make without SQL.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it stands")]

mod common;
mod support;

use common::brute_force::Objects;
use common::projects::project;
use common::wild::wild_draft;
use proptest::prelude::*;
use relata::engine::{Database, Live};
use relata::graph::{Canonical, Edge, Linked, ObjectGraph};
use relata::mapping::{Relational, map};
use relata::project::{Data, Project};
use relata::protocol::Limits;
use relata::query::{self, IncludeDraft, QueryDraft, Question, Strategy as Loading};
use relata::schema::{self, EndId, EndOrder, Schema};
use relata::sql::render;
use relata::value::Value;

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

fn run((database, live): (&mut Database, &Live), draft: &QueryDraft, schema: &Schema) -> (Canonical, usize) {
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
    for object in &execution.graph.objects {
        object.links.iter().for_each(|(end, linked)| {
            check_order(schema, database.relational(), &execution.graph, *end, linked)
        });
    }
    support::compact::check(live, &plan, &execution);
    (execution.graph.canonical(), execution.trace.statements())
}

/// A collection with an order of its own comes in it, whichever way it was loaded.
fn check_order(schema: &Schema, relational: &Relational, graph: &ObjectGraph, end: EndId, linked: &Linked) {
    let end = schema.end(end).unwrap();
    let table = relational.table(relational.table_of(end.target.id).unwrap());
    let values = |edge: &Edge| -> Vec<Value> {
        let place = |term: &EndOrder| table.field_column(term.field).unwrap();
        end.order.iter().map(|term| graph.object(edge.target).values[place(term)].clone()).collect()
    };
    for pair in linked.edges().windows(2) {
        let (one, other) = (values(&pair[0]), values(&pair[1]));
        let mut compared = end
            .order
            .iter()
            .zip(one.iter().zip(&other))
            .map(|(term, (one, other))| if term.descending { other.cmp(one) } else { one.cmp(other) });
        let first = compared.find(|ordering| ordering.is_ne());
        assert!(first.is_none_or(|ordering| ordering.is_lt()), "{one:?} before {other:?} in {}", end.name);
    }
}

fn check_project(project: &Project) {
    let report = schema::check(&project.draft);
    let schema = report.value.unwrap_or_else(|| panic!("{:?}", report.diagnostics));
    let mapped = map(&schema);
    let relational = mapped.value.unwrap_or_else(|| panic!("{:?}", mapped.diagnostics));
    let (mut database, refusals) = Database::open(schema.clone(), relational.clone(), &project.data).unwrap();
    let (live, _) = Live::create(schema.clone(), relational.clone(), &project.data).unwrap();
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
    same(run((&mut database, &live), &project.query, &schema).0);
    let asked = query::ask(&project.query, &schema);
    match asked.value.unwrap_or_else(|| panic!("{:?}", asked.diagnostics)) {
        Question::Objects(objects) => assert_eq!(objects, query),
        Question::Groups(grouping) => {
            let plan = query::group(&grouping, &schema, &relational);
            let rows = database.query(&render(&plan.select, &[]), Limits::default()).unwrap();
            assert_eq!(rows, Objects::new(&schema, &relational, &project.data, &refusals).groups(&grouping));
        }
    }
    for strategy in Loading::loading() {
        let (graph, statements) = run((&mut database, &live), &with_every(strategy, &project.query), &schema);
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
