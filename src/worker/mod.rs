//! The engine behind the protocol.

mod session;
mod view;

pub use session::Session;
