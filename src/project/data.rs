//! The rows as typed, on the object side: cells by field, links by relationship.
//!
//! Links are pairs of rows whatever the shape of their relationship, and rows are named by ids of their own. So data
//! outlives renames, a change of keys, and a one-to-many that becomes a many-to-many.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::recipe::Recipe;
use crate::schema::{FieldId, ModelId, RelationshipId, Side};

/// A row of the document, unique in it. Not the primary key, which a person may change. Shown as `w1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowId(pub u32);

impl std::fmt::Display for RowId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "w{}", self.0)
    }
}

/// All rows and links.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Data {
    /// The rows of each model, in the order of its grid. Copies of a document share the rows that did not change,
    /// so that a long history of a large table stays small.
    pub rows: BTreeMap<ModelId, Vec<Rc<Row>>>,
    /// The links of each relationship, in the order in which they were made.
    pub links: BTreeMap<RelationshipId, Vec<Pair>>,
    /// The highest row id given so far.
    pub last_id: u32,
    /// What the generated rows are made by, if there are any. They come on top of those above.
    pub generated: Option<Recipe>,
}

/// A row as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its identity.
    pub id: RowId,
    /// What was typed for each field. A field that is not there has no value: its default, or `NULL`.
    pub cells: BTreeMap<FieldId, String>,
}

/// Two linked rows: one of the relationship's left model, one of its right model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pair {
    /// The row of the left model.
    pub left: RowId,
    /// The row of the right model.
    pub right: RowId,
}

impl Pair {
    /// The pair in which `here` stands at `side` and `there` at the other one.
    pub fn new(side: Side, here: RowId, there: RowId) -> Pair {
        match side {
            Side::Left => Pair { left: here, right: there },
            Side::Right => Pair { left: there, right: here },
        }
    }

    /// The same two rows the other way round.
    pub fn turned(self) -> Pair {
        Pair { left: self.right, right: self.left }
    }

    /// The row at this side.
    pub fn at(self, side: Side) -> RowId {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }
}

impl Data {
    /// The rows of a model.
    pub fn rows_of(&self, model: ModelId) -> &[Rc<Row>] {
        self.rows.get(&model).map_or(&[], Vec::as_slice)
    }

    /// The links of a relationship.
    pub fn links_of(&self, relationship: RelationshipId) -> &[Pair] {
        self.links.get(&relationship).map_or(&[], Vec::as_slice)
    }

    /// The row of a model with this id.
    pub fn row(&self, model: ModelId, id: RowId) -> Option<&Row> {
        self.rows_of(model).iter().find(|row| row.id == id).map(Rc::as_ref)
    }

    /// The rows that a row is linked to, seen from `side` of the relationship.
    pub fn linked(
        &self,
        relationship: RelationshipId,
        side: Side,
        row: RowId,
    ) -> impl Iterator<Item = RowId> {
        let at_side = move |pair: &&Pair| pair.at(side) == row;
        self.links_of(relationship).iter().filter(at_side).map(move |pair| pair.at(side.other()))
    }

    /// Adds an empty row to a model and gives its id.
    pub fn add_row(&mut self, model: ModelId) -> RowId {
        self.last_id += 1;
        let id = RowId(self.last_id);
        self.rows.entry(model).or_default().push(Rc::new(Row { id, cells: BTreeMap::new() }));
        id
    }

    /// Types a value into a cell, or clears it.
    pub fn set_cell(&mut self, model: ModelId, row: RowId, field: FieldId, text: Option<String>) {
        let rows = self.rows.get_mut(&model).into_iter().flatten();
        for row in rows.filter(|candidate| candidate.id == row) {
            let cells = &mut Rc::make_mut(row).cells;
            match &text {
                Some(text) => cells.insert(field, text.clone()),
                None => cells.remove(&field),
            };
        }
    }

    /// Links two rows. Linking them twice leaves one link.
    pub fn link(&mut self, relationship: RelationshipId, pair: Pair) {
        let links = self.links.entry(relationship).or_default();
        if !links.contains(&pair) {
            links.push(pair);
        }
    }

    /// Takes links away.
    pub fn unlink(&mut self, relationship: RelationshipId, goes: impl Fn(&Pair) -> bool) {
        if let Some(links) = self.links.get_mut(&relationship) {
            links.retain(|pair| !goes(pair));
        }
    }

    /// Removes a row. Links to it are the caller's to decide about.
    pub fn remove_row(&mut self, row: RowId) {
        self.rows.values_mut().for_each(|rows| rows.retain(|candidate| candidate.id != row));
    }

    /// Adds rows and links that have ids of their own.
    pub fn append(&mut self, more: Data) {
        for (model, rows) in more.rows {
            self.rows.entry(model).or_default().extend(rows);
        }
        for (relationship, links) in more.links {
            self.links.entry(relationship).or_default().extend(links);
        }
        self.last_id = self.last_id.max(more.last_id);
    }

    /// How many rows there are.
    pub fn row_count(&self) -> usize {
        self.rows.values().map(Vec::len).sum()
    }
}
