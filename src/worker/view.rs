//! A run as the page shows it: statements folded, rows by the window, the first objects of the graph.

use indexmap::IndexMap;

use super::session::ObjectsRun;
use crate::explain::Explained;
use crate::graph::ObjectGraph;
use crate::protocol::{NodeShape, RUNS_SHOWN, ResultShape, RowShown, RowsWanted, RunSummary, StatementGroup};
use crate::query::{Node, StepId};
use crate::sql::Statement;
use crate::trace::{Event, ObjectId, Rows, Sent, Spared, Trace};
use crate::value::Value;

/// Folds the runs of a trace: those of one step with the same text become one group, where the first of them stood.
pub(super) fn statement_groups(trace: &Trace) -> Vec<StatementGroup> {
    let mut groups: IndexMap<(StepId, &str, Option<Spared>), StatementGroup> = IndexMap::new();
    let mut number = 0;
    for run in &trace.runs {
        let (text, spared) = match &run.event {
            Event::Sent(sent) => (sent.statement.text.as_str(), None),
            Event::Spared(reason) => ("", Some(*reason)),
        };
        let group = groups
            .entry((run.step, text, spared))
            .or_insert_with(|| empty_group(run.step, number + 1, spared));
        match &run.event {
            Event::Sent(sent) => {
                number += 1;
                add_sent(group, number, sent);
            }
            // A chunk may spare several objects at once.
            Event::Spared(_) => group.count += run.parents.len() as u32,
        }
    }
    groups.into_values().collect()
}

fn empty_group(step: StepId, first: u32, spared: Option<Spared>) -> StatementGroup {
    let statement = Statement::default();
    StatementGroup {
        first,
        count: 0,
        step,
        statement,
        spared,
        rows: 0,
        micros: 0,
        runs: Vec::new(),
        explained: Explained::default(),
    }
}

fn add_sent(group: &mut StatementGroup, number: u32, sent: &Sent) {
    if group.count == 0 {
        group.statement = sent.statement.clone();
    }
    group.count += 1;
    group.rows += sent.rows.len() as u32;
    group.micros += sent.micros;
    if group.runs.len() < RUNS_SHOWN {
        let params = sent.statement.params.clone();
        group.runs.push(RunSummary { number, params, rows: sent.rows.len() as u32, micros: sent.micros });
    }
}

/// The shape of each step's rows, for the steps that sent something.
pub(super) fn result_shapes(last: &ObjectsRun) -> Vec<ResultShape> {
    let mut rows: IndexMap<StepId, u32> = IndexMap::new();
    for (run, sent) in last.execution.trace.sent() {
        *rows.entry(run.step).or_default() += sent.rows.len() as u32;
    }
    let shape = |(step, rows)| ResultShape {
        step,
        columns: last.plan.step(step).outputs.clone(),
        nodes: last.plan.nodes_of(step).map(node_shape).collect(),
        rows,
    };
    rows.into_iter().map(shape).collect()
}

fn node_shape(node: &Node) -> NodeShape {
    NodeShape { node: node.id, model: node.model, end: node.parent.map(|(_, end)| end) }
}

/// A window of a step's rows, counted over all its statements.
pub(super) fn rows_shown(last: &ObjectsRun, wanted: RowsWanted) -> Vec<RowShown> {
    let nodes: Vec<&Node> = last.plan.nodes_of(wanted.step).collect();
    let sent = (1..).zip(last.execution.trace.sent()).filter(|(_, (run, _))| run.step == wanted.step);
    sent.flat_map(|(number, (_, sent))| (1..).zip(&sent.rows).map(move |(at, row)| (number, at, row)))
        .skip(wanted.start as usize)
        .take(wanted.count as usize)
        .map(|(statement, at, row)| RowShown {
            statement,
            row: at,
            cells: row.clone(),
            objects: nodes.iter().map(|node| object_in(&last.execution.graph, node, row)).collect(),
        })
        .collect()
}

/// A window of rows about groups, none of which names an object.
pub(super) fn group_rows_shown(rows: &Rows, wanted: RowsWanted) -> Vec<RowShown> {
    let window = (1..).zip(rows).skip(wanted.start as usize).take(wanted.count as usize);
    window
        .map(|(at, row)| RowShown { statement: 1, row: at, cells: row.clone(), objects: Vec::new() })
        .collect()
}

/// The only statement of a question about groups, as what was sent.
pub(super) fn group_statement(statement: Statement, rows: u32, micros: u64) -> StatementGroup {
    let run = RunSummary { number: 1, params: statement.params.clone(), rows, micros };
    StatementGroup { statement, count: 1, rows, micros, runs: vec![run], ..empty_group(StepId(0), 1, None) }
}

fn object_in(graph: &ObjectGraph, node: &Node, row: &[Value]) -> Option<ObjectId> {
    graph.find(node, &node.key_in(row)?)
}
