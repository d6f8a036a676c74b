//! Has a drawing laid out by a worker of its own, whose program is loaded when something is first drawn.

use std::rc::Rc;

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, Worker};
use yew::{Callback, hook, use_context, use_effect_with, use_state};

use super::bridge::{js_message, module_worker};
use crate::layout::{Laid, Outline};
use crate::wire::{READY, from_js, to_js};

/// The script that Trunk writes to start the worker.
const SCRIPT: &str = "./relata-layout_loader.js";

/// What lays out instead of the worker, where there is none: in a test, from a context around the component.
pub type Layouter = Callback<Rc<Outline>, Laid>;

/// The places for an outline, as soon as they are there; why there will be none, in plain words.
#[hook]
pub fn use_laid(outline: &Rc<Outline>) -> Option<Rc<Laid>> {
    let layouter = use_context::<Layouter>();
    let laid = use_state(|| None::<(Rc<Outline>, Rc<Laid>)>);
    let setter = laid.setter();
    use_effect_with(Rc::clone(outline), move |outline| {
        let of = Rc::clone(outline);
        let done = Callback::from(move |laid| setter.set(Some((Rc::clone(&of), Rc::new(laid)))));
        let job = match layouter {
            Some(layouter) => {
                done.emit(layouter.emit(Rc::clone(outline)));
                None
            }
            None => Job::start(Rc::clone(outline), done),
        };
        move || drop(job)
    });
    laid.as_ref().filter(|(of, _)| of == outline).map(|(_, laid)| Rc::clone(laid))
}

/// A running worker. Dropping it ends it.
struct Job {
    worker: Worker,
    _listeners: [EventListener; 2],
}

impl Job {
    fn start(outline: Rc<Outline>, done: Callback<Laid>) -> Option<Job> {
        let worker = module_worker(SCRIPT).map_err(|error| done.emit(Err(js_message(&error)))).ok()?;
        let on_error = {
            let done = done.clone();
            EventListener::new(&worker, "error", move |_| done.emit(Err("its program failed".into())))
        };
        let on_message = {
            let target = worker.clone();
            EventListener::new(&worker, "message", move |event| {
                let data = event.dyn_ref::<MessageEvent>().map(MessageEvent::data).unwrap_or_default();
                if data.as_string().as_deref() != Some(READY) {
                    return done.emit(from_js::<Laid>(data).and_then(|laid| laid));
                }
                let sent = to_js(&*outline)
                    .and_then(|message| target.post_message(&message).map_err(|error| js_message(&error)));
                if let Err(why) = sent {
                    done.emit(Err(why));
                }
            })
        };
        Some(Job { worker, _listeners: [on_error, on_message] })
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
