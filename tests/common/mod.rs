//! Random projects, and the graph that a query should give, made without SQL.

pub(crate) mod brute_force;
pub(crate) mod projects;
pub(crate) mod questions;
pub(crate) mod wild;
