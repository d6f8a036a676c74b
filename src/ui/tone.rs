//! A model is a colour and a letter, the same everywhere.

use yew::{Classes, Html, classes, function_component, html};

use crate::schema::{Draft, ModelId};

/// How many colours there are.
const TONES: usize = 8;

/// The class that sets a model's colours: `tone-0` to `tone-7`, by its place among the models. `tone-none` for one
/// that is not there.
pub fn tone(draft: &Draft, model: ModelId) -> &'static str {
    const CLASSES: [&str; TONES] =
        ["tone-0", "tone-1", "tone-2", "tone-3", "tone-4", "tone-5", "tone-6", "tone-7"];
    let place = draft.models.iter().position(|candidate| candidate.id == model);
    place.map_or("tone-none", |place| CLASSES[place % TONES])
}

/// A model's letter: the first of its name, in upper case.
pub fn letter(draft: &Draft, model: ModelId) -> String {
    let name = draft.model(model).map_or("", |model| model.name.trim());
    name.chars()
        .find(|character| character.is_alphanumeric())
        .map_or("?".into(), |first| first.to_uppercase().collect())
}

/// Properties of [`Badge`].
#[derive(yew::Properties, PartialEq)]
pub struct BadgeProps {
    /// From [`tone`].
    pub tone: &'static str,
    /// From [`letter`].
    pub letter: String,
    /// Further classes.
    #[prop_or_default]
    pub class: Classes,
}

/// A model's letter on its colour. Decoration beside the model's name, so hidden from screen readers.
#[function_component]
pub fn Badge(props: &BadgeProps) -> Html {
    html! {
        <span class={classes!("badge", props.tone, props.class.clone())} aria-hidden="true">{ &props.letter }</span>
    }
}
