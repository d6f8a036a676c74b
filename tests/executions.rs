//! A plan and the answers to its statements in, trace and graph out, without SQLite: what the executor asks, in which
//! order, and what is left when an answer fails.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::engine::{Execution, Stop, execute};
use relata::graph::{Linked, RowAt};
use relata::project::Sample;
use relata::protocol::Limits;
use relata::query::{IncludeDraft, NodeId, QueryDraft, Strategy};
use relata::schema::{EndId, ModelId, RelationshipId};
use relata::trace::{ObjectId, Rows};
use relata::value::Value;

mod support;
use support::{Sketch, all, joined, lazy, left, right, select_in};

const LINK: RelationshipId = RelationshipId(3);

/// Runs a query on a sample with these answers; the statement after the last of them fails.
fn check(sketch: &Sketch, query: &QueryDraft, answers: Vec<Rows>) -> Execution<&'static str> {
    let (plan, schema) = (sketch.plan(query), sketch.compile().0);
    let mut answers = answers.into_iter();
    execute(&plan, &|end| schema.end(end).unwrap().kind.is_collection(), &mut |_| {
        answers.next().map(|rows| (rows, 1)).ok_or("no more answers")
    })
}

fn integers(rows: &[&[i64]]) -> Rows {
    let row = |row: &&[i64]| row.iter().map(|&number| Value::Integer(number)).collect();
    rows.iter().map(row).collect()
}

fn targets(execution: &Execution<&'static str>, object: u32, end: EndId) -> Vec<u32> {
    let edges = execution.graph.object(ObjectId(object)).links[&end].edges();
    edges.iter().map(|edge| edge.target.0).collect()
}

/// Author 1 has books 10 and 11, and the rows of the join repeat the author.
#[test]
fn repeated_rows_are_one_object() {
    let sketch = Sketch::of(Sample::AuthorBook);
    let rows = integers(&[&[1, 0, 10, 0, 1], &[1, 0, 11, 0, 1], &[2, 0, 12, 0, 2]]);
    let execution = check(&sketch, &all(ModelId(1), vec![joined(left(LINK), vec![])]), vec![rows]);
    assert_eq!(execution.failure, None);
    assert_eq!(execution.graph.roots, [ObjectId(0), ObjectId(3)]);
    assert_eq!(targets(&execution, 0, left(LINK)), [1, 2]);
    let at = |row| RowAt { run: 0, row, node: NodeId(0) };
    assert_eq!(execution.graph.object(ObjectId(0)).seen, [at(0), at(1)]);
}

/// A row of an outer join that found nothing is a loaded property without objects.
#[test]
fn nothing_joined_is_a_loaded_property() {
    let sketch = Sketch::of(Sample::AuthorBook);
    let mut rows = integers(&[&[1, 0, 0, 0, 0]]);
    rows[0][2..].fill(Value::Null);
    let execution = check(&sketch, &all(ModelId(1), vec![joined(left(LINK), vec![])]), vec![rows]);
    assert_eq!(execution.graph.objects.len(), 1);
    assert_eq!(execution.graph.object(ObjectId(0)).links[&left(LINK)], Linked::Many(vec![]));
}

/// A join table that has a pair twice puts the object into the collection once; of two candidates for a property to
/// one the first row wins. SQLite would allow neither; a changed database might.
#[test]
fn rows_that_say_too_much() {
    let courses = Sketch::of(Sample::StudentCourse);
    let twice = vec![integers(&[&[1, 0]]), integers(&[&[1, 7, 0], &[1, 8, 0], &[1, 7, 0]])];
    let execution = check(&courses, &all(ModelId(1), vec![select_in(left(LINK), vec![])]), twice);
    assert_eq!(execution.failure, None);
    assert_eq!(targets(&execution, 0, left(LINK)), [1, 2]);

    let users = Sketch::of(Sample::UserProfile);
    let candidates = vec![integers(&[&[1]]), integers(&[&[5, 1], &[4, 1]])];
    let execution = check(&users, &all(ModelId(2), vec![select_in(right(LINK), vec![])]), candidates);
    assert_eq!(execution.failure, None);
    assert_eq!(
        execution.graph.object(ObjectId(targets(&execution, 0, right(LINK))[0])).key,
        [Value::Integer(5)]
    );
}

/// What came before a failure stays, and the property that was being loaded is not there.
#[test]
fn a_failure_in_the_middle_keeps_what_came_before() {
    let sketch = Sketch::of(Sample::AuthorBook);
    let query = all(ModelId(1), vec![lazy(left(LINK), vec![])]);
    let authors = || integers(&[&[1, 0], &[2, 0], &[3, 0]]);
    let none = check(&sketch, &query, vec![]);
    assert_eq!(
        (none.failure, none.trace.runs.len(), none.graph.objects.len()),
        (Some(Stop::Failed("no more answers")), 0, 0)
    );
    let execution = check(&sketch, &query, vec![authors(), integers(&[&[10, 0, 1]])]);
    assert_eq!(execution.failure, Some(Stop::Failed("no more answers")));
    assert_eq!(execution.trace.statements(), 2);
    assert_eq!(execution.graph.roots.len(), 3);
    assert_eq!(targets(&execution, 0, left(LINK)), [3]);
    assert!(execution.graph.object(ObjectId(1)).links.is_empty());
}

/// What hangs behind a property is loaded even where the property itself needed no statement.
#[test]
fn nothing_is_lost_behind_a_statement_that_was_spared() {
    let mut sketch = Sketch::new();
    let (author, book) = (sketch.model("Author", &[]), sketch.model("Book", &[]));
    let (award, page) = (sketch.model("Award", &[]), sketch.model("Page", &[]));
    let (books, awards) = (sketch.one_to_many(author, book), sketch.one_to_many(author, award));
    let pages = sketch.one_to_many(book, page);
    for key in ["1", "2"] {
        let (one, two) = (sketch.row(author, &[key]), sketch.row(book, &[key]));
        let (three, four) = (sketch.row(award, &[key]), sketch.row(page, &[key]));
        sketch.link(books, one, two);
        sketch.link(awards, one, three);
        sketch.link(pages, two, four);
    }
    let nest = |outer: [Strategy; 3], inner: Strategy| {
        let include = IncludeDraft::new;
        let pages = include(left(pages), inner, vec![]);
        let again = include(left(books), outer[2], vec![pages]);
        let back = include(right(books), outer[1], vec![include(left(awards), inner, vec![]), again]);
        all(author, vec![include(left(books), outer[0], vec![back])])
    };
    let mut database = sketch.open();
    let mut run = |outer, inner| {
        let execution = database.run(&sketch.plan(&nest(outer, inner)), Limits::default());
        assert_eq!(execution.failure, None, "{outer:?} with {inner:?} behind them");
        execution.graph.canonical()
    };
    let whole = run([Strategy::Joined; 3], Strategy::Joined);
    for first in Strategy::loading() {
        for second in Strategy::loading() {
            for third in Strategy::loading() {
                for inner in Strategy::loading() {
                    let outer = [first, second, third];
                    assert_eq!(run(outer, inner), whole, "{outer:?} with {inner:?} behind them");
                }
            }
        }
    }
}
