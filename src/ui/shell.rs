//! The frame of the page: top bar, panels and the borders between them.

use yew::{Html, function_component, html};

use super::app::PanelProps;
use super::query::QueryForm;
use super::results::Results;
use super::schema::SchemaPanel;

/// The frame.
#[function_component]
pub fn Shell(props: &PanelProps) -> Html {
    let state = &props.state;
    html! {
        <main>
            <SchemaPanel state={state.clone()} />
            <QueryForm state={state.clone()} />
            <Results state={state.clone()} />
        </main>
    }
}
