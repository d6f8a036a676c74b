//! Reads objects, properties and values that are not there yet, each by a `SELECT` of its own.

use super::error::SessionError;
use super::state::{Got, Linked, Obj, Passive};
use super::trace::Reason;
use super::work::{Outcome, Session};
use crate::mapping::{Placement, Table};
use crate::schema::{End, EndId, EndKind, ModelId};
use crate::sql::{ColumnRef, Expr, Output, Select, Source, Statement, render};
use crate::value::Value;

/// What loading a property gave.
pub(super) enum Loaded {
    /// It was not to be loaded.
    No,
    /// There is no value yet.
    Nothing,
    /// It cannot have one: the object is new.
    Empty,
    /// It was loaded on the way.
    Already,
    Found(Linked),
}

fn source(table: &Table) -> Source {
    Source::Table { name: table.name.clone(), alias: None, origin: table.origin() }
}

fn column(table: &Table, at: usize) -> ColumnRef {
    let column = &table.columns[at];
    ColumnRef { source: table.name.clone(), name: column.name.clone(), origin: column.origin() }
}

fn equal(table: &Table, at: usize, value: Value) -> Expr {
    Expr::equal(Expr::Column(column(table, at)), Expr::Value(value))
}

/// `SELECT` these columns of a table.
fn select(table: &Table, columns: impl Iterator<Item = usize>) -> Select {
    let mut select = Select::from(source(table));
    select.outputs = columns.map(|at| Output::column(column(table, at), None)).collect();
    select
}

fn by_key(table: &Table, columns: impl Iterator<Item = usize>, key: &[Value]) -> Statement {
    by_columns(table, columns, &table.primary_key, key)
}

fn by_columns(
    table: &Table,
    columns: impl Iterator<Item = usize>,
    wanted: &[usize],
    values: &[Value],
) -> Statement {
    let mut select = select(table, columns);
    for (at, value) in wanted.iter().zip(values) {
        select.and(equal(table, *at, value.clone()));
    }
    render(&select, &[])
}

impl Session<'_> {
    /// The object of a model with this key: the one that the session knows, or read from the database.
    pub(super) fn get(&mut self, model: ModelId, key: &[Value]) -> Outcome<Option<Obj>> {
        match self.look_up(model, key, Passive::OFF)? {
            Got::Value(Linked::One(Some(object))) => Ok(Some(object)),
            _ => {
                let columns = &self.table_of(model).primary_key;
                self.read_by(model, (columns, key), Passive::OFF, Reason::Find(model))
            }
        }
    }

    /// The object that the identity map has. One that is out of date is read again; if its row is gone, so is it.
    fn look_up(&mut self, model: ModelId, key: &[Value], passive: Passive) -> Outcome<Got> {
        let Some(&object) = self.identities.get(&(model, key.to_vec())) else {
            return Ok(Got::Value(Linked::One(None)));
        };
        if self.at(object).expired {
            if !passive.may_send() {
                return Ok(Got::NotLoaded);
            }
            if passive.may_load_related() {
                match self.refresh(object, passive) {
                    Err(SessionError::ObjectDeleted(_)) => {
                        self.forget_deleted(object);
                        return Ok(Got::Value(Linked::One(None)));
                    }
                    other => other?,
                };
            }
        }
        Ok(Got::Value(Linked::One(Some(object))))
    }

    /// The first object whose columns have these values.
    fn read_by(
        &mut self,
        model: ModelId,
        (columns, values): (&[usize], &[Value]),
        passive: Passive,
        reason: Reason,
    ) -> Outcome<Option<Obj>> {
        if !passive.has(Passive::NO_AUTOFLUSH) {
            self.autoflush()?;
        }
        let table = self.table_of(model);
        let rows = self.select(by_columns(table, 0..table.columns.len(), columns, values), reason)?;
        Ok(rows.first().map(|row| self.instance(model, row)))
    }

    /// Reads again the columns that are out of date. Gives whether it could.
    pub(super) fn refresh(&mut self, object: Obj, passive: Passive) -> Outcome<bool> {
        if !passive.may_send() {
            return Ok(false);
        }
        let state = self.at(object);
        let wanted: Vec<usize> =
            state.expired_columns.iter().copied().filter(|at| !state.old.contains_key(at)).collect();
        if !state.attached {
            return Err(SessionError::Detached(self.called(object)));
        }
        let (model, table) = (state.model, self.table(object));
        let key = state.key.clone().unwrap_or_default();
        if !passive.has(Passive::NO_AUTOFLUSH) {
            self.autoflush()?;
        }
        let rows = self.select(by_key(table, wanted.iter().copied(), &key), Reason::Refresh(model))?;
        let Some(row) = rows.into_iter().next() else {
            return Err(SessionError::ObjectDeleted(self.called(object)));
        };
        let state = self.at_mut(object);
        for (at, value) in wanted.into_iter().zip(row) {
            state.values[at] = Some(value);
            state.old.remove(&at);
        }
        state.expired_columns.clear();
        state.expired = false;
        Ok(true)
    }

    /// The object that a row names. What the object knows already stays as it is.
    fn instance(&mut self, model: ModelId, row: &[Value]) -> Obj {
        let table = self.table_of(model);
        let key: Vec<Value> = table.primary_key.iter().map(|at| row[*at].clone()).collect();
        let object = match self.identities.get(&(model, key.clone())) {
            Some(object) => *object,
            None => {
                let object = self.make(model);
                self.identities.insert((model, key.clone()), object);
                let state = self.at_mut(object);
                state.key = Some(key);
                state.attached = true;
                object
            }
        };
        let state = self.at_mut(object);
        for (at, value) in row.iter().enumerate() {
            if state.values[at].is_none() && !state.old.contains_key(&at) {
                state.values[at] = Some(value.clone());
            }
        }
        state.expired = false;
        let values = &state.values;
        state.expired_columns.retain(|at| values[*at].is_none());
        object
    }

    pub(super) fn load(&mut self, object: Obj, id: EndId, passive: Passive) -> Outcome<Loaded> {
        let Some(end) = self.end(id) else { return Ok(Loaded::No) };
        if self.at(object).key.is_none() {
            return Ok(Loaded::Empty);
        }
        let belongs = end.kind == EndKind::BelongsTo;
        if !passive.may_send() && !belongs {
            return Ok(Loaded::No);
        }
        if !self.at(object).attached {
            let quiet = passive.has(Passive::NO_RAISE);
            return if quiet { Ok(Loaded::No) } else { Err(SessionError::Detached(self.called(object))) };
        }
        if belongs { self.load_target(object, &end, passive) } else { self.load_held(object, &end, passive) }
    }

    /// The object that a key points to: from the identity map if it is there.
    fn load_target(&mut self, object: Obj, end: &End<'_>, passive: Passive) -> Outcome<Loaded> {
        let Some(Placement::Key { columns, target_columns, .. }) =
            self.relational.placement(end.id.relationship)
        else {
            return Ok(Loaded::No);
        };
        let mut key = Vec::new();
        for &at in columns {
            match self.value_for_load(object, at, passive)? {
                Ok(value) => key.push(value),
                Err(loaded) => return Ok(loaded),
            }
        }
        if key.iter().all(Value::is_null) {
            return Ok(Loaded::Found(Linked::One(None)));
        }
        if self.at(object).links.contains_key(&end.id) && !passive.has(Passive::DEFERRED) {
            return Ok(Loaded::Already);
        }
        // The identity map knows objects by their primary key only.
        let wanted = target_columns.clone();
        if wanted == self.table_of(end.target.id).primary_key {
            match self.look_up(end.target.id, &key, passive)? {
                Got::Value(Linked::One(None)) => {}
                Got::Value(found) => return Ok(Loaded::Found(found)),
                Got::NotLoaded | Got::Nothing => return Ok(Loaded::No),
            }
        }
        if !passive.may_send() || !passive.may_load_related() {
            return Ok(Loaded::No);
        }
        let found = self.read_by(end.target.id, (&wanted, &key), passive, Reason::Load(end.id))?;
        Ok(Loaded::Found(Linked::One(found)))
    }

    fn value_for_load(&mut self, object: Obj, at: usize, passive: Passive) -> Outcome<Result<Value, Loaded>> {
        if passive.has(Passive::COMMITTED)
            && let Some(old) = self.at(object).old.get(&at)
        {
            return Ok(Ok(old.clone().unwrap_or(Value::Null)));
        }
        Ok(match self.column(object, at, passive)? {
            Some(Some(value)) => Ok(value),
            Some(None) => Err(Loaded::Nothing),
            None => Err(Loaded::No),
        })
    }

    /// The objects whose key points here, or that stand beside this one in a join table.
    fn load_held(&mut self, object: Obj, end: &End<'_>, passive: Passive) -> Outcome<Loaded> {
        let target = self.table_of(end.target.id);
        let mut wanted = select(target, 0..target.columns.len());
        let Some(placement) = self.relational.placement(end.id.relationship) else { return Ok(Loaded::No) };
        let passive = passive.without_init();
        let pairs: Vec<(&Table, usize, usize)> = match placement {
            Placement::Key { columns, target_columns, .. } => {
                columns.iter().zip(target_columns).map(|(held, own)| (target, *held, *own)).collect()
            }
            Placement::Join { table, columns, target_columns, .. } => {
                let (join, near, far) =
                    (self.relational.table(*table), end.id.side as usize, end.id.side.other() as usize);
                wanted.from.push(source(join));
                for (held, key) in columns[far].iter().zip(&target_columns[far]) {
                    let (key, held) = (column(target, *key), column(join, *held));
                    wanted.and(Expr::equal(Expr::Column(key), Expr::Column(held)));
                }
                columns[near]
                    .iter()
                    .zip(&target_columns[near])
                    .map(|(held, own)| (join, *held, *own))
                    .collect()
            }
        };
        for (table, held, own) in pairs {
            let value = match self.value_for_load(object, own, passive)? {
                Ok(value) => value,
                Err(loaded) => return Ok(loaded),
            };
            wanted.and(Expr::equal(Expr::Value(value), Expr::Column(column(table, held))));
        }
        if self.at(object).links.contains_key(&end.id) && !passive.has(Passive::DEFERRED) {
            return Ok(Loaded::Already);
        }
        if !passive.has(Passive::NO_AUTOFLUSH) {
            self.autoflush()?;
        }
        let rows = self.select(render(&wanted, &[]), Reason::Load(end.id))?;
        let mut found: Vec<Obj> = Vec::new();
        for row in rows {
            let object = self.instance(end.target.id, &row);
            if !found.contains(&object) {
                found.push(object);
            }
        }
        if end.kind.is_collection() {
            return Ok(Loaded::Found(Linked::Many(found)));
        }
        if found.len() > 1 {
            self.warn(format!(
                "Multiple rows returned for {}.{}: the first is taken.",
                end.model.name, end.name
            ));
        }
        Ok(Loaded::Found(Linked::One(found.first().copied())))
    }
}
