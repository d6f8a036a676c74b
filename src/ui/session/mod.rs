//! The session's form: a script of steps, each a sentence that is edited in place.

mod choices;
mod form;
mod step;

use web_sys::SubmitEvent;
use yew::{Callback, Html, function_component, html};

use self::form::Form;
use super::action::{Action, ScriptEdit};
use super::app::{PanelProps, use_dispatch};
use super::query::FORM;
use super::script_edit::ADD;
use super::state::State;

/// How it runs. While a question stands in the place of a script: that it is kept, and the way back to it.
fn note(state: &State, form: &Form) -> Html {
    let kept = state.project.aside.last().map_or(0, |script| script.steps.len());
    let steps = if kept == 1 { "1 step" } else { &format!("{kept} steps") };
    html! {
        <p class="script__note">
            { "Runs as in SQLAlchemy’s Session, on a copy of the data." }
            if kept > 0 {
                <br />{ format!("This is a question; the script of {steps} is kept. ") }
                <button type="button" class="button script__back" onclick={form.on_click(ScriptEdit::Restore)}>
                    { "Back to the script" }
                </button>
            }
        </p>
    }
}

/// The session's form.
#[function_component]
pub fn SessionForm(props: &PanelProps) -> Html {
    let send = use_dispatch();
    let Some(form) = Form::new(&props.state, send.clone()) else {
        return html! {
            <p class="query query--empty">{ "The models have errors. Mend them, and there are objects to change." }</p>
        };
    };
    if props.state.project.draft.models.is_empty() {
        return html! { <p class="query query--empty">{ "With a model, there are objects to change." }</p> };
    }
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(Action::Run);
    });
    let steps = &form.steps();
    let add = form.on_click(ScriptEdit::Add(choices::next(&form)));
    html! {
        <form class="query" id={FORM} {onsubmit} aria-label="Session">
            { note(&props.state, &form) }
            if !steps.is_empty() {
                <ol class="script">{ for (0..steps.len()).map(|at| step::step(&form, at)) }</ol>
            }
            <div>
                <button type="button" class="button button--add" id={ADD} onclick={add}>{ "+ step" }</button>
            </div>
        </form>
    }
}
