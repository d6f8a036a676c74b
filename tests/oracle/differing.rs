//! A project and a query for each place where Relata differs from SQLAlchemy on purpose.

use relata::project::Project;
use relata::query::{QueryDraft, Strategy, Test};
use relata::schema::FieldType::Text;
use relata::schema::{EndId, Side, Through};

use super::shapes::{include, link_all, pair, rows};
use super::support::{Sketch, by, test};

/// A project and a query for each row of the documentation's table of differences.
pub(crate) fn that_differs(name: &str) -> (Project, QueryDraft) {
    match name {
        "JSON aggregate" => there_and_back(Strategy::Json, None),
        "Behind a subquery" => there_and_back(Strategy::Subquery, Some(Strategy::Immediate)),
        "A property loaded immediately and otherwise" => immediately_and_together(),
        "Touched after a subquery" => met_amid_rows(),
        "A condition on what is loaded immediately" => {
            let (project, mut query) = there_and_back(Strategy::Immediate, Some(Strategy::SelectIn));
            let key = project.draft.models[1].fields[0].id;
            query.includes[0].filters = vec![test(key, Test::NotEqual, "9")];
            (project, query)
        }
        "What a join model ties twice" => tied_twice(),
        "A condition above more of the same model" => and_back(),
        _ => met_twice(name == "A condition where an object is met twice"),
    }
}

fn there_and_back(strategy: Strategy, back: Option<Strategy>) -> (Project, QueryDraft) {
    let (mut sketch, author, book) = pair("Author", "Book");
    let link = sketch.one_to_many(author, book);
    let end = EndId { relationship: link, side: Side::Left };
    let (authors, books) = (rows(&mut sketch, author, 2), rows(&mut sketch, book, 2));
    link_all(&mut sketch, link, &authors, &books, &[(1, 1), (2, 2)]);
    let back = back.map(|strategy| include(end.reverse(), strategy, vec![])).into_iter().collect();
    let query = QueryDraft { includes: vec![include(end, strategy, back)], ..QueryDraft::all(author) };
    (sketch.project, query)
}

/// A node whose children are loaded with a condition that it does not fulfil itself, and their parent with them.
fn and_back() -> (Project, QueryDraft) {
    let mut sketch = Sketch::new();
    let node = sketch.model("Node", &[("name", Text)]);
    let link = sketch.one_to_many(node, node);
    sketch.name_ends(link, "children", "parent");
    let nodes = rows(&mut sketch, node, 3);
    link_all(&mut sketch, link, &nodes, &nodes, &[(1, 2), (2, 3)]);
    let children = EndId { relationship: link, side: Side::Left };
    let id = sketch.field(node, "id");
    let second = include(children.reverse(), Strategy::SelectIn, vec![]);
    let mut first = include(children, Strategy::SelectIn, vec![second]);
    first.filters = vec![test(id, Test::Equal, "2")];
    let filters = vec![test(id, Test::Equal, "1")];
    (sketch.project, QueryDraft { includes: vec![first], filters, ..QueryDraft::all(node) })
}

/// A node that is its own parent is met as a root and as a parent; only there its children are included, with a
/// condition, or of chosen fields.
fn met_twice(condition: bool) -> (Project, QueryDraft) {
    let mut sketch = Sketch::new();
    let node = sketch.model("Node", &[("name", Text)]);
    let link = sketch.one_to_many(node, node);
    sketch.name_ends(link, "children", "parent");
    let nodes = rows(&mut sketch, node, 2);
    link_all(&mut sketch, link, &nodes, &nodes, &[(1, 1), (1, 2)]);
    let children = EndId { relationship: link, side: Side::Left };
    let mut below = include(children, Strategy::Lazy, vec![]);
    let id = sketch.field(node, "id");
    let first = test(id, Test::Equal, "1");
    let mut query = QueryDraft { filters: vec![first.clone()], ..QueryDraft::all(node) };
    if condition {
        below.filters = vec![first];
    } else {
        query.fields = vec![id];
    }
    query.includes = vec![include(children.reverse(), Strategy::Lazy, vec![below])];
    (sketch.project, query)
}

/// Steps one after the other, one of them after itself, loaded there and back with a subquery in between: what that one
/// meets is met in another order by SQLAlchemy.
fn met_amid_rows() -> (Project, QueryDraft) {
    let mut sketch = Sketch::new();
    let step = sketch.model("Step", &[("name", Text)]);
    let (chain, likes) = (sketch.one_to_one(step, step), sketch.many_to_many(step, step));
    sketch.name_ends(chain, "next", "previous");
    sketch.name_ends(likes, "likes", "liked_by");
    sketch.link_mut(chain).key_side = Side::Left;
    let steps = rows(&mut sketch, step, 4);
    link_all(&mut sketch, chain, &steps, &steps, &[(3, 2), (4, 3), (1, 1)]);
    link_all(&mut sketch, likes, &steps, &steps, &[(4, 4), (3, 1)]);
    let next = EndId { relationship: chain, side: Side::Left };
    let liked_by = EndId { relationship: likes, side: Side::Right };
    let far = vec![include(next, Strategy::Subquery, vec![]), include(liked_by, Strategy::Joined, vec![])];
    let near =
        vec![include(next, Strategy::Subquery, far), include(next.reverse(), Strategy::SelectIn, vec![])];
    let query = QueryDraft {
        includes: vec![include(next.reverse(), Strategy::Lazy, near)],
        order: vec![by(sketch.field(step, "id"), true)],
        ..QueryDraft::all(step)
    };
    (sketch.project, query)
}

/// A student who is enrolled in the same course twice.
fn tied_twice() -> (Project, QueryDraft) {
    let (mut sketch, student, course) = pair("Student", "Course");
    let enrollment = sketch.model("Enrollment", &[("grade", Text)]);
    let (left, right) = (sketch.one_to_many(student, enrollment), sketch.one_to_many(course, enrollment));
    let courses = sketch.many_to_many(student, course);
    sketch.link_mut(courses).through = Some(Through { left, right });
    let (students, taken) = (rows(&mut sketch, student, 1), rows(&mut sketch, course, 1));
    let enrollments = rows(&mut sketch, enrollment, 2);
    link_all(&mut sketch, left, &students, &enrollments, &[(1, 1), (1, 2)]);
    link_all(&mut sketch, right, &taken, &enrollments, &[(1, 1), (1, 2)]);
    let end = EndId { relationship: courses, side: Side::Left };
    let query =
        QueryDraft { includes: vec![include(end, Strategy::SelectIn, vec![])], ..QueryDraft::all(student) };
    (sketch.project, query)
}

/// The parent of a node and that one's parent, whose children are loaded by select-in and immediately.
fn immediately_and_together() -> (Project, QueryDraft) {
    let mut sketch = Sketch::new();
    let node = sketch.model("Node", &[("name", Text)]);
    let link = sketch.one_to_many(node, node);
    sketch.name_ends(link, "children", "parent");
    let nodes = rows(&mut sketch, node, 1);
    link_all(&mut sketch, link, &nodes, &nodes, &[(1, 1)]);
    let children = EndId { relationship: link, side: Side::Left };
    let parent = |below| include(children.reverse(), Strategy::Joined, below);
    let far = parent(vec![include(children, Strategy::Immediate, vec![])]);
    let near = parent(vec![far, include(children, Strategy::SelectIn, vec![])]);
    (sketch.project, QueryDraft { includes: vec![near], ..QueryDraft::all(node) })
}
