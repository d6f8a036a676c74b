//! Documents in, databases and refusals out: rows that SQLite does not take are told at their cell, limits stop what
//! takes too long, and nothing that was typed hurts.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(
    clippy::disallowed_methods,
    reason = "whether a limit holds is told by a clock, and this runs natively"
)]

use std::time::{Duration, Instant};

use relata::engine::{SqlError, Stop};
use relata::project::{CellPlace, Pair, Refusal, RowId, RowSource};
use relata::protocol::Limits;
use relata::schema::FieldType::{Date, Integer, Text};
use relata::schema::{ModelId, RelationshipId};
use relata::sql::Statement;
use relata::value::Value;

mod support;
use support::{Sketch, all, answer, dump, lazy, left};

/// The rows that are not in the database, a line each: row, cell, why, SQLite's words. And how many rows are in it,
/// for each table.
fn check(sketch: &Sketch, expected: &[&str], counts: &[usize]) {
    let (mut database, refusals) = sketch.try_open();
    let lines: Vec<String> = refusals.iter().map(line).collect();
    assert_eq!(lines, expected);
    let rows: Vec<usize> = dump(&mut database).iter().map(Vec::len).collect();
    assert_eq!(rows, counts);
    let dangling = answer(&mut database, "PRAGMA foreign_key_check").unwrap();
    assert_eq!(dangling.len(), 0, "nothing points nowhere");
}

fn line(refusal: &Refusal) -> String {
    let source = match refusal.source {
        RowSource::Row(row) => row.to_string(),
        RowSource::Link(link, pair) => format!("{link} {}–{}", pair.left, pair.right),
    };
    let cell = match refusal.cell {
        Some(CellPlace::Field(field)) => format!(" {field}"),
        Some(CellPlace::Link(link)) => format!(" {link}"),
        None => String::new(),
    };
    format!("{source}{cell}: {} {}", refusal.message, refusal.sqlite).trim_end().to_owned()
}

/// Author m1 (f2 id, f3 name) has many Books m4 (f5 id, f6 title) by r7.
fn library() -> (Sketch, ModelId, ModelId, RelationshipId) {
    let mut sketch = Sketch::new();
    let author = sketch.model("Author", &[("name", Text)]);
    let book = sketch.model("Book", &[("title", Text)]);
    let books = sketch.one_to_many(author, book);
    (sketch, author, book, books)
}

#[test]
fn what_is_required_is_missing() {
    let (mut sketch, author, book, books) = library();
    sketch.field_mut(author, "name").required = true;
    sketch.link_mut(books).required = true;
    sketch.row(author, &["1", ""]);
    let good = sketch.row(author, &["2", "Ada"]);
    sketch.row(book, &["1", "alone"]);
    let second = sketch.row(book, &["2", "with Ada"]);
    sketch.link(books, good, second);
    let expected = [
        "w1 f3: name is required: give it a value. NOT NULL constraint failed: authors.name",
        "w3 r7: author is required: give it an Author. NOT NULL constraint failed: books.author_id",
    ];
    check(&sketch, &expected, &[1, 1]);
}

#[test]
fn what_is_unique_is_there_twice() {
    let mut sketch = Sketch::new();
    let user = sketch.model("User", &[("email", Text)]);
    let room = sketch.keyed("Room", &[("building", Text), ("number", Integer)], &[]);
    let profile = sketch.model("Profile", &[]);
    sketch.field_mut(user, "email").unique = true;
    let (owners, places) = (sketch.one_to_one(user, profile), sketch.one_to_one(room, profile));
    let friends = sketch.many_to_many(user, user);
    let ada = sketch.row(user, &["1", "ada@example.org"]);
    sketch.row(user, &["2", "ada@example.org"]);
    sketch.row(user, &["1", ""]);
    let first = sketch.row(room, &["A", "1"]);
    sketch.row(room, &["A", "1"]);
    for _ in 0..3 {
        sketch.row(profile, &[""]);
    }
    let [one, two, three] = [6, 7, 8].map(RowId);
    // The form would take these links from whoever had them; a file may still have them.
    [one, two].into_iter().for_each(|profile| sketch.link(owners, ada, profile));
    [one, three].into_iter().for_each(|profile| sketch.link(places, first, profile));
    let twice = vec![Pair { left: ada, right: ada }; 2];
    sketch.project.data.links.insert(friends, twice);
    let expected = [
        "w2 f3: Another row has this email already. UNIQUE constraint failed: users.email",
        "w3 f2: Another row has this id already. UNIQUE constraint failed: users.id",
        "w5: Another row has the same key. UNIQUE constraint failed: rooms.building, rooms.number",
        "w7 r9: Another row has this user already, and it can belong to one only. UNIQUE constraint failed: profiles.user_id",
        "w8 r10: Another row has this room already, and it can belong to one only. UNIQUE constraint failed: profiles.room_building, profiles.room_number",
        "r11 w1–w1: These two are linked already. UNIQUE constraint failed: users_users.from_user_id, users_users.to_user_id",
    ];
    check(&sketch, &expected, &[1, 1, 1, 1]);
}

/// Every cell of a row that is no value of its type is told.
#[test]
fn cells_of_the_wrong_type() {
    let mut sketch = Sketch::new();
    let visit = sketch.model("Visit", &[("day", Date), ("guests", Integer)]);
    sketch.row(visit, &["1", "2026-02-29", "many"]);
    sketch.row(visit, &["one", "2026-01-31", "2"]);
    sketch.row(visit, &["", "2026-01-31", "2"]);
    let number = "is not a whole number between −2⁶³ and 2⁶³−1.";
    let expected = [
        "w1 f3: “2026-02-29” is not a day like 2026-01-31.".to_owned(),
        format!("w1 f4: “many” {number}"),
        format!("w2 f2: “one” {number}"),
    ];
    check(&sketch, &expected.each_ref().map(String::as_str), &[1]);
}

/// A row that is kept out keeps out what points to it, whatever its key is made of, and that what points there.
#[test]
fn what_points_to_a_refused_row_is_refused() {
    let by_number: &[(&str, _)] = &[("id", Integer)];
    for (key, wrong) in
        [(by_number, "7"), (by_number, "x"), (&[("code", Text)], "A"), (&[("day", Date)], "x")]
    {
        let mut sketch = Sketch::new();
        let top = sketch.keyed("Top", key, &[("size", Integer)]);
        let (middle, bottom) = (sketch.model("Middle", &[]), sketch.model("Bottom", &[]));
        let (middles, bottoms) = (sketch.one_to_many(top, middle), sketch.one_to_many(middle, bottom));
        let pairs = sketch.many_to_many(top, bottom);
        let one = sketch.row(top, &[wrong, if wrong == "x" { "1" } else { "big" }]);
        let rows = [middle, middle, bottom, bottom].map(|model| sketch.row(model, &[""]));
        sketch.link(middles, one, rows[0]);
        sketch.link(bottoms, rows[0], rows[2]);
        sketch.link(bottoms, rows[1], rows[3]);
        sketch.link(pairs, one, rows[3]);
        let (_, refusals) = sketch.try_open();
        let mut lines: Vec<String> = refusals.iter().map(line).collect();
        assert!(lines.remove(0).starts_with("w1 f"), "first the row itself");
        lines.sort();
        // Where the key itself cannot be told, SQLite is not even asked.
        let sqlite = if wrong == "x" && key != by_number { "" } else { " FOREIGN KEY constraint failed" };
        let expected = [
            format!("r10 w1–w5 r10: It points to a Top that is not in the database.{sqlite}"),
            format!("w2 r8: It points to a Top that is not in the database.{sqlite}"),
            "w4 r9: It points to a Middle that is not in the database. FOREIGN KEY constraint failed".into(),
        ];
        assert_eq!(lines, expected, "with the key {key:?}, {wrong}");
    }
}

#[test]
fn rings_of_optional_keys_load_in_any_order() {
    let mut sketch = Sketch::new();
    let (team, player) = (sketch.model("Team", &[]), sketch.model("Player", &[]));
    let (players, captain) = (sketch.one_to_many(team, player), sketch.one_to_one(player, team));
    sketch.name_ends(captain, "captain_of", "captain");
    let reds = sketch.row(team, &["1"]);
    let (ann, bob) = (sketch.row(player, &["2"]), sketch.row(player, &["1"]));
    [ann, bob].into_iter().for_each(|player| sketch.link(players, reds, player));
    sketch.link(captain, bob, reds);
    let tree = sketch.one_to_many(player, player);
    sketch.link(tree, ann, bob);
    sketch.link(tree, bob, ann);
    check(&sketch, &[], &[1, 2]);
}

/// An empty key is filled in as SQLite would do it, beside those that were typed.
#[test]
fn keys_that_were_not_typed() {
    let (mut sketch, author, ..) = library();
    for (key, name) in [("", "a"), ("7", "b"), ("", "c"), ("-3", "d")] {
        sketch.row(author, &[key, name]);
    }
    let (mut database, refusals) = sketch.try_open();
    assert_eq!(refusals, []);
    let found = answer(&mut database, "SELECT group_concat(name || id ORDER BY id) FROM authors").unwrap();
    assert_eq!(found, [[Value::Text("d-3,b7,a8,c9".into())]]);
}

/// Quotes, keywords, blanks, pictures, and the names of SQLite's own tables and columns, as names of everything.
#[test]
fn odd_names_everywhere() {
    let names =
        ["say \"hi\"", "it's", "[x]", "`y`", "order", "a.b", "a, b", "größe 📚", "rowid", "oid", "true"];
    let own =
        ["pragma_foreign_key_check", "pragma_foreign_key_list", "main", "temp", "json_each", "?1", "--"];
    for name in names.into_iter().chain(own) {
        let mut sketch = Sketch::new();
        let one = sketch.keyed("One", &[("key", Text)], &[(name, Text)]);
        let many = sketch.model("Many", &[(name, Integer)]);
        sketch.model_mut(one).table = name.into();
        sketch.model_mut(many).table = format!("{name}s");
        let links = sketch.one_to_many(one, many);
        sketch.link_mut(links).key_columns = vec![format!("{name} key")];
        let pairs = sketch.many_to_many(one, many);
        sketch.name_ends(pairs, "pairs", "pairs_of");
        sketch.link_mut(pairs).join.table = format!("{name} pairs");
        sketch.field_mut(one, name).required = true;
        let rows = [("a", "good"), ("b", "")].map(|(key, text)| sketch.row(one, &[key, text]));
        let others = ["1", "2"].map(|number| sketch.row(many, &["", number]));
        for at in 0..2 {
            sketch.link(links, rows[at], others[at]);
            sketch.link(pairs, rows[at], others[0]);
        }
        let (mut database, refusals) = sketch.try_open();
        let mut lines: Vec<String> = refusals.iter().map(line).collect();
        lines.sort();
        let nowhere = "It points to a One that is not in the database. FOREIGN KEY constraint failed";
        let required =
            format!("{name} is required: give it a value. NOT NULL constraint failed: {name}.{name}");
        let expected =
            [format!("r8 w2–w3 r8: {nowhere}"), format!("w2 f3: {required}"), format!("w4 r7: {nowhere}")];
        assert_eq!(lines, expected, "{name}");
        let plan = sketch.plan(&all(one, vec![lazy(left(links), vec![]), lazy(left(pairs), vec![])]));
        let execution = database.run(&plan, Limits::default());
        assert_eq!((execution.failure, execution.graph.objects.len()), (None, 2), "{name}");
    }
}

/// The second row with a key is refused, and a link to it does not lead to the first.
#[test]
fn links_to_the_second_row_with_a_key() {
    let mut sketch = Sketch::new();
    let country = sketch.keyed("Country", &[("code", Text)], &[]);
    let city = sketch.model("City", &[]);
    let cities = sketch.one_to_many(country, city);
    let [first, second] = ["A", "A"].map(|code| sketch.row(country, &[code]));
    let [here, there] = [first, second].map(|target| {
        let row = sketch.row(city, &[""]);
        sketch.link(cities, target, row);
        row
    });
    assert_eq!((here, there), (RowId(3), RowId(4)));
    let expected = [
        "w4 r5: It points to a Country that is not in the database.",
        "w2 f2: Another row has this code already. UNIQUE constraint failed: countries.code",
    ];
    check(&sketch, &expected, &[1, 1]);
}

const ENDLESS: &str = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)";

fn limited(sketch: &Sketch, sql: &str, limits: Limits) -> Result<usize, SqlError> {
    let mut database = sketch.open();
    let before = dump(&mut database);
    let statement = Statement { text: sql.into(), ..Statement::default() };
    let start = Instant::now();
    let result = database.query(&statement, limits).map(|rows| rows.len());
    assert!(start.elapsed() < Duration::from_secs(2), "{sql} took {:?}", start.elapsed());
    assert_eq!(dump(&mut database), before, "the database answers, and is as it was");
    result
}

#[test]
fn endless_queries_are_stopped() {
    let (mut sketch, author, ..) = library();
    for _ in 0..100 {
        sketch.row(author, &["", "x"]);
    }
    let limits = Limits { millis: 200, ..Limits::default() };
    let stopped = Err(SqlError::TimeLimit(200));
    assert_eq!(limited(&sketch, &format!("{ENDLESS} SELECT count(*) FROM c"), limits), stopped);
    let cross = ["authors AS a", "authors AS b", "authors AS c", "authors AS d", "authors AS e"].join(", ");
    assert_eq!(limited(&sketch, &format!("SELECT count(*) FROM {cross}"), limits), stopped);
    assert_eq!(limited(&sketch, &format!("SELECT * FROM {cross} ORDER BY random()"), limits), stopped);
    assert_eq!(
        limited(&sketch, &format!("INSERT INTO authors {ENDLESS} SELECT x + 1000, 'y' FROM c"), limits),
        stopped
    );
    assert_eq!(
        SqlError::TimeLimit(200).to_string(),
        "The query was stopped after 0.2 s: that is the limit. The database is as it was."
    );
}

/// Many short statements end, too, and what came before the end is there.
#[test]
fn a_run_is_stopped_between_statements() {
    let (mut sketch, author, _, books) = library();
    for _ in 0..2000 {
        sketch.row(author, &["", "x"]);
    }
    let plan = sketch.plan(&all(author, vec![lazy(left(books), vec![])]));
    let mut database = sketch.open();
    let execution = database.run(&plan, Limits { millis: 10, ..Limits::default() });
    assert_eq!(execution.failure, Some(Stop::Failed(SqlError::TimeLimit(10))));
    assert!(execution.trace.statements() < 2001);
    assert_eq!(database.run(&plan, Limits::default()).trace.statements(), 2001);
}

#[test]
fn rows_are_counted_over_all_statements() {
    let sketch = Sketch::new();
    let rows = |rows| Limits { rows, ..Limits::default() };
    let thousand = format!("{ENDLESS} SELECT x FROM c LIMIT 1000");
    assert_eq!(limited(&sketch, &thousand, rows(1000)), Ok(1000));
    assert_eq!(limited(&sketch, &thousand, rows(999)), Err(SqlError::RowLimit(999)));
    assert_eq!(
        limited(&sketch, &format!("{ENDLESS} SELECT x FROM c"), rows(50)),
        Err(SqlError::RowLimit(50))
    );

    let (mut sketch, author, book, books) = library();
    for _ in 0..3 {
        let (one, two) = (sketch.row(author, &["", "x"]), sketch.row(book, &["", "y"]));
        sketch.link(books, one, two);
    }
    let plan = sketch.plan(&all(author, vec![lazy(left(books), vec![])]));
    let run = |most| sketch.open().run(&plan, rows(most));
    assert_eq!(run(6).failure, None);
    let stopped = run(5);
    assert_eq!(stopped.failure, Some(Stop::Failed(SqlError::RowLimit(5))));
    assert_eq!((stopped.trace.statements(), stopped.graph.objects.len()), (3, 5));
}

#[test]
fn a_text_of_ten_megabytes_comes_back() {
    let (mut sketch, author, ..) = library();
    let long = "ä\0€😀 ".repeat(1_000_000);
    assert!(long.len() > 10_000_000);
    sketch.row(author, &["1", &long]);
    let mut database = sketch.open();
    let plan = sketch.plan(&all(author, vec![]));
    let execution = database.run(&plan, Limits::default());
    assert_eq!(execution.failure, None);
    assert!(execution.graph.objects[0].values[1] == Value::Text(long), "the text is the same");
}

/// SQLite's own words, for a statement that it does not take.
#[test]
fn sqlite_refuses_in_its_own_words() {
    let (sketch, ..) = library();
    let result = answer(&mut sketch.open(), "SELECT nme FROM authors");
    assert_eq!(result, Err(SqlError::Sqlite("no such column: nme".into())));
}
