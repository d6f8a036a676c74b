//! The comparison of strategies on the page: whether it runs, and what came of it.

use std::rc::Rc;

use super::state::{EngineStatus, Good, State};
use crate::protocol::{Comparison, Failure};
use crate::query::{QueryDraft, Strategy};

/// Where the comparison stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparing {
    /// Whether it is to be made as soon as the worker can.
    pub wanted: bool,
    /// The schema, the query and the revision of the one that is under way.
    pub running: Option<(Rc<Good>, QueryDraft, u64)>,
    /// What came of the last one.
    pub done: Option<Rc<Compared>>,
    /// Why the last one was not made at all.
    pub failure: Option<Failure>,
}

/// What came of a comparison, with what it was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// What came of it.
    pub comparison: Comparison,
    /// The schema it was made under.
    pub good: Rc<Good>,
    /// The query.
    pub query: QueryDraft,
    /// The document's revision at that time.
    pub revision: u64,
}

impl Compared {
    /// Whether a query loads everything in the way that was compared under this name.
    pub fn is_asked(&self, strategy: Option<Strategy>, query: &QueryDraft) -> bool {
        match strategy {
            Some(strategy) => every(query, strategy) == *query && !query.includes.is_empty(),
            None => self.query == *query,
        }
    }
}

impl Comparing {
    /// Takes a comparison in, with what is known of the one that was under way.
    pub(super) fn take(&mut self, comparison: Comparison) {
        if let Some((good, query, revision)) = self.running.take() {
            self.failure = None;
            self.done = Some(Rc::new(Compared { comparison, good, query, revision }));
        }
    }

    /// Notes why there is none.
    pub(super) fn fail(&mut self, failure: Failure) {
        self.running = None;
        self.failure = Some(failure);
    }
}

impl State {
    /// Whether the comparison is of other rows or another query. To choose one of its strategies changes nothing of it.
    pub fn comparison_is_stale(&self) -> bool {
        self.comparing.done.as_ref().is_some_and(|done| {
            let query = &self.project.query;
            let ways = &done.comparison.ways;
            done.revision < self.data_revision
                || every(&done.query, Strategy::Lazy) != every(query, Strategy::Lazy)
                || !ways.iter().any(|way| done.is_asked(way.strategy, query))
        })
    }

    /// The tab is opened: whoever looks wants to see.
    pub(super) fn comparison_shown(self) -> State {
        let has = self.comparing.done.is_some() && !self.comparison_is_stale();
        // Without a database it would be waited for in vain; to run it starts another one.
        let failed = matches!(self.engine, EngineStatus::Failed(_));
        if has || failed || self.comparing.running.is_some() { self } else { self.comparison_asked() }
    }

    /// The comparison is to be made, if objects are asked for.
    pub(super) fn comparison_asked(mut self) -> State {
        let objects = self.compiled.planned.as_ref().is_some_and(|planned| planned.plan().is_some());
        self.comparing.wanted = objects;
        self
    }
}

fn every(query: &QueryDraft, strategy: Strategy) -> QueryDraft {
    let mut query = query.clone();
    query.load_every(strategy);
    query
}
