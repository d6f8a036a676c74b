//! Messages between page and worker as bytes, the same on both sides.
//!
//! Both are of one build (that is what their greeting checks), so a message tells values and no names: that spares
//! each binary the code that tells names apart. What travels must therefore be read whole, in the order in which it is
//! written: nothing in it may be left out when it is saved (`skip_serializing_if`) or be of a type that only its
//! content tells (`untagged`, `flatten`).

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

/// What the worker posts, as a string, when it begins to listen and whenever it is greeted. Messages sent before would be lost.
pub const READY: &str = "ready";

/// What the page posts, as a string, to greet a worker, which may be there already and may have been unheard so far.
/// `static/boot.js` says it, too: a worker that waits with its program until the page's is here goes on then.
pub const HELLO: &str = "hello";

/// What the page posts, as a string, when a file is to be read or saved no further.
pub const STOP: &str = "stop";

/// A message without the file that came with it, and that file: the two stand in an array then.
pub fn apart(message: JsValue) -> (JsValue, Option<JsValue>) {
    match message.dyn_into::<Array>() {
        Ok(both) => (both.get(0), Some(both.get(1))),
        Err(message) => (message, None),
    }
}

/// A message as a JavaScript value that `postMessage` can clone.
///
/// # Errors
/// What could not be turned into one.
pub fn to_js<T: Serialize>(message: &T) -> Result<JsValue, String> {
    let bytes = postcard::to_allocvec(message).map_err(|error| error.to_string())?;
    Ok(Uint8Array::from(bytes.as_slice()).into())
}

/// A message from a JavaScript value.
///
/// # Errors
/// What was not understood.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, String> {
    let bytes = value.dyn_into::<Uint8Array>().map_err(|_| "it is of another kind")?;
    postcard::from_bytes(&bytes.to_vec()).map_err(|error| error.to_string())
}
