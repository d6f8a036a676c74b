//! A choice behind the button of a relationship: what is chosen, a sentence that explains it, what is told about it.

use yew::{AttrValue, Callback, Event, Html, html};

use crate::schema::{Diagnostic, Place, RelationshipId};
use crate::ui::form::{Choice, Select, described, has_error, told};

/// What is asked.
pub(super) struct Question {
    /// Its `id` in the page.
    pub id: String,
    /// What it says.
    pub label: String,
    /// The sentence that explains it.
    pub why: String,
    /// What is told about it.
    pub said: Vec<Diagnostic<Place>>,
}

impl Question {
    /// A question about a relationship.
    pub(super) fn new(
        relationship: RelationshipId,
        key: &str,
        label: impl Into<String>,
        why: impl Into<String>,
        said: Vec<Diagnostic<Place>>,
    ) -> Question {
        Question { id: format!("{relationship}-{key}"), label: label.into(), why: why.into(), said }
    }

    /// The `id`s of the explanation and of what is told.
    pub(super) fn described(&self) -> AttrValue {
        let told = described(&self.id, &self.said).unwrap_or_default();
        format!("{}-why {told}", self.id).trim_end().to_owned().into()
    }

    /// The control, and below it what explains it.
    pub(super) fn around(&self, control: Html) -> Html {
        html! {
            <div class="asked">
                { control }
                <p class="asked__why" id={format!("{}-why", self.id)}>{ &self.why }</p>
                { told(&self.id, &self.said) }
            </div>
        }
    }

    /// Yes or no.
    pub(super) fn tick(&self, ticked: bool, onchange: Callback<Event>) -> Html {
        self.around(self.check_box(ticked, onchange))
    }

    /// The box alone, for what asks more once it is ticked.
    pub(super) fn check_box(&self, ticked: bool, onchange: Callback<Event>) -> Html {
        html! {
            <label class="asked__tick">
                <input
                    type="checkbox"
                    id={self.id.clone()}
                    checked={ticked}
                    aria-invalid={has_error(&self.said).then_some("true")}
                    aria-describedby={self.described()}
                    {onchange}
                />
                { &self.label }
            </label>
        }
    }

    /// One of several.
    pub(super) fn pick(&self, value: AttrValue, choices: Vec<Choice>, onchange: Callback<String>) -> Html {
        self.around(html! {
            <label class="more__line">
                <span>{ &self.label }</span>
                <Select
                    id={Some(AttrValue::from(self.id.clone()))}
                    {value}
                    {choices}
                    {onchange}
                    invalid={has_error(&self.said)}
                    described={Some(self.described())}
                />
            </label>
        })
    }
}
