//! What the session does with the objects behind a property: SQLAlchemy's cascades, in words.

use yew::{Html, html};

use super::choice::Question;
use super::sentence::Sentence;
use crate::naming::{capitalised, one};
use crate::schema::{Cascades, PassiveDeletes, RelationshipPart, Shape, Side};
use crate::ui::action::{Edit, RelationshipEdit};
use crate::ui::edit::side_key;
use crate::ui::form::{Choice, has_error, on_chosen, on_ticked};

/// Which of the cascades is ticked, and how it is set.
type Tick = (fn(&Cascades) -> bool, fn(&mut Cascades, bool));

const SAVE_UPDATE: Tick = (|cascades| cascades.save_update, |cascades, yes| cascades.save_update = yes);
const DELETE: Tick = (|cascades| cascades.delete, |cascades, yes| cascades.delete = yes);
const DELETE_ORPHAN: Tick = (|cascades| cascades.delete_orphan, |cascades, yes| cascades.delete_orphan = yes);
const SINGLE_PARENT: Tick = (|cascades| cascades.single_parent, |cascades, yes| cascades.single_parent = yes);
const POST_UPDATE: Tick = (|cascades| cascades.post_update, |cascades, yes| cascades.post_update = yes);

impl Sentence<'_> {
    /// Whether something other than usual was chosen for the session, or is wrong with it.
    pub(super) fn has_session_choices(&self) -> bool {
        Side::BOTH.into_iter().any(|side| {
            !self.relationship.end(side).cascades.are_plain()
                || has_error(&self.told(RelationshipPart::Cascades(side)))
        })
    }

    /// The group of the session. Nothing for what is only there to be read.
    pub(super) fn session(&self, open: bool) -> Html {
        let shown = |side: &Side| self.has_property(*side);
        html! {
            if self.relationship.read_through().is_none() {
                <details class="more__group" {open}>
                    <summary>{ "The session: what goes along with an object" }</summary>
                    { for Side::BOTH.into_iter().filter(shown).map(|side| self.cascades(side)) }
                </details>
            }
        }
    }

    fn cascades(&self, side: Side) -> Html {
        let relationship = self.relationship;
        let chosen = relationship.end(side).cascades;
        let (here, there) = (one(self.model_name(side)), one(self.model_name(side.other())));
        let name = self.property_name(relationship.id, side);
        let each = if relationship.is_collection(side) { ", object by object" } else { "" };
        let holds_key = relationship.holder() == Some(side);
        // Whether several objects can lead to the same one, so that none of them owns it.
        let shared = holds_key || relationship.shape == Shape::ManyToMany;
        let tick =
            |key: &str, label: &str, why: String, tick: Tick| self.cascade(side, key, label, why, tick);
        html! {
            <fieldset class="more__end">
                <legend class="mono">{ self.property_of(side) }</legend>
                { tick("save", "save-update", format!("What is linked to {here} of the session comes into the session, too."), SAVE_UPDATE) }
                { tick("delete", "delete", format!("Deleting {here} deletes its {name}, too{each}."), DELETE) }
                { tick("orphan", "delete-orphan", format!("{} that {here} lets go of is deleted.", capitalised(&there)), DELETE_ORPHAN) }
                if shared && (chosen.delete_orphan || chosen.single_parent) {
                    { tick("single", "single parent", format!("Two that lead to the same {} are refused, so that it can be an orphan.", self.model_name(side.other())), SINGLE_PARENT) }
                }
                if !holds_key || chosen.passive_deletes != PassiveDeletes::Off {
                    { self.passive_deletes(side, chosen) }
                }
                if relationship.shape != Shape::ManyToMany || chosen.post_update {
                    { tick("post", "post-update", "The key is written by an UPDATE of its own, after the rows are there: then rows can point to each other.".to_owned(), POST_UPDATE) }
                }
            </fieldset>
        }
    }

    fn cascade(&self, side: Side, key: &str, label: &str, why: String, (is, set): Tick) -> Html {
        let id = self.relationship.id;
        let chosen = self.relationship.end(side).cascades;
        let onchange = on_ticked(self.dispatch, move |yes| {
            let mut cascades = chosen;
            set(&mut cascades, yes);
            Edit::Relationship(id, RelationshipEdit::Cascades(side, cascades))
        });
        self.cascade_question(side, key, label, why).tick(is(&chosen), onchange)
    }

    fn passive_deletes(&self, side: Side, chosen: Cascades) -> Html {
        let id = self.relationship.id;
        let choices =
            PassiveDeletes::ALL.map(|choice| Choice::new(passive_key(choice), passive_words(choice)));
        let onchange = on_chosen(self.dispatch, move |value| {
            let passive_deletes =
                PassiveDeletes::ALL.into_iter().find(|choice| passive_key(*choice) == value)?;
            let cascades = Cascades { passive_deletes, ..chosen };
            Some(Edit::Relationship(id, RelationshipEdit::Cascades(side, cascades)))
        });
        let why = "What the session does not touch on delete, ON DELETE has to deal with.";
        self.cascade_question(side, "passive", "passive deletes", why.to_owned()).pick(
            passive_key(chosen.passive_deletes).into(),
            choices.to_vec(),
            onchange,
        )
    }

    fn cascade_question(&self, side: Side, key: &str, label: &str, why: String) -> Question {
        // What is told is about several of them. It stands once, beside the one that is most likely the odd one out.
        let cascades = self.relationship.end(side).cascades;
        let odd = match cascades.passive_deletes {
            PassiveDeletes::All => "passive",
            _ if cascades.delete_orphan => "orphan",
            _ => "post",
        };
        let part = RelationshipPart::Cascades(side);
        let said = if key == odd { self.told(part) } else { Vec::new() };
        Question::new(self.relationship.id, &format!("{key}-{}", side_key(side)), label, why, said)
    }
}

fn passive_key(choice: PassiveDeletes) -> &'static str {
    match choice {
        PassiveDeletes::Off => "off",
        PassiveDeletes::Unloaded => "unloaded",
        PassiveDeletes::All => "all",
    }
}

fn passive_words(choice: PassiveDeletes) -> &'static str {
    match choice {
        PassiveDeletes::Off => "off: the session loads what hangs there and deals with each",
        PassiveDeletes::Unloaded => "on: what is not loaded is left to the database",
        PassiveDeletes::All => "all: everything is left to the database",
    }
}
