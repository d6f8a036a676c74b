//! The objects of a result, as far as they are shown.

use serde::{Deserialize, Serialize};

use crate::project::RowId;
use crate::schema::{EndId, ModelId};
use crate::trace::ObjectId;
use crate::value::Value;

/// The part of a graph that is shown: the objects nearest to the roots.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GraphView {
    /// Those of the roots that are shown, in order.
    pub roots: Vec<ObjectId>,
    /// The objects shown.
    pub objects: Vec<ObjectView>,
    /// How many objects the whole graph has.
    pub total: u32,
    /// How often rows named an object of the whole graph: each first time made it, the others found it.
    pub named: u32,
    /// How many loads sent nothing, because the identity map had the object.
    pub saved: u32,
    /// How many roots it has.
    pub total_roots: u32,
}

/// How many objects a [`GraphView`] shows at most.
pub const OBJECTS_SHOWN: usize = 300;

/// How many rows and loads of an object are told one by one.
pub const NAMED_SHOWN: usize = 50;

/// A row of what came back, by its statement's number and its own among that statement's rows, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowNumber {
    /// The statement, as in [`StatementGroup::first`](super::StatementGroup::first).
    pub statement: u32,
    /// The row.
    pub row: u32,
}

/// An object to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectView {
    /// Its identity in this run.
    pub id: ObjectId,
    /// Its model.
    pub model: ModelId,
    /// Its primary key.
    pub key: Vec<Value>,
    /// The values of its table's columns, in the table's order, foreign keys included; `NULL` for those not loaded.
    pub values: Vec<Value>,
    /// The columns that are not loaded, by position.
    pub unloaded: Vec<u32>,
    /// What the query computed for it, in the query's order; empty if it did not ask for this object itself.
    pub computed: Vec<Value>,
    /// The row of the document that it is, if that is known.
    pub row: Option<RowId>,
    /// How many rows named it.
    pub seen: u32,
    /// Which rows those are; of many, the first [`NAMED_SHOWN`]. Its values came from the first.
    pub named: Vec<RowNumber>,
    /// How many loads sent nothing, because the identity map had it.
    pub saved: u32,
    /// Which loads those were: whose property; of many, the first [`NAMED_SHOWN`].
    pub saves: Vec<(ObjectId, EndId)>,
    /// Its loaded properties.
    pub links: Vec<LinkView>,
}

/// A loaded property to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkView {
    /// The property.
    pub end: EndId,
    /// Those of its targets that are shown.
    pub targets: Vec<ObjectId>,
    /// How many targets it has.
    pub total: u32,
}
