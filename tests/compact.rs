//! Graphs loaded for their objects alone, in cases that random projects seldom meet.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::engine::Live;
use relata::protocol::Limits;
use relata::query::{IncludeDraft, QueryDraft, Strategy};
use relata::schema::Side;

mod support;
use support::{Sketch, all, compact, lazy, left, right, select_in};

/// Runs a query both ways, and compares what comes of it.
fn check(sketch: &Sketch, draft: &QueryDraft) {
    let (schema, relational) = sketch.compile();
    let (live, _) = Live::create(schema, relational, &sketch.project.data).unwrap();
    let plan = sketch.plan(draft);
    let execution = sketch.try_open().0.run(&plan, Limits::default());
    compact::check(&live, &plan, &execution);
}

#[test]
fn a_kind_does_not_read_the_key_of_another_kinds_relationship() {
    let mut sketch = Sketch::new();
    let animal = sketch.model("Animal", &[]);
    let [dog, cat] = ["Dog", "Cat"].map(|name| {
        let kind = sketch.keyed(name, &[], &[]);
        sketch.model_mut(kind).kind.parent = Some(animal);
        kind
    });
    let chases = sketch.one_to_one(dog, animal);
    sketch.link_mut(chases).key_side = Side::Left;
    sketch.row(dog, &["1"]);
    sketch.row(cat, &["2"]);
    sketch.row(cat, &["3"]);
    let below = vec![lazy(left(chases), vec![]), lazy(right(chases), vec![])];
    check(&sketch, &all(cat, vec![lazy(right(chases), below)]));
}

#[test]
fn a_subquery_takes_the_keys_of_the_statement_that_it_repeats() {
    let mut sketch = Sketch::new();
    let comment = sketch.model("Comment", &[]);
    let subject = sketch.one_to_many(comment, comment);
    // Its key is of two columns, that of the statement it repeats of one.
    sketch.link_mut(subject).polymorphic = Some("subject".into());
    let one = sketch.row(comment, &["1"]);
    sketch.row(comment, &["3"]);
    sketch.link(subject, one, one);
    let of_all = IncludeDraft::new(right(subject), Strategy::Subquery, vec![]);
    check(&sketch, &all(comment, vec![select_in(left(subject), vec![of_all])]));
}
