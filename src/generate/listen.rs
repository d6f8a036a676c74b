//! The generator as a dedicated worker: an order comes in, what was made goes out part by part.

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{make, preview};
use crate::protocol::{Ask, Order, Request};
use crate::wire::{READY, from_js, to_js};

/// Answers every order from now on, and says once that it listens. Rows go out as requests to the worker with the
/// database, for the page to hand on.
pub fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let target = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        // The page is of the same build: it says nothing that is not understood.
        let Ok(order) = from_js::<Order>(event.data()) else { return };
        // Posting fails only if the page is gone.
        let post = |message: Result<JsValue, String>| {
            let _ = message.map(|message| target.post_message(&message));
        };
        match order {
            Order::Rows(id, draft, data) => {
                make(draft, data, &mut |part| post(to_js(&Request { id, ask: Ask::Fill(part) })));
            }
            Order::Preview(draft, data, seed) => post(to_js(&preview(&draft, &data, seed))),
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The closure lives as long as the worker.
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str(READY));
}
