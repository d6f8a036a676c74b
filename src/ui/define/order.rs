//! The order in which a collection comes.

use yew::{AttrValue, Html, MouseEvent, html};

use super::sentence::Sentence;
use super::words::named;
use crate::schema::{EndOrder, FieldDraft, FieldId, RelationshipPart, Side};
use crate::ui::action::{Action, Edit, OrderEdit, RelationshipEdit};
use crate::ui::edit::side_key;
use crate::ui::form::{Choice, Select, has_error, on_chosen};
use crate::ui::glyph::{Glyph, IconButton};

impl Sentence<'_> {
    /// The group of the collections' orders. Nothing if both ends lead to one.
    pub(super) fn orders(&self) -> Html {
        let sides = Side::BOTH.map(|side| self.relationship.is_collection(side) && self.has_property(side));
        html! {
            if sides.contains(&true) {
                <fieldset class="more__group">
                    <legend>{ "The order" }</legend>
                    { for Side::BOTH.into_iter().filter(|side| sides[*side as usize]).map(|side| self.order(side)) }
                </fieldset>
            }
        }
    }

    fn order(&self, side: Side) -> Html {
        let id = self.relationship.id;
        let terms = &self.relationship.end(side).order;
        let draft = &self.source.project.draft;
        let target = self.relationship.end(side.other()).model.and_then(|model| draft.model(model));
        let fields = target.map_or(&[][..], |model| model.fields.as_slice());
        let free = fields.iter().find(|field| !terms.iter().any(|term| term.field == field.id));
        let why = if terms.is_empty() {
            "In no order that could be relied on. Give it one, and it always comes in that."
        } else {
            "Every statement that loads it ends in this ORDER BY, and the database may not choose."
        };
        let key = format!("order-{}", side_key(side));
        let question = self.question(RelationshipPart::Order(side), &key, "", why);
        let add = free.map(|field| {
            let edit = RelationshipEdit::Order(side, OrderEdit::Add(field.id));
            let onclick = self.dispatch.reform(move |_: MouseEvent| Action::Edit(Edit::Relationship(id, edit.clone())));
            let label = format!("Order {} by another field", self.property_of(side));
            html! {
                <button type="button" id={format!("{id}-{key}-add")} class="button button--add" aria-label={label} {onclick}>
                    { "+ field" }
                </button>
            }
        });
        question.around(html! {
            <div class="asked__order">
                <span class="mono">{ self.property_of(side) }</span>
                { for terms.iter().enumerate().map(|(at, term)| {
                    self.term(side, at, *term, fields, question.described(), has_error(&question.said))
                }) }
                { add }
            </div>
        })
    }

    fn term(
        &self,
        side: Side,
        at: usize,
        term: EndOrder,
        fields: &[FieldDraft],
        described: AttrValue,
        invalid: bool,
    ) -> Html {
        let id = self.relationship.id;
        let mut choices: Vec<Choice> =
            fields.iter().map(|field| Choice::new(field.id.0.to_string(), named(&field.name))).collect();
        if !fields.iter().any(|field| field.id == term.field) {
            choices.insert(0, Choice::new(term.field.0.to_string(), "choose a field"));
        }
        let set = move |term: EndOrder| {
            Some(Edit::Relationship(id, RelationshipEdit::Order(side, OrderEdit::Set(at, term))))
        };
        let on_field = on_chosen(self.dispatch, move |value| {
            set(EndOrder { field: FieldId(value.parse().ok()?), ..term })
        });
        let on_way =
            on_chosen(self.dispatch, move |value| set(EndOrder { descending: value == "down", ..term }));
        let remove = self.dispatch.reform(move |_: MouseEvent| {
            Action::Edit(Edit::Relationship(id, RelationshipEdit::Order(side, OrderEdit::Remove(at))))
        });
        html! {
            <span class="asked__term">
                <Select
                    id={Some(AttrValue::from(format!("{id}-order-{}-{at}", side_key(side))))}
                    label={format!("Field {} of the order", at + 1)}
                    value={term.field.0.to_string()}
                    {choices}
                    onchange={on_field}
                    {invalid}
                    described={Some(described)}
                />
                <Select
                    label={format!("Direction {} of the order", at + 1)}
                    value={if term.descending { "down" } else { "up" }}
                    choices={vec![Choice::new("up", "ascending"), Choice::new("down", "descending")]}
                    onchange={on_way}
                />
                <IconButton glyph={Glyph::Cross} label="Take it out of the order" onclick={remove} />
            </span>
        }
    }

    /// `, in order of position, title (greatest first)`, as the end of a sentence about this property.
    pub(super) fn in_order(&self, side: Side) -> Option<String> {
        let terms = &self.relationship.end(side).order;
        if terms.is_empty() || !self.relationship.is_collection(side) {
            return None;
        }
        let draft = &self.source.project.draft;
        let target = self.relationship.end(side.other()).model.and_then(|model| draft.model(model))?;
        let term = |term: &EndOrder| {
            let name = target.field(term.field).map_or("?", |field| named(&field.name));
            if term.descending { format!("{name} (descending)") } else { name.to_owned() }
        };
        Some(format!(" in order of {}", terms.iter().map(term).collect::<Vec<_>>().join(", ")))
    }
}
