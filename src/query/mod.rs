//! What the user asks, and the plan of statements that answers it.
//!
//! A [`QueryDraft`] is what the form holds; [`check`] makes a [`Query`] of it; [`plan`] turns that into a [`Plan`]:
//! steps, each a statement with what its result columns are, where its parameters come from and how often it runs.
//! The plan is data. N+1 is no special case in it: it is a step that runs once per object.
//!
//! Loading strategies differ in statements only. For every query all of them lead to the same graph.

mod check;
mod draft;
mod hop;
mod includes;
mod names;
mod plan;
mod planner;
mod print;
mod strategy;

pub use check::{Place, check};
pub use draft::{FilterDraft, IncludeDraft, Joiner, OrderDraft, Path, QueryDraft, Test, TestDraft};
pub use plan::{
    Cells, Filter, Include, JsonAt, JsonColumn, Node, NodeId, OrderBy, Plan, Predicate, Query, ResultColumn,
    Role, Runs, Step, StepId, When,
};
pub use planner::plan;
pub use strategy::{CHUNK, Strategy};
