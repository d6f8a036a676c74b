//! Random projects, and the graph that a query should give, made without SQL.

pub(crate) mod brute_force;
mod kinds;
pub(crate) mod projects;
pub(crate) mod questions;
mod values;
pub(crate) mod wild;
