//! The rows of the models.

use yew::{Html, function_component, html};

use super::app::PanelProps;

/// The rows of the models.
#[function_component]
pub fn DataPanel(props: &PanelProps) -> Html {
    html! { <p>{ &props.state.project.name }</p> }
}
