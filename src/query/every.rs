//! A query as it would be if all that it loads were loaded in one way.

use super::draft::{IncludeDraft, QueryDraft};
use super::strategy::Strategy;

impl QueryDraft {
    /// Has every include, however deep, loaded in this way. An inner join is left only to what joins.
    pub fn load_every(&mut self, strategy: Strategy) {
        set(&mut self.includes, strategy);
    }
}

fn set(includes: &mut [IncludeDraft], strategy: Strategy) {
    for include in includes {
        include.strategy = strategy;
        include.inner &= strategy.joins();
        set(&mut include.includes, strategy);
    }
}
