//! The engine behind the protocol: a request comes in, a response goes out.

mod filling;
#[cfg(target_arch = "wasm32")]
mod listen;
mod session;
mod view;

#[cfg(target_arch = "wasm32")]
pub use listen::listen;
pub use session::Session;
