//! The worker that makes rows: started when there is something for it to do, and ended with what wanted it.

use std::rc::Rc;

use gloo::events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker};
use yew::{Callback, hook, use_effect_with, use_state};

use super::bridge::{js_message, module_worker};
use super::slice::Slice;
use crate::project::Project;
use crate::protocol::{Order, Preview};
use crate::wire::{READY, from_js, to_js};

/// The script that Trunk writes to start the worker.
const SCRIPT: &str = "./relata-generator_loader.js";

/// A running generator. Dropping it ends it.
pub(super) struct Generator {
    worker: Worker,
    _listeners: [EventListener; 2],
}

impl Generator {
    /// Starts one with an order. `made` gets what it makes, message by message; `fail` why it makes nothing.
    pub(super) fn start(order: Order, made: Callback<JsValue>, fail: Callback<String>) -> Option<Generator> {
        let worker = module_worker(SCRIPT).map_err(|error| fail.emit(js_message(&error))).ok()?;
        let on_error = {
            let fail = fail.clone();
            EventListener::new(&worker, "error", move |_| fail.emit("Its program failed.".into()))
        };
        let on_message = {
            let target = worker.clone();
            EventListener::new(&worker, "message", move |event| {
                let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data).unwrap_or_default();
                if data.as_string().as_deref() != Some(READY) {
                    return made.emit(data);
                }
                let sent = to_js(&order)
                    .and_then(|message| target.post_message(&message).map_err(|error| js_message(&error)));
                if let Err(why) = sent {
                    fail.emit(why);
                }
            })
        };
        Some(Generator { worker, _listeners: [on_error, on_message] })
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// What the first rows of each model will look like, as soon as it is known; why it will not be.
#[hook]
pub(super) fn use_preview(project: &Slice<Project>, seed: u32) -> Option<Rc<Result<Preview, String>>> {
    let preview = use_state(|| None::<Rc<Result<Preview, String>>>);
    let setter = preview.setter();
    use_effect_with((project.clone(), seed), move |(project, seed)| {
        let done = Callback::from(move |preview| setter.set(Some(Rc::new(preview))));
        let order = Order::Preview(project.draft.clone(), project.data.clone(), *seed);
        let made = done.reform(|message: JsValue| from_js::<Preview>(message));
        let generator = Generator::start(order, made, done.reform(Err));
        move || drop(generator)
    });
    (*preview).clone()
}
