//! Rows ready to be inserted, and those that are not in the database, as data.

use serde::{Deserialize, Serialize};

use super::data::{Pair, RowId};
use crate::mapping::TableId;
use crate::naming::one;
use crate::schema::{FieldId, RelationshipId, Side};
use crate::value::Value;

/// What a table row was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RowSource {
    /// A row of the document.
    Row(RowId),
    /// A link of a many-to-many.
    Link(RelationshipId, Pair),
}

/// The cell of a grid that a refusal stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CellPlace {
    /// The cell of a field.
    Field(FieldId),
    /// The cell in which a link is chosen.
    Link(RelationshipId),
}

/// Why a row of the document is not in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The row.
    pub source: RowSource,
    /// The cell to blame; `None` if it is the row as a whole.
    pub cell: Option<CellPlace>,
    /// Why, in plain words.
    pub message: String,
    /// SQLite's own words, if it was SQLite that refused.
    pub sqlite: String,
}

impl Refusal {
    /// A row whose link leads to no row of the database; `target` is the model's name.
    pub fn nowhere(source: RowSource, link: RelationshipId, target: &str, sqlite: &str) -> Refusal {
        Refusal {
            source,
            cell: Some(CellPlace::Link(link)),
            message: format!("It points to {} that is not in the database.", one(target)),
            sqlite: sqlite.to_owned(),
        }
    }
}

/// The rows of a table, ready to be inserted.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRows {
    /// The table.
    pub table: TableId,
    /// The rows.
    pub rows: Vec<LoadRow>,
}

/// A row ready to be inserted.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadRow {
    /// What it was made of.
    pub source: RowSource,
    /// Columns, by position, and their values. The others take their defaults.
    pub cells: Vec<(usize, Value)>,
    /// The rows that its keys point to: without them it has no place in the database.
    pub needs: Vec<Need>,
}

/// A row that another one points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The relationship by which it points.
    pub relationship: RelationshipId,
    /// The side of the row that is pointed to.
    pub side: Side,
    /// That row.
    pub row: RowId,
}

/// Everything to insert, tables in the order of their creation, and what cannot even be tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loading {
    /// The rows.
    pub tables: Vec<TableRows>,
    /// The rows that hold something that is no value of its field's type.
    pub refusals: Vec<Refusal>,
}
