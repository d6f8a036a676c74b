//! Everything that happened when a plan ran, as data.

use serde::{Deserialize, Serialize};

use crate::query::StepId;
use crate::sql::Statement;
use crate::value::Value;

/// An object, by the order in which the run of a plan first saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ObjectId(pub u32);

/// The rows of a result, each with as many values as the statement has outputs.
pub type Rows = Vec<Vec<Value>>;

/// What happened when a plan ran: every run of every step, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The runs.
    pub runs: Vec<Run>,
}

impl Trace {
    /// The runs that really sent a statement.
    pub fn sent(&self) -> impl Iterator<Item = (&Run, &Sent)> {
        self.runs.iter().filter_map(|run| match &run.event {
            Event::Sent(sent) => Some((run, sent)),
            Event::Spared(_) => None,
        })
    }

    /// How many statements were sent.
    pub fn statements(&self) -> usize {
        self.sent().count()
    }
}

/// One run of a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The step.
    pub step: StepId,
    /// The objects it ran for; none for the root.
    pub parents: Vec<ObjectId>,
    /// What happened.
    pub event: Event,
}

/// What a run did.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It sent a statement.
    Sent(Sent),
    /// It had no need to.
    Spared(Spared),
}

/// A statement that was sent, and what came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// The statement with its parameters.
    pub statement: Statement,
    /// The rows.
    pub rows: Rows,
    /// How long it took, in microseconds.
    pub micros: u64,
}

/// Why a run sent nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Spared {
    /// The object's foreign key is `NULL`: there is nothing to load.
    NoKey,
    /// The identity map has the object that the key names.
    Known,
    /// The property was loaded before.
    AlreadyLoaded,
}
