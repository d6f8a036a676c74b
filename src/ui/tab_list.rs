//! A list of tabs: one is on, and arrow keys go from one to the next.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::{Callback, Html, classes, html};

/// One of the tabs.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    /// Its id.
    pub id: &'static str,
    /// What it says.
    pub text: &'static str,
    /// How much there is to see on it.
    pub count: Option<String>,
}

/// The list. `controls` is the id of what the tabs switch; `class` how they look: `tabs`, or `switch` in a heading.
pub fn tab_list(
    label: &'static str,
    class: &'static str,
    tabs: &[Tab],
    current: usize,
    controls: &'static str,
    choose: Callback<usize>,
) -> Html {
    let ids: Vec<&'static str> = tabs.iter().map(|tab| tab.id).collect();
    let onkeydown = {
        let choose = choose.clone();
        Callback::from(move |event: KeyboardEvent| {
            let Some(to) = reached(current, ids.len(), &event.key()) else { return };
            event.prevent_default();
            choose.emit(to);
            focus(ids[to]);
        })
    };
    let one = |(at, tab): (usize, &Tab)| {
        let on = at == current;
        let choose = choose.clone();
        html! {
            <button type="button" role="tab" key={tab.id} id={tab.id} class={classes!("tab", on.then_some("tab--on"))}
                aria-selected={on.to_string()} aria-controls={controls} tabindex={if on { "0" } else { "-1" }}
                onclick={Callback::from(move |_| choose.emit(at))}>
                { tab.text }
                if let Some(count) = &tab.count {
                    { " " }<span class="tab__count">{ count }</span>
                }
            </button>
        }
    };
    html! { <div {class} role="tablist" aria-label={label} {onkeydown}>{ for tabs.iter().enumerate().map(one) }</div> }
}

/// The tab that a key leads to.
fn reached(current: usize, tabs: usize, key: &str) -> Option<usize> {
    match key {
        "ArrowRight" => Some((current + 1) % tabs),
        "ArrowLeft" => Some((current + tabs - 1) % tabs),
        "Home" => Some(0),
        "End" => Some(tabs - 1),
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

    #[test]
    fn arrows_go_round() {
        assert_eq!(reached(3, 4, "ArrowRight"), Some(0));
        assert_eq!(reached(0, 4, "ArrowLeft"), Some(3));
        assert_eq!(reached(1, 4, "End"), Some(3));
        assert_eq!(reached(1, 4, "x"), None);
    }
}
