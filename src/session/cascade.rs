//! Adds objects to the session, marks them as deleted, and follows the cascades.

use std::collections::BTreeSet;

use super::error::SessionError;
use super::state::{Got, Linked, Obj, Passive};
use super::trace::Reason;
use super::work::{Outcome, Session};
use crate::schema::{End, EndId, PassiveDeletes};

impl Session<'_> {
    /// Adds an object, and what hangs on it by save-update.
    pub(super) fn add(&mut self, object: Obj) -> Outcome<()> {
        self.at_mut(object).orphaned_outside = false;
        self.add_one(object)?;
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        self.hanging(object, &mut seen, &mut found);
        found.into_iter().try_for_each(|object| self.add_one(object))
    }

    fn add_one(&mut self, object: Obj) -> Outcome<()> {
        let called = self.called(object);
        let state = self.at_mut(object);
        match state.key.clone() {
            None => {
                state.attached = true;
                if !self.new.contains(&object) {
                    self.new.push(object);
                    let order = self.new.len();
                    self.at_mut(object).insert_order = order;
                }
            }
            Some(key) => {
                if state.deleted {
                    return Err(SessionError::InvalidRequest(format!(
                        "{called} has been deleted: it cannot come back into the session."
                    )));
                }
                let model = state.model;
                let identity = (self.family(model), key);
                if self.identities.get(&identity).is_some_and(|other| *other != object) {
                    return Err(SessionError::InvalidRequest(format!(
                        "Another object of the session is {called} already."
                    )));
                }
                self.at_mut(object).attached = true;
                self.deleted.retain(|(other, _)| *other != object);
                self.identities.insert(identity, object);
            }
        }
        Ok(())
    }

    /// What hangs on an object by save-update, links taken away included, as far as it is not in the session.
    fn hanging(&self, object: Obj, seen: &mut BTreeSet<Obj>, found: &mut Vec<Obj>) {
        for end in self.ends_of(self.at(object).model).iter().filter(|end| end.cascades.save_update) {
            let mut behind = Vec::new();
            for other in self.all_pending(object, end.id) {
                if !seen.contains(&other) && !self.contains(other) {
                    seen.insert(other);
                    behind.push(other);
                }
            }
            for other in behind {
                found.push(other);
                self.hanging(other, seen, found);
            }
        }
    }

    /// What a property leads to now and led to before.
    pub(super) fn all_pending(&self, object: Obj, end: EndId) -> Vec<Obj> {
        let state = self.at(object);
        let Some(linked) = state.links.get(&end) else { return Vec::new() };
        let mut all = linked.objects();
        if let Some(Got::Value(before)) = state.old_links.get(&end) {
            let gone: Vec<Obj> = before.objects().into_iter().filter(|other| !all.contains(other)).collect();
            if let Linked::Many(_) = linked {
                let before = before.objects();
                // What is new comes first, as in SQLAlchemy.
                all.sort_by_key(|other| before.contains(other));
            }
            all.extend(gone);
        }
        all
    }

    /// Marks an object as deleted, and what hangs on it by delete: it is looked up now, not at the flush.
    pub(super) fn delete(&mut self, object: Obj) -> Outcome<()> {
        let state = self.at(object);
        if state.key.is_none() {
            let called = self.called(object);
            return Err(SessionError::InvalidRequest(format!(
                "{called} has no row yet, so it cannot be deleted."
            )));
        }
        if self.is_marked_deleted(object) {
            return Ok(());
        }
        self.mark_deleted_here(object)?;
        let hanging = self.cascade_delete(object)?;
        self.mark(object, Reason::Deleted);
        for (other, end) in hanging {
            if self.at(other).key.is_some() && !self.is_marked_deleted(other) {
                self.mark_deleted_here(other)?;
                self.mark(other, Reason::Cascade(end));
            }
        }
        Ok(())
    }

    /// A deleted object is one of the session again, if it was not.
    fn mark_deleted_here(&mut self, object: Obj) -> Outcome<()> {
        let state = self.at_mut(object);
        state.attached = true;
        let (model, key) = (state.model, state.key.clone().unwrap_or_default());
        let known = *self.identities.entry((self.family(model), key)).or_insert(object);
        if known == object {
            return Ok(());
        }
        let called = self.called(object);
        Err(SessionError::InvalidRequest(format!("Another object of the session is {called} already.")))
    }

    fn mark(&mut self, object: Obj, reason: Reason) {
        self.deleted.push((object, reason));
    }

    /// What is deleted with an object, each with the property that says so. Collections are loaded for it.
    pub(super) fn cascade_delete(&mut self, object: Obj) -> Outcome<Vec<(Obj, EndId)>> {
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        self.follow_delete(object, &mut seen, &mut found)?;
        Ok(found)
    }

    fn follow_delete(
        &mut self,
        object: Obj,
        seen: &mut BTreeSet<Obj>,
        found: &mut Vec<(Obj, EndId)>,
    ) -> Outcome<()> {
        for end in self.ends_of(self.at(object).model) {
            if !end.cascades.delete {
                continue;
            }
            let passive = match end.cascades.passive_deletes {
                PassiveDeletes::Off => Passive::OFF.with(Passive::NO_RAISE),
                PassiveDeletes::Unloaded | PassiveDeletes::All => Passive::NO_INITIALIZE,
            };
            let Got::Value(linked) = self.link_value(object, end.id, passive)? else { continue };
            let behind: Vec<Obj> = linked.objects().into_iter().filter(|other| seen.insert(*other)).collect();
            for other in behind {
                found.push((other, end.id));
                self.follow_delete(other, seen, found)?;
            }
        }
        Ok(())
    }

    /// Whether nothing leads to an object by a property that deletes orphans. Of an object with a row it is taken
    /// that something does, until a link is taken away.
    pub(super) fn is_orphan(&self, object: Obj) -> bool {
        let state = self.at(object);
        let ends: Vec<End<'_>> = self.schema.models().flat_map(|model| self.ends_of(model.id)).collect();
        ends.iter()
            .filter(|end| self.schema.is_kind_of(state.model, end.target.id) && end.cascades.delete_orphan)
            .any(|end| !self.has_parent(object, end.id, state.key.is_some()))
    }

    /// Takes an object out of the session.
    pub(super) fn expunge(&mut self, object: Obj) {
        self.at_mut(object).attached = false;
        let identity = self.identity(object);
        if self.new.contains(&object) {
            self.new.retain(|other| *other != object);
        } else if let Some(identity) = identity
            && self.identities.get(&identity) == Some(&object)
        {
            self.identities.remove(&identity);
            self.deleted.retain(|(other, _)| *other != object);
        } else {
            self.removed.retain(|other| *other != object);
        }
    }

    /// Notes that an object's row is gone.
    pub(super) fn forget_deleted(&mut self, object: Obj) {
        if !self.removed.contains(&object) {
            self.removed.push(object);
        }
        let state = self.at_mut(object);
        state.deleted = true;
        let (model, key) = (state.model, state.key.clone().unwrap_or_default());
        let identity = (self.family(model), key);
        if self.identities.get(&identity) == Some(&object) {
            self.identities.remove(&identity);
        }
        self.deleted.retain(|(other, _)| *other != object);
    }

    /// The objects of the session that changed.
    pub(super) fn dirty(&self) -> Vec<Obj> {
        let mut dirty: Vec<Obj> =
            self.identities.values().copied().filter(|object| self.at(*object).modified).collect();
        dirty.sort();
        dirty
    }

    pub(super) fn is_clean(&self) -> bool {
        self.new.is_empty() && self.deleted.is_empty() && self.dirty().is_empty()
    }
}
