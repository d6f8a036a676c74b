//! Whole databases in IndexedDB, for browsers without files: each is put there in one transaction, so that what is
//! there is always one as it was committed.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, IdbDatabase, IdbFactory, IdbObjectStore, IdbRequest, IdbTransaction};

use super::Listed;
use super::browser::{done, get, global, slot_error, words};
use super::files::{Files, SlotError};

const DATABASE: &str = "relata-kept";
const STORE: &str = "snapshots";
/// How much is taken out of a database at once, in bytes.
const PIECE: usize = 4 << 20;

/// What a request comes to.
async fn answered(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        // Handlers that are set are called with an event; what came of it is read from the request.
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    let failed = |_| request.error().ok().flatten().map_or(JsValue::UNDEFINED, JsValue::from);
    done(promise).await.map_err(failed)?;
    request.result()
}

async fn open() -> Result<IdbDatabase, JsValue> {
    let factory = global(&["indexedDB"]);
    if !factory.is_object() {
        return Err("it has no IndexedDB".into());
    }
    let request = factory.unchecked_into::<IdbFactory>().open_with_u32(DATABASE, 1)?;
    let target = request.clone();
    let make = Closure::once(move || {
        if let Ok(database) = target.result() {
            // It is a new one: there is no such store yet.
            let _ = database.unchecked_into::<IdbDatabase>().create_object_store(STORE);
        }
    });
    request.set_onupgradeneeded(Some(make.as_ref().unchecked_ref()));
    Ok(answered(&request).await?.unchecked_into())
}

/// Opens, does one thing, waits until it is done for good, and closes.
async fn with<F>(writes: bool, work: F) -> Result<JsValue, JsValue>
where
    F: FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
{
    let database = open().await?;
    let result = within(&database, writes, work).await;
    database.close();
    result
}

async fn within<F>(database: &IdbDatabase, writes: bool, work: F) -> Result<JsValue, JsValue>
where
    F: FnOnce(&IdbObjectStore) -> Result<IdbRequest, JsValue>,
{
    let transaction = begin(database, if writes { "readwrite" } else { "readonly" })?;
    let ended = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    let request = work(&transaction.object_store(STORE)?)?;
    let answer = answered(&request).await;
    let failed = |_| transaction.error().map_or(JsValue::UNDEFINED, JsValue::from);
    done(ended).await.map_err(failed)?;
    answer
}

/// A transaction that is on disk when it is told to be complete.
fn begin(database: &IdbDatabase, mode: &str) -> Result<IdbTransaction, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &"strict".into())?;
    let begin: Function = get(database, "transaction").dyn_into()?;
    Ok(begin.call3(database, &STORE.into(), &mode.into(), &options)?.unchecked_into())
}

/// The database of that name, if it was kept so.
///
/// # Errors
/// Why there can be none here: a sentence's second half.
pub(super) async fn read(name: &str) -> Result<Option<Blob>, String> {
    let found = with(false, |store| store.get(&name.into())).await;
    let found =
        found.map_err(|error| format!("the browser does not let this page keep data ({})", words(&error)))?;
    Ok(found.dyn_into::<Blob>().ok())
}

/// Keeps the database as it is. Afterwards it is on disk.
///
/// # Errors
/// If it is not; what was there before still is.
pub(super) async fn write(name: &str, files: &Files) -> Result<(), SlotError> {
    let blob = blob(files)?;
    let written = with(true, |store| store.put_with_key(&blob, &name.into())).await;
    written.map(drop).map_err(|error| slot_error(&error))
}

/// Deletes a database. One that is not there is no mistake.
///
/// # Errors
/// The browser's words.
pub(super) async fn remove(name: &str) -> Result<(), String> {
    let removed = with(true, |store| store.delete(&name.into())).await;
    removed.map(drop).map_err(|error| words(&error))
}

/// All databases kept so.
pub(super) async fn list() -> Vec<Listed> {
    let (Ok(keys), Ok(blobs)) =
        (with(false, IdbObjectStore::get_all_keys).await, with(false, IdbObjectStore::get_all).await)
    else {
        return Vec::new();
    };
    let (keys, blobs): (Array, Array) = (keys.unchecked_into(), blobs.unchecked_into());
    let listed = |(key, blob): (JsValue, JsValue)| {
        let bytes = blob.dyn_into::<Blob>().ok()?.size() as u64;
        Some(Listed { name: key.as_string()?, bytes })
    };
    keys.iter().zip(blobs.iter()).filter_map(listed).collect()
}

/// The database as one piece that the browser holds outside this program's memory.
///
/// # Errors
/// If it cannot be read, or if a transaction is half written.
pub(super) fn blob(files: &Files) -> Result<Blob, SlotError> {
    let parts = Array::new();
    while let Some(part) = part(files, bytes_of(&parts))? {
        parts.push(&part);
    }
    joined(&parts)
}

/// The next part of such a piece; nothing at the end.
///
/// # Errors
/// As for [`blob`].
pub(super) fn part(files: &Files, at: u64) -> Result<Option<Blob>, SlotError> {
    let piece = files.piece(at, PIECE)?;
    if piece.is_empty() {
        return Ok(None);
    }
    let part = Array::of1(&Uint8Array::from(piece.as_slice()));
    Blob::new_with_u8_array_sequence(&part).map(Some).map_err(|error| slot_error(&error))
}

/// Parts as one piece.
///
/// # Errors
/// The browser's.
pub(super) fn joined(parts: &Array) -> Result<Blob, SlotError> {
    Blob::new_with_blob_sequence(parts).map_err(|error| slot_error(&error))
}

/// How big parts are together.
pub(super) fn bytes_of(parts: &Array) -> u64 {
    parts.iter().map(|part| part.unchecked_into::<Blob>().size() as u64).sum()
}
