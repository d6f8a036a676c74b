//! What a script holds as typed: operations on objects, one after another.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::schema::{EndId, FieldId, ModelId};

/// A script as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScriptDraft {
    /// The operations, in order.
    pub steps: Vec<StepDraft>,
}

/// An operation as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StepDraft {
    /// Makes a new object.
    New {
        /// What the script calls it.
        name: String,
        /// Its model; `None` while none is chosen.
        model: Option<ModelId>,
        /// What was typed for its fields. A field that is not there is not set.
        #[serde(default)]
        values: BTreeMap<FieldId, String>,
        /// Whether it is added to the session at once.
        #[serde(default = "yes")]
        add: bool,
    },
    /// Adds an object to the session.
    Add {
        /// The object.
        object: ObjectDraft,
    },
    /// Sets a field of an object.
    Set {
        /// The object.
        object: ObjectDraft,
        /// The field; `None` while none is chosen.
        field: Option<FieldId>,
        /// The value as typed; `None` for no value.
        value: Option<String>,
    },
    /// Links an object to another: sets a property to one, or appends to a collection.
    Link {
        /// The object.
        object: ObjectDraft,
        /// The property; `None` while none is chosen.
        end: Option<EndId>,
        /// What it is linked to.
        target: ObjectDraft,
    },
    /// Takes a link away: clears a property to one, or removes from a collection.
    Unlink {
        /// The object.
        object: ObjectDraft,
        /// The property; `None` while none is chosen.
        end: Option<EndId>,
        /// What to remove from a collection; without meaning for a property to one.
        target: Option<ObjectDraft>,
    },
    /// Touches a property, which loads it.
    Load {
        /// The object.
        object: ObjectDraft,
        /// The property; `None` while none is chosen.
        end: Option<EndId>,
    },
    /// Marks an object as deleted.
    Delete {
        /// The object.
        object: ObjectDraft,
    },
    /// Sends what has changed.
    Flush,
    /// Sends what has changed and keeps it.
    Commit,
    /// Takes back everything since the last commit.
    Rollback,
}

fn yes() -> bool {
    true
}

/// An object as named in a script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ObjectDraft {
    /// One that the script made, by its name.
    New(String),
    /// One of the database, by its model and what was typed for its key's fields.
    Stored(Option<ModelId>, Vec<String>),
}
