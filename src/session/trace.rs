//! What happened when a script ran, as data: each statement with the reason why it was sent, and what the database
//! did by itself beside it.

use serde::{Deserialize, Serialize};

use crate::mapping::TableId;
use crate::schema::{End, EndId, ModelId, RelationshipId, Schema};
use crate::sql::Statement;
use crate::value::Value;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Happening {
    /// The step of the script that brought it about, by position; one past the last for the end of the script.
    pub step: usize,
    /// Whether the session flushed by itself, before it could ask the database.
    pub autoflush: bool,
    /// What happened.
    pub what: What,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// A statement was sent.
    Sent(Sent),
    /// The changes were kept.
    Committed,
    /// Everything since the last commit was taken back.
    RolledBack,
    /// SQLAlchemy would have warned, in these words, and went on.
    Warned(String),
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Verb {
    /// `SELECT`
    Select,
    /// `INSERT`
    Insert,
    /// `UPDATE`
    Update,
    /// `DELETE`
    Delete,
}

/// A statement that was sent, once or with several sets of parameters (an `executemany`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// What it does.
    pub verb: Verb,
    /// The statement with its first set of parameters.
    pub statement: Statement,
    /// Each set of parameters and what came of it.
    pub sets: Vec<SentSet>,
}

/// One set of a statement's parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SentSet {
    /// The parameters.
    pub params: Vec<Value>,
    /// Why it was sent.
    pub reason: Reason,
    /// The row that it was to write; `None` for what only reads, and for a new row that got no key.
    pub row: Option<RowName>,
    /// How many rows came back, or were written.
    pub rows: u32,
    /// What the database did beside it.
    pub doings: Vec<Doing>,
}

/// Something that the database did by itself, by `ON DELETE`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doing {
    /// The row.
    pub row: RowName,
    /// What it did to the row.
    pub deed: Deed,
}

/// What the database can do to a row by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Deed {
    /// It deleted the row: `ON DELETE CASCADE`.
    Deleted,
    /// It changed the key of this relationship: `ON DELETE SET NULL` or `SET DEFAULT`.
    KeyChanged(RelationshipId),
}

/// A row, by its table and primary key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowName {
    /// The table.
    pub table: TableId,
    /// The values of its primary key.
    pub key: Vec<Value>,
}

/// Why a statement was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// The script asked for an object by its key.
    Find(ModelId),
    /// A property was touched or needed.
    Load(EndId),
    /// The object's values were out of date: a commit or a rollback lies between.
    Refresh(ModelId),
    /// The object is new.
    New,
    /// Its row is there already, about to be deleted: the new object takes it over.
    TakeOver,
    /// A field changed.
    Changed,
    /// This property of the object was set, or an object of the other side was linked to it.
    Linked(EndId),
    /// This property of the object was cleared.
    Unlinked(EndId),
    /// The script deleted it.
    Deleted,
    /// What carries this property was deleted, and delete cascades along it.
    Cascade(EndId),
    /// What carries this property let go of it, or was deleted.
    Orphan(EndId),
    /// What carries this property was deleted, and nothing cascades.
    NullOut(EndId),
    /// The key is written after both rows, or cleared before they go.
    PostUpdate(EndId),
}

impl Reason {
    /// The reason in words: `delete cascade of Author.books`.
    ///
    /// ```
    /// use relata::{project::Sample, schema, session::Reason};
    /// let schema = schema::check(&Sample::AuthorBook.project().draft).value.unwrap();
    /// let author = schema.models().next().unwrap().id;
    /// let books = schema.ends_of(author).next().unwrap().id;
    /// assert_eq!(Reason::Cascade(books).words(&schema), "delete cascade of Author.books");
    /// ```
    pub fn words(self, schema: &Schema) -> String {
        let model = |id| schema.model(id).map_or("?", |model| model.name.as_str());
        match self {
            Reason::Find(id) => format!("find {} by its key", model(id)),
            Reason::Load(end) => format!("load {}", property(schema, end)),
            Reason::Refresh(id) => format!("{} is out of date: read again", model(id)),
            Reason::New => "new object".into(),
            Reason::TakeOver => "new object in the place of a deleted one".into(),
            Reason::Changed => "changed".into(),
            Reason::Linked(end) => format!("linked by {}", property(schema, end)),
            Reason::Unlinked(end) => format!("unlinked from {}", property(schema, end)),
            Reason::Deleted => "deleted".into(),
            Reason::Cascade(end) => format!("delete cascade of {}", property(schema, end)),
            Reason::Orphan(end) => format!("orphan of {}", property(schema, end)),
            Reason::NullOut(end) => match schema.end(end) {
                Some(end) => format!("{} deleted: key of its {} set to NULL", end.model.name, end.name),
                None => "?".into(),
            },
            Reason::PostUpdate(end) => format!("post-update of {}", property(schema, end)),
        }
    }
}

/// A property with its model: `Author.books`.
fn property(schema: &Schema, end: EndId) -> String {
    schema.end(end).map_or("?".into(), |End { model, name, .. }| format!("{}.{name}", model.name))
}

/// Where an object stands at the end. SQLAlchemy's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Status {
    /// It is no object of the session and has no row.
    Transient,
    /// It is to be inserted.
    Pending,
    /// It has a row.
    Persistent,
    /// Its row was deleted, which is not yet committed.
    Deleted,
    /// It has or had a row, and is no object of the session any more.
    Detached,
}

/// An object at the end of a script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FinalObject {
    /// What the script calls it, if the script made it.
    pub name: Option<String>,
    /// Its model.
    pub model: ModelId,
    /// Its identity, if it has one.
    pub key: Option<Vec<Value>>,
    /// Where it stands.
    pub status: Status,
    /// The values of its table's columns, as far as they are loaded.
    pub values: Vec<Option<Value>>,
}
