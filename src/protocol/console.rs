//! What comes of SQL that somebody typed.

use serde::{Deserialize, Serialize};

use super::{Failure, RowsShown};
use crate::mapping::TableId;
use crate::project::RowId;
use crate::schema::ModelId;

/// What came of all the statements of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SqlOutcome {
    /// Counts the texts that this worker ran.
    pub number: u32,
    /// The statements that ran, in order. One that was stopped by a limit is the last, with what came until then.
    pub statements: Vec<SqlRan>,
    /// Why it stopped before the end of the text, if it did.
    pub failure: Option<SqlFailure>,
}

/// Where it stopped, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SqlFailure {
    /// Why.
    pub failure: Failure,
    /// Where: the statement, or the piece of it that SQLite points to.
    pub place: SqlPlace,
    /// Whether it is the very piece.
    pub exact: bool,
}

/// A place in the text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlPlace {
    /// Its first byte.
    pub from: u32,
    /// The byte behind it.
    pub to: u32,
}

/// A statement that ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SqlRan {
    /// Where it stands in the text.
    pub place: SqlPlace,
    /// The columns that came back; none of a statement that brings back no rows.
    pub columns: Vec<SqlColumn>,
    /// The objects whose keys stand in each row.
    pub nodes: Vec<SqlNode>,
    /// How many rows came back.
    pub rows: u32,
    /// The rows that it changed, if it is one that changes rows.
    pub changed: Option<Changed>,
    /// Whether nothing was written until then: its rows are those of the document.
    pub original: bool,
    /// How long it took, in microseconds.
    pub micros: u64,
    /// Why less is known of where its columns come from than SQLite would say.
    pub doubt: Option<Doubt>,
}

/// How many rows a statement changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Those that it inserted, updated or deleted.
    pub rows: u32,
    /// Those that foreign keys and triggers changed along with them.
    pub others: u32,
}

/// A column that came back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SqlColumn {
    /// What SQLite calls it.
    pub label: String,
    /// Where its values come from.
    pub origin: SqlOrigin,
    /// The object that they belong to, by position among the nodes.
    pub node: Option<u32>,
}

/// Where the values of a column come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SqlOrigin {
    /// No column, or not a single one: they were computed.
    Computed,
    /// A column of a table that is not of the schema.
    Foreign {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A column of the schema's tables, by its position there.
    Column(TableId, u32),
}

/// An object that a row is about, as far as the row holds its key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SqlNode {
    /// Its model.
    pub model: ModelId,
    /// Its table.
    pub table: TableId,
    /// The columns that make up its key, by position in the row.
    pub key: Vec<u32>,
}

/// Rows of a statement to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SqlRowsShown {
    /// The rows.
    pub shown: RowsShown,
    /// For each of them and each node the row of the document that the object is, as far as that is known.
    pub documents: Vec<Vec<Option<RowId>>>,
}

/// Why it cannot be told from which row a value comes, though SQLite names a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Doubt {
    /// Rows of several selects under each other: SQLite names the columns of one of them for all.
    Compound,
    /// There are views, which may be that.
    Views,
    /// Named subqueries may read a table several times.
    Named,
    /// This table stands in the statement more than once, and SQLite does not say which of its rows it is.
    Repeated(TableId),
}
