//! One query, every strategy: what each way to load costs.

use serde::{Deserialize, Serialize};

use super::Failure;
use crate::compare::Figures;
use crate::query::Strategy;

/// How often a way is run for its time, if it is quick; a slow one less often.
pub const TIMED: u32 = 5;

/// What each way to load costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The ways: the query as it was asked for if that mixes strategies, then each strategy throughout. A query that loads
    /// nothing with its objects has but one.
    pub ways: Vec<ComparedWay>,
}

impl Comparison {
    /// How many ways brought a graph, how many objects the first of them has, and whether all are equal.
    pub fn graphs(&self) -> (usize, u32, bool) {
        let brought = || self.ways.iter().filter(|way| way.graph.is_some());
        let objects = brought().next().map_or(0, |way| way.objects);
        (brought().count(), objects, brought().all(|way| way.graph == Some(0)))
    }
}

/// One way to load what a query asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedWay {
    /// The strategy of everything that is loaded; `None` for the query as it was asked for.
    pub strategy: Option<Strategy>,
    /// What it cost, the time being the median of several runs. If it failed, what was sent until then.
    pub figures: Figures,
    /// How often it was run for its time.
    pub runs: u32,
    /// How many objects came of it.
    pub objects: u32,
    /// Which graph came of it: ways with the same number brought equal ones. `None` if it failed.
    pub graph: Option<u32>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
}
