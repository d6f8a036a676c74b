//! Questions across relationships: what SQLite answers, what is said of those that do not fit, and how old ones open.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::protocol::Limits;
use relata::query::{
    self, AggregateDraft, ComputedDraft, FilterDraft, GroupKeyDraft, GroupValueDraft, GroupingDraft,
    HavingDraft, IncludeDraft, Joiner, OrderDraft, Place, QueryDraft, Question, RelatedTest, Strategy, Test,
    TestDraft,
};
use relata::schema::FieldType::Integer;
use relata::schema::{FieldId, ModelId, Severity, Through};
use relata::sql::{Function, render};
use relata::trace::Rows;
use relata::value::Value;

mod support;
use support::library::{Library, aggregate, count, filtered, library, related};
use support::{Sketch, all, by, joined, left, right, test};

/// Ann has no books, Ben one without a price, Cal one for 5 and one without, Dee one for 20.
fn shelf() -> Library {
    let mut library = library();
    let sketch = &mut library.sketch;
    let names = ["Ann", "Ben", "Cal", "Dee"];
    let authors = names.map(|name| sketch.row(library.author, &["", name]));
    for (title, price, year, owner) in [
        ("b", "", "1", Some(1)),
        ("c", "5", "2", Some(2)),
        ("d", "", "3", Some(2)),
        ("e", "20", "4", Some(3)),
        ("f", "5", "5", None),
    ] {
        let row = sketch.row(library.book, &["", title, price, year]);
        if let Some(at) = owner {
            sketch.link(library.books, authors[at], row);
        }
    }
    library
}

/// The keys of the objects that a query finds.
fn found(library: &Library, draft: &QueryDraft) -> Vec<i64> {
    let execution = library.sketch.open().run(&library.sketch.plan(draft), Limits::default());
    assert_eq!(execution.failure, None);
    let key = |id| match execution.graph.object(id).key[0] {
        Value::Integer(key) => key,
        ref other => panic!("{other:?} is no key"),
    };
    execution.graph.roots.iter().map(|&id| key(id)).collect()
}

/// Three-valued logic, as SQLAlchemy 2.1.9 answers the same questions: `every` is `~any(~condition)`.
#[test]
fn unknown_is_neither_true_nor_false() {
    let library = shelf();
    let (books, of_author) = (left(library.books), right(library.books));
    let cheap = || library.test(library.book, "price", Test::Less, "10");
    let not = |filter| FilterDraft::Not(Joiner::And, vec![filter]);
    let authors = |filter| found(&library, &filtered(library.author, vec![filter]));
    use RelatedTest::{Every, HasNone, Is, IsNot, None, Some};
    assert_eq!(authors(related(books, Some, vec![cheap()])), [3]);
    assert_eq!(authors(related(books, Every, vec![cheap()])), [1, 2, 3], "no price is no price above 10");
    assert_eq!(authors(related(books, Every, vec![not(cheap())])), [1, 2, 4]);
    assert_eq!(authors(related(books, None, vec![cheap()])), [1, 2, 4]);
    assert_eq!(authors(not(related(books, Every, vec![cheap()]))), [4]);
    assert_eq!(authors(related(books, Some, vec![not(cheap())])), [4]);
    assert_eq!(authors(count(books, Test::Equal, "1", vec![])), [2, 4]);
    assert_eq!(authors(count(books, Test::Equal, "0", vec![cheap()])), [1, 2, 4]);
    let titled = |filter| found(&library, &filtered(library.book, vec![filter]));
    let ben = || library.test(library.author, "name", Test::Equal, "Ben");
    assert_eq!(titled(not(cheap())), [4], "the opposite of unknown is unknown");
    assert_eq!(titled(related(of_author, Is, vec![ben()])), [1]);
    assert_eq!(
        titled(related(of_author, IsNot, vec![ben()])),
        [2, 3, 4, 5],
        "the one without an author, too"
    );
    assert_eq!(titled(related(of_author, HasNone, vec![])), [5]);
}

#[test]
fn functions_leave_out_what_has_no_value() {
    let library = shelf();
    let books = left(library.books);
    let price = Some(library.sketch.field(library.book, "price"));
    let compute =
        |function| ComputedDraft { aggregate: aggregate(function, books, price), name: String::new() };
    let draft = QueryDraft {
        computed: Function::all().map(compute).collect(),
        order: vec![by(library.sketch.field(library.author, "id"), false)],
        ..all(library.author, vec![joined(books, vec![])])
    };
    let execution = library.sketch.open().run(&library.sketch.plan(&draft), Limits::default());
    let computed: Rows =
        execution.graph.roots.iter().map(|&id| execution.graph.object(id).computed.clone()).collect();
    let row = |count, price: Option<f64>| {
        let price = price.map_or(Value::Null, Value::Real);
        vec![Value::Integer(count), price.clone(), price.clone(), price.clone(), price]
    };
    assert_eq!(computed, [row(0, None), row(1, None), row(2, Some(5.0)), row(1, Some(20.0))]);
    let names: Vec<&str> = execution
        .graph
        .objects
        .iter()
        .filter(|object| object.model == library.book)
        .map(|_| "book")
        .collect();
    assert_eq!(names.len(), 4, "what is computed repeats no row and loses none");
}

/// The one without an author comes where NULL comes, and is a group like any other.
#[test]
fn what_leads_nowhere_is_kept() {
    let library = shelf();
    let (of_author, name) = (right(library.books), library.sketch.field(library.author, "name"));
    let by_author = OrderDraft { through: vec![of_author], ..by(name, true) };
    let order = vec![by_author, by(library.sketch.field(library.book, "id"), false)];
    assert_eq!(found(&library, &QueryDraft { order, ..QueryDraft::all(library.book) }), [4, 2, 3, 1, 5]);

    let key = GroupKeyDraft { through: vec![of_author], field: Some(name), descending: false };
    let counted = GroupValueDraft { descending: Some(true), ..GroupValueDraft::default() };
    let field = Some(library.sketch.field(library.book, "price"));
    let mean = GroupValueDraft { function: Function::Average, field, ..GroupValueDraft::default() };
    let grouping = Some(GroupingDraft { keys: vec![key], values: vec![counted, mean] });
    let draft = QueryDraft { grouping, ..QueryDraft::all(library.book) };
    let (schema, relational) = library.sketch.compile();
    let Some(Question::Groups(grouping)) = query::ask(&draft, &schema).value else { panic!("no groups") };
    let statement = render(&query::group(&grouping, &schema, &relational).select, &[]);
    let rows = library.sketch.open().query(&statement, Limits::default()).unwrap();
    let text = |name: &str| Value::Text(name.into());
    let (one, two) = (Value::Integer(1), Value::Integer(2));
    let expected: [[Value; 3]; 4] = [
        [text("Cal"), two, Value::Real(5.0)],
        [Value::Null, one.clone(), Value::Real(5.0)],
        [text("Ben"), one.clone(), Value::Null],
        [text("Dee"), one, Value::Real(20.0)],
    ];
    assert_eq!(rows, expected);
}

/// A join model may name a pair twice, or only half of one; the collection has each object once.
#[test]
fn what_is_read_through_a_join_model_counts_once() {
    let mut sketch = Sketch::new();
    let student = sketch.model("Student", &[]);
    let course = sketch.model("Course", &[("points", Integer)]);
    let entry = sketch.model("Entry", &[]);
    let (students, courses) = (sketch.one_to_many(student, entry), sketch.one_to_many(course, entry));
    let through = sketch.many_to_many(student, course);
    sketch.name_ends(through, "courses", "students");
    sketch.link_mut(through).through = Some(Through { left: students, right: courses });
    let (one, two) = (sketch.row(student, &[""]), sketch.row(student, &[""]));
    let (art, music) = (sketch.row(course, &["", "3"]), sketch.row(course, &["", "4"]));
    for (who, what) in [(one, Some(art)), (one, Some(art)), (one, Some(music)), (two, None)] {
        let entry = sketch.row(entry, &[""]);
        sketch.link(students, who, entry);
        what.into_iter().for_each(|course| sketch.link(courses, course, entry));
    }
    let points = Some(sketch.field(course, "points"));
    let compute = |function| ComputedDraft {
        aggregate: aggregate(function, left(through), points),
        ..ComputedDraft::default()
    };
    let draft = QueryDraft {
        computed: vec![compute(Function::Count), compute(Function::Sum)],
        filters: vec![count(left(through), Test::LessOrEqual, "2", vec![])],
        ..all(student, vec![joined(left(through), vec![])])
    };
    let execution = sketch.open().run(&sketch.plan(&draft), Limits::default());
    let graph = &execution.graph;
    let computed: Rows = graph.roots.iter().map(|&id| graph.object(id).computed.clone()).collect();
    assert_eq!(computed, [[Value::Integer(2), Value::Integer(7)], [Value::Integer(0), Value::Null]]);
    let none = QueryDraft {
        filters: vec![related(left(through), RelatedTest::None, vec![])],
        ..QueryDraft::all(student)
    };
    let execution = sketch.open().run(&sketch.plan(&none), Limits::default());
    assert_eq!(execution.graph.object(execution.graph.roots[0]).key, [Value::Integer(2)]);
}

/// As with SQLAlchemy's `load_only`: what was not asked for is not loaded, rather than NULL.
#[test]
fn fields_that_are_not_wanted_are_not_loaded() {
    let library = shelf();
    let fields = vec![library.sketch.field(library.book, "title")];
    let books = left(library.books);
    for strategy in Strategy::loading() {
        let include = IncludeDraft::new(books, strategy, vec![]);
        let back = IncludeDraft::new(right(library.books), strategy, vec![include]);
        let draft = QueryDraft { fields: fields.clone(), ..all(library.book, vec![back]) };
        let execution = library.sketch.open().run(&library.sketch.plan(&draft), Limits::default());
        let read = execution.graph.objects.iter().filter(|object| object.model == library.book);
        let columns: Vec<(&[usize], &Value)> =
            read.map(|object| (object.unloaded.as_slice(), &object.values[1])).collect();
        assert_eq!(columns.len(), 5);
        for (unloaded, title) in columns {
            assert_eq!(unloaded, [2, 3], "{strategy:?}: neither the price nor the year");
            assert!(!title.is_null());
        }
    }
}

fn said(library: &Library, draft: &QueryDraft) -> Vec<(Place, String)> {
    let report = query::ask(draft, &library.sketch.compile().0);
    let errors = report.diagnostics.iter().any(|found| found.severity == Severity::Error);
    assert_eq!(report.value.is_some(), !errors, "a query exactly without errors");
    let lines = report.diagnostics.into_iter().map(|found| {
        let text = format!("{:?}: {} {}", found.severity, found.message, found.mend);
        (found.place, text.trim().to_owned())
    });
    lines.collect()
}

#[test]
fn what_does_not_fit_is_said_where_it_stands() {
    let library = library();
    let Library { author, book, .. } = library;
    let (books, of_author, tags) = (left(library.books), right(library.books), left(library.tags));
    let (name, title) = (library.sketch.field(author, "name"), library.sketch.field(book, "title"));
    let between = TestDraft { field: Some(name), test: Test::Between, value: "z".into(), upper: "a".into() };
    let counted = |compare, number: &str| count(books, compare, number, vec![]);
    let draft = QueryDraft {
        filters: vec![
            related(books, RelatedTest::Is, vec![]),
            related(
                books,
                RelatedTest::Some,
                vec![
                    test(name, Test::Equal, "x"),
                    FilterDraft::Not(Joiner::And, vec![related(of_author, RelatedTest::Every, vec![])]),
                ],
            ),
            related(of_author, RelatedTest::Is, vec![]),
            counted(Test::Like, "1"),
            counted(Test::Less, "-1"),
            test(name, Test::NotIn, " , "),
            FilterDraft::Test(between),
        ],
        computed: vec![
            ComputedDraft {
                aggregate: aggregate(Function::Sum, books, Some(title)),
                ..ComputedDraft::default()
            },
            ComputedDraft { aggregate: aggregate(Function::Count, books, None), name: "Name".into() },
            ComputedDraft { aggregate: aggregate(Function::Max, tags, None), ..ComputedDraft::default() },
        ],
        distinct: true,
        order: vec![
            OrderDraft { through: vec![books], ..by(title, false) },
            OrderDraft { aggregate: Some(AggregateDraft::default()), ..OrderDraft::default() },
        ],
        ..QueryDraft::all(author)
    };
    let lines: Vec<String> =
        said(&library, &draft).into_iter().map(|(place, text)| format!("{place:?} {text}")).collect();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("diagnostics", lines.join("\n"));
    });

    let value = |function, field| GroupValueDraft { function, field, ..GroupValueDraft::default() };
    let having = HavingDraft { test: Test::Less, value: "many".into(), upper: String::new() };
    let grouped =
        |keys, values| QueryDraft { grouping: Some(GroupingDraft { keys, values }), ..QueryDraft::all(book) };
    assert_eq!(said(&library, &grouped(vec![], vec![])).len(), 1);
    let wrong = grouped(
        vec![GroupKeyDraft::default(), GroupKeyDraft { through: vec![tags], ..GroupKeyDraft::default() }],
        vec![
            value(Function::Average, Some(title)),
            GroupValueDraft { having: Some(having), ..value(Function::Count, None) },
        ],
    );
    let lines: Vec<String> =
        said(&library, &wrong).into_iter().map(|(place, text)| format!("{place:?} {text}")).collect();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("diagnostics_of_groups", lines.join("\n"));
    });
}

/// Queries saved before there were any of these questions.
#[test]
fn old_queries_open() {
    let old = r#"{"root":1,"includes":[],"joiner":"And","filters":[{"Group":["Or",[{"Test":{"field":5,"test":"In",
        "value":"a"}}]]}],"order":[{"field":5,"descending":true}],"limit":"","offset":""}"#;
    let query: QueryDraft = serde_json::from_str(old).unwrap();
    let expected = QueryDraft {
        filters: vec![FilterDraft::Group(Joiner::Or, vec![test(FieldId(5), Test::In, "a")])],
        order: vec![by(FieldId(5), true)],
        ..QueryDraft::all(ModelId(1))
    };
    assert_eq!(query, expected);
}
