//! The frame of the page: top bar, panels, the borders between them, and the notice.

mod borders;
pub(super) mod help;
mod keys;
mod notice;
pub(super) mod palette;
pub(super) mod tips;
mod top;

use yew::{Callback, Html, MouseEvent, function_component, html, use_node_ref, use_state};

use super::action::{Action, Show};
use super::app::{PanelProps, use_dispatch};
use super::define::DefinePanel;
use super::parts::{answer, tool, tools};
use super::query::{QueryForm, RunBar};
use super::schema::SchemaPanel;
use super::scripting::Task;
use super::state::{Panel, State};
use super::tab_list::{Tab, tab_list};
use borders::{Border, use_borders};
use keys::use_keys;
use notice::NoticeBox;
pub(super) use notice::to_on_delete;
use top::TopBar;

/// The frame.
#[function_component]
pub fn Shell(props: &PanelProps) -> Html {
    let state = &props.state;
    let dispatch = use_dispatch();
    let frame = use_node_ref();
    let borders = use_borders(&frame);
    let help = use_state(|| false);
    let palette = use_state(|| false);
    use_keys(&dispatch);
    let open_help = {
        let help = help.setter();
        Callback::from(move |_: MouseEvent| help.set(true))
    };
    let close_help = {
        let help = help.setter();
        Callback::from(move |()| help.set(false))
    };
    let open_palette = {
        let palette = palette.setter();
        Callback::from(move |_: MouseEvent| palette.set(true))
    };
    let close_palette = {
        let palette = palette.setter();
        Callback::from(move |()| palette.set(false))
    };
    html! {
        <div class="shell" ref={frame} data-panel={name(state.view.panel)}>
            <TopBar state={state.clone()} onhelp={open_help} oncommands={open_palette} />
            if state.view.tips && !state.view.presenting {
                // There from the start, with nothing in it: what comes later moves nothing.
                <aside class="tips" aria-label="First steps">{ for tools().map(|tools| (tools.tips)(&dispatch)) }</aside>
            }
            <main class="shell__main">
                { bar(state.view.panel, &dispatch) }
                <section class="panel panel--define" aria-label="Define">
                    { head("Define", None) }
                    // Another document begins at its top.
                    <div class="panel__body" key={state.history.document}><DefinePanel state={state.clone()} /></div>
                </section>
                { borders.between(Border::Define) }
                <section class="panel panel--schema" aria-label="Schema"><SchemaPanel state={state.clone()} /></section>
                { borders.between(Border::Query) }
                <section class="panel panel--query" aria-label={TASKS[task(state)].1}>
                    <div class="panel__head">
                        <h2 class="unseen">{ TASKS[task(state)].1 }</h2>
                        { tasks(task(state), &dispatch) }
                        <RunBar state={state.clone()} />
                    </div>
                    <div class="panel__body" id="task-body" role="tabpanel" aria-labelledby={TASKS[task(state)].2}>
                        { match state.view.task {
                            Task::Query => html! { <QueryForm state={state.clone()} /> },
                            Task::Session => tool(state.parts, &dispatch, |tools| (tools.session)(state)),
                            Task::Sql => tool(state.parts, &dispatch, |tools| (tools.console)(state)),
                        } }
                        { answer(state.parts, &dispatch, |answers| (answers.results)(state)) }
                    </div>
                </section>
                { borders.between(Border::Data) }
                <section class="panel panel--data" aria-label="Data">
                    { answer(state.parts, &dispatch, |answers| (answers.data)(state)) }
                </section>
            </main>
            <NoticeBox notice={state.notice.clone()} />
            if *help {
                { tool(state.parts, &dispatch, |tools| (tools.help)(close_help)) }
            }
            if *palette {
                { tool(state.parts, &dispatch, |tools| (tools.palette)(state, close_palette)) }
            }
        </div>
    }
}

/// A panel's heading, with something at its right end.
pub fn head(title: &str, more: Option<Html>) -> Html {
    html! {
        <div class="panel__head"><h2 class="panel__title">{ title.to_owned() }</h2>{ more }</div>
    }
}

/// What the last panel can be used for, each with its name and the id of its tab.
pub const TASKS: [(Task, &str, &str); 3] = [
    (Task::Query, "Query", "task-query"),
    (Task::Session, "Session", "task-session"),
    (Task::Sql, "SQL", "task-sql"),
];

fn task(state: &State) -> usize {
    TASKS.iter().position(|(task, ..)| *task == state.view.task).unwrap_or(0)
}

/// The panel's heading: tabs, for it is one of three.
fn tasks(current: usize, dispatch: &Callback<Action>) -> Html {
    let tabs = TASKS.map(|(_, text, id)| Tab { id, text, count: None });
    let choose = dispatch.reform(|at: usize| Action::Show(Show::Task(TASKS[at].0)));
    tab_list("Query, session or SQL", "switch switch--title", &tabs, current, "task-body", choose)
}

fn name(panel: Panel) -> &'static str {
    match panel {
        Panel::Define => "define",
        Panel::Schema => "schema",
        Panel::Data => "data",
        Panel::Query => "query",
    }
}

/// Where not everything fits: which panel is shown.
fn bar(shown: Panel, dispatch: &Callback<Action>) -> Html {
    let one = |(panel, title): (Panel, &'static str)| {
        // With two columns the left one has only these two to choose from.
        let left = if shown == Panel::Schema { Panel::Schema } else { Panel::Define };
        let class = format!("bar__one bar__one--{}", name(panel));
        let pressed = if panel == shown { "true" } else { "false" };
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Show(Show::Panel(panel)));
        html! {
            <button type="button" {class} aria-pressed={pressed} data-left={(panel == left).then_some("true")} {onclick}>
                { title }
            </button>
        }
    };
    let panels = [
        (Panel::Define, "Define"),
        (Panel::Schema, "Schema"),
        (Panel::Data, "Data"),
        (Panel::Query, "Query"),
    ];
    html! { <nav class="bar" aria-label="Panels">{ for panels.into_iter().map(one) }</nav> }
}
