//! Raise: nothing is loaded, and touching the property is an error that names it.
//!
//! As SQLAlchemy's `lazy="raise"`: the guard against an N+1 that slips in.

use super::Loader;
use super::lazy::for_one;
use crate::query::plan::{NodeId, Runs};
use crate::query::planner::{Asked, Planner};

pub(super) struct Raise;

impl Loader for Raise {
    fn label(&self) -> &'static str {
        "raise"
    }

    fn summary(&self) -> &'static str {
        "Nothing is sent: code that touches the property gets an error, so that no N+1 slips in unseen."
    }

    fn loads(&self) -> bool {
        false
    }

    fn waits(&self) -> bool {
        true
    }

    fn load(&self, planner: &mut Planner<'_>, asked: &Asked<'_>) -> NodeId {
        let (select, source) = for_one(planner, asked);
        let key = planner.hop(&asked.end).asks_by();
        planner.add_step(asked, select, source, Runs::Raises { key })
    }
}
