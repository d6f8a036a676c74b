//! Which rows a script changed: the tables before and after it, compared.

use std::collections::BTreeMap;

use crate::mapping::{Relational, Table, TableOrigin};
use crate::protocol::ScriptOutcome;
use crate::schema::ModelId;
use crate::value::Value;

/// A table of which rows have changed.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedTable {
    /// Its name.
    pub name: String,
    /// The model whose rows it holds; none for a join table.
    pub model: Option<ModelId>,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The rows that have changed, by key.
    pub rows: Vec<ChangedRow>,
}

/// A row that has changed.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangedRow {
    /// It was not there before.
    Added(Vec<Value>),
    /// It is not there any more.
    Removed(Vec<Value>),
    /// It has other values: as it was and as it is.
    Changed(Vec<Value>, Vec<Value>),
}

/// The tables that a script has changed, in their order.
pub fn changes(outcome: &ScriptOutcome, relational: &Relational) -> Vec<ChangedTable> {
    let rows = outcome.before.iter().zip(&outcome.tables);
    let changed = relational.tables.iter().zip(rows).map(|(table, (before, after))| ChangedTable {
        name: table.name.clone(),
        model: model_of(table),
        columns: table.columns.iter().map(|column| column.name.clone()).collect(),
        rows: compared(table, before, after),
    });
    changed.filter(|table| !table.rows.is_empty()).collect()
}

/// The names of the columns of a model's table.
pub fn table_columns(relational: &Relational, model: ModelId) -> Vec<&str> {
    let table = relational.table_of(model).map(|id| relational.table(id));
    table.map_or_else(Vec::new, |table| table.columns.iter().map(|column| column.name.as_str()).collect())
}

/// The model whose rows a table holds.
pub(super) fn model_of(table: &Table) -> Option<ModelId> {
    match table.origin {
        TableOrigin::Model(model) => Some(model),
        TableOrigin::Join(_) => None,
    }
}

/// Rows are the same row if they have the same key. Without one, each is only itself, as often as it stands there.
fn compared(table: &Table, before: &[Vec<Value>], after: &[Vec<Value>]) -> Vec<ChangedRow> {
    let mut rows: BTreeMap<(Vec<Value>, usize), [Option<&Vec<Value>>; 2]> = BTreeMap::new();
    for (side, all) in [before, after].into_iter().enumerate() {
        let mut seen: BTreeMap<Vec<Value>, usize> = BTreeMap::new();
        for row in all {
            let key: Vec<Value> = match table.primary_key.as_slice() {
                [] => row.clone(),
                key => key.iter().filter_map(|&at| row.get(at).cloned()).collect(),
            };
            let times = seen.entry(key.clone()).or_default();
            rows.entry((key, *times)).or_default()[side] = Some(row);
            *times += 1;
        }
    }
    let changed = rows.into_values().filter_map(|sides| match sides {
        [None, Some(row)] => Some(ChangedRow::Added(row.clone())),
        [Some(row), None] => Some(ChangedRow::Removed(row.clone())),
        [Some(old), Some(new)] if old != new => Some(ChangedRow::Changed(old.clone(), new.clone())),
        _ => None,
    });
    changed.collect()
}
