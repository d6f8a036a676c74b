//! How the session treats what hangs on an object: cascades, as chosen for each end of a relationship.

use serde::{Deserialize, Serialize};

use super::{Findings, Place, RelationshipDraft, RelationshipPart, Shape, Side};

/// What the session does with the objects behind a property when something happens to the object that carries it.
/// SQLAlchemy's `cascade`, `single_parent`, `passive_deletes` and `post_update`, with its defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cascades {
    /// Linking an object to one of the session brings it into the session.
    pub save_update: bool,
    /// Deleting the object deletes those behind the property.
    pub delete: bool,
    /// An object that loses its link is deleted.
    pub delete_orphan: bool,
    /// An object stands behind this property of one object at most.
    pub single_parent: bool,
    /// What is left to the database's `ON DELETE`.
    pub passive_deletes: PassiveDeletes,
    /// The key is written by an `UPDATE` of its own, so that rows may point to each other.
    pub post_update: bool,
}

impl Default for Cascades {
    fn default() -> Self {
        Cascades {
            save_update: true,
            delete: false,
            delete_orphan: false,
            single_parent: false,
            passive_deletes: PassiveDeletes::Off,
            post_update: false,
        }
    }
}

impl Cascades {
    /// Whether nothing was chosen: these are the defaults.
    pub fn are_plain(&self) -> bool {
        *self == Cascades::default()
    }
}

/// How much of a deletion the session leaves to the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PassiveDeletes {
    /// Nothing: it loads what hangs on the object and deals with each.
    #[default]
    Off,
    /// What is not loaded.
    Unloaded,
    /// Everything, loaded or not.
    All,
}

impl PassiveDeletes {
    /// All choices, in the order in which the form offers them.
    pub const ALL: [PassiveDeletes; 3] = [PassiveDeletes::Off, PassiveDeletes::Unloaded, PassiveDeletes::All];
}

/// Checks the cascades of both ends, as SQLAlchemy does when it configures its mappers.
pub(super) fn check_cascades(draft: &RelationshipDraft, findings: &mut Findings<Place>) {
    for side in Side::BOTH {
        let cascades = draft.end(side).cascades;
        let place = Place::Relationship(draft.id, RelationshipPart::Cascades(side));
        if cascades.delete_orphan && !cascades.delete {
            let message = "Orphans are to be deleted, but not what hangs on a deleted object: those would be orphans, too.";
            findings.error(place, message, "Choose delete as well.");
        }
        let owns = draft.shape != Shape::ManyToMany && draft.holder() != Some(side);
        if cascades.delete_orphan && !owns && !cascades.single_parent {
            let message =
                "Several objects may lead to the same one here, so it is no orphan when one of them lets go.";
            findings.error(place, message, "Choose single parent as well, or leave orphans alone.");
        }
        if cascades.passive_deletes == PassiveDeletes::All && (cascades.delete || cascades.delete_orphan) {
            let message =
                "Everything is left to the database on delete, so the session cannot delete as well.";
            findings.error(
                place,
                message,
                "Leave only unloaded objects to the database, or take delete away.",
            );
        }
        if cascades.post_update && draft.shape == Shape::ManyToMany {
            let message = "A join table needs no update afterwards: its rows come last anyway.";
            findings.note(place, message, "");
        }
    }
}
