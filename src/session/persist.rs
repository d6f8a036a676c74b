//! Carries out the actions of a flush: groups rows into statements and sends them.

use super::action::Action;
use super::error::SessionError;
use super::flush::{Fate, Flush};
use super::state::Obj;
use super::topology;
use super::trace::Reason;
use super::work::{Outcome, Row};
use crate::mapping::{ColumnOrigin, Placement, Table};
use crate::schema::{End, EndId, ModelId};
use crate::sql::{Cells, Write};
use crate::value::Value;

fn columns(cells: &Cells) -> Vec<usize> {
    cells.iter().map(|(at, _)| *at).collect()
}

impl Flush<'_, '_> {
    pub(super) fn carry_out(&mut self) -> Outcome<()> {
        let actions = self.sorted_actions();
        let (groups, left) = topology::groups(&self.dependencies, &actions);
        for mut group in groups {
            // What is ready at the same time and of one kind goes into one statement.
            while let Some(&first) = group.first() {
                let (alike, rest): (Vec<Action>, Vec<Action>) =
                    group.into_iter().partition(|action| self.alike(first, *action));
                self.act(&alike)?;
                group = rest;
            }
        }
        // As in SQLAlchemy, what can be written is written before a ring is noticed.
        if left.is_empty() { Ok(()) } else { Err(self.circular(&left)) }
    }

    fn alike(&self, first: Action, other: Action) -> bool {
        let model = |object: Obj| self.session.at(object).model;
        match (first, other) {
            (Action::Save(one), Action::Save(two)) | (Action::Delete(one), Action::Delete(two)) => {
                model(one) == model(two)
            }
            (Action::ProcessOne(one, deleted, _), Action::ProcessOne(two, too, _)) => {
                (one, deleted) == (two, too)
            }
            _ => first == other,
        }
    }

    fn circular(&self, left: &[Action]) -> SessionError {
        let mut names: Vec<String> = Vec::new();
        for action in left {
            if let Action::Save(object) | Action::Delete(object) = action {
                names.push(self.session.called(*object));
            }
        }
        SessionError::CircularDependency(names)
    }

    fn act(&mut self, actions: &[Action]) -> Outcome<()> {
        let Some(&first) = actions.first() else { return Ok(()) };
        let objects: Vec<Obj> = actions
            .iter()
            .filter_map(|action| match action {
                Action::Save(object) | Action::Delete(object) | Action::ProcessOne(.., object) => {
                    Some(*object)
                }
                _ => None,
            })
            .collect();
        match first {
            Action::SaveAll(model) => self.save(model, self.objects_of(model, false)),
            Action::DeleteAll(model) => self.delete(model, self.objects_of(model, true)),
            Action::Process(end, deleted) => {
                let model = self.session.end(end).map(|end| end.model.id);
                let objects = model.map_or(Vec::new(), |model| self.objects_of(model, deleted));
                self.process(end, &objects, deleted)
            }
            Action::PostUpdate(model, deleted) => self.write_post_updates(model, deleted),
            Action::Save(object) => self.save(self.session.at(object).model, objects),
            Action::Delete(object) => {
                let objects = objects.into_iter().filter(|object| self.is_deleted(*object)).collect();
                self.delete(self.session.at(object).model, objects)
            }
            Action::ProcessOne(end, deleted, _) => self.process(end, &objects, deleted),
        }
    }

    /// New objects in the order in which they were added, then those with a row by their key.
    fn sorted(&self, mut objects: Vec<Obj>) -> Vec<Obj> {
        objects.sort_by_cached_key(|object| {
            let state = self.session.at(*object);
            (state.key.clone(), if state.key.is_none() { state.insert_order } else { 0 })
        });
        objects
    }

    fn save(&mut self, model: ModelId, objects: Vec<Obj>) -> Outcome<()> {
        let table = self.session.table_of(model);
        let (mut inserts, mut updates) = (Vec::new(), Vec::new());
        for object in self.sorted(objects) {
            if self.session.at(object).key.is_some() || self.takes_over(object)? {
                updates.push(object);
            } else {
                inserts.push(object);
            }
        }
        let inserts: Vec<(Obj, Cells)> =
            inserts.into_iter().map(|object| (object, self.insert_cells(object))).collect();
        self.update(table, &updates)?;
        for group in inserts.chunk_by(|one, two| columns(&one.1) == columns(&two.1)) {
            self.insert(table, group)?;
        }
        Ok(())
    }

    /// Whether a new object takes over the row of one that is to be deleted: an `UPDATE` then stands for both.
    fn takes_over(&mut self, object: Obj) -> Outcome<bool> {
        let (table, state) = (self.session.table(object), self.session.at(object));
        let key: Vec<Value> =
            table.primary_key.iter().map(|at| state.values[*at].clone().unwrap_or(Value::Null)).collect();
        let Some(&other) = self.session.identities.get(&(state.model, key)) else { return Ok(false) };
        if self.session.at(other).expired {
            match self.session.refresh(other, super::state::Passive::OFF) {
                Err(SessionError::ObjectDeleted(_)) => {
                    self.session.forget_deleted(other);
                    return Ok(false);
                }
                refreshed => refreshed?,
            };
        }
        if !self.is_deleted(other) {
            let called = self.session.called(other);
            self.session
                .warn(format!("There is {called} in the session already, and a new one with its key."));
            return Ok(false);
        }
        self.fates.insert(other, Fate { deleted: true, listed: true });
        self.reasons.insert(object, Reason::TakeOver);
        Ok(true)
    }

    /// Everything that was set. What was not is `NULL`, unless the key or a default fills it in.
    fn insert_cells(&self, object: Obj) -> Cells {
        let (table, state) = (self.session.table(object), self.session.at(object));
        let mut cells = Cells::new();
        for (at, column) in table.columns.iter().enumerate() {
            match &state.values[at] {
                Some(value) if !value.is_null() => cells.push((at, value.clone())),
                _ if table.primary_key.contains(&at) || column.default.is_some() => {}
                _ => cells.push((at, Value::Null)),
            }
        }
        cells
    }

    fn insert(&mut self, table: &Table, group: &[(Obj, Cells)]) -> Outcome<()> {
        let given = group.first().map_or(Vec::new(), |(_, cells)| columns(cells));
        let has_key = table.primary_key.iter().all(|at| given.contains(at));
        let defaults: Vec<usize> = (0..table.columns.len())
            .filter(|at| table.columns[*at].default.is_some() && !given.contains(at))
            .collect();
        let mut returning = Vec::new();
        if !defaults.is_empty() || (!has_key && group.len() > 1) {
            returning = table.primary_key.clone();
            returning.extend(defaults.iter().filter(|at| !table.primary_key.contains(at)));
        }
        let row = |cells: &Cells| Row {
            write: Write::Insert { cells: cells.clone(), returning: returning.clone() },
            reason: Reason::New,
        };
        if has_key && returning.is_empty() {
            let rows: Vec<Row> = group.iter().map(|(_, cells)| row(cells)).collect();
            return self.session.write(table, &rows).map(|_| ());
        }
        for (object, cells) in group {
            let (_, reply) = self.session.write(table, &[row(cells)])?;
            let state = self.session.at_mut(*object);
            if let Some(values) = reply.rows.first() {
                for (at, value) in returning.iter().zip(values) {
                    if !table.primary_key.contains(at) || state.values[*at].is_none() {
                        state.values[*at] = Some(value.clone());
                    }
                }
            } else if let ([at], true) = (table.primary_key.as_slice(), table.has_rowid_key()) {
                state.values[*at] = Some(Value::Integer(reply.last_id));
            }
        }
        Ok(())
    }

    fn key_cells(&mut self, object: Obj) -> Outcome<Cells> {
        let table = self.session.table(object);
        table.primary_key.iter().map(|at| Ok((*at, self.session.value(object, *at)?))).collect()
    }

    fn update(&mut self, table: &Table, objects: &[Obj]) -> Outcome<()> {
        let mut rows: Vec<(Vec<usize>, Row)> = Vec::new();
        for &object in objects {
            let state = self.session.at(object);
            let changed = state.old.iter().filter_map(|(at, old)| {
                let now = state.values[*at].clone().unwrap_or(Value::Null);
                (old.as_ref() != Some(&now)).then_some((*at, now))
            });
            let cells: Cells = changed.filter(|(at, _)| !table.primary_key.contains(at)).collect();
            if cells.is_empty() {
                continue;
            }
            let reason = self.why_updated(object, table, &cells);
            let key = self.key_cells(object)?;
            rows.push((columns(&cells), Row { write: Write::Update { cells, key }, reason }));
        }
        self.send_updates(table, rows)
    }

    fn send_updates(&mut self, table: &Table, rows: Vec<(Vec<usize>, Row)>) -> Outcome<()> {
        let mut rows = rows.into_iter().peekable();
        while let Some((columns, first)) = rows.next() {
            let mut group = vec![first];
            while let Some((_, row)) = rows.next_if(|(other, _)| *other == columns) {
                group.push(row);
            }
            let (written, _) = self.session.write(table, &group)?;
            if written as usize != group.len() {
                return Err(stale("UPDATE", table, group.len(), written));
            }
        }
        Ok(())
    }

    fn why_updated(&self, object: Obj, table: &Table, cells: &Cells) -> Reason {
        if let Some(reason) = self.reasons.get(&object) {
            return *reason;
        }
        let linked = cells.iter().find_map(|(at, value)| match table.columns[*at].origin {
            ColumnOrigin::Key(relationship, side) => {
                let end = EndId { relationship, side: side.other() };
                Some(if value.is_null() { Reason::Unlinked(end) } else { Reason::Linked(end) })
            }
            ColumnOrigin::Field(..) | ColumnOrigin::Kind(_) => None,
        });
        linked.unwrap_or(Reason::Changed)
    }

    fn delete(&mut self, model: ModelId, objects: Vec<Obj>) -> Outcome<()> {
        let table = self.session.table_of(model);
        let mut rows = Vec::new();
        for object in self.sorted(objects) {
            // The key of an object that is out of date is read again, as everything of it.
            let key = self.key_cells(object)?;
            let reason = self.reasons.get(&object).copied().unwrap_or(Reason::Deleted);
            rows.push(Row { write: Write::Delete { key }, reason });
        }
        if rows.is_empty() {
            return Ok(());
        }
        let (written, _) = self.session.write(table, &rows)?;
        if written as usize != rows.len() {
            let (table, expected) = (&table.name, rows.len());
            self.session.warn(format!("DELETE on {table}: {expected} rows expected, {written} matched."));
        }
        Ok(())
    }

    fn write_post_updates(&mut self, model: ModelId, deleted: bool) -> Outcome<()> {
        let Some((objects, wanted)) = self.post_updates.get(&model).cloned() else { return Ok(()) };
        let table = self.session.table_of(model);
        let objects = objects
            .into_iter()
            .filter(|object| self.fates.get(object).is_some_and(|fate| fate.deleted == deleted));
        let mut rows = Vec::new();
        for object in self.sorted(objects.collect()) {
            let state = self.session.at(object);
            let changed = wanted.keys().filter_map(|at| {
                let now = state.values[*at].clone().unwrap_or(Value::Null);
                let old = state.old.get(at)?;
                (old.as_ref() != Some(&now)).then_some((*at, now))
            });
            let cells: Cells = changed.collect();
            let Some(end) = cells.first().and_then(|(at, _)| wanted.get(at)).copied() else { continue };
            let key = self.key_cells(object)?;
            let row =
                Row { write: Write::Update { cells: cells.clone(), key }, reason: Reason::PostUpdate(end) };
            rows.push((columns(&cells), row));
        }
        self.send_updates(table, rows)
    }

    /// Writes the rows of a join table: first those that go, then those that come.
    pub(super) fn write_join_rows(
        &mut self,
        end: &End<'_>,
        gone: &[(Obj, Obj)],
        made: &[(Obj, Obj)],
    ) -> Outcome<()> {
        let Some(Placement::Join { table, columns, target_columns, .. }) =
            self.session.relational.placement(end.id.relationship)
        else {
            return Ok(());
        };
        let table = self.session.relational.table(*table);
        let mut cells_of = |here: Obj, there: Obj| -> Outcome<Cells> {
            let mut cells = Cells::new();
            for (object, side) in [(here, end.id.side as usize), (there, end.id.side.other() as usize)] {
                for (held, own) in columns[side].iter().zip(&target_columns[side]) {
                    cells.push((*held, self.session.value(object, *own)?));
                }
            }
            cells.sort_by_key(|(at, _)| *at);
            Ok(cells)
        };
        let (mut deletes, mut inserts) = (Vec::new(), Vec::new());
        for &(here, there) in gone {
            let write = Write::Delete { key: cells_of(here, there)? };
            deletes.push(Row { write, reason: Reason::Unlinked(end.id) });
        }
        for &(here, there) in made {
            let write = Write::Insert { cells: cells_of(here, there)?, returning: Vec::new() };
            inserts.push(Row { write, reason: Reason::Linked(end.id) });
        }
        if !deletes.is_empty() {
            let (written, _) = self.session.write(table, &deletes)?;
            if written as usize != deletes.len() {
                return Err(stale("DELETE", table, deletes.len(), written));
            }
        }
        if !inserts.is_empty() {
            self.session.write(table, &inserts)?;
        }
        Ok(())
    }
}

fn stale(verb: &str, table: &Table, expected: usize, matched: u32) -> SessionError {
    SessionError::StaleData {
        verb: verb.into(),
        table: table.name.clone(),
        expected,
        matched: matched as usize,
    }
}
