//! Flush, commit and rollback, and what they leave of the session's objects.

use super::error::SessionError;
use super::flush::Flush;
use super::state::Obj;
use super::trace::What;
use super::work::{Command, Outcome, Session};

/// As many as SQLAlchemy makes before it gives up.
const MOST_FLUSHES: usize = 100;

impl Session<'_> {
    /// Flushes before something is asked of the database, unless a flush is under way.
    pub(super) fn autoflush(&mut self) -> Outcome<()> {
        if self.flushing {
            return Ok(());
        }
        let outer = std::mem::replace(&mut self.autoflush, true);
        let flushed = self.flush();
        self.autoflush = outer;
        flushed
    }

    /// Sends everything that changed.
    pub(super) fn flush(&mut self) -> Outcome<()> {
        if self.is_clean() {
            return Ok(());
        }
        self.flushing = true;
        let flushed = self.flush_all();
        self.flushing = false;
        flushed
    }

    fn flush_all(&mut self) -> Outcome<()> {
        let (written, deleted) = Flush::run(self)?;
        deleted.into_iter().for_each(|object| self.forget_deleted(object));
        self.register_persistent(&written)
    }

    /// Objects that were written have an identity now, and no changes any more.
    fn register_persistent(&mut self, written: &[Obj]) -> Outcome<()> {
        for &object in written {
            let table = self.table(object);
            let mut key = Vec::new();
            for &at in &table.primary_key {
                key.push(self.value(object, at)?);
            }
            if key.iter().all(crate::value::Value::is_null) {
                return Err(SessionError::NoKey(self.called(object)));
            }
            let state = self.at_mut(object);
            state.key.get_or_insert_with(|| key.clone());
            state.orphaned_outside = false;
            let model = state.model;
            self.identities.insert((self.family(model), key), object);
        }
        for &object in written {
            self.at_mut(object).settle();
            if let Some(at) = self.new.iter().position(|other| *other == object) {
                self.new.remove(at);
                self.inserted.insert(object);
            }
        }
        Ok(())
    }

    /// Flushes and keeps the changes. Afterwards everything is out of date.
    pub(super) fn commit(&mut self) -> Outcome<()> {
        // A deletion that a flush called off, because something was linked to the object, is due in the next one.
        for _ in 0..MOST_FLUSHES {
            self.flush()?;
        }
        self.say(Command::Commit)?;
        self.note(What::Committed);
        let known: Vec<Obj> = self.identities.values().copied().collect();
        known.into_iter().for_each(|object| self.at_mut(object).expire());
        for object in std::mem::take(&mut self.removed) {
            self.at_mut(object).attached = false;
        }
        self.inserted.clear();
        self.say(Command::Begin).map(|_| ())
    }

    /// Takes back everything since the last commit. New objects are as if they had never been added.
    pub(super) fn rollback(&mut self) -> Outcome<()> {
        self.say(Command::Rollback)?;
        self.note(What::RolledBack);
        let mut leaving: Vec<Obj> = std::mem::take(&mut self.inserted).into_iter().collect();
        leaving
            .extend(self.new.iter().copied().filter(|object| !leaving.contains(object)).collect::<Vec<_>>());
        for object in leaving {
            self.expunge(object);
            self.at_mut(object).key = None;
        }
        let mut returning = std::mem::take(&mut self.removed);
        returning.extend(std::mem::take(&mut self.deleted).into_iter().map(|(object, _)| object));
        for object in returning {
            let state = self.at_mut(object);
            if let (Some(key), true) = (state.key.clone(), state.attached) {
                state.deleted = false;
                let model = state.model;
                self.identities.insert((self.family(model), key), object);
            }
        }
        let known: Vec<Obj> = self.identities.values().copied().collect();
        known.into_iter().for_each(|object| self.at_mut(object).expire());
        self.say(Command::Begin).map(|_| ())
    }
}
