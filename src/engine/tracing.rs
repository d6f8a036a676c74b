//! Runs a plan and keeps every row of it, so that each value can be traced to the cell that it came from.

use super::execution::{Brought, Keeper, Stop, run_plan};
use crate::graph::{Batch, Builder, ObjectGraph, RowAt};
use crate::query::{Node, NodeId, Plan, Step};
use crate::schema::EndId;
use crate::sql::{Statement, render};
use crate::trace::{Event, ObjectId, Rows, Run, Sent, Spared, Trace};
use crate::value::Value;

/// What running a plan gave: as much as came before the failure, if there was one.
#[derive(Debug)]
pub struct Execution<E> {
    /// Everything that happened.
    pub trace: Trace,
    /// The objects.
    pub graph: ObjectGraph,
    /// Why it stopped before its end.
    pub failure: Option<Stop<E>>,
}

/// Sends a statement and gives its rows and the microseconds it took.
pub type SendStatement<'a, E> = dyn FnMut(&Statement) -> Result<(Rows, u64), E> + 'a;

/// Runs a plan and keeps all that happened. `collections` tells which properties lead to many; `send` asks the database.
pub fn execute<E>(
    plan: &Plan,
    collections: &dyn Fn(EndId) -> bool,
    send: &mut SendStatement<'_, E>,
) -> Execution<E> {
    let builder = Builder::new(plan, collections);
    let mut keeper = Tracing { plan, send, builder, trace: Trace::default() };
    let failure = run_plan(plan, &mut keeper).err();
    Execution { trace: keeper.trace, graph: keeper.builder.finish(), failure }
}

impl Brought for Batch {
    fn at(&self, node: NodeId) -> &[ObjectId] {
        self.at(node)
    }

    fn made_at(&self, node: NodeId) -> Vec<ObjectId> {
        self.made_at(node)
    }

    fn has_fresh_at(&self, node: NodeId) -> bool {
        self.at(node).iter().any(|object| self.is_fresh_at(*object, node))
    }

    fn merge(&mut self, other: Batch) {
        self.merge(other);
    }
}

/// Keeps every row, and where each value of each object came from.
struct Tracing<'a, E> {
    plan: &'a Plan,
    send: &'a mut SendStatement<'a, E>,
    builder: Builder<'a>,
    trace: Trace,
}

impl<E> Tracing<'_, E> {
    fn record(&mut self, run: Run) -> Batch {
        let batch = self.builder.read(&run);
        self.trace.runs.push(run);
        batch
    }
}

impl<E> Keeper for Tracing<'_, E> {
    type Error = E;
    type Key = Vec<Value>;
    type Batch = Batch;

    fn send(&mut self, step: &Step, parents: Vec<ObjectId>, keys: &[Vec<Value>]) -> Result<Batch, E> {
        let statement = render(&step.select, keys);
        let (rows, micros) = (self.send)(&statement)?;
        let event = Event::Sent(Sent { statement, rows, micros });
        Ok(self.record(Run { step: step.id, parents, event }))
    }

    fn spare(&mut self, step: &Step, parents: Vec<ObjectId>, reason: Spared) {
        self.record(Run { step: step.id, parents, event: Event::Spared(reason) });
    }

    fn values_of(&self, object: ObjectId, columns: &[usize]) -> Vec<Value> {
        self.builder.values_of(object, columns)
    }

    fn key_of(&self, object: ObjectId, columns: &[usize]) -> Option<Vec<Value>> {
        self.builder.key_of(object, columns)
    }

    fn is_loaded(&self, object: ObjectId, end: EndId) -> bool {
        self.builder.is_loaded(object, end)
    }

    fn targets(&self, object: ObjectId, end: EndId) -> Vec<ObjectId> {
        self.builder.targets(object, end)
    }

    fn tells_apart(&self, _: NodeId, _: &[usize]) -> bool {
        // The rows of its statements are looked up by key anyway.
        false
    }

    fn knows(&self, node: &Node, key: &Vec<Value>) -> bool {
        self.builder.graph().find(node, key).is_some()
    }

    fn home(&self, object: ObjectId) -> Option<NodeId> {
        self.builder.graph().object(object).seen.first().map(|at| at.node)
    }

    fn forbids(&self, object: ObjectId, end: EndId) -> bool {
        let seen = &self.builder.graph().object(object).seen;
        let first = seen.first();
        // A statement marks what it makes, and what it finds; not what it has just made at another node.
        let marks = |at: &&RowAt| first.is_some_and(|first| first.run != at.run || first.node == at.node);
        seen.iter().filter(marks).any(|at| self.plan.forbids(at.node, end))
    }
}
