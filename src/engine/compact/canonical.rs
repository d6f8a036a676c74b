//! The graph as nothing but what it says, so that what different loading strategies bring can be compared.

use std::collections::BTreeMap;

use super::graph::{Graph, Table};
use crate::graph::{Canonical, CanonicalLinks, Identity};
use crate::query::{Cells, Node, Plan};
use crate::trace::ObjectId;
use crate::value::Value;

impl Graph {
    /// Objects by model and key, their values, and the keys that each loaded property leads to.
    pub fn canonical(&self, plan: &Plan) -> Canonical {
        let mut names: Vec<Option<Identity>> = vec![None; self.len()];
        let mut values: Vec<Vec<Value>> = vec![Vec::new(); self.len()];
        for (node, table) in plan.nodes.iter().zip(&self.tables) {
            for (at, (object, cells)) in rows_of(table).enumerate() {
                let kind =
                    table.kinds.get(at).and_then(|kind| node.kinds.as_ref()?.of.get(usize::from(*kind)));
                let key = key_of(node, &cells);
                names[object as usize] = Some((kind.map_or(node.model, |kind| kind.model), key));
                let mut all = node.spread(&cells);
                kind.iter().flat_map(|kind| &kind.lacks).for_each(|at| all[*at] = Value::Null);
                values[object as usize] = all;
            }
        }
        let name = |object: ObjectId| names[object.0 as usize].clone();
        let mut objects = BTreeMap::new();
        for (at, values) in values.into_iter().enumerate() {
            let object = ObjectId(at as u32);
            let Some(identity) = name(object) else { continue };
            let mut links = CanonicalLinks::new();
            for (end, edges) in self.links.iter().filter(|(_, edges)| edges.is_loaded(object)) {
                let mut targets: Vec<Identity> = edges.of(object).filter_map(name).collect();
                targets.sort();
                links.insert(*end, targets);
            }
            objects.insert(identity, (values, links));
        }
        let computed = self.computed.values();
        let width = computed.len().checked_div(self.computed_for.len()).unwrap_or(0).max(1);
        let computed = self.computed_for.iter().zip(computed.chunks(width));
        Canonical {
            objects,
            computed: computed
                .filter_map(|(at, cells)| Some((name(ObjectId(*at))?, cells.to_vec())))
                .collect(),
            roots: self.roots.iter().filter_map(|root| name(ObjectId(*root))).collect(),
        }
    }
}

/// The objects of a table, each with its cells.
fn rows_of(table: &Table) -> impl Iterator<Item = (u32, Vec<Value>)> {
    let mut values = table.cells.values().into_iter();
    table.objects.iter().map(move |object| (*object, values.by_ref().take(table.width).collect()))
}

fn key_of(node: &Node, cells: &[Value]) -> Vec<Value> {
    let (first, key) = match &node.cells {
        Cells::Columns { first, key, .. } => (*first, key),
        Cells::Json { key, .. } => (0, key),
    };
    key.iter().map(|at| cells[at - first].clone()).collect()
}
