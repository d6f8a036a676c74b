//! Questions across relationships: what becomes of them in SQL.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::protocol::Limits;
use relata::query::{
    self, ComputedDraft, FilterDraft, GroupKeyDraft, GroupValueDraft, GroupingDraft, HavingDraft, Joiner,
    OrderDraft, QueryDraft, Question, RelatedTest, Test, TestDraft,
};
use relata::schema::EndId;
use relata::sql::{Function, render};

mod support;
use support::library::{Library, aggregate, count, filtered, library, related};
use support::{Sketch, by, check_spans, joined, left, right};

/// The statements of several queries under headings against one snapshot. SQLite has to take each.
fn check(name: &str, sketch: &Sketch, queries: &[(&str, QueryDraft)]) {
    let (schema, relational) = sketch.compile();
    let mut database = sketch.open();
    let mut text = String::new();
    for (heading, draft) in queries {
        let report = query::ask(draft, &schema);
        let (select, columns) = match report.value.unwrap_or_else(|| panic!("{:#?}", report.diagnostics)) {
            Question::Objects(query) => {
                let step = query::plan(&query, &schema, &relational).steps.remove(0);
                (step.select, step.outputs)
            }
            Question::Groups(grouping) => {
                let plan = query::group(&grouping, &schema, &relational);
                (plan.select, plan.columns)
            }
        };
        let statement = render(&select, &[]);
        check_spans(&statement);
        for row in database.query(&statement, Limits::default()).unwrap() {
            assert_eq!(row.len(), columns.len());
        }
        text.push_str(&format!("# {heading}\n{}\n-- {:?}\n\n", statement.text, statement.params));
    }
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn filters_across_relationships() {
    let library = library();
    let Library { author, book, .. } = library;
    let (books, of_author) = (left(library.books), right(library.books));
    let (tags, cover, of_book) = (left(library.tags), left(library.covers), right(library.covers));
    let cheap = || library.test(book, "price", Test::Less, "10");
    let named = || library.test(author, "name", Test::Like, "A%");
    let tagged = || library.test(library.tag, "word", Test::Equal, "new");
    let on = |filters| filtered(author, filters);
    let of_books = |filters| filtered(book, filters);
    use RelatedTest::{Every, HasNone, HasOne, Is, IsNot, None, Some};
    check(
        "filters",
        &library.sketch,
        &[
            ("some", on(vec![related(books, Some, vec![cheap()])])),
            ("every", on(vec![related(books, Every, vec![cheap()])])),
            ("none", on(vec![related(books, None, vec![cheap()])])),
            ("some at all", on(vec![related(books, Some, vec![])])),
            ("count", on(vec![count(books, Test::GreaterOrEqual, "2", vec![])])),
            ("count of some", on(vec![count(books, Test::Equal, "0", vec![cheap()])])),
            ("beside others", on(vec![named(), related(books, Some, vec![cheap()]), named()])),
            ("is", of_books(vec![related(of_author, Is, vec![named()])])),
            ("is not", of_books(vec![related(of_author, IsNot, vec![named()])])),
            ("has one, by its own key", of_books(vec![related(of_author, HasOne, vec![])])),
            ("has none, by its own key", of_books(vec![related(of_author, HasNone, vec![])])),
            ("has none, by the other's key", of_books(vec![related(cover, HasNone, vec![])])),
            ("many-to-many", of_books(vec![related(tags, Some, vec![tagged()])])),
            ("many-to-many at all", of_books(vec![related(tags, None, vec![])])),
            ("many-to-many, how many", of_books(vec![count(tags, Test::Greater, "1", vec![])])),
            (
                "three deep",
                filtered(
                    library.country,
                    vec![related(
                        left(library.authors),
                        Some,
                        vec![named(), related(books, Every, vec![related(tags, Some, vec![tagged()])])],
                    )],
                ),
            ),
            ("there and back", on(vec![related(books, Some, vec![related(of_author, Is, vec![named()])])])),
            (
                "not",
                on(vec![FilterDraft::Not(Joiner::Or, vec![named(), related(books, Some, vec![cheap()])])]),
            ),
            (
                "not of one that exists",
                filtered(
                    library.cover,
                    vec![FilterDraft::Not(Joiner::And, vec![related(of_book, Is, vec![cheap()])])],
                ),
            ),
        ],
    );
}

#[test]
fn filters_of_a_model_with_itself_and_by_composite_keys() {
    let library = library();
    let named = || library.test(library.person, "name", Test::Between, "A");
    let between = |upper: &str| {
        let FilterDraft::Test(test) = named() else { panic!("a test") };
        FilterDraft::Test(TestDraft { upper: upper.into(), ..test })
    };
    let on = |filters| filtered(library.person, filters);
    let (staff, boss) = (left(library.staff), right(library.staff));
    use RelatedTest::{HasNone, HasOne, Is, Some};
    check(
        "filters_itself",
        &library.sketch,
        &[
            ("down", on(vec![related(staff, Some, vec![between("M")])])),
            ("up twice", on(vec![related(boss, Is, vec![related(boss, Is, vec![between("M")])])])),
            (
                "friends of friends",
                on(vec![related(
                    left(library.friends),
                    Some,
                    vec![related(left(library.friends), Some, vec![between("M")])],
                )]),
            ),
            (
                "beside a join",
                QueryDraft {
                    includes: vec![joined(staff, vec![])],
                    ..on(vec![related(staff, Some, vec![between("M")])])
                },
            ),
            (
                "composite, has one",
                filtered(library.desk, vec![related(right(library.desks), HasOne, vec![])]),
            ),
            (
                "composite, has none",
                filtered(library.desk, vec![related(right(library.desks), HasNone, vec![])]),
            ),
            (
                "composite, count",
                filtered(library.room, vec![count(left(library.desks), Test::Less, "3", vec![])]),
            ),
        ],
    );
}

#[test]
fn order_and_computed_values() {
    let library = library();
    let Library { author, book, .. } = library;
    let (books, of_author, of_country) = (left(library.books), right(library.books), right(library.authors));
    let name = library.sketch.field(author, "name");
    let price = Some(library.sketch.field(book, "price"));
    let term = |through: Vec<EndId>, model, field| OrderDraft {
        through,
        ..by(library.sketch.field(model, field), false)
    };
    let most = |function, field, descending| OrderDraft {
        aggregate: Some(aggregate(function, books, field)),
        descending,
        ..OrderDraft::default()
    };
    let compute = |function, field, name: &str| ComputedDraft {
        aggregate: aggregate(function, books, field),
        name: name.into(),
    };
    let authors = |computed, order| QueryDraft { computed, order, ..QueryDraft::all(author) };
    let by_author = vec![
        term(vec![of_author, of_country], library.country, "name"),
        term(vec![of_author], author, "name"),
    ];
    let of_books = QueryDraft { order: by_author, ..QueryDraft::all(book) };
    let computed = authors(
        vec![compute(Function::Count, None, ""), compute(Function::Average, price, "mean")],
        vec![most(Function::Count, None, true), most(Function::Max, price, false), by(name, false)],
    );
    let limited = |query: QueryDraft, end| QueryDraft {
        includes: vec![joined(end, vec![])],
        limit: "2".into(),
        ..query
    };
    check(
        "order",
        &library.sketch,
        &[
            ("by related", of_books.clone()),
            (
                "by the boss, beside a joined boss",
                QueryDraft {
                    includes: vec![joined(right(library.staff), vec![])],
                    order: vec![term(vec![right(library.staff)], library.person, "name")],
                    ..QueryDraft::all(library.person)
                },
            ),
            ("by related, limited, with a joined collection", limited(of_books, left(library.tags))),
            ("computed", computed.clone()),
            ("computed, limited, with a joined collection", limited(computed, books)),
            ("distinct", QueryDraft { distinct: true, ..QueryDraft::all(author) }),
            (
                "many-to-many",
                QueryDraft {
                    computed: vec![ComputedDraft {
                        aggregate: aggregate(Function::Count, left(library.tags), None),
                        name: "title_count".into(),
                    }],
                    ..QueryDraft::all(book)
                },
            ),
        ],
    );
}

#[test]
fn groups() {
    let library = library();
    let Library { author, book, .. } = library;
    let of_author = right(library.books);
    let key = |through, model, field| GroupKeyDraft {
        through,
        field: Some(library.sketch.field(model, field)),
        descending: false,
    };
    let value = |function, field: &str| GroupValueDraft {
        function,
        field: Some(library.sketch.field(book, field)),
        ..GroupValueDraft::default()
    };
    let at_least = |value: &str| {
        Some(HavingDraft { test: Test::GreaterOrEqual, value: value.into(), upper: String::new() })
    };
    let counted =
        GroupValueDraft { having: at_least("2"), descending: Some(true), ..GroupValueDraft::default() };
    let mean = GroupValueDraft { having: at_least("9.5"), ..value(Function::Average, "price") };
    let grouped =
        |keys, values| QueryDraft { grouping: Some(GroupingDraft { keys, values }), ..QueryDraft::all(book) };
    check(
        "groups",
        &library.sketch,
        &[
            ("by an own field", grouped(vec![key(vec![], book, "year")], vec![GroupValueDraft::default()])),
            (
                "by a related field",
                QueryDraft {
                    filters: vec![
                        library.test(book, "title", Test::NotLike, "%draft%"),
                        related(of_author, RelatedTest::HasOne, vec![]),
                    ],
                    limit: "5".into(),
                    ..grouped(vec![key(vec![of_author], author, "name")], vec![counted, mean])
                },
            ),
            (
                "all of them",
                grouped(vec![], vec![value(Function::Min, "title"), value(Function::Sum, "year")]),
            ),
            (
                "over related fields",
                grouped(
                    vec![key(vec![], book, "year")],
                    vec![GroupValueDraft {
                        through: vec![of_author],
                        field: Some(library.sketch.field(author, "name")),
                        name: "first".into(),
                        ..value(Function::Min, "title")
                    }],
                ),
            ),
        ],
    );
}

/// The key comes along, and what leads to other objects; what the order needs is not thereby loaded.
#[test]
fn chosen_fields() {
    let library = library();
    let fields = vec![library.sketch.field(library.book, "title")];
    let titles = QueryDraft { fields, ..QueryDraft::all(library.book) };
    let order = vec![by(library.sketch.field(library.book, "price"), true)];
    let (author, tags) = (right(library.books), left(library.tags));
    let back = joined(author, vec![joined(left(library.books), vec![])]);
    check(
        "chosen",
        &library.sketch,
        &[
            ("alone", titles.clone()),
            (
                "limited, by another field, with a joined collection",
                QueryDraft {
                    includes: vec![joined(tags, vec![])],
                    order,
                    limit: "2".into(),
                    ..titles.clone()
                },
            ),
            ("met again", QueryDraft { includes: vec![back], ..titles }),
        ],
    );
}

/// A comment needs something that it is on, but what it is on need not be a post.
#[test]
fn a_polymorphic_key_is_not_joined_inner() {
    let mut project = relata::project::Sample::Comments.project();
    project.draft.relationships.iter_mut().for_each(|link| link.required = true);
    let schema = relata::schema::check(&project.draft).value.unwrap();
    let mut asked = project.query;
    asked.includes.iter_mut().for_each(|include| include.strategy = query::Strategy::Joined);
    assert!(query::ask(&asked, &schema).value.is_some());
    asked.includes[0].inner = true;
    let message = &query::ask(&asked, &schema).diagnostics[0].message;
    assert!(message.starts_with("An inner join would leave out each Comment without"), "{message}");
}
