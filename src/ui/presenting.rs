//! Showing the page to a class: the diagram, the SQL and the results have all the room, in larger type. What it looks
//! like is up to the style sheets, which see it as an attribute of the page; Escape leaves it.

use gloo::events::EventListener;
use gloo::utils::{document, document_element, window};
use wasm_bindgen::JsCast;
use yew::{KeyboardEvent, UseReducerHandle, hook, use_effect_with};

use super::action::{Action, Show};
use super::scripting::Task;
use super::state::{ResultTab, State};
use super::storage;

/// The attribute of the page's root.
pub(super) const ATTRIBUTE: &str = "data-presenting";

/// The id of the button that begins and ends it.
pub const BUTTON: &str = "present";

impl State {
    /// The state when the page is shown to a class, or no longer.
    pub(super) fn presented(mut self, yes: bool) -> State {
        self.view.presenting = yes;
        if yes {
            // What is to be seen side by side is not to be folded, nor covered.
            (self.view.diagram.folded, self.view.diagram.large) = (false, false);
            self.view.query_folded |= self.outcome.is_some();
        }
        self
    }

    /// Whether the statements of the last query stand below the diagram: while a class sees something else of what came
    /// back.
    pub fn statements_beside(&self) -> bool {
        let elsewhere = self.view.task == Task::Query && self.view.result != ResultTab::Statements;
        self.view.presenting && elsewhere && self.outcome.is_some()
    }
}

/// Tells the style sheets and the browser's storage, and listens for Escape meanwhile.
#[hook]
pub fn use_presenting(state: &UseReducerHandle<State>) {
    let dispatcher = state.dispatcher();
    use_effect_with(state.view.presenting, move |presenting| {
        let root = document_element();
        let _ = match presenting {
            true => root.set_attribute(ATTRIBUTE, ""),
            false => root.remove_attribute(ATTRIBUTE),
        };
        storage::keep_presenting(*presenting);
        let listener = presenting.then(|| {
            EventListener::new(&window(), "keydown", move |event| {
                let escape = event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape");
                // Whatever else it closes comes first.
                let open = document().query_selector("dialog[open]").ok().flatten().is_some();
                if escape && !open && !event.default_prevented() {
                    dispatcher.dispatch(Action::Show(Show::Presenting(false)));
                }
            })
        });
        move || drop(listener)
    });
}
