//! The layout as a dedicated worker: an outline comes in, the places go out, and it ends.

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{Laid, Outline, lay_out};
use crate::wire::{READY, from_js, to_js};

/// Answers the one message that the page sends, having said that it listens.
pub fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let target = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let laid: Laid = from_js::<Outline>(event.data()).map(|outline| lay_out(&outline));
        if let Ok(message) = to_js(&laid) {
            // Fails only if the page is gone.
            let _ = target.post_message(&message);
        }
        target.close();
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The closure lives as long as the worker.
    on_message.forget();
    let _ = scope.post_message(&JsValue::from_str(READY));
}
