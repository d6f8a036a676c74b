//! A flush: finds everything that has to be written, and in which order. SQLAlchemy's `UOWTransaction`.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::action::Action;
use super::state::{History, Obj, Passive};
use super::topology;
use super::trace::Reason;
use super::work::{Outcome, Session};
use crate::schema::{EndId, EndKind, ModelId, PassiveDeletes};

/// What a flush does with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) deleted: bool,
    /// Nothing is written for it by itself.
    pub(super) listed: bool,
}

/// What a property's processor has seen.
#[derive(Default)]
struct Preprocess {
    processed: BTreeSet<Obj>,
    set_up: bool,
}

pub(super) struct Flush<'f, 's> {
    pub(super) session: &'f mut Session<'s>,
    pub(super) fates: IndexMap<Obj, Fate>,
    pub(super) models: BTreeMap<ModelId, BTreeSet<Obj>>,
    /// Why an object is deleted, or its key cleared.
    pub(super) reasons: BTreeMap<Obj, Reason>,
    preprocesses: IndexMap<EndId, Preprocess>,
    /// The actions there are; `true` for those that are not to be carried out.
    pub(super) actions: IndexMap<Action, bool>,
    pub(super) dependencies: BTreeSet<(Action, Action)>,
    pub(super) cycles: BTreeSet<Action>,
    /// Which properties have something to process, by the model that carries them.
    pub(super) processors: BTreeMap<ModelId, Vec<EndId>>,
    histories: BTreeMap<(Obj, EndId), (History, bool)>,
    pub(super) children_added: BTreeMap<EndId, BTreeSet<Obj>>,
    /// Pairs of a many-to-many that the other side has written already.
    pub(super) pairs_done: BTreeMap<crate::schema::RelationshipId, BTreeSet<(Obj, Obj)>>,
    pub(super) post_updates: BTreeMap<ModelId, (BTreeSet<Obj>, BTreeMap<usize, EndId>)>,
}

impl<'f, 's> Flush<'f, 's> {
    /// Writes everything; gives the objects that have been written and those that have been deleted.
    pub(super) fn run(session: &'f mut Session<'s>) -> Outcome<(Vec<Obj>, Vec<Obj>)> {
        let mut flush = Flush {
            session,
            fates: IndexMap::new(),
            models: BTreeMap::new(),
            reasons: BTreeMap::new(),
            preprocesses: IndexMap::new(),
            actions: IndexMap::new(),
            dependencies: BTreeSet::new(),
            cycles: BTreeSet::new(),
            processors: BTreeMap::new(),
            histories: BTreeMap::new(),
            children_added: BTreeMap::new(),
            pairs_done: BTreeMap::new(),
            post_updates: BTreeMap::new(),
        };
        flush.gather();
        if flush.fates.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        flush.plan()?;
        flush.carry_out()?;
        let deleted = |fate: &Fate| fate.deleted;
        let (gone, kept): (Vec<_>, Vec<_>) = flush.fates.iter().partition(|(_, fate)| deleted(fate));
        let objects = |list: Vec<(&Obj, &Fate)>| list.into_iter().map(|(object, _)| *object).collect();
        Ok((objects(kept), objects(gone)))
    }

    /// Everything that is new, changed or deleted. Orphans are told apart here.
    fn gather(&mut self) {
        let mut deleted = self.session.deleted.clone();
        deleted.sort_by_key(|(object, _)| *object);
        let is_deleted = |object: &Obj| deleted.iter().any(|(other, _)| other == object);
        let mut saved = self.session.new.clone();
        saved.extend(self.session.dirty());
        saved.sort();
        let mut decided = BTreeSet::new();
        for object in saved.into_iter().filter(|object| !is_deleted(object)) {
            let orphan = self.session.is_orphan(object);
            let persistent = self.session.at(object).key.is_some();
            if orphan && !persistent && self.session.at(object).orphaned_outside {
                self.session.expunge(object);
                continue;
            }
            let reason = (orphan && persistent).then(|| self.orphaned_by(object)).flatten();
            self.register(object, orphan && persistent, reason);
            decided.insert(object);
        }
        for (object, reason) in deleted {
            if !decided.contains(&object) {
                self.register(object, true, Some(reason));
            }
        }
    }

    fn orphaned_by(&self, object: Obj) -> Option<Reason> {
        let state = self.session.at(object);
        let lost = state.parents.iter().filter(|(_, parent)| parent.is_none()).map(|(end, _)| *end);
        let orphans = |end: &EndId| self.session.end(*end).is_some_and(|end| end.cascades.delete_orphan);
        lost.filter(|end| orphans(end)).map(Reason::Orphan).next()
    }

    /// Takes an object into the flush, if it belongs to the session.
    pub(super) fn register(&mut self, object: Obj, deleted: bool, reason: Option<Reason>) {
        self.register_as(object, deleted, false, reason);
    }

    /// The same for an object that is needed after all: what was to be deleted is not.
    pub(super) fn register_kept(&mut self, object: Obj) {
        self.register_as(object, false, true, None);
    }

    fn register_as(&mut self, object: Obj, deleted: bool, cancel: bool, reason: Option<Reason>) {
        if !self.session.contains(object) {
            if cancel && !self.session.at(object).deleted {
                self.session.warn_left_out(object);
            }
            return;
        }
        let model = self.session.at(object).model;
        if !self.fates.contains_key(&object) {
            if !self.models.contains_key(&model) {
                self.open_model(model);
            }
            self.models.entry(model).or_default().insert(object);
            self.fates.insert(object, Fate { deleted, listed: false });
        } else if deleted || cancel {
            self.fates.insert(object, Fate { deleted, listed: false });
        }
        if let Some(reason) = reason {
            self.reasons.entry(object).or_insert(reason);
        }
    }

    fn open_model(&mut self, model: ModelId) {
        let family = self.session.family(model);
        let (saves, deletes) = (self.action(Action::SaveAll(family)), self.action(Action::DeleteAll(family)));
        self.dependencies.insert((saves, deletes));
        for end in self.session.ends_of(model) {
            self.preprocesses.entry(end.id).or_default();
        }
    }

    /// The action, noted as one to be carried out.
    pub(super) fn action(&mut self, action: Action) -> Action {
        self.actions.entry(action).or_insert(false);
        action
    }

    pub(super) fn is_deleted(&self, object: Obj) -> bool {
        self.fates.get(&object).is_some_and(|fate| fate.deleted)
    }

    /// The objects of a model and of its kinds.
    pub(super) fn objects_of(&self, model: ModelId, deleted: bool) -> Vec<Obj> {
        let wanted = Fate { deleted, listed: false };
        let kinds = self.models.iter().filter(|(kind, _)| self.session.schema.is_kind_of(**kind, model));
        let objects = kinds.flat_map(|(_, objects)| objects).copied();
        let mut objects: Vec<Obj> =
            objects.filter(|object| self.fates.get(object) == Some(&wanted)).collect();
        objects.sort();
        objects
    }

    /// What a property's history was when it was first asked for; once it may be loaded, with what was loaded.
    pub(super) fn history(&mut self, object: Obj, end: EndId, passive: Passive) -> Outcome<History> {
        let cached = self.histories.get(&(object, end));
        let passive = match cached {
            Some((history, loaded)) if *loaded || !passive.loads() => return Ok(history.clone()),
            Some(_) => Passive::OFF,
            None => passive,
        };
        let flags = passive.with(Passive::COMMITTED).with(Passive::NO_RAISE);
        let history = self.session.history(object, end, flags)?;
        self.histories.insert((object, end), (history.clone(), passive.loads()));
        Ok(history)
    }

    /// Lets each property look at the objects that carry it until nothing is added any more, then sorts the actions.
    fn plan(&mut self) -> Outcome<()> {
        loop {
            let mut again = false;
            for at in 0.. {
                let Some((&end, _)) = self.preprocesses.get_index(at) else { break };
                again |= self.preprocess(end)?;
            }
            if !again {
                break;
            }
        }
        self.cycles = topology::cycles(&self.dependencies);
        if !self.cycles.is_empty() {
            self.break_up_cycles();
        }
        Ok(())
    }

    fn preprocess(&mut self, end: EndId) -> Outcome<bool> {
        let Some(model) = self.session.end(end).map(|end| end.model.id) else { return Ok(false) };
        // SQLAlchemy takes a model for one of the flush's as soon as it has looked for objects of it.
        for kind in self.session.schema.kinds_of(model) {
            self.models.entry(kind.id).or_default();
        }
        let seen = |flush: &Self, object: &Obj| {
            flush.preprocesses.get(&end).is_some_and(|preprocess| preprocess.processed.contains(object))
        };
        let fresh = |flush: &Self, deleted| -> Vec<Obj> {
            flush.objects_of(model, deleted).into_iter().filter(|object| !seen(flush, object)).collect()
        };
        let (deleted, saved) = (fresh(self, true), fresh(self, false));
        if deleted.is_empty() && saved.is_empty() {
            return Ok(false);
        }
        if !deleted.is_empty() {
            self.presort_deletes(end, &deleted)?;
        }
        if !saved.is_empty() {
            self.presort_saves(end, &saved)?;
        }
        let preprocess = self.preprocesses.entry(end).or_default();
        preprocess.processed.extend(deleted.iter().chain(&saved));
        if !preprocess.set_up
            && (self.has_changes(end, &deleted, true)? || self.has_changes(end, &saved, false)?)
        {
            self.set_up(end);
            self.preprocesses.entry(end).or_default().set_up = true;
        }
        Ok(true)
    }

    fn has_changes(&mut self, id: EndId, objects: &[Obj], deleted: bool) -> Outcome<bool> {
        let Some(end) = self.session.end(id) else { return Ok(false) };
        let passive = if !deleted || end.cascades.passive_deletes != PassiveDeletes::Off {
            Passive::NO_INITIALIZE.with(Passive::PENDING)
        } else if end.kind == EndKind::BelongsTo {
            Passive::NO_FETCH_RELATED
        } else {
            Passive::OFF.with(Passive::PENDING)
        };
        for &object in objects {
            if !self.history(object, id, passive)?.is_empty() {
                return Ok(true);
            }
        }
        let itself = self.session.family(end.model.id) == self.session.family(end.target.id);
        Ok(!objects.is_empty() && !itself && self.models.contains_key(&end.target.id))
    }

    /// Where actions need each other, each object becomes an action of its own.
    fn break_up_cycles(&mut self) {
        let cycles = self.cycles.clone();
        let mut parts: BTreeMap<Action, Vec<Action>> = BTreeMap::new();
        for &action in &cycles {
            let single = self.single_actions(action);
            parts.insert(action, single);
        }
        for edge in self.dependencies.clone() {
            let off = |action: &Action| self.actions.get(action).copied().unwrap_or(false);
            let (before, after) = edge;
            let within = (cycles.contains(&before), cycles.contains(&after));
            if off(&before) || off(&after) || within == (true, true) {
                self.dependencies.remove(&edge);
            } else if within.0 {
                self.dependencies.remove(&edge);
                self.dependencies.extend(parts[&before].iter().map(|part| (*part, after)));
            } else if within.1 {
                self.dependencies.remove(&edge);
                self.dependencies.extend(parts[&after].iter().map(|part| (before, *part)));
            }
        }
    }

    /// The actions to carry out, in the order of their names: the order among those that do not depend on each other.
    pub(super) fn sorted_actions(&self) -> Vec<Action> {
        let wanted = self.actions.iter().filter(|(action, off)| !**off && !self.cycles.contains(*action));
        let mut actions: Vec<Action> = wanted.map(|(action, _)| *action).collect();
        actions.sort_by_cached_key(|action| action.sort_key(self.session));
        actions
    }
}
