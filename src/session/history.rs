//! How the properties of an object changed since the last flush.

use super::load::Loaded;
use super::state::{Got, History, Obj, Passive};
use super::work::{Outcome, Session};
use crate::schema::{EndId, EndKind};

impl Session<'_> {
    /// How a property changed since the last flush.
    pub(super) fn history(&mut self, object: Obj, end: EndId, passive: Passive) -> Outcome<History> {
        if self.kind(end).is_collection() {
            return self.history_of_many(object, end, passive);
        }
        let current = match self.at(object).links.get(&end) {
            Some(linked) => Got::Value(linked.clone()),
            None => self.link_value(object, end, passive.without_init())?,
        };
        if current == Got::NotLoaded {
            return Ok(History::default());
        }
        let mut original = self.at(object).old_links.get(&end).cloned();
        // What stood at the side that does not hold the key has to be found out.
        if original == Some(Got::NotLoaded) && self.kind(end) == EndKind::HasOne {
            original = Some(match self.load(object, end, passive.with(Passive::BEFORE))? {
                Loaded::Found(linked) => Got::Value(linked),
                _ => Got::NotLoaded,
            });
        }
        Ok(history_of_one(&current, original))
    }

    fn history_of_many(&mut self, object: Obj, end: EndId, passive: Passive) -> Outcome<History> {
        let current = match self.link_value(object, end, passive)? {
            Got::Value(linked) => linked.objects(),
            Got::Nothing => return Ok(History::default()),
            Got::NotLoaded => {
                let pending = self.at(object).pending.get(&end).filter(|_| passive.has(Passive::PENDING));
                let Some(pending) = pending else { return Ok(History::default()) };
                let added = pending.added.iter().copied().map(Some).collect();
                return Ok(History { added, unchanged: Vec::new(), deleted: pending.removed.clone() });
            }
        };
        let (mut history, known) = (History::default(), self.at(object).old_links.get(&end));
        match known {
            None => history.unchanged = current.into_iter().map(Some).collect(),
            Some(Got::Value(linked)) => {
                let original = linked.objects();
                history.deleted =
                    original.iter().copied().filter(|object| !current.contains(object)).collect();
                let (unchanged, added): (Vec<Obj>, Vec<Obj>) =
                    current.into_iter().partition(|object| original.contains(object));
                history.unchanged = unchanged.into_iter().map(Some).collect();
                history.added = added.into_iter().map(Some).collect();
            }
            Some(_) => history.added = current.into_iter().map(Some).collect(),
        }
        Ok(history)
    }
}

fn history_of_one(current: &Got, original: Option<Got>) -> History {
    let now = match current {
        Got::Value(linked) => Some(linked.objects().first().copied()),
        _ => None,
    };
    let mut history = History::default();
    let Some(original) = original else {
        history.unchanged = now.into_iter().collect();
        return history;
    };
    if original == *current && now.is_some() {
        history.unchanged = now.into_iter().collect();
        return history;
    }
    if let Got::Value(linked) = &original {
        history.deleted = linked.objects();
    }
    history.added = match (now, history.deleted.is_empty()) {
        (Some(now), _) => vec![now],
        // The value is gone, and what it was is not known.
        (None, true) => vec![None],
        (None, false) => Vec::new(),
    };
    history
}
