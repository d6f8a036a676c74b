//! The session behind a dedicated worker's messages.

#[cfg(feature = "split")]
use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::Session;
#[cfg(feature = "split")]
use super::seldom::{answering, is_seldom, load};
use crate::protocol::{Answer, Failure, FailureKind, Request, RequestId, Response};
use crate::wire::{READY, from_js, to_js};

/// Answers every message of the page from now on, and says once that it listens.
pub fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let mut session = Session::default();
    let target = scope.clone();
    let answer = move |Request { id, ask }: Request| {
        let tell = &mut |progress| post(&target, &Response { id, answer: Ok(Answer::Progress(progress)) });
        let answer = session.answer_telling(ask, tell);
        post(&target, &Response { id, answer });
    };
    #[cfg(feature = "split")]
    let answer = in_turn(answer);
    let mut answer = answer;
    let target = scope.clone();
    let on_message =
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| match from_js(event.data()) {
            Ok(request) => answer(request),
            Err(words) => {
                post(&target, &Response { id: RequestId(0), answer: Err(misunderstood(&words)) });
            }
        });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The closure lives as long as the worker.
    on_message.forget();
    // Fails only if the page is gone.
    let _ = scope.post_message(&JsValue::from_str(READY));
}

/// Answers each request in its turn. One that needs the part of the program that is seldom needed waits until that is
/// loaded, and those behind it wait, too.
#[cfg(feature = "split")]
fn in_turn(answer: impl FnMut(Request) + 'static) -> impl FnMut(Request) {
    struct Line<F> {
        answer: F,
        waiting: VecDeque<Request>,
    }
    let line = Rc::new(RefCell::new(Line { answer, waiting: VecDeque::new() }));
    move |request| {
        let mut now = line.borrow_mut();
        if now.waiting.is_empty() && (answering().is_some() || !is_seldom(&request.ask)) {
            return (now.answer)(request);
        }
        now.waiting.push_back(request);
        if now.waiting.len() > 1 {
            return;
        }
        let line = Rc::clone(&line);
        wasm_bindgen_futures::spawn_local(async move {
            // Where it cannot be loaded, the answer says so.
            let _ = load().await;
            let mut line = line.borrow_mut();
            while let Some(request) = line.waiting.pop_front() {
                (line.answer)(request);
            }
        });
    }
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
