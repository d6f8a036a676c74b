//! What all forms of the page are made of: a select that always shows the state, and what is told beside a field.

use web_sys::{
    Element, HtmlElement, HtmlInputElement, HtmlSelectElement, ScrollIntoViewOptions, ScrollLogicalPosition,
};
use yew::{
    AttrValue, Callback, Classes, Event, Html, InputEvent, Properties, TargetCast, function_component, html,
    use_effect, use_node_ref,
};

use super::action::{Action, Edit};
use super::app::Dispatch;
use crate::schema::{Diagnostic, Severity};

/// Brings an element into sight, moving what scrolls around it no further than needed.
pub fn bring_into_sight(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Gives an element the focus and brings it into sight, with the whole of the card that it belongs to if that fits.
pub fn focus_in_sight(element: &HtmlElement) {
    let _ = element.focus();
    if let Ok(Some(card)) = element.closest(".model-card, .link-card") {
        bring_into_sight(&card);
        bring_into_sight(element);
    }
}

/// What an input holds after it was typed into.
pub fn typed(event: &InputEvent) -> String {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
}

/// Sends an edit for everything that is typed.
pub fn on_typed(dispatch: &Dispatch, edit: impl Fn(String) -> Edit + 'static) -> Callback<InputEvent> {
    dispatch.reform(move |event: InputEvent| Action::Edit(edit(typed(&event))))
}

/// Sends an edit when a box is ticked or not any more.
pub fn on_ticked(dispatch: &Dispatch, edit: impl Fn(bool) -> Edit + 'static) -> Callback<Event> {
    dispatch.reform(move |event: Event| {
        let ticked = event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.checked());
        Action::Edit(edit(ticked))
    })
}

/// Sends an edit when something known is chosen.
pub fn on_chosen(dispatch: &Dispatch, edit: impl Fn(&str) -> Option<Edit> + 'static) -> Callback<String> {
    let dispatch = dispatch.clone();
    Callback::from(move |value: String| {
        if let Some(edit) = edit(&value) {
            dispatch.emit(Action::Edit(edit));
        }
    })
}

/// One thing to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its value in the page.
    pub value: AttrValue,
    /// What it says.
    pub text: AttrValue,
    /// The heading that it stands below; empty for none. Those of one group follow each other.
    pub group: &'static str,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<AttrValue>, text: impl Into<AttrValue>) -> Choice {
        Choice { value: value.into(), text: text.into(), group: "" }
    }

    /// The same below a heading.
    pub fn below(self, group: &'static str) -> Choice {
        Choice { group, ..self }
    }
}

/// Properties of [`Select`].
#[derive(Properties, PartialEq)]
pub struct SelectProps {
    /// What it is for, for screen readers; empty if a `<label>` says it.
    #[prop_or_default]
    pub label: AttrValue,
    /// The value that is chosen.
    pub value: AttrValue,
    /// What there is to choose.
    pub choices: Vec<Choice>,
    /// Another value was chosen.
    pub onchange: Callback<String>,
    /// Its `id`.
    #[prop_or_default]
    pub id: Option<AttrValue>,
    /// Its classes.
    #[prop_or_default]
    pub class: Classes,
    /// Whether an error is told beside it.
    #[prop_or_default]
    pub invalid: bool,
    /// The `id` of what is told beside it.
    #[prop_or_default]
    pub described: Option<AttrValue>,
}

/// A select that shows what the state says, even when a choice led to another state than it says.
#[function_component]
pub fn Select(props: &SelectProps) -> Html {
    let node = use_node_ref();
    {
        let (node, value) = (node.clone(), props.value.clone());
        use_effect(move || {
            let select = node.cast::<HtmlSelectElement>();
            if let Some(select) = select.filter(|select| select.value() != value.as_str()) {
                select.set_value(&value);
            }
        });
    }
    let onchange = {
        let chosen = props.onchange.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                chosen.emit(select.value());
            }
        })
    };
    let option = |choice: &Choice| {
        // For the first sight of it: the effect may come a moment later.
        let selected = choice.value == props.value;
        html! {
            <option key={choice.value.as_str()} value={choice.value.clone()} {selected}>{ &choice.text }</option>
        }
    };
    html! {
        <select
            ref={node}
            id={props.id.clone()}
            class={props.class.clone()}
            aria-label={(!props.label.is_empty()).then(|| props.label.clone())}
            aria-invalid={props.invalid.then_some("true")}
            aria-describedby={props.described.clone()}
            {onchange}
        >
            { for props.choices.chunk_by(|one, next| one.group == next.group).map(|group| match group[0].group {
                "" => html! { <>{ for group.iter().map(option) }</> },
                label => html! { <optgroup {label}>{ for group.iter().map(option) }</optgroup> },
            }) }
        </select>
    }
}

/// What there is to say about one place of a form.
pub fn told_at<P: PartialEq + Clone>(diagnostics: &[Diagnostic<P>], place: &P) -> Vec<Diagnostic<P>> {
    diagnostics.iter().filter(|diagnostic| diagnostic.place == *place).cloned().collect()
}

/// Whether an error is among them.
pub fn has_error<P>(diagnostics: &[Diagnostic<P>]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// The value of `aria-describedby` for a field that has something told beside it.
pub fn described<P>(id: &str, diagnostics: &[Diagnostic<P>]) -> Option<AttrValue> {
    (!diagnostics.is_empty()).then(|| format!("{id}-told").into())
}

/// What there is to say, beside its field. `id` is the field's.
pub fn told<P>(id: &str, diagnostics: &[Diagnostic<P>]) -> Html {
    let one = |diagnostic: &Diagnostic<P>| {
        let class = match diagnostic.severity {
            Severity::Error => "told__one told__one--error",
            Severity::Warning => "told__one told__one--warning",
            Severity::Note => "told__one told__one--note",
        };
        html! {
            <p {class}>
                { &diagnostic.message }
                if !diagnostic.mend.is_empty() {
                    <span class="told__mend">{ " " }{ &diagnostic.mend }</span>
                }
            </p>
        }
    };
    html! {
        if !diagnostics.is_empty() {
            <div class="told" id={format!("{id}-told")}>{ for diagnostics.iter().map(one) }</div>
        }
    }
}
