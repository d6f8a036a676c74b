//! Joined inheritance: the tables, the statements, what SQLite refuses of a row in several tables, and what a deletion
//! of it does.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::mapping::{explain, explain_kinds};
use relata::project::{CellPlace, RowId, Sample};
use relata::protocol::{Consequences, Limits};
use relata::query::{FilterDraft, IncludeDraft, QueryDraft, RelatedDraft, RelatedTest, Strategy, Test};
use relata::schema::{FieldId, KindTables, ModelId, OnDelete, RelationshipId};
use relata::value::Value;

mod support;
use support::{Sketch, all, answer, by, diagnose, left, right, test};

const AUTHOR: ModelId = ModelId(1);
const PUBLICATION: ModelId = ModelId(4);
const TITLE: FieldId = FieldId(6);
const BOOK: ModelId = ModelId(8);
const ISBN: FieldId = FieldId(9);
const ARTICLE: ModelId = ModelId(10);
const PUBLISHER: ModelId = ModelId(12);
const WROTE: RelationshipId = RelationshipId(15);
const PUBLISHED: RelationshipId = RelationshipId(16);

fn sketch() -> Sketch {
    Sketch::of(Sample::Publications)
}

/// The objects of a query, each with its model and key, sorted; and the statements.
fn ask(sketch: &Sketch, draft: &QueryDraft) -> (String, Vec<String>) {
    let (mut database, _) = sketch.try_open();
    let execution = database.run(&sketch.plan(draft), Limits::default());
    assert_eq!(execution.failure, None);
    let name = |id: ModelId| sketch.project.draft.model(id).unwrap().name.clone();
    let objects = &execution.graph.objects;
    let mut objects: Vec<String> =
        objects.iter().map(|object| format!("{} {}", name(object.model), object.key[0])).collect();
    objects.sort();
    let statements =
        execution.trace.sent().map(|(_, sent)| sent.statement.text.replace("\n  ", " ").replace('\n', " "));
    (objects.join(", "), statements.collect())
}

fn from(statement: &str) -> &str {
    &statement[statement.find(" FROM ").unwrap() + 1..]
}

#[test]
fn a_query_for_the_base_joins_the_tables_of_all_kinds() {
    let (objects, statements) = ask(&sketch(), &all(PUBLICATION, vec![]));
    assert_eq!(objects, "Article 4, Article 5, Book 2, Book 3, Publication 1");
    assert_eq!(
        statements,
        ["SELECT publications.id, publications.title, publications.year, publications.type, books.isbn, \
          books.publisher_id, articles.pages FROM publications LEFT OUTER JOIN books ON publications.id = books.id \
          LEFT OUTER JOIN articles ON publications.id = articles.id"]
    );
}

#[test]
fn a_query_for_a_kind_joins_its_table_to_that_of_the_base() {
    let query = QueryDraft {
        filters: vec![test(TITLE, Test::Like, "%a%"), test(ISBN, Test::NotEqual, "")],
        order: vec![by(ISBN, true)],
        ..all(BOOK, vec![])
    };
    let (objects, statements) = ask(&sketch(), &query);
    assert_eq!(objects, "Book 2, Book 3");
    assert_eq!(
        from(&statements[0]),
        "FROM publications JOIN books ON publications.id = books.id \
         WHERE publications.title LIKE ? AND books.isbn <> ? ORDER BY books.isbn DESC"
    );
}

#[test]
fn every_strategy_brings_each_object_as_what_it_is() {
    for strategy in Strategy::loading() {
        let publisher = IncludeDraft::new(left(PUBLISHED), strategy, vec![]);
        assert_eq!(
            ask(&sketch(), &all(PUBLISHER, vec![publisher])).0,
            "Book 2, Book 3, Publisher 1",
            "{strategy:?}"
        );
        let back = IncludeDraft::new(right(WROTE), strategy, vec![]);
        let wrote = IncludeDraft::new(left(WROTE), strategy, vec![back]);
        assert_eq!(
            ask(&sketch(), &all(AUTHOR, vec![wrote])).0,
            "Article 4, Article 5, Author 1, Author 2, Author 3, Book 2, Book 3, Publication 1",
            "{strategy:?}"
        );
    }
}

#[test]
fn aliases_of_all_its_tables_have_one_number() {
    let wrote = IncludeDraft::new(left(WROTE), Strategy::Joined, vec![]);
    let (_, statements) = ask(&sketch(), &all(AUTHOR, vec![wrote]));
    assert_eq!(
        from(&statements[0]).replace("  ", ""),
        "FROM authors LEFT OUTER JOIN ( authors_publications AS authors_publications_1 JOIN ( publications AS \
         publications_1 LEFT OUTER JOIN books AS books_1 ON publications_1.id = books_1.id LEFT OUTER JOIN articles AS \
         articles_1 ON publications_1.id = articles_1.id ) ON publications_1.id = authors_publications_1.publication_id \
         ) ON authors.id = authors_publications_1.author_id"
    );
}

#[test]
fn a_condition_reads_only_the_tables_that_every_such_object_is_in() {
    let related = |end| RelatedDraft {
        end: Some(end),
        test: RelatedTest::Some,
        filters: vec![test(TITLE, Test::Like, "R%")],
        ..RelatedDraft::default()
    };
    let query =
        |root, end| QueryDraft { filters: vec![FilterDraft::Related(related(end))], ..all(root, vec![]) };
    let (objects, statements) = ask(&sketch(), &query(AUTHOR, left(WROTE)));
    assert_eq!(objects, "");
    assert!(!statements[0].contains("books") && !statements[0].contains("articles"), "{statements:?}");
    let (_, statements) = ask(&sketch(), &query(PUBLISHER, left(PUBLISHED)));
    assert!(statements[0].contains("FROM publications JOIN books ON"), "{statements:?}");
}

#[test]
fn a_limit_counts_before_a_collection_is_joined_even_if_two_tables_have_a_column_of_one_name() {
    let mut sketch = sketch();
    sketch.field_mut(ARTICLE, "pages").column = "title".into();
    let back = IncludeDraft::new(right(WROTE), Strategy::Joined, vec![]);
    let query =
        QueryDraft { order: vec![by(TITLE, false)], limit: "2".into(), ..all(PUBLICATION, vec![back]) };
    let (objects, statements) = ask(&sketch, &query);
    assert_eq!(objects, "Article 4, Author 1, Author 2, Book 3");
    assert!(statements[0].contains("articles.title AS articles_title"), "{statements:?}");
    assert!(statements[0].contains("ORDER BY anon_1.title"), "{statements:?}");
}

#[test]
fn a_row_stands_in_the_table_of_its_kind_and_in_those_above() {
    let mut database = sketch().open();
    let mut rows = |sql: &str| {
        let rows = answer(&mut database, sql).unwrap();
        let line = |row: &Vec<Value>| row.iter().map(Value::to_string).collect::<Vec<_>>().join(" ");
        rows.iter().map(line).collect::<Vec<_>>()
    };
    let kinds = rows("SELECT id, type FROM publications ORDER BY id");
    assert_eq!(kinds, ["1 publication", "2 book", "3 book", "4 article", "5 article"]);
    assert_eq!(rows("SELECT id, publisher_id FROM books ORDER BY id"), ["2 1", "3 1"]);
    assert_eq!(rows("SELECT * FROM articles ORDER BY id"), ["4 11", "5 7"]);
}

#[test]
fn a_row_that_one_table_refuses_stands_in_none() {
    let mut sketch = sketch();
    let isbn_missing = sketch.row(BOOK, &["6", "No number", "2000", ""]);
    let key_taken = sketch.row(ARTICLE, &["2", "Somebody's key", "2000", "1"]);
    let isbn_taken = sketch.row(BOOK, &["7", "Somebody's number", "2000", "0-201-14192-2"]);
    let author = sketch.project.data.rows_of(AUTHOR)[2].id;
    sketch.link(WROTE, author, isbn_missing);
    let (mut database, refusals) = sketch.try_open();
    let told: Vec<String> = refusals.iter().map(|refusal| refusal.sqlite.clone()).collect();
    assert_eq!(
        told,
        [
            "UNIQUE constraint failed: publications.id",
            "NOT NULL constraint failed: books.isbn",
            "UNIQUE constraint failed: books.isbn",
            "FOREIGN KEY constraint failed"
        ]
    );
    assert_eq!(refusals[1].cell, Some(CellPlace::Field(ISBN)));
    assert_ne!(key_taken, isbn_taken);
    let rows = answer(&mut database, "SELECT id FROM publications ORDER BY id").unwrap();
    assert_eq!(rows, (1..6).map(|key| vec![Value::Integer(key)]).collect::<Vec<_>>());
    assert!(answer(&mut database, "PRAGMA foreign_key_check").unwrap().is_empty());
}

#[test]
fn keys_of_all_kinds_are_counted_up_together() {
    let mut sketch = sketch();
    sketch.row(ARTICLE, &["", "New", "", ""]);
    sketch.row(PUBLICATION, &["", "Newer", ""]);
    let (objects, _) = ask(&sketch, &all(PUBLICATION, vec![]));
    assert_eq!(objects, "Article 4, Article 5, Article 7, Book 2, Book 3, Publication 1, Publication 6");
}

fn foreseen(sketch: &Sketch, model: ModelId, rows: &[RowId]) -> String {
    let mut database = sketch.open();
    match database.foresee(model, rows).unwrap() {
        Consequences::Allowed(changes) => format!("{} rows, {} pairs", changes.deleted.len(), changes.pairs),
        Consequences::Blocked { message, by, .. } => format!("{message} {}", by.len()),
    }
}

#[test]
fn deleting_an_object_deletes_its_rows_in_all_tables() {
    let mut sketch = sketch();
    let book = sketch.project.data.rows_of(BOOK)[0].id;
    let refused = "It cannot be deleted: 1 row of authors_publications still points here, and ON DELETE says to refuse. 0";
    assert_eq!(foreseen(&sketch, BOOK, &[book]), refused);
    sketch.link_mut(WROTE).on_delete = OnDelete::Cascade;
    assert_eq!(foreseen(&sketch, BOOK, &[book]), "1 rows, 1 pairs");
}

#[test]
fn the_database_deletes_no_row_that_goes_on_in_another_table() {
    let mut sketch = sketch();
    sketch.link_mut(WROTE).on_delete = OnDelete::Cascade;
    let series = sketch.model("Series", &[]);
    let parts = sketch.one_to_many(series, PUBLICATION);
    sketch.link_mut(parts).on_delete = OnDelete::Cascade;
    let row = sketch.row(series, &["1"]);
    let (talk, book) =
        (sketch.project.data.rows_of(PUBLICATION)[0].id, sketch.project.data.rows_of(BOOK)[0].id);
    sketch.link(parts, row, talk);
    assert_eq!(foreseen(&sketch, series, &[row]), "2 rows, 1 pairs");
    sketch.link(parts, row, book);
    let refused = "It cannot be deleted: 1 row of books still points here, and ON DELETE says to refuse. 1";
    assert_eq!(foreseen(&sketch, series, &[row]), refused);
}

#[test]
fn a_key_to_a_kind_points_to_its_own_table() {
    let mut sketch = sketch();
    let copy = sketch.model("Copy", &[]);
    let copies = sketch.one_to_many(BOOK, copy);
    let (schema, relational) = sketch.compile();
    let table = relational.table(relational.own_table_of(copy).unwrap());
    assert_eq!(relational.table(table.foreign_keys[0].target).name, "books");
    let words = explain(&schema, &relational, PUBLISHED).unwrap();
    assert!(words.starts_with("books.publisher_id points to publishers."), "{words}");
    let words = explain(&schema, &relational, copies).unwrap();
    assert!(words.starts_with("copies.book_id points to books."), "{words}");
}

#[test]
fn where_the_rows_stand_is_told() {
    let (schema, relational) = sketch().compile();
    assert_eq!(
        explain_kinds(&schema, &relational, PUBLICATION).unwrap(),
        "Each kind has a table of its own for what only it has, and its rows go on in publications, under the same key: \
         publications.type says which kind each is, “publication” for Publication. To read all kinds is to join all tables."
    );
    assert_eq!(
        explain_kinds(&schema, &relational, BOOK).unwrap(),
        "Each stands in publications and books, under the same key: books holds what only a Book has, and its key \
         points to the row before. publications.type says which kind each is, “book” for Book. To read them is to join \
         these tables."
    );
}

#[test]
fn what_a_table_of_its_own_allows_is_not_told_off() {
    assert_eq!(diagnose(&sketch()).1.join("\n"), "");
    let mut sketch = sketch();
    sketch.model_mut(BOOK).table = "tomes".into();
    sketch.link_mut(PUBLISHED).required = true;
    assert_eq!(diagnose(&sketch).1.join("\n"), "");
    let (_, relational) = sketch.compile();
    let books = relational.table(relational.own_table_of(BOOK).unwrap());
    assert_eq!(books.name, "tomes");
    assert!(books.columns.iter().all(|column| column.not_null));
    sketch.model_mut(PUBLICATION).kind.tables = KindTables::One;
    let told = diagnose(&sketch).1.join("\n");
    assert!(told.contains("m8 Table: This has no effect"), "{told}");
    assert!(told.contains("cannot be NOT NULL") && told.contains("The database cannot guard this"), "{told}");
}

#[test]
fn what_is_wrong_with_a_kind_of_its_own_table_is_told() {
    let said = |change: fn(&mut Sketch)| {
        let mut sketch = sketch();
        change(&mut sketch);
        diagnose(&sketch).1.join("\n")
    };
    assert_eq!(
        said(|sketch| sketch.field_mut(BOOK, "isbn").primary_key = true),
        "Error m8.f9 Name: Book has the key of Publication already: each row points to one there by it. Remove it."
    );
    assert_eq!(
        said(|sketch| sketch.model_mut(BOOK).kind.column = "sort".into()),
        "Warning m8 KindColumn: This has no effect: the table of Publication says which kind a row is. Clear it."
    );
    assert_eq!(
        said(|sketch| sketch.model_mut(BOOK).table = "articles".into()),
        "Error m8 Table: Two tables would be called “articles”. Give one of them another table name."
    );
    assert_eq!(
        said(|sketch| sketch.field_mut(BOOK, "isbn").column = "id".into()),
        "Error m8.f9 Column: Two fields want the column “id” of books. Give one of them another column name."
    );
    // In tables of their own, two kinds may have columns of one name.
    assert_eq!(said(|sketch| sketch.field_mut(BOOK, "isbn").name = "pages".into()), "");
}

#[test]
fn the_same_objects_come_back_whichever_tables_they_stand_in() {
    let mut sketch = sketch();
    let query = all(AUTHOR, vec![IncludeDraft::new(left(WROTE), Strategy::SelectIn, vec![])]);
    let each = ask(&sketch, &query).0;
    sketch.model_mut(PUBLICATION).kind.tables = KindTables::One;
    assert_eq!(ask(&sketch, &query).0, each);
}

/// Publisher ─< Publication and Publisher ─< Book both delete what points to the publisher: a book goes in both its tables.
#[test]
fn a_row_that_goes_in_two_tables_is_told_once() {
    let mut sketch = sketch();
    let kept = sketch.one_to_many(PUBLISHER, PUBLICATION);
    sketch.name_ends(kept, "kept", "keeper");
    for link in [kept, WROTE, PUBLISHED] {
        sketch.link_mut(link).on_delete = OnDelete::Cascade;
    }
    let publisher = sketch.project.data.rows_of(PUBLISHER)[0].id;
    for book in sketch.project.data.rows_of(BOOK).to_vec() {
        sketch.link(kept, publisher, book.id);
    }
    assert_eq!(foreseen(&sketch, PUBLISHER, &[publisher]), "3 rows, 2 pairs");
}

/// An Article is about an Author or a Book by a key that nothing guards, in its own table.
#[test]
fn a_key_to_one_table_or_another_is_looked_for_in_the_kinds_own_tables() {
    let mut sketch = sketch();
    let links = [AUTHOR, BOOK].map(|target| sketch.one_to_many(target, ARTICLE));
    links.iter().for_each(|link| sketch.link_mut(*link).polymorphic = Some("subject".into()));
    sketch.link_mut(WROTE).on_delete = OnDelete::Cascade;
    let [authors, books, articles] = [AUTHOR, BOOK, ARTICLE].map(|model| sketch.project.data.rows_of(model));
    let ([author, book], [first, second]) = ([authors[1].id, books[0].id], [articles[0].id, articles[1].id]);
    sketch.link(links[0], author, first);
    sketch.link(links[1], book, second);
    let mut database = sketch.open();
    let mut dangling = |model, row| match database.foresee(model, &[row]).unwrap() {
        Consequences::Allowed(changes) => changes.dangling,
        Consequences::Blocked { message, .. } => panic!("{message}"),
    };
    assert_eq!(dangling(AUTHOR, author), [(links[0], first)]);
    assert_eq!(dangling(BOOK, book), [(links[1], second)]);
    answer(&mut database, "DELETE FROM authors_publications").unwrap();
    answer(&mut database, "DELETE FROM books WHERE id = 2").unwrap();
    let rows = database.dangling_rows().unwrap();
    let keys: Vec<_> = rows.iter().map(|(link, row)| (*link, row.key.clone())).collect();
    assert_eq!(keys, [(links[1], vec![Value::Integer(5)])]);
}

#[test]
fn an_object_is_found_in_the_document() {
    let sketch = sketch();
    let database = sketch.open();
    for model in [PUBLICATION, BOOK, ARTICLE] {
        for row in sketch.project.data.rows_of(model) {
            let key = row.cells[&sketch.field(PUBLICATION, "id")].parse().unwrap();
            assert_eq!(database.document_row(model, &[Value::Integer(key)]), Some(row.id));
        }
    }
    assert_eq!(database.document_row(BOOK, &[Value::Integer(4)]), None);
}
