//! The three examples everybody starts from: one relationship of each shape, tables and columns as in the post that
//! Relata grew out of, with rows that show something.

use super::Sample;
use super::sketch::{delete, include, link as linked, made, new, script, stored};
use crate::project::data::{Data, Pair};
use crate::project::file::Project;
use crate::query::{QueryDraft, Strategy};
use crate::schema::{
    Draft, EndId, FieldDraft, FieldId, FieldType, ModelDraft, ModelId, RelationshipDraft, RelationshipId,
    Shape, Side,
};
use crate::session::StepDraft;

const LEFT: ModelId = ModelId(1);
const RIGHT: ModelId = ModelId(2);
const LINK: RelationshipId = RelationshipId(3);

/// A model whose key is `id` and whose other fields are text.
fn model(id: ModelId, name: &str, first_field: u32, texts: &[&str]) -> ModelDraft {
    let mut fields = vec![FieldDraft::key(FieldId(first_field))];
    for (text, id) in texts.iter().zip(first_field + 1..) {
        fields.push(FieldDraft::new(FieldId(id), text, FieldType::Text));
    }
    ModelDraft::new(id, name, fields)
}

fn project(
    sample: Sample,
    models: [ModelDraft; 2],
    relationship: RelationshipDraft,
    data: Data,
    query: QueryDraft,
) -> Project {
    let draft = Draft { models: models.into(), relationships: vec![relationship], last_id: 9 };
    Project { name: sample.title().into(), draft, data, query, ..Project::default() }
}

/// All objects of a model, with the sample's one relationship.
fn with_link(root: ModelId, side: Side, strategy: Strategy) -> QueryDraft {
    let end = EndId { relationship: LINK, side };
    QueryDraft { includes: vec![include(end, strategy, Vec::new())], ..QueryDraft::all(root) }
}

/// Rows with the keys 1, 2, 3, … and these texts, and the pairs of keys that are linked.
fn data(
    left: (ModelId, u32, &[&[&str]]),
    right: (ModelId, u32, &[&[&str]]),
    links: &[(usize, usize)],
) -> Data {
    let mut data = Data::default();
    let mut fill = |(model, first_field, rows): (ModelId, u32, &[&[&str]])| {
        let mut ids = Vec::new();
        for (key, texts) in (1..).zip(rows) {
            let row = data.add_row(model);
            data.set_cell(model, row, FieldId(first_field), Some(key.to_string()));
            for (text, field) in texts.iter().zip(first_field + 1..) {
                data.set_cell(model, row, FieldId(field), Some((*text).into()));
            }
            ids.push(row);
        }
        ids
    };
    let (left, right) = (fill(left), fill(right));
    for &(from, to) in links {
        data.link(LINK, Pair { left: left[from - 1], right: right[to - 1] });
    }
    data
}

/// The fourth user has no profile. The script gives the first one another profile, so that the old one is left to nobody, and
/// deletes a profile, whose user keeps none.
pub(super) fn user_profile() -> Project {
    let link = RelationshipDraft {
        key_side: Side::Left,
        ..RelationshipDraft::new(LINK, Shape::OneToOne, LEFT, RIGHT)
    };
    let rows =
        data((LEFT, 4, &[&[], &[], &[], &[]]), (RIGHT, 5, &[&[], &[], &[]]), &[(1, 1), (2, 3), (3, 2)]);
    let models = [model(LEFT, "User", 4, &[]), model(RIGHT, "Profile", 5, &[])];
    let profile = EndId { relationship: LINK, side: Side::Left };
    let steps = [
        new("fresh", RIGHT, &[]),
        linked(stored(LEFT, "1"), profile, made("fresh")),
        StepDraft::Commit,
        delete(stored(RIGHT, "3")),
        StepDraft::Commit,
    ];
    let query = with_link(LEFT, Side::Left, Strategy::Joined);
    Project { script: script(steps), ..project(Sample::UserProfile, models, link, rows, query) }
}

/// The last author has no book. Lazy loading, so that the first run shows an N+1. The script gives the first one another
/// book and then deletes her: without a cascade, her books stay, and each loses its key.
pub(super) fn author_book() -> Project {
    let authors: &[&[&str]] =
        &[&["Ursula K. Le Guin"], &["Jorge Luis Borges"], &["Toni Morrison"], &["Harper Lee"], &["Homer"]];
    let books: &[&[&str]] = &[
        &["A Wizard of Earthsea"],
        &["The Dispossessed"],
        &["The Left Hand of Darkness"],
        &["Ficciones"],
        &["El Aleph"],
        &["Beloved"],
        &["To Kill a Mockingbird"],
    ];
    let links = [(1, 1), (1, 2), (1, 3), (2, 4), (2, 5), (3, 6), (4, 7)];
    let rows = data((LEFT, 4, authors), (RIGHT, 6, books), &links);
    let models = [model(LEFT, "Author", 4, &["name"]), model(RIGHT, "Book", 6, &["title"])];
    let link = RelationshipDraft::new(LINK, Shape::OneToMany, LEFT, RIGHT);
    let books = EndId { relationship: LINK, side: Side::Left };
    let steps = [
        new("lavinia", RIGHT, &[(FieldId(7), "Lavinia")]),
        linked(stored(LEFT, "1"), books, made("lavinia")),
        StepDraft::Commit,
        delete(stored(LEFT, "1")),
        StepDraft::Commit,
    ];
    let query = with_link(LEFT, Side::Left, Strategy::Lazy);
    Project { script: script(steps), ..project(Sample::AuthorBook, models, link, rows, query) }
}

/// Databases is shared by three students, Painting has none; the last student takes no course. The script shows that
/// only rows of the join table come and go.
pub(super) fn student_course() -> Project {
    let students: &[&[&str]] = &[&["Ada"], &["Edgar"], &["Grace"], &["Linus"]];
    let courses: &[&[&str]] = &[&["Databases"], &["Compilers"], &["Logic"], &["Painting"]];
    let links = [(1, 1), (1, 2), (2, 1), (2, 3), (3, 1), (3, 2)];
    let rows = data((LEFT, 4, students), (RIGHT, 6, courses), &links);
    let models = [model(LEFT, "Student", 4, &["name"]), model(RIGHT, "Course", 6, &["name"])];
    let mut link = RelationshipDraft::new(LINK, Shape::ManyToMany, LEFT, RIGHT);
    link.join.table = "enrollments".into();
    let courses = EndId { relationship: LINK, side: Side::Left };
    let steps = [
        linked(stored(LEFT, "4"), courses, stored(RIGHT, "4")),
        StepDraft::Flush,
        delete(stored(LEFT, "1")),
        StepDraft::Commit,
    ];
    let query = with_link(LEFT, Side::Left, Strategy::SelectIn);
    Project { script: script(steps), ..project(Sample::StudentCourse, models, link, rows, query) }
}
