//! Query in, plan out: the statements of each strategy as text, with how often they run. That SQLite takes them, and
//! that their columns are what the plan says, is checked for every one.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::query::{IncludeDraft, Plan, QueryDraft, Strategy};
use relata::schema::FieldType::{Integer, Text};
use relata::schema::{EndId, ModelId, RelationshipId};
use relata::sql::{ddl, render};
use relata::value::Value;
use rusqlite::Connection;

mod support;
use support::{Sketch, all, check_spans, joined, lazy, left, right, select_in};

/// Several queries under headings against one snapshot.
fn check(name: &str, sketch: &Sketch, queries: &[(&str, QueryDraft)]) {
    let (schema, relational) = sketch.compile();
    let connection = Connection::open_in_memory().unwrap();
    for statement in ddl(&relational) {
        connection.execute(&statement.text, []).unwrap();
    }
    let mut text = String::new();
    for (heading, query) in queries {
        let plan = sketch.plan(query);
        text.push_str(&format!("# {heading}\n{}\n", plan.print(&schema, &relational)));
        prepare(&connection, &plan);
    }
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

/// Every statement, for one key and for three, is prepared by SQLite and has the columns and parameters it says.
fn prepare(connection: &Connection, plan: &Plan) {
    for step in &plan.steps {
        let width = step.runs.key().len();
        for keys in [1, 3] {
            let statement = render(&step.select, &vec![vec![Value::Integer(1); width]; keys]);
            check_spans(&statement);
            let prepared = connection.prepare(&statement.text).unwrap_or_else(|error| panic!("{error}"));
            let labels: Vec<&str> = step.outputs.iter().map(|output| output.label.as_str()).collect();
            assert_eq!(prepared.column_names().collect::<Vec<_>>(), labels, "{}", statement.text);
            assert_eq!(prepared.parameter_count(), statement.params.len(), "{}", statement.text);
        }
    }
}

fn each_strategy(root: ModelId, end: EndId) -> Vec<(&'static str, QueryDraft)> {
    vec![
        ("lazy", all(root, vec![lazy(end, vec![])])),
        ("joined", all(root, vec![joined(end, vec![])])),
        ("select-in", all(root, vec![select_in(end, vec![])])),
    ]
}

/// Country ─< Author ─< Book ─1 Cover, Book >─< Tag.
struct Library {
    sketch: Sketch,
    author: ModelId,
    book: ModelId,
    authors: RelationshipId,
    books: RelationshipId,
    covers: RelationshipId,
    tags: RelationshipId,
}

fn library() -> Library {
    let mut sketch = Sketch::new();
    let country = sketch.model("Country", &[("name", Text)]);
    let author = sketch.model("Author", &[("name", Text), ("born", Integer)]);
    let book = sketch.model("Book", &[("title", Text)]);
    let cover = sketch.model("Cover", &[("colour", Text)]);
    let tag = sketch.model("Tag", &[("word", Text)]);
    let authors = sketch.one_to_many(country, author);
    let books = sketch.one_to_many(author, book);
    let covers = sketch.one_to_one(book, cover);
    let tags = sketch.many_to_many(book, tag);
    Library { sketch, author, book, authors, books, covers, tags }
}

#[test]
fn each_strategy_for_each_kind_of_property() {
    let library = library();
    check("has_many", &library.sketch, &each_strategy(library.author, left(library.books)));
    check("belongs_to", &library.sketch, &each_strategy(library.book, right(library.books)));
    check("has_one", &library.sketch, &each_strategy(library.book, left(library.covers)));
    check("many_to_many", &library.sketch, &each_strategy(library.book, left(library.tags)));
}

#[test]
fn a_model_with_itself() {
    let mut sketch = Sketch::new();
    let person = sketch.model("Person", &[]);
    let tree = sketch.one_to_many(person, person);
    let friends = sketch.many_to_many(person, person);
    sketch.name_ends(friends, "friends", "friend_of");
    let grandparents = |include: fn(EndId, Vec<IncludeDraft>) -> IncludeDraft| {
        all(person, vec![include(right(tree), vec![include(right(tree), vec![])])])
    };
    check("itself_up", &sketch, &each_strategy(person, right(tree)));
    check("itself_down", &sketch, &each_strategy(person, left(tree)));
    check("itself_friends", &sketch, &each_strategy(person, left(friends)));
    check("itself_friend_of", &sketch, &each_strategy(person, right(friends)));
    let queries = [("lazy", grandparents(lazy)), ("joined", grandparents(joined))];
    check("itself_twice", &sketch, &[&queries[..], &[("select-in", grandparents(select_in))]].concat());
}

#[test]
fn composite_keys() {
    let mut sketch = Sketch::new();
    let room = sketch.keyed("Room", &[("building", Text), ("number", Integer)], &[]);
    let desk = sketch.model("Desk", &[]);
    let person = sketch.model("Person", &[]);
    let desks = sketch.one_to_many(room, desk);
    let people = sketch.many_to_many(room, person);
    check("composite_has_many", &sketch, &each_strategy(room, left(desks)));
    check("composite_belongs_to", &sketch, &each_strategy(desk, right(desks)));
    check("composite_many_to_many", &sketch, &each_strategy(room, left(people)));
}

/// A limit counts objects. Where a joined collection would make it count rows, it moves into a subquery, and the order
/// is repeated outside; a joined property to one leaves it where it is.
#[test]
fn limits() {
    let library = library();
    let name = library.sketch.field(library.author, "name");
    let title = library.sketch.field(library.book, "title");
    let limited = |query: QueryDraft, field, limit: &str, offset: &str| QueryDraft {
        order: vec![support::by(field, true)],
        limit: limit.into(),
        offset: offset.into(),
        ..query
    };
    let (books, author, cover) = (left(library.books), right(library.books), left(library.covers));
    let authors = |include| all(library.author, vec![include]);
    let of_books = |includes| all(library.book, includes);
    let filtered = QueryDraft {
        filters: vec![support::test(name, relata::query::Test::Like, "A%")],
        ..authors(joined(books, vec![]))
    };
    check(
        "limits",
        &library.sketch,
        &[
            ("joined collection", limited(authors(joined(books, vec![])), name, "2", "1")),
            ("joined collection, filtered", limited(filtered, name, "2", "")),
            ("offset without limit", limited(authors(joined(books, vec![])), name, "", "3")),
            ("limit alone", limited(authors(select_in(books, vec![])), name, "2", "")),
            ("joined to one", limited(of_books(vec![joined(author, vec![])]), title, "2", "1")),
            ("joined has-one", limited(of_books(vec![joined(cover, vec![])]), title, "2", "")),
            (
                "joined collection behind a joined to one",
                limited(of_books(vec![joined(author, vec![joined(books, vec![])])]), title, "2", ""),
            ),
            (
                "joined collection behind a select-in",
                limited(of_books(vec![select_in(author, vec![joined(books, vec![])])]), title, "2", ""),
            ),
        ],
    );
}

#[test]
fn nested() {
    let library = library();
    let (authors, books, tags) = (left(library.authors), left(library.books), left(library.tags));
    let (cover, author) = (left(library.covers), right(library.books));
    let country = library.sketch.project.draft.models[0].id;
    let below = |include| all(country, vec![joined(authors, vec![include])]);
    check(
        "nested",
        &library.sketch,
        &[
            ("joined in joined in joined", below(joined(books, vec![joined(tags, vec![])]))),
            (
                "two joined side by side",
                all(library.book, vec![joined(author, vec![]), joined(tags, vec![])]),
            ),
            ("select-in under joined", below(select_in(books, vec![]))),
            ("lazy under joined", below(lazy(books, vec![]))),
            (
                "joined under select-in",
                all(country, vec![select_in(authors, vec![joined(books, vec![joined(cover, vec![])])])]),
            ),
            (
                "joined many-to-many under lazy",
                all(library.author, vec![lazy(books, vec![joined(tags, vec![])])]),
            ),
            (
                "lazy under select-in",
                all(country, vec![select_in(authors, vec![lazy(books, vec![lazy(cover, vec![])])])]),
            ),
            (
                "select-in under select-in",
                all(country, vec![select_in(authors, vec![select_in(books, vec![select_in(tags, vec![])])])]),
            ),
            (
                "there and back",
                all(library.author, vec![joined(books, vec![joined(author, vec![joined(books, vec![])])])]),
            ),
        ],
    );
}

fn by_strategy(strategy: Strategy, end: EndId, below: Vec<IncludeDraft>) -> IncludeDraft {
    IncludeDraft::new(end, strategy, below)
}

/// Immediate loading and raise have the statements of lazy loading, so one of each kind of property is enough.
#[test]
fn strategies_beyond_the_first_three() {
    let library = library();
    let sketch = &library.sketch;
    let (books, author) = (left(library.books), right(library.books));
    let (tags, tagged, cover) = (left(library.tags), right(library.tags), left(library.covers));
    for strategy in [Strategy::Subquery, Strategy::Json, Strategy::Immediate, Strategy::Raise] {
        let one = |root, end| all(root, vec![by_strategy(strategy, end, vec![])]);
        check(
            strategy.label(),
            sketch,
            &[
                ("has many", one(library.author, books)),
                ("belongs to", one(library.book, author)),
                ("has one", one(library.book, cover)),
                ("many to many", one(library.book, tags)),
                ("many to many, from the other side", one(sketch.project.draft.models[4].id, tagged)),
            ],
        );
    }
}

#[test]
fn subqueries_start_from_the_statement_that_began_it_all() {
    let library = library();
    let (authors, books, tags) = (left(library.authors), left(library.books), left(library.tags));
    let country = library.sketch.project.draft.models[0].id;
    let name = library.sketch.field(country, "name");
    let sub = |end, below| by_strategy(Strategy::Subquery, end, below);
    let to_tags = || sub(books, vec![sub(tags, vec![])]);
    let limited = |query: QueryDraft| QueryDraft { limit: "2".into(), ..query };
    let ordered = QueryDraft {
        order: vec![support::by(name, true)],
        filters: vec![support::test(name, relata::query::Test::Like, "F%")],
        ..all(country, vec![sub(authors, vec![])])
    };
    check(
        "subqueries",
        &library.sketch,
        &[
            ("three levels", all(country, vec![sub(authors, vec![to_tags()])])),
            ("below joined", all(country, vec![joined(authors, vec![to_tags()])])),
            ("below select-in", all(country, vec![select_in(authors, vec![to_tags()])])),
            ("below lazy", all(country, vec![lazy(authors, vec![to_tags()])])),
            ("filtered and ordered", ordered.clone()),
            ("limited", limited(ordered)),
            ("limited, to one", limited(all(library.book, vec![sub(right(library.books), vec![])]))),
            (
                "limited beside a joined collection",
                limited(all(
                    library.author,
                    vec![joined(books, vec![]), sub(right(library.authors), vec![])],
                )),
            ),
        ],
    );
}

#[test]
fn json_inside_json() {
    let library = library();
    let (authors, books, tags) = (left(library.authors), left(library.books), left(library.tags));
    let country = library.sketch.project.draft.models[0].id;
    let json = |end, below| by_strategy(Strategy::Json, end, below);
    let in_books = |below| all(country, vec![json(authors, vec![json(books, vec![below])])]);
    check(
        "json_nested",
        &library.sketch,
        &[
            ("three levels", in_books(json(tags, vec![]))),
            ("joined becomes JSON too", in_books(joined(tags, vec![]))),
            ("select-in takes its keys from it", in_books(select_in(tags, vec![]))),
            ("below joined", all(country, vec![joined(authors, vec![json(books, vec![])])])),
        ],
    );
}

/// Where each object has its target, an inner join loses nothing; behind an outer one it goes into its parentheses.
#[test]
fn inner_joins_and_depth() {
    let mut library = library();
    library.sketch.project.draft.relationship_mut(library.books).unwrap().required = true;
    let person = library.sketch.model("Person", &[]);
    let tree = library.sketch.one_to_many(person, person);
    let (tags, tagged) = (left(library.tags), right(library.tags));
    let inner = IncludeDraft { inner: true, ..joined(right(library.books), vec![]) };
    let tag = library.sketch.project.draft.models[4].id;
    let cover = library.sketch.project.draft.models[3].id;
    let deep = |strategy, depth| {
        all(person, vec![IncludeDraft { depth, ..by_strategy(strategy, left(tree), vec![]) }])
    };
    check(
        "inner_and_depth",
        &library.sketch,
        &[
            ("inner", all(library.book, vec![inner.clone()])),
            ("inner behind an outer many-to-many", all(tag, vec![joined(tagged, vec![inner.clone()])])),
            ("inner behind an outer", all(cover, vec![joined(right(library.covers), vec![inner.clone()])])),
            ("outer behind an inner", all(library.book, vec![inner, joined(tags, vec![])])),
            ("two levels, joined", deep(Strategy::Joined, 2)),
            ("three levels, select-in", deep(Strategy::SelectIn, 3)),
        ],
    );
}
