//! The keys that work everywhere on the page.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::document;
use wasm_bindgen::JsCast;
use yew::{Callback, KeyboardEvent, hook, use_effect_with};

use super::palette::perform;
use crate::ui::action::Action;
use crate::ui::commands::{Deed, Keys, everywhere};

/// Listens for the keys that work everywhere.
#[hook]
pub(super) fn use_keys(dispatch: &Callback<Action>) {
    let dispatch = dispatch.clone();
    use_effect_with((), move |()| {
        let commands: Vec<_> = everywhere().into_iter().filter(|command| !command.keys.is_empty()).collect();
        let listener = web_sys::window().map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                let Some(key) = event.dyn_ref::<KeyboardEvent>() else { return };
                let command =
                    commands.iter().find(|command| command.keys.iter().any(|keys| pressed(*keys, key)));
                let Some(command) = command else { return };
                // What is behind a dialog stays as it is.
                if document().query_selector("dialog[open]").ok().flatten().is_some() {
                    return;
                }
                event.prevent_default();
                match command.deeds.as_slice() {
                    // At once: the next key may already depend on it.
                    [Deed::Act(action)] => dispatch.emit(action.clone()),
                    deeds => perform(deeds.to_vec(), dispatch.clone()),
                }
            })
        });
        move || drop(listener)
    });
}

fn pressed(keys: Keys, event: &KeyboardEvent) -> bool {
    keys.are(event.ctrl_key() || event.meta_key(), event.shift_key(), &event.key(), typing(event))
        && !event.alt_key()
}

/// Whether the key goes into a field.
fn typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}
