//! Adding a relationship: a sentence to complete.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::{
    AttrValue, Callback, Html, MouseEvent, Properties, function_component, html, use_effect_with, use_state,
};

use super::Source;
use super::words::{article, named, plural};
use crate::schema::{Draft, ModelId, Shape};
use crate::ui::action::{Action, Edit};
use crate::ui::app::use_dispatch;
use crate::ui::form::{Choice, Select, focus_in_sight};

/// Properties of [`AddRelationship`].
#[derive(Properties, PartialEq)]
pub(super) struct AddProps {
    /// What it is drawn from.
    pub source: Source,
}

/// The words chosen so far.
#[derive(Clone, Copy, PartialEq)]
struct Chosen {
    left: ModelId,
    right: ModelId,
    /// Whether one on the left has many on the right, and the other way round.
    many: [bool; 2],
}

impl Chosen {
    fn edit(self) -> Edit {
        let (shape, left, right) = match self.many {
            [false, false] => (Shape::OneToOne, self.left, self.right),
            [true, false] => (Shape::OneToMany, self.left, self.right),
            [false, true] => (Shape::OneToMany, self.right, self.left),
            [true, true] => (Shape::ManyToMany, self.left, self.right),
        };
        Edit::AddRelationship(shape, left, right)
    }
}

/// The button, and the sentence that it opens.
#[function_component]
pub(super) fn AddRelationship(props: &AddProps) -> Html {
    let dispatch = use_dispatch();
    let chosen = use_state(|| None::<Chosen>);
    let models = &props.source.project.draft.models;
    let open = {
        let setter = chosen.setter();
        let ends = likely(&props.source.project.draft);
        Callback::from(move |_: MouseEvent| {
            setter.set(ends.map(|(left, right)| Chosen { left, right, many: [true, false] }));
        })
    };
    use_effect_with(chosen.is_some(), |open| {
        let first = open.then(|| gloo::utils::document().get_element_by_id(FIRST)).flatten();
        if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            focus_in_sight(&first);
        }
    });
    let Some(now) = *chosen else {
        return html! {
            <button type="button" id="add-relationship" class="button button--add" onclick={open}>
                { "+ Relationship" }
            </button>
        };
    };
    let change = |change: fn(&mut Chosen, String)| {
        let setter = chosen.setter();
        Callback::from(move |value: String| {
            let mut next = now;
            change(&mut next, value);
            setter.set(Some(next));
        })
    };
    let close = {
        let setter = chosen.setter();
        Callback::from(move |_: MouseEvent| setter.set(None))
    };
    let add = {
        let setter = chosen.setter();
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Edit(now.edit()));
            setter.set(None);
        })
    };
    let name =
        |id: ModelId| models.iter().find(|model| model.id == id).map_or("", |model| named(&model.name));
    let choices = |many: bool| -> Vec<Choice> {
        let text = |name: &str| if many { plural(named(name)) } else { named(name).to_owned() };
        models.iter().map(|model| Choice::new(model.id.0.to_string(), text(&model.name))).collect()
    };
    let how_many = vec![Choice::new("one", "has one"), Choice::new("many", "has many")];
    let value = |many: bool| if many { "many" } else { "one" };
    html! {
        <fieldset class="link-card link-card--new">
            <legend class="unseen">{ "New relationship" }</legend>
            <p class="sentence">
                { article(name(now.left), true) }{ " " }
                <Select
                    id={Some(AttrValue::Static(FIRST))}
                    label="Model at the first end"
                    value={now.left.0.to_string()}
                    choices={choices(false)}
                    onchange={change(|next, value| next.left = model_id(&value, next.left))}
                />{ " " }
                <Select
                    label="How many of the second each has"
                    value={value(now.many[0])}
                    choices={how_many.clone()}
                    onchange={change(|next, value| next.many[0] = value == "many")}
                />{ " " }
                <Select
                    label="Model at the second end"
                    value={now.right.0.to_string()}
                    choices={choices(now.many[0])}
                    onchange={change(|next, value| next.right = model_id(&value, next.right))}
                />
                { "; each " }{ name(now.right) }{ " " }
                <Select
                    label="How many of the first each has"
                    value={value(now.many[1])}
                    choices={how_many}
                    onchange={change(|next, value| next.many[1] = value == "many")}
                />{ " " }
                { if now.many[1] { plural(name(now.left)) } else { name(now.left).to_owned() } }{ "." }
            </p>
            <div class="sheet__actions">
                <button type="button" class="button button--quiet" onclick={close}>{ "Cancel" }</button>
                <button type="button" class="button button--primary" onclick={add}>{ "Add" }</button>
            </div>
        </fieldset>
    }
}

/// The `id` of the sentence's first word.
const FIRST: &str = "new-relationship";

/// The two models that somebody probably wants to relate: the newest pair without a relationship.
fn likely(draft: &Draft) -> Option<(ModelId, ModelId)> {
    let ids: Vec<ModelId> = draft.models.iter().map(|model| model.id).collect();
    let related = |left, right| draft.relationships_of(left).any(|relationship| relationship.touches(right));
    let newest = ids.iter().enumerate().rev();
    let mut pairs = newest.flat_map(|(at, right)| ids[..at].iter().rev().map(move |left| (*left, *right)));
    let free = pairs.find(|(left, right)| !related(*left, *right));
    free.or(ids.first().copied().zip(ids.get(1).or(ids.first()).copied()))
}

fn model_id(value: &str, otherwise: ModelId) -> ModelId {
    value.parse().map_or(otherwise, ModelId)
}
