//! The engine behind the protocol: a request comes in, a response goes out.

mod compare;
mod console;
mod filling;
#[cfg(target_arch = "wasm32")]
mod keeping;
#[cfg(target_arch = "wasm32")]
mod listen;
mod objects;
mod seldom;
mod session;
mod view;

#[cfg(target_arch = "wasm32")]
pub use listen::listen;
pub use session::Session;
