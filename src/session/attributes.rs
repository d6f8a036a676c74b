//! Reads and writes the values and links of objects, keeps both ends of a relationship alike, and tells the session
//! what becomes of it: SQLAlchemy's attribute events.

use super::error::SessionError;
use super::load::Loaded;
use super::state::{Got, Linked, Obj, Passive};
use super::work::{Outcome, Session};
use crate::schema::{EndId, ModelId};
use crate::value::Value;

/// What started a chain of events: an operation on a property. It keeps the chain from going round in circles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The property as that of this model: each kind has it for itself.
    model: ModelId,
    end: EndId,
    act: Act,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Append,
    Remove,
    Replace,
}

impl Session<'_> {
    fn token(&self, object: Obj, end: EndId, act: Act) -> Token {
        // For a property to one, to append is to replace.
        let act = if act == Act::Append && !self.kind(end).is_collection() { Act::Replace } else { act };
        Token { model: self.at(object).model, end, act }
    }

    /// A column's value: `None` if it is not loaded and was not to be, `Some(None)` if it was never set.
    pub(super) fn column(
        &mut self,
        object: Obj,
        at: usize,
        passive: Passive,
    ) -> Outcome<Option<Option<Value>>> {
        let state = self.at(object);
        if let Some(value) = &state.values[at] {
            return Ok(Some(Some(value.clone())));
        }
        if !matches!(state.old.get(&at), Some(Some(_))) {
            if !passive.may_load() {
                return Ok(None);
            }
            if state.expired_columns.contains(&at) {
                if !self.refresh(object, passive)? {
                    return Ok(None);
                }
                return Ok(Some(Some(self.at(object).values[at].clone().unwrap_or(Value::Null))));
            }
        }
        Ok(Some(passive.may_init().then_some(Value::Null)))
    }

    /// A column's value, loaded if need be; `NULL` if there is none.
    pub(super) fn value(&mut self, object: Obj, at: usize) -> Outcome<Value> {
        Ok(self.column(object, at, Passive::OFF)?.flatten().unwrap_or(Value::Null))
    }

    pub(super) fn set_column(&mut self, object: Obj, at: usize, value: Value) -> Outcome<()> {
        let is_key = self.table(object).primary_key.contains(&at);
        if is_key && self.at(object).values[at].is_none() {
            self.column(object, at, Passive::OFF.without_init())?;
        }
        let state = self.at_mut(object);
        let before = state.values[at].clone();
        state.old.entry(at).or_insert(before);
        state.values[at] = Some(value);
        state.modified = true;
        Ok(())
    }

    pub(super) fn link_value(&mut self, object: Obj, end: EndId, passive: Passive) -> Outcome<Got> {
        let state = self.at(object);
        if let Some(linked) = state.links.get(&end) {
            return Ok(Got::Value(linked.clone()));
        }
        if matches!(state.old_links.get(&end), None | Some(Got::Nothing)) {
            if !passive.may_load() {
                return Ok(Got::NotLoaded);
            }
            match self.load(object, end, passive)? {
                Loaded::No => return Ok(Got::NotLoaded),
                Loaded::Nothing => return Ok(Got::Nothing),
                Loaded::Empty => {}
                Loaded::Already => {
                    return Ok(self.at(object).links.get(&end).cloned().map_or(Got::Nothing, Got::Value));
                }
                Loaded::Found(linked) => return self.keep_loaded(object, end, linked).map(Got::Value),
            }
        }
        if !passive.may_init() {
            return Ok(Got::Nothing);
        }
        let many = self.kind(end).is_collection();
        Ok(Got::Value(if many { Linked::Many(Vec::new()) } else { Linked::One(None) }))
    }

    /// Keeps a property as loaded, with the links made or taken away before it was.
    fn keep_loaded(&mut self, object: Obj, end: EndId, linked: Linked) -> Outcome<Linked> {
        let state = self.at_mut(object);
        state.old_links.remove(&end);
        state.expired = false;
        state.links.insert(end, linked);
        if let Some(pending) = state.pending.remove(&end) {
            self.modified(object, end, Got::Nothing);
            if let Some(Linked::Many(many)) = self.at_mut(object).links.get_mut(&end) {
                many.extend(pending.added);
                let missing = pending.removed.into_iter().find(|gone| !remove_first(many, *gone));
                if let Some(missing) = missing {
                    return Err(SessionError::NotLinked(self.called(missing)));
                }
            }
        }
        Ok(self.at(object).links.get(&end).cloned().unwrap_or(Linked::One(None)))
    }

    /// Notes what a property was before its first change.
    fn modified(&mut self, object: Obj, end: EndId, before: Got) {
        let state = self.at_mut(object);
        state.modified = true;
        if state.old_links.contains_key(&end) {
            return;
        }
        let before = match (before, state.links.get(&end)) {
            (Got::Nothing, Some(Linked::Many(many))) => Got::Value(Linked::Many(many.clone())),
            (before, _) => before,
        };
        state.old_links.insert(end, before);
    }

    pub(super) fn has_parent(&self, object: Obj, end: EndId, unless_told: bool) -> bool {
        self.at(object).parents.get(&end).map_or(unless_told, Option::is_some)
    }

    fn set_has_parent(&mut self, object: Obj, end: EndId, parent: Obj, has: bool) {
        if !has
            && let Some(Some(last)) = self.at(object).parents.get(&end)
            && self.identity(*last) != self.identity(parent)
        {
            return;
        }
        self.at_mut(object).parents.insert(end, has.then_some(parent));
    }

    /// Sets a property to one.
    pub(super) fn set_one(&mut self, object: Obj, end: EndId, value: Option<Obj>) -> Outcome<()> {
        self.replace(object, end, value, None, None)
    }

    /// Sets a property to one. With `only_if` nothing happens unless it leads there now.
    fn replace(
        &mut self,
        object: Obj,
        end: EndId,
        value: Option<Obj>,
        initiator: Option<Token>,
        only_if: Option<Obj>,
    ) -> Outcome<()> {
        // Who may have one parent only has to know what it had.
        let passive = if self.end(end).is_some_and(|end| end.cascades.single_parent) {
            Passive::LOOKING_BACK
        } else {
            Passive::NO_FETCH.without_init().with(Passive::COMMITTED).with(Passive::NO_RAISE)
        };
        let before = self.link_value(object, end, passive)?;
        let old = match &before {
            Got::Value(linked) => linked.objects().first().copied(),
            _ => None,
        };
        if only_if.is_some() && before != Got::NotLoaded && only_if != old {
            return Ok(());
        }
        let tracks = self.tracks_parent(end);
        if let (true, Some(old)) = (tracks, old.filter(|old| Some(*old) != value)) {
            self.set_has_parent(old, end, object, false);
        }
        let token = initiator.unwrap_or(self.token(object, end, Act::Replace));
        let unchanged = before == Got::Value(Linked::One(value));
        if let Some(value) = value {
            self.only_parent(value, end, token, unchanged)?;
        }
        if !unchanged {
            self.cascade_replaced(object, end, value, old, token)?;
            self.tell_other_side(object, end, value, old, token)?;
        }
        self.modified(object, end, before);
        if let (true, Some(value)) = (tracks, value) {
            self.set_has_parent(value, end, object, true);
        }
        self.at_mut(object).links.insert(end, Linked::One(value));
        Ok(())
    }

    fn only_parent(&self, value: Obj, end: EndId, token: Token, unchanged: bool) -> Outcome<()> {
        let single = self.end(end).is_some_and(|end| end.cascades.single_parent);
        if single && token.end == end && !unchanged && self.has_parent(value, end, false) {
            let name = self.end(end).map_or("", |end| end.name);
            return Err(SessionError::InvalidRequest(format!(
                "{} belongs to another object by {name} already, and may have a single parent only.",
                self.called(value)
            )));
        }
        Ok(())
    }

    fn cascade_replaced(
        &mut self,
        object: Obj,
        end: EndId,
        value: Option<Obj>,
        old: Option<Obj>,
        token: Token,
    ) -> Outcome<()> {
        let Some(cascades) = self.end(end).map(|end| end.cascades) else { return Ok(()) };
        if !self.at(object).attached {
            return Ok(());
        }
        if let Some(value) = value
            && cascades.save_update
            && token.end == end
            && !self.contains(value)
        {
            self.add(value)?;
        }
        if let Some(old) = old
            && cascades.delete_orphan
            && self.new.contains(&old)
            && self.is_orphan(old)
        {
            self.expunge(old);
        }
        Ok(())
    }

    /// The property at the other side follows: the old target lets go, the new one takes on.
    fn tell_other_side(
        &mut self,
        object: Obj,
        end: EndId,
        value: Option<Obj>,
        old: Option<Obj>,
        token: Token,
    ) -> Outcome<()> {
        let reverse = end.reverse();
        let collection = self.kind(reverse).is_collection();
        if let Some(old) = old {
            let act = if collection { Act::Remove } else { Act::Replace };
            if token != self.token(old, reverse, act) {
                let by = self.token(object, end, Act::Append);
                self.let_go(old, reverse, object, by)?;
            }
        }
        if let Some(value) = value
            && token != self.token(value, reverse, Act::Append)
        {
            self.take_on(value, reverse, object, token)?;
        }
        Ok(())
    }

    /// Links by the other side's doing: nothing is loaded for it.
    fn take_on(&mut self, object: Obj, end: EndId, value: Obj, token: Token) -> Outcome<()> {
        if self.kind(end).is_collection() {
            self.append_by(object, end, value, Some(token), Passive::NO_FETCH)
        } else {
            self.replace(object, end, Some(value), Some(token), None)
        }
    }

    /// Unlinks by the other side's doing: nothing is loaded for it, and nothing happens if there is no link.
    fn let_go(&mut self, object: Obj, end: EndId, value: Obj, token: Token) -> Outcome<()> {
        if !self.kind(end).is_collection() {
            return self.replace(object, end, None, Some(token), Some(value));
        }
        match self.remove_by(object, end, value, Some(token), Passive::NO_FETCH) {
            Err(SessionError::NotLinked(_)) => Ok(()),
            other => other,
        }
    }

    /// Appends to a collection, which is loaded for it.
    pub(super) fn append(&mut self, object: Obj, end: EndId, value: Obj) -> Outcome<()> {
        self.append_by(object, end, value, None, Passive::OFF)
    }

    fn append_by(
        &mut self,
        object: Obj,
        end: EndId,
        value: Obj,
        initiator: Option<Token>,
        passive: Passive,
    ) -> Outcome<()> {
        let loaded = self.open_collection(object, end, passive)?;
        let token = initiator.unwrap_or(self.token(object, end, Act::Append));
        self.only_parent(value, end, token, false)?;
        let save = self.end(end).is_some_and(|end| end.cascades.save_update);
        if self.at(object).attached && save && token.end == end && !self.contains(value) {
            self.add(value)?;
        }
        if token != self.token(value, end.reverse(), Act::Append) {
            self.take_on(value, end.reverse(), object, token)?;
        }
        self.modified(object, end, Got::Nothing);
        if self.tracks_parent(end) {
            self.set_has_parent(value, end, object, true);
        }
        let state = self.at_mut(object);
        match state.links.get_mut(&end) {
            Some(Linked::Many(many)) if loaded => many.push(value),
            _ => state.pending.entry(end).or_default().add(value),
        }
        Ok(())
    }

    /// Loads a collection as far as may be and gives whether it is there.
    fn open_collection(&mut self, object: Obj, end: EndId, passive: Passive) -> Outcome<bool> {
        let Got::Value(linked) = self.link_value(object, end, passive)? else { return Ok(false) };
        self.at_mut(object).links.entry(end).or_insert(linked);
        Ok(true)
    }

    /// Removes from a collection, which is loaded for it.
    pub(super) fn remove(&mut self, object: Obj, end: EndId, value: Obj) -> Outcome<()> {
        self.remove_by(object, end, value, None, Passive::OFF)
    }

    fn remove_by(
        &mut self,
        object: Obj,
        end: EndId,
        value: Obj,
        initiator: Option<Token>,
        passive: Passive,
    ) -> Outcome<()> {
        let loaded = self.open_collection(object, end, passive)?;
        if self.tracks_parent(end) {
            self.set_has_parent(value, end, object, false);
        }
        let token = initiator.unwrap_or(self.token(object, end, Act::Remove));
        self.cascade_removed(object, end, value);
        self.tell_removed(object, end, value, token)?;
        self.modified(object, end, Got::Nothing);
        let state = self.at_mut(object);
        match state.links.get_mut(&end) {
            Some(Linked::Many(many)) if loaded => {
                if !remove_first(many, value) {
                    return Err(SessionError::NotLinked(self.called(value)));
                }
            }
            _ => state.pending.entry(end).or_default().remove(value),
        }
        Ok(())
    }

    fn cascade_removed(&mut self, object: Obj, end: EndId, value: Obj) {
        let orphans = self.end(end).is_some_and(|end| end.cascades.delete_orphan);
        if orphans && self.is_orphan(value) {
            if self.at(object).attached && self.new.contains(&value) {
                self.expunge(value);
            } else {
                self.at_mut(value).orphaned_outside = true;
            }
        }
    }

    fn tell_removed(&mut self, object: Obj, end: EndId, value: Obj, token: Token) -> Outcome<()> {
        let reverse = end.reverse();
        let to_one = !self.kind(reverse).is_collection();
        let by_it = token == self.token(value, reverse, Act::Remove)
            || (to_one && token == self.token(value, reverse, Act::Replace));
        let twice =
            to_one
                && self.at(object).links.get(&end).is_some_and(|linked| {
                    linked.objects().iter().filter(|other| **other == value).count() > 1
                });
        if by_it || twice { Ok(()) } else { self.let_go(value, reverse, object, token) }
    }
}

/// Removes the first of several equal objects and gives whether there was one.
fn remove_first(many: &mut Vec<Obj>, object: Obj) -> bool {
    let found = many.iter().position(|other| *other == object);
    found.map(|at| many.remove(at)).is_some()
}
