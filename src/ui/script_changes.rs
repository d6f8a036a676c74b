//! Which rows a script changed: the tables before and after it, compared.

use std::collections::BTreeMap;

use crate::mapping::{Relational, Table, TableId, TableOrigin};
use crate::project::{RowId, RowSource};
use crate::protocol::ScriptOutcome;
use crate::schema::ModelId;
use crate::trace::Rows;
use crate::value::Value;

/// How many rows that stayed as they were are shown beside those that did not.
const MOST_SAME: usize = 8;

/// A table of which rows have changed.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangedTable {
    /// Which.
    pub table: TableId,
    /// Its name.
    pub name: String,
    /// The model whose rows it holds; none for a join table.
    pub model: Option<ModelId>,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The rows that have changed and some that have not, by key, with the row of the document that each was.
    pub rows: Vec<(ChangedRow, Option<RowId>)>,
    /// How many more rows stayed as they were.
    pub more: usize,
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
    /// It is as it was.
    Same(Vec<Value>),
}

/// The tables that a script has changed, in their order.
pub fn compared_tables(outcome: &ScriptOutcome, relational: &Relational) -> Vec<ChangedTable> {
    let sides = outcome.before.iter().zip(&outcome.tables).enumerate();
    let changed = relational.tables.iter().zip(sides).filter(|(_, (_, (before, after)))| before != after);
    let compare = |(table, (at, (before, after))): (&Table, (usize, (&Rows, &Rows)))| {
        let sources = outcome.sources.get(at).map_or(&[][..], Vec::as_slice);
        let mut rows = compared(table, before, sources, after);
        let mut same = 0;
        rows.retain(|(row, _)| {
            let stays = matches!(row, ChangedRow::Same(_));
            same += usize::from(stays);
            !stays || same <= MOST_SAME
        });
        ChangedTable {
            table: table.id,
            name: table.name.clone(),
            model: model_of(table),
            columns: table.columns.iter().map(|column| column.name.clone()).collect(),
            rows,
            more: same.saturating_sub(MOST_SAME),
        }
    };
    changed.map(compare).collect()
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

/// A row before and after, and what it was made of.
type Sides<'a> = ([Option<&'a Vec<Value>>; 2], Option<RowId>);

/// Rows are the same row if they have the same key. Without one, each is only itself, as often as it stands there.
fn compared(
    table: &Table,
    before: &[Vec<Value>],
    sources: &[Option<RowSource>],
    after: &[Vec<Value>],
) -> Vec<(ChangedRow, Option<RowId>)> {
    // By key and, for rows without one, by which of the equal ones it is: the row before and the row after.
    let mut rows: BTreeMap<(Vec<Value>, usize), Sides<'_>> = BTreeMap::new();
    for (side, all) in [before, after].into_iter().enumerate() {
        let mut seen: BTreeMap<Vec<Value>, usize> = BTreeMap::new();
        for (at, row) in all.iter().enumerate() {
            let key: Vec<Value> = match table.primary_key.as_slice() {
                [] => row.clone(),
                key => key.iter().filter_map(|&at| row.get(at).cloned()).collect(),
            };
            let times = seen.entry(key.clone()).or_default();
            let (sides, source) = rows.entry((key, *times)).or_default();
            sides[side] = Some(row);
            if let (0, Some(Some(RowSource::Row(id)))) = (side, sources.get(at)) {
                *source = Some(*id);
            }
            *times += 1;
        }
    }
    let compare = |(sides, source): Sides<'_>| {
        let row = match sides {
            [None, Some(row)] => ChangedRow::Added(row.clone()),
            [Some(row), None] => ChangedRow::Removed(row.clone()),
            [Some(old), Some(new)] if old != new => ChangedRow::Changed(old.clone(), new.clone()),
            [Some(row), Some(_)] => ChangedRow::Same(row.clone()),
            [None, None] => return None,
        };
        Some((row, source))
    };
    rows.into_values().filter_map(compare).collect()
}
