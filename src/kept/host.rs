//! What SQLite asks of the machine besides files: the time, sleep, chance.

use std::time::Duration;

use rsqlite_vfs::{OsCallback, VfsResult};

/// The machine below.
pub(super) struct Host;

#[cfg(target_arch = "wasm32")]
impl OsCallback for Host {
    fn sleep(&self, duration: Duration) {
        sqlite_wasm_rs::WasmOsCallback.sleep(duration);
    }

    fn random(&self, into: &mut [u8]) -> usize {
        sqlite_wasm_rs::WasmOsCallback.random(into)
    }

    fn epoch_timestamp_in_ms(&self) -> VfsResult<i64> {
        sqlite_wasm_rs::WasmOsCallback.epoch_timestamp_in_ms()
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::disallowed_methods, reason = "the browser has its own, above")]
impl OsCallback for Host {
    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }

    fn random(&self, into: &mut [u8]) -> usize {
        use std::hash::{BuildHasher, RandomState};
        for (place, piece) in into.chunks_mut(8).enumerate() {
            let number = RandomState::new().hash_one(place).to_ne_bytes();
            piece.copy_from_slice(&number[..piece.len()]);
        }
        into.len()
    }

    fn epoch_timestamp_in_ms(&self) -> VfsResult<i64> {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Ok(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
