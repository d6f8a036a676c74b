//! What came back: the statements that were sent, the rows, and the objects that were made of them.

mod banner;
mod columns;
pub(super) mod compare;
pub(super) mod console;
mod drawing;
mod graph;
mod identity;
mod json;
mod objects;
mod origin;
mod picture;
mod plan;
mod rows;
mod rows_table;
pub(super) mod script;
mod statements;
mod tabs;
mod walk;
pub(super) mod words;

use yew::{Callback, Html, Properties, function_component, html};

pub use self::tabs::{script_tabs, tabs};

use self::banner::Banner;
use self::graph::GraphTab;
use self::identity::IdentityTab;
use self::objects::ObjectsTab;
use self::origin::Origin;
use self::rows::RowsTab;
use self::statements::StatementsTab;
use self::tabs::Tabs;
use super::action::Action;
use super::app::{PanelProps, use_dispatch};
use super::legend::Legend;
use super::parts::tool;
use super::scripting::Task;
use super::slice::Slice;
use super::state::{Ran, ResultTab, State};
use crate::protocol::ObjectView;
use crate::schema::ModelId;
use crate::trace::ObjectId;
use crate::value::Value;

/// What came back.
#[function_component]
pub fn Results(props: &PanelProps) -> Html {
    let state = &props.state;
    let dispatch = use_dispatch();
    let body = match state.view.task {
        Task::Query if state.view.result == ResultTab::Compare => {
            tool(state.parts, &dispatch, |tools| (tools.compare)(state, &dispatch))
        }
        Task::Query => html! { <><Banner state={state.clone()} />{ body(state) }</> },
        Task::Session => tool(state.parts, &dispatch, |tools| (tools.script)(state, &dispatch)),
        Task::Sql => {
            let body = tool(state.parts, &dispatch, |tools| (tools.sql)(state, &dispatch));
            return html! { <div class="results results--whole"><div class="results__body">{ body }</div></div> };
        }
    };
    html! {
        <div class="results">
            <Tabs state={state.clone()} />
            <div class="results__body" id="results-body" role="tabpanel" aria-labelledby={tabs::shown_id(state)} tabindex="0">
                { body }
            </div>
            // Always there: a child that comes and goes would have the tabs drawn anew, and cost them the focus.
            <div>{ for origin(state) }</div>
        </div>
    }
}

/// Where objects came from, below whatever shows them.
fn origin(state: &Slice<State>) -> Option<Html> {
    let ran = state.outcome.as_ref().filter(|_| state.view.task == Task::Query)?;
    let objects = !matches!(state.view.result, ResultTab::Statements | ResultTab::Compare);
    let shown = objects && ran.outcome.graph.total > 0;
    let legend = Legend::new(&ran.good.schema, &state.project.draft);
    shown.then(|| html! { <Origin key={ran.outcome.number} ran={Slice::from(ran)} {legend} /> })
}

/// The statements of the last query, for below the diagram.
pub(super) fn statements_beside(state: &State) -> Html {
    let Some(ran) = &state.outcome else { return Html::default() };
    let legend = Legend::new(&ran.good.schema, &state.project.draft);
    html! { <StatementsTab ran={Slice::from(ran)} {legend} mended={state.mended.as_ref().map(Slice::from)} in_place={state.view.in_place} /> }
}

fn body(state: &Slice<State>) -> Html {
    let Some(ran) = &state.outcome else {
        return if state.failure.is_some() {
            Html::default()
        } else {
            html! { <Empty tab={state.view.result} /> }
        };
    };
    let legend = Legend::new(&ran.good.schema, &state.project.draft);
    let ran: Slice<Ran> = ran.into();
    let objectless = ran.planned.plan().is_none();
    match state.view.result {
        ResultTab::Objects | ResultTab::Graph | ResultTab::Identity if objectless => html! {
            <p class="results__none">
                { "Groups are rows: no objects are made of them. They are shown under “Rows”." }
            </p>
        },
        ResultTab::Statements => statements_beside(state),
        ResultTab::Rows => html! { <RowsTab state={state.clone()} {ran} {legend} /> },
        ResultTab::Objects => html! { <ObjectsTab {ran} {legend} /> },
        ResultTab::Graph => html! { <GraphTab {ran} {legend} /> },
        // It needs no result, and has a body of its own.
        ResultTab::Compare => Html::default(),
        ResultTab::Identity => html! { <IdentityTab {ran} {legend} /> },
    }
}

/// What most tabs need.
#[derive(Properties, PartialEq)]
pub struct TabProps {
    /// The run.
    pub ran: Slice<Ran>,
    /// The models' colours.
    pub legend: Legend,
}

#[derive(Properties, PartialEq)]
struct EmptyProps {
    tab: ResultTab,
}

/// Before anything was run: what there will be to see, and the button.
#[function_component]
fn Empty(props: &EmptyProps) -> Html {
    let dispatch = use_dispatch();
    let run = Callback::from(move |_| dispatch.emit(Action::Run));
    let promise = match props.tab {
        ResultTab::Statements => "Run the query to see the statements that it sends.",
        ResultTab::Rows => "Run the query to see the rows that come back.",
        ResultTab::Objects => "Run the query to see the objects that are made of the rows.",
        ResultTab::Graph => "Run the query to see the objects drawn, each once.",
        ResultTab::Compare => "",
        ResultTab::Identity => "Run the query to see each object once, and what the identity map saved.",
    };
    html! {
        <div class="results__empty">
            <p>{ promise }</p>
            <button type="button" class="button button--primary" onclick={run}>
                <span aria-hidden="true">{ "▶" }</span>{ "Run" }
            </button>
        </div>
    }
}

/// The badge of an object: its model's letter and its key, on the model's colour. The same wherever the object shows.
fn badge(legend: &Legend, model: ModelId, key: &[Value], class: &'static str) -> Html {
    let name = legend.object(model, key);
    html! { <span class={yew::classes!("object-badge", legend.class(model), class)}>{ name }</span> }
}

/// The tokens of an object: its own, that of the row of the document that it is, and its model's.
fn object_tokens(object: &ObjectView) -> String {
    let row = object.row.map_or(String::new(), |row| format!("{row} "));
    format!("{} {row}{}", token(object.id), object.model)
}

/// The token of an object.
fn token(object: ObjectId) -> String {
    format!("o{}", object.0)
}
