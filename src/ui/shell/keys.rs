//! The keys that work everywhere on the page.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::{Callback, KeyboardEvent, UseStateSetter, hook, use_effect_with};

use crate::ui::action::Action;

/// Listens for the keys that work everywhere.
#[hook]
pub(super) fn use_keys(dispatch: &Callback<Action>, help: UseStateSetter<bool>) {
    let dispatch = dispatch.clone();
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
                match meant(key) {
                    Some(Meant::Do(action)) => dispatch.emit(action),
                    Some(Meant::Help) => help.set(true),
                    None => return,
                }
                event.prevent_default();
            })
        });
        move || drop(listener)
    });
}

enum Meant {
    Do(Action),
    Help,
}

fn meant(event: &KeyboardEvent) -> Option<Meant> {
    let command = event.ctrl_key() || event.meta_key();
    let key = event.key();
    match (command, event.shift_key(), key.to_lowercase().as_str()) {
        // What is typed is in the document at once, so the page's own history knows every letter: the browser's
        // would only undo what it shows in one field.
        (true, false, "z") => Some(Meant::Do(Action::Undo)),
        (true, true, "z") | (true, false, "y") => Some(Meant::Do(Action::Redo)),
        (true, false, "enter") => Some(Meant::Do(Action::Run)),
        (false, _, "f1") => Some(Meant::Help),
        (false, _, "?") if !typing(event) => Some(Meant::Help),
        _ => None,
    }
}

/// Whether the key goes into a field.
fn typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}
