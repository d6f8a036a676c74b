//! What the session knows of an object: its values and links, what they were before, and where it stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{EndId, ModelId};
use crate::value::Value;

/// An object of a session, by the order in which the session met it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Obj(pub(super) u32);

/// A loaded property.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Linked {
    One(Option<Obj>),
    Many(Vec<Obj>),
}

impl Linked {
    pub(super) fn objects(&self) -> Vec<Obj> {
        match self {
            Linked::One(one) => one.iter().copied().collect(),
            Linked::Many(many) => many.clone(),
        }
    }
}

/// What reading a property gave.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Got {
    /// It is not loaded, and was not to be.
    NotLoaded,
    /// There is nothing: never set.
    Nothing,
    /// Its value.
    Value(Linked),
}

/// Links made and taken away while a collection was not loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Pending {
    pub(super) added: Vec<Obj>,
    pub(super) removed: Vec<Obj>,
}

impl Pending {
    pub(super) fn add(&mut self, object: Obj) {
        match self.removed.iter().position(|other| *other == object) {
            Some(at) => _ = self.removed.remove(at),
            None if self.added.contains(&object) => {}
            None => self.added.push(object),
        }
    }

    pub(super) fn remove(&mut self, object: Obj) {
        match self.added.iter().position(|other| *other == object) {
            Some(at) => _ = self.added.remove(at),
            None if self.removed.contains(&object) => {}
            None => self.removed.push(object),
        }
    }
}

/// How a property changed since the last flush. Among the objects of a property to one, `None` says that it was
/// cleared.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct History {
    pub(super) added: Vec<Option<Obj>>,
    pub(super) unchanged: Vec<Option<Obj>>,
    pub(super) deleted: Vec<Obj>,
}

impl History {
    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.unchanged.is_empty() && self.deleted.is_empty()
    }

    /// Everything: added, unchanged and deleted.
    pub(super) fn sum(&self) -> Vec<Option<Obj>> {
        self.non_deleted().into_iter().chain(self.deleted.iter().copied().map(Some)).collect()
    }

    pub(super) fn non_deleted(&self) -> Vec<Option<Obj>> {
        self.added.iter().chain(&self.unchanged).copied().collect()
    }

    pub(super) fn non_added(&self) -> Vec<Obj> {
        self.unchanged.iter().copied().flatten().chain(self.deleted.iter().copied()).collect()
    }
}

/// An object: SQLAlchemy's `InstanceState` and the object's dictionary in one.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) model: ModelId,
    /// What the script calls it, if the script made it.
    pub(super) name: Option<String>,
    /// Its identity, once it has a row.
    pub(super) key: Option<Vec<Value>>,
    /// The values of its columns, as far as they are set or loaded.
    pub(super) values: Vec<Option<Value>>,
    /// The columns that changed, with their values before; `None` where that is not known.
    pub(super) old: BTreeMap<usize, Option<Value>>,
    /// The columns that are to be read again when touched.
    pub(super) expired_columns: BTreeSet<usize>,
    pub(super) expired: bool,
    pub(super) links: BTreeMap<EndId, Linked>,
    /// The properties that changed, with what they were before.
    pub(super) old_links: BTreeMap<EndId, Got>,
    pub(super) pending: BTreeMap<EndId, Pending>,
    /// For each property that leads here: the object it leads from, or `None` once the link is gone.
    pub(super) parents: BTreeMap<EndId, Option<Obj>>,
    pub(super) modified: bool,
    /// Whether it belongs to the session.
    pub(super) attached: bool,
    /// Whether its row was deleted.
    pub(super) deleted: bool,
    pub(super) orphaned_outside: bool,
    pub(super) insert_order: usize,
}

impl State {
    pub(super) fn new(model: ModelId, columns: usize) -> State {
        State {
            model,
            name: None,
            key: None,
            values: vec![None; columns],
            old: BTreeMap::new(),
            expired_columns: BTreeSet::new(),
            expired: false,
            links: BTreeMap::new(),
            old_links: BTreeMap::new(),
            pending: BTreeMap::new(),
            parents: BTreeMap::new(),
            modified: false,
            attached: false,
            deleted: false,
            orphaned_outside: false,
            insert_order: 0,
        }
    }

    /// Forgets everything loaded, to be read again when touched.
    pub(super) fn expire(&mut self) {
        self.expired = true;
        self.modified = false;
        self.old.clear();
        self.old_links.clear();
        self.pending.clear();
        self.parents.clear();
        self.links.clear();
        self.expired_columns = (0..self.values.len()).collect();
        self.values.iter_mut().for_each(|value| *value = None);
    }

    /// What it is now is what it was: after a flush.
    pub(super) fn settle(&mut self) {
        self.old.clear();
        self.old_links.clear();
        self.pending.clear();
        let values = &self.values;
        self.expired_columns.retain(|at| values[*at].is_none());
        self.modified = false;
        self.expired = false;
    }
}

/// What reading an attribute may do: SQLAlchemy's `PassiveFlag`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Passive(u16);

impl Passive {
    const CALLABLES: Passive = Passive(1);
    const SQL: Passive = Passive(2);
    const RELATED: Passive = Passive(4);
    const INIT: Passive = Passive(16);
    /// Look things up by the values as they were before the change.
    pub(super) const COMMITTED: Passive = Passive(32);
    pub(super) const NO_AUTOFLUSH: Passive = Passive(64);
    pub(super) const NO_RAISE: Passive = Passive(128);
    /// Count links made while the collection was not loaded.
    pub(super) const PENDING: Passive = Passive(256);
    pub(super) const DEFERRED: Passive = Passive(512);
    /// Load, and make empty what cannot be loaded.
    pub(super) const OFF: Passive = Passive(31);
    /// Take what is there, and do nothing.
    pub(super) const NO_INITIALIZE: Passive = Passive(2 | 4 | 8);
    /// Send nothing.
    pub(super) const NO_FETCH: Passive = Passive(1 | 4 | 8 | 16);
    pub(super) const NO_FETCH_RELATED: Passive = Passive(1 | 2 | 8 | 16);
    const ONLY_PERSISTENT: Passive = Passive(1 | 2 | 4 | 16);
    /// Load what the value is before it changes.
    pub(super) const LOOKING_BACK: Passive =
        Passive(Self::ONLY_PERSISTENT.0 | Self::NO_AUTOFLUSH.0 | Self::COMMITTED.0);
    /// What the value was before a change that was made without looking.
    pub(super) const BEFORE: Passive = Passive(
        Self::ONLY_PERSISTENT.0
            | Self::NO_AUTOFLUSH.0
            | Self::COMMITTED.0
            | Self::NO_RAISE.0
            | Self::DEFERRED.0,
    );

    pub(super) fn with(self, other: Passive) -> Passive {
        Passive(self.0 | other.0)
    }

    pub(super) fn without_init(self) -> Passive {
        Passive(self.0 & !Self::INIT.0)
    }

    pub(super) fn has(self, other: Passive) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether a history asked for in this way is final.
    pub(super) fn loads(self) -> bool {
        self.has(Self::SQL)
    }

    pub(super) fn may_send(self) -> bool {
        self.has(Self::SQL)
    }

    pub(super) fn may_load(self) -> bool {
        self.has(Self::CALLABLES)
    }

    pub(super) fn may_init(self) -> bool {
        self.has(Self::INIT)
    }

    pub(super) fn may_load_related(self) -> bool {
        self.has(Self::RELATED)
    }
}
