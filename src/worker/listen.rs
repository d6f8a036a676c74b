//! The session behind a dedicated worker's messages.

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::Session;
use crate::protocol::{Answer, Failure, FailureKind, Request, RequestId, Response};
use crate::wire::{READY, from_js, to_js};

/// Answers every message of the page from now on, and says once that it listens.
pub fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let mut session = Session::default();
    let target = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let response = match from_js::<Request>(event.data()) {
            Ok(Request { id, ask }) => {
                let tell = &mut |progress| {
                    post(&target, &Response { id, answer: Ok(Answer::Progress(progress)) });
                };
                Response { id, answer: session.answer_telling(ask, tell) }
            }
            Err(words) => Response { id: RequestId(0), answer: Err(misunderstood(&words)) },
        };
        post(&target, &response);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The closure lives as long as the worker.
    on_message.forget();
    // Fails only if the page is gone.
    let _ = scope.post_message(&JsValue::from_str(READY));
}

fn post(scope: &DedicatedWorkerGlobalScope, response: &Response) {
    let message = to_js(response).or_else(|words| {
        let answer = Err(misunderstood(&words));
        to_js(&Response { id: response.id, answer })
    });
    if let Ok(message) = message {
        let _ = scope.post_message(&message);
    }
}

fn misunderstood(words: &str) -> Failure {
    Failure {
        kind: FailureKind::Protocol,
        message: format!("Page and worker do not understand each other ({words}). Reload the page."),
        sqlite: String::new(),
    }
}
