//! Reads objects, properties and values that are not there yet, each by a `SELECT` of its own.

use super::error::SessionError;
use super::state::{Got, Linked, Obj, Passive};
use super::trace::Reason;
use super::work::{Outcome, Session};
use crate::mapping::{Placement, Table};
use crate::query::{is_of, model_source, table_source};
use crate::schema::{End, EndId, EndKind, ModelId};
use crate::sql::{ColumnRef, Expr, Output, Select, Statement, render};
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

fn column(table: &Table, at: usize) -> ColumnRef {
    let (source, name) = table.column_under(&table.name, at);
    ColumnRef { source, name: name.to_owned(), origin: table.columns[at].origin() }
}

fn equal(table: &Table, at: usize, value: Value) -> Expr {
    Expr::equal(Expr::Column(column(table, at)), Expr::Value(value))
}

impl Session<'_> {
    /// `SELECT` these columns of a model's rows.
    fn select_from(&self, model: ModelId, columns: &[usize]) -> Select {
        let table = self.table_of(model);
        let mut select = Select::from(model_source(table, model));
        select.outputs = columns.iter().map(|at| Output::column(column(table, *at), None)).collect();
        select
    }

    /// The same for the rows in which these columns have these values, and which are of the model.
    fn select_by(&self, model: ModelId, columns: &[usize], wanted: &[usize], values: &[Value]) -> Statement {
        let table = self.table_of(model);
        let mut select = self.select_from(model, columns);
        for (at, value) in wanted.iter().zip(values) {
            select.and(equal(table, *at, value.clone()));
        }
        let kind = is_of(self.relational, model, table, &table.name);
        kind.into_iter().for_each(|kind| select.and(kind));
        render(&select, &[])
    }

    /// The object of a model with this key: the one that the session knows, or read from the database.
    pub(super) fn get(&mut self, model: ModelId, key: &[Value]) -> Outcome<Option<Obj>> {
        match self.look_up(model, key, Passive::OFF)? {
            Got::Value(Linked::One(Some(object))) => Ok(Some(object)),
            Got::Nothing => Ok(None),
            _ => {
                let columns = &self.table_of(model).primary_key;
                self.read_by(model, (columns, key), Passive::OFF, Reason::Find(model))
            }
        }
    }

    /// The object that the identity map has; nothing if it is of another kind. One that is out of date is read again; if
    /// its row is gone, so is it.
    fn look_up(&mut self, model: ModelId, key: &[Value], passive: Passive) -> Outcome<Got> {
        let Some(&object) = self.identities.get(&(self.family(model), key.to_vec())) else {
            return Ok(Got::Value(Linked::One(None)));
        };
        if !self.schema.is_kind_of(self.at(object).model, model) {
            return Ok(Got::Nothing);
        }
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
        let read = self.relational.columns_of(model);
        let rows = self.select(self.select_by(model, &read, columns, values), reason)?;
        Ok(rows.first().map(|row| self.instance(model, &read, row)))
    }

    /// Reads again the columns that are out of date. Gives whether it could.
    pub(super) fn refresh(&mut self, object: Obj, passive: Passive) -> Outcome<bool> {
        if !passive.may_send() {
            return Ok(false);
        }
        let state = self.at(object);
        let is_wanted = |at: &usize| !state.old.contains_key(at) && !self.lacks(state.model, *at);
        let wanted: Vec<usize> = state.expired_columns.iter().copied().filter(is_wanted).collect();
        if !state.attached {
            return Err(SessionError::Detached(self.called(object)));
        }
        let model = state.model;
        let key = state.key.clone().unwrap_or_default();
        if !passive.has(Passive::NO_AUTOFLUSH) {
            self.autoflush()?;
        }
        let primary_key = &self.table_of(model).primary_key;
        let rows = self.select(self.select_by(model, &wanted, primary_key, &key), Reason::Refresh(model))?;
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

    /// The object that a row of these columns names: of the kind that the row says. What the object knows already stays
    /// as it is.
    fn instance(&mut self, model: ModelId, read: &[usize], row: &[Value]) -> Obj {
        let mut values = vec![None; self.table_of(model).columns.len()];
        for (at, value) in read.iter().zip(row) {
            values[*at] = Some(value.clone());
        }
        let key = self.table_of(model).primary_key.iter();
        let key: Vec<Value> = key.map(|at| values[*at].clone().unwrap_or(Value::Null)).collect();
        let identity = (self.family(model), key.clone());
        let object = match self.identities.get(&identity) {
            Some(object) => *object,
            None => {
                let object = self.make(self.kind_in(model, &values));
                self.identities.insert(identity, object);
                let state = self.at_mut(object);
                state.key = Some(key);
                state.attached = true;
                object
            }
        };
        let kind = self.at(object).model;
        for at in (0..values.len()).filter(|at| self.lacks(kind, *at)) {
            values[at] = None;
        }
        let state = self.at_mut(object);
        for (at, value) in values.into_iter().enumerate() {
            if state.values[at].is_none() && !state.old.contains_key(&at) {
                state.values[at] = value;
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
        // The identity map knows objects by their primary key only.
        let wanted = target_columns.clone();
        let by_key = wanted == self.table_of(end.target.id).primary_key
            && self.relational.is_known_by_key(end.target.id);
        if by_key && key.iter().all(Value::is_null) {
            return Ok(Loaded::Found(Linked::One(None)));
        }
        if self.at(object).links.contains_key(&end.id) && !passive.has(Passive::DEFERRED) {
            return Ok(Loaded::Already);
        }
        if by_key {
            match self.look_up(end.target.id, &key, passive)? {
                Got::Value(Linked::One(None)) => {}
                Got::Value(found) => return Ok(Loaded::Found(found)),
                Got::Nothing => return Ok(Loaded::Found(Linked::One(None))),
                Got::NotLoaded => return Ok(Loaded::No),
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
        let read = self.relational.columns_of(end.target.id);
        let mut wanted = self.select_from(end.target.id, &read);
        let Some(placement) = self.relational.placement(end.id.relationship) else { return Ok(Loaded::No) };
        let passive = passive.without_init();
        let pairs: Vec<(&Table, usize, usize)> = match placement {
            Placement::Key { columns, target_columns, .. } => {
                columns.iter().zip(target_columns).map(|(held, own)| (target, *held, *own)).collect()
            }
            Placement::Join { table, columns, target_columns, .. } => {
                let (join, near, far) =
                    (self.relational.table(*table), end.id.side as usize, end.id.side.other() as usize);
                wanted.from.push(table_source(join, None));
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
        let kind = is_of(self.relational, end.target.id, target, &target.name);
        kind.into_iter().for_each(|kind| wanted.and(kind));
        if self.at(object).links.contains_key(&end.id) && !passive.has(Passive::DEFERRED) {
            return Ok(Loaded::Already);
        }
        if !passive.has(Passive::NO_AUTOFLUSH) {
            self.autoflush()?;
        }
        let rows = self.select(render(&wanted, &[]), Reason::Load(end.id))?;
        let mut found: Vec<Obj> = Vec::new();
        for row in rows {
            let object = self.instance(end.target.id, &read, &row);
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
