//! What there is to know before one reads a result: that it failed, stopped before its end, or is out of date.

use yew::{Callback, Html, function_component, html};

use crate::protocol::{Failure, FailureKind};
use crate::ui::action::Action;
use crate::ui::app::{PanelProps, use_dispatch};

/// What there is to know before one reads a result.
#[function_component]
pub(super) fn Banner(props: &PanelProps) -> Html {
    let dispatch = use_dispatch();
    let run = Callback::from(move |_| dispatch.emit(Action::Run));
    let state = &props.state;
    let stopped = state.outcome.as_ref().and_then(|ran| ran.outcome.failure.as_ref());
    let came = state.outcome.as_ref().is_some_and(|ran| ran.outcome.sent() > 0);
    let stale = state.outcome_is_stale() && !state.is_running();
    html! {
        <div aria-live="polite">
            if let Some(found) = &state.failure {
                { failure(found, state.outcome.is_some().then_some("Below is the result before that.")) }
            }
            if let Some(found) = stopped {
                { failure(found, came.then_some("What came until then is below.")) }
            }
            if stale {
                <p class="news">
                    <span>{ "From before the last change." }</span>
                    <button type="button" class="button" onclick={run}>{ "Run again" }</button>
                </p>
            }
        </div>
    }
}

/// What stopped a run.
pub(super) fn failure(failure: &Failure, below: Option<&'static str>) -> Html {
    let what = match failure.kind {
        FailureKind::TimeLimit => "Stopped: it took too long.",
        FailureKind::RowLimit => "Stopped: too many rows.",
        FailureKind::Sqlite => "SQLite refused.",
        FailureKind::Raised => "The ORM raised an error.",
        FailureKind::Invalid | FailureKind::Protocol => "It could not be run.",
    };
    html! {
        <div class="news news--bad">
            <p class="news__what">{ what }</p>
            <p>{ &failure.message }{ " " }{ below }</p>
            if !failure.sqlite.is_empty() {
                <p class="news__sqlite">{ "SQLite: " }<code>{ &failure.sqlite }</code></p>
            }
        </div>
    }
}
