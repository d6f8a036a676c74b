//! The form: models and relationships.

use yew::{Html, function_component, html};

use super::app::PanelProps;

/// The form: models and relationships.
#[function_component]
pub fn DefinePanel(props: &PanelProps) -> Html {
    html! { <p>{ &props.state.project.name }</p> }
}
