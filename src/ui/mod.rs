//! The page: one state, one pure reducer, actions up, slices of state down.
//!
//! `state`, `action`, `edit` and `reduce` are pure and tested natively. `effects` turns state into requests to the
//! worker and into saves. Everything else draws.

pub mod action;
pub mod state;
