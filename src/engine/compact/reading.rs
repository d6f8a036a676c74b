//! Takes in the rows of a statement.

use std::collections::HashMap;

use rusqlite::types::ValueRef;
use serde_json::Value as Json;

use super::graph::{ELSEWHERE, NO_OBJECT, Table};
use super::identity::Key;
use super::shape::{JsonPart, Owner, Part, StepShape};
use super::{Compact, Haul};
use crate::engine::database::{SqlError, borrowed};
use crate::engine::execution::Keeper;
use crate::engine::packed::Integers;
use crate::engine::raw::{Code, Statement};
use crate::engine::rows::Row;
use crate::graph::json;
use crate::query::{Cells, JsonAt, Node, NodeId, Role, Step};
use crate::trace::ObjectId;
use crate::value::Value;

/// Whose the rows of a run are.
enum Owners<'a> {
    /// All of these.
    All(&'a [ObjectId]),
    /// Those whose primary key it is, if they are parents of the run; the identities.
    Identity(usize),
    /// Those that have these values.
    ByKey(HashMap<Key, Vec<ObjectId>>),
}

/// The run that is read: which, and how many objects there were before it.
#[derive(Clone, Copy)]
struct Now {
    run: u32,
    before: u32,
}

impl Compact<'_> {
    /// Takes in the rows of the run that was noted last.
    pub(super) fn take_in(
        &mut self,
        step: &Step,
        parents: &[ObjectId],
        statement: &mut Statement,
    ) -> Result<Haul, SqlError> {
        let at = step.id.0 as usize;
        // Put back below: nothing that is called meanwhile looks at the shape of this step.
        let shape = std::mem::replace(
            &mut self.shapes[at],
            StepShape {
                parts: Vec::new(),
                json: Vec::new(),
                loose: Vec::new(),
                links: None,
                owner: Owner::Run,
            },
        );
        let taken = self.rows(step, &shape, parents, statement);
        self.shapes[at] = shape;
        taken
    }

    fn rows(
        &mut self,
        step: &Step,
        shape: &StepShape,
        parents: &[ObjectId],
        statement: &mut Statement,
    ) -> Result<Haul, SqlError> {
        let now = Now { run: self.graph.runs.len() as u32, before: self.graph.len() as u32 };
        if let Some(links) = shape.links {
            let links = &mut self.graph.links[links].1;
            parents.iter().for_each(|parent| links.open(*parent));
        }
        let owners = self.owners(shape, parents, now);
        let mut haul = Haul::default();
        let mut found: Vec<Option<ObjectId>> = vec![None; shape.parts.len()];
        let mut count = 0;
        statement
            .for_each(|row| {
                count += 1;
                for (index, part) in shape.parts.iter().enumerate() {
                    let made = self.graph.homes.len();
                    let object = self.part(part, row, &found, now, &mut haul);
                    found[index] = object;
                    if index == 0
                        && let Some((object, links)) = object.zip(shape.links)
                    {
                        let is_new = object.0 as usize == made;
                        self.link_to_owners(step, &owners, row, links, (object, is_new), now);
                    }
                }
                for json in &shape.json {
                    self.json_part(json, row, found[json.parent], now, &mut haul);
                }
                self.root(step, shape, row, found.first().copied().flatten());
                let loose = &mut self.graph.loose[step.id.0 as usize];
                for &at in &shape.loose {
                    loose.push(row.get(at), Integers::Exact);
                }
                Ok::<(), Code>(())
            })
            .map_err(|code| self.stopped(code))?;
        if let Some(run) = self.graph.runs.last_mut() {
            run.rows = count;
        }
        Ok(haul)
    }

    fn owners<'p>(&mut self, shape: &StepShape, parents: &'p [ObjectId], now: Now) -> Owners<'p> {
        match &shape.owner {
            Owner::Run => Owners::All(parents),
            Owner::Identity(identities) => {
                self.stamps.resize(self.graph.len(), 0);
                parents.iter().for_each(|parent| self.stamps[parent.0 as usize] = now.run);
                Owners::Identity(*identities)
            }
            Owner::Columns(columns) => {
                let mut by_key: HashMap<Key, Vec<ObjectId>> = HashMap::new();
                for &parent in parents {
                    if let Some(key) = self.key_of(parent, columns) {
                        by_key.entry(key).or_default().push(parent);
                    }
                }
                Owners::ByKey(by_key)
            }
        }
    }

    fn link_to_owners(
        &mut self,
        step: &Step,
        owners: &Owners<'_>,
        row: &Row<'_>,
        links: usize,
        (object, is_new): (ObjectId, bool),
        now: Now,
    ) {
        let key = |row: &Row<'_>| read_key(row, &step.parent_outputs);
        let links = &mut self.graph.links[links].1;
        match owners {
            Owners::All(parents) => parents.iter().for_each(|parent| links.link(*parent, object, is_new)),
            Owners::Identity(identities) => {
                let Some(key) = key(row) else { return };
                let parent = self.graph.identities[*identities].1.find(&key);
                let is_parent = |parent: &ObjectId| self.stamps.get(parent.0 as usize) == Some(&now.run);
                if let Some(parent) = parent.filter(is_parent) {
                    links.link(parent, object, is_new);
                }
            }
            Owners::ByKey(by_key) => {
                let Some(key) = key(row) else { return };
                let parents = by_key.get(&key).map_or(&[][..], Vec::as_slice);
                parents.iter().for_each(|parent| links.link(*parent, object, is_new));
            }
        }
    }

    /// The object whose columns stand in this part of the row; `None` where an outer join found nothing.
    fn part(
        &mut self,
        part: &Part,
        row: &Row<'_>,
        found: &[Option<ObjectId>],
        now: Now,
        haul: &mut Haul,
    ) -> Option<ObjectId> {
        let owner = part.joined.and_then(|(parent, links)| Some((found[parent]?, links)));
        // A joined property is loaded even if the outer join found nothing.
        if let Some((owner, links)) = owner {
            self.graph.links[links].1.open(owner);
        }
        let Some(key) = read_key(row, &part.key) else {
            self.graph.entries.push(NO_OBJECT);
            return None;
        };
        let known = self.graph.identities[part.identities].1.find(&key);
        let object = match known {
            Some(known) => {
                let entry = self.entry(part, known, row);
                self.graph.entries.push(entry);
                known
            }
            None => {
                let made = self.make(part, key, row);
                self.graph.entries.push(made.0);
                made
            }
        };
        self.brought(part.node, part.is_parent, object, now, haul);
        if let Some((owner, links)) = owner {
            self.graph.links[links].1.link(owner, object, known.is_none());
        }
        Some(object)
    }

    /// Notes that a run brought an object to a node.
    fn brought(&mut self, node: NodeId, is_parent: bool, object: ObjectId, now: Now, haul: &mut Haul) {
        let home = self.graph.homes[object.0 as usize].0;
        if self.raises {
            self.forbid(node, home, object, now);
        }
        if !is_parent {
            return;
        }
        let marks = &mut self.marks[node.0 as usize];
        let at = object.0 as usize;
        if at >= marks.len() {
            marks.resize((at + 1).max(self.graph.homes.len()), 0);
        }
        if std::mem::replace(&mut marks[at], now.run) == now.run {
            return;
        }
        let is_new = object.0 >= now.before;
        let part = haul.part(node);
        part.objects.push(object);
        if is_new && home == node {
            part.fresh = true;
        }
        if is_new {
            part.made.push(object);
        }
    }

    /// Notes the properties that must not be touched. A statement marks what it makes, and what it finds; not what it has
    /// just made at another node.
    fn forbid(&mut self, node: NodeId, home: NodeId, object: ObjectId, now: Now) {
        if object.0 >= now.before && home != node {
            return;
        }
        for below in self.plan.nodes.iter().filter(|below| below.role == Role::Asked) {
            if let Some((parent, end)) = below.parent
                && parent == node
                && self.plan.forbids(node, end)
            {
                self.forbidden.insert((object, end));
            }
        }
    }

    /// What stands for the cells of an object that was read before.
    fn entry(&mut self, part: &Part, object: ObjectId, row: &Row<'_>) -> u32 {
        let home = self.graph.homes[object.0 as usize].0;
        if home == part.node {
            return object.0;
        }
        let (home, node) = (self.plan.node(home), self.plan.node(part.node));
        if (home.table, &home.unloaded) == (node.table, &node.unloaded) {
            return object.0;
        }
        let table = &mut self.graph.tables[part.node.0 as usize];
        let at = table.others.slots.len() / table.width.max(1);
        for cell in part.first..part.first + part.width {
            table.others.push(row.get(cell), Integers::Exact);
        }
        ELSEWHERE | at as u32
    }

    /// A new object with the cells of this part of the row.
    fn make(&mut self, part: &Part, key: Key, row: &Row<'_>) -> ObjectId {
        let object = ObjectId(self.graph.homes.len() as u32);
        let table = &mut self.graph.tables[part.node.0 as usize];
        // The key columns stand in the order of the cells.
        let mut keys = part.keys.iter().copied().peekable();
        for at in part.first..part.first + part.width {
            let cell = row.get(at);
            table.cells.push(cell, Integers::Exact);
            if keys.next_if_eq(&at).is_some() {
                table.keys.push(cell.into());
            }
        }
        if let Some(cell) = part.kind {
            let kind = kind(self.plan.node(part.node), row.get(cell));
            table.kinds.push(kind);
        }
        self.settle(part.node, part.identities, key, object);
        object
    }

    /// Notes where a new object lies.
    fn settle(&mut self, node: NodeId, identities: usize, key: Key, object: ObjectId) {
        let table: &mut Table = &mut self.graph.tables[node.0 as usize];
        self.graph.homes.push((node, table.objects.len() as u32));
        table.objects.push(object.0);
        self.graph.identities[identities].1.add(key, object);
    }

    /// Notes an object that the query asked for, and what was computed for it.
    fn root(&mut self, step: &Step, shape: &StepShape, row: &Row<'_>, object: Option<ObjectId>) {
        let (None, Some(object)) = (shape.links, object) else { return };
        let at = object.0 as usize;
        if at >= self.is_root.len() {
            self.is_root.resize(self.graph.homes.len(), false);
        }
        if std::mem::replace(&mut self.is_root[at], true) {
            return;
        }
        self.graph.roots.push(object.0);
        let computed = &self.plan.node(step.node).computed;
        if !computed.is_empty() {
            self.graph.computed_for.push(object.0);
        }
        for &cell in computed {
            self.graph.computed.push(row.get(cell), Integers::Exact);
        }
    }

    fn json_part(
        &mut self,
        part: &JsonPart,
        row: &Row<'_>,
        parent: Option<ObjectId>,
        now: Now,
        haul: &mut Haul,
    ) {
        let Some(parent) = parent else { return };
        let cell = Value::from(row.get(part.cell));
        self.read_json(part.node, parent, json::parse(&cell), now, haul);
    }

    /// Takes in the objects that a piece of JSON says hang on a parent, and what hangs on them in turn.
    fn read_json(&mut self, node: NodeId, parent: ObjectId, json: Json, now: Now, haul: &mut Haul) {
        let plan = self.plan;
        let node = plan.node(node);
        let (Some((_, end)), Cells::Json { members, key, .. }) = (node.parent, &node.cells) else { return };
        let Some(links) = self.graph.links.iter().position(|(known, _)| *known == end) else { return };
        self.graph.links[links].1.open(parent);
        let below: Vec<(NodeId, &str)> = plan
            .nodes_of(node.step)
            .filter(|below| below.parent.is_some_and(|(id, _)| id == node.id))
            .filter_map(|below| match &below.cells {
                Cells::Json { at: JsonAt::Member(name), .. } => Some((below.id, name.as_str())),
                _ => None,
            })
            .collect();
        for mut one in json::objects(json) {
            let values = json::values(&one, members);
            let key = Key::of(key.iter().map(|&at| values[at].clone()).collect());
            let object = self.know_json(node, key, &values);
            self.brought(node.id, true, object, now, haul);
            self.graph.links[links].1.link(parent, object, false);
            for (below, name) in &below {
                let inner = one.remove(*name).unwrap_or_default();
                self.read_json(*below, object, inner, now, haul);
            }
        }
    }

    fn know_json(&mut self, node: &Node, key: Key, values: &[Value]) -> ObjectId {
        let identities = super::shape::identities_of(&mut self.graph, node.family());
        if let Some(known) = self.graph.identities[identities].1.find(&key) {
            return known;
        }
        let object = ObjectId(self.graph.homes.len() as u32);
        let table = &mut self.graph.tables[node.id.0 as usize];
        for value in values {
            table.cells.push(borrowed(value), Integers::Exact);
        }
        let keys: Vec<Value> =
            table.key_columns.iter().map(|column| values[node.place_of(*column)].clone()).collect();
        table.keys.extend(keys);
        if let Some(kinds) = &node.kinds {
            table.kinds.push(kind(node, borrowed(&values[node.place_of(kinds.column)])));
        }
        self.settle(node.id, identities, key, object);
        object
    }

    /// The object with this key that can stand at a node.
    pub(super) fn find(&self, node: &Node, key: &Key) -> Option<ObjectId> {
        let family = node.family();
        let (_, identities) = self.graph.identities.iter().find(|(known, _)| *known == family)?;
        // One of another kind is not what the key was to lead to.
        identities.find(key).filter(|known| node.takes(self.graph.model(self.plan, *known)))
    }
}

fn read_key(row: &Row<'_>, columns: &[usize]) -> Option<Key> {
    if let [single] = columns {
        return match row.get(*single) {
            ValueRef::Null => None,
            ValueRef::Integer(integer) => Some(Key::Integer(integer)),
            other => Some(Key::of(vec![other.into()])),
        };
    }
    let values: Vec<Value> = columns.iter().map(|&at| row.get(at).into()).collect();
    (!values.iter().any(Value::is_null)).then(|| Key::of(values))
}

/// Which of a node's kinds a mark says.
fn kind(node: &Node, mark: ValueRef<'_>) -> u16 {
    let marks = |value: &str| matches!(mark, ValueRef::Text(text) if text == value.as_bytes());
    let kinds = node.kinds.as_ref().map_or(&[][..], |kinds| &kinds.of);
    kinds.iter().position(|kind| marks(&kind.value)).unwrap_or(0) as u16
}
