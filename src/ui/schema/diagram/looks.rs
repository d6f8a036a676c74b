//! What of the diagram is shown and what is chosen in it. Not part of the document.

use std::fmt;

use super::chart::has_join_tables;
use crate::project::{Spot, Spots};
use crate::schema::{ModelId, RelationshipId};
use crate::ui::state::{Focus, Good, Panel, State};

/// What the diagram and the form have in common: what can be chosen in either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A model.
    Model(ModelId),
    /// A relationship: its edge, or the box of its join table.
    Relationship(RelationshipId),
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Thing::Model(id) => id.fmt(f),
            Thing::Relationship(id) => id.fmt(f),
        }
    }
}

/// How the diagram is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    /// Whether boxes show the columns of foreign keys.
    pub keys: bool,
    /// Whether join tables have boxes of their own. Where nobody has said so, they have: they are what a many-to-many
    /// is about.
    pub joins: Option<bool>,
    /// Whether it is folded away.
    pub folded: bool,
    /// Whether it fills the window.
    pub large: bool,
    /// Whether a table is shown that says the same.
    pub table: bool,
    /// What is chosen, there and in the form.
    pub chosen: Option<Thing>,
}

impl Looks {
    /// Whether join tables have boxes of their own in the diagram of this schema.
    pub fn shows_joins(self, good: &Good) -> bool {
        self.joins.unwrap_or_else(|| has_join_tables(good))
    }
}

/// A change of how the diagram is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Whether boxes show the columns of foreign keys.
    Keys(bool),
    /// Whether join tables have boxes of their own.
    Joins(bool),
    /// Whether it is folded away.
    Folded(bool),
    /// Whether it fills the window.
    Large(bool),
    /// Whether a table is shown that says the same.
    Table(bool),
    /// This is chosen, or nothing.
    Choose(Option<Thing>),
    /// This is chosen, and to be edited in the form.
    Edit(Thing),
}

impl State {
    /// The state after a change of how the diagram is shown.
    pub(in crate::ui) fn looking(mut self, look: Look) -> State {
        let looks = &mut self.view.diagram;
        match look {
            Look::Keys(on) => looks.keys = on,
            Look::Joins(on) => looks.joins = Some(on),
            Look::Folded(on) => looks.folded = on,
            Look::Large(on) => looks.large = on,
            Look::Table(on) => looks.table = on,
            // The focus that was wanted for an edit may be wanted again.
            Look::Choose(thing) => (looks.chosen, self.focus) = (thing, None),
            Look::Edit(thing) => {
                looks.chosen = Some(thing);
                looks.large = false;
                (self.view.panel, self.view.presenting) = (Panel::Define, false);
                let element = match thing {
                    Thing::Model(id) => format!("{id}-name"),
                    Thing::Relationship(id) => format!("{id}-left"),
                };
                self.focus = Some(Focus { revision: self.revision, element });
            }
        }
        self
    }
}

/// A change of where boxes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiagramEdit {
    /// A box was dragged here.
    Put(Thing, Spot),
    /// A box was moved here by a key: a step of the history together with the one before.
    Nudge(Thing, Spot),
    /// Nothing stays where it was put: all is laid out anew.
    Arrange,
}

impl DiagramEdit {
    /// Makes the change.
    pub(in crate::ui) fn apply(self, spots: &mut Spots) {
        match self {
            DiagramEdit::Arrange => *spots = Spots::default(),
            DiagramEdit::Put(thing, spot) | DiagramEdit::Nudge(thing, spot) => {
                match thing {
                    Thing::Model(model) => spots.models.insert(model, spot),
                    Thing::Relationship(relationship) => spots.joins.insert(relationship, spot),
                };
            }
        }
    }
}
