//! Kept databases, as the package's worker (`package/kept-worker.js`) calls them.

#![allow(unreachable_pub, reason = "wasm-bindgen exports only what is public")]

use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Blob;

use super::registry;
use crate::engine::functions;
use crate::kept::{self, Kept, KeptError, Wish};

/// A kept database, which stays open until this is freed.
#[wasm_bindgen]
pub struct KeptFile {
    kept: Rc<Kept>,
}

/// Opens a kept database. `keep` is what is allowed: `opfs`, `snapshot` or `memory`; `tell(read, of)` answers whether
/// to go on.
///
/// # Errors
/// An error with a `code`.
#[wasm_bindgen]
pub async fn kept_open(
    name: String,
    content: Option<Blob>,
    copy: bool,
    keep: String,
    tell: Function,
) -> Result<KeptFile, JsValue> {
    let wish = Wish { content, copy, no_files: keep == "snapshot", no_keeping: keep == "memory" };
    let kept = Kept::open(&name, wish, &|read, of| ask(&tell, read, of)).await.map_err(error)?;
    Ok(KeptFile { kept: Rc::new(kept) })
}

/// All kept databases: `[{name, bytes}]`.
#[wasm_bindgen]
pub async fn kept_list() -> Array {
    kept::list()
        .await
        .into_iter()
        .map(|listed| object(&[("name", listed.name.into()), ("bytes", (listed.bytes as f64).into())]))
        .collect()
}

/// Deletes a kept database.
///
/// # Errors
/// An error with a `code`.
#[wasm_bindgen]
pub async fn kept_remove(name: String) -> Result<(), JsValue> {
    kept::remove(&name).await.map_err(error)
}

/// How much room there is: `{usage, quota, persisted}`, or undefined where the browser does not say.
#[wasm_bindgen]
pub async fn kept_room() -> JsValue {
    let Some((usage, quota, persisted)) = kept::room().await else { return JsValue::UNDEFINED };
    object(&[("usage", usage.into()), ("quota", quota.into()), ("persisted", persisted.into())])
}

#[wasm_bindgen]
impl KeptFile {
    /// Opens a connection and gives the number that a `Database` is made of.
    ///
    /// # Errors
    /// An error with a `code`: what is there is no database.
    pub fn connect(&self) -> Result<u32, JsValue> {
        let connection = self.kept.named().connect();
        let connection = connection.map_err(|why| error(KeptError::from(why)))?;
        functions::register(&connection).map_err(|why| error(KeptError::from(why)))?;
        Ok(registry::share(Rc::new(connection)))
    }

    /// How it stands: `{place, saved, why, words, bytes}`.
    pub fn standing(&self) -> JsValue {
        let standing = self.kept.standing();
        object(&[
            ("place", standing.place.name().into()),
            ("saved", standing.saved.into()),
            ("words", standing.words().into()),
            ("why", standing.why.into()),
            ("bytes", (standing.bytes as f64).into()),
        ])
    }

    /// Whether there is anything new that `save` would keep.
    pub fn unsaved(&self) -> bool {
        self.kept.unsaved()
    }

    /// Keeps what was committed, where that is not done with every commit.
    pub fn save(&self) -> Promise {
        let kept = Rc::clone(&self.kept);
        future_to_promise(async move {
            kept.save().await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// The database's file.
    pub fn file(&self, tell: Function) -> Promise {
        let kept = Rc::clone(&self.kept);
        future_to_promise(async move {
            let file = kept.file(&|read, of| ask(&tell, read, of)).await;
            file.map(JsValue::from).map_err(error)
        })
    }
}

/// Tells a script how far it is; it goes on unless the answer is false.
fn ask(tell: &Function, read: u64, of: u64) -> bool {
    let answer = tell.call2(&JsValue::UNDEFINED, &(read as f64).into(), &(of as f64).into());
    answer.is_ok_and(|answer| answer != JsValue::FALSE)
}

fn error(why: KeptError) -> JsValue {
    let error = js_sys::Error::new(&why.to_string());
    // A property of an error that was just made can be set.
    let _ = Reflect::set(&error, &"code".into(), &why.code().into());
    error.into()
}

fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // A property of an object that was just made can be set.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
