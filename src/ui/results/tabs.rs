//! The tabs of the results, with how much each of them has to show.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::{Callback, Html, classes, function_component, html};

use super::words::grouped;
use crate::ui::action::{Action, Show};
use crate::ui::app::{PanelProps, use_dispatch};
use crate::ui::state::{ResultTab, State};

const TABS: [ResultTab; 4] = [ResultTab::Statements, ResultTab::Rows, ResultTab::Objects, ResultTab::Graph];

/// The id of a tab.
pub(super) fn id(tab: ResultTab) -> &'static str {
    match tab {
        ResultTab::Statements => "tab-statements",
        ResultTab::Rows => "tab-rows",
        ResultTab::Objects => "tab-objects",
        ResultTab::Graph => "tab-graph",
    }
}

fn label(tab: ResultTab) -> &'static str {
    match tab {
        ResultTab::Statements => "Statements",
        ResultTab::Rows => "Rows",
        ResultTab::Objects => "Objects",
        ResultTab::Graph => "Graph",
    }
}

fn count(state: &State, tab: ResultTab) -> Option<u32> {
    let ran = state.outcome.as_ref()?;
    let outcome = &ran.outcome;
    match tab {
        ResultTab::Statements => Some(outcome.sent()),
        ResultTab::Rows => Some(outcome.rows()),
        ResultTab::Objects => ran.planned.plan().map(|_| outcome.graph.total),
        ResultTab::Graph => None,
    }
}

/// The list of tabs. Arrow keys go from one to the next.
#[function_component]
pub(super) fn Tabs(props: &PanelProps) -> Html {
    let dispatch = use_dispatch();
    let current = props.state.view.result;
    let show = {
        let dispatch = dispatch.clone();
        move |tab| dispatch.emit(Action::Show(Show::Result(tab)))
    };
    let onkeydown = {
        let show = show.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(to) = reached(current, &event.key()) else { return };
            event.prevent_default();
            show(to);
            focus(id(to));
        })
    };
    let tabs = TABS.map(|tab| {
        let on = tab == current;
        let show = show.clone();
        html! {
            <button type="button" role="tab" key={id(tab)} id={id(tab)} class={classes!("tab", on.then_some("tab--on"))}
                aria-selected={on.to_string()} aria-controls="results-body" tabindex={if on { "0" } else { "-1" }}
                onclick={Callback::from(move |_| show(tab))}>
                { label(tab) }
                if let Some(count) = count(&props.state, tab) {
                    { " " }<span class="tab__count">{ grouped(count) }</span>
                }
            </button>
        }
    });
    html! { <div class="tabs" role="tablist" aria-label="Results" {onkeydown}>{ for tabs }</div> }
}

/// The tab that a key leads to.
fn reached(current: ResultTab, key: &str) -> Option<ResultTab> {
    let at = TABS.iter().position(|tab| *tab == current)?;
    match key {
        "ArrowRight" => Some(TABS[(at + 1) % TABS.len()]),
        "ArrowLeft" => Some(TABS[(at + TABS.len() - 1) % TABS.len()]),
        "Home" => TABS.first().copied(),
        "End" => TABS.last().copied(),
        _ => None,
    }
}

fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        // A tab that cannot take the focus is shown all the same.
        let _ = element.focus();
    }
}

#[cfg(test)]
mod tests {
    use super::reached;
    use crate::ui::state::ResultTab;

    #[test]
    fn arrows_go_round() {
        assert_eq!(reached(ResultTab::Graph, "ArrowRight"), Some(ResultTab::Statements));
        assert_eq!(reached(ResultTab::Statements, "ArrowLeft"), Some(ResultTab::Graph));
        assert_eq!(reached(ResultTab::Rows, "End"), Some(ResultTab::Graph));
        assert_eq!(reached(ResultTab::Rows, "x"), None);
    }
}
