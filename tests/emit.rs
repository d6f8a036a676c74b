//! Schema and query in, programs for other ORMs out. That they run, and do the same, is what `oracle.rs` shows.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::emit::sqlalchemy;
use relata::mapping::map;
use relata::project::{Project, Sample};
use relata::query;
use relata::schema::check;

fn sqlalchemy_program(project: &Project) -> String {
    let schema = check(&project.draft).value.unwrap();
    let relational = map(&schema).value.unwrap();
    let query = query::check(&project.query, &schema).value;
    sqlalchemy::program(&schema, &relational, query.as_ref()).to_string()
}

#[test]
fn samples_as_sqlalchemy() {
    for sample in Sample::all() {
        let name = format!("sqlalchemy_{sample:?}");
        insta::assert_snapshot!(name, sqlalchemy_program(&sample.project()));
    }
}
