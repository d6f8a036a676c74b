//! The SQL that creates the tables.

use yew::{Html, function_component, html};

use super::app::PanelProps;

/// The SQL that creates the tables.
#[function_component]
pub fn SchemaPanel(props: &PanelProps) -> Html {
    html! { <p>{ &props.state.project.name }</p> }
}
