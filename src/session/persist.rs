//! Carries out the actions of a flush: groups rows into statements and sends them.

use std::collections::BTreeMap;

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
        let family = |object: Obj| self.session.family_of(object);
        match (first, other) {
            (Action::Save(one), Action::Save(two)) | (Action::Delete(one), Action::Delete(two)) => {
                family(one) == family(two)
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
        let (mut inserts, mut updates) = (Vec::new(), Vec::new());
        for object in self.sorted(objects) {
            if self.session.at(object).key.is_some() || self.takes_over(object)? {
                updates.push(object);
            } else {
                inserts.push(object);
            }
        }
        for table in self.session.tables_of(model) {
            let new = self.standing_in(table, &inserts).into_iter();
            let new: Vec<(Obj, Cells)> =
                new.map(|object| (object, self.insert_cells(table, object))).collect();
            self.update(table, &self.standing_in(table, &updates))?;
            let alike = |one: &(Obj, Cells), two: &(Obj, Cells)| {
                columns(&one.1) == columns(&two.1) && self.defaults(table, one) == self.defaults(table, two)
            };
            let groups: Vec<&[(Obj, Cells)]> = new.chunk_by(alike).collect();
            for group in groups {
                self.insert(table, group)?;
            }
        }
        Ok(())
    }

    /// The objects that have a row in a table.
    fn standing_in(&self, table: &Table, objects: &[Obj]) -> Vec<Obj> {
        objects.iter().copied().filter(|object| self.session.stands_in(*object, table)).collect()
    }

    /// Whether a new object takes over the row of one that is to be deleted: an `UPDATE` then stands for both.
    fn takes_over(&mut self, object: Obj) -> Outcome<bool> {
        let (table, state) = (self.session.table(object), self.session.at(object));
        let key: Vec<Value> =
            table.primary_key.iter().map(|at| state.values[*at].clone().unwrap_or(Value::Null)).collect();
        let identity = (self.session.family(state.model), key);
        let Some(&other) = self.session.identities.get(&identity) else { return Ok(false) };
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
    fn insert_cells(&self, table: &Table, object: Obj) -> Cells {
        let state = self.session.at(object);
        let mut cells = Cells::new();
        for (at, column) in table.columns.iter().enumerate() {
            match &state.values[self.session.value_of(table, at)] {
                _ if !self.session.has_column(object, table, at) => {}
                Some(value) if !value.is_null() => cells.push((at, value.clone())),
                _ if table.primary_key.contains(&at) || column.default.is_some() => {}
                _ => cells.push((at, Value::Null)),
            }
        }
        cells
    }

    /// The columns of a new row that the database fills in.
    fn defaults(&self, table: &Table, (object, cells): &(Obj, Cells)) -> Vec<usize> {
        let given = columns(cells);
        let fills = |at: &usize| {
            table.columns[*at].default.is_some()
                && !given.contains(at)
                && self.session.has_column(*object, table, *at)
        };
        (0..table.columns.len()).filter(fills).collect()
    }

    fn insert(&mut self, table: &Table, group: &[(Obj, Cells)]) -> Outcome<()> {
        let Some(first) = group.first() else { return Ok(()) };
        let (given, defaults) = (columns(&first.1), self.defaults(table, first));
        let has_key = table.primary_key.iter().all(|at| given.contains(at));
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
            if let Some(values) = reply.rows.first() {
                for (at, value) in returning.iter().zip(values) {
                    let place = self.session.value_of(table, *at);
                    let state = self.session.at_mut(*object);
                    if !table.primary_key.contains(at) || state.values[place].is_none() {
                        state.values[place] = Some(value.clone());
                    }
                }
            } else if let ([at], true) = (table.primary_key.as_slice(), table.has_rowid_key()) {
                let place = self.session.value_of(table, *at);
                self.session.at_mut(*object).values[place] = Some(Value::Integer(reply.last_id));
            }
        }
        Ok(())
    }

    fn key_cells(&mut self, table: &Table, object: Obj) -> Outcome<Cells> {
        let cell = |at: &usize| Ok((*at, self.session.value(object, self.session.value_of(table, *at))?));
        table.primary_key.iter().map(cell).collect()
    }

    fn update(&mut self, table: &Table, objects: &[Obj]) -> Outcome<()> {
        let mut rows: Vec<(Vec<usize>, Row)> = Vec::new();
        for &object in objects {
            let (session, state) = (&self.session, self.session.at(object));
            let changed = state.old.iter().filter_map(|(at, old)| {
                let now = state.values[*at].clone().unwrap_or(Value::Null);
                let column = session.relational.in_part(table.id, *at)?;
                (old.as_ref() != Some(&now)).then_some((column, now))
            });
            let cells: Cells = changed.filter(|(at, _)| !table.primary_key.contains(at)).collect();
            if cells.is_empty() {
                continue;
            }
            let reason = self.why_updated(object, table, &cells);
            let key = self.key_cells(table, object)?;
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
        let objects = self.sorted(objects);
        // First the rows that go on in others.
        for table in self.session.tables_of(model).into_iter().rev() {
            self.delete_in(table, self.standing_in(table, &objects))?;
        }
        Ok(())
    }

    fn delete_in(&mut self, table: &Table, objects: Vec<Obj>) -> Outcome<()> {
        let mut rows = Vec::new();
        for object in objects {
            // The key of an object that is out of date is read again, as everything of it.
            let key = self.key_cells(table, object)?;
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
        let objects = objects
            .into_iter()
            .filter(|object| self.fates.get(object).is_some_and(|fate| fate.deleted == deleted));
        let objects = self.sorted(objects.collect());
        for table in self.session.tables_of(model) {
            self.post_update_in(table, self.standing_in(table, &objects), &wanted)?;
        }
        Ok(())
    }

    fn post_update_in(
        &mut self,
        table: &Table,
        objects: Vec<Obj>,
        wanted: &BTreeMap<usize, EndId>,
    ) -> Outcome<()> {
        let mut rows = Vec::new();
        for object in objects {
            let (session, state) = (&self.session, self.session.at(object));
            let changed = wanted.keys().filter_map(|at| {
                let now = state.values[*at].clone().unwrap_or(Value::Null);
                let old = state.old.get(at)?;
                let column = session.relational.in_part(table.id, *at)?;
                (old.as_ref() != Some(&now)).then_some((column, now))
            });
            let cells: Cells = changed.collect();
            let first = cells.first().map(|(at, _)| session.value_of(table, *at));
            let Some(end) = first.and_then(|at| wanted.get(&at)).copied() else { continue };
            let key = self.key_cells(table, object)?;
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
