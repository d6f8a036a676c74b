//! Trace in, graph out. The engine feeds the same builder while it runs, so that later steps know their keys.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value as Json;

use super::json;
use super::object::{Edge, Linked, Object, ObjectGraph, RowAt};
use crate::query::{Cells, JsonAt, Node, NodeId, Plan, Runs, Step};
use crate::schema::EndId;
use crate::trace::{Event, ObjectId, Run, Trace};
use crate::value::Value;

/// Makes the graph of a trace.
pub fn build(plan: &Plan, collections: &dyn Fn(EndId) -> bool, trace: &Trace) -> ObjectGraph {
    let mut builder = Builder::new(plan, collections);
    for run in &trace.runs {
        builder.read(run);
    }
    builder.finish()
}

/// A graph under construction.
pub struct Builder<'a> {
    plan: &'a Plan,
    collections: &'a dyn Fn(EndId) -> bool,
    graph: ObjectGraph,
    edges: HashSet<(ObjectId, EndId, ObjectId)>,
    roots: HashSet<ObjectId>,
    runs: u32,
}

/// The objects that a run read, for each node once and in the order of the rows.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    objects: BTreeMap<NodeId, Vec<ObjectId>>,
    /// Those that were first named by the rows of the batch, and at which node.
    fresh: HashSet<(NodeId, ObjectId)>,
    made: HashSet<ObjectId>,
    members: HashSet<(NodeId, ObjectId)>,
}

impl Batch {
    /// The objects read at a node.
    pub fn at(&self, node: NodeId) -> &[ObjectId] {
        self.objects.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Those of them that no earlier run had named, wherever in this one they were named first.
    pub fn made_at(&self, node: NodeId) -> Vec<ObjectId> {
        self.at(node).iter().copied().filter(|object| self.made.contains(object)).collect()
    }

    /// Whether an object was first named at this node, in the rows of this batch.
    pub fn is_fresh_at(&self, object: ObjectId, node: NodeId) -> bool {
        self.fresh.contains(&(node, object))
    }

    /// Adds what another run of the same step read.
    pub fn merge(&mut self, other: Batch) {
        for (node, objects) in other.objects {
            for object in objects {
                let fresh = other.fresh.contains(&(node, object));
                self.add(node, object, fresh);
            }
        }
        self.made.extend(other.made);
    }

    fn add(&mut self, node: NodeId, object: ObjectId, fresh: bool) {
        if self.members.insert((node, object)) {
            self.objects.entry(node).or_default().push(object);
            if fresh {
                self.fresh.insert((node, object));
                self.made.insert(object);
            }
        }
    }
}

impl<'a> Builder<'a> {
    /// An empty graph for the runs of a plan. `collections` tells which properties lead to many.
    pub fn new(plan: &'a Plan, collections: &'a dyn Fn(EndId) -> bool) -> Self {
        Builder {
            plan,
            collections,
            graph: ObjectGraph::default(),
            edges: HashSet::new(),
            roots: HashSet::new(),
            runs: 0,
        }
    }

    /// The graph so far.
    pub fn graph(&self) -> &ObjectGraph {
        &self.graph
    }

    /// The finished graph.
    pub fn finish(self) -> ObjectGraph {
        self.graph
    }

    /// The values of these columns of a parent.
    pub fn values_of(&self, parent: ObjectId, columns: &[usize]) -> Vec<Value> {
        let values = &self.graph.object(parent).values;
        columns.iter().map(|&at| values[at].clone()).collect()
    }

    /// The values of a parent that a step's key takes. `None` if one of them is `NULL`: it leads nowhere.
    pub fn key_of(&self, parent: ObjectId, columns: &[usize]) -> Option<Vec<Value>> {
        let key = self.values_of(parent, columns);
        (!key.iter().any(Value::is_null)).then_some(key)
    }

    /// Whether a property of an object is loaded.
    pub fn is_loaded(&self, object: ObjectId, end: EndId) -> bool {
        self.graph.object(object).links.contains_key(&end)
    }

    /// The objects that a property leads to, as far as it is loaded.
    pub fn targets(&self, object: ObjectId, end: EndId) -> Vec<ObjectId> {
        let linked = self.graph.object(object).links.get(&end);
        linked.map_or(&[][..], Linked::edges).iter().map(|edge| edge.target).collect()
    }

    /// Takes in a run: its objects, and the edges from its parents.
    pub fn read(&mut self, run: &Run) -> Batch {
        let number = self.runs;
        self.runs += 1;
        let step = self.plan.step(run.step);
        let mut batch = Batch::default();
        if let Some((_, end)) = self.plan.node(step.node).parent {
            run.parents.iter().for_each(|&parent| self.open(parent, end));
        }
        match &run.event {
            Event::Spared(_) => self.link_known(step, run, &mut batch),
            Event::Sent(sent) => {
                let parents = self.parents_by_key(step, run);
                for (at, row) in sent.rows.iter().enumerate() {
                    self.read_row(step, &parents, number, at as u32, row, &mut batch);
                }
            }
        }
        batch
    }

    /// Marks a property as loaded, empty so far.
    fn open(&mut self, parent: ObjectId, end: EndId) {
        let many = (self.collections)(end);
        let links = &mut self.graph.objects[parent.0 as usize].links;
        links.entry(end).or_insert(if many { Linked::Many(Vec::new()) } else { Linked::One(None) });
    }

    /// A run that sent nothing: the target is the one that the identity map has for the parent's key.
    fn link_known(&mut self, step: &Step, run: &Run, batch: &mut Batch) {
        let node = self.plan.node(step.node);
        let (Some((_, end)), Runs::PerObject { key, to_one: true, .. }) = (node.parent, &step.runs) else {
            return;
        };
        for &parent in &run.parents {
            let known = self.key_of(parent, key).and_then(|key| self.graph.find(node, &key));
            if let Some(target) = known {
                self.link(parent, end, Edge { target, from: None });
                batch.add(node.id, target, false);
            }
        }
    }

    /// The parents of a run under the key by which its rows name them. A run for a single object needs no name.
    fn parents_by_key(&self, step: &Step, run: &Run) -> HashMap<Vec<Value>, Vec<ObjectId>> {
        let mut parents: HashMap<Vec<Value>, Vec<ObjectId>> = HashMap::new();
        match &step.runs {
            Runs::Once => {}
            Runs::PerObject { .. } => {
                parents.insert(Vec::new(), run.parents.clone());
            }
            Runs::PerChunk { key, .. } | Runs::ForAll { key } | Runs::Raises { key } => {
                for &parent in &run.parents {
                    if let Some(key) = self.key_of(parent, key) {
                        parents.entry(key).or_default().push(parent);
                    }
                }
            }
        }
        parents
    }

    fn read_row(
        &mut self,
        step: &Step,
        parents: &HashMap<Vec<Value>, Vec<ObjectId>>,
        run: u32,
        row: u32,
        values: &[Value],
        batch: &mut Batch,
    ) {
        let mut found: BTreeMap<NodeId, ObjectId> = BTreeMap::new();
        let plan = self.plan;
        for node in plan.nodes_of(step.id) {
            let at = RowAt { run, row, node: node.id };
            let joined_to = node.parent.filter(|_| node.id != step.node);
            // A joined property is loaded even if the outer join found nothing.
            if let Some((parent, end)) = joined_to
                && let Some(&parent) = found.get(&parent)
            {
                self.open(parent, end);
            }
            if let Cells::Json { at: place, .. } = &node.cells {
                if let (Some((parent, _)), JsonAt::Cell(cell)) = (joined_to, place)
                    && let Some(&parent) = found.get(&parent)
                {
                    self.read_json(node, parent, json::parse(&values[*cell]), at, batch);
                }
                continue;
            }
            let Some(object) = self.identify(node, at, values) else { continue };
            found.insert(node.id, object);
            batch.add(node.id, object, self.is_fresh(object, at));
            let edge = Edge { target: object, from: Some(at) };
            match (joined_to, node.parent) {
                (Some((parent, end)), _) => {
                    let parent = found.get(&parent).copied();
                    parent.into_iter().for_each(|parent| self.link(parent, end, edge));
                }
                (None, Some((_, end))) => {
                    let key: Vec<Value> = step.parent_outputs.iter().map(|&at| values[at].clone()).collect();
                    let parents = parents.get(&key).map_or(&[][..], Vec::as_slice);
                    parents.iter().for_each(|&parent| self.link(parent, end, edge));
                }
                (None, None) => {
                    if self.roots.insert(object) {
                        self.graph.roots.push(object);
                    }
                }
            }
        }
    }

    /// Takes in the objects that a piece of JSON says hang on a parent, and what hangs on them in turn.
    fn read_json(&mut self, node: &Node, parent: ObjectId, json: Json, at: RowAt, batch: &mut Batch) {
        let (Some((_, end)), Cells::Json { members, key, .. }) = (node.parent, &node.cells) else { return };
        let plan = self.plan;
        self.open(parent, end);
        for mut members_of_one in json::objects(json) {
            let values = json::values(&members_of_one, members);
            let key = key.iter().map(|&at| values[at].clone()).collect();
            let object = self.know(node, key, at, &values);
            batch.add(node.id, object, self.is_fresh(object, at));
            self.link(parent, end, Edge { target: object, from: Some(at) });
            for below in
                plan.nodes_of(node.step).filter(|below| below.parent.is_some_and(|(id, _)| id == node.id))
            {
                if let Cells::Json { at: JsonAt::Member(name), .. } = &below.cells {
                    let inner = members_of_one.remove(name).unwrap_or_default();
                    self.read_json(below, object, inner, RowAt { node: below.id, ..at }, batch);
                }
            }
        }
    }

    /// The object whose columns stand at this place, or `None` where an outer join found nothing.
    fn identify(&mut self, node: &Node, at: RowAt, values: &[Value]) -> Option<ObjectId> {
        let Cells::Columns { first, width, .. } = &node.cells else { return None };
        let key = node.key_in(values)?;
        let id = self.know(node, key, at, &values[*first..first + width]);
        let object = &mut self.graph.objects[id.0 as usize];
        // Another node may have named the object before; only the root's rows say what was computed.
        if object.computed.is_empty() {
            object.computed = node.computed.iter().map(|&at| values[at].clone()).collect();
        }
        Some(id)
    }

    /// The object with this key: the one that the identity map has, or a new one with these values.
    fn know(&mut self, node: &Node, key: Vec<Value>, at: RowAt, values: &[Value]) -> ObjectId {
        let next = ObjectId(self.graph.objects.len() as u32);
        let id = *self.graph.identities.entry((node.family(), key.clone())).or_insert(next);
        if id == next {
            let mut values = node.spread(values);
            let kind = node.kind_in(&values).cloned();
            kind.iter().flat_map(|kind| &kind.lacks).for_each(|at| values[*at] = Value::Null);
            self.graph.objects.push(Object {
                id,
                model: kind.map_or(node.model, |kind| kind.model),
                key,
                values,
                unloaded: node.unloaded.clone(),
                computed: Vec::new(),
                seen: Vec::new(),
                links: BTreeMap::new(),
            });
        }
        self.graph.objects[id.0 as usize].seen.push(at);
        id
    }

    /// Whether the object was first named by this run at this node.
    fn is_fresh(&self, object: ObjectId, at: RowAt) -> bool {
        let first = self.graph.object(object).seen.first();
        first.is_some_and(|seen| (seen.run, seen.node) == (at.run, at.node))
    }

    fn link(&mut self, parent: ObjectId, end: EndId, edge: Edge) {
        self.open(parent, end);
        if !self.edges.insert((parent, end, edge.target)) {
            return;
        }
        match self.graph.objects[parent.0 as usize].links.get_mut(&end) {
            Some(Linked::Many(edges)) => edges.push(edge),
            // Of several candidates the first row wins, as in SQLAlchemy.
            Some(Linked::One(one)) => {
                one.get_or_insert(edge);
            }
            None => {}
        }
    }
}
