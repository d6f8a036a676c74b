//! The names of a relationship: those of its properties in code, and those of its columns and join table, which
//! are derived unless somebody types others.

use yew::{Html, html};

use super::sentence::Sentence;
use crate::mapping::{Placement, Relational, TableId};
use crate::schema::{RelationshipDraft, RelationshipId, RelationshipPart, Side};
use crate::ui::action::{Edit, RelationshipEdit};
use crate::ui::form::{described, has_error, on_typed, told};

impl Sentence<'_> {
    /// `In code: Author.[books] and Book.[author]`.
    pub(super) fn properties(&self) -> Html {
        html! {
            <div class="link-card__code">
                { self.property(Side::Left) }
                if self.has_property(Side::Right) {
                    { self.property(Side::Right) }
                }
            </div>
        }
    }

    fn property(&self, side: Side) -> Html {
        let id = self.relationship.id;
        let end = if side == Side::Left { "left" } else { "right" };
        let input = format!("{id}-{end}-name");
        let said = self.told(RelationshipPart::Name(side));
        // What is derived follows the words above, also while there are errors.
        let derived = self.source.project.draft.derived_property_name(self.relationship, side);
        let leads = if self.relationship.is_collection(side) { "many" } else { "one" };
        html! {
            <div>
                <label class="link-card__property mono">
                    { self.word(side, false) }{ "." }
                    <input
                        id={input.clone()}
                        class="mono"
                        aria-label={format!("Name of the property of {} that leads to {leads}", self.model_name(side))}
                        autocomplete="off"
                        spellcheck="false"
                        placeholder={derived}
                        value={self.relationship.end(side).name.clone()}
                        aria-invalid={has_error(&said).then_some("true")}
                        aria-describedby={described(&input, &said)}
                        oninput={on_typed(self.dispatch, move |name| {
                            Edit::Relationship(id, RelationshipEdit::Name(side, name))
                        })}
                    />
                </label>
                { told(&input, &said) }
            </div>
        }
    }

    /// Whether the end on this side has a property: what goes both ways has one only.
    pub(super) fn has_property(&self, side: Side) -> bool {
        side == Side::Left || !self.relationship.is_symmetric()
    }

    /// The name of a property of any relationship, as typed or derived.
    pub(super) fn property_name(&self, id: RelationshipId, side: Side) -> String {
        let draft = &self.source.project.draft;
        draft.relationship(id).map(|relationship| draft.property_name(relationship, side)).unwrap_or_default()
    }

    /// A property of this relationship as code reads it: `Author.books`.
    pub(super) fn property_of(&self, side: Side) -> String {
        format!("{}.{}", self.model_name(side), self.property_name(self.relationship.id, side))
    }

    /// The group of the names in the database.
    pub(super) fn database_names(&self) -> Html {
        html! {
            if self.relationship.read_through().is_none() {
                <fieldset class="more__group">
                    <legend>{ "Names in the database" }</legend>
                    { self.derived_names() }
                </fieldset>
            }
        }
    }

    /// The names in the database, each with the derived one as a hint.
    fn derived_names(&self) -> Html {
        let good = self.source.good.as_ref();
        let placed =
            good.and_then(|good| Some((&good.relational, good.relational.placement(self.relationship.id)?)));
        match self.relationship.holder() {
            // The join model has the names.
            None if self.relationship.read_through().is_some() => html! {},
            Some(holder) => {
                let derived = match placed {
                    Some((relational, Placement::Key { table, columns, .. })) => {
                        names(relational, *table, columns)
                    }
                    _ => vec![String::new()],
                };
                let label = format!("key in {}", self.model_name(holder));
                self.columns(RelationshipPart::KeyColumns, &label, derived)
            }
            None => {
                let (table, left, right) = match placed {
                    Some((relational, Placement::Join { table, columns, .. })) => (
                        relational.table(*table).name.clone(),
                        names(relational, *table, &columns[0]),
                        names(relational, *table, &columns[1]),
                    ),
                    _ => (String::new(), vec![String::new()], vec![String::new()]),
                };
                let to = |side| format!("key to {}", self.model_name(side));
                html! {
                    <>
                        { self.columns(RelationshipPart::JoinTable, "join table", vec![table]) }
                        { self.columns(RelationshipPart::JoinColumns(Side::Left), &to(Side::Left), left) }
                        { self.columns(RelationshipPart::JoinColumns(Side::Right), &to(Side::Right), right) }
                    </>
                }
            }
        }
    }

    /// An input for each of a part's names.
    fn columns(&self, part: RelationshipPart, label: &str, derived: Vec<String>) -> Html {
        let id = self.relationship.id;
        let said = self.told(part);
        let group = format!("{id}-{part:?}").replace(['(', ')'], "-");
        let input = |(at, derived): (usize, &String)| {
            html! {
                <label class="more__line">
                    <span>{ label }</span>
                    <input
                        class="mono"
                        autocomplete="off"
                        spellcheck="false"
                        placeholder={derived.clone()}
                        value={asked(self.relationship, part, at)}
                        aria-invalid={has_error(&said).then_some("true")}
                        aria-describedby={described(&group, &said)}
                        oninput={on_typed(self.dispatch, move |name| {
                            Edit::Relationship(id, RelationshipEdit::Column(part, at, name))
                        })}
                    />
                </label>
            }
        };
        html! { <>{ for derived.iter().enumerate().map(input) }{ told(&group, &said) }</> }
    }
}

fn names(relational: &Relational, table: TableId, columns: &[usize]) -> Vec<String> {
    let table = relational.table(table);
    columns.iter().map(|&at| table.column_under(&table.name, at).1.to_owned()).collect()
}

/// What was typed for a name.
fn asked(relationship: &RelationshipDraft, part: RelationshipPart, at: usize) -> String {
    let list = match part {
        RelationshipPart::JoinTable => return relationship.join.table.clone(),
        RelationshipPart::KeyColumns => &relationship.key_columns,
        RelationshipPart::JoinColumns(Side::Left) => &relationship.join.left_columns,
        RelationshipPart::JoinColumns(Side::Right) => &relationship.join.right_columns,
        _ => return String::new(),
    };
    list.get(at).cloned().unwrap_or_default()
}
