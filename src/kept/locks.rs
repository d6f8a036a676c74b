//! One tab at a time: a lock by the database's name, and a line on which the others may ask for a copy.

use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BroadcastChannel, MessageEvent};

use super::browser::{done, get, global, sleep};
use super::files::Files;
use super::snapshot::blob;

/// How long another tab has to answer, in milliseconds.
const PATIENCE: u32 = 10_000;

fn line(name: &str) -> String {
    format!("relata-kept {name}")
}

/// Whether a lock was given.
pub(super) enum Locked {
    /// It is held until this is dropped, or the worker ends.
    Yes(Lock),
    /// Another tab, or another database of this one, has it.
    Taken,
    /// The browser has no locks.
    Unknown,
}

/// A lock that is held.
pub(super) struct Lock(Function);

impl Drop for Lock {
    fn drop(&mut self) {
        // Nothing listens any more if it fails.
        let _ = self.0.call0(&JsValue::UNDEFINED);
    }
}

/// Asks for the lock of that name. A page that was just left may hold it for a moment longer.
pub(super) async fn lock(name: &str) -> Locked {
    let locks = global(&["navigator", "locks"]);
    if !locks.is_object() {
        return Locked::Unknown;
    }
    for _ in 0..10 {
        match request(&locks, name).await {
            Ok(Some(release)) => return Locked::Yes(Lock(release)),
            Ok(None) => sleep(100).await,
            Err(_) => return Locked::Unknown,
        }
    }
    Locked::Taken
}

/// What ends the lock, if it is free.
async fn request(locks: &JsValue, name: &str) -> Result<Option<Function>, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &true.into())?;
    let ask: Function = get(locks, "request").dyn_into()?;
    let mut held = Err(JsValue::UNDEFINED);
    let granted = Promise::new(&mut |granted, _| {
        let on_answer = Closure::once_into_js(move |lock: JsValue| {
            if lock.is_null() {
                return granted.call1(&JsValue::UNDEFINED, &JsValue::NULL);
            }
            // It is held until this promise is kept.
            Ok(Promise::new(&mut |release, _| drop(granted.call1(&JsValue::UNDEFINED, &release))).into())
        });
        held = ask.call3(locks, &line(name).into(), &options, &on_answer);
    });
    // The browser may also refuse altogether, as where storage is denied.
    Ok(done(Promise::race(&Array::of2(&granted, &held?))).await?.dyn_into().ok())
}

/// Answers the other tabs that ask for a copy, as long as it lives.
pub(super) struct Giving {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Giving {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// Gives a copy of these files to each tab that asks, as they were committed last.
pub(super) fn give(name: &str, files: Rc<Files>) -> Result<Giving, JsValue> {
    let channel = BroadcastChannel::new(&line(name))?;
    let target = channel.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if event.data().is_string() {
            // Between the statements of a transaction there is none to give: whoever asks is told so.
            let copy = blob(&files).map_or(JsValue::NULL, JsValue::from);
            let _ = target.post_message(&copy);
        }
    });
    channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    Ok(Giving { channel, _on_message: on_message })
}

/// Why another tab gave no copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoCopy {
    /// It is in the middle of a transaction.
    Busy,
    /// It did not answer.
    Silent,
}

/// A copy of the database that another tab has open.
pub(super) async fn ask_for_copy(name: &str) -> Result<Blob, NoCopy> {
    let channel = BroadcastChannel::new(&line(name)).map_err(|_| NoCopy::Silent)?;
    let mut listener = None;
    let answer = Promise::new(&mut |answered, _| {
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // What is not an answer is the question of yet another tab.
            if !event.data().is_string() {
                drop(answered.call1(&JsValue::UNDEFINED, &event.data()));
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        listener = Some(on_message);
    });
    let silence = Promise::new(&mut |resolve, _| {
        wasm_bindgen_futures::spawn_local(async move {
            sleep(PATIENCE).await;
            let _ = resolve.call0(&JsValue::UNDEFINED);
        });
    });
    let _ = channel.post_message(&"copy".into());
    let answer = done(Promise::race(&Array::of2(&answer, &silence))).await;
    channel.close();
    drop(listener);
    match answer {
        Ok(answer) if answer.is_null() => Err(NoCopy::Busy),
        Ok(answer) => answer.dyn_into().map_err(|_| NoCopy::Silent),
        Err(_) => Err(NoCopy::Silent),
    }
}
