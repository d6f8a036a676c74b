//! Databases kept in the browser: opened again after a reload, and as they were committed after a crash.
//!
//! A database is two files, its own and SQLite's journal, opened ahead of SQLite ([`Files`]). Where they lie is all
//! that differs: in the browser's own file system, or in memory, with a copy of the whole after each commit in
//! IndexedDB or without one.

#[cfg(target_arch = "wasm32")]
mod browser;
mod files;
mod host;
#[cfg(target_arch = "wasm32")]
mod locks;
#[cfg(target_arch = "wasm32")]
mod opfs;
#[cfg(target_arch = "wasm32")]
mod snapshot;
mod standing;
#[cfg(target_arch = "wasm32")]
mod store;
mod vfs;

#[cfg(target_arch = "wasm32")]
pub use browser::sleep as pause;
pub use files::{Files, Slot, SlotError};
pub use standing::{KeptError, Listed, Place, Standing};
#[cfg(target_arch = "wasm32")]
pub use store::{Kept, Wish, list, remove, room};
pub use vfs::{Named, prepare};

/// What every database's file begins with.
#[cfg(target_arch = "wasm32")]
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
