//! What a run cost, counted by brute force; and strategies put side by side by the worker.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashSet;

use proptest::prelude::*;
use relata::compare::{Figures, figures};
use relata::engine::{Database, Execution, SqlError};
use relata::project::Project;
use relata::protocol::Limits;
use relata::query::{self, Cells, IncludeDraft, Plan, QueryDraft, Strategy as Loading};
use relata::schema::{EndId, ModelId, RelationshipId, Side};
use relata::value::Value;

#[allow(dead_code, reason = "of what is common, the random projects are used here")]
mod common;
mod support;
use support::{Sketch, all, joined, lazy, left};

fn run(project: &Project, query: &QueryDraft) -> Option<(Plan, Execution<SqlError>)> {
    let sketch = Sketch { project: project.clone() };
    let (schema, relational) = sketch.compile();
    let query = query::check(query, &schema).value?;
    let plan = query::plan(&query, &schema, &relational);
    let (mut database, _) = Database::open(schema, relational, &project.data).unwrap();
    let execution = database.run(&plan, Limits::default());
    Some((plan, execution))
}

/// The figures counted cell by cell: a cell repeats if its column of the object that its row names has been seen before.
fn counted(plan: &Plan, execution: &Execution<SqlError>) -> Figures {
    let mut counted = Figures::default();
    let mut seen: HashSet<(ModelId, Vec<Value>, usize)> = HashSet::new();
    let mut known = |model, key: &[Value], column| !seen.insert((model, key.to_vec(), column));
    for (run, sent) in execution.trace.sent() {
        counted.statements += 1;
        counted.micros += sent.micros;
        for row in &sent.rows {
            counted.rows += 1;
            counted.cells += row.len() as u64;
            for cell in row {
                counted.bytes += match cell {
                    Value::Null => 0,
                    Value::Integer(_) | Value::Real(_) => 8,
                    Value::Text(text) => text.len() as u64,
                    Value::Blob(bytes) => bytes.len() as u64,
                };
            }
            for node in plan.nodes_of(run.step) {
                let (Cells::Columns { width, .. }, Some(key)) = (&node.cells, node.key_in(row)) else {
                    continue;
                };
                // A row of another kind than the query asked for names nothing here.
                if execution.graph.find(node, &key).is_none() {
                    continue;
                }
                let columns = (0..).filter(|at| !node.unloaded.contains(at)).take(*width);
                counted.repeated += columns.filter(|at| known(node.family(), &key, *at)).count() as u64;
            }
        }
    }
    counted
}

/// The joins of two collections repeat: three books and two awards are six rows for one author.
#[test]
fn a_cartesian_explosion_is_counted() {
    let mut sketch = Sketch::new();
    let author = sketch.model("Author", &[]);
    let (book, award) = (sketch.model("Book", &[]), sketch.model("Award", &[]));
    let links = [sketch.one_to_many(author, book), sketch.one_to_many(author, award)];
    let homer = sketch.row(author, &["1"]);
    for (model, link, count) in [(book, links[0], 3), (award, links[1], 2)] {
        for number in 1..=count {
            let row = sketch.row(model, &[&number.to_string()]);
            sketch.link(link, homer, row);
        }
    }
    let mut query = all(author, links.map(|link| joined(left(link), vec![])).to_vec());
    let (plan, execution) = run(&sketch.project, &query).unwrap();
    let joined = figures(&plan, &execution.trace, &execution.graph);
    // 6 rows of 1 + 2 + 2 integers. New are the author's 1, three times a book's 2, twice an award's 2.
    let expected = Figures {
        statements: 1,
        rows: 6,
        cells: 30,
        repeated: 30 - (1 + 6 + 4),
        bytes: 240,
        micros: joined.micros,
    };
    assert_eq!(joined, expected);
    query.load_every(Loading::SelectIn);
    let (plan, execution) = run(&sketch.project, &query).unwrap();
    let split = figures(&plan, &execution.trace, &execution.graph);
    assert_eq!((split.statements, split.rows, split.repeated), (3, 6, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// For random projects, queries and every strategy.
    #[test]
    fn figures_are_what_one_counts(project in common::projects::project()) {
        let ways = Loading::all().map(|strategy| {
            let mut query = project.query.clone();
            query.load_every(strategy);
            query
        });
        for query in ways.chain([project.query.clone()]) {
            let Some((plan, execution)) = run(&project, &query) else { continue };
            let own = figures(&plan, &execution.trace, &execution.graph);
            let has_json = plan.nodes.iter().any(|node| matches!(node.cells, Cells::Json { .. }));
            let mut counted = counted(&plan, &execution);
            if has_json {
                // What came as JSON is known too, which the count above does not look into.
                prop_assert!(counted.repeated <= own.repeated);
                counted.repeated = own.repeated;
            }
            prop_assert_eq!(own, counted);
        }
    }
}

#[test]
fn every_include_takes_the_strategy_and_only_joins_stay_inner() {
    let end = EndId { relationship: RelationshipId(3), side: Side::Right };
    let below = IncludeDraft { inner: true, ..joined(end.reverse(), vec![]) };
    let mut query = all(ModelId(2), vec![lazy(end, vec![below])]);
    query.load_every(Loading::Joined);
    assert_eq!(query.includes[0].strategy, Loading::Joined);
    assert!(query.includes[0].includes[0].inner && !query.includes[0].inner);
    query.load_every(Loading::SelectIn);
    assert!(!query.includes[0].includes[0].inner);
    assert_eq!(query.includes[0].includes[0].strategy, Loading::SelectIn);
}
