//! Runs a plan for nothing but its objects: no row is kept, and each value once.
//!
//! The cells of an object are packed where it is first read; where it comes again they are not even asked for. A row is which
//! objects stood in it, and the few cells that are no object's: enough to show it again. So a graph takes little more time
//! than its statements do, and goes to JavaScript in a few pieces.

mod canonical;
mod graph;
mod identity;
mod json;
mod links;
mod reading;
mod scan;
mod shape;

use std::collections::HashSet;
use std::rc::Rc;

use rusqlite::Connection;

use super::clock::micros;
use super::database::{SqlError, borrowed};
use super::execution::{Brought, Keeper, Stop, run_plan};
use super::packed::{Integers, Parameter};
use super::raw::{self, Code, Statement};
use crate::query::{Node, NodeId, Plan, Runs, Step};
use crate::schema::{EndId, Schema};
use crate::sql::{KeySlots, render_shape};
use crate::trace::{ObjectId, Spared};
use crate::value::Value;
pub use graph::{ELSEWHERE, Graph, NO_OBJECT, Sending, Table};
pub use identity::Key;
pub use links::{Links, NOTHING, UNLOADED};
pub use scan::scan;
use shape::{StepShape, is_key, shapes};

/// What the run of a plan gave: as much as came before the failure, if there was one.
#[derive(Debug)]
pub struct Outcome {
    /// The objects.
    pub graph: Graph,
    /// Why it stopped before its end.
    pub failure: Option<Stop<SqlError>>,
}

/// Statements that were prepared, by their text, for plans to come.
#[derive(Default)]
pub struct Statements(Vec<(String, Statement)>);

/// How many statements are kept.
const KEPT: usize = 32;

impl Statements {
    /// The statement of a text, to be given back.
    fn take(&mut self, connection: &Rc<Connection>, text: &str) -> Result<Statement, SqlError> {
        if let Some(at) = self.0.iter().position(|(known, _)| known == text) {
            return Ok(self.0.swap_remove(at).1);
        }
        match raw::prepare(connection, text.as_bytes()).map(|prepared| prepared.statement) {
            Ok(Some(statement)) => Ok(statement),
            Ok(None) => Err(SqlError::Sqlite("There is no statement.".into())),
            Err(_) => Err(SqlError::Sqlite(raw::message(connection))),
        }
    }

    fn give_back(&mut self, text: String, statement: Statement) {
        if self.0.len() >= KEPT {
            self.0.remove(0);
        }
        self.0.push((text, statement));
    }
}

/// Runs a plan on a connection.
pub fn load(
    connection: &Rc<Connection>,
    statements: &mut Statements,
    plan: &Plan,
    schema: &Schema,
) -> Outcome {
    let collections = |end| schema.end(end).is_some_and(|end| end.kind.is_collection());
    let (shapes, graph) = shapes(plan, &collections);
    let steps = plan.steps.len();
    let mut compact = Compact {
        plan,
        connection,
        statements,
        shapes,
        graph,
        prepared: (0..steps).map(|_| Vec::new()).collect(),
        is_root: Vec::new(),
        found: Vec::new(),
        stamps: Vec::new(),
        marks: vec![Vec::new(); plan.nodes.len()],
        raises: plan.steps.iter().any(|step| matches!(step.runs, Runs::Raises { .. })),
        forbidden: HashSet::new(),
        clock: micros(),
        told: 0,
    };
    // One snapshot for all statements; and SQLite need not begin a transaction for each.
    let transaction = connection.unchecked_transaction().ok().filter(|_| steps > 1);
    let failure = run_plan(plan, &mut compact).err();
    compact.tell_time();
    let Compact { graph, prepared, statements, .. } = compact;
    for prepared in prepared.into_iter().flatten() {
        statements.give_back(graph.texts[prepared.text as usize].0.clone(), prepared.statement);
    }
    // It has only read; what a script has open stays open.
    let _ = transaction.map(rusqlite::Transaction::commit);
    Outcome { graph, failure }
}

/// A graph under construction.
pub(super) struct Compact<'a> {
    plan: &'a Plan,
    connection: &'a Rc<Connection>,
    statements: &'a mut Statements,
    shapes: Rc<[StepShape]>,
    graph: Graph,
    /// The statements of each step, by the number of keys that they take.
    prepared: Vec<Vec<Prepared>>,
    is_root: Vec<bool>,
    /// The object in each part of a row, while that is read.
    found: Vec<Option<ObjectId>>,
    /// By object, the last run that it was a parent of.
    stamps: Vec<u32>,
    /// By node and object, the last run that brought it there.
    marks: Vec<Vec<u32>>,
    /// Whether there are properties that must not be touched; and those, of each object.
    raises: bool,
    forbidden: HashSet<(ObjectId, EndId)>,
    /// When the clock was last read, and how many runs had been timed by then.
    clock: u64,
    told: usize,
}

/// How many runs for an object each share a reading of the clock: it takes as long as a fifth of such a run.
const TOGETHER: usize = 8;

struct Prepared {
    keys: usize,
    text: u32,
    params: Vec<Value>,
    slots: Vec<KeySlots>,
    statement: Statement,
}

impl Compact<'_> {
    /// The statement of a step for so many keys of so many columns, to be given back.
    fn prepare(&mut self, step: &Step, keys: usize, width: usize) -> Result<Prepared, SqlError> {
        let known = &mut self.prepared[step.id.0 as usize];
        if let Some(at) = known.iter().position(|known| known.keys == keys) {
            return Ok(known.swap_remove(at));
        }
        let (statement, slots) = render_shape(&step.select, keys, width);
        let prepared = self.statements.take(self.connection, &statement.text)?;
        let text = self.graph.texts.len() as u32;
        self.graph.texts.push((statement.text, statement.params.len() as u32));
        Ok(Prepared { keys, text, params: statement.params, slots, statement: prepared })
    }

    /// Binds the keys, and notes all parameters.
    fn bind(&mut self, prepared: &mut Prepared, keys: &[Key], width: usize) -> Result<(), SqlError> {
        for slots in &prepared.slots {
            for at in 0..slots.count {
                let column = slots.column + at % width.max(1);
                let value = keys.get(at / width.max(1)).map_or(Value::Null, |key| key.get(column));
                prepared.params[slots.first + at] = value;
            }
        }
        for (at, value) in (1..).zip(&prepared.params) {
            let code = prepared.statement.bind(at, parameter(value));
            if code != Code::OK {
                return Err(self.stopped(code));
            }
            self.graph.params.push(borrowed(value), Integers::Exact);
        }
        Ok(())
    }

    /// Why SQLite stopped, in its own words.
    fn stopped(&self, _: Code) -> SqlError {
        SqlError::Sqlite(raw::message(self.connection))
    }

    /// Notes how long the runs took since the clock was last read: what one took, or each of several on average.
    fn tell_time(&mut self) {
        let untold = &mut self.graph.runs[self.told..];
        let count = untold.len() as u64;
        if count == 0 {
            return;
        }
        let now = micros();
        let took = now - self.clock;
        for (at, run) in (0..).zip(untold) {
            run.micros = (took * (at + 1) / count - took * at / count) as u32;
        }
        self.clock = now;
        self.told = self.graph.runs.len();
    }

    /// The place of the links of a property.
    fn links(&self, end: EndId) -> Option<&Links> {
        self.graph.links.iter().find(|(known, _)| *known == end).map(|(_, links)| links)
    }
}

impl Keeper for Compact<'_> {
    type Error = SqlError;
    type Key = Key;
    type Batch = Haul;

    fn send(&mut self, step: &Step, parents: Vec<ObjectId>, keys: &[Key]) -> Result<Haul, SqlError> {
        // A statement that repeats another one takes the keys of that one, not its own.
        let width = keys.first().map_or(0, Key::width);
        let is_known = self.prepared[step.id.0 as usize].iter().any(|known| known.keys == keys.len());
        let is_one_of_many = is_known && matches!(step.runs, Runs::PerObject { .. });
        if !is_one_of_many {
            self.tell_time();
        }
        let mut prepared = self.prepare(step, keys.len(), width)?;
        self.bind(&mut prepared, keys, width)?;
        self.graph.runs.push(Sending {
            step: step.id.0,
            text: prepared.text,
            rows: 0,
            first_entry: self.graph.entries.len() as u32,
            micros: 0,
        });
        let haul = self.take_in(step, &parents, &mut prepared.statement);
        if !is_one_of_many || self.graph.runs.len() - self.told == TOGETHER {
            self.tell_time();
        }
        self.prepared[step.id.0 as usize].push(prepared);
        haul
    }

    fn spare(&mut self, step: &Step, parents: Vec<ObjectId>, reason: Spared) {
        let node = self.plan.node(step.node);
        let Some((_, end)) = node.parent else { return };
        let Some(links) = self.graph.links.iter().position(|(known, _)| *known == end) else { return };
        let to_one = match &step.runs {
            Runs::PerObject { key, to_one: true, .. } if reason != Spared::NoKey => Some(key),
            _ => None,
        };
        for parent in parents {
            let known = to_one.and_then(|key| self.find(node, &self.key_of(parent, key)?));
            let links = &mut self.graph.links[links].1;
            links.open(parent);
            if let Some(target) = known {
                links.link(parent, target, false);
            }
        }
    }

    fn values_of(&self, object: ObjectId, columns: &[usize]) -> Key {
        let (node, at) = self.graph.homes[object.0 as usize];
        let table = &self.graph.tables[node.0 as usize];
        let values = table.keys.get(at as usize);
        if let Some(values) = values
            && columns == table.key_columns
        {
            return values.clone();
        }
        let value = |column: &usize| {
            let at = table.key_columns.iter().position(|known| known == column);
            values.zip(at).map_or(Value::Null, |(values, at)| values.get(at))
        };
        Key::of(columns.iter().map(value).collect())
    }

    fn key_of(&self, object: ObjectId, columns: &[usize]) -> Option<Key> {
        Some(self.values_of(object, columns)).filter(|key| !key.is_void())
    }

    fn is_loaded(&self, object: ObjectId, end: EndId) -> bool {
        self.links(end).is_some_and(|links| links.is_loaded(object))
    }

    fn targets(&self, object: ObjectId, end: EndId) -> Vec<ObjectId> {
        self.links(end).map_or_else(Vec::new, |links| links.of(object).collect())
    }

    fn tells_apart(&self, node: NodeId, columns: &[usize]) -> bool {
        is_key(self.plan.node(node), columns)
    }

    fn knows(&self, node: &Node, key: &Key) -> bool {
        self.find(node, key).is_some()
    }

    fn home(&self, object: ObjectId) -> Option<NodeId> {
        self.graph.homes.get(object.0 as usize).map(|(node, _)| *node)
    }

    fn forbids(&self, object: ObjectId, end: EndId) -> bool {
        self.forbidden.contains(&(object, end))
    }
}

/// A value as it is bound.
fn parameter(value: &Value) -> Parameter<'_> {
    match value {
        Value::Null => Parameter::Null,
        Value::Integer(integer) => Parameter::Integer(*integer),
        Value::Real(real) => Parameter::Number(*real),
        Value::Text(text) => Parameter::Text(text.as_bytes()),
        Value::Blob(bytes) => Parameter::Blob(bytes),
    }
}

/// What statements brought.
#[derive(Default)]
pub(super) struct Haul {
    nodes: Vec<NodeHaul>,
}

/// The objects that were read at a node, each once.
struct NodeHaul {
    node: NodeId,
    objects: Vec<ObjectId>,
    /// Those that no earlier run had named.
    made: Vec<ObjectId>,
    /// Whether one of them was first named here.
    fresh: bool,
    /// The objects, once there is reason to look for some among them.
    members: HashSet<ObjectId>,
}

impl Haul {
    fn part(&mut self, node: NodeId) -> &mut NodeHaul {
        let at = self.nodes.iter().position(|part| part.node == node).unwrap_or_else(|| {
            let (objects, made) = (Vec::new(), Vec::new());
            self.nodes.push(NodeHaul { node, objects, made, fresh: false, members: HashSet::new() });
            self.nodes.len() - 1
        });
        &mut self.nodes[at]
    }

    fn get(&self, node: NodeId) -> Option<&NodeHaul> {
        self.nodes.iter().find(|part| part.node == node)
    }
}

impl Brought for Haul {
    fn at(&self, node: NodeId) -> &[ObjectId] {
        self.get(node).map_or(&[], |part| &part.objects)
    }

    fn made_at(&self, node: NodeId) -> Vec<ObjectId> {
        self.get(node).map_or_else(Vec::new, |part| part.made.clone())
    }

    fn has_fresh_at(&self, node: NodeId) -> bool {
        self.get(node).is_some_and(|part| part.fresh)
    }

    fn merge(&mut self, other: Haul) {
        for more in other.nodes {
            let part = self.part(more.node);
            part.fresh |= more.fresh;
            // What was made by a later run cannot have been brought by an earlier one.
            if more.made.len() < more.objects.len() && !part.objects.is_empty() {
                if part.members.len() < part.objects.len() {
                    part.members.extend(&part.objects);
                }
                let new = more.objects.iter().filter(|object| part.members.insert(**object));
                part.objects.extend(new);
            } else {
                part.objects.extend(more.objects);
            }
            part.made.extend(more.made);
        }
    }
}
