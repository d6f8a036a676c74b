//! Runs the query, by button or by Ctrl+Enter, and stops it.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::{Callback, Html, Properties, function_component, hook, html, use_effect_with};

use crate::ui::action::Action;
use crate::ui::app::use_dispatch;
use crate::ui::slice::Slice;
use crate::ui::state::{EngineStatus, State};

/// Runs the query on Ctrl+Enter (or Cmd+Enter), wherever the focus is. To be used once.
#[hook]
pub(super) fn use_run_key() {
    let send = use_dispatch();
    use_effect_with(send, |send| {
        let send = send.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&document(), "keydown", options, move |event| {
            let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
            if key.key() == "Enter" && (key.ctrl_key() || key.meta_key()) && !key.repeat() {
                event.prevent_default();
                send.emit(Action::Run);
            }
        });
        move || drop(listener)
    });
}

/// What a [`RunBar`] knows.
#[derive(Properties, PartialEq)]
pub(super) struct RunBarProps {
    /// The state.
    pub state: Slice<State>,
}

/// The buttons that run and stop the query, and how things stand.
#[function_component]
pub(super) fn RunBar(props: &RunBarProps) -> Html {
    let send = use_dispatch();
    let running = props.state.is_running();
    let stop = Callback::from(move |_| send.emit(Action::Stop));
    html! {
        <div class="query__run">
            <button type="submit" class="run" id="query-run" title="Run (Ctrl+Enter)" aria-busy={running.to_string()}>
                <span class="run__glyph" aria-hidden="true">{ "▶" }</span>{ "Run" }
            </button>
            if running {
                <button type="button" class="stop" onclick={stop}>
                    <span aria-hidden="true">{ "■ " }</span>{ "Stop" }
                </button>
            }
            <span class="query__status" role="status">{ status(&props.state) }</span>
        </div>
    }
}

fn status(state: &State) -> Html {
    if let EngineStatus::Failed(_) = state.engine {
        return html! { "The database could not be started. Run tries again." };
    }
    if state.compiled.planned.is_none() {
        let what = if state.has_errors() { "the models" } else { "the query" };
        return html! { { format!("Mend the errors in {what} first.") } };
    }
    if !state.is_running() {
        return html! { <kbd class="query__key">{ "Ctrl + Enter" }</kbd> };
    }
    match state.engine {
        EngineStatus::Starting => html! { "The database is starting …" },
        EngineStatus::Restarting(_) => html! { "The database is starting again …" },
        // A quick query is over before this could be read; it appears with a delay.
        _ => html! { <span class="query__busy">{ "Running …" }</span> },
    }
}
