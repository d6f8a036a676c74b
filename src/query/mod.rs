//! What the user asks, and the plan of statements that answers it.
//!
//! A [`QueryDraft`] is what the form holds; [`check`] makes a [`Query`] of it; [`plan`] turns that into a [`Plan`]:
//! steps, each a statement with what its result columns are, where its parameters come from and how often it runs.
//! The plan is data. N+1 is no special case in it: it is a step that runs once per object.
//!
//! Loading strategies differ in statements only. For every query all of them lead to the same graph.

mod check;
mod conditions;
mod draft;
mod filters;
mod forget;
mod grouping;
mod groups;
mod order;
mod plan;
mod planner;
mod print;
mod root;
mod scope;
mod strategy;
mod values;

pub use check::{Place, ask, check};
pub use draft::{
    AggregateDraft, ComputedDraft, FilterDraft, GroupKeyDraft, GroupValueDraft, GroupingDraft, HavingDraft,
    IncludeDraft, Joiner, OrderDraft, Path, QueryDraft, RelatedDraft, RelatedTest, Test, TestDraft,
};
pub use grouping::{GroupKey, GroupPlan, GroupValue, Grouping, Question, group};
pub use plan::{
    Aggregate, Computed, FieldPath, Filter, Include, Measure, Node, NodeId, OrderBy, OrderKey, Plan,
    Predicate, Quantifier, Query, ResultColumn, Role, Runs, Step, StepId,
};
pub use planner::plan;
pub use strategy::{CHUNK, Strategy};
