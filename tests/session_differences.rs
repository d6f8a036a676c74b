//! Holds the table *Session* of `docs/differences.md`: every row is shown here by what Relata does.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod session_lines;
mod support;

use relata::project::Sample;
use relata::schema::Cascades;
use relata::schema::FieldType::Text;
use relata::session::{ScriptDraft, StepDraft, check};
use session_lines::{
    AUTHOR, BOOK, BOOKS, authors, cascading, delete, lines, link, load, named, new, stored, unadded,
};
use support::{Sketch, left, right};

/// The first cells of the rows below a heading, as they stand in the document.
fn rows(heading: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/differences.md");
    let text = std::fs::read_to_string(path).unwrap();
    let section = text.split(&format!("\n## {heading}\n")).nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|line| line.split('|').nth(1).unwrap().trim().to_owned()).collect()
}

fn post_update_of_an_object_outside() {
    let sketch = authors(|sketch| {
        sketch.link_mut(BOOKS).left.cascades = Cascades { post_update: true, ..Cascades::default() };
    });
    let steps = vec![
        unadded("book", BOOK),
        link(named("book"), right(BOOKS), stored(AUTHOR, "1")),
        StepDraft::Commit,
    ];
    let lines = lines(&sketch, steps);
    assert_eq!(lines.last().unwrap(), "commit");
    assert!(lines.iter().any(|line| line.starts_with("warned: book is not in the session")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.starts_with("UPDATE")), "{lines:?}");
}

/// Deleting a book deletes its author, and with the author the books, one of which is new.
fn a_new_object_that_a_deletion_takes_along() {
    let sketch = authors(|sketch| {
        let link = sketch.link_mut(BOOKS);
        link.left.cascades.delete = true;
        link.right.cascades.delete = true;
    });
    let steps = vec![
        delete(stored(BOOK, "1")),
        unadded("book", BOOK),
        link(stored(AUTHOR, "1"), left(BOOKS), named("book")),
        StepDraft::Commit,
    ];
    let lines = lines(&sketch, steps);
    let written = |start: &str| lines.iter().any(|line| line.starts_with(start));
    assert!(written("DELETE FROM books WHERE books.id = ? [NULL]"), "{lines:?}");
    assert!(written("warned: DELETE on books: 3 rows expected, 2 matched."), "{lines:?}");
    assert!(written("INSERT INTO books"), "{lines:?}");
    assert_eq!(lines.last().unwrap(), "commit");
}

/// A script that names an object anew after everything went out of date reads it once, and fails at nothing.
fn an_object_taken_from_the_identity_map() {
    let steps =
        vec![delete(stored(BOOK, "1")), StepDraft::Flush, delete(stored(BOOK, "2")), StepDraft::Commit];
    assert_eq!(lines(&cascading(Cascades::default()), steps).last().unwrap(), "commit");
}

fn the_same_each_time() {
    let steps =
        vec![delete(stored(AUTHOR, "1")), new("author", AUTHOR), new("book", BOOK), StepDraft::Commit];
    let sketch = cascading(Cascades::default());
    assert_eq!(lines(&sketch, steps.clone()), lines(&sketch, steps));
}

fn a_key_stays() {
    let sketch = cascading(Cascades::default());
    let key = sketch.field(BOOK, "id");
    let step = StepDraft::Set { object: stored(BOOK, "1"), field: Some(key), value: Some("9".into()) };
    let (schema, relational) = sketch.compile();
    let report = check(&ScriptDraft { steps: vec![step] }, &schema, &relational);
    assert!(report.value.is_none());
    assert_eq!(report.diagnostics[0].message, "“id” is the key: it says which object this is, and stays.");
}

fn a_script_stops_at_an_error() {
    let steps = vec![new("author", AUTHOR), StepDraft::Flush, delete(stored(BOOK, "9")), StepDraft::Commit];
    let lines = lines(&cascading(Cascades::default()), steps);
    assert_eq!(lines.last().unwrap(), "step 2: LookupError: There is no Book 9.");
    assert!(lines.contains(&"rollback".into()) && !lines.contains(&"commit".into()), "{lines:?}");
}

fn objects_stay_in_the_identity_map() {
    let steps = vec![load(stored(AUTHOR, "1"), left(BOOKS)), load(stored(BOOK, "1"), right(BOOKS))];
    let lines = lines(&cascading(Cascades::default()), steps);
    let selects = lines.iter().filter(|line| line.starts_with("SELECT")).count();
    assert_eq!(selects, 2, "the book and its author are known: {lines:?}");
}

fn nothing_is_read_for_the_old_key() {
    let sketch = Sketch::of(Sample::CountryCity);
    let (schema, _) = sketch.compile();
    let country = schema.models().next().unwrap().id;
    let city = schema.models().nth(1).unwrap().id;
    let end = schema.ends_of(city).next().unwrap().id;
    let lines = lines(&sketch, vec![link(stored(city, "3"), end, stored(country, "2")), StepDraft::Commit]);
    let selects: Vec<&String> = lines.iter().filter(|line| line.starts_with("SELECT")).collect();
    assert!(selects.iter().all(|line| line.contains("by its key")), "{lines:?}");
}

fn rows_that_give_values_back_come_one_by_one() {
    let mut sketch = Sketch::new();
    let code = sketch.keyed("Code", &[("code", Text)], &[("title", Text)]);
    sketch.field_mut(code, "title").default = Some("untitled".into());
    let key = sketch.field(code, "code");
    let made = |name: &str| StepDraft::New {
        name: name.into(),
        model: Some(code),
        values: [(key, name.to_owned())].into(),
        add: true,
    };
    let lines = lines(&sketch, vec![made("a"), made("b"), StepDraft::Commit]);
    let inserts = lines.iter().filter(|line| line.starts_with("INSERT")).count();
    let again = lines.iter().filter(|line| line.starts_with("again")).count();
    assert_eq!((inserts, again), (2, 0), "{lines:?}");
}

#[test]
fn every_difference_of_the_session_is_as_the_table_says() {
    let held: [(&str, fn()); 9] = [
        ("post-update of an object that is not in the session", post_update_of_an_object_outside),
        (
            "an object that changed and was taken from the identity map before the flush",
            an_object_taken_from_the_identity_map,
        ),
        ("a new object that a deletion takes along", a_new_object_that_a_deletion_takes_along),
        ("orders that hang on the addresses of objects", the_same_each_time),
        ("changing a primary key", a_key_stays),
        ("after an error", a_script_stops_at_an_error),
        ("a link set over a key to a unique column", nothing_is_read_for_the_old_key),
        (
            "new rows that bring their keys and take other values from the database",
            rows_that_give_values_back_come_one_by_one,
        ),
        ("an object that nothing refers to", objects_stay_in_the_identity_map),
    ];
    assert_eq!(rows("Session"), held.map(|(what, _)| what.to_owned()), "a test for each row of the table");
    held.iter().for_each(|(_, hold)| hold());
}
