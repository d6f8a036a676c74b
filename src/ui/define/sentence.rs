//! A relationship as a sentence in which every word that could be another one can be changed.

use yew::{AttrValue, Html, classes, html};

use super::Source;
use super::words::{article, counted, named, plural};
use crate::naming::{one, pluralise, snake};
use crate::schema::{
    Diagnostic, ModelDraft, ModelId, OnDelete, Place, RelationshipDraft, RelationshipId, RelationshipPart,
    Shape, Side,
};
use crate::ui::action::{Edit, RelationshipEdit};
use crate::ui::app::Dispatch;
use crate::ui::form::{Choice, Select, described, has_error, on_chosen, told_at};
use crate::ui::refusing::on_delete_id;
use crate::ui::tone::tone;

/// What the parts of a sentence share.
pub(super) struct Sentence<'a> {
    /// The relationship.
    pub relationship: &'a RelationshipDraft,
    /// What it is drawn from.
    pub source: &'a Source,
    /// Where edits go.
    pub dispatch: &'a Dispatch,
    /// Whether somebody is near: only then is it worth listing many models.
    pub near: bool,
}

/// Up to so many models are always listed.
const FEW: usize = 12;

impl Sentence<'_> {
    fn id(&self) -> RelationshipId {
        self.relationship.id
    }

    pub(super) fn told(&self, part: RelationshipPart) -> Vec<Diagnostic<Place>> {
        told_at(&self.source.compiled.schema_diagnostics, &Place::Relationship(self.id(), part))
    }

    pub(super) fn model_name(&self, side: Side) -> &str {
        let draft = &self.source.project.draft;
        let model = self.relationship.end(side).model.and_then(|id| draft.model(id));
        named(model.map_or("", |model| model.name.as_str()))
    }

    /// The model at an end as a word, in its colour.
    pub(super) fn word(&self, side: Side, many: bool) -> Html {
        let name = self.model_name(side);
        let text = if many { plural(name) } else { name.to_owned() };
        let tone = self.relationship.end(side).model.map(|id| tone(&self.source.project.draft, id));
        html! { <b class={classes!("sentence__word", tone)}>{ text }</b> }
    }

    /// `An [Author] [has many] [Books]; each Book [has one] Author, [optional].`
    pub(super) fn draw(&self) -> Html {
        let many = Side::BOTH.map(|side| self.relationship.is_collection(side));
        html! {
            <p class="sentence">
                { article(self.model_name(Side::Left), true) }{ " " }
                { self.model_choice(Side::Left, false) }{ " " }
                { self.many_choice(Side::Left) }{ " " }
                { self.model_choice(Side::Right, many[0]) }
                { self.called(Side::Left) }{ self.in_order(Side::Left) }
                if self.relationship.is_symmetric() {
                    { ", and each of them has that " }{ self.word(Side::Left, false) }{ ", too" }
                } else {
                    { "; each " }{ self.word(Side::Right, false) }{ " " }
                    { self.many_choice(Side::Right) }{ " " }
                    { self.word(Side::Left, many[1]) }
                    { self.called(Side::Right) }{ self.in_order(Side::Right) }
                }
                if self.relationship.shape == Shape::OneToMany {
                    { self.key_words(Side::Right) }
                }
                { self.through_words() }
                { "." }
                if self.relationship.shape == Shape::OneToOne {
                    { " The key lies with " }{ self.key_choice() }{ self.key_words(self.relationship.key_side) }{ "." }
                }
            </p>
        }
    }

    /// ` as author`, where the models alone do not say which relationship is meant.
    fn called(&self, side: Side) -> Html {
        let ends = |relationship: &RelationshipDraft| {
            let mut ends = Side::BOTH.map(|side| relationship.end(side).model);
            ends.sort_unstable();
            ends
        };
        let [left, right] = ends(self.relationship);
        let draft = &self.source.project.draft;
        let alike = draft.relationships.iter().filter(|other| ends(other) == [left, right]).count();
        let name = self.property_name(self.id(), side);
        let target = snake(self.model_name(side.other()));
        let says_more = name != target && name != pluralise(&target);
        html! {
            if says_more && (left == right || alike > 1) {
                { " as " }<span class="mono">{ name }</span>
            }
        }
    }

    /// ` by its code, optional`: what else there is to say of the key, for the model that holds it.
    fn key_words(&self, holder: Side) -> Html {
        let relationship = self.relationship;
        let draft = &self.source.project.draft;
        let target = relationship.end(holder.other()).model.and_then(|model| draft.model(model));
        let by = match relationship.references.as_slice() {
            [field] => target.and_then(|model| model.field(*field)).map(|field| named(&field.name)),
            _ => None,
        };
        html! {
            <>
                if let Some(by) = by {
                    { format!(" by its {by}") }
                }
                if let Some(shared) = &relationship.polymorphic {
                    { self.shared_words(shared) }
                }
                { ", " }
                if relationship.identifies {
                    { "as part of its primary key" }
                } else {
                    { self.required_choice() }
                }
            </>
        }
    }

    /// ` as its commentable, or a Photo`.
    fn shared_words(&self, shared: &str) -> String {
        let draft = &self.source.project.draft;
        let others = draft.sharing_key(self.relationship).filter(|other| other.id != self.id());
        let names = others.filter_map(|other| {
            let target = other.end(other.holder()?.other()).model?;
            draft.model(target).map(|model| format!(" or {}", one(named(&model.name))))
        });
        let or: String = names.collect();
        format!("{or} as its {}", named(shared))
    }

    /// `, through Enrollment`.
    fn through_words(&self) -> Html {
        let draft = &self.source.project.draft;
        let through = self.relationship.read_through().and_then(|through| draft.relationship(through.left));
        let model = through.and_then(|tie| tie.end(tie.holder()?).model);
        let name = model.and_then(|model| draft.model(model)).map(|model| named(&model.name));
        html! {
            if let Some(name) = name {
                { ", through " }
                <b class={classes!("sentence__word", model.map(|id| tone(draft, id)))}>{ name }</b>
            }
        }
    }

    /// `When an Author is deleted, [refuse …].`
    pub(super) fn on_delete(&self) -> Html {
        let id = self.id();
        let value = self.relationship.on_delete.sql();
        let choices = OnDelete::ALL
            .map(|choice| Choice::new(choice.sql(), format!("{}: {}", choice.sql(), choice.meaning())))
            .to_vec();
        let onchange = on_chosen(self.dispatch, move |sql| {
            let chosen = OnDelete::ALL.into_iter().find(|choice| choice.sql() == sql)?;
            Some(Edit::Relationship(id, RelationshipEdit::OnDelete(chosen)))
        });
        let said = self.told(RelationshipPart::OnDelete);
        let label = "What happens on delete";
        let select = html! {
            <Select
                id={Some(AttrValue::from(on_delete_id(id)))}
                class="sentence__delete"
                {label}
                {value}
                {choices}
                {onchange}
                invalid={has_error(&said)}
                described={described(&format!("{id}-on-delete"), &said)}
            />
        };
        match self.relationship.holder() {
            Some(holder) => {
                let gone = self.model_name(holder.other());
                html! {
                    <p class="sentence sentence--small">
                        { "When " }{ article(gone, false) }{ " " }{ self.word(holder.other(), false) }
                        { " is deleted: " }{ select }
                    </p>
                }
            }
            None => html! {
                <p class="sentence sentence--small">{ "For the pairs, when either is deleted: " }{ select }</p>
            },
        }
    }

    fn model_choice(&self, side: Side, many: bool) -> Html {
        let (id, project) = (self.id(), &self.source.project);
        let chosen = self.relationship.end(side).model;
        let mut choices: Vec<Choice> = Vec::new();
        if chosen.is_none_or(|model| project.draft.model(model).is_none()) {
            choices.push(Choice::new("", "choose a model"));
        }
        let listed =
            |model: &&ModelDraft| self.near || project.draft.models.len() <= FEW || chosen == Some(model.id);
        for model in project.draft.models.iter().filter(listed) {
            let name = if many { plural(named(&model.name)) } else { named(&model.name).to_owned() };
            let lost = if chosen == Some(model.id) {
                0
            } else {
                project.links_lost(id, |after| after.set_end(id, side, model.id))
            };
            choices.push(Choice::new(model.id.0.to_string(), with_loss(name, lost)));
        }
        let onchange = on_chosen(self.dispatch, move |value| {
            let model = ModelId(value.parse().ok()?);
            Some(Edit::Relationship(id, RelationshipEdit::Model(side, model)))
        });
        let there = chosen.filter(|model| project.draft.model(*model).is_some());
        let value: AttrValue = there.map_or(String::new(), |model| model.0.to_string()).into();
        let said = self.told(RelationshipPart::Model(side));
        let end = if side == Side::Left { "left" } else { "right" };
        let element = format!("{id}-{end}");
        html! {
            <Select
                id={Some(AttrValue::from(element.clone()))}
                class={classes!("sentence__model", chosen.map(|model| tone(&project.draft, model)))}
                label={if side == Side::Left { "Model at the first end" } else { "Model at the second end" }}
                {value}
                {choices}
                {onchange}
                invalid={has_error(&said)}
                described={described(&element, &said)}
            />
        }
    }

    /// `has one` or `has many`; the one that would cost links says so beforehand.
    fn many_choice(&self, side: Side) -> Html {
        let (id, project) = (self.id(), &self.source.project);
        let now = self.relationship.is_collection(side);
        let choice = |many: bool| {
            let lost =
                if many == now { 0 } else { project.links_lost(id, |after| after.set_many(id, side, many)) };
            let (value, text) = if many { ("many", "has many") } else { ("one", "has one") };
            Choice::new(value, with_loss(text.to_owned(), lost))
        };
        let onchange = on_chosen(self.dispatch, move |value| {
            Some(Edit::Relationship(id, RelationshipEdit::Many(side, value == "many")))
        });
        html! {
            <Select
                label={format!("How many each {} has", self.model_name(side))}
                value={if now { "many" } else { "one" }}
                choices={vec![choice(false), choice(true)]}
                {onchange}
            />
        }
    }

    fn key_choice(&self) -> Html {
        let id = self.id();
        let choice = |side: Side| {
            let (value, order) = if side == Side::Left { ("left", "first") } else { ("right", "second") };
            let same = self.relationship.left.model == self.relationship.right.model;
            let name = self.model_name(side);
            Choice::new(value, if same { format!("the {order} {name}") } else { name.to_owned() })
        };
        let onchange = on_chosen(self.dispatch, move |value| {
            let side = if value == "left" { Side::Left } else { Side::Right };
            Some(Edit::Relationship(id, RelationshipEdit::KeySide(side)))
        });
        html! {
            <Select
                label="Which side holds the key"
                value={if self.relationship.key_side == Side::Left { "left" } else { "right" }}
                choices={Side::BOTH.map(choice).to_vec()}
                {onchange}
            />
        }
    }

    /// `required` or `optional`; how many rows have none is said beforehand.
    fn required_choice(&self) -> Html {
        let id = self.id();
        let without = self.source.project.rows_without_link(id);
        let required = match without {
            0 => "required".to_owned(),
            1 => "required (1 row has none)".to_owned(),
            many => format!("required ({many} rows have none)"),
        };
        let onchange = on_chosen(self.dispatch, move |value| {
            Some(Edit::Relationship(id, RelationshipEdit::Required(value == "required")))
        });
        let said = self.told(RelationshipPart::Required);
        html! {
            <Select
                label="Required or optional"
                value={if self.relationship.required { "required" } else { "optional" }}
                choices={vec![Choice::new("optional", "optional"), Choice::new("required", required)]}
                {onchange}
                invalid={has_error(&said)}
                described={described(&format!("{id}-required"), &said)}
            />
        }
    }
}

/// What a choice says, and what it costs.
pub(super) fn with_loss(text: String, lost: usize) -> String {
    if lost == 0 { text } else { format!("{text} (drops {})", counted(lost, "link")) }
}
