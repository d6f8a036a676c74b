//! In which order tables are made, and keys that are part of primary keys: each after what it points to.

use std::collections::BTreeSet;

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use crate::schema::{KeyLink, Link, Model, ModelId, Relationship, Schema};

/// Models so ordered that a table comes after those it points to; within a ring, as in the form.
pub(super) fn creation_order(schema: &Schema) -> Vec<&Model> {
    let mut graph: DiGraphMap<ModelId, ()> = DiGraphMap::new();
    let holder = |model| holder_of(schema, model);
    let with_table = || schema.models().filter(|model| holder_of(schema, model.id) == model.id);
    for model in with_table() {
        graph.add_node(model.id);
        model.parent.into_iter().for_each(|parent| {
            graph.add_edge(model.id, parent, ());
        });
    }
    for relationship in schema.relationships() {
        if let Link::Key(key) = &relationship.link {
            let [from, to] = [key.holder, key.holder.other()].map(|side| holder(relationship.model(side)));
            graph.add_edge(from, to, ());
        }
    }
    let components = kosaraju_scc(&graph);
    // The rings in the form's order, and the models of each, too.
    let mut rings: Vec<Vec<ModelId>> = Vec::new();
    for model in with_table() {
        let component = components.iter().find(|component| component.contains(&model.id));
        if let Some(component) = component.filter(|_| !rings.iter().any(|ring| ring.contains(&model.id))) {
            let mut ring: Vec<&Model> =
                schema.models().filter(|model| component.contains(&model.id)).collect();
            // Also in a ring, a row goes on in a table that is there already.
            ring.sort_by_key(|model| schema.depth_of(model.id));
            rings.push(ring.into_iter().map(|model| model.id).collect());
        }
    }
    let mut placed: Vec<&Model> = Vec::new();
    let mut there: BTreeSet<ModelId> = BTreeSet::new();
    // Repeatedly take the first ring whose targets are all placed.
    while !rings.is_empty() {
        let ready = rings.iter().position(|ring| {
            ring.iter()
                .flat_map(|id| graph.neighbors(*id))
                .all(|target| ring.contains(&target) || there.contains(&target))
        });
        // Components form no ring among themselves, so one is always ready.
        let ring = rings.remove(ready.unwrap_or(0));
        there.extend(&ring);
        placed.extend(ring.into_iter().filter_map(|id| schema.model(id)));
    }
    placed
}

/// The model whose table the rows of a model stand in: the one at the top, unless each kind has a table of its own.
fn holder_of(schema: &Schema, model: ModelId) -> ModelId {
    let own = schema.model(model).is_some_and(Model::has_tables_for_kinds);
    if own { model } else { schema.root_of(model) }
}

/// The keys that are part of primary keys, each after those that the primary key it points to is made of.
pub(super) fn identifying(schema: &Schema) -> Vec<(&Relationship, &KeyLink)> {
    let mut open: Vec<(&Relationship, &KeyLink)> = schema
        .relationships()
        .filter_map(|relationship| match &relationship.link {
            Link::Key(key) if key.identifies => Some((relationship, key)),
            _ => None,
        })
        .collect();
    let mut placed = Vec::new();
    while !open.is_empty() {
        let held: Vec<ModelId> =
            open.iter().map(|(relationship, key)| relationship.model(key.holder)).collect();
        let ready = open.iter().position(|(relationship, key)| {
            !held.contains(&schema.root_of(relationship.model(key.holder.other())))
        });
        // A ring of them was refused with the schema, so one is always ready.
        placed.push(open.remove(ready.unwrap_or(0)));
    }
    placed
}
