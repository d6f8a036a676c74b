//! The worker that lays drawings out.

fn main() {
    #[cfg(target_arch = "wasm32")]
    relata::layout::listen();
}
