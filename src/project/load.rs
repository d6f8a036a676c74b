//! The document's rows as rows of tables: cells parsed, links turned into keys.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::data::{Data, Pair, Row, RowId};
use crate::mapping::{ColumnOrigin, Placement, Relational, Table, TableId, TableOrigin};
use crate::schema::{FieldId, FieldType, RelationshipId, Schema, Side};
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
}

/// Everything to insert, tables in the order of their creation, and what cannot even be tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loading {
    /// The rows.
    pub tables: Vec<TableRows>,
    /// The rows that hold something that is no value of its field's type.
    pub refusals: Vec<Refusal>,
}

/// Turns the document's data into table rows.
///
/// A missing integer primary key is filled in as SQLite would: one more than the greatest. A cell that is no value of
/// its type keeps its row out, with a refusal; rows that point to it get the key it would have had, for SQLite to
/// refuse.
pub fn load(schema: &Schema, relational: &Relational, data: &Data) -> Loading {
    let mut loader = Loader {
        relational,
        data,
        keys: HashMap::new(),
        targets: targets(schema, relational, data),
        refusals: Vec::new(),
    };
    let parsed: BTreeMap<TableId, Vec<LoadRow>> =
        relational.tables.iter().map(|table| (table.id, loader.parse_table(table))).collect();
    let mut tables = Vec::new();
    for table in &relational.tables {
        let rows = match table.origin {
            TableOrigin::Model(_) => {
                loader.with_keys(table, parsed.get(&table.id).map_or(&[], Vec::as_slice))
            }
            TableOrigin::Join(relationship) => loader.join_rows(relationship),
        };
        tables.push(TableRows { table: table.id, rows });
    }
    Loading { tables, refusals: loader.refusals }
}

/// For each relationship with a key: which row each holder points to.
fn targets(schema: &Schema, relational: &Relational, data: &Data) -> HashMap<(RelationshipId, RowId), RowId> {
    let mut targets = HashMap::new();
    for relationship in schema.relationships() {
        if let Some(Placement::Key { holder, .. }) = relational.placement(relationship.id) {
            for pair in data.links_of(relationship.id) {
                // A holder has one target; of several, left over from another shape, the first stays.
                targets.entry((relationship.id, pair.at(*holder))).or_insert(pair.at(holder.other()));
            }
        }
    }
    targets
}

struct Loader<'a> {
    relational: &'a Relational,
    data: &'a Data,
    /// The primary key of each row of the document, as far as its cells could be read.
    keys: HashMap<RowId, Vec<Value>>,
    targets: HashMap<(RelationshipId, RowId), RowId>,
    refusals: Vec<Refusal>,
}

impl Loader<'_> {
    /// Parses the cells of a table's fields and notes each row's primary key.
    fn parse_table(&mut self, table: &Table) -> Vec<LoadRow> {
        let TableOrigin::Model(model) = table.origin else { return Vec::new() };
        let mut next_key =
            self.greatest_key(table, self.data.rows_of(model)).map_or(1, |key| key.saturating_add(1));
        let mut rows = Vec::new();
        for row in self.data.rows_of(model) {
            let parsed = self.parse_row(table, row);
            let mut cells = parsed.clone().unwrap_or_default();
            if table.has_rowid_key() && !cells.iter().any(|(at, _)| *at == table.primary_key[0]) {
                cells.push((table.primary_key[0], Value::Integer(next_key)));
                next_key = next_key.saturating_add(1);
            }
            let key = table.primary_key.iter().map(|at| cell(&cells, *at)).collect();
            self.keys.insert(row.id, key);
            if parsed.is_some() {
                cells.sort_by_key(|(at, _)| *at);
                rows.push(LoadRow { source: RowSource::Row(row.id), cells });
            }
        }
        rows
    }

    fn greatest_key(&self, table: &Table, rows: &[Rc<Row>]) -> Option<i64> {
        let key = *table.primary_key.first()?;
        let ColumnOrigin::Field(_, field) = table.columns[key].origin else { return None };
        rows.iter().filter_map(|row| row.cells.get(&field)?.trim().parse().ok()).max()
    }

    fn parse_row(&mut self, table: &Table, row: &Row) -> Option<Vec<(usize, Value)>> {
        let mut cells = Vec::new();
        let mut whole = true;
        for (at, column) in table.columns.iter().enumerate() {
            let ColumnOrigin::Field(_, field) = column.origin else { continue };
            let Some(text) = row.cells.get(&field) else { continue };
            match parse_cell(column.field_type, text) {
                Ok(value) => cells.push((at, value)),
                Err(message) => {
                    whole = false;
                    self.refusals.push(Refusal {
                        source: RowSource::Row(row.id),
                        cell: Some(CellPlace::Field(field)),
                        message,
                        sqlite: String::new(),
                    });
                }
            }
        }
        whole.then_some(cells)
    }

    /// Adds the foreign keys to a model's rows.
    fn with_keys(&self, table: &Table, rows: &[LoadRow]) -> Vec<LoadRow> {
        let mut rows = rows.to_vec();
        for row in &mut rows {
            let RowSource::Row(id) = row.source else { continue };
            for key in &table.foreign_keys {
                if let Some(target) = self.targets.get(&(key.relationship, id)) {
                    row.cells.extend(key.columns.iter().copied().zip(self.key(*target, key.columns.len())));
                }
            }
        }
        rows
    }

    fn join_rows(&self, relationship: RelationshipId) -> Vec<LoadRow> {
        let Some(Placement::Join { columns, .. }) = self.relational.placement(relationship) else {
            return Vec::new();
        };
        let row = |pair: &Pair| {
            let cells = Side::BOTH
                .into_iter()
                .flat_map(|side| {
                    let columns = &columns[side as usize];
                    columns.iter().copied().zip(self.key(pair.at(side), columns.len()))
                })
                .collect();
            LoadRow { source: RowSource::Link(relationship, *pair), cells }
        };
        self.data.links_of(relationship).iter().map(row).collect()
    }

    fn key(&self, row: RowId, width: usize) -> Vec<Value> {
        self.keys.get(&row).cloned().unwrap_or_else(|| vec![Value::Null; width])
    }
}

fn parse_cell(field_type: FieldType, text: &str) -> Result<Value, String> {
    field_type.parse(text).map_err(|error| format!("{error}."))
}

fn cell(cells: &[(usize, Value)], at: usize) -> Value {
    cells.iter().find(|(position, _)| *position == at).map_or(Value::Null, |(_, value)| value.clone())
}
