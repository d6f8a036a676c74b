//! What has to hold of a graph that is loaded for its objects alone.

use relata::engine::{Execution, Live, SqlError};
use relata::query::Plan;
use relata::trace::ObjectId;
use relata::value::Value;

/// Loaded for the objects alone, the graph is the same, order included, by the same statements.
pub(crate) fn check(live: &Live, plan: &Plan, execution: &Execution<SqlError>) {
    let loaded = live.load(plan);
    assert_eq!(loaded.failure, None);
    let graph = &loaded.graph;
    assert_eq!(graph.canonical(plan), execution.graph.canonical());
    let texts: Vec<&str> = graph.runs.iter().map(|run| graph.texts[run.text as usize].0.as_str()).collect();
    let sent: Vec<&str> = execution.trace.sent().map(|(_, sent)| sent.statement.text.as_str()).collect();
    assert_eq!(texts, sent);
    let params: Vec<Value> =
        execution.trace.sent().flat_map(|(_, sent)| sent.statement.params.clone()).collect();
    assert_eq!(graph.params.values(), params);
    assert_eq!(graph.rows(), execution.trace.sent().map(|(_, sent)| sent.rows.len()).sum::<usize>());
    for object in &execution.graph.objects {
        for (end, linked) in &object.links {
            let (_, links) = graph.links.iter().find(|(known, _)| known == end).unwrap();
            let targets: Vec<ObjectId> = links.of(object.id).collect();
            assert_eq!(targets, linked.edges().iter().map(|edge| edge.target).collect::<Vec<_>>());
        }
    }
}
