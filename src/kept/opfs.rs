//! The browser's own file system: a folder for each database, with its two files, opened for this worker alone.

use js_sys::{AsyncIterator, IteratorNext};
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemRemoveOptions,
    FileSystemSyncAccessHandle,
};

use super::browser::{done, global, kind, sleep, slot_error, storage, words};
use super::files::{Slot, SlotError};
use super::{Listed, MAGIC};

/// The folder of all databases.
const FOLDER: &str = "relata-kept";
/// What stands before a database's name in that of its folder: so none is reserved.
const MARK: &str = "db-";
const MAIN: &str = "database.sqlite";
const JOURNAL: &str = "journal";

/// A file that only this worker has open.
pub(super) struct SyncSlot(FileSystemSyncAccessHandle);

impl Drop for SyncSlot {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn place(at: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(at as f64);
    options
}

impl Slot for SyncSlot {
    fn read(&self, at: u64, into: &mut [u8]) -> Result<usize, SlotError> {
        let read = self.0.read_with_u8_array_and_options(into, &place(at));
        read.map(|count| count as usize).map_err(|error| slot_error(&error))
    }

    fn write(&self, at: u64, bytes: &[u8]) -> Result<(), SlotError> {
        match self.0.write_with_u8_array_and_options(bytes, &place(at)) {
            Ok(count) if count as usize == bytes.len() => Ok(()),
            Ok(_) => Err(SlotError { full: true, words: "Not everything could be written.".into() }),
            Err(error) => Err(slot_error(&error)),
        }
    }

    fn truncate(&self, size: u64) -> Result<(), SlotError> {
        self.0.truncate_with_f64(size as f64).map_err(|error| slot_error(&error))
    }

    fn flush(&self) -> Result<(), SlotError> {
        self.0.flush().map_err(|error| slot_error(&error))
    }

    fn size(&self) -> Result<u64, SlotError> {
        self.0.get_size().map(|size| size as u64).map_err(|error| slot_error(&error))
    }
}

/// The folder of all databases.
///
/// # Errors
/// Why this browser, or this page, has none: a sentence's second half.
async fn root() -> Result<FileSystemDirectoryHandle, String> {
    if global(&["FileSystemSyncAccessHandle"]).is_undefined() {
        return Err("this browser has no files for pages".into());
    }
    let storage = storage().ok_or("the page did not come over a secure connection (https)")?;
    if !super::browser::get(&storage, "getDirectory").is_function() {
        return Err("this browser has no files for pages".into());
    }
    let denied = |error| format!("the browser does not let this page keep files ({})", words(&error));
    let root: FileSystemDirectoryHandle =
        done(storage.get_directory()).await.map_err(denied)?.unchecked_into();
    folder(&root, FOLDER).await.map_err(denied)
}

async fn folder(
    within: &FileSystemDirectoryHandle,
    name: &str,
) -> Result<FileSystemDirectoryHandle, JsValue> {
    let create = FileSystemGetDirectoryOptions::new();
    create.set_create(true);
    Ok(done(within.get_directory_handle_with_options(name, &create)).await?.unchecked_into())
}

fn folder_name(name: &str) -> String {
    format!("{MARK}{}", js_sys::encode_uri_component(name))
}

/// The two files of a database, opened; made if there are none.
///
/// # Errors
/// Why they cannot be: a sentence's second half.
pub(super) async fn open(name: &str) -> Result<[SyncSlot; 2], String> {
    let root = root().await?;
    let denied = |error| format!("the browser does not open the database's files ({})", words(&error));
    let folder = folder(&root, &folder_name(name)).await.map_err(denied)?;
    Ok([slot(&folder, MAIN).await.map_err(denied)?, slot(&folder, JOURNAL).await.map_err(denied)?])
}

async fn slot(folder: &FileSystemDirectoryHandle, name: &str) -> Result<SyncSlot, JsValue> {
    let create = FileSystemGetFileOptions::new();
    create.set_create(true);
    let file: FileSystemFileHandle =
        done(folder.get_file_handle_with_options(name, &create)).await?.unchecked_into();
    // A page that was just left may hold its files for a moment longer.
    let mut patience = 20;
    loop {
        match done(file.create_sync_access_handle()).await {
            Ok(handle) => return Ok(SyncSlot(handle.unchecked_into())),
            Err(error) if patience > 0 && kind(&error) == "NoModificationAllowedError" => {
                patience -= 1;
                sleep(100).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// All databases with anything in them.
pub(super) async fn list() -> Vec<Listed> {
    let Ok(root) = root().await else { return Vec::new() };
    let mut found = Vec::new();
    let folders: AsyncIterator = root.keys();
    while let Ok(next) = folders.next() {
        let Ok(next) = done(next).await else { break };
        let next: IteratorNext = next.unchecked_into();
        if next.done() {
            break;
        }
        let name = next.value().as_string().unwrap_or_default();
        if let Some(listed) = listed(&root, &name).await {
            found.push(listed);
        }
    }
    found
}

async fn listed(root: &FileSystemDirectoryHandle, folder: &str) -> Option<Listed> {
    let name = String::from(js_sys::decode_uri_component(folder.strip_prefix(MARK)?).ok()?);
    let folder: FileSystemDirectoryHandle =
        done(root.get_directory_handle(folder)).await.ok()?.unchecked_into();
    let file: FileSystemFileHandle = done(folder.get_file_handle(MAIN)).await.ok()?.unchecked_into();
    let file: Blob = done(file.get_file()).await.ok()?.unchecked_into();
    let start = done(file.slice_with_i32_and_i32(0, MAGIC.len() as i32).ok()?.array_buffer()).await.ok()?;
    // One that was being filled when the page went has no beginning.
    let whole = js_sys::Uint8Array::new(&start).to_vec() == MAGIC;
    whole.then(|| Listed { name, bytes: file.size() as u64 })
}

/// Deletes a database that nobody has open. One that is not there is no mistake.
///
/// # Errors
/// The browser's words.
pub(super) async fn remove(name: &str) -> Result<(), String> {
    let Ok(root) = root().await else { return Ok(()) };
    let all = FileSystemRemoveOptions::new();
    all.set_recursive(true);
    match done(root.remove_entry_with_options(&folder_name(name), &all)).await {
        Err(error) if kind(&error) != "NotFoundError" => Err(words(&error)),
        _ => Ok(()),
    }
}
