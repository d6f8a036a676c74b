//! Random projects, and the graph that a query should give, made without SQL.

pub mod brute_force;
pub mod projects;
