//! What the run of a plan leaves: the objects, each value once, and enough to show every row again.

use super::identity::{Identities, Key};
use super::links::Links;
use crate::engine::packed::Packed;
use crate::query::{NodeId, Plan};
use crate::schema::{EndId, ModelId};
use crate::trace::ObjectId;
use crate::value::Value;

/// Objects and the edges between them.
#[derive(Debug, Default)]
pub struct Graph {
    /// For each node of the plan, the objects that were read there first.
    pub tables: Vec<Table>,
    /// Of each object, the node and its position in the node's table.
    pub(super) homes: Vec<(NodeId, u32)>,
    /// For each property that the plan loads, its edges.
    pub links: Vec<(EndId, Links)>,
    /// The objects that the query asked for, in the order of its rows.
    pub roots: Vec<u32>,
    /// What was computed for objects, a row each, and for which.
    pub computed: Packed,
    /// Those objects, in order.
    pub computed_for: Vec<u32>,
    /// The runs, in order.
    pub runs: Vec<Sending>,
    /// The statements that were sent, each once however often it was sent, with how many parameters they have.
    pub texts: Vec<(String, u32)>,
    /// The parameters of all runs.
    pub params: Packed,
    /// The rows of all runs: for each node of the step that has cells in them, the object that they are of.
    pub entries: Vec<u32>,
    /// Of each step, the cells of its rows that are no object's.
    pub loose: Vec<Packed>,
    pub(super) identities: Vec<(ModelId, Identities)>,
}

/// No object stands in this part of a row: an outer join found none.
pub const NO_OBJECT: u32 = u32::MAX;
/// Set in an entry of a row whose cells are not those of the object's table, but in the same node's `others`.
pub const ELSEWHERE: u32 = 1 << 31;

/// The objects that were read first at a node.
#[derive(Debug, Default)]
pub struct Table {
    /// Their cells, a row each.
    pub cells: Packed,
    /// How many cells a row has.
    pub width: usize,
    /// The objects.
    pub objects: Vec<u32>,
    /// Which of the node's kinds each is; empty if it has none.
    pub kinds: Vec<u16>,
    /// Cells of objects that were first read elsewhere, and not with the same columns.
    pub others: Packed,
    /// Of each object the values that statements take as keys, if there are `key_columns`.
    pub(super) keys: Vec<Key>,
    /// The columns whose values those are.
    pub(super) key_columns: Vec<usize>,
}

/// One statement that was sent. JavaScript reads it as five numbers of 32 bits.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Sending {
    /// The step, by position in the plan.
    pub step: u32,
    /// Its text, by position among the texts.
    pub text: u32,
    /// How many rows came back.
    pub rows: u32,
    /// Where they begin among the entries.
    pub first_entry: u32,
    /// How long it took, in microseconds: SQLite and the reading of the rows.
    pub micros: u32,
}

impl Graph {
    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.homes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.homes.is_empty()
    }

    /// The model of an object.
    pub fn model(&self, plan: &Plan, object: ObjectId) -> ModelId {
        let (node, at) = self.homes[object.0 as usize];
        let kind = self.tables[node.0 as usize].kinds.get(at as usize);
        let node = plan.node(node);
        let kind = kind.and_then(|kind| node.kinds.as_ref()?.of.get(usize::from(*kind)));
        kind.map_or(node.model, |kind| kind.model)
    }

    /// How many rows came back, over all statements.
    pub fn rows(&self) -> usize {
        self.runs.iter().map(|run| run.rows as usize).sum()
    }
}

impl Packed {
    /// All values in order.
    pub fn values(&self) -> Vec<Value> {
        let text = String::from_utf8_lossy(&self.text);
        let mut letters = text.chars();
        let mut bytes = self.bytes.as_slice();
        let mut take = |count: usize| {
            let (taken, rest) = bytes.split_at(count.min(bytes.len()));
            bytes = rest;
            taken
        };
        let value = |slot: &u64| match super::super::packed::tag_of(*slot) {
            None => Value::Real(f64::from_bits(*slot)),
            Some((super::super::packed::tag::TEXT, length)) => {
                let mut text = String::new();
                let mut units = 0;
                while units < length {
                    let Some(letter) = letters.next() else { break };
                    units += letter.len_utf16();
                    text.push(letter);
                }
                Value::Text(text)
            }
            Some((super::super::packed::tag::BLOB, length)) => Value::Blob(take(length).to_vec()),
            Some((super::super::packed::tag::BIG, _)) => {
                Value::Integer(take(8).try_into().map_or(0, i64::from_le_bytes))
            }
            Some(_) => Value::Null,
        };
        self.slots.iter().map(value).collect()
    }
}
