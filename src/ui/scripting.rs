//! The session's script on the page: whether it runs, and what came of it.

use std::rc::Rc;

use super::consequences::{self, Told};
use super::state::Good;
use crate::protocol::{Failure, ScriptOutcome};
use crate::session::ScriptDraft;

/// Where the script stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scripting {
    /// The document's revision at which the schema, the data or the script last changed.
    pub changed: u64,
    /// Whether it is to be run as soon as the worker can.
    pub wanted: bool,
    /// The schema, the script and the revision of the run that is under way.
    pub running: Option<(Rc<Good>, ScriptDraft, u64)>,
    /// What came of the last run.
    pub ran: Option<Rc<Scripted>>,
    /// Why the last run was not answered at all.
    pub failure: Option<Failure>,
    /// Changes of the document up to this revision do not run the script again by themselves.
    pub held: u64,
    /// The revision in which what came of it was committed into the document's data.
    pub committed: Option<u64>,
}

impl Scripting {
    /// Whether what came of it is of the document as it was before its last change.
    pub fn is_stale(&self) -> bool {
        self.ran.as_ref().is_some_and(|ran| ran.revision < self.changed)
    }

    /// Whether what came of it is in the document's data, and nothing changed since.
    pub fn is_committed(&self) -> bool {
        self.ran.is_some() && self.committed == Some(self.changed)
    }

    /// Takes an outcome in, with what is known of the run that it is of.
    pub(super) fn take(&mut self, outcome: ScriptOutcome) {
        if let Some((good, script, revision)) = self.running.take() {
            self.failure = None;
            let told = consequences::told(&outcome, &good);
            self.ran = Some(Rc::new(Scripted { outcome, told, good, script, revision }));
        }
    }

    /// Forgets what came of it: it was another document's.
    pub(super) fn forget(&mut self) {
        *self = Scripting { changed: self.changed, ..Scripting::default() };
    }
}

/// What came of a script, with the schema that it was run under, so that it can be shown after that has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Scripted {
    /// What came of it.
    pub outcome: ScriptOutcome,
    /// What it did to the rows.
    pub told: Told,
    /// The schema it ran under.
    pub good: Rc<Good>,
    /// The script as it was.
    pub script: ScriptDraft,
    /// The document's revision at that time.
    pub revision: u64,
}

/// What the panel of queries is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Task {
    /// To ask for objects.
    #[default]
    Query,
    /// To change objects.
    Session,
    /// For SQL written by hand.
    Sql,
}

/// The tabs of what came of a script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ScriptTab {
    /// What becomes of the rows, by whom and why; before and after.
    #[default]
    Consequences,
    /// What happened, step by step.
    Statements,
    /// Where each object stands.
    Objects,
}
