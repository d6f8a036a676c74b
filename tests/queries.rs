//! Query in, statement out: filters, order, and names that are taken. And query in, diagnostics out.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::project::Sample;
use relata::query::{self, Cells, FilterDraft, Joiner, Place, QueryDraft, Runs, Test, TestDraft};
use relata::schema::FieldType::{Blob, Boolean, Date, Integer, Real, Text};
use relata::schema::{self, FieldId, ModelId, RelationshipId};
use relata::sql::{Expr, ddl, render};
use relata::value::Value;

mod support;
use support::{Sketch, all, by, joined, lazy, left, right, select_in, test};

/// What follows the `FROM` line of a query's first statement, in one line, and its parameters. SQLite has to take it.
fn check(sketch: &Sketch, query: &QueryDraft, clauses: &str, params: &[Value]) {
    let plan = sketch.plan(query);
    let statement = render(&plan.steps[0].select, &[]);
    let shown: Vec<&str> =
        statement.text.lines().skip_while(|line| !line.starts_with("FROM")).skip(1).collect();
    assert_eq!(shown.join(" "), clauses);
    assert_eq!(statement.params, params);
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    for create in ddl(&sketch.compile().1) {
        connection.execute(&create.text, []).unwrap();
    }
    connection.prepare(&statement.text).unwrap();
}

fn book() -> (Sketch, ModelId) {
    let mut sketch = Sketch::new();
    let fields = [("title", Text), ("price", Real), ("year", Integer), ("sold", Boolean), ("on", Date)];
    let book = sketch.model("Book", &[&fields[..], &[("scan", Blob)]].concat());
    (sketch, book)
}

fn filtered(model: ModelId, joiner: Joiner, filters: Vec<FilterDraft>) -> QueryDraft {
    QueryDraft { joiner, filters, ..QueryDraft::all(model) }
}

#[test]
fn each_test() {
    let (sketch, book) = book();
    let text = |text: &str| Value::Text(text.into());
    let cases: [(&str, Test, &str, &str, Vec<Value>); 16] = [
        ("title", Test::Equal, "Emma", "= ?", vec![text("Emma")]),
        ("title", Test::NotEqual, "", "<> ?", vec![text("")]),
        ("price", Test::Less, "9.5", "< ?", vec![Value::Real(9.5)]),
        ("price", Test::LessOrEqual, "9", "<= ?", vec![Value::Real(9.0)]),
        ("year", Test::Greater, "-1", "> ?", vec![Value::Integer(-1)]),
        ("year", Test::GreaterOrEqual, "1816", ">= ?", vec![Value::Integer(1816)]),
        ("title", Test::Like, "%a_b ", "LIKE ?", vec![text("%a_b ")]),
        ("year", Test::Like, "18%", "LIKE ?", vec![text("18%")]),
        ("sold", Test::Equal, "yes", "= ?", vec![Value::Integer(1)]),
        ("scan", Test::Equal, "cafe", "= ?", vec![Value::Blob(vec![0xca, 0xfe])]),
        ("title", Test::In, "Emma, \"War, Peace\"", "IN (?, ?)", vec![text("Emma"), text("War, Peace")]),
        ("title", Test::In, "\"\"", "IN (?)", vec![text("")]),
        ("year", Test::NotIn, "1, 2", "NOT IN (?, ?)", vec![Value::Integer(1), Value::Integer(2)]),
        ("title", Test::NotLike, "a%", "NOT LIKE ?", vec![text("a%")]),
        ("title", Test::IsNull, "ignored", "IS NULL", vec![]),
        ("title", Test::IsNotNull, "", "IS NOT NULL", vec![]),
    ];
    for (field, kind, typed, clause, params) in cases {
        let query = filtered(book, Joiner::And, vec![test(sketch.field(book, field), kind, typed)]);
        check(&sketch, &query, &format!("WHERE books.{field} {clause}"), &params);
    }
    let query = filtered(book, Joiner::And, vec![test(sketch.field(book, "on"), Test::Equal, "2026-01-31")]);
    check(&sketch, &query, "WHERE books.\"on\" = ?", &[text("2026-01-31")]);
}

#[test]
fn groups_are_put_in_parentheses_where_they_have_to_be() {
    let (sketch, book) = book();
    let year = sketch.field(book, "year");
    let at = |number: i64| test(year, Test::Equal, &number.to_string());
    let group = |joiner, filters| FilterDraft::Group(joiner, filters);
    let (and, or) = (Joiner::And, Joiner::Or);
    let cases = [
        (and, vec![at(1), at(2)], "books.year = ? AND books.year = ?"),
        (or, vec![at(1), at(2)], "books.year = ? OR books.year = ?"),
        (or, vec![at(1)], "books.year = ?"),
        (
            and,
            vec![at(1), group(or, vec![at(2), at(3)])],
            "books.year = ? AND (books.year = ? OR books.year = ?)",
        ),
        (
            or,
            vec![group(and, vec![at(1), at(2)]), at(3)],
            "(books.year = ? AND books.year = ?) OR books.year = ?",
        ),
        (and, vec![at(1), group(or, vec![at(2)])], "books.year = ? AND books.year = ?"),
        (and, vec![group(or, vec![at(1), at(2)])], "books.year = ? OR books.year = ?"),
        (
            or,
            vec![at(1), group(and, vec![at(2), group(or, vec![at(3), at(4)])])],
            "books.year = ? OR (books.year = ? AND (books.year = ? OR books.year = ?))",
        ),
    ];
    for (joiner, filters, clause) in cases {
        let params: Vec<Value> = (1..=clause.matches('?').count() as i64).map(Value::Integer).collect();
        check(&sketch, &filtered(book, joiner, filters), &format!("WHERE {clause}"), &params);
    }
}

/// An empty pair of parentheses asks for nothing, even after an "or": it must not let all or no rows through.
#[test]
fn empty_groups_ask_for_nothing() {
    let (sketch, book) = book();
    let year = sketch.field(book, "year");
    let empty = |joiner| FilterDraft::Group(joiner, vec![]);
    let nested = FilterDraft::Group(Joiner::Or, vec![empty(Joiner::And), empty(Joiner::Or)]);
    for joiner in [Joiner::And, Joiner::Or] {
        check(&sketch, &filtered(book, joiner, vec![]), "", &[]);
        check(&sketch, &filtered(book, joiner, vec![empty(joiner), nested.clone()]), "", &[]);
        let filters = vec![nested.clone(), test(year, Test::Equal, "7")];
        check(&sketch, &filtered(book, joiner, filters), "WHERE books.year = ?", &[Value::Integer(7)]);
    }
}

#[test]
fn order_and_limit() {
    let (sketch, book) = book();
    let order = vec![by(sketch.field(book, "on"), true), by(sketch.field(book, "id"), false)];
    let query = |limit: &str, offset: &str| QueryDraft {
        order: order.clone(),
        limit: limit.into(),
        offset: offset.into(),
        ..QueryDraft::all(book)
    };
    let integers = |numbers: &[i64]| numbers.iter().map(|&number| Value::Integer(number)).collect::<Vec<_>>();
    let ordered = "ORDER BY books.\"on\" DESC, books.id";
    check(&sketch, &query("", ""), ordered, &[]);
    check(&sketch, &query(" 10 ", ""), &format!("{ordered} LIMIT ?"), &integers(&[10]));
    check(&sketch, &query("0", "0"), &format!("{ordered} LIMIT ? OFFSET ?"), &integers(&[0, 0]));
    check(&sketch, &query("", "20"), &format!("{ordered} LIMIT ? OFFSET ?"), &integers(&[-1, 20]));
    let most = "9223372036854775807";
    check(
        &sketch,
        &query(most, most),
        &format!("{ordered} LIMIT ? OFFSET ?"),
        &integers(&[i64::MAX, i64::MAX]),
    );
}

/// Tables called like an alias, columns called like a label, in any case: nothing is named twice.
#[test]
fn names_that_are_taken() {
    let mut sketch = Sketch::new();
    let author = sketch.model("Author", &[("ID_1", Integer)]);
    let book = sketch.model("Book", &[("id_1", Text), ("id_2", Text)]);
    for name in ["Books_1", "anon_1"] {
        let other = sketch.model(name, &[]);
        sketch.model_mut(other).table = name.into();
    }
    let books = sketch.one_to_many(author, book);
    let query = QueryDraft {
        limit: "1".into(),
        ..all(
            author,
            vec![joined(left(books), vec![joined(right(books), vec![joined(left(books), vec![])])])],
        )
    };
    let plan = sketch.plan(&query);
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("names_taken", render(&plan.steps[0].select, &[]).text);
    });
    let labels: Vec<String> =
        plan.steps[0].outputs.iter().map(|column| column.label.to_lowercase()).collect();
    let mut distinct = labels.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), labels.len(), "{labels:?}");
    assert_eq!(sketch.open().run(&plan, relata::protocol::Limits::default()).failure, None);
}

/// The columns that a plan says it reads for a node are that node's, whatever stands before them.
#[test]
fn outputs_lie_where_the_plan_says() {
    let sketch = Sketch::of(Sample::StudentCourse);
    let (student, courses) = (ModelId(1), RelationshipId(3));
    let back = |include: fn(_, _) -> _| {
        all(student, vec![include(left(courses), vec![joined(right(courses), vec![])])])
    };
    for query in [back(lazy), back(joined), back(select_in)] {
        let (plan, relational) = (sketch.plan(&query), sketch.compile().1);
        for node in &plan.nodes {
            let (step, table) = (plan.step(node.step), relational.table(node.table));
            let Cells::Columns { first, width, .. } = node.cells else { panic!("no JSON was asked for") };
            let outputs = &step.select.outputs[first..first + width];
            for (output, column) in outputs.iter().zip(&table.columns) {
                let Expr::Column(read) = &output.expr else { panic!("{output:?} is no column") };
                assert_eq!((&read.source, &read.name), (&node.source, &column.name));
                assert_eq!(read.origin, column.origin());
            }
            assert_eq!(outputs.len(), table.columns.len());
        }
        for step in plan.steps.iter().filter(|step| matches!(step.runs, Runs::PerChunk { .. })) {
            assert_eq!(step.parent_outputs, [0], "the join table's key comes first");
            assert_eq!(step.outputs[0].node, None);
        }
    }
}

/// All that is said of a query on the sample of authors and books, a line each.
fn check_diagnostics(query: &QueryDraft, expected: &[(Place, &str)]) {
    let schema = schema::check(&Sample::AuthorBook.project().draft).value.unwrap();
    let report = query::check(query, &schema);
    let said: Vec<(Place, String)> = report
        .diagnostics
        .iter()
        .map(|found| (found.place.clone(), format!("{} {}", found.message, found.mend)))
        .collect();
    let expected: Vec<(Place, String)> =
        expected.iter().map(|(place, text)| (place.clone(), (*text).to_owned())).collect();
    assert_eq!(said, expected);
    assert_eq!(report.value.is_some(), expected.is_empty(), "a query exactly without errors");
}

#[test]
fn what_is_wrong_with_a_query_is_said_where_it_stands() {
    let (author, books, name, title) = (ModelId(1), RelationshipId(3), FieldId(5), FieldId(7));
    check_diagnostics(
        &QueryDraft::default(),
        &[(Place::Root, "No model is chosen. Choose the model whose objects you want.")],
    );
    let untested = FilterDraft::Test(TestDraft::default());
    let wrong = QueryDraft {
        includes: vec![
            lazy(left(books), vec![lazy(left(books), vec![])]),
            joined(left(books), vec![]),
            joined(left(RelationshipId(8)), vec![]),
        ],
        filters: vec![
            test(title, Test::Equal, "x"),
            FilterDraft::Group(Joiner::Or, vec![test(name, Test::Equal, "x"), untested]),
            test(FieldId(4), Test::In, "1, two"),
        ],
        order: vec![by(name, false), by(title, true)],
        limit: "-1".into(),
        offset: "9223372036854775808".into(),
        ..QueryDraft::all(author)
    };
    let gone = "This relationship is no longer there. Remove it from the query.";
    let choose = "No field of Author is chosen here. Choose a field, or remove this line.";
    check_diagnostics(
        &wrong,
        &[
            (Place::Include(vec![0, 0]), gone),
            (Place::Include(vec![1]), "“books” is included twice. Remove one of the two."),
            (Place::Include(vec![2]), gone),
            (Place::Filter(vec![0]), choose),
            (Place::Filter(vec![1, 1]), choose),
            (
                Place::Filter(vec![2]),
                "“two” is not a whole number between −2⁶³ and 2⁶³−1. Type a value like 42.",
            ),
            (Place::Order(1), choose),
            (Place::Limit, "“-1” is not a number of objects. Type a whole number, or clear it."),
            (
                Place::Offset,
                "“9223372036854775808” is not a number of objects. Type a whole number, or clear it.",
            ),
        ],
    );
}
