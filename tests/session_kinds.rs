//! Scripts on objects of several kinds: rows in one table, or in a table for each kind. Compared with SQLAlchemy on random
//! scripts in `tests/oracle_session.rs`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use relata::project::Sample;
use relata::schema::{Cascades, FieldId, KindTables, ModelId, RelationshipId};
use relata::session::{ScriptDraft, StepDraft, check};

mod session_lines;
mod support;
use session_lines::{check_lines, delete, link, load, named, new, stored};
use support::{Sketch, left, right};

const AUTHOR: ModelId = ModelId(1);
const PUBLICATION: ModelId = ModelId(4);
const TITLE: FieldId = FieldId(6);
const BOOK: ModelId = ModelId(8);
const ISBN: FieldId = FieldId(9);
const ARTICLE: ModelId = ModelId(10);
const PUBLISHER: ModelId = ModelId(12);
const WROTE: RelationshipId = RelationshipId(15);
const PUBLISHED: RelationshipId = RelationshipId(16);

fn sketch(tables: KindTables) -> Sketch {
    let mut sketch = Sketch::of(Sample::Publications);
    sketch.model_mut(PUBLICATION).kind.tables = tables;
    sketch
}

fn book(name: &str) -> StepDraft {
    let values = BTreeMap::from([(TITLE, name.to_owned()), (ISBN, format!("isbn {name}"))]);
    StepDraft::New { name: name.into(), model: Some(BOOK), values, add: true }
}

fn set(key: &str, field: FieldId, value: &str) -> StepDraft {
    StepDraft::Set { object: stored(BOOK, key), field: Some(field), value: Some(value.into()) }
}

#[test]
fn a_new_object_gets_its_rows_from_the_first_table_on() {
    let steps = || {
        vec![
            book("first"),
            book("second"),
            new("loose", PUBLICATION),
            link(stored(PUBLISHER, "1"), left(PUBLISHED), named("first")),
            StepDraft::Commit,
        ]
    };
    check_lines(
        &sketch(KindTables::Each),
        steps(),
        "(autoflush) INSERT INTO publications (title, year, type) VALUES (?, ?, ?) RETURNING id [first, NULL, book] new object
         (autoflush) INSERT INTO publications (title, year, type) VALUES (?, ?, ?) RETURNING id [second, NULL, book] new object
         (autoflush) INSERT INTO publications (title, year, type) VALUES (?, ?, ?) RETURNING id [NULL, NULL, publication] new object
         (autoflush) INSERT INTO books (id, isbn, publisher_id) VALUES (?, ?, ?) [6, isbn first, NULL] new object
         again [7, isbn second, NULL] new object
         SELECT FROM publishers WHERE publishers.id = ? [1] find Publisher by its key
         SELECT FROM publications JOIN books ON publications.id = books.id WHERE ? = books.publisher_id [1] load Publisher.books
         UPDATE books SET publisher_id = ? WHERE books.id = ? [1, 6] linked by Book.publisher
         commit",
    );
    check_lines(
        &sketch(KindTables::One),
        steps(),
        "(autoflush) INSERT INTO publications (title, year, type, isbn, publisher_id) VALUES (?, ?, ?, ?, ?) RETURNING id [first, NULL, book, isbn first, NULL] new object
         (autoflush) INSERT INTO publications (title, year, type, isbn, publisher_id) VALUES (?, ?, ?, ?, ?) RETURNING id [second, NULL, book, isbn second, NULL] new object
         (autoflush) INSERT INTO publications (title, year, type) VALUES (?, ?, ?) [NULL, NULL, publication] new object
         SELECT FROM publishers WHERE publishers.id = ? [1] find Publisher by its key
         SELECT FROM publications WHERE ? = publications.publisher_id AND publications.type IN (?) [1, book] load Publisher.books
         UPDATE publications SET publisher_id = ? WHERE publications.id = ? [1, 6] linked by Book.publisher
         commit",
    );
}

#[test]
fn only_the_tables_are_written_in_which_something_changed() {
    check_lines(
        &sketch(KindTables::Each),
        vec![set("2", TITLE, "changed"), StepDraft::Flush, set("2", ISBN, "new"), StepDraft::Commit],
        "SELECT FROM publications JOIN books ON publications.id = books.id WHERE publications.id = ? [2] find Book by its key
         UPDATE publications SET title = ? WHERE publications.id = ? [changed, 2] changed
         UPDATE books SET isbn = ? WHERE books.id = ? [new, 2] changed
         commit",
    );
}

#[test]
fn a_deletion_takes_the_rows_in_reverse() {
    let sketch = sketch(KindTables::Each);
    check_lines(
        &sketch,
        vec![delete(stored(BOOK, "2")), delete(stored(ARTICLE, "4")), StepDraft::Commit],
        "SELECT FROM publications JOIN books ON publications.id = books.id WHERE publications.id = ? [2] find Book by its key
         (autoflush) SELECT FROM authors, authors_publications WHERE authors.id = authors_publications.author_id AND ? = authors_publications.publication_id [2] load Publication.authors
         (autoflush) DELETE FROM authors_publications WHERE authors_publications.author_id = ? AND authors_publications.publication_id = ? [1, 2] unlinked from Publication.authors
         (autoflush) DELETE FROM books WHERE books.id = ? [2] deleted
         (autoflush) DELETE FROM publications WHERE publications.id = ? [2] deleted
         SELECT FROM publications JOIN articles ON publications.id = articles.id WHERE publications.id = ? [4] find Article by its key
         SELECT FROM authors, authors_publications WHERE authors.id = authors_publications.author_id AND ? = authors_publications.publication_id [4] load Publication.authors
         DELETE FROM authors_publications WHERE authors_publications.author_id = ? AND authors_publications.publication_id = ? [1, 4] unlinked from Publication.authors
         DELETE FROM articles WHERE articles.id = ? [4] deleted
         DELETE FROM publications WHERE publications.id = ? [4] deleted
         commit",
    );
}

#[test]
fn what_a_property_to_the_base_leads_to_is_of_the_kind_that_its_row_says() {
    let mut sketch = sketch(KindTables::Each);
    sketch.link_mut(WROTE).left.cascades = Cascades { delete: true, ..Cascades::default() };
    check_lines(
        &sketch,
        vec![load(stored(AUTHOR, "1"), left(WROTE)), delete(stored(AUTHOR, "1")), StepDraft::Commit],
        "SELECT FROM authors WHERE authors.id = ? [1] find Author by its key
         SELECT FROM publications LEFT OUTER JOIN books ON publications.id = books.id LEFT OUTER JOIN articles ON publications.id = articles.id, authors_publications WHERE publications.id = authors_publications.publication_id AND ? = authors_publications.author_id [1] load Author.publications
         SELECT FROM authors, authors_publications WHERE authors.id = authors_publications.author_id AND ? = authors_publications.publication_id [2] load Publication.authors
         SELECT FROM authors, authors_publications WHERE authors.id = authors_publications.author_id AND ? = authors_publications.publication_id [4] load Publication.authors
         DELETE FROM authors_publications WHERE authors_publications.author_id = ? AND authors_publications.publication_id = ? [1, 2] unlinked from Author.publications
         again [1, 4] unlinked from Author.publications
         DELETE FROM authors WHERE authors.id = ? [1] deleted
         DELETE FROM articles WHERE articles.id = ? [4] delete cascade of Author.publications
         DELETE FROM books WHERE books.id = ? [2] delete cascade of Author.publications
         DELETE FROM publications WHERE publications.id = ? [2] delete cascade of Author.publications
         again [4] delete cascade of Author.publications
         commit",
    );
}

#[test]
fn an_object_of_another_kind_is_not_found() {
    check_lines(
        &sketch(KindTables::Each),
        vec![delete(stored(BOOK, "4"))],
        "SELECT FROM publications JOIN books ON publications.id = books.id WHERE publications.id = ? [4] find Book by its key
         rollback
         step 0: LookupError: There is no Book 4.",
    );
    check_lines(
        &sketch(KindTables::One),
        vec![delete(stored(BOOK, "4"))],
        "SELECT FROM publications WHERE publications.id = ? AND publications.type IN (?) [4, book] find Book by its key
         rollback
         step 0: LookupError: There is no Book 4.",
    );
}

#[test]
fn a_kind_has_the_properties_of_what_it_is_a_kind_of_and_not_those_of_others() {
    let (schema, relational) = sketch(KindTables::Each).compile();
    let told = |step: StepDraft| {
        let report = check(&ScriptDraft { steps: vec![step] }, &schema, &relational);
        report.diagnostics.iter().map(|found| found.message.clone()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(told(link(stored(BOOK, "2"), right(WROTE), stored(AUTHOR, "2"))), "");
    assert_eq!(told(link(stored(AUTHOR, "2"), left(WROTE), stored(BOOK, "2"))), "");
    let other = told(link(stored(ARTICLE, "4"), right(PUBLISHED), stored(PUBLISHER, "1")));
    assert_eq!(other, "No property of Article is chosen here.");
    let other = told(link(stored(PUBLISHER, "1"), left(PUBLISHED), stored(ARTICLE, "4")));
    assert_eq!(other, "This property leads to Book, not to Article.");
}
