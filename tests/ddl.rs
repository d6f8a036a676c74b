//! Schema in, DDL out: as a person would write it, taken by SQLite, and read back from SQLite's own catalogue as the
//! tables that it was made from.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use relata::mapping::{ForeignKey, Relational, Table};
use relata::project::Sample;
use relata::schema::FieldType::{Blob, Boolean, Date, DateTime, Decimal, Integer, Real, Text};
use relata::schema::{DefaultValue, FieldType, OnDelete, Origin, Side};
use relata::sql::{Statement, ddl, quote};
use relata::value::Value;
use rusqlite::Connection;

mod support;
use support::{Sketch, check_spans, marked};

/// The DDL of a sketch against its snapshot; and what every DDL has to be.
fn check(name: &str, sketch: &Sketch) {
    let (_, relational) = sketch.compile();
    let statements = ddl(&relational);
    let texts: Vec<&str> = statements.iter().map(|statement| statement.text.as_str()).collect();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(name, texts.join(";\n\n"));
    });
    let connection = execute(&statements);
    for table in &relational.tables {
        assert_eq!(read_back(&connection, table), expected(&relational, table), "{} read back", table.name);
    }
    statements.iter().for_each(check_spans);
    check_origins(&relational, &statements);
}

fn execute(statements: &[Statement]) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    for statement in statements {
        assert!(statement.params.is_empty());
        connection.execute(&statement.text, []).unwrap_or_else(|error| panic!("{error}: {}", statement.text));
    }
    connection
}

/// A table as a set of facts, a line each.
type Facts = BTreeSet<String>;

fn expected(relational: &Relational, table: &Table) -> Facts {
    let names = |table: &Table, columns: &[usize]| {
        columns.iter().map(|&at| table.columns[at].name.clone()).collect::<Vec<_>>().join(", ")
    };
    let mut facts = Facts::new();
    for (at, column) in table.columns.iter().enumerate() {
        let key = table.primary_key.iter().position(|&key| key == at).map_or(0, |position| position + 1);
        let not_null = column.not_null && !(table.has_rowid_key() && key == 1);
        let default = match &column.default {
            None => "none".to_owned(),
            Some(DefaultValue::Now) if column.field_type == Date => "CURRENT_DATE".to_owned(),
            Some(DefaultValue::Now) => "CURRENT_TIMESTAMP".to_owned(),
            Some(DefaultValue::Value(value)) => format!("{value:?}"),
        };
        let (name, kind) = (&column.name, column.field_type.sql());
        facts.insert(format!("{at} {name} {kind}, not null {not_null}, default {default}, key {key}"));
        if column.unique {
            facts.insert(format!("unique ({name})"));
        }
    }
    if let Some(above) = table.extends.map(|above| relational.table(above)) {
        let (from, to) = (names(table, &table.primary_key), names(above, &above.primary_key));
        facts.insert(format!("({from}) to {} ({to}), on delete NO ACTION, on update NO ACTION", above.name));
    }
    for ForeignKey { columns, target, target_columns, on_delete, on_update, unique, .. } in
        &table.foreign_keys
    {
        let target = relational.table(*target);
        let (from, to) = (names(table, columns), names(target, target_columns));
        let actions = format!("on delete {}, on update {}", on_delete.sql(), on_update.sql());
        facts.insert(format!("({from}) to {} ({to}), {actions}", target.name));
        if *unique && table.primary_key != *columns {
            facts.insert(format!("unique ({from})"));
        }
    }
    for index in &table.indexes {
        facts.insert(format!("index {} ({})", index.name, names(table, &index.columns)));
    }
    facts
}

fn read_back(connection: &Connection, table: &Table) -> Facts {
    let mut facts = Facts::new();
    let rows = |sql: &str, name: &str, facts: &mut Facts| {
        let mut statement = connection.prepare(sql).unwrap();
        let lines = statement.query_map([name], |row| row.get::<_, String>(0)).unwrap();
        facts.extend(lines.map(Result::unwrap));
    };
    let mut columns = connection
        .prepare("SELECT cid, name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)")
        .unwrap();
    let mut found = columns.query([&table.name]).unwrap();
    while let Some(row) = found.next().unwrap() {
        let (cid, name): (i64, String) = (row.get_unwrap(0), row.get_unwrap(1));
        let (kind, not_null): (String, bool) = (row.get_unwrap(2), row.get_unwrap(3));
        let default: Option<String> = row.get_unwrap(4);
        let (key, hidden): (i64, i64) = (row.get_unwrap(5), row.get_unwrap(6));
        assert_eq!(hidden, 0);
        let default = default.map_or("none".to_owned(), |sql| {
            let current = sql.starts_with("CURRENT_");
            if current { sql } else { format!("{:?}", evaluate(connection, &sql)) }
        });
        facts.insert(format!("{cid} {name} {kind}, not null {not_null}, default {default}, key {key}"));
    }
    rows(
        "SELECT '(' || group_concat(\"from\", ', ' ORDER BY seq) || ') to ' || \"table\" || ' ('
           || group_concat(\"to\", ', ' ORDER BY seq) || '), on delete ' || on_delete || ', on update '
           || on_update
         FROM pragma_foreign_key_list(?) GROUP BY id",
        &table.name,
        &mut facts,
    );
    rows(
        "SELECT iif(list.origin = 'c', 'index ' || list.name, 'unique') || ' (' ||
           (SELECT group_concat(name, ', ' ORDER BY seqno) FROM pragma_index_info(list.name)) || ')'
         FROM pragma_index_list(?) AS list WHERE list.origin <> 'pk'",
        &table.name,
        &mut facts,
    );
    facts
}

fn evaluate(connection: &Connection, sql: &str) -> Value {
    connection.query_row(&format!("SELECT {sql}"), [], |row| row.get_ref(0).map(Value::from)).unwrap()
}

/// The statement of each table as a whole comes from its model or relationship, each column's line from its field or
/// relationship, each REFERENCES from its relationship, each index from the relationship whose key it serves.
fn check_origins(relational: &Relational, statements: &[Statement]) {
    let pieces = |statement: &Statement, origin: Origin| -> Vec<String> {
        let spans = statement.spans.iter().filter(move |span| span.origin == origin);
        spans.map(|span| statement.text[span.start as usize..span.end as usize].to_owned()).collect()
    };
    let mut statements = statements.iter();
    for table in &relational.tables {
        let create = statements.next().unwrap();
        assert_eq!(pieces(create, table.origin())[0], create.text);
        for column in &table.columns {
            let line = format!("{} {}", quote(&column.name), column.field_type.sql());
            let found = pieces(create, column.origin()).iter().any(|piece| piece.starts_with(&line));
            assert!(found, "no piece of {:?} begins with {line:?} in {}", column.origin(), create.text);
        }
        for key in &table.foreign_keys {
            let references = format!("REFERENCES {} (", quote(&relational.table(key.target).name));
            let origin = Origin::Relationship(key.relationship);
            assert!(pieces(create, origin).iter().any(|piece| piece.contains(&references)));
        }
        for index in &table.indexes {
            let create = statements.next().unwrap();
            assert_eq!(pieces(create, index.origin)[0], create.text);
        }
    }
    assert!(statements.next().is_none());
}

/// The tables and columns of the three examples are those of the post that Relata grew out of.
#[test]
fn the_three_examples() {
    let columns = |sketch: &Sketch| {
        let tables = sketch.compile().1.tables;
        let table = |table: &Table| {
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            format!("{}({})", table.name, columns.join(", "))
        };
        tables.iter().map(table).collect::<Vec<_>>()
    };
    let users = Sketch::of(Sample::UserProfile);
    assert_eq!(columns(&users), ["profiles(id)", "users(id, profile_id)"]);
    check("user_and_profile", &users);
    let books = Sketch::of(Sample::AuthorBook);
    assert_eq!(columns(&books), ["authors(id, name)", "books(id, title, author_id)"]);
    check("author_and_book", &books);
    let courses = Sketch::of(Sample::StudentCourse);
    let expected = ["students(id, name)", "courses(id, name)", "enrollments(student_id, course_id)"];
    assert_eq!(columns(&courses), expected);
    check("student_and_course", &courses);
}

#[test]
fn kinds_in_one_table() {
    check("kinds", &Sketch::of(Sample::Employees));
}

#[test]
fn a_table_for_each_kind() {
    check("kinds_in_tables_of_their_own", &Sketch::of(Sample::Publications));
}

#[test]
fn each_piece_knows_where_it_came_from() {
    let statements: Vec<String> =
        ddl(&Sketch::of(Sample::StudentCourse).compile().1).iter().map(marked).collect();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("marked", statements.join(";\n\n"));
    });
}

/// The database fills in what the default says, in the storage class that the type has.
#[test]
fn defaults_of_all_types() {
    let mut sketch = Sketch::new();
    let cases: [(&str, FieldType, &str, Value); 16] = [
        ("integer", Integer, "-9223372036854775808", Value::Integer(i64::MIN)),
        ("greatest", Integer, "9223372036854775807", Value::Integer(i64::MAX)),
        ("text", Text, "it's \"so\"; --", Value::Text("it's \"so\"; --".into())),
        ("nothing", Text, "", Value::Text(String::new())),
        ("number as text", Text, "007", Value::Text("007".into())),
        ("lines", Text, "a\nb\0c", Value::Text("a\nb\0c".into())),
        ("real", Real, "2", Value::Real(2.0)),
        ("tiny", Real, "-1e-300", Value::Real(-1e-300)),
        ("decimal", Decimal, "9.90", Value::Real(9.9)),
        ("whole decimal", Decimal, "10.0", Value::Integer(10)),
        ("yes", Boolean, "true", Value::Integer(1)),
        ("no", Boolean, "no", Value::Integer(0)),
        ("day", Date, "2024-02-29", Value::Text("2024-02-29".into())),
        ("moment", DateTime, "2026-01-31T18:30", Value::Text("2026-01-31 18:30:00".into())),
        ("blob", Blob, "cafe01", Value::Blob(vec![0xca, 0xfe, 0x01])),
        ("empty blob", Blob, "", Value::Blob(vec![])),
    ];
    let fields: Vec<(&str, FieldType)> = cases.iter().map(|(name, kind, ..)| (*name, *kind)).collect();
    let model = sketch.model("Sample", &fields);
    for (name, _, default, _) in &cases {
        sketch.field_mut(model, name).default = Some((*default).into());
    }
    check("defaults", &sketch);
    let connection = execute(&ddl(&sketch.compile().1));
    connection.execute("INSERT INTO samples DEFAULT VALUES", []).unwrap();
    for (name, _, _, value) in cases {
        let sql = format!("SELECT {} FROM samples", quote(name));
        let stored =
            connection.query_row(&sql, [], |row| row.get_ref(0).map(relata::value::Value::from)).unwrap();
        assert_eq!((stored.type_name(), &stored), (value.type_name(), &value), "the default of {name}");
    }
}

#[test]
fn the_present_day_and_time_as_defaults() {
    let mut sketch = Sketch::new();
    let model = sketch.model("Visit", &[("day", Date), ("at", DateTime)]);
    sketch.field_mut(model, "day").default = Some(" Now ".into());
    sketch.field_mut(model, "at").default = Some("now".into());
    check("now", &sketch);
}

#[test]
fn required_and_unique() {
    let mut sketch = Sketch::new();
    let user = sketch.model("User", &[("email", Text), ("nick", Text), ("age", Integer)]);
    sketch.field_mut(user, "email").required = true;
    sketch.field_mut(user, "email").unique = true;
    sketch.field_mut(user, "nick").unique = true;
    sketch.field_mut(user, "age").required = true;
    sketch.field_mut(user, "age").default = Some("18".into());
    // Said twice, a primary key is still unique only once.
    sketch.field_mut(user, "id").unique = true;
    let profile = sketch.model("Profile", &[]);
    let one = sketch.one_to_one(user, profile);
    sketch.link_mut(one).required = true;
    sketch.link_mut(one).on_delete = OnDelete::Cascade;
    check("required_and_unique", &sketch);
}

#[test]
fn a_composite_key_and_each_kind_of_relationship_to_it() {
    let mut sketch = Sketch::new();
    let room = sketch.keyed("Room", &[("building", Text), ("number", Integer)], &[("seats", Integer)]);
    let desk = sketch.model("Desk", &[]);
    let plan = sketch.model("Plan", &[]);
    let person = sketch.model("Person", &[]);
    let desks = sketch.one_to_many(room, desk);
    sketch.link_mut(desks).required = true;
    sketch.link_mut(desks).on_delete = OnDelete::Restrict;
    let plans = sketch.one_to_one(room, plan);
    sketch.link_mut(plans).on_delete = OnDelete::SetNull;
    let people = sketch.many_to_many(room, person);
    sketch.link_mut(people).on_delete = OnDelete::Cascade;
    check("composite", &sketch);
}

#[test]
fn a_natural_key_of_text() {
    let mut sketch = Sketch::new();
    let country = sketch.keyed("Country", &[("code", Text)], &[("name", Text)]);
    let city = sketch.model("City", &[("name", Text)]);
    let cities = sketch.one_to_many(country, city);
    sketch.link_mut(cities).on_delete = OnDelete::SetDefault;
    check("natural_key", &sketch);
}

#[test]
fn a_model_with_itself() {
    let mut sketch = Sketch::new();
    let person = sketch.model("Person", &[]);
    sketch.one_to_many(person, person);
    sketch.one_to_one(person, person);
    let friends = sketch.many_to_many(person, person);
    sketch.name_ends(friends, "friends", "");
    check("itself", &sketch);
}

#[test]
fn two_relationships_between_the_same_models() {
    let mut sketch = Sketch::new();
    let (person, message) = (sketch.model("Person", &[]), sketch.model("Message", &[]));
    let sent = sketch.one_to_many(person, message);
    sketch.name_ends(sent, "sent", "sender");
    let received = sketch.one_to_many(person, message);
    sketch.name_ends(received, "received", "recipient");
    check("twice", &sketch);
}

/// The form has the children first; tables come after those they point to.
#[test]
fn tables_in_the_order_of_their_dependence() {
    let mut sketch = Sketch::new();
    let page = sketch.model("Page", &[]);
    let chapter = sketch.model("Chapter", &[]);
    let book = sketch.model("Book", &[]);
    sketch.one_to_many(chapter, page);
    sketch.one_to_many(book, chapter);
    check("dependence", &sketch);
}

/// Two tables that point to each other: neither can come second, and SQLite does not mind.
#[test]
fn a_cycle_of_optional_keys() {
    let mut sketch = Sketch::new();
    let (team, player) = (sketch.model("Team", &[]), sketch.model("Player", &[]));
    sketch.one_to_many(team, player);
    let captain = sketch.one_to_one(team, player);
    sketch.name_ends(captain, "captain", "captain_of");
    sketch.link_mut(captain).key_side = Side::Left;
    check("cycle", &sketch);
}

#[test]
fn names_that_have_to_be_quoted() {
    let mut sketch = Sketch::new();
    let order = sketch.model("Order", &[("group", Text), ("2nd", Text), ("unit price", Text)]);
    sketch.model_mut(order).table = "order".into();
    let quoted = sketch.model("say \"hi\"", &[("it's", Text), ("[x]", Text), ("`y`", Text), ("a;b--", Text)]);
    sketch.model_mut(quoted).table = "say \"hi\"".into();
    let picture = sketch.model("📚", &[("größe", Text), ("true", Text), ("rowid", Text)]);
    let lines = sketch.one_to_many(order, quoted);
    sketch.name_ends(lines, "", "Order No.");
    sketch.link_mut(lines).key_columns = vec!["references".into()];
    sketch.many_to_many(quoted, picture);
    check("quoted", &sketch);
}

#[test]
fn overridden_names() {
    let mut sketch = Sketch::new();
    let student = sketch.model("Student", &[("name", Text)]);
    sketch.model_mut(student).table = "tbl_student".into();
    sketch.field_mut(student, "name").column = "full_name".into();
    let course = sketch.keyed("Course", &[("code", Text), ("year", Integer)], &[]);
    let taken = sketch.many_to_many(student, course);
    let link = sketch.link_mut(taken);
    link.join.table = "takes".into();
    link.join.left_columns = vec!["who".into()];
    link.join.right_columns = vec![String::new(), "in_year".into()];
    let tutor = sketch.one_to_many(student, course);
    sketch.name_ends(tutor, "tutors", "tutor");
    sketch.link_mut(tutor).key_columns = vec!["tutored_by".into()];
    check("overridden", &sketch);
}
