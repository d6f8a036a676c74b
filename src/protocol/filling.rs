//! How a document with generated rows reaches the database, and how those rows come to be seen.

use serde::{Deserialize, Serialize};

use crate::project::Data;
use crate::schema::{Draft, ModelId};

/// What the worker that makes rows is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// All rows of a document: the requests that hand them to the database, under this number.
    Rows(super::RequestId, Draft, Data),
    /// What the first rows look like with this seed.
    Preview(Draft, Data, u32),
}

/// A part of a document that is handed over bit by bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Filling {
    /// The schema, the typed rows, and how many rows will come.
    Begin(Draft, Data, u32),
    /// More rows or links.
    More(Data),
    /// That was all.
    End,
}

/// What rows will look like: the first few of each model, cell by cell in the order of its fields.
pub type Preview = Vec<(ModelId, Vec<Vec<Option<String>>>)>;

/// How far a long piece of work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How many rows it is done with.
    pub done: u32,
    /// How many there are.
    pub total: u32,
}

/// What is done to generated rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// They are made.
    Making,
    /// They are inserted.
    Inserting,
}

/// Which generated rows of a model to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeWanted {
    /// The model.
    pub model: ModelId,
    /// The first row, counted over its generated rows.
    pub start: u32,
    /// How many rows.
    pub count: u32,
}

/// Generated rows to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeShown {
    /// What was asked for.
    pub wanted: MadeWanted,
    /// The rows.
    pub rows: Vec<MadeRow>,
}

/// A generated row to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeRow {
    /// What it says, in the order of the model's fields.
    pub cells: Vec<Option<String>>,
    /// What it is linked to, in the order of [`links_at`](crate::project::links_at).
    pub links: Vec<MadeLinks>,
}

/// The rows that a property of a generated row leads to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MadeLinks {
    /// What the first of them are called.
    pub labels: Vec<String>,
    /// How many there are.
    pub total: u32,
}

/// How many linked rows a [`MadeLinks`] names.
pub const LINKS_NAMED: usize = 3;
