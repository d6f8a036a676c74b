//! SQL typed by hand in, rows and where they come from out: on a copy of the database, within limits, and an error
//! stands where it is in the text.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::engine::{Database, SqlError, SqlRun, SqlStop};
use relata::project::Sample;
use relata::protocol::{Changed, Doubt, Limits, SqlOrigin, SqlRan};
use relata::schema::Origin;

mod support;
use support::{Sketch, dump};

fn run(database: &Database, text: &str) -> SqlRun {
    database.run_sql(text, Limits::default()).unwrap()
}

/// The columns of the last statement: label, what it comes from, and at `@` the model whose key stands in the row.
fn columns(database: &Database, text: &str) -> (Vec<String>, Option<Doubt>) {
    let run = run(database, text);
    assert_eq!(run.failure, None, "{text}");
    let (ran, _) = run.statements.last().unwrap();
    (ran.columns.iter().map(|column| told(database, ran, column)).collect(), ran.doubt.clone())
}

fn told(database: &Database, ran: &SqlRan, column: &relata::protocol::SqlColumn) -> String {
    let from = match &column.origin {
        SqlOrigin::Computed => "computed".to_owned(),
        SqlOrigin::Foreign { table, column } => format!("{table}.{column}"),
        SqlOrigin::Column(table, at) => {
            match database.relational().table(*table).columns[*at as usize].origin() {
                Origin::Field(model, field) => format!("{model}.{field}"),
                Origin::Model(model) => model.to_string(),
                Origin::Relationship(link) => link.to_string(),
            }
        }
    };
    let node = column.node.map_or(String::new(), |node| format!(" @{}", ran.nodes[node as usize].model));
    format!("{} {from}{node}", column.label)
}

fn check(sample: Sample, text: &str, expected: &[&str], doubt: Option<Doubt>) {
    let database = Sketch::of(sample).open();
    let found = columns(&database, text);
    assert_eq!(found, (expected.iter().map(|line| (*line).to_owned()).collect(), doubt), "{text}");
}

#[test]
fn a_join_written_by_hand_knows_its_models_fields_and_objects() {
    let join = "SELECT a.id, a.name AS who, books.*, count(*) OVER () FROM authors a \
                LEFT JOIN \"books\" ON books.author_id = a.id";
    let expected = [
        "id m1.f4 @m1",
        "who m1.f5 @m1",
        "id m2.f6 @m2",
        "title m2.f7 @m2",
        "author_id r3 @m2",
        "count(*) OVER () computed",
    ];
    check(Sample::AuthorBook, join, &expected, None);
    check(Sample::AuthorBook, "SELECT name FROM authors", &["name m1.f5"], None);
    check(
        Sample::AuthorBook,
        "SELECT name || '!', 1 FROM authors",
        &["name || '!' computed", "1 computed"],
        None,
    );
    let nested = "SELECT x.name FROM (SELECT id, name FROM authors) AS x";
    check(Sample::AuthorBook, nested, &["name m1.f5"], None);
    check(Sample::Friends, "SELECT * FROM friendships", &["from_person_id r4", "to_person_id r4"], None);
}

#[test]
fn what_sqlite_does_not_say_is_not_claimed() {
    let twice = "SELECT c.id, p.name FROM categories c JOIN categories p ON p.id = c.parent_id";
    let database = Sketch::of(Sample::CategoryTree).open();
    let (found, doubt) = columns(&database, twice);
    assert!(found.iter().all(|column| !column.contains('@')), "{found:?}");
    assert_eq!(doubt, Some(Doubt::Repeated(database.relational().tables[0].id)));

    let union = "SELECT id, name FROM authors UNION SELECT id, title FROM books";
    check(Sample::AuthorBook, union, &["id computed", "name computed"], Some(Doubt::Compound));
    let view = "CREATE VIEW v AS SELECT id FROM authors; SELECT id FROM v";
    check(Sample::AuthorBook, view, &["id computed"], Some(Doubt::Views));
    let named = "WITH x AS (SELECT * FROM authors) SELECT a.id, b.name FROM x a JOIN x b";
    check(Sample::AuthorBook, named, &["id m1.f4", "name m1.f5"], Some(Doubt::Named));
    let shadow = "CREATE TEMP TABLE authors (id, name); SELECT id FROM authors";
    check(Sample::AuthorBook, shadow, &["id authors.id"], None);
    check(Sample::AuthorBook, "SELECT 1 UNION SELECT 2", &["1 computed"], None);
}

#[test]
fn statements_run_in_order_and_nothing_stays() {
    let mut database = Sketch::of(Sample::AuthorBook).open();
    let before = dump(&mut database);
    let text = "INSERT INTO authors (name) VALUES ('Sappho'), ('Basho'); SELECT count(*) FROM authors;\n\
                UPDATE books SET title = '' WHERE id > 99; DROP TABLE books; COMMIT";
    let run = run(&database, text);
    let told: Vec<(&str, u32, Option<Changed>)> = run
        .statements
        .iter()
        .map(|(ran, _)| (&text[ran.place.from as usize..ran.place.to as usize], ran.rows, ran.changed))
        .map(|(text, rows, changed)| (text.split(' ').next().unwrap(), rows, changed))
        .collect();
    let changed = |rows, others| Some(Changed { rows, others });
    let expected =
        [("INSERT", 0, changed(2, 0)), ("SELECT", 1, None), ("UPDATE", 0, changed(0, 0)), ("DROP", 0, None)];
    assert_eq!(told, expected);
    assert_eq!(run.statements[1].1[0][0].to_string(), "7");
    let SqlStop { error, place, exact } = run.failure.unwrap();
    assert!(!exact);
    assert_eq!(error, SqlError::Sqlite("cannot commit - no transaction is active".into()));
    assert_eq!(&text[place.from as usize..], "COMMIT");
    assert_eq!(dump(&mut database), before, "the document's own database");
}

#[test]
fn what_foreign_keys_do_along_is_counted_apart() {
    let mut sketch = Sketch::of(Sample::AuthorBook);
    let link = sketch.project.draft.relationships[0].id;
    sketch.link_mut(link).on_delete = relata::schema::OnDelete::Cascade;
    let run = run(&sketch.open(), "DELETE FROM authors WHERE id = 1");
    assert_eq!(run.statements[0].0.changed, Some(Changed { rows: 1, others: 3 }));
}

/// What is marked in the text, and why.
fn check_error(text: &str, marked: &str, words: &str) {
    let run = run(&Sketch::of(Sample::AuthorBook).open(), text);
    let SqlStop { error, place, exact } = run.failure.unwrap();
    assert_eq!(exact, marked != text && !text.ends_with(&format!("; {marked}")));
    assert_eq!((&text[place.from as usize..place.to as usize], error.to_string().as_str()), (marked, words));
}

#[test]
fn an_error_stands_at_its_place() {
    check_error("SELECT 'é';\nSELECT titel FROM books", "titel", "no such column: titel");
    check_error("SELECT * FORM books", "FORM", "near \"FORM\": syntax error");
    check_error("SELECT * FROM", "SELECT * FROM", "incomplete input");
    check_error(
        "SELECT 1; DELETE FROM authors WHERE id = 1",
        "DELETE FROM authors WHERE id = 1",
        "FOREIGN KEY constraint failed",
    );
    let open = "There is no value for this parameter here. Write the value in its place.";
    check_error("SELECT * FROM books WHERE id = ? -- ?", "?", open);
    check_error("ATTACH 'x.db' AS x", "ATTACH 'x.db' AS x", "not authorized");
    check_error("ATTACH 'x' || '.db' AS x", "ATTACH 'x' || '.db' AS x", "not authorized");
    check_error("VACUUM INTO 'x.db'", "VACUUM INTO 'x.db'", "authorization denied");
    check_error("SELECT zeroblob(100000000)", "SELECT zeroblob(100000000)", "string or blob too big");
}

#[test]
fn harmless_pragmas_plans_and_databases_in_memory_work() {
    let database = Sketch::of(Sample::AuthorBook).open();
    let text = "EXPLAIN QUERY PLAN SELECT * FROM books; PRAGMA table_info(books); PRAGMA writable_schema = 1; \
                ATTACH ':memory:' AS other; CREATE TABLE other.t (a); VACUUM; BEGIN; DELETE FROM books; ROLLBACK; \
                SELECT count(*) FROM books";
    let run = run(&database, text);
    assert_eq!(run.failure, None);
    assert_eq!(run.statements[0].1[0][3].to_string(), "SCAN books");
    assert_eq!(run.statements[1].0.rows, 3);
    assert_eq!(run.statements.last().unwrap().1[0][0].to_string(), "7");
}

const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";

#[test]
fn work_without_end_ends_and_what_came_is_kept() {
    let database = Sketch::of(Sample::AuthorBook).open();
    let few = Limits { millis: 60_000, rows: 10 };
    let run = database.run_sql(&format!("SELECT 1; {ENDLESS} SELECT * FROM n; SELECT 2"), few).unwrap();
    assert_eq!(run.failure.unwrap().error, SqlError::RowLimit(10));
    assert_eq!(run.statements.iter().map(|(ran, _)| ran.rows).collect::<Vec<_>>(), [1, 9]);

    let short = Limits { millis: 50, rows: 10 };
    let run = database.run_sql(&format!("SELECT 1; {ENDLESS} SELECT max(i) FROM n"), short).unwrap();
    assert_eq!(run.failure.unwrap().error, SqlError::TimeLimit(50));
    assert_eq!(run.statements[0].0.rows, 1);

    let big = format!("{ENDLESS} SELECT zeroblob(1000000) FROM n");
    let run = database.run_sql(&big, Limits { millis: 60_000, rows: 200_000 }).unwrap();
    assert_eq!(run.failure.unwrap().error, SqlError::ByteLimit(64 << 20));
    assert_eq!(run.statements[0].0.rows, 67);
}
