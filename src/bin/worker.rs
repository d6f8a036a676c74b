//! The worker: the engine behind the protocol.

fn main() {
    #[cfg(target_arch = "wasm32")]
    relata::worker::listen();
}
