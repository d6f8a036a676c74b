//! Runs the query and stops it, and says how things stand.

use yew::{Callback, Html, function_component, html};

use crate::ui::action::Action;
use crate::ui::app::{PanelProps, use_dispatch};
use crate::ui::scripting::Task;
use crate::ui::state::{EngineStatus, State};

/// The buttons that run and stop the query, and how things stand.
#[function_component]
pub fn RunBar(props: &PanelProps) -> Html {
    let send = use_dispatch();
    let running = props.state.is_running();
    let disabled = !props.state.has_something_to_run();
    let stop = Callback::from(move |_| send.emit(Action::Stop));
    html! {
        <div class="run">
            <span class="run__status" role="status">{ status(&props.state) }</span>
            <button type="submit" form={super::FORM} class="button button--primary" id="query-run" title="Run (Ctrl+Enter)" {disabled}>
                <span aria-hidden="true">{ "▶" }</span>{ "Run" }
            </button>
            if running {
                <button type="button" class="button button--bad run__stop" onclick={stop}>
                    <span aria-hidden="true">{ "■" }</span>{ "Stop" }
                </button>
            }
        </div>
    }
}

fn status(state: &State) -> Html {
    if let EngineStatus::Failed(_) = state.engine {
        return html! { "The database could not be started. Run tries again." };
    }
    let (ready, task) = match state.view.task {
        Task::Query => (state.compiled.planned.is_some(), "the query"),
        Task::Session => (state.compiled.script.is_some(), "the script"),
        Task::Sql => (!state.has_errors() || state.keeping.is_apart(), "the models"),
    };
    if !state.has_something_to_run() {
        return Html::default();
    }
    if !ready {
        let what = if state.has_errors() { "the models" } else { task };
        return html! { { format!("Mend the errors in {what} first.") } };
    }
    if !state.is_running() {
        return html! { <kbd class="run__key">{ "Ctrl + Enter" }</kbd> };
    }
    match state.engine {
        EngineStatus::Starting => html! { "The database is starting …" },
        EngineStatus::Restarting(_) => html! { "The database is starting again …" },
        // A quick query is over before this could be read; it appears with a delay.
        _ => html! { <span class="run__busy">{ "Running …" }</span> },
    }
}
