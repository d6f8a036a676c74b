//! The worker that makes rows.

fn main() {
    #[cfg(target_arch = "wasm32")]
    relata::generate::listen();
}
