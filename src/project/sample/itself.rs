//! Samples of a model that is related to itself.

use super::sketch::{Sketch, delete, include, left, link, made, new, script, stored, unlink};
use crate::project::file::Project;
use crate::query::Strategy;
use crate::schema::FieldType::{Integer, Text};
use crate::schema::Shape;
use crate::session::StepDraft;

/// Two trees, three levels deep, and the children of all of them lazily. The script plants a tree of its own, whose
/// parent must be inserted first, and fells a branch, whose children become roots.
pub(super) fn category_tree() -> Project {
    let mut sketch = Sketch::default();
    let category = sketch.model("Category", &[("*id", Integer), ("name", Text)]);
    let tree = sketch.relate(Shape::OneToMany, [(category, "children"), (category, "parent")], |_| {});
    let names = ["Books", "Fiction", "Poetry", "Science fiction", "Music", "Jazz"];
    let keys = ["1", "2", "3", "4", "5", "6"];
    let cells: Vec<[&str; 2]> = keys.into_iter().zip(names).map(|(key, name)| [key, name]).collect();
    let rows: Vec<&[&str]> = cells.iter().map(|cells| cells.as_slice()).collect();
    let rows = sketch.rows(category, &rows);
    sketch.link(tree, &rows, &rows, &[(0, 1), (0, 2), (1, 3), (4, 5)]);
    let below = include(left(tree), Strategy::Lazy, Vec::new());
    let name = sketch.field(category, 1).map(|field| field.id);
    let called = |text| name.map(|field| (field, text));
    let steps = [
        new("swing", category, called("Swing").as_slice()),
        new("dance", category, called("Dance").as_slice()),
        link(made("dance"), left(tree), made("swing")),
        StepDraft::Flush,
        delete(stored(category, "2")),
        StepDraft::Commit,
    ];
    let project = sketch.ask(category, vec![include(left(tree), Strategy::Lazy, vec![below])]);
    Project { script: script(steps), ..project }
}

/// Following goes one way: everybody follows Ada, who follows Grace only. The script lets Linus stop and Grace begin, and
/// deletes Ada, with all that she follows and all who follow her.
pub(super) fn followers() -> Project {
    let mut sketch = Sketch::default();
    let person = sketch.model("Person", &[("*id", Integer), ("name", Text)]);
    let follows = sketch.relate(Shape::ManyToMany, [(person, "follows"), (person, "followers")], |follows| {
        follows.join.table = "follows".into();
        follows.join.left_columns = vec!["follower_id".into()];
        follows.join.right_columns = vec!["followed_id".into()];
    });
    let people = sketch.rows(person, &[&["1", "Ada"], &["2", "Edgar"], &["3", "Grace"], &["4", "Linus"]]);
    sketch.link(follows, &people, &people, &[(0, 2), (1, 0), (2, 0), (3, 0), (3, 1)]);
    let steps = [
        unlink(stored(person, "4"), left(follows), Some(stored(person, "1"))),
        link(stored(person, "3"), left(follows), stored(person, "4")),
        StepDraft::Commit,
        delete(stored(person, "1")),
        StepDraft::Commit,
    ];
    let project = sketch.ask(person, vec![include(left(follows), Strategy::SelectIn, Vec::new())]);
    Project { script: script(steps), ..project }
}

/// Friendship goes both ways: linked once in the data, found from both. Linus has no friend until the script gives him one. A
/// session writes each direction by itself, as SQLAlchemy does, which knows no symmetric relationships: so the script links
/// both.
pub(super) fn friends() -> Project {
    let mut sketch = Sketch::default();
    let person = sketch.model("Person", &[("*id", Integer), ("name", Text)]);
    let friends = sketch.relate(Shape::ManyToMany, [(person, "friends"), (person, "")], |friends| {
        friends.symmetric = true;
        friends.join.table = "friendships".into();
    });
    let people = sketch.rows(person, &[&["1", "Ada"], &["2", "Edgar"], &["3", "Grace"], &["4", "Linus"]]);
    sketch.link(friends, &people, &people, &[(0, 1), (0, 2)]);
    let steps = [
        link(stored(person, "4"), left(friends), stored(person, "3")),
        link(stored(person, "3"), left(friends), stored(person, "4")),
        StepDraft::Commit,
    ];
    let project = sketch.ask(person, vec![include(left(friends), Strategy::SelectIn, Vec::new())]);
    Project { script: script(steps), ..project }
}
