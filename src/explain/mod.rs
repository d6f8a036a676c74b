//! How SQLite goes about a statement, whether that is how it should, and the index that would mend it.
//!
//! SQLite's own `EXPLAIN QUERY PLAN` comes in as lines of text ([`plan_lines`]); the syntax tree of the same statement says
//! which rows are wanted at all. Both together tell a full scan that is a waste from one that reads what was asked for
//! ([`remarks`]), and which columns an index could find the rows by ([`candidates`]). Whether it would, only SQLite can
//! say: the engine asks it again with the index ([`is_better`]).

mod advice;
mod conditions;
mod plan;

pub use advice::{Advice, Candidate, Explained, IndexOn, Remark, Remarked, candidates, is_better, remarks};
pub use plan::{Access, PlanLine, Way, plan_lines};
