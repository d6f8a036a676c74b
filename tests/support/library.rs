//! A library to ask questions of: every kind of relationship, and none of it filled.

use relata::query::{AggregateDraft, FilterDraft, QueryDraft, RelatedDraft, RelatedTest, Test};
use relata::schema::FieldType::{Integer, Real, Text};
use relata::schema::{EndId, FieldId, ModelId, RelationshipId};
use relata::sql::Function;

use super::{Sketch, test};

/// Country ─< Author ─< Book ─1 Cover, Book >─< Tag; a Person has a boss and friends; a Desk stands in a Room.
pub(crate) struct Library {
    pub(crate) sketch: Sketch,
    pub(crate) country: ModelId,
    pub(crate) author: ModelId,
    pub(crate) book: ModelId,
    pub(crate) cover: ModelId,
    pub(crate) tag: ModelId,
    pub(crate) person: ModelId,
    pub(crate) room: ModelId,
    pub(crate) desk: ModelId,
    pub(crate) authors: RelationshipId,
    pub(crate) books: RelationshipId,
    pub(crate) covers: RelationshipId,
    pub(crate) tags: RelationshipId,
    pub(crate) staff: RelationshipId,
    pub(crate) friends: RelationshipId,
    pub(crate) desks: RelationshipId,
}

pub(crate) fn library() -> Library {
    let mut sketch = Sketch::new();
    let country = sketch.model("Country", &[("name", Text)]);
    let author = sketch.model("Author", &[("name", Text)]);
    let book = sketch.model("Book", &[("title", Text), ("price", Real), ("year", Integer)]);
    let cover = sketch.model("Cover", &[("colour", Text)]);
    let tag = sketch.model("Tag", &[("word", Text)]);
    let person = sketch.model("Person", &[("name", Text)]);
    let room = sketch.keyed("Room", &[("building", Text), ("number", Integer)], &[]);
    let desk = sketch.model("Desk", &[]);
    let authors = sketch.one_to_many(country, author);
    let books = sketch.one_to_many(author, book);
    let covers = sketch.one_to_one(book, cover);
    let tags = sketch.many_to_many(book, tag);
    let staff = sketch.one_to_many(person, person);
    sketch.name_ends(staff, "staff", "boss");
    let friends = sketch.many_to_many(person, person);
    sketch.name_ends(friends, "friends", "friend_of");
    let desks = sketch.one_to_many(room, desk);
    Library {
        sketch,
        country,
        author,
        book,
        cover,
        tag,
        person,
        room,
        desk,
        authors,
        books,
        covers,
        tags,
        staff,
        friends,
        desks,
    }
}

impl Library {
    /// A test of a field that only one model has.
    pub(crate) fn test(&self, model: ModelId, field: &str, kind: Test, value: &str) -> FilterDraft {
        test(self.sketch.field(model, field), kind, value)
    }
}

pub(crate) fn related(end: EndId, test: RelatedTest, filters: Vec<FilterDraft>) -> FilterDraft {
    FilterDraft::Related(RelatedDraft { end: Some(end), test, filters, ..RelatedDraft::default() })
}

pub(crate) fn count(end: EndId, compare: Test, count: &str, filters: Vec<FilterDraft>) -> FilterDraft {
    let test = RelatedTest::Count;
    let count = count.into();
    FilterDraft::Related(RelatedDraft {
        end: Some(end),
        test,
        filters,
        compare,
        count,
        ..RelatedDraft::default()
    })
}

pub(crate) fn filtered(model: ModelId, filters: Vec<FilterDraft>) -> QueryDraft {
    QueryDraft { filters, ..QueryDraft::all(model) }
}

pub(crate) fn aggregate(function: Function, end: EndId, field: Option<FieldId>) -> AggregateDraft {
    AggregateDraft { function, end: Some(end), field }
}
