//! What came back.

use yew::{Html, function_component, html};

use super::app::PanelProps;

/// What came back.
#[function_component]
pub fn Results(props: &PanelProps) -> Html {
    html! { <p>{ &props.state.project.name }</p> }
}
