//! The session behind a dedicated worker's messages.

use std::cell::RefCell;
#[cfg(feature = "split")]
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
#[cfg(feature = "split")]
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::Session;
use super::keeping::Keeping;
use super::seldom::seldom;
#[cfg(feature = "split")]
use super::seldom::{is_seldom, load};
use crate::protocol::{Answer, Ask, Failure, FailureKind, Request, RequestId, Response};
use crate::wire::{HELLO, READY, STOP, apart, from_js, to_js};

/// A request, and the file that came with it.
struct Asked {
    request: Request,
    file: Option<JsValue>,
}

/// Answers every message of the page from now on, and says that it listens.
pub fn listen() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let session = Rc::new(RefCell::new(Session::default()));
    let keeping = Keeping::new(scope.clone(), Rc::clone(&session));
    let target = scope.clone();
    let kept = Rc::clone(&keeping);
    let answer = move |Asked { request: Request { id, ask }, file }: Asked| {
        let ask = match (ask, seldom()) {
            (Ask::Kept(ask), Some(seldom)) => {
                let file = file.and_then(|file| file.dyn_into().ok());
                return (seldom.keep)(Rc::clone(&kept), id, ask, file);
            }
            (ask, _) => ask,
        };
        let tell = &mut |progress| post(&target, &Response { id, answer: Ok(Answer::Progress(progress)) });
        let runs = matches!(ask, Ask::Sql(..));
        let answer = session.borrow_mut().answer_telling(ask, tell);
        post(&target, &Response { id, answer });
        if let (true, Some(seldom)) = (runs, seldom()) {
            (seldom.after_run)(Rc::clone(&kept));
        }
    };
    #[cfg(feature = "split")]
    let mut answer = in_turn(answer);
    let target = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match event.data().as_string().as_deref() {
            Some(STOP) => return keeping.stopped.set(true),
            Some(HELLO) => return say_ready(&target),
            _ => {}
        }
        let (message, file) = apart(event.data());
        match from_js(message) {
            Ok(request) => answer(Asked { request, file }),
            Err(words) => {
                post(&target, &Response { id: RequestId(0), answer: Err(misunderstood(&words)) });
            }
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The closure lives as long as the worker.
    on_message.forget();
    say_ready(&scope);
}

fn say_ready(scope: &DedicatedWorkerGlobalScope) {
    // Fails only if the page is gone.
    let _ = scope.post_message(&JsValue::from_str(READY));
}

/// Answers each request in its turn. One that needs the part of the program that is seldom needed waits until that is
/// loaded, and those behind it wait, too.
#[cfg(feature = "split")]
fn in_turn(answer: impl FnMut(Asked) + 'static) -> impl FnMut(Asked) {
    struct Line<F> {
        answer: F,
        waiting: VecDeque<Asked>,
    }
    let line = Rc::new(RefCell::new(Line { answer, waiting: VecDeque::new() }));
    move |asked| {
        let mut now = line.borrow_mut();
        if now.waiting.is_empty() && (seldom().is_some() || !is_seldom(&asked.request.ask)) {
            return (now.answer)(asked);
        }
        now.waiting.push_back(asked);
        if now.waiting.len() > 1 {
            return;
        }
        let line = Rc::clone(&line);
        spawn_local(async move {
            // Where it cannot be loaded, the answer says so.
            let _ = load().await;
            let mut line = line.borrow_mut();
            while let Some(asked) = line.waiting.pop_front() {
                (line.answer)(asked);
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
