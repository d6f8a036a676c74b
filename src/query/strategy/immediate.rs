//! Immediate loading: lazy loading that does not wait. A statement for each object, right after all were read.
//!
//! As SQLAlchemy's `lazy="immediate"`, down to an oddity: a property to one waits until it is touched if it hangs on
//! objects which were themselves loaded immediately, or which may be of several kinds.

use super::Loader;
use super::lazy::one_by_one;
use crate::query::plan::{NodeId, Runs, When};
use crate::query::planner::{Asked, Planner};

pub(super) struct Immediate;

impl Loader for Immediate {
    fn label(&self) -> &'static str {
        "immediate"
    }

    fn summary(&self) -> &'static str {
        "One statement for each object, at once and whether code needs it or not: N+1 that nobody asked for."
    }

    fn passes_over(&self) -> bool {
        true
    }

    fn load(&self, planner: &mut Planner<'_>, asked: &Asked<'_>) -> NodeId {
        let above = &planner.step(planner.step_of(asked.parent)).runs;
        let below_immediate = matches!(above, Runs::PerObject { when: When::AtOnce, .. });
        let several_kinds = planner.node(asked.parent).kinds.as_ref().is_some_and(|kinds| kinds.of.len() > 1);
        let waits = (several_kinds || below_immediate) && planner.hop(&asked.end).names_target();
        one_by_one(planner, asked, if waits { When::Touched } else { When::AtOnce })
    }
}
