//! What the state has done to the world outside: the worker is asked, the project kept, the colours set, the focus
//! moved. Each hook reads the state and acts; what comes back are actions.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use yew::{UseReducerHandle, hook, use_effect, use_effect_with, use_memo};

use super::action::{Action, Asked};
use super::bridge::Bridge;
use super::keeper;
use super::pump::due;
use super::state::{EngineStatus, State};
use super::storage;

/// How long the document must have been left alone before the database is made anew, in milliseconds.
const SETTLED: u32 = 150;
/// How long before it is kept in the browser.
const KEPT: u32 = 400;

/// The worker there is, and the revision of the data up to which nothing has changed for a moment.
#[derive(Clone, Default)]
struct Line {
    bridge: Rc<RefCell<Option<Bridge>>>,
    settled: Rc<Cell<Option<u64>>>,
}

/// Keeps a worker running and asks it for whatever the state needs next.
#[hook]
pub fn use_engine(state: &UseReducerHandle<State>) {
    let line = use_memo((), |()| Line::default());
    let failed = matches!(state.engine, EngineStatus::Failed(_));
    {
        let (state, line) = (state.clone(), Rc::clone(&line));
        use_effect_with((state.worker, failed), move |(_, failed)| {
            // The old worker goes first: it may be in an endless query.
            line.bridge.borrow_mut().take();
            if !*failed {
                match Bridge::start(state.dispatcher().to_callback()) {
                    Ok(bridge) => *line.bridge.borrow_mut() = Some(bridge),
                    Err(why) => state.dispatch(Action::WorkerFailed(why)),
                }
            }
        });
    }
    {
        let (state, line) = (state.clone(), Rc::clone(&line));
        use_effect_with(state.data_revision, move |revision| {
            let revision = *revision;
            let timeout = Timeout::new(SETTLED, move || {
                // Remembered, for the worker may be busy just now: then it is asked when it has answered.
                line.settled.set(Some(revision));
                ask(&state, &line);
            });
            move || drop(timeout)
        });
    }
    {
        let line = Rc::clone(&line);
        use_effect_with(state.parts.answers, move |_| {
            if let Some(bridge) = line.bridge.borrow().as_ref() {
                bridge.read();
            }
        });
    }
    let state = state.clone();
    use_effect(move || ask(&state, &line));
}

/// Asks for the next thing. The handle always reads the state as it is now, and dispatching changes it at once, so
/// what is noted as asked is what was sent.
fn ask(state: &UseReducerHandle<State>, line: &Line) {
    let settled = line.settled.get().is_some_and(|revision| revision >= state.data_revision);
    let next = due(state, settled);
    if let (Some((request, asked)), Some(bridge)) = (next, line.bridge.borrow().as_ref()) {
        // First it is noted: what fails at once answers at once, and an answer to nothing asked is dropped.
        let apart = matches!(asked, Asked::Sql | Asked::SqlRows(_)) && state.keeping.is_apart();
        state.dispatch(Action::Asked(request.id, asked));
        if apart { keeper::send(&request) } else { bridge.send(&request) }
    }
}

/// Keeps the project in the browser, a moment after each change and when the page is left.
#[hook]
pub fn use_saving(state: &UseReducerHandle<State>) {
    {
        let handle = state.clone();
        use_effect_with(state.revision, move |revision| {
            // Nothing to keep yet: a first visit that only looks leaves no trace.
            let timeout = (*revision > 0).then(|| Timeout::new(KEPT, move || keep(&handle)));
            move || drop(timeout)
        });
    }
    let handle = state.clone();
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "pagehide", move |_| {
                if handle.revision > 0 {
                    keep(&handle);
                }
            })
        });
        move || drop(listener)
    });
}

fn keep(state: &UseReducerHandle<State>) {
    if let Err(why) = storage::keep_project(&state.project) {
        state.dispatch(Action::SaveFailed(why));
    }
}

/// Sets the colours, as an attribute that the style sheets look at.
#[hook]
pub fn use_theme(state: &UseReducerHandle<State>) {
    use_effect_with(state.view.theme, |theme| {
        let root = web_sys::window().and_then(|window| window.document()?.document_element());
        if let Some(root) = root {
            let _ = root.set_attribute("data-theme", storage::theme_name(*theme));
        }
        storage::keep_theme(*theme);
    });
}

/// Keeps the SQL that was run.
#[hook]
pub fn use_history(state: &UseReducerHandle<State>) {
    use_effect_with(state.console.history.clone(), |history| {
        if !history.is_empty() {
            storage::keep_history(history);
        }
    });
}

/// Keeps that the advice of a first visit was closed.
#[hook]
pub fn use_tips(state: &UseReducerHandle<State>) {
    use_effect_with(state.view.tips, |shown| {
        if !shown {
            storage::keep_tips_closed();
        }
    });
}

/// Moves the focus to what an edit made, or to where the next step is after it removed something.
#[hook]
pub fn use_focus(state: &UseReducerHandle<State>) {
    use_effect_with(state.focus.clone(), |focus| {
        let Some(focus) = focus else { return };
        let element =
            web_sys::window().and_then(|window| window.document()?.get_element_by_id(&focus.element));
        let Some(element) = element else { return };
        if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
            input.select();
        }
        if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
            let _ = element.focus();
        }
    });
}
