//! What the user asks, and the plan of statements that answers it.
//!
//! A [`QueryDraft`] is what the form holds; [`check`] makes a [`Query`] of it; [`plan`] turns that into a [`Plan`]:
//! steps, each a statement with what its result columns are, where its parameters come from and how often it runs.
//! The plan is data. N+1 is no special case in it: it is a step that runs once per object.
//!
//! Loading strategies differ in statements only. For every query all of them lead to the same graph.

mod check;
mod checked;
mod chosen;
mod conditions;
mod draft;
mod every;
mod filters;
mod forget;
mod grouping;
mod groups;
mod hop;
mod includes;
mod loading;
mod names;
mod order;
mod plan;
mod planner;
mod print;
mod root;
mod scope;
mod strategy;
mod values;

pub use check::{Place, ask, check};
pub use checked::{
    Aggregate, Computed, FieldPath, Filter, Include, Measure, OrderBy, OrderKey, Predicate, Quantifier, Query,
};
pub use chosen::read_columns;
pub use draft::{
    AggregateDraft, ComputedDraft, FilterDraft, GroupKeyDraft, GroupValueDraft, GroupingDraft, HavingDraft,
    IncludeDraft, Joiner, OrderDraft, Path, QueryDraft, RelatedDraft, RelatedTest, Test, TestDraft,
};
pub use grouping::{GroupKey, GroupPlan, GroupValue, Grouping, Question, group};
pub use plan::{Cells, JsonAt, JsonColumn, Node, NodeId, Plan, ResultColumn, Role, Runs, Step, StepId, When};
pub use planner::plan;
pub(crate) use scope::{is_of, model_source, table_source};
pub use strategy::{CHUNK, Strategy};
