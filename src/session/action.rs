//! The actions of a flush and what has to come before what.

use super::flush::Flush;
use super::state::{Obj, Passive};
use super::work::Session;
use crate::schema::{EndId, EndKind, ModelId, PassiveDeletes};

/// Something that a flush does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Action {
    /// Inserts and updates the rows of a model.
    SaveAll(ModelId),
    /// Deletes rows of a model.
    DeleteAll(ModelId),
    /// Writes the keys of a property, for what is saved or (`true`) for what is deleted.
    Process(EndId, bool),
    /// Writes the keys that come after both rows, or (`true`) clears them before they go.
    PostUpdate(ModelId, bool),
    /// Inserts or updates one row.
    Save(Obj),
    /// Deletes one row.
    Delete(Obj),
    /// Writes the keys of a property of one object.
    ProcessOne(EndId, bool, Obj),
}

impl Action {
    /// SQLAlchemy's order of actions that do not depend on each other: by name.
    pub(super) fn sort_key(self, session: &Session<'_>) -> (&'static str, String, bool) {
        let model = |id| session.schema.model(id).map_or(String::new(), |model| model.name.clone());
        let property =
            |id| session.end(id).map_or(String::new(), |end| format!("{}_{}", end.model.name, end.name));
        match self {
            Action::SaveAll(id) => ("SaveUpdateAll", model(id), false),
            Action::DeleteAll(id) => ("DeleteAll", model(id), false),
            Action::Process(end, deleted) => ("ProcessAll", property(end), deleted),
            Action::PostUpdate(id, deleted) => ("PostUpdateAll", model(id), deleted),
            Action::Save(object) => ("ProcessState", model(session.family_of(object)), false),
            Action::Delete(object) => ("DeleteState", model(session.family_of(object)), false),
            Action::ProcessOne(end, ..) => ("ProcessState", property(end), false),
        }
    }
}

impl Flush<'_, '_> {
    fn after(&mut self, edges: &[(Action, Action)]) {
        self.dependencies.extend(edges);
    }

    /// The order of a whole property: which rows come before its keys are written, and which after.
    pub(super) fn set_up(&mut self, id: EndId) {
        let Some(end) = self.session.end(id) else { return };
        let [parent, child] = [end.model.id, end.target.id].map(|model| self.session.family(model));
        let after_save = self.action(Action::Process(id, false));
        let before_delete = self.action(Action::Process(id, true));
        let processors = self.processors.entry(parent).or_default();
        if !processors.contains(&id) {
            processors.push(id);
        }
        let (parent_saves, child_saves) =
            (self.action(Action::SaveAll(parent)), self.action(Action::SaveAll(child)));
        let (parent_deletes, child_deletes) =
            (self.action(Action::DeleteAll(parent)), self.action(Action::DeleteAll(child)));
        match (end.kind, end.cascades.post_update) {
            (EndKind::ManyToMany, _) => self.after(&[
                (parent_saves, after_save),
                (child_saves, after_save),
                (after_save, child_deletes),
                (before_delete, parent_saves),
                (before_delete, parent_deletes),
                (before_delete, child_deletes),
                (before_delete, child_saves),
            ]),
            (EndKind::HasMany | EndKind::HasOne, false) => self.after(&[
                (parent_saves, after_save),
                (after_save, child_saves),
                (after_save, child_deletes),
                (child_saves, parent_deletes),
                (child_deletes, parent_deletes),
                (before_delete, child_saves),
                (before_delete, child_deletes),
            ]),
            (EndKind::HasMany | EndKind::HasOne, true) => {
                let post = self.action(Action::PostUpdate(child, false));
                let pre = self.action(Action::PostUpdate(child, true));
                self.after(&[
                    (child_saves, after_save),
                    (parent_saves, after_save),
                    (after_save, post),
                    (child_saves, before_delete),
                    (before_delete, post),
                    (post, parent_deletes),
                    (before_delete, pre),
                    (pre, parent_deletes),
                    (pre, child_deletes),
                ]);
            }
            (EndKind::BelongsTo, false) => self.after(&[
                (child_saves, after_save),
                (after_save, parent_saves),
                (parent_saves, child_deletes),
                (parent_deletes, child_deletes),
            ]),
            (EndKind::BelongsTo, true) => {
                let post = self.action(Action::PostUpdate(parent, false));
                let pre = self.action(Action::PostUpdate(parent, true));
                self.after(&[
                    (child_saves, after_save),
                    (parent_saves, after_save),
                    (after_save, post),
                    (after_save, pre),
                    (before_delete, pre),
                    (pre, child_deletes),
                    (pre, parent_deletes),
                ]);
            }
        }
    }

    /// The actions on single objects that stand for one on all of a model, with what they depend on.
    pub(super) fn single_actions(&mut self, action: Action) -> Vec<Action> {
        let (model, deleted) = match action {
            Action::SaveAll(model) => (model, false),
            Action::DeleteAll(model) => (model, true),
            _ => return Vec::new(),
        };
        let objects = self.objects_of(model, deleted);
        let other = if deleted { Action::SaveAll(model) } else { Action::DeleteAll(model) };
        let other = self.action(other);
        let mut singles = Vec::new();
        for &object in &objects {
            let single = self.action(if deleted { Action::Delete(object) } else { Action::Save(object) });
            self.dependencies.insert(if deleted { (other, single) } else { (single, other) });
            singles.push(single);
        }
        for end in self.processors.get(&model).cloned().unwrap_or_default() {
            self.set_up_single(end, &objects, deleted);
        }
        singles
    }

    /// The order of a property, object by object.
    fn set_up_single(&mut self, id: EndId, objects: &[Obj], deleted: bool) {
        let Some(end) = self.session.end(id) else { return };
        let [family, child_family] = [end.model.id, end.target.id].map(|model| self.session.family(model));
        let child_saves = self.action(Action::SaveAll(child_family));
        let child_deletes = self.action(Action::DeleteAll(child_family));
        let whole = self.action(Action::Process(id, deleted));
        self.actions.insert(whole, true);
        let in_cycles = self.cycles.contains(&child_saves);
        let parent_all = if deleted { Action::DeleteAll(family) } else { Action::SaveAll(family) };
        let parent_all = self.action(parent_all);
        let carries = |flush: &Self, object: &Obj| {
            flush.session.schema.is_kind_of(flush.session.at(*object).model, end.model.id)
        };
        for &object in objects {
            if !carries(self, &object) {
                continue;
            }
            let Some(linked) = self.linked(object, id, deleted) else { continue };
            let process = self.action(Action::ProcessOne(id, deleted, object));
            let parent = if self.cycles.contains(&parent_all) {
                self.action(if deleted { Action::Delete(object) } else { Action::Save(object) })
            } else {
                parent_all
            };
            let mut children: Vec<(Option<Action>, bool)> = Vec::new();
            if in_cycles {
                for child in linked {
                    let fate = child.and_then(|child| Some((child, *self.fates.get(&child)?)));
                    children.push(match fate {
                        None => (None, false),
                        Some((child, fate)) if fate.deleted => {
                            (Some(self.action(Action::Delete(child))), true)
                        }
                        Some((child, _)) => (Some(self.action(Action::Save(child))), false),
                    });
                }
            } else {
                children = vec![(Some(child_saves), false), (Some(child_deletes), true)];
            }
            for (child, child_deleted) in children {
                self.order_single(id, (parent, process), child, deleted, child_deleted);
            }
        }
    }

    /// What a property leads to and led to, `None` for nothing; nothing at all if it is not loaded.
    fn linked(&mut self, object: Obj, id: EndId, deleted: bool) -> Option<Vec<Option<Obj>>> {
        let end = self.session.end(id)?;
        let state = self.session.at(object);
        let loaded = state.links.contains_key(&id);
        let all: Vec<Option<Obj>> = self.session.all_pending(object, id).into_iter().map(Some).collect();
        if end.kind.is_collection() {
            return (!all.is_empty()).then_some(all);
        }
        let off = end.cascades.passive_deletes == PassiveDeletes::Off;
        if !loaded && deleted && off {
            // It was looked at before; what fails now has failed then.
            let got = self.session.link_value(object, id, Passive::OFF).ok()?;
            let super::state::Got::Value(linked) = got else { return Some(vec![None]) };
            let objects: Vec<Option<Obj>> = linked.objects().into_iter().map(Some).collect();
            return Some(if objects.is_empty() { vec![None] } else { objects });
        }
        if !loaded {
            return None;
        }
        let cleared = state.links.get(&id).is_some_and(|linked| linked.objects().is_empty());
        Some(if cleared { std::iter::once(None).chain(all).collect() } else { all })
    }

    fn order_single(
        &mut self,
        id: EndId,
        (parent, process): (Action, Action),
        child: Option<Action>,
        deleted: bool,
        child_deleted: bool,
    ) {
        let Some(end) = self.session.end(id) else { return };
        let mut edges: Vec<(Option<Action>, Option<Action>)> = Vec::new();
        let (parent, process) = (Some(parent), Some(process));
        let [family, child_family] = [end.model.id, end.target.id].map(|model| self.session.family(model));
        match (end.kind, end.cascades.post_update) {
            (EndKind::HasMany | EndKind::HasOne, false) if !deleted => {
                edges.extend([(parent, process), (process, child), (parent, child)]);
            }
            (EndKind::HasMany | EndKind::HasOne, false) => {
                edges.extend([(process, child), (child, parent)]);
            }
            (EndKind::HasMany | EndKind::HasOne, true) => {
                let post = Some(self.action(Action::PostUpdate(child_family, false)));
                let pre = Some(self.action(Action::PostUpdate(child_family, true)));
                match (deleted, child_deleted) {
                    (false, true) => edges.extend([(child, process), (process, post)]),
                    (false, false) => edges.extend([(parent, process), (child, process), (process, post)]),
                    (true, _) => edges.extend([(process, pre), (pre, parent)]),
                }
            }
            (EndKind::BelongsTo, true) if !deleted => {
                let post = Some(self.action(Action::PostUpdate(family, false)));
                if child_deleted {
                    edges.extend([(process, post), (post, child)]);
                } else {
                    edges.extend([(parent, process), (child, process), (process, post)]);
                }
            }
            (EndKind::BelongsTo, true) => {
                let pre = Some(self.action(Action::PostUpdate(family, true)));
                edges.extend([(process, pre), (pre, parent), (pre, child)]);
            }
            (EndKind::BelongsTo, false) => match (deleted, child_deleted) {
                (false, false) => edges.extend([(child, process), (process, parent)]),
                (false, true) => edges.push((process, parent)),
                (true, true) => edges.push((parent, child)),
                (true, false) => {}
            },
            (EndKind::ManyToMany, _) if !deleted && child_deleted => {
                edges.extend([(parent, process), (process, child)]);
            }
            (EndKind::ManyToMany, _) if !deleted => edges.extend([(parent, process), (child, process)]),
            (EndKind::ManyToMany, _) => edges.extend([(process, child), (process, parent)]),
        }
        let both = edges.into_iter().filter_map(|(before, after)| before.zip(after));
        self.dependencies.extend(both);
    }
}
