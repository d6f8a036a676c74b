//! The SQL console on the page: whether it runs, what came of it, and what was run before.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::action::Recall;
use super::state::Good;
use crate::protocol::{Failure, SqlOutcome, SqlRowsShown};

/// How many texts are remembered.
pub const REMEMBERED: usize = 50;

/// Where the console stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consoling {
    /// Whether the text is to be run as soon as the worker can.
    pub wanted: bool,
    /// The schema, the text and the revision of the run that is under way.
    pub running: Option<(Rc<Good>, String, u64)>,
    /// What came of the last run.
    pub ran: Option<Rc<SqlShown>>,
    /// Why the last run was not answered at all.
    pub failure: Option<Failure>,
    /// The rows at hand of each statement, by its position.
    pub rows: BTreeMap<u32, Rc<SqlRowsShown>>,
    /// The first row on screen of each statement's rows.
    pub scrolled: BTreeMap<u32, u32>,
    /// Whether the worker still has the rows.
    pub rows_kept: bool,
    /// What was run, the latest first, nothing twice in a row.
    pub history: Rc<Vec<String>>,
    /// Which of those stands in the field, and what stood there before any of them did.
    pub recalled: Option<(usize, String)>,
}

/// What came of a text, with the schema that it was run under.
#[derive(Clone, Debug, PartialEq)]
pub struct SqlShown {
    /// What came of it.
    pub outcome: SqlOutcome,
    /// The schema it ran under.
    pub good: Rc<Good>,
    /// The text.
    pub text: String,
    /// The document's revision at that time.
    pub revision: u64,
}

impl Consoling {
    /// Notes that a text is run.
    pub(super) fn remember(&mut self, text: &str) {
        self.recalled = None;
        if self.history.first().is_none_or(|last| last != text) {
            let history = Rc::make_mut(&mut self.history);
            history.insert(0, text.to_owned());
            history.truncate(REMEMBERED);
        }
    }

    /// The text that is called back from the history, and its place there, if there is one. `now` stands in the field.
    pub(super) fn recall(&self, recall: Recall, now: &str) -> Option<(Option<(usize, String)>, String)> {
        let kept = self.recalled.as_ref().map_or(now, |(_, kept)| kept);
        let at = match (recall, &self.recalled) {
            (Recall::At(at), _) => at,
            // What was run just now still stands in the field.
            (Recall::Older, None) => usize::from(self.history.first().is_some_and(|last| last == now.trim())),
            (Recall::Older, Some((at, _))) => at + 1,
            (Recall::Newer, None) => return None,
            (Recall::Newer, Some((0, _))) => return Some((None, kept.to_owned())),
            (Recall::Newer, Some((at, _))) => at - 1,
        };
        let text = self.history.get(at)?;
        Some((Some((at, kept.to_owned())), text.clone()))
    }

    /// Takes an outcome in, with what is known of the run that it is of.
    pub(super) fn take(&mut self, outcome: SqlOutcome) {
        if let Some((good, text, revision)) = self.running.take() {
            self.failure = None;
            self.rows.clear();
            self.scrolled.clear();
            self.rows_kept = true;
            self.ran = Some(Rc::new(SqlShown { outcome, good, text, revision }));
        }
    }

    /// Takes rows in, unless they are of an earlier run.
    pub(super) fn take_rows(&mut self, rows: SqlRowsShown) {
        let current = self.ran.as_ref().is_some_and(|ran| ran.outcome.number == rows.shown.wanted.outcome);
        if current && self.rows_kept {
            self.rows.insert(rows.shown.wanted.step.0, Rc::new(rows));
        }
    }

    /// Forgets what came of it: it was another document's. What was run before stays.
    pub(super) fn forget(&mut self) {
        *self = Consoling { history: Rc::clone(&self.history), ..Consoling::default() };
    }
}
