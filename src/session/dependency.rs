//! What each kind of property makes of a flush: which objects it draws in, and which keys it writes. SQLAlchemy's
//! dependency processors.

use super::error::SessionError;
use super::flush::Flush;
use super::state::{Obj, Passive};
use super::trace::Reason;
use super::work::Outcome;
use crate::mapping::Placement;
use crate::schema::{End, EndId, EndKind, PassiveDeletes};
use crate::value::Value;

/// Loads what has to be dealt with on delete, unless that is left to the database.
fn on_delete(end: &End<'_>) -> Passive {
    match end.cascades.passive_deletes {
        PassiveDeletes::Off => Passive::OFF,
        PassiveDeletes::Unloaded | PassiveDeletes::All => Passive::NO_INITIALIZE,
    }
}

impl Flush<'_, '_> {
    /// Draws in what hangs on objects that are deleted.
    pub(super) fn presort_deletes(&mut self, id: EndId, objects: &[Obj]) -> Outcome<()> {
        let Some(end) = self.session.end(id) else { return Ok(()) };
        let cascades = end.cascades;
        match end.kind {
            EndKind::HasMany | EndKind::HasOne => {
                let nulls = !cascades.delete && cascades.passive_deletes != PassiveDeletes::All;
                for &object in objects {
                    let history = self.history(object, id, on_delete(&end))?;
                    for child in history.deleted {
                        if !self.session.has_parent(child, id, false) {
                            let orphan = cascades.delete_orphan;
                            self.register(child, orphan, orphan.then_some(Reason::Orphan(id)));
                        }
                    }
                    if nulls {
                        for child in history.unchanged.into_iter().flatten() {
                            self.register(child, false, Some(Reason::NullOut(id)));
                        }
                    }
                }
            }
            EndKind::BelongsTo if cascades.delete || cascades.delete_orphan => {
                for &object in objects {
                    let history = self.history(object, id, on_delete(&end))?;
                    let all = if cascades.delete_orphan { history.sum() } else { history.non_deleted() };
                    for child in all.into_iter().flatten() {
                        self.register_with_cascade(child, Reason::Cascade(id))?;
                    }
                }
            }
            EndKind::BelongsTo => {}
            EndKind::ManyToMany => {
                if cascades.passive_deletes == PassiveDeletes::Off {
                    for &object in objects {
                        self.history(object, id, Passive::OFF)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn register_with_cascade(&mut self, child: Obj, reason: Reason) -> Outcome<()> {
        self.register(child, true, Some(reason));
        for (other, end) in self.session.cascade_delete(child)? {
            self.register(other, true, Some(Reason::Cascade(end)));
        }
        Ok(())
    }

    /// Draws in what was linked to objects that are saved, and what they let go of.
    pub(super) fn presort_saves(&mut self, id: EndId, objects: &[Obj]) -> Outcome<()> {
        let Some(end) = self.session.end(id) else { return Ok(()) };
        let cascades = end.cascades;
        for &object in objects {
            match end.kind {
                EndKind::HasMany | EndKind::HasOne => self.presort_held(object, &end)?,
                EndKind::BelongsTo => {
                    self.register(object, false, None);
                    if cascades.delete_orphan {
                        let history = self.history(object, id, on_delete(&end))?;
                        self.register_orphans(id, &history.deleted)?;
                    }
                }
                EndKind::ManyToMany if cascades.delete_orphan => {
                    let history = self.history(object, id, Passive::NO_INITIALIZE)?;
                    self.register_orphans(id, &history.deleted)?;
                }
                EndKind::ManyToMany => {}
            }
        }
        Ok(())
    }

    fn presort_held(&mut self, object: Obj, end: &End<'_>) -> Outcome<()> {
        let cascades = end.cascades;
        let history = self.history(object, end.id, Passive::NO_INITIALIZE.with(Passive::PENDING))?;
        for child in history.added.iter().copied().flatten() {
            self.register_kept(child);
        }
        self.children_added.entry(end.id).or_default().extend(history.added.iter().flatten());
        if cascades.delete_orphan {
            return self.register_orphans(end.id, &history.deleted);
        }
        if cascades.passive_deletes != PassiveDeletes::All {
            history.deleted.into_iter().for_each(|child| self.register(child, false, None));
        }
        Ok(())
    }

    fn register_orphans(&mut self, id: EndId, lost: &[Obj]) -> Outcome<()> {
        for &child in lost {
            if !self.session.has_parent(child, id, false) {
                self.register_with_cascade(child, Reason::Orphan(id))?;
            }
        }
        Ok(())
    }

    /// Writes or clears the keys of a property.
    pub(super) fn process(&mut self, id: EndId, objects: &[Obj], deleted: bool) -> Outcome<()> {
        let Some(end) = self.session.end(id) else { return Ok(()) };
        match (end.kind, deleted) {
            (EndKind::HasMany | EndKind::HasOne, false) => self.save_held(&end, objects),
            (EndKind::HasMany | EndKind::HasOne, true) => self.clear_held(&end, objects),
            (EndKind::BelongsTo, false) => self.save_own(&end, objects),
            (EndKind::BelongsTo, true) => self.clear_own(&end, objects),
            (EndKind::ManyToMany, deleted) => self.write_pairs(&end, objects, deleted),
        }
    }

    fn save_held(&mut self, end: &End<'_>, objects: &[Obj]) -> Outcome<()> {
        let cascades = end.cascades;
        let nulls = !cascades.delete_orphan && cascades.passive_deletes != PassiveDeletes::All;
        for &object in objects {
            let history = self.history(object, end.id, Passive::NO_INITIALIZE)?;
            for child in history.added.into_iter().flatten() {
                self.point(child, end, Some(object))?;
                if cascades.post_update {
                    self.post_update(child, end);
                }
            }
            for child in history.deleted {
                if nulls && !self.session.has_parent(child, end.id, false) {
                    self.point(child, end, None)?;
                }
            }
        }
        Ok(())
    }

    fn clear_held(&mut self, end: &End<'_>, objects: &[Obj]) -> Outcome<()> {
        let cascades = end.cascades;
        if !cascades.post_update && cascades.passive_deletes == PassiveDeletes::All {
            return Ok(());
        }
        for &object in objects {
            let history = self.history(object, end.id, on_delete(end))?;
            let mut clear: Vec<Obj> = history.deleted;
            clear.retain(|child| !self.session.has_parent(*child, end.id, false));
            if cascades.post_update || !cascades.delete {
                let added = self.children_added.entry(end.id).or_default();
                clear.extend(history.unchanged.iter().flatten().filter(|child| !added.contains(*child)));
            }
            for child in clear {
                self.point(child, end, None)?;
                if cascades.post_update {
                    self.post_update(child, end);
                }
            }
        }
        Ok(())
    }

    fn save_own(&mut self, end: &End<'_>, objects: &[Obj]) -> Outcome<()> {
        for &object in objects {
            let history = self.history(object, end.id, Passive::NO_INITIALIZE)?;
            if history.is_empty() {
                continue;
            }
            for target in &history.added {
                if let Some(target) = target
                    && !self.session.contains(*target)
                {
                    self.session.warn_left_out(*target);
                    continue;
                }
                self.point(object, end, *target)?;
            }
            if history.added.is_empty() && !history.deleted.is_empty() {
                self.point(object, end, None)?;
            }
            if end.cascades.post_update && !history.sum().is_empty() {
                self.post_update(object, end);
            }
        }
        Ok(())
    }

    fn clear_own(&mut self, end: &End<'_>, objects: &[Obj]) -> Outcome<()> {
        let cascades = end.cascades;
        let clears = cascades.post_update
            && !cascades.delete_orphan
            && cascades.passive_deletes != PassiveDeletes::All;
        for &object in objects.iter().filter(|_| clears) {
            self.point(object, end, None)?;
            let history = self.history(object, end.id, on_delete(end))?;
            if history.sum().iter().any(Option::is_some) {
                self.post_update(object, end);
            }
        }
        Ok(())
    }

    /// Writes the key of `holder`: to the target's key, or to nothing. The end is that of either side; what is behind
    /// it was decided by the side that carries it.
    fn point(&mut self, holder: Obj, end: &End<'_>, other: Option<Obj>) -> Outcome<()> {
        if !end.cascades.post_update && self.is_deleted(holder) {
            return Ok(());
        }
        let Some(Placement::Key { columns, target_columns, .. }) =
            self.session.relational.placement(end.id.relationship)
        else {
            return Ok(());
        };
        for (&held, &wanted) in columns.iter().zip(target_columns) {
            let value = match other {
                Some(target) => self.session.value(target, wanted)?,
                None => {
                    self.refuse_blank_key(holder, held)?;
                    Value::Null
                }
            };
            self.session.set_column(holder, held, value)?;
        }
        Ok(())
    }

    fn refuse_blank_key(&mut self, holder: Obj, column: usize) -> Outcome<()> {
        let table = self.session.table(holder);
        if table.primary_key.contains(&column) && !self.session.value(holder, column)?.is_null() {
            let (source, name) = table.column_under(&table.name, column);
            let column = format!("{source}.{name}");
            return Err(SessionError::BlankedKey { column, object: self.session.called(holder) });
        }
        Ok(())
    }

    fn post_update(&mut self, holder: Obj, end: &End<'_>) {
        let Some(Placement::Key { columns, .. }) = self.session.relational.placement(end.id.relationship)
        else {
            return;
        };
        let model = self.session.family_of(holder);
        let (objects, wanted) = self.post_updates.entry(model).or_default();
        objects.insert(holder);
        wanted.extend(columns.iter().map(|at| (*at, end.id)));
    }

    fn write_pairs(&mut self, end: &End<'_>, objects: &[Obj], deleted: bool) -> Outcome<()> {
        let (mut gone, mut made, mut done) = (Vec::new(), Vec::new(), Vec::new());
        let passive = if deleted { on_delete(end) } else { Passive::NO_INITIALIZE.with(Passive::PENDING) };
        let known = self.pairs_done.entry(end.id.relationship).or_default().clone();
        for &object in objects {
            let history = self.history(object, end.id, passive)?;
            let (added, lost) = if deleted {
                (Vec::new(), history.non_added())
            } else {
                (history.added.into_iter().flatten().collect(), history.deleted)
            };
            for (children, pairs) in [(&added, &mut made), (&lost, &mut gone)] {
                for &child in children.iter().filter(|child| !known.contains(&(object, **child))) {
                    if self.session.contains(child) {
                        pairs.push((object, child));
                    } else if !self.session.at(child).deleted {
                        self.session.warn_left_out(child);
                    }
                }
            }
            done.extend(added.iter().chain(&lost).map(|child| (*child, object)));
        }
        self.pairs_done.entry(end.id.relationship).or_default().extend(done);
        self.write_join_rows(end, &gone, &made)
    }
}
