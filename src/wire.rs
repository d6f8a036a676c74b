//! Messages between page and worker as JavaScript values, the same on both sides.
//!
//! Integers of 64 bits travel as BigInt: a number would round them beyond 2⁵³.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// What the worker posts once, as a string, when it listens. Messages sent before would be lost.
pub const READY: &str = "ready";

/// A message as a JavaScript value that `postMessage` can clone.
///
/// # Errors
/// What could not be turned into one.
pub fn to_js<T: Serialize + ?Sized>(message: &T) -> Result<JsValue, String> {
    let serializer = Serializer::new().serialize_large_number_types_as_bigints(true);
    message.serialize(&serializer).map_err(|error| error.to_string())
}

/// A message from a JavaScript value.
///
/// # Errors
/// What was not understood.
pub fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, String> {
    serde_wasm_bindgen::from_value(value).map_err(|error| error.to_string())
}
