//! The query form.

use yew::{Html, function_component, html};

use super::app::PanelProps;

/// The query form.
#[function_component]
pub fn QueryForm(props: &PanelProps) -> Html {
    html! { <p>{ &props.state.project.name }</p> }
}
