//! A clock for limits and for the times that are shown.

/// Microseconds since some moment in the past.
#[cfg(not(target_arch = "wasm32"))]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads a clock, and not the browser's half"
)]
pub(super) fn micros() -> u64 {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_micros() as u64
}

/// Microseconds since some moment in the past, as finely as the browser tells.
#[cfg(target_arch = "wasm32")]
pub(super) fn micros() -> u64 {
    use wasm_bindgen::prelude::wasm_bindgen;
    #[wasm_bindgen]
    extern "C" {
        // Pages, workers and Node all have it; web-sys would want to know which of them this is.
        #[wasm_bindgen(js_namespace = performance)]
        fn now() -> f64;
    }
    (now() * 1000.0) as u64
}
