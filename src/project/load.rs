//! The document's rows as rows of tables: cells parsed, links turned into keys.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::data::{Data, Pair, Row, RowId};
use crate::mapping::{ColumnOrigin, ForeignKey, Placement, Relational, Table, TableId, TableOrigin};
use crate::schema::{FieldId, FieldType, RelationshipId, Schema};
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
            message: format!("It points to a {target} that is not in the database."),
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
/// refuse. Rows that point to one whose key cannot be told are refused here: without the key they would pass as rows
/// without a link.
pub fn load(schema: &Schema, relational: &Relational, data: &Data) -> Loading {
    let mut loader = Loader {
        schema,
        data,
        keys: HashMap::new(),
        targets: targets(schema, relational, data),
        refusals: Vec::new(),
    };
    let parsed: Vec<Vec<LoadRow>> = relational.tables.iter().map(|table| loader.parse_table(table)).collect();
    let mut tables = Vec::new();
    for (table, parsed) in relational.tables.iter().zip(&parsed) {
        let rows = match table.origin {
            TableOrigin::Model(_) => loader.with_keys(table, parsed),
            TableOrigin::Join(relationship) => loader.join_rows(table, relationship),
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
    schema: &'a Schema,
    data: &'a Data,
    /// The primary key of each row of the document, as far as its cells could be read.
    keys: HashMap<(TableId, RowId), Vec<Value>>,
    targets: HashMap<(RelationshipId, RowId), RowId>,
    refusals: Vec<Refusal>,
}

impl Loader<'_> {
    /// Parses the cells of a table's fields and notes each row's primary key.
    fn parse_table(&mut self, table: &Table) -> Vec<LoadRow> {
        let TableOrigin::Model(model) = table.origin else { return Vec::new() };
        let mut next_key =
            self.greatest_key(table, self.data.rows_of(model)).map_or(1, |key| key.saturating_add(1));
        let (mut rows, mut taken) = (Vec::new(), HashSet::new());
        for row in self.data.rows_of(model) {
            let (mut cells, whole) = self.parse_row(table, row);
            if table.has_rowid_key() && !cells.iter().any(|(at, _)| *at == table.primary_key[0]) {
                cells.push((table.primary_key[0], Value::Integer(next_key)));
                next_key = next_key.saturating_add(1);
            }
            let key: Vec<Value> = table.primary_key.iter().map(|at| cell(&cells, *at)).collect();
            // SQLite will refuse the second row with a key; links to it must not lead to the first.
            if !whole || taken.insert(key.clone()) {
                self.keys.insert((table.id, row.id), key);
            }
            if whole {
                cells.sort_unstable_by_key(|(at, _)| *at);
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

    /// The cells that could be read, and whether that is all of them.
    fn parse_row(&mut self, table: &Table, row: &Row) -> (Vec<(usize, Value)>, bool) {
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
        (cells, whole)
    }

    /// Adds the foreign keys to a model's rows.
    fn with_keys(&mut self, table: &Table, rows: &[LoadRow]) -> Vec<LoadRow> {
        rows.iter().filter_map(|row| self.with_key(table, row.clone())).collect()
    }

    fn with_key(&mut self, table: &Table, mut row: LoadRow) -> Option<LoadRow> {
        let RowSource::Row(id) = row.source else { return Some(row) };
        for key in &table.foreign_keys {
            if let Some(&target) = self.targets.get(&(key.relationship, id)) {
                row.cells.extend(self.key_cells(row.source, key, target)?);
            }
        }
        Some(row)
    }

    fn join_rows(&mut self, table: &Table, relationship: RelationshipId) -> Vec<LoadRow> {
        let pairs = self.data.links_of(relationship);
        pairs.iter().filter_map(|pair| self.join_row(table, relationship, *pair)).collect()
    }

    fn join_row(&mut self, table: &Table, relationship: RelationshipId, pair: Pair) -> Option<LoadRow> {
        let source = RowSource::Link(relationship, pair);
        let mut cells = Vec::new();
        for key in &table.foreign_keys {
            cells.extend(self.key_cells(source, key, pair.at(key.side))?);
        }
        Some(LoadRow { source, cells })
    }

    /// The columns of a foreign key and their values, or a refusal if the target's key cannot be told.
    fn key_cells(
        &mut self,
        source: RowSource,
        key: &ForeignKey,
        target: RowId,
    ) -> Option<Vec<(usize, Value)>> {
        let known = self.keys.get(&(key.target, target)).filter(|values| !values.iter().any(Value::is_null));
        if let Some(values) = known {
            return Some(key.columns.iter().copied().zip(values.iter().cloned()).collect());
        }
        let model = self
            .schema
            .relationship(key.relationship)
            .and_then(|relationship| self.schema.model(relationship.model(key.side)));
        let name = model.map_or("row", |model| &model.name);
        self.refusals.push(Refusal::nowhere(source, key.relationship, name, ""));
        None
    }
}

fn parse_cell(field_type: FieldType, text: &str) -> Result<Value, String> {
    field_type.parse(text).map_err(|error| format!("{error}."))
}

fn cell(cells: &[(usize, Value)], at: usize) -> Value {
    cells.iter().find(|(position, _)| *position == at).map_or(Value::Null, |(_, value)| value.clone())
}
