//! The first objects of a graph as the page shows them, each with what the identity map knows of it: which rows named
//! it, and which loads it saved.

use std::collections::{HashMap, HashSet};

use super::session::ObjectsRun;
use crate::graph::{Object, ObjectGraph, RowAt};
use crate::project::RowId;
use crate::protocol::{GraphView, LinkView, NAMED_SHOWN, OBJECTS_SHOWN, ObjectView, RowNumber};
use crate::query::Plan;
use crate::schema::{EndId, ModelId};
use crate::trace::{Event, ObjectId, Spared, Trace};
use crate::value::Value;

/// Finds the row of the document that an object is, by its model and key.
pub(super) type FindRow<'a> = dyn Fn(ModelId, &[Value]) -> Option<RowId> + 'a;

/// The part of the graph that is shown: one root after the other with all that hangs on it, up to a limit.
pub(super) fn graph_view(run: &ObjectsRun, row_of: &FindRow<'_>) -> GraphView {
    let graph = &run.execution.graph;
    let (shown, known) = nearest(graph);
    let facts = Facts {
        known,
        statements: statement_numbers(&run.execution.trace),
        saves: saves(&run.execution.trace, &run.plan, graph),
    };
    GraphView {
        roots: graph.roots.iter().copied().filter(|id| facts.known.contains(id)).collect(),
        objects: shown.iter().map(|id| facts.object(graph.object(*id), row_of)).collect(),
        total: graph.objects.len() as u32,
        named: graph.objects.iter().map(|object| rows_of(&object.seen).len() as u32).sum(),
        saved: facts.saves.values().map(|saves| saves.len() as u32).sum(),
        total_roots: graph.roots.len() as u32,
    }
}

fn nearest(graph: &ObjectGraph) -> (Vec<ObjectId>, HashSet<ObjectId>) {
    let mut shown: Vec<ObjectId> = Vec::new();
    let mut known: HashSet<ObjectId> = HashSet::new();
    for &root in &graph.roots {
        let mut next = vec![root];
        while let Some(id) = next.pop() {
            if shown.len() == OBJECTS_SHOWN {
                break;
            }
            if known.insert(id) {
                shown.push(id);
                let edges = graph.object(id).links.values().flat_map(|linked| linked.edges());
                let mut targets: Vec<ObjectId> = edges.map(|edge| edge.target).collect();
                targets.reverse();
                next.extend(targets);
            }
        }
    }
    (shown, known)
}

/// For each run of a trace the number of its statement; 0 for those that sent none.
fn statement_numbers(trace: &Trace) -> Vec<u32> {
    let mut sent = 0;
    let numbers = trace.runs.iter().map(|run| match run.event {
        Event::Sent(_) => {
            sent += 1;
            sent
        }
        Event::Spared(_) => 0,
    });
    numbers.collect()
}

/// The loads that sent nothing because the identity map had the object, by that object.
fn saves(trace: &Trace, plan: &Plan, graph: &ObjectGraph) -> HashMap<ObjectId, Vec<(ObjectId, EndId)>> {
    let mut saves: HashMap<ObjectId, Vec<(ObjectId, EndId)>> = HashMap::new();
    for run in trace.runs.iter().filter(|run| run.event == Event::Spared(Spared::Known)) {
        let Some((_, end)) = plan.node(plan.step(run.step).node).parent else { continue };
        for &parent in &run.parents {
            let edges = graph.object(parent).links.get(&end).map_or(&[][..], |linked| linked.edges());
            for edge in edges {
                saves.entry(edge.target).or_default().push((parent, end));
            }
        }
    }
    saves
}

/// The rows that named an object, each once: a row may name it in several of its columns.
fn rows_of(seen: &[RowAt]) -> Vec<(u32, u32)> {
    let mut rows: Vec<(u32, u32)> = seen.iter().map(|at| (at.run, at.row)).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

struct Facts {
    known: HashSet<ObjectId>,
    statements: Vec<u32>,
    saves: HashMap<ObjectId, Vec<(ObjectId, EndId)>>,
}

impl Facts {
    fn object(&self, object: &Object, row_of: &FindRow<'_>) -> ObjectView {
        let links = object.links.iter().map(|(end, linked)| {
            let targets = linked.edges().iter().map(|edge| edge.target);
            LinkView {
                end: *end,
                targets: targets.filter(|target| self.known.contains(target)).collect(),
                total: linked.edges().len() as u32,
            }
        });
        let rows = rows_of(&object.seen);
        let number = |(run, row): &(u32, u32)| RowNumber {
            statement: self.statements.get(*run as usize).copied().unwrap_or_default(),
            row: row + 1,
        };
        let saves = self.saves.get(&object.id).map_or(&[][..], Vec::as_slice);
        ObjectView {
            id: object.id,
            model: object.model,
            key: object.key.clone(),
            values: object.values.clone(),
            unloaded: object.unloaded.iter().map(|&at| at as u32).collect(),
            computed: object.computed.clone(),
            row: row_of(object.model, &object.key),
            seen: rows.len() as u32,
            named: rows.iter().take(NAMED_SHOWN).map(number).collect(),
            saved: saves.len() as u32,
            saves: saves.iter().take(NAMED_SHOWN).copied().collect(),
            links: links.collect(),
        }
    }
}
