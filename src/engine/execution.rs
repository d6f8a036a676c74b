//! Runs a plan: decides which statement goes next and for which keys, as an ORM's loaders do.
//!
//! Statements that read many parents at once go out level by level, right after their parents were read. Then code is
//! imagined to walk the graph, object by object and property by property, and each property that is still to be
//! loaded is loaded when it is touched. Knows nothing of SQLite: `send` does.

use std::collections::HashSet;

use crate::graph::{Batch, Builder, ObjectGraph};
use crate::query::{Node, NodeId, Plan, Role, Runs, Step, StepId};
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
    pub failure: Option<E>,
}

/// Sends a statement and gives its rows and the microseconds it took.
pub type SendStatement<'a, E> = dyn FnMut(&Statement) -> Result<(Rows, u64), E> + 'a;

/// Runs a plan. `collections` tells which properties lead to many; `send` asks the database.
pub fn execute<E>(
    plan: &Plan,
    collections: &dyn Fn(EndId) -> bool,
    send: &mut SendStatement<'_, E>,
) -> Execution<E> {
    let mut executor = Executor {
        plan,
        send,
        builder: Builder::new(plan, collections),
        trace: Trace::default(),
        walked: HashSet::new(),
    };
    let failure = executor.run_root().err();
    Execution { trace: executor.trace, graph: executor.builder.finish(), failure }
}

struct Executor<'a, E> {
    plan: &'a Plan,
    send: &'a mut SendStatement<'a, E>,
    builder: Builder<'a>,
    trace: Trace,
    /// The objects whose properties were walked, for each node: walking them again would touch nothing new.
    walked: HashSet<(NodeId, ObjectId)>,
}

impl<'a, E> Executor<'a, E> {
    fn run_root(&mut self) -> Result<(), E> {
        let plan = self.plan;
        let Some(root) = plan.steps.first() else { return Ok(()) };
        let batch = self.send(root, Vec::new(), &[])?;
        self.load_below(root.id, &batch)?;
        for &object in batch.at(root.node) {
            self.walk(root.node, object)?;
        }
        Ok(())
    }

    /// Sends the statements that load for many parents at once what hangs on the objects just read.
    fn load_below(&mut self, step: StepId, batch: &Batch) -> Result<(), E> {
        let plan = self.plan;
        for below in plan.steps_below(step) {
            let (Runs::PerChunk { key, size }, Some((parent, _))) =
                (&below.runs, plan.node(below.node).parent)
            else {
                continue;
            };
            let loaded = self.load_chunks(below, batch.at(parent), key, *size)?;
            self.load_below(below.id, &loaded)?;
        }
        Ok(())
    }

    /// Sends a statement for each chunk of the parents' distinct keys, in the order of the parents.
    fn load_chunks(
        &mut self,
        step: &Step,
        parents: &[ObjectId],
        key: &[usize],
        size: usize,
    ) -> Result<Batch, E> {
        let mut keys: indexmap::IndexMap<Vec<Value>, Vec<ObjectId>> = indexmap::IndexMap::new();
        let mut without = Vec::new();
        for &parent in parents {
            match self.builder.key_of(parent, key) {
                Some(key) => keys.entry(key).or_default().push(parent),
                None => without.push(parent),
            }
        }
        if !without.is_empty() {
            self.spare(step, without, Spared::NoKey);
        }
        let mut loaded = Batch::default();
        let keys: Vec<(Vec<Value>, Vec<ObjectId>)> = keys.into_iter().collect();
        for chunk in keys.chunks(size) {
            let parents = chunk.iter().flat_map(|(_, parents)| parents.iter().copied()).collect();
            let keys: Vec<Vec<Value>> = chunk.iter().map(|(key, _)| key.clone()).collect();
            loaded.merge(self.send(step, parents, &keys)?);
        }
        Ok(loaded)
    }

    /// Touches the properties of an object as code would, depth first.
    fn walk(&mut self, node: NodeId, object: ObjectId) -> Result<(), E> {
        if !self.walked.insert((node, object)) {
            return Ok(());
        }
        let plan = self.plan;
        for child in &plan.nodes {
            let Some((parent, end)) = child.parent else { continue };
            if parent != node || child.role == Role::StandIn {
                continue;
            }
            if let Some(loader) = self.loader_of(child, object, end)
                && let Runs::PerObject { key, to_one } = &loader.runs
            {
                self.touch(loader, object, end, key, *to_one)?;
            }
            for target in self.builder.targets(object, end) {
                self.walk(child.id, target)?;
            }
        }
        Ok(())
    }

    /// The step that loads a property when it is touched: the node's own, or its stand-in's if the own one should have
    /// loaded it before and did not get to this object. `None` for a joined property: its parent's step brings it.
    fn loader_of(&self, child: &Node, object: ObjectId, end: EndId) -> Option<&'a Step> {
        if let (Role::AskedWithStandIn(stand_in), false) = (child.role, self.builder.is_loaded(object, end)) {
            return Some(self.plan.step(self.plan.node(stand_in).step));
        }
        Some(self.plan.step(child.step)).filter(|step| step.node == child.id)
    }

    /// Loads a property of one object, unless there is no need to.
    fn touch(
        &mut self,
        step: &Step,
        object: ObjectId,
        end: EndId,
        key: &[usize],
        to_one: bool,
    ) -> Result<(), E> {
        let target = self.plan.node(step.node).model;
        match self.builder.key_of(object, key) {
            _ if self.builder.is_loaded(object, end) => self.spare(step, vec![object], Spared::AlreadyLoaded),
            None if to_one => self.spare(step, vec![object], Spared::NoKey),
            Some(key) if to_one && self.builder.graph().find(target, &key).is_some() => {
                self.spare(step, vec![object], Spared::Known);
            }
            // Only where the key is a primary key does SQLAlchemy know that NULL leads nowhere.
            _ => {
                let key = self.builder.values_of(object, key);
                let batch = self.send(step, vec![object], &[key])?;
                self.load_below(step.id, &batch)?;
            }
        }
        Ok(())
    }

    fn send(&mut self, step: &Step, parents: Vec<ObjectId>, keys: &[Vec<Value>]) -> Result<Batch, E> {
        let statement = render(&step.select, keys);
        let (rows, micros) = (self.send)(&statement)?;
        Ok(self.record(Run { step: step.id, parents, event: Event::Sent(Sent { statement, rows, micros }) }))
    }

    fn spare(&mut self, step: &Step, parents: Vec<ObjectId>, reason: Spared) {
        self.record(Run { step: step.id, parents, event: Event::Spared(reason) });
    }

    fn record(&mut self, run: Run) -> Batch {
        let batch = self.builder.read(&run);
        self.trace.runs.push(run);
        batch
    }
}
