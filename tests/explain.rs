//! Statements in, SQLite's plans with remarks and advice out: on the real SQLite.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::explain::{Advice, Explained, IndexOn, Remarked};
use relata::project::Sample;
use relata::protocol::Limits;
use relata::query::{FilterDraft, QueryDraft, RelatedDraft, RelatedTest, Strategy, Test};
use relata::schema::{FieldId, FieldType, ModelId, RelationshipId, Shape};

mod support;
use support::{Sketch, all, by, joined, lazy, left, right, test};

const LINK: RelationshipId = RelationshipId(3);
const AUTHOR: ModelId = ModelId(1);
const BOOK: ModelId = ModelId(2);
const TITLE: FieldId = FieldId(7);

/// A plan in one line: depth, SQLite's words, and what is said of them.
fn told(lines: &[Remarked]) -> String {
    let line = |(line, remark): &Remarked| {
        let remark = remark.map_or(String::new(), |remark| format!(" [{remark:?}]"));
        format!("{}{}{remark}", "> ".repeat(line.depth as usize), line.detail)
    };
    lines.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// How SQLite goes about the last statement that a query sends.
fn explain(sketch: &Sketch, query: &QueryDraft) -> Explained {
    let (plan, mut database) = (sketch.plan(query), sketch.open());
    let execution = database.run(&plan, Limits::default());
    let (run, sent) = execution.trace.sent().last().unwrap();
    database.explain(&plan.step(run.step).select, &sent.statement).unwrap()
}

/// What a query's last statement does, and what is advised: `table.columns -> the plan then`.
fn check(sketch: &Sketch, query: &QueryDraft, plan: &str, advice: &[&str]) {
    let explained = explain(sketch, query);
    let advised =
        |advice: &Advice| format!("{}.{} -> {}", advice.table, advice.columns.join("+"), told(&advice.after));
    assert_eq!(told(&explained.lines), plan);
    assert_eq!(explained.advice.iter().map(advised).collect::<Vec<_>>(), advice);
}

fn library(index: bool) -> Sketch {
    let mut sketch = Sketch::of(Sample::AuthorBook);
    sketch.link_mut(LINK).index = index;
    sketch
}

fn authors(strategy: Strategy) -> QueryDraft {
    let mut query = all(AUTHOR, vec![lazy(left(LINK), vec![])]);
    query.load_every(strategy);
    query
}

const FOUND: &str = "SEARCH books USING INDEX ix_books_author_id (author_id=?)";

#[test]
fn with_its_index_a_key_is_found() {
    for strategy in [Strategy::Lazy, Strategy::SelectIn, Strategy::Immediate] {
        check(&library(true), &authors(strategy), FOUND, &[]);
    }
    let plan =
        "SCAN authors [AllWanted]; SEARCH books_1 USING INDEX ix_books_author_id (author_id=?) LEFT-JOIN";
    check(&library(true), &authors(Strategy::Joined), plan, &[]);
    let plan = "SCAN books [AllWanted]; SEARCH authors USING INTEGER PRIMARY KEY (rowid=?)";
    check(&library(true), &authors(Strategy::Subquery), plan, &[]);
}

/// What the advice says comes true when it is followed.
#[test]
fn without_it_all_rows_are_read_and_the_index_is_advised() {
    let advised = format!("books.author_id -> {FOUND}");
    for strategy in [Strategy::Lazy, Strategy::SelectIn, Strategy::Immediate] {
        check(&library(false), &authors(strategy), "SCAN books [FullScan]", &[&advised]);
    }
    let before = "SCAN authors [AllWanted]; BLOOM FILTER ON books_1 (author_id=?); \
                  SEARCH books_1 USING AUTOMATIC COVERING INDEX (author_id=?) LEFT-JOIN [MadeIndex]";
    let after = "books.author_id -> SCAN authors [AllWanted]; \
                 SEARCH books_1 USING INDEX ix_books_author_id (author_id=?) LEFT-JOIN";
    check(&library(false), &authors(Strategy::Joined), before, &[after]);
    let before = "SCAN authors [AllWanted]; CORRELATED SCALAR SUBQUERY 1; > SCAN books_1 [FullScan]";
    let after = "books.author_id -> SCAN authors [AllWanted]; CORRELATED SCALAR SUBQUERY 1; \
                 > SEARCH books_1 USING INDEX ix_books_author_id (author_id=?)";
    check(&library(false), &authors(Strategy::Json), before, &[after]);
    let advice = explain(&library(false), &authors(Strategy::Lazy)).advice;
    assert_eq!(advice[0].on, IndexOn::Key(LINK));
}

#[test]
fn conditions_on_fields() {
    let mut sketch = library(true);
    let mut query = all(BOOK, vec![joined(right(LINK), vec![])]);
    let author = "SEARCH authors_1 USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN";
    check(&sketch, &query, &format!("SCAN books [AllWanted]; {author}"), &[]);
    query.filters = vec![test(TITLE, Test::Equal, "Emma")];
    let after = format!("SEARCH books USING INDEX ix_books_title (title=?); {author}");
    let advised = format!("books.title -> {after}");
    check(&sketch, &query, &format!("SCAN books [FullScan]; {author}"), &[&advised]);
    assert_eq!(explain(&sketch, &query).advice[0].on, IndexOn::Field(BOOK, TITLE));
    sketch.field_mut(BOOK, "title").indexed = true;
    check(&sketch, &query, &after, &[]);
    // An index helps no pattern, no "or" with what has none, and no negation.
    query.filters = vec![test(TITLE, Test::Like, "E%")];
    check(&sketch, &query, &format!("SCAN books [FullScan]; {author}"), &[]);
    query.filters = vec![test(TITLE, Test::NotEqual, "Emma")];
    check(&sketch, &query, &format!("SCAN books [FullScan]; {author}"), &[]);
}

#[test]
fn limits_and_orders() {
    let sketch = library(true);
    let mut query = QueryDraft { limit: "3".into(), ..QueryDraft::all(BOOK) };
    check(&sketch, &query, "SCAN books [UntilEnough]", &[]);
    query.order = vec![by(TITLE, true)];
    let sorts = "SCAN books [AllWanted]; USE TEMP B-TREE FOR ORDER BY";
    let advised = "books.title -> SCAN books USING INDEX ix_books_title [AllWanted]";
    check(&sketch, &query, &format!("{sorts} [SortsForFew]"), &[advised]);
    // Who wants all rows may as well sort them.
    query.limit.clear();
    check(&sketch, &query, sorts, &[]);
}

#[test]
fn conditions_on_related_objects() {
    let related = RelatedDraft { end: Some(left(LINK)), test: RelatedTest::Some, ..RelatedDraft::default() };
    let query = QueryDraft { filters: vec![FilterDraft::Related(related)], ..QueryDraft::all(AUTHOR) };
    let found = "SCAN authors [AllWanted]; \
                 SEARCH books EXISTS USING COVERING INDEX ix_books_author_id (author_id=?)";
    check(&library(true), &query, found, &[]);
    let before = "SCAN authors [AllWanted]; BLOOM FILTER ON books (author_id=?); \
                  SEARCH books EXISTS USING AUTOMATIC PARTIAL COVERING INDEX (author_id=?) [MadeIndex]";
    check(&library(false), &query, before, &[&format!("books.author_id -> {found}")]);
}

/// The key of a join table begins with the left model's columns, so the other side needs an index of its own.
#[test]
fn join_tables() {
    let mut sketch = Sketch::of(Sample::StudentCourse);
    let students = |strategy| {
        let mut query = all(BOOK, vec![lazy(right(LINK), vec![])]);
        query.load_every(strategy);
        query
    };
    let found = "SEARCH enrollments USING INDEX ix_enrollments_course_id (course_id=?); \
                 SEARCH students USING INTEGER PRIMARY KEY (rowid=?)";
    check(&sketch, &students(Strategy::Lazy), found, &[]);
    let whole = "MATERIALIZE (join-1); > SCAN enrollments_1 [AllWanted]; \
                 > SEARCH students_1 USING INTEGER PRIMARY KEY (rowid=?); SCAN courses [AllWanted]; \
                 BLOOM FILTER ON (join-1) (course_id=?); \
                 SEARCH (join-1) USING AUTOMATIC COVERING INDEX (course_id=?) LEFT-JOIN";
    check(&sketch, &students(Strategy::Joined), whole, &[]);
    sketch.link_mut(LINK).index = false;
    let before = "SCAN enrollments [FullScan]; SEARCH students USING INTEGER PRIMARY KEY (rowid=?)";
    let advised = format!("enrollments.course_id -> {found}");
    check(&sketch, &students(Strategy::Lazy), before, &[&advised]);
}

/// The index of a key of two columns, and of one that says which table it points to, is on both.
#[test]
fn keys_of_several_columns() {
    let mut sketch = Sketch::new();
    let part = sketch.keyed("Part", &[("a", FieldType::Integer), ("b", FieldType::Text)], &[]);
    let bolt = sketch.model("Bolt", &[("note", FieldType::Text)]);
    let link = sketch.relate(Shape::OneToMany, part, bolt);
    sketch.link_mut(link).index = false;
    let row = sketch.row(part, &["1", "x"]);
    let bolts = sketch.row(bolt, &["1"]);
    sketch.link(link, row, bolts);
    let query = all(part, vec![lazy(left(link), vec![])]);
    let advised =
        "bolts.part_a+part_b -> SEARCH bolts USING INDEX ix_bolts_part_a_part_b (part_a=? AND part_b=?)";
    check(&sketch, &query, "SCAN bolts [FullScan]", &[advised]);
    let mut sketch = Sketch::new();
    let post = sketch.model("Post", &[]);
    let comment = sketch.model("Comment", &[("note", FieldType::Text)]);
    let link = sketch.relate(Shape::OneToMany, post, comment);
    sketch.link_mut(link).polymorphic = Some("commentable".into());
    sketch.link_mut(link).index = false;
    sketch.row(post, &["1"]);
    let query = all(post, vec![lazy(left(link), vec![])]);
    let advised = "comments.commentable_type+commentable_id -> SEARCH comments USING INDEX \
                   ix_comments_commentable_type_commentable_id (commentable_type=? AND commentable_id=?)";
    check(&sketch, &query, "SCAN comments [FullScan]", &[advised]);
}
