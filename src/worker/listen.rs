//! The session behind a dedicated worker's messages.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::Session;
use super::keeping::Keeping;
use crate::protocol::{Answer, Ask, Failure, FailureKind, Request, RequestId, Response};
use crate::wire::{READY, STOP, apart, from_js, to_js};

/// Answers every message of the page from now on, and says once that it listens.
pub fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let session = Rc::new(RefCell::new(Session::default()));
    let keeping = Keeping::new(scope.clone(), Rc::clone(&session));
    let target = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().as_string().as_deref() == Some(STOP) {
            return keeping.stopped.set(true);
        }
        let (message, file) = apart(event.data());
        let response = match from_js::<Request>(message) {
            Ok(Request { id, ask: Ask::Kept(ask) }) => {
                let file = file.and_then(|file| file.dyn_into().ok());
                return spawn_local(Rc::clone(&keeping).answer(id, ask, file));
            }
            Ok(Request { id, ask }) => {
                let tell = &mut |progress| {
                    post(&target, &Response { id, answer: Ok(Answer::Progress(progress)) });
                };
                let runs = matches!(ask, Ask::Sql(..));
                let answer = session.borrow_mut().answer_telling(ask, tell);
                if runs {
                    spawn_local(Rc::clone(&keeping).after_run());
                }
                Response { id, answer }
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
