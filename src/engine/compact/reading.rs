//! Takes in the rows of a statement.

use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::types::ValueRef;

use super::graph::{ELSEWHERE, NO_OBJECT};
use super::identity::Key;
use super::shape::{Owner, Part, StepShape};
use super::{Compact, Haul};
use crate::engine::database::SqlError;
use crate::engine::execution::Keeper;
use crate::engine::packed::Integers;
use crate::engine::raw::{Code, Statement};
use crate::engine::raw_row::Row;
use crate::query::{Node, NodeId, Role, Step};
use crate::trace::ObjectId;

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
pub(super) struct Now {
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
        let shapes = Rc::clone(&self.shapes);
        let shape = &shapes[step.id.0 as usize];
        let now = Now { run: self.graph.runs.len() as u32, before: self.graph.len() as u32 };
        if let Some(links) = shape.links {
            let links = &mut self.graph.links[links].1;
            parents.iter().for_each(|parent| links.open(*parent));
        }
        let owners = self.owners(shape, parents, now);
        let mut haul = Haul::default();
        let mut found = std::mem::take(&mut self.found);
        found.resize(shape.parts.len(), None);
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
                    if let Some(parent) = found[json.parent] {
                        self.read_json(&json.objects, row.get(json.cell), parent, now, &mut haul);
                    }
                }
                self.root(step, shape, row, found.first().copied().flatten());
                let loose = &mut self.graph.loose[step.id.0 as usize];
                for &at in &shape.loose {
                    loose.push(row.get(at), Integers::Exact);
                }
                Ok::<(), Code>(())
            })
            .map_err(|code| self.stopped(code))?;
        self.found = found;
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
                let made = self.make(part, key, |at| row.get(at));
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
    pub(super) fn brought(
        &mut self,
        node: NodeId,
        is_parent: bool,
        object: ObjectId,
        now: Now,
        haul: &mut Haul,
    ) {
        if !is_parent && !self.raises {
            return;
        }
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

    /// A new object with the cells of a part.
    pub(super) fn make<'v>(
        &mut self,
        part: &Part,
        key: Key,
        get: impl Fn(usize) -> ValueRef<'v>,
    ) -> ObjectId {
        let object = ObjectId(self.graph.homes.len() as u32);
        let table = &mut self.graph.tables[part.node.0 as usize];
        for at in part.first..part.first + part.width {
            table.cells.push(get(at), Integers::Exact);
        }
        if part.keys == part.key {
            table.keys.push(key.clone());
        } else if !part.keys.is_empty() {
            table.keys.push(Key::read(&part.keys, &get));
        }
        if let Some(cell) = part.kind {
            table.kinds.push(kind(self.plan.node(part.node), get(cell)));
        }
        self.graph.homes.push((part.node, table.objects.len() as u32));
        table.objects.push(object.0);
        self.graph.identities[part.identities].1.add(key, object);
        object
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

    /// The object with this key that can stand at a node.
    pub(super) fn find(&self, node: &Node, key: &Key) -> Option<ObjectId> {
        let family = node.family();
        let (_, identities) = self.graph.identities.iter().find(|(known, _)| *known == family)?;
        // One of another kind is not what the key was to lead to.
        identities.find(key).filter(|known| node.takes(self.graph.model(self.plan, *known)))
    }
}

/// The key in these cells of a row; `None` if a part of it is `NULL`.
#[inline(always)]
fn read_key(row: &Row<'_>, cells: &[usize]) -> Option<Key> {
    Some(Key::read(cells, |at| row.get(at))).filter(|key| !key.is_void())
}

/// Which of a node's kinds a mark says.
fn kind(node: &Node, mark: ValueRef<'_>) -> u16 {
    let marks = |value: &str| matches!(mark, ValueRef::Text(text) if text == value.as_bytes());
    let kinds = node.kinds.as_ref().map_or(&[][..], |kinds| &kinds.of);
    kinds.iter().position(|kind| marks(&kind.value)).unwrap_or(0) as u16
}
