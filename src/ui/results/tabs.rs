//! The tabs of the results, with how much each of them has to show.

use yew::{Html, function_component};

use super::words::grouped;
use crate::ui::action::{Action, Show};
use crate::ui::app::{PanelProps, use_dispatch};
use crate::ui::script_story::sent;
use crate::ui::scripting::{ScriptTab, Task};
use crate::ui::state::{ResultTab, State};
use crate::ui::tab_list::{Tab, tab_list};

const TABS: [ResultTab; 6] = [
    ResultTab::Statements,
    ResultTab::Rows,
    ResultTab::Objects,
    ResultTab::Graph,
    ResultTab::Identity,
    ResultTab::Compare,
];

/// The id of a tab.
fn id(tab: ResultTab) -> &'static str {
    match tab {
        ResultTab::Statements => "tab-statements",
        ResultTab::Rows => "tab-rows",
        ResultTab::Objects => "tab-objects",
        ResultTab::Graph => "tab-graph",
        ResultTab::Compare => "tab-compare",
        ResultTab::Identity => "tab-identity",
    }
}

fn label(tab: ResultTab) -> &'static str {
    match tab {
        ResultTab::Statements => "Statements",
        ResultTab::Rows => "Rows",
        ResultTab::Objects => "Objects",
        ResultTab::Graph => "Graph",
        ResultTab::Compare => "Compare",
        ResultTab::Identity => "Identity map",
    }
}

fn count(state: &State, tab: ResultTab) -> Option<u32> {
    let ran = state.outcome.as_ref()?;
    let outcome = &ran.outcome;
    match tab {
        ResultTab::Statements => Some(outcome.sent()),
        ResultTab::Rows => Some(outcome.rows()),
        ResultTab::Objects => ran.planned.plan().map(|_| outcome.graph.total),
        ResultTab::Graph | ResultTab::Identity | ResultTab::Compare => None,
    }
}

/// The tabs of what came of a query, each with its name and its id.
pub fn tabs() -> impl Iterator<Item = (ResultTab, &'static str, &'static str)> {
    TABS.into_iter().map(|tab| (tab, label(tab), id(tab)))
}

/// The tabs of what came of a script, each with its name and its id.
pub fn script_tabs() -> impl Iterator<Item = (ScriptTab, &'static str, &'static str)> {
    SCRIPT_TABS.into_iter().map(|tab| (tab, script_label(tab), script_id(tab)))
}

/// The list of tabs.
#[function_component]
pub(super) fn Tabs(props: &PanelProps) -> Html {
    let dispatch = use_dispatch();
    let state = &props.state;
    match state.view.task {
        Task::Query => {
            let tab = |tab| Tab { id: id(tab), text: label(tab), count: count(state, tab).map(grouped) };
            let current = TABS.iter().position(|tab| *tab == state.view.result).unwrap_or(0);
            let choose = dispatch.reform(|at: usize| Action::Show(Show::Result(TABS[at])));
            tab_list("Results", "tabs", &TABS.map(tab), current, "results-body", choose)
        }
        Task::Session => {
            let current = SCRIPT_TABS.iter().position(|tab| *tab == state.view.script).unwrap_or(0);
            let choose = dispatch.reform(|at: usize| Action::Show(Show::Script(SCRIPT_TABS[at])));
            let tab =
                |tab| Tab { id: script_id(tab), text: script_label(tab), count: script_count(state, tab) };
            tab_list("Results", "tabs", &SCRIPT_TABS.map(tab), current, "results-body", choose)
        }
        Task::Sql => Html::default(),
    }
}

const SCRIPT_TABS: [ScriptTab; 3] = [ScriptTab::Consequences, ScriptTab::Statements, ScriptTab::Objects];

/// The id of the tab that is shown.
pub(super) fn shown_id(state: &State) -> &'static str {
    match state.view.task {
        Task::Query => id(state.view.result),
        Task::Session | Task::Sql => script_id(state.view.script),
    }
}

fn script_id(tab: ScriptTab) -> &'static str {
    match tab {
        ScriptTab::Statements => "tab-script-statements",
        ScriptTab::Objects => "tab-script-objects",
        ScriptTab::Consequences => "tab-script-consequences",
    }
}

fn script_label(tab: ScriptTab) -> &'static str {
    match tab {
        ScriptTab::Statements => "Statements",
        ScriptTab::Objects => "Objects",
        ScriptTab::Consequences => "Consequences",
    }
}

fn script_count(state: &State, tab: ScriptTab) -> Option<String> {
    let ran = state.script.ran.as_ref()?;
    Some(match tab {
        ScriptTab::Statements => sent(&ran.outcome).to_string(),
        ScriptTab::Objects => ran.outcome.objects.len().to_string(),
        ScriptTab::Consequences => ran.told.tally.total().to_string(),
    })
}
