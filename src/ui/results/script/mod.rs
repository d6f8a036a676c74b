//! What came of the session's script: what becomes of the rows, what happened, where each object stands.

mod before_after;
mod chapters;
mod consequences;
mod objects;
mod settings;

use yew::{Callback, Html, MouseEvent, html};

use self::consequences::Shown;
use super::banner::failure;
use crate::ui::action::Action;
use crate::ui::app::Dispatch;
use crate::ui::legend::Legend;
use crate::ui::scripting::ScriptTab;
use crate::ui::state::State;

/// What came of the script, below what there is to know before one reads it.
pub(in crate::ui) fn outcome(state: &State, dispatch: &Dispatch) -> Html {
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
    let tab = match state.view.script {
        ScriptTab::Consequences => {
            consequences::consequences(&Shown { state, ran, legend: &legend, dispatch })
        }
        ScriptTab::Statements => chapters::chapters(ran, &legend),
        ScriptTab::Objects => objects::objects(ran, &legend),
    };
    html! { <>{ news(state, &run) }{ tab }</> }
}

fn news(state: &State, run: &Callback<MouseEvent>) -> Html {
    let settled = state.is_running() || state.script_follows() || state.script.is_committed();
    let stale = state.script.is_stale() && !settled;
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
            <p>
                { "Run the script to see what becomes of the rows, by whom and why. Or start at an object: “What if …” \
                   in the data and among the results asks what would happen if it were deleted." }
            </p>
            <button type="button" class="button button--primary" onclick={run}>
                <span aria-hidden="true">{ "▶" }</span>{ "Run" }
            </button>
        </div>
    }
}
