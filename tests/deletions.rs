//! Rows to delete in, consequences out: what SQLite would do, told in the terms of the document, and all of it taken back.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::project::RowId;
use relata::protocol::Consequences;
use relata::schema::FieldType::{Integer, Text};
use relata::schema::{ModelId, OnDelete, RelationshipId};
use relata::value::Value;

mod support;
use support::{Sketch, answer, dump};

/// What deleting the rows does, as one line; rows that the database refuses may be in the sketch. Nothing may have
/// changed afterwards, so that the same question has the same answer.
fn check(sketch: &Sketch, model: ModelId, rows: &[RowId], expected: &str) {
    let (mut database, _) = sketch.try_open();
    let before = dump(&mut database);
    for _ in 0..2 {
        let consequences = database.foresee(model, rows).unwrap();
        assert_eq!(words(consequences), expected);
        assert_eq!(dump(&mut database), before, "the database is as it was");
    }
}

fn words(consequences: Consequences) -> String {
    match consequences {
        Consequences::Blocked { message, sqlite, by } => {
            let by: Vec<String> = by.iter().map(RowId::to_string).collect();
            format!("blocked by [{}]: {message} {sqlite}", by.join(" "))
        }
        Consequences::Allowed(mut changes) => {
            changes.deleted.sort();
            changes.unlinked.sort();
            let deleted: Vec<String> = changes.deleted.iter().map(RowId::to_string).collect();
            let unlinked: Vec<String> =
                changes.unlinked.iter().map(|(link, row)| format!("{link} of {row}")).collect();
            let dangling: Vec<String> =
                changes.dangling.iter().map(|(link, row)| format!("{link} of {row}")).collect();
            let dangling = match dangling.as_slice() {
                [] => String::new(),
                some => format!(", leaves [{}] pointing nowhere", some.join(" ")),
            };
            format!(
                "deletes [{}], clears [{}], {} pairs{dangling}",
                deleted.join(" "),
                unlinked.join(" "),
                changes.pairs
            )
        }
    }
}

/// Author m1 has many Books m3 by r5. Author w1 has the books w3 and w4, w2 has none.
fn authors(on_delete: OnDelete) -> (Sketch, [RowId; 4]) {
    let mut sketch = Sketch::new();
    let (author, book) = (sketch.model("Author", &[]), sketch.model("Book", &[]));
    let books = sketch.one_to_many(author, book);
    sketch.link_mut(books).on_delete = on_delete;
    let rows = [("10", author), ("20", author), ("30", book), ("40", book)]
        .map(|(key, model)| sketch.row(model, &[key]));
    sketch.link(books, rows[0], rows[2]);
    sketch.link(books, rows[0], rows[3]);
    (sketch, rows)
}

const REFUSED: &str = "still point here, and ON DELETE says to refuse. FOREIGN KEY constraint failed";

#[test]
fn each_on_delete_of_a_foreign_key() {
    let refused = format!("blocked by [w3 w4]: It cannot be deleted: 2 rows of books {REFUSED}");
    let cases = [
        (OnDelete::NoAction, refused.as_str()),
        (OnDelete::Restrict, &refused),
        (OnDelete::SetNull, "deletes [w1], clears [r5 of w3 r5 of w4], 0 pairs"),
        (OnDelete::SetDefault, "deletes [w1], clears [r5 of w3 r5 of w4], 0 pairs"),
        (OnDelete::Cascade, "deletes [w1 w3 w4], clears [], 0 pairs"),
    ];
    for (on_delete, expected) in cases {
        let (sketch, rows) = authors(on_delete);
        check(&sketch, ModelId(1), &rows[..1], expected);
        check(&sketch, ModelId(1), &rows[1..2], "deletes [w2], clears [], 0 pairs");
        check(&sketch, ModelId(3), &rows[2..], "deletes [w3 w4], clears [], 0 pairs");
        check(&sketch, ModelId(1), &[], "deletes [], clears [], 0 pairs");
    }
}

#[test]
fn one_row_is_one_row() {
    let (sketch, rows) = authors(OnDelete::NoAction);
    let (mut sketch, [author, _, book, _]) = (sketch, rows);
    sketch.project.data.unlink(RelationshipId(5), |pair| pair.right == book);
    let message = "It cannot be deleted: 1 row of books still points here, and ON DELETE says to refuse.";
    check(
        &sketch,
        ModelId(1),
        &[author],
        &format!("blocked by [w4]: {message} FOREIGN KEY constraint failed"),
    );
}

#[test]
fn join_rows() {
    for (on_delete, expected) in [
        (OnDelete::Cascade, "deletes [w1], clears [], 2 pairs".to_owned()),
        (
            OnDelete::NoAction,
            format!("blocked by []: It cannot be deleted: 2 rows of courses_students {REFUSED}"),
        ),
    ] {
        let mut sketch = Sketch::new();
        let (student, course) = (sketch.model("Student", &[]), sketch.model("Course", &[]));
        let taken = sketch.many_to_many(student, course);
        sketch.link_mut(taken).on_delete = on_delete;
        let ada = sketch.row(student, &["1"]);
        for key in ["1", "2"] {
            let row = sketch.row(course, &[key]);
            sketch.link(taken, ada, row);
        }
        check(&sketch, student, &[ada], &expected);
    }
}

/// Country ─< Author ─< Book: the countries w1 and w2; author w3 of w1 with the book w4.
fn chain(authors_on: OnDelete, books_on: OnDelete) -> (Sketch, ModelId, RowId) {
    let mut sketch = Sketch::new();
    let (country, author) = (sketch.model("Country", &[]), sketch.model("Author", &[]));
    let book = sketch.model("Book", &[]);
    let (authors, books) = (sketch.one_to_many(country, author), sketch.one_to_many(author, book));
    sketch.link_mut(authors).on_delete = authors_on;
    sketch.link_mut(books).on_delete = books_on;
    let rows = [country, country, author, book].map(|model| sketch.row(model, &[""]));
    sketch.link(authors, rows[0], rows[2]);
    sketch.link(books, rows[2], rows[3]);
    (sketch, country, rows[0])
}

#[test]
fn cascades_go_on_until_something_stops_them() {
    let (sketch, country, row) = chain(OnDelete::Cascade, OnDelete::Cascade);
    check(&sketch, country, &[row], "deletes [w1 w3 w4], clears [], 0 pairs");
    let (sketch, country, row) = chain(OnDelete::Cascade, OnDelete::SetNull);
    check(&sketch, country, &[row], "deletes [w1 w3], clears [r8 of w4], 0 pairs");
    let (sketch, country, row) = chain(OnDelete::SetNull, OnDelete::NoAction);
    check(&sketch, country, &[row], "deletes [w1], clears [r7 of w3], 0 pairs");
    for on_delete in [OnDelete::NoAction, OnDelete::Restrict] {
        let (sketch, country, row) = chain(OnDelete::Cascade, on_delete);
        let message = "It cannot be deleted: 1 row of books still points here, and ON DELETE says to refuse.";
        let expected = format!("blocked by [w4]: {message} FOREIGN KEY constraint failed");
        check(&sketch, country, &[row], &expected);
    }
}

/// w1 is the parent of w2, w2 of w3.
fn tree(on_delete: OnDelete) -> (Sketch, ModelId, [RowId; 3]) {
    let mut sketch = Sketch::new();
    let node = sketch.model("Node", &[]);
    let tree = sketch.one_to_many(node, node);
    sketch.link_mut(tree).on_delete = on_delete;
    let rows = ["1", "2", "3"].map(|key| sketch.row(node, &[key]));
    sketch.link(tree, rows[0], rows[1]);
    sketch.link(tree, rows[1], rows[2]);
    (sketch, node, rows)
}

#[test]
fn rows_that_point_to_rows_of_their_own_table() {
    let (sketch, node, rows) = tree(OnDelete::Cascade);
    check(&sketch, node, &rows[..1], "deletes [w1 w2 w3], clears [], 0 pairs");
    let (sketch, node, rows) = tree(OnDelete::SetNull);
    check(&sketch, node, &rows[..1], "deletes [w1], clears [r3 of w2], 0 pairs");
    // A row that is cleared and then deleted itself is simply gone.
    check(&sketch, node, &rows[..2], "deletes [w1 w2], clears [r3 of w3], 0 pairs");
    let (sketch, node, rows) = tree(OnDelete::NoAction);
    check(&sketch, node, &rows, "deletes [w1 w2 w3], clears [], 0 pairs");
    let one = |by| format!("blocked by [{by}]: It cannot be deleted: 1 row of nodes still points here");
    let end = "and ON DELETE says to refuse. FOREIGN KEY constraint failed";
    check(&sketch, node, &rows[..2], &format!("{}, {end}", one("w3")));
    // RESTRICT refuses at once, even what would be gone at the end of the statement.
    let (sketch, node, rows) = tree(OnDelete::Restrict);
    check(&sketch, node, &rows[1..], &format!("{}, {end}", one("w3")));
}

/// Only what was linked before is told as cleared, and each link once.
#[test]
fn a_row_with_two_keys() {
    let (mut sketch, [author, other, first, second]) = authors(OnDelete::SetNull);
    let edits = sketch.one_to_many(ModelId(1), ModelId(3));
    sketch.name_ends(edits, "edited", "editor");
    sketch.link_mut(edits).on_delete = OnDelete::SetNull;
    check(&sketch, ModelId(1), &[author], "deletes [w1], clears [r5 of w3 r5 of w4], 0 pairs");
    sketch.link(edits, author, first);
    sketch.link(edits, other, second);
    check(&sketch, ModelId(1), &[author], "deletes [w1], clears [r5 of w3 r5 of w4 r6 of w3], 0 pairs");
}

/// One way clears a row's key, another deletes the row: it is simply gone, whichever comes first.
#[test]
fn a_row_that_is_cleared_and_deleted() {
    for swapped in [false, true] {
        let mut sketch = Sketch::new();
        let (author, series) = (sketch.model("Author", &[]), sketch.model("Series", &[]));
        let book = sketch.model("Book", &[]);
        let mut books = None;
        if swapped {
            books = Some(sketch.one_to_many(author, book));
        }
        let (all_series, parts) = (sketch.one_to_many(author, series), sketch.one_to_many(series, book));
        let books = books.unwrap_or_else(|| sketch.one_to_many(author, book));
        sketch.link_mut(books).on_delete = OnDelete::SetNull;
        sketch.link_mut(all_series).on_delete = OnDelete::Cascade;
        sketch.link_mut(parts).on_delete = OnDelete::Cascade;
        let [one, two, three] = [author, series, book].map(|model| sketch.row(model, &[""]));
        sketch.link(all_series, one, two);
        sketch.link(parts, two, three);
        sketch.link(books, one, three);
        check(&sketch, author, &[one], "deletes [w1 w2 w3], clears [], 0 pairs");
    }
}

/// A required key has no default to be reset to: the deletion fails, and the rows to blame are named.
#[test]
fn a_required_key_that_would_be_reset() {
    let (mut sketch, rows) = authors(OnDelete::SetDefault);
    sketch.link_mut(RelationshipId(5)).required = true;
    let message = "It cannot be deleted: 2 rows of books need it, and their key cannot be cleared.";
    let sqlite = "NOT NULL constraint failed: books.author_id";
    check(&sketch, ModelId(1), &rows[..1], &format!("blocked by [w3 w4]: {message} {sqlite}"));
}

/// A row that SQLite never took can go, too.
#[test]
fn rows_that_are_not_in_the_database() {
    let (mut sketch, [author, ..]) = authors(OnDelete::Cascade);
    let wrong = sketch.row(ModelId(1), &["ten"]);
    check(&sketch, ModelId(1), &[wrong], "deletes [w5], clears [], 0 pairs");
    check(&sketch, ModelId(1), &[author, wrong], "deletes [w1 w3 w4 w5], clears [], 0 pairs");
}

/// Tables whose key is no row id, and columns that take the row id's names.
#[test]
fn keys_of_all_kinds_and_columns_called_rowid() {
    let mut sketch = Sketch::new();
    let taken = [("rowid", Text), ("_rowid_", Text)];
    let room = sketch.keyed("Room", &[("building", Text), ("number", Integer)], &taken);
    let desk = sketch.keyed("Desk", &[("name", Text)], &taken);
    let desks = sketch.one_to_many(room, desk);
    sketch.link_mut(desks).on_delete = OnDelete::Cascade;
    let first = sketch.row(room, &["B", "2", "2", "2"]);
    let second = sketch.row(room, &["A", "1", "1", "1"]);
    let desk_of_first = sketch.row(desk, &["x", "2", "2"]);
    let desk_of_second = sketch.row(desk, &["y", "1", "1"]);
    sketch.link(desks, first, desk_of_first);
    sketch.link(desks, second, desk_of_second);
    check(&sketch, room, &[first], "deletes [w1 w3], clears [], 0 pairs");
    check(&sketch, room, &[second], "deletes [w2 w4], clears [], 0 pairs");
}

/// The database itself refuses, not only the forecast.
#[test]
fn foreign_keys_are_on() {
    let (sketch, _) = authors(OnDelete::NoAction);
    let mut database = sketch.open();
    let refused = |result: Result<_, relata::engine::SqlError>| result.unwrap_err().to_string();
    let constraint = "FOREIGN KEY constraint failed";
    assert_eq!(refused(answer(&mut database, "INSERT INTO books VALUES (1, 99)")), constraint);
    assert_eq!(refused(answer(&mut database, "DELETE FROM authors WHERE id = 10")), constraint);
    assert_eq!(answer(&mut database, "SELECT count(*) FROM authors").unwrap(), [[Value::Integer(2)]]);
}

/// Comment m3 points to Post m1 or Photo m2 by one key, which nothing guards. Comment w3 is on the post, w4 on the photo,
/// whose keys are the same.
#[test]
fn keys_that_may_point_to_several_tables_are_left_pointing_nowhere() {
    let mut sketch = Sketch::new();
    let [post, photo, comment] = ["Post", "Photo", "Comment"].map(|name| sketch.model(name, &[]));
    let links = [post, photo].map(|target| sketch.one_to_many(target, comment));
    links.iter().for_each(|link| sketch.link_mut(*link).polymorphic = Some("commentable".into()));
    let (on_post, on_photo) = (sketch.row(post, &["1"]), sketch.row(photo, &["1"]));
    let rows = [sketch.row(comment, &["1"]), sketch.row(comment, &["2"])];
    sketch.link(links[0], on_post, rows[0]);
    sketch.link(links[1], on_photo, rows[1]);
    let expected = format!("deletes [w1], clears [], 0 pairs, leaves [{} of w3] pointing nowhere", links[0]);
    check(&sketch, post, &[on_post], &expected);
    check(&sketch, comment, &rows, "deletes [w3 w4], clears [], 0 pairs");
}
