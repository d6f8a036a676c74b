//! Schema and query in, programs for other ORMs out. That they run, and do the same, is what the oracle shows.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use relata::emit::{django, sqlalchemy};
use relata::mapping::map;
use relata::project::{Project, Sample};
use relata::query::{
    self, AggregateDraft, ComputedDraft, FilterDraft, GroupKeyDraft, GroupValueDraft, GroupingDraft,
    HavingDraft, IncludeDraft, Joiner, OrderDraft, QueryDraft, Question, RelatedDraft, RelatedTest, Strategy,
    Test,
};
use relata::schema::check;

#[path = "oracle/shapes.rs"]
#[allow(dead_code, reason = "not everything that is compared is shown")]
mod shapes;
mod support;
use support::{Sketch, all, by, joined, lazy, left, right, select_in, test};

/// Both programs for a project, or why there is none.
fn programs(project: &Project) -> [String; 2] {
    let schema = check(&project.draft).value.unwrap();
    let relational = map(&schema).value.unwrap();
    let query = query::check(&project.query, &schema).value;
    let django = django::program(&schema, &relational, query.as_ref());
    [
        sqlalchemy::program(&schema, &relational, query.as_ref()).to_string(),
        django.map_or_else(|reason| reason, |program| program.to_string()),
    ]
}

fn snapshot(name: &str, project: &Project) {
    let [sqlalchemy, django] = programs(project);
    insta::assert_snapshot!(format!("sqlalchemy_{name}"), sqlalchemy);
    insta::assert_snapshot!(format!("django_{name}"), django);
}

#[test]
fn samples() {
    for sample in Sample::all() {
        snapshot(&format!("{sample:?}"), &sample.project());
    }
}

/// The first property of the first model, and everything behind it.
fn loading(project: &Project, strategy: Strategy) -> QueryDraft {
    let schema = check(&project.draft).value.unwrap();
    let model = schema.models().next().unwrap();
    let end = schema.ends_of(model.id).next().unwrap();
    let below = schema.ends_of(end.target.id).map(|end| select_in(end.id, vec![])).collect();
    all(model.id, vec![IncludeDraft::new(end.id, strategy, below)])
}

#[test]
fn shapes_that_need_more_words() {
    let wanted = [
        ("composite", "composite key, many-to-many"),
        ("composite_one_to_one", "composite key, one-to-one"),
        ("itself", "many-to-many with itself"),
        ("odd_names", "odd names"),
        ("ring", "ring of two models"),
        ("tree", "tree"),
        ("two", "two between the same models"),
        ("types", "text key"),
    ];
    for (file, name) in wanted {
        let shape = shapes::all().into_iter().find(|shape| shape.name == name).unwrap();
        let mut project = shape.project;
        project.query = loading(&project, Strategy::Joined);
        snapshot(file, &project);
    }
}

#[test]
fn a_query_with_everything() {
    let mut sketch = Sketch::of(Sample::AuthorBook);
    let (author, book) = (relata::schema::ModelId(1), relata::schema::ModelId(2));
    let tag = sketch.model("Tag", &[("word", relata::schema::FieldType::Text)]);
    let tags = sketch.many_to_many(book, tag);
    let books = sketch.project.draft.relationships[0].id;
    let (id, name) = (sketch.field(author, "id"), sketch.field(author, "name"));
    let below = vec![select_in(left(tags), vec![lazy(right(tags), vec![])]), joined(right(books), vec![])];
    sketch.project.query = QueryDraft {
        joiner: Joiner::Or,
        filters: vec![
            test(name, Test::Like, "%le%"),
            FilterDraft::Group(
                Joiner::And,
                vec![
                    test(name, Test::NotEqual, "Homer"),
                    test(id, Test::In, "1, 2, 3"),
                    test(name, Test::IsNotNull, ""),
                ],
            ),
        ],
        order: vec![by(name, true), by(id, false)],
        limit: "10".into(),
        offset: "5".into(),
        ..all(author, vec![select_in(left(books), below)])
    };
    snapshot("everything", &sketch.project);
}

/// Conditions on what is related, values over it, chosen fields, a filtered include, and cascades.
#[test]
fn a_query_about_what_is_related() {
    let mut sketch = Sketch::of(Sample::AuthorBook);
    let (author, book) = (relata::schema::ModelId(1), relata::schema::ModelId(2));
    let books = sketch.project.draft.relationships[0].id;
    let cascades = &mut sketch.link_mut(books).left.cascades;
    (cascades.delete, cascades.delete_orphan) = (true, true);
    let (name, title) = (sketch.field(author, "name"), sketch.field(book, "title"));
    let related = |end, test, filters| {
        FilterDraft::Related(RelatedDraft { end: Some(end), test, filters, ..RelatedDraft::default() })
    };
    let count = FilterDraft::Related(RelatedDraft {
        end: Some(left(books)),
        test: RelatedTest::Count,
        compare: Test::Greater,
        count: "1".into(),
        ..RelatedDraft::default()
    });
    let number = AggregateDraft { end: Some(left(books)), ..AggregateDraft::default() };
    let mut include = select_in(left(books), vec![]);
    include.filters = vec![test(title, Test::Like, "The %")];
    sketch.project.query = QueryDraft {
        filters: vec![
            count,
            related(
                left(books),
                RelatedTest::Every,
                vec![related(right(books), RelatedTest::Is, vec![test(name, Test::NotLike, "X%")])],
            ),
        ],
        fields: vec![name],
        computed: vec![ComputedDraft { aggregate: number.clone(), name: String::new() }],
        order: vec![OrderDraft { aggregate: Some(number), descending: true, ..OrderDraft::default() }],
        ..all(author, vec![include])
    };
    snapshot("related", &sketch.project);
}

/// Kinds of a model, and conditions on what is loaded that need other words than those of the strategy.
#[test]
fn a_query_about_kinds_with_conditions_on_what_is_loaded() {
    let mut sketch = Sketch::of(Sample::Employees);
    let named = |name: &str| {
        let mut models = sketch.project.draft.models.iter();
        models.find(|model| model.name == name).unwrap().id
    };
    let (employee, manager) = (named("Employee"), named("Manager"));
    let reports = sketch.project.draft.relationships[1].id;
    let (to_manager, to_reports) = (right(reports), left(reports));
    let name = sketch.field(employee, "name");
    let managed = FilterDraft::Related(RelatedDraft {
        end: Some(to_manager),
        test: RelatedTest::Is,
        filters: vec![test(name, Test::Like, "A%")],
        ..RelatedDraft::default()
    });
    let mut above = joined(to_manager, vec![]);
    above.filters = vec![managed.clone()];
    let mut below = IncludeDraft::new(to_reports, Strategy::Immediate, vec![above]);
    below.filters = vec![test(name, Test::NotLike, "B%")];
    sketch.project.query =
        QueryDraft { filters: vec![managed], fields: vec![name], ..all(manager, vec![below]) };
    snapshot("kinds", &sketch.project);
}

#[test]
fn a_question_about_groups() {
    let mut sketch = Sketch::of(Sample::AuthorBook);
    let (author, book) = (relata::schema::ModelId(1), relata::schema::ModelId(2));
    let books = sketch.project.draft.relationships[0].id;
    let name = sketch.field(author, "name");
    let having = HavingDraft { test: Test::GreaterOrEqual, value: "2".into(), upper: String::new() };
    let number =
        GroupValueDraft { having: Some(having), descending: Some(true), ..GroupValueDraft::default() };
    let key = GroupKeyDraft { through: vec![right(books)], field: Some(name), descending: false };
    sketch.project.query = QueryDraft {
        grouping: Some(GroupingDraft { keys: vec![key], values: vec![number] }),
        ..all(book, vec![])
    };
    let (schema, relational) = sketch.compile();
    let Some(Question::Groups(grouping)) = query::ask(&sketch.project.query, &schema).value else {
        panic!("groups are asked for")
    };
    insta::assert_snapshot!(sqlalchemy::grouped(&schema, &relational, &grouping).query());
}

/// Classes and attributes are told apart from what the programs need for themselves.
#[test]
fn nothing_is_named_twice() {
    let mut sketch = Sketch::new();
    let session = sketch.model("Session", &[("select", relata::schema::FieldType::Text)]);
    let base = sketch
        .model("Base", &[("a b", relata::schema::FieldType::Text), ("a_b", relata::schema::FieldType::Text)]);
    let link = sketch.many_to_many(session, base);
    sketch.name_ends(link, "pairs", "relationship");
    sketch.link_mut(link).join.table = "pairs".into();
    sketch.project.query = QueryDraft::all(session);
    let [program, _] = programs(&sketch.project);
    for line in [
        "class Session_(Base):",
        "class Base_(Base):",
        "a_b_2: Mapped",
        "pairs_2 = Table(",
        "select_: Mapped",
    ] {
        assert!(program.contains(line), "{line}\n{program}");
    }
}
