//! Typed messages between the page and its worker.
//!
//! The page sends what was typed; the worker compiles it with the same library and runs it. Rows of results stay in
//! the worker: an answer says how many there are, and the page asks for those it shows.

mod compared;
mod console;
mod filling;
mod foreseen;
mod kept;
mod objects;

use serde::{Deserialize, Serialize};

pub use compared::{ComparedWay, Comparison, TIMED};
pub use filling::{
    Filling, LINKS_NAMED, MadeLinks, MadeRow, MadeShown, MadeWanted, Order, Preview, Progress, Stage,
};
pub use foreseen::{Changes, Consequences};
pub use kept::{KeptAsk, KeptName, KeptNow, KeptTold};

pub use objects::{GraphView, LinkView, NAMED_SHOWN, OBJECTS_SHOWN, ObjectView, RowNumber};

use crate::explain::Explained;
use crate::project::{Data, Refusal, RowId, RowSource};
use crate::query::{NodeId, QueryDraft, ResultColumn, StepId};
use crate::schema::{Draft, EndId, ModelId, RelationshipId};
use crate::session::{FinalObject, Happening, RowName, ScriptDraft, SessionError};
use crate::sql::Statement;
use crate::trace::{ObjectId, Rows, Spared};
use crate::value::Value;

pub use console::{
    Changed, Doubt, SqlColumn, SqlFailure, SqlNode, SqlOrigin, SqlOutcome, SqlPlace, SqlRan, SqlRowsShown,
};

/// What page and worker have to agree on: a worker of another build is refused.
pub const BUILD: &str = concat!(env!("CARGO_PKG_VERSION"), "-", env!("RELATA_BUILD"));

/// Ties an answer to its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestId(pub u32);

/// A message to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Comes back with the answer.
    pub id: RequestId,
    /// What is asked.
    pub ask: Ask,
}

/// What the page can ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Who are you? Always the first message.
    Hello,
    /// Make the database anew from a schema and its data.
    Open(Draft, Data),
    /// Run a query.
    Run(QueryDraft, Limits),
    /// Show some rows of a step of the last run, counted over all its statements.
    Rows(RowsWanted),
    /// What would deleting these rows of a model do? The database is left as it is.
    Foresee(ModelId, Vec<RowId>),
    /// Run a script, on a database of its own made from this schema and its data: that of the document stays as it is.
    Script(Box<ScriptAsked>),
    /// Run a query with each loading strategy, and say what each costs.
    Compare(QueryDraft, Limits),
    /// Run SQL that somebody typed, on a copy of the database: it stays as it is.
    Sql(String, Limits),
    /// Show some rows of a statement of the last of those; its position stands for the step.
    SqlRows(RowsWanted),
    /// Make the database anew from a document with generated rows. All its parts come under one number; the answer to
    /// each but the last is how far it is, that to the last the same as to [`Ask::Open`].
    Fill(Filling),
    /// Show some of the generated rows.
    Made(MadeWanted),
    /// Something of a database apart from the project's.
    Kept(KeptAsk),
}

/// A script to run, and what to run it on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScriptAsked {
    /// The schema.
    pub draft: Draft,
    /// Its data.
    pub data: Data,
    /// The script.
    pub script: ScriptDraft,
    /// How much work it may make.
    pub limits: Limits,
}

/// What came of a script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScriptOutcome {
    /// Everything that happened, in order.
    pub happenings: Vec<Happening>,
    /// The objects as the script left them.
    pub objects: Vec<FinalObject>,
    /// The rows of each table before it, in the order of the tables.
    pub before: Vec<Rows>,
    /// What each row of `before` was made of.
    pub sources: Vec<Vec<Option<RowSource>>>,
    /// The rows of each table afterwards.
    pub tables: Vec<Rows>,
    /// The rows whose key points nowhere afterwards, because it may point to several tables and none guards it.
    pub dangling: Vec<(RelationshipId, RowName)>,
    /// The step that failed, by position, and why.
    pub failure: Option<(usize, SessionError)>,
}

/// How much work a query may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The time it may take, in milliseconds.
    pub millis: u32,
    /// The rows it may return, over all its statements.
    pub rows: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { millis: 5_000, rows: 200_000 }
    }
}

/// Which rows of a result to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsWanted {
    /// The run's number, from [`Outcome::number`]: a later run makes it stale.
    pub outcome: u32,
    /// The step.
    pub step: StepId,
    /// The first row, counted over all the step's statements.
    pub start: u32,
    /// How many rows.
    pub count: u32,
}

/// A message from the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The request that it answers.
    pub id: RequestId,
    /// The answer.
    pub answer: Result<Answer, Failure>,
}

/// What the worker can answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Ask::Hello`].
    Hello {
        /// The worker's [`BUILD`].
        build: String,
        /// SQLite's version.
        sqlite: String,
    },
    /// To [`Ask::Open`]: the rows that are not in the database, and why.
    Opened(Vec<Refusal>),
    /// To [`Ask::Run`].
    Ran(Box<Outcome>),
    /// To [`Ask::Rows`].
    Rows(RowsShown),
    /// To [`Ask::Foresee`].
    Foreseen(Consequences),
    /// To [`Ask::Script`].
    Scripted(Box<ScriptOutcome>),
    /// To [`Ask::Compare`].
    Compared(Box<Comparison>),
    /// To [`Ask::Sql`].
    SqlRan(Box<SqlOutcome>),
    /// To [`Ask::SqlRows`].
    SqlRows(SqlRowsShown),
    /// To a part of a document: how far it is. More answers follow.
    Progress(Progress),
    /// To [`Ask::Made`].
    Made(MadeShown),
    /// To [`Ask::Kept`], and by itself, under number 0.
    Kept(KeptTold),
}

/// Why the worker could not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// What happened and what to do, in plain words.
    pub message: String,
    /// SQLite's own words, if it was SQLite that refused.
    pub sqlite: String,
}

/// Kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FailureKind {
    /// The query took too long and was stopped.
    TimeLimit,
    /// The query returned too many rows and was stopped.
    RowLimit,
    /// The schema or the query has errors; the page should not have sent it.
    Invalid,
    /// SQLite refused.
    Sqlite,
    /// Code touched a property that the query forbids to load.
    Raised,
    /// The message was not understood, or the worker has no such result any more.
    Protocol,
}

/// What came of a query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Counts the runs of this worker.
    pub number: u32,
    /// The statements in the order in which each was first sent, equal ones folded.
    pub statements: Vec<StatementGroup>,
    /// The results, one for each step that ran. Rows about groups are those of one step without nodes.
    pub results: Vec<ResultShape>,
    /// The first objects of the graph. Groups are rows only: they have none.
    pub graph: GraphView,
    /// Why it stopped before its end, if it did. What came before is there.
    pub failure: Option<Failure>,
}

impl Outcome {
    /// How many statements were really sent.
    pub fn sent(&self) -> u32 {
        self.statements.iter().filter(|group| group.spared.is_none()).map(|group| group.count).sum()
    }

    /// How many rows came back, over all statements.
    pub fn rows(&self) -> u32 {
        self.statements.iter().map(|group| group.rows).sum()
    }
}

/// Runs of a step that sent the same text, whatever was sent between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatementGroup {
    /// The number of the first of them among the statements sent; the spared have none of their own.
    pub first: u32,
    /// How many.
    pub count: u32,
    /// The step.
    pub step: StepId,
    /// The first statement, with its parameters.
    pub statement: Statement,
    /// Why nothing was sent, if nothing was.
    pub spared: Option<Spared>,
    /// Rows of all of them together.
    pub rows: u32,
    /// Time of all of them together, in microseconds.
    pub micros: u64,
    /// Each single run; of many, the first [`RUNS_SHOWN`].
    pub runs: Vec<RunSummary>,
    /// How SQLite goes about the first of them. Nothing where nothing was sent.
    pub explained: Explained,
}

/// How many runs of a group are told one by one.
pub const RUNS_SHOWN: usize = 100;

/// One run of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    /// Its number among the statements sent.
    pub number: u32,
    /// Its parameters.
    pub params: Vec<Value>,
    /// How many rows came back.
    pub rows: u32,
    /// How long it took, in microseconds.
    pub micros: u64,
}

/// What the rows of a step look like, and how many there are over all its statements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultShape {
    /// The step.
    pub step: StepId,
    /// Its columns.
    pub columns: Vec<ResultColumn>,
    /// The nodes whose columns stand in a row.
    pub nodes: Vec<NodeShape>,
    /// How many rows.
    pub rows: u32,
}

/// A node of a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeShape {
    /// The node.
    pub node: NodeId,
    /// Its model.
    pub model: ModelId,
    /// The property that leads to it; `None` for the root.
    pub end: Option<EndId>,
}

/// Rows to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowsShown {
    /// What was asked for.
    pub wanted: RowsWanted,
    /// The rows.
    pub rows: Vec<RowShown>,
}

/// A row to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowShown {
    /// The number of the statement it came from, as in [`StatementGroup::first`].
    pub statement: u32,
    /// Its number among the rows of that statement, from 1.
    pub row: u32,
    /// Its values, in the order of the columns.
    pub cells: Vec<Value>,
    /// For each node of the result the object that the row names, if any.
    pub objects: Vec<Option<ObjectId>>,
}
