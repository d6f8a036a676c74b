//! The JavaScript package: what scripts see of the engine.
//!
//! The classes that scripts use are JavaScript (`package/`); here is what they call, made of numbers and of packed rows, since
//! each crossing costs. [`share`] puts any connection behind a `Database` of JavaScript.

mod answers;
mod exports;
mod functions;
mod groups;
#[cfg(all(feature = "kept", target_arch = "wasm32"))]
mod kept;
mod outcome;
mod playground;
mod registry;

pub use registry::{close, connection, share};
