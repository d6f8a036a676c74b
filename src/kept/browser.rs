//! What of the browser the other files need: its promises, its errors, and where it keeps things.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageManager;

use super::files::SlotError;

/// What a promise comes to.
pub(super) async fn done(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

/// A property, `undefined` if there is none.
pub(super) fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or_default()
}

/// A property of what everything hangs on, by its path; `undefined` if there is none.
pub(super) fn global(path: &[&str]) -> JsValue {
    path.iter().fold(js_sys::global().into(), |of, name| get(&of, name))
}

/// The browser's storage, if it has one: it has none for pages that came over an insecure line.
pub(super) fn storage() -> Option<StorageManager> {
    let storage = global(&["navigator", "storage"]);
    storage.is_object().then(|| storage.unchecked_into())
}

/// The browser's own words for what went wrong.
pub(super) fn words(error: &JsValue) -> String {
    let text = |name| get(error, name).as_string().filter(|text| !text.is_empty());
    match (text("name"), text("message")) {
        (Some(name), Some(message)) => format!("{name}: {message}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => error.as_string().unwrap_or_else(|| "unknown error".into()),
    }
}

/// The name of an error's kind, as `QuotaExceededError`.
pub(super) fn kind(error: &JsValue) -> String {
    get(error, "name").as_string().unwrap_or_default()
}

pub(super) fn slot_error(error: &JsValue) -> SlotError {
    SlotError { full: kind(error) == "QuotaExceededError", words: words(error) }
}

/// Waits for so many milliseconds.
pub async fn sleep(millis: u32) {
    let timer = Promise::new(&mut |resolve, _| {
        let set: Function = global(&["setTimeout"]).unchecked_into();
        // It fails only with arguments of another kind.
        let _ = set.call2(&JsValue::UNDEFINED, &resolve, &millis.into());
    });
    let _ = done(timer).await;
}
