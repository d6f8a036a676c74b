//! The line to the worker that has the console's own database, and the file that waits to be read or was given.

use std::cell::RefCell;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Blob, File};
use yew::{Callback, UseReducerHandle, hook, use_effect, use_effect_with};

use super::action::Action;
use super::bridge::Bridge;
use super::files;
use super::keeping::Keep;
use super::state::State;
use super::storage;
use crate::protocol::{Ask, KeptAsk, Request, RequestId};

thread_local! {
    static BRIDGE: RefCell<Option<Bridge>> = const { RefCell::new(None) };
    /// What was picked last: files have no place in the state.
    static PICKED: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// Has a file wait, for a database to be made of it.
pub(super) fn pick(file: File) {
    PICKED.set(Some(file));
}

/// Sends a request to the console's own database.
pub(super) fn send(request: &Request) {
    BRIDGE.with_borrow(|bridge| {
        if let Some(bridge) = bridge {
            bridge.send(request);
        }
    });
}

/// Keeps a worker running as soon as one is needed, and asks it for whatever is wanted next.
#[hook]
pub fn use_keeper(state: &UseReducerHandle<State>) {
    {
        let state = state.clone();
        use_effect_with(state.keeping.worker, move |worker| {
            // The old one goes first: it has the files.
            BRIDGE.take();
            if *worker > 0 {
                match Bridge::start(teller(&state)) {
                    Ok(bridge) => BRIDGE.set(Some(bridge)),
                    Err(why) => state.dispatch(Action::Keep(Keep::Lost(why))),
                }
            }
        });
    }
    use_effect_with(state.keeping.stops, |stops| {
        if *stops > 0 {
            BRIDGE.with_borrow(|bridge| bridge.iter().for_each(Bridge::stop));
        }
    });
    use_effect_with(state.parts.answers, |_| {
        BRIDGE.with_borrow(|bridge| bridge.iter().for_each(Bridge::read));
    });
    let at_risk = state.keeping.open().is_some_and(|now| now.only_in_memory);
    use_effect_with(at_risk, |at_risk| {
        // The browser asks whether to leave the page.
        let options = EventListenerOptions::enable_prevent_default();
        let window = web_sys::window().filter(|_| *at_risk);
        let listener = window.map(|window| {
            let ask = |event: &web_sys::Event| event.prevent_default();
            EventListener::new_with_options(&window, "beforeunload", options, ask)
        });
        move || drop(listener)
    });
    use_effect_with(state.keeping.remembered.clone(), |name| storage::keep_database(name.as_deref()));
    let state = state.clone();
    use_effect(move || ask(&state));
}

/// What happens to this worker happens to the console only.
fn teller(state: &UseReducerHandle<State>) -> Callback<Action> {
    let state = state.clone();
    Callback::from(move |action: Action| {
        state.dispatch(match action {
            Action::WorkerLost(why) | Action::WorkerFailed(why) => Action::Keep(Keep::Lost(why)),
            other => other,
        });
    })
}

fn ask(state: &UseReducerHandle<State>) {
    let keeping = &state.keeping;
    let (Some(ask), None) = (keeping.wanted.clone(), keeping.asked) else { return };
    if BRIDGE.with_borrow(Option::is_none) {
        return;
    }
    let file = matches!(ask, KeptAsk::Open { .. }).then(|| PICKED.take()).flatten();
    let request = Request { id: RequestId(state.last_request + 1), ask: Ask::Kept(ask) };
    state.dispatch(Action::Keep(Keep::Asked(request.id)));
    BRIDGE.with_borrow(|bridge| {
        if let Some(bridge) = bridge {
            bridge.send_with(&request, file.as_ref());
        }
    });
}

/// Offers a file that came with an answer.
pub(super) fn offer(file: &js_sys::Array) {
    let (Ok(blob), Some(name)) = (file.get(1).dyn_into::<Blob>(), file.get(2).as_string()) else { return };
    // Fails only where the browser forbids downloads, and then it says so itself.
    let _ = files::offer(&files::file_name(&name, "sqlite"), &blob);
}
