//! Runs a plan: decides which statement goes next and for which keys, as an ORM's loaders do.
//!
//! What does not wait goes out level by level, right after the parents were read: statements for all of them at once,
//! for chunks of them, or one by one. Then code is imagined to walk the graph, object by object and property by property,
//! and each property that is still to be loaded is loaded when it is touched. Knows nothing of SQLite: `send` does.

use std::collections::HashSet;

use crate::graph::{Batch, Builder, ObjectGraph, RowAt};
use crate::query::{Node, NodeId, Plan, Role, Runs, Step, StepId, When};
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

/// Why the run of a plan stopped before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop<E> {
    /// A statement failed.
    Failed(E),
    /// Code touched a property that is not to be loaded.
    Raised(EndId),
}

impl<E> From<E> for Stop<E> {
    fn from(error: E) -> Self {
        Stop::Failed(error)
    }
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
        loading: Vec::new(),
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
    /// What a lazy load is filling in, as long as what hangs on it is loaded: until then it counts as not loaded.
    loading: Vec<(ObjectId, EndId)>,
}

impl<'a, E> Executor<'a, E> {
    fn run_root(&mut self) -> Result<(), Stop<E>> {
        let plan = self.plan;
        let Some(root) = plan.steps.first() else { return Ok(()) };
        let batch = self.send(root, Vec::new(), &[])?;
        self.load_below(root.id, &batch)?;
        for &object in batch.at(root.node) {
            self.walk(root.node, object)?;
        }
        Ok(())
    }

    /// Sends what does not wait of all that hangs on the objects just read, except what was sent with them.
    fn load_below(&mut self, step: StepId, batch: &Batch) -> Result<(), Stop<E>> {
        for (below, node) in self.plan.steps_below(step) {
            let Some((_, end)) = self.plan.node(below.node).parent else { continue };
            let parents = self.eager_parents(step, batch, node);
            let loaded = match &below.runs {
                Runs::PerChunk { key, size } => self.load_chunks(below, &parents, key, *size)?,
                Runs::PerObject { when: When::AtOnce, .. } => {
                    let mut loaded = Batch::default();
                    for parent in parents {
                        loaded.merge(self.touch(below, parent, end)?);
                    }
                    loaded
                }
                _ => continue,
            };
            self.load_below(below.id, &loaded)?;
        }
        Ok(())
    }

    /// Sends the statements that repeat this one to find what hangs on the objects that it read.
    fn load_for_all(&mut self, step: StepId, batch: &Batch, keys: &[Vec<Value>]) -> Result<(), Stop<E>> {
        let repeating = |(below, _): &(&Step, NodeId)| matches!(below.runs, Runs::ForAll { .. });
        for (below, node) in self.plan.steps_below(step).filter(repeating) {
            let Some((_, end)) = self.plan.node(below.node).parent else { continue };
            let parents = batch.at(node);
            // It is the first object that lacks the property which sends the statement, for all of them.
            if parents
                .iter()
                .any(|&parent| batch.is_fresh_at(parent, node) || !self.builder.is_loaded(parent, end))
            {
                let loaded = self.send(below, parents.to_vec(), keys)?;
                self.load_below(below.id, &loaded)?;
            }
        }
        Ok(())
    }

    /// The objects for which a statement's eager loads run, except those that repeat it: those at a node. A lazy load does not touch what it finds
    /// in the identity map.
    fn eager_parents(&self, step: StepId, batch: &Batch, node: NodeId) -> Vec<ObjectId> {
        match self.plan.step(step).runs {
            Runs::PerObject { .. } => batch.made_at(node),
            _ => batch.at(node).to_vec(),
        }
    }

    /// Sends a statement for each chunk of the parents' distinct keys, in the order of the parents.
    fn load_chunks(
        &mut self,
        step: &Step,
        parents: &[ObjectId],
        key: &[usize],
        size: usize,
    ) -> Result<Batch, Stop<E>> {
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
    fn walk(&mut self, node: NodeId, object: ObjectId) -> Result<(), Stop<E>> {
        if !self.walked.insert((node, object)) {
            return Ok(());
        }
        let plan = self.plan;
        for child in plan.nodes.iter().filter(|child| child.role == Role::Asked) {
            let Some((parent, end)) = child.parent else { continue };
            if parent == node {
                self.reach(child, object, end)?;
                for target in self.builder.targets(object, end) {
                    self.walk(child.id, target)?;
                }
            }
        }
        Ok(())
    }

    /// Loads a property if it waits to be touched.
    fn reach(&mut self, child: &Node, object: ObjectId, end: EndId) -> Result<(), Stop<E>> {
        let own = self.plan.step(child.step);
        let waits = matches!(own.runs, Runs::PerObject { when: When::Touched, .. }) && own.node == child.id;
        if self.builder.is_loaded(object, end) {
            // Code touched a property that was to be loaded now, and was before.
            if waits {
                self.spare(own, vec![object], Spared::AlreadyLoaded);
            }
            return Ok(());
        }
        let seen = &self.builder.graph().object(object).seen;
        let first = seen.first();
        // A statement marks what it makes, and what it finds; not what it has just made at another node.
        let marks = |at: &&RowAt| first.is_some_and(|first| first.run != at.run || first.node == at.node);
        if seen.iter().filter(marks).any(|at| self.plan.forbids(at.node, end)) {
            return Err(Stop::Raised(end));
        }
        let home = first.map(|at| at.node);
        let loader = home.and_then(|home| self.plan.lazy_step(home, end)).unwrap_or(own);
        match &loader.runs {
            Runs::PerObject { .. } => {
                let loaded = self.touch(loader, object, end)?;
                self.loading.push((object, end));
                let below = self.load_below(loader.id, &loaded);
                self.loading.pop();
                below
            }
            _ => Err(Stop::Raised(end)),
        }
    }

    /// Loads a property of one object, unless there is no need to. Gives what was read.
    fn touch(&mut self, step: &Step, object: ObjectId, end: EndId) -> Result<Batch, Stop<E>> {
        let Runs::PerObject { key, to_one, asks_null, .. } = &step.runs else { return Ok(Batch::default()) };
        let target = self.plan.node(step.node);
        let reason = match self.builder.key_of(object, key) {
            _ if self.builder.is_loaded(object, end) && !self.loading.contains(&(object, end)) => {
                Spared::AlreadyLoaded
            }
            None if !asks_null => Spared::NoKey,
            Some(key) if *to_one && self.builder.graph().find(target, &key).is_some() => Spared::Known,
            _ => return self.send(step, vec![object], &[self.builder.values_of(object, key)]),
        };
        self.spare(step, vec![object], reason);
        Ok(Batch::default())
    }

    /// Sends a statement, and those that repeat it.
    fn send(&mut self, step: &Step, parents: Vec<ObjectId>, keys: &[Vec<Value>]) -> Result<Batch, Stop<E>> {
        let statement = render(&step.select, keys);
        let (rows, micros) = (self.send)(&statement)?;
        let event = Event::Sent(Sent { statement, rows, micros });
        let batch = self.record(Run { step: step.id, parents, event });
        self.load_for_all(step.id, &batch, keys)?;
        Ok(batch)
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
