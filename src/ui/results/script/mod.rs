//! What came of the session's script: what happened, where each object stands, which rows have changed.

mod changes;
mod chapters;
mod objects;

use yew::{Callback, Html, MouseEvent, html};

use super::banner::failure;
use crate::ui::action::Action;
use crate::ui::app::Dispatch;
use crate::ui::legend::Legend;
use crate::ui::scripting::{ScriptTab, Scripted};
use crate::ui::state::State;

/// What came of the script, below what there is to know before one reads it.
pub(super) fn outcome(state: &State, dispatch: &Dispatch) -> Html {
    let run = dispatch.reform(|_: MouseEvent| Action::Run);
    let Some(ran) = &state.script.ran else {
        return html! {
            <>
            { news(state, &run) }
            if state.script.failure.is_none() { { empty(run) } }
            </>
        };
    };
    let legend = Legend::new(&ran.good.schema, &state.project.draft);
    html! { <>{ news(state, &run) }{ tab(state.view.script, ran, &legend) }</> }
}

fn tab(tab: ScriptTab, ran: &Scripted, legend: &Legend) -> Html {
    match tab {
        ScriptTab::Statements => chapters::chapters(ran, legend),
        ScriptTab::Objects => objects::objects(ran, legend),
        ScriptTab::Changes => changes::tables(ran, legend),
    }
}

fn news(state: &State, run: &Callback<MouseEvent>) -> Html {
    let stale = state.script.is_stale() && !state.is_running();
    html! {
        <div aria-live="polite">
            if let Some(found) = &state.script.failure {
                { failure(found, state.script.ran.is_some().then_some("Below is the result before that.")) }
            }
            if stale {
                <p class="news">
                    <span>{ "From before the last change." }</span>
                    <button type="button" class="button" onclick={run.clone()}>{ "Run again" }</button>
                </p>
            }
        </div>
    }
}

/// Before anything was run: what there will be to see, and the button.
fn empty(run: Callback<MouseEvent>) -> Html {
    html! {
        <div class="results__empty">
            <p>{ "Run the script to see what it sends and why, and what becomes of the objects and their rows." }</p>
            <button type="button" class="button button--primary" onclick={run}>
                <span aria-hidden="true">{ "▶" }</span>{ "Run" }
            </button>
        </div>
    }
}
