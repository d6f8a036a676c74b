//! Runs a plan: decides which statement goes next and for which keys, as an ORM's loaders do.
//!
//! What does not wait goes out level by level, right after the parents were read: statements for all of them at once,
//! for chunks of them, or one by one. Then code is imagined to walk the graph, object by object and property by property,
//! and each property that is still to be loaded is loaded when it is touched. Knows nothing of SQLite, nor of what becomes
//! of the rows: a [`Keeper`] does.

use std::hash::Hash;

use indexmap::IndexMap;

use crate::query::{Node, NodeId, Plan, Role, Runs, Step, StepId, When};
use crate::schema::EndId;
use crate::trace::{ObjectId, Spared};

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

/// Has a keeper send what a plan says.
///
/// # Errors
/// Why it stopped before its end.
pub(super) fn run_plan<K: Keeper>(plan: &Plan, keeper: &mut K) -> Result<(), Stop<K::Error>> {
    let mut leads_on = vec![false; plan.nodes.len()];
    for node in plan.nodes.iter().filter(|node| node.role == Role::Asked) {
        node.parent.iter().for_each(|(parent, _)| leads_on[parent.0 as usize] = true);
    }
    let walked = vec![Vec::new(); plan.nodes.len()];
    Executor { plan, keeper, walked, leads_on, loading: Vec::new() }.run_root()
}

/// Sends the statements of a plan and keeps what comes back.
pub(super) trait Keeper {
    /// Why a statement gave no rows.
    type Error;
    /// The values of an object that a statement takes for a parameter.
    type Key: Clone + Eq + Hash;
    /// What a statement brought.
    type Batch: Brought;

    /// Sends a statement for these keys of these parents, and takes in its rows.
    fn send(
        &mut self,
        step: &Step,
        parents: Vec<ObjectId>,
        keys: &[Self::Key],
    ) -> Result<Self::Batch, Self::Error>;
    /// Takes note that a statement was not needed.
    fn spare(&mut self, step: &Step, parents: Vec<ObjectId>, reason: Spared);
    /// The values of these columns of an object.
    fn values_of(&self, object: ObjectId, columns: &[usize]) -> Self::Key;
    /// The values of an object that a step's key takes. `None` if one of them is `NULL`: it leads nowhere.
    fn key_of(&self, object: ObjectId, columns: &[usize]) -> Option<Self::Key>;
    /// Whether a property of an object is loaded.
    fn is_loaded(&self, object: ObjectId, end: EndId) -> bool;
    /// The objects that a property leads to, as far as it is loaded.
    fn targets(&self, object: ObjectId, end: EndId) -> Vec<ObjectId>;
    /// Whether no two objects of a node have the same values of these columns: they are the primary key.
    fn tells_apart(&self, node: NodeId, columns: &[usize]) -> bool;
    /// Whether an object with this primary key that can stand at a node is known.
    fn knows(&self, node: &Node, key: &Self::Key) -> bool;
    /// The node that an object was first read at.
    fn home(&self, object: ObjectId) -> Option<NodeId>;
    /// Whether an object was read where a property must not be loaded when code touches it.
    fn forbids(&self, object: ObjectId, end: EndId) -> bool;
}

/// The objects that a statement, or several in a row, brought.
pub(super) trait Brought: Default {
    /// The objects read at a node.
    fn at(&self, node: NodeId) -> &[ObjectId];
    /// Those of them that no earlier run had named.
    fn made_at(&self, node: NodeId) -> Vec<ObjectId>;
    /// Whether any of them was first named there, by these statements.
    fn has_fresh_at(&self, node: NodeId) -> bool;
    /// Adds what another run of the same step brought.
    fn merge(&mut self, other: Self);
}

/// Keys and the objects that have them.
struct Groups<K> {
    keys: Vec<K>,
    /// The objects, those of the first key first.
    parents: Vec<ObjectId>,
    /// Where those of each key end.
    ends: Vec<usize>,
    /// The objects that have none.
    without: Vec<ObjectId>,
}

struct Executor<'a, K> {
    plan: &'a Plan,
    keeper: &'a mut K,
    /// The objects whose properties were walked, for each node: walking them again would touch nothing new.
    walked: Vec<Vec<bool>>,
    /// For each node, whether a property of its objects is asked for.
    leads_on: Vec<bool>,
    /// What a lazy load is filling in, as long as what hangs on it is loaded: until then it counts as not loaded.
    loading: Vec<(ObjectId, EndId)>,
}

impl<K: Keeper> Executor<'_, K> {
    fn run_root(&mut self) -> Result<(), Stop<K::Error>> {
        let plan = self.plan;
        let Some(root) = plan.steps.first() else { return Ok(()) };
        let batch = self.send(root, Vec::new(), &[])?;
        self.load_below(root.id, &batch)?;
        // Where nothing waits for it, code that touches a property meets what is loaded.
        let waits = |step: &Step| matches!(step.runs, Runs::PerObject { .. } | Runs::Raises { .. });
        if plan.steps.iter().any(waits) {
            for &object in batch.at(root.node) {
                self.walk(root.node, object)?;
            }
        }
        Ok(())
    }

    /// Sends what does not wait of all that hangs on the objects just read, except what was sent with them.
    fn load_below(&mut self, step: StepId, batch: &K::Batch) -> Result<(), Stop<K::Error>> {
        for (below, node) in self.plan.steps_below(step) {
            let Some((_, end)) = self.plan.node(below.node).parent else { continue };
            let loaded = match &below.runs {
                Runs::PerChunk { key, size } => {
                    let parents = self.eager_parents(step, batch, node);
                    self.load_chunks(below, &parents, key, *size)?
                }
                Runs::PerObject { when: When::AtOnce, .. } => {
                    let mut loaded = K::Batch::default();
                    for parent in self.eager_parents(step, batch, node) {
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
    fn load_for_all(
        &mut self,
        step: StepId,
        batch: &K::Batch,
        keys: &[K::Key],
    ) -> Result<(), Stop<K::Error>> {
        let repeating = |(below, _): &(&Step, NodeId)| matches!(below.runs, Runs::ForAll { .. });
        for (below, node) in self.plan.steps_below(step).filter(repeating) {
            let Some((_, end)) = self.plan.node(below.node).parent else { continue };
            let parents = batch.at(node);
            // It is the first object that lacks the property which sends the statement, for all of them.
            if batch.has_fresh_at(node) || parents.iter().any(|&parent| !self.keeper.is_loaded(parent, end)) {
                let loaded = self.send(below, parents.to_vec(), keys)?;
                self.load_below(below.id, &loaded)?;
            }
        }
        Ok(())
    }

    /// The objects for which a statement's eager loads run, except those that repeat it: those at a node. A lazy load does not touch what it finds
    /// in the identity map.
    fn eager_parents(&self, step: StepId, batch: &K::Batch, node: NodeId) -> Vec<ObjectId> {
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
    ) -> Result<K::Batch, Stop<K::Error>> {
        let Groups { keys, parents, ends, without } = self.groups(step, parents, key);
        if !without.is_empty() {
            self.spare(step, without, Spared::NoKey);
        }
        let mut loaded = K::Batch::default();
        let (mut first, mut at) = (0, 0);
        for chunk in keys.chunks(size) {
            at += chunk.len();
            let last = ends[at - 1];
            loaded.merge(self.send(step, parents[first..last].to_vec(), chunk)?);
            first = last;
        }
        Ok(loaded)
    }

    /// The distinct keys of parents, in the order of the parents, and whose they are.
    fn groups(&self, step: &Step, parents: &[ObjectId], key: &[usize]) -> Groups<K::Key> {
        let node = self.plan.node(step.node).parent.map(|(node, _)| node);
        let mut without = Vec::new();
        if node.is_some_and(|node| self.keeper.tells_apart(node, key)) {
            let keys = parents.iter().filter_map(|&parent| self.keeper.key_of(parent, key)).collect();
            return Groups { keys, parents: parents.to_vec(), ends: (1..=parents.len()).collect(), without };
        }
        let mut groups: IndexMap<K::Key, Vec<ObjectId>> = IndexMap::new();
        for &parent in parents {
            match self.keeper.key_of(parent, key) {
                Some(key) => groups.entry(key).or_default().push(parent),
                None => without.push(parent),
            }
        }
        let (mut keys, mut parents, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for (key, group) in groups {
            keys.push(key);
            parents.extend(group);
            ends.push(parents.len());
        }
        Groups { keys, parents, ends, without }
    }

    /// Touches the properties of an object as code would, depth first.
    fn walk(&mut self, node: NodeId, object: ObjectId) -> Result<(), Stop<K::Error>> {
        let walked = &mut self.walked[node.0 as usize];
        let at = object.0 as usize;
        walked.resize(walked.len().max(at + 1), false);
        if std::mem::replace(&mut walked[at], true) {
            return Ok(());
        }
        let plan = self.plan;
        for child in plan.nodes.iter().filter(|child| child.role == Role::Asked) {
            let Some((parent, end)) = child.parent else { continue };
            if parent == node {
                self.reach(child, object, end)?;
                if !self.leads_on[child.id.0 as usize] {
                    continue;
                }
                for target in self.keeper.targets(object, end) {
                    self.walk(child.id, target)?;
                }
            }
        }
        Ok(())
    }

    /// Loads a property if it waits to be touched.
    fn reach(&mut self, child: &Node, object: ObjectId, end: EndId) -> Result<(), Stop<K::Error>> {
        let own = self.plan.step(child.step);
        let waits = matches!(own.runs, Runs::PerObject { when: When::Touched, .. }) && own.node == child.id;
        if self.keeper.is_loaded(object, end) {
            // Code touched a property that was to be loaded now, and was before.
            if waits {
                self.spare(own, vec![object], Spared::AlreadyLoaded);
            }
            return Ok(());
        }
        if self.keeper.forbids(object, end) {
            return Err(Stop::Raised(end));
        }
        let home = self.keeper.home(object);
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
    fn touch(&mut self, step: &Step, object: ObjectId, end: EndId) -> Result<K::Batch, Stop<K::Error>> {
        let Runs::PerObject { key, to_one, asks_null, .. } = &step.runs else {
            return Ok(K::Batch::default());
        };
        let target = self.plan.node(step.node);
        let reason = match self.keeper.key_of(object, key) {
            _ if self.keeper.is_loaded(object, end) && !self.loading.contains(&(object, end)) => {
                Spared::AlreadyLoaded
            }
            None if !asks_null => Spared::NoKey,
            Some(key) if *to_one && self.keeper.knows(target, &key) => Spared::Known,
            _ => return self.send(step, vec![object], &[self.keeper.values_of(object, key)]),
        };
        self.spare(step, vec![object], reason);
        Ok(K::Batch::default())
    }

    /// Sends a statement, and those that repeat it.
    fn send(
        &mut self,
        step: &Step,
        parents: Vec<ObjectId>,
        keys: &[K::Key],
    ) -> Result<K::Batch, Stop<K::Error>> {
        let batch = self.keeper.send(step, parents, keys)?;
        self.load_for_all(step.id, &batch, keys)?;
        Ok(batch)
    }

    fn spare(&mut self, step: &Step, parents: Vec<ObjectId>, reason: Spared) {
        self.keeper.spare(step, parents, reason);
    }
}
