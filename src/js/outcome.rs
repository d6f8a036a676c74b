//! What JavaScript has to know of an outcome to read it out of memory: names, widths and addresses.

use serde_json::{Value as Reply, json};

use crate::engine::compact::{Graph, Outcome, Table};
use crate::engine::packed::Packed;
use crate::mapping::{Column, ColumnOrigin, Relational};
use crate::query::{Cells, Node, NodeId, Plan, Query, Role, Runs, Step};
use crate::schema::{FieldType, ModelId, Schema};

/// Describes an outcome.
pub(super) fn told(
    plan: &Plan,
    query: &Query,
    outcome: &Outcome,
    schema: &Schema,
    relational: &Relational,
) -> Reply {
    let graph = &outcome.graph;
    let nodes: Vec<Reply> = plan
        .nodes
        .iter()
        .zip(&graph.tables)
        .map(|(at, table)| node(plan, at, table, schema, relational))
        .collect();
    let links: Vec<Reply> = graph
        .links
        .iter()
        .map(|(end, links)| {
            json!({
                "name": schema.end(*end).map_or("", |end| end.name),
                "many": links.many,
                "heads": area(&links.heads),
                "targets": area(&links.targets),
                "next": area(&links.next),
            })
        })
        .collect();
    json!({
        "objects": graph.len(),
        "nodes": nodes,
        "links": links,
        "roots": area(&graph.roots),
        "computed": {
            "names": query.computed.iter().map(|computed| &computed.name).collect::<Vec<_>>(),
            "for": area(&graph.computed_for),
            "cells": packed(&graph.computed),
        },
        "steps": plan.steps.iter().map(|at| step(plan, at, graph)).collect::<Vec<_>>(),
        "runs": [graph.runs.as_ptr() as usize, graph.runs.len() * 5],
        "texts": graph.texts,
        "params": packed(&graph.params),
        "entries": area(&graph.entries),
    })
}

/// Where numbers of 32 bits lie, and how many.
fn area(numbers: &[u32]) -> [usize; 2] {
    [numbers.as_ptr() as usize, numbers.len()]
}

/// Where packed values lie.
fn packed(packed: &Packed) -> [usize; 6] {
    let (slots, text, bytes) = (&packed.slots, &packed.text, &packed.bytes);
    [
        slots.as_ptr() as usize,
        slots.len(),
        text.as_ptr() as usize,
        text.len(),
        bytes.as_ptr() as usize,
        bytes.len(),
    ]
}

fn node(plan: &Plan, node: &Node, table: &Table, schema: &Schema, relational: &Relational) -> Reply {
    let columns = &relational.table(node.table).columns;
    let read: Vec<usize> = (0..columns.len()).filter(|at| !node.unloaded.contains(at)).collect();
    let name = |model: ModelId| schema.model(model).map_or("", |model| &model.name);
    let field = |at: usize, lacks: &[usize]| {
        if lacks.contains(&at) { Reply::Null } else { member(schema, node.model, &columns[at]) }
    };
    let kinds: Vec<Reply> = match &node.kinds {
        None => {
            let fields: Vec<Reply> = read.iter().map(|at| field(*at, &[])).collect();
            vec![json!({ "model": name(node.model), "fields": fields })]
        }
        Some(kinds) => {
            let kind = kinds.of.iter().map(|kind| {
                let fields: Vec<Reply> = read.iter().map(|at| field(*at, &kind.lacks)).collect();
                json!({ "model": name(kind.model), "fields": fields })
            });
            kind.collect()
        }
    };
    json!({
        "width": table.width,
        "kinds": kinds,
        "properties": properties(plan, node.id, schema),
        "cells": packed(&table.cells),
        "others": packed(&table.others),
        "objects": area(&table.objects),
        "kindOf": [table.kinds.as_ptr() as usize, table.kinds.len()],
    })
}

/// The member that a column becomes, and how its value is to be shown: `b` for a truth, `d` for a decimal.
fn member(schema: &Schema, model: ModelId, column: &Column) -> Reply {
    let shown = match column.field_type {
        FieldType::Boolean => "b",
        FieldType::Decimal => "d",
        _ => "",
    };
    match column.origin {
        ColumnOrigin::Field(owner, field) => {
            // A kind's own field is not one of the model that was asked for.
            let owner = schema.model(owner).or_else(|| schema.model(model));
            let name = owner.and_then(|owner| owner.fields.get(&field)).map(|field| field.name.as_str());
            name.map_or(Reply::Null, |name| json!([name, shown]))
        }
        ColumnOrigin::Kind(_) => json!([column.name, shown]),
        ColumnOrigin::Key(..) => Reply::Null,
    }
}

/// The properties that objects have which are read at a node.
fn properties(plan: &Plan, node: NodeId, schema: &Schema) -> Vec<String> {
    let below = plan.nodes.iter().filter(|below| below.role == Role::Asked);
    let loaded = below.filter(|below| !matches!(plan.step(below.step).runs, Runs::Raises { .. }));
    let ends = loaded.filter_map(|below| below.parent.filter(|(parent, _)| *parent == node));
    ends.filter_map(|(_, end)| schema.end(end).map(|end| end.name.to_owned())).collect()
}

fn step(plan: &Plan, step: &Step, graph: &Graph) -> Reply {
    let mut parts = Vec::new();
    let mut covered = vec![false; step.outputs.len()];
    for node in plan.nodes_of(step.id) {
        if let Cells::Columns { first, width, .. } = &node.cells {
            parts.push([node.id.0 as usize, *first]);
            covered[*first..first + width].fill(true);
        }
    }
    let loose: Vec<usize> = (0..covered.len()).filter(|at| !covered[*at]).collect();
    json!({
        "columns": step.outputs.iter().map(|output| &output.label).collect::<Vec<_>>(),
        "parts": parts,
        "loose": loose,
        "cells": packed(&graph.loose[step.id.0 as usize]),
    })
}
