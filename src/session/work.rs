//! The session itself: its identity map, what is new and what is deleted, and how it talks to the database.

use std::collections::{BTreeMap, BTreeSet};

use super::error::SessionError;
use super::state::{Obj, State};
use super::trace::{Doing, Happening, Reason, RowName, Sent, SentSet, Verb, What};
use crate::mapping::{Placement, Relational, Table, TableId};
use crate::schema::{End, EndId, EndKind, Link, ModelId, Schema};
use crate::sql::{Statement, Write, render_write};
use crate::trace::Rows;
use crate::value::Value;

/// What the session says to the database.
#[derive(Clone, Copy, Debug)]
pub enum Command<'a> {
    /// Begin a transaction.
    Begin,
    /// Keep what was done in it.
    Commit,
    /// Take it back.
    Rollback,
    /// Send a statement; beside it the table that it writes to.
    Send(Verb, &'a Statement, Option<TableId>),
}

/// What the database answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The rows.
    pub rows: Rows,
    /// How many rows were written.
    pub written: u32,
    /// The row id of the row that was inserted.
    pub last_id: i64,
    /// What the database did by itself.
    pub doings: Vec<Doing>,
}

/// Talks to the database.
pub type Talk<'a> = dyn FnMut(Command<'_>) -> Result<Reply, SessionError> + 'a;

pub(super) type Outcome<T> = Result<T, SessionError>;

/// One row to write, and why.
pub(super) struct Row {
    pub(super) write: Write,
    pub(super) reason: Reason,
}

/// What makes a row the same object: the model at the top of its kinds, and the key.
pub(super) type Identity = (ModelId, Vec<Value>);

pub(super) struct Session<'a> {
    pub(super) schema: &'a Schema,
    pub(super) relational: &'a Relational,
    talk: &'a mut Talk<'a>,
    pub(super) objects: Vec<State>,
    pub(super) identities: BTreeMap<Identity, Obj>,
    /// The objects to be inserted, in the order in which they were added.
    pub(super) new: Vec<Obj>,
    /// The objects to be deleted, and why.
    pub(super) deleted: Vec<(Obj, Reason)>,
    /// The objects inserted since the last commit.
    pub(super) inserted: BTreeSet<Obj>,
    /// The objects deleted since the last commit, in order.
    pub(super) removed: Vec<Obj>,
    pub(super) flushing: bool,
    pub(super) autoflush: bool,
    pub(super) step: usize,
    pub(super) happenings: Vec<Happening>,
}

impl<'a> Session<'a> {
    pub(super) fn new(schema: &'a Schema, relational: &'a Relational, talk: &'a mut Talk<'a>) -> Session<'a> {
        Session {
            schema,
            relational,
            talk,
            objects: Vec::new(),
            identities: BTreeMap::new(),
            new: Vec::new(),
            deleted: Vec::new(),
            inserted: BTreeSet::new(),
            removed: Vec::new(),
            flushing: false,
            autoflush: false,
            step: 0,
            happenings: Vec::new(),
        }
    }

    pub(super) fn at(&self, object: Obj) -> &State {
        &self.objects[object.0 as usize]
    }

    pub(super) fn at_mut(&mut self, object: Obj) -> &mut State {
        &mut self.objects[object.0 as usize]
    }

    pub(super) fn make(&mut self, model: ModelId) -> Obj {
        let mut state = State::new(model, self.table_of(model).columns.len());
        if let Some((at, mark)) = self.mark_of(model) {
            state.values[at] = Some(mark);
        }
        self.objects.push(state);
        Obj(self.objects.len() as u32 - 1)
    }

    pub(super) fn table_of(&self, model: ModelId) -> &'a Table {
        // Every model of a schema has a table.
        self.relational.table(self.relational.table_of(model).unwrap_or(TableId(0)))
    }

    pub(super) fn table(&self, object: Obj) -> &'a Table {
        self.table_of(self.at(object).model)
    }

    pub(super) fn end(&self, id: EndId) -> Option<End<'a>> {
        self.schema.end(id)
    }

    pub(super) fn kind(&self, id: EndId) -> EndKind {
        self.end(id).map_or(EndKind::BelongsTo, |end| end.kind)
    }

    /// The properties of a model whose links a flush writes: not those that are only read.
    pub(super) fn ends_of(&self, model: ModelId) -> Vec<End<'a>> {
        self.schema.ends_of(model).filter(|end| self.is_written(end)).collect()
    }

    fn is_written(&self, end: &End<'_>) -> bool {
        let link = self.schema.relationship(end.id.relationship).map(|relationship| &relationship.link);
        let placement = self.relational.placement(end.id.relationship);
        let shared = matches!(placement, Some(Placement::Key { discriminator: Some(_), .. }));
        !shared && !matches!(link, Some(Link::Through(_)))
    }

    /// Whether each link of this property is noted at the object that it leads to.
    pub(super) fn tracks_parent(&self, id: EndId) -> bool {
        self.end(id).is_some_and(|end| {
            end.cascades.single_parent || matches!(end.kind, EndKind::HasMany | EndKind::HasOne)
        })
    }

    /// Whether the object is to be inserted, or known by its key.
    pub(super) fn contains(&self, object: Obj) -> bool {
        let known = self.identity(object).and_then(|identity| self.identities.get(&identity));
        self.new.contains(&object) || known == Some(&object)
    }

    pub(super) fn is_marked_deleted(&self, object: Obj) -> bool {
        self.deleted.iter().any(|(other, _)| *other == object)
    }

    /// How an object is called in messages: `Author 1`, or by the name that the script gave it.
    pub(super) fn called(&self, object: Obj) -> String {
        let state = self.at(object);
        match (&state.name, &state.key) {
            (Some(name), _) => name.clone(),
            (None, key) => self.called_by_key(state.model, key.as_deref().unwrap_or(&[])),
        }
    }

    pub(super) fn called_by_key(&self, model: ModelId, key: &[Value]) -> String {
        let name = self.schema.model(model).map_or("?", |model| model.name.as_str());
        let key: Vec<String> = key.iter().map(Value::to_string).collect();
        format!("{name} {}", key.join(", "))
    }

    pub(super) fn note(&mut self, what: What) {
        let (step, autoflush) = (self.step, self.autoflush);
        self.happenings.push(Happening { step, autoflush, what });
    }

    pub(super) fn warn(&mut self, words: String) {
        self.note(What::Warned(words));
    }

    pub(super) fn warn_left_out(&mut self, object: Obj) {
        let called = self.called(object);
        self.warn(format!("{called} is not in the session: the link to it is not written."));
    }

    pub(super) fn say(&mut self, command: Command<'_>) -> Outcome<Reply> {
        (self.talk)(command)
    }

    pub(super) fn select(&mut self, statement: Statement, reason: Reason) -> Outcome<Rows> {
        let reply = (self.talk)(Command::Send(Verb::Select, &statement, None));
        let rows = reply.as_ref().map_or(0, |reply| reply.rows.len() as u32);
        let set = SentSet { params: statement.params.clone(), reason, row: None, rows, doings: Vec::new() };
        self.note(What::Sent(Sent { verb: Verb::Select, statement, sets: vec![set] }));
        Ok(reply?.rows)
    }

    /// Sends rows that have the same text: one statement with a set of parameters for each. The reply to the last.
    pub(super) fn write(&mut self, table: &Table, rows: &[Row]) -> Outcome<(u32, Reply)> {
        let mut sent: Option<Sent> = None;
        let (mut written, mut last) = (0, Ok(Reply::default()));
        for row in rows {
            let verb = match row.write {
                Write::Insert { .. } => Verb::Insert,
                Write::Update { .. } => Verb::Update,
                Write::Delete { .. } => Verb::Delete,
            };
            let statement = render_write(table, &row.write);
            last = (self.talk)(Command::Send(verb, &statement, Some(table.id)));
            let doings = last.as_ref().map_or(Vec::new(), |reply| reply.doings.clone());
            let count = last.as_ref().map_or(0, |reply| reply.written);
            let set = SentSet {
                params: statement.params.clone(),
                reason: row.reason,
                row: row_written(table, &row.write, last.as_ref().ok()),
                rows: count,
                doings,
            };
            written += count;
            sent.get_or_insert_with(|| Sent { verb, statement, sets: Vec::new() }).sets.push(set);
            if last.is_err() {
                break;
            }
        }
        sent.into_iter().for_each(|sent| self.note(What::Sent(sent)));
        last.map(|reply| (written, reply))
    }
}

/// The row that a write is about: by its key, or by the one that the database gave it.
fn row_written(table: &Table, write: &Write, reply: Option<&Reply>) -> Option<RowName> {
    let (known, given) = match write {
        Write::Insert { cells, .. } => (cells, reply.map(|reply| Value::Integer(reply.last_id))),
        Write::Update { key, .. } | Write::Delete { key } => (key, None),
    };
    let value = |at: &usize| known.iter().find(|(known, _)| known == at).map(|(_, value)| value.clone());
    let counted = given.filter(|_| table.has_rowid_key());
    let key: Option<Vec<Value>> =
        table.primary_key.iter().map(|at| value(at).or_else(|| counted.clone())).collect();
    key.map(|key| RowName { table: table.id, key })
}
