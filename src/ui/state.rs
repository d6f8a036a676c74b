//! The page's state, and what is derived from the document in it.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::action::Asked;
use crate::mapping::{Relational, map};
use crate::project::{Project, Refusal};
use crate::protocol::{Failure, Outcome, RequestId, RowsShown};
use crate::query::{self, Plan, Query, StepId};
use crate::schema::{self, Diagnostic, ModelId, Place, Schema};
use crate::sql::{Statement, ddl};

/// Everything the page knows.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The document.
    pub project: Rc<Project>,
    /// Counts the document's changes.
    pub revision: u64,
    /// What the document as it stands compiles to.
    pub compiled: Rc<Compiled>,
    /// The last schema without errors and all that follows from it. The same as in `compiled` unless that has errors.
    pub good: Option<Rc<Good>>,
    /// What can be undone and redone.
    pub history: History,
    /// The worker.
    pub engine: EngineStatus,
    /// What was asked of the worker and is not answered yet.
    pub asked: BTreeMap<RequestId, Asked>,
    /// The rows of the document that are not in the database, and why.
    pub refusals: Rc<Vec<Refusal>>,
    /// Whether the query is to be run as soon as the worker can.
    pub run_wanted: bool,
    /// What came of the last query.
    pub outcome: Option<Rc<Ran>>,
    /// Why the last query was not answered at all.
    pub failure: Option<Failure>,
    /// The rows at hand for each step, of those the outcome says there are.
    pub rows: BTreeMap<StepId, Rc<RowsShown>>,
    /// The first row on screen of each step's rows.
    pub scrolled: BTreeMap<StepId, u32>,
    /// What is shown.
    pub view: View,
    /// Something to tell.
    pub notice: Option<Notice>,
}

/// What a document compiles to: diagnostics, and as much of the rest as there are no errors before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Compiled {
    /// What there is to say about the schema.
    pub schema_diagnostics: Vec<Diagnostic<Place>>,
    /// What there is to say about the query.
    pub query_diagnostics: Vec<Diagnostic<query::Place>>,
    /// The schema and all that follows from it, if it has no errors.
    pub good: Option<Rc<Good>>,
    /// The query and its plan, if neither it nor the schema has errors.
    pub planned: Option<Rc<Planned>>,
}

/// A schema without errors and what it becomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Good {
    /// The schema.
    pub schema: Schema,
    /// Its tables.
    pub relational: Relational,
    /// The statements that create them.
    pub ddl: Vec<Statement>,
}

/// A query without errors and its plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// The query.
    pub query: Query,
    /// Its plan.
    pub plan: Plan,
}

/// An outcome with the schema that it was run under, so that it can be shown after the schema has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// What came of it.
    pub outcome: Outcome,
    /// The schema it ran under.
    pub good: Rc<Good>,
    /// The document's revision at that time; a later one makes the outcome stale.
    pub revision: u64,
}

impl Compiled {
    /// Compiles a document. Pure: the same document gives the same result.
    pub fn of(project: &Project) -> Compiled {
        let report = schema::check(&project.draft);
        let mut schema_diagnostics = report.diagnostics;
        let good = report.value.and_then(|schema| {
            let mapped = map(&schema);
            schema_diagnostics.extend(mapped.diagnostics);
            let relational = mapped.value?;
            let ddl = ddl(&relational);
            Some(Rc::new(Good { schema, relational, ddl }))
        });
        let mut query_diagnostics = Vec::new();
        let planned = good.as_ref().and_then(|good| {
            let report = query::check(&project.query, &good.schema);
            query_diagnostics = report.diagnostics;
            let query = report.value?;
            let plan = query::plan(&query, &good.schema, &good.relational);
            Some(Rc::new(Planned { query, plan }))
        });
        Compiled { schema_diagnostics, query_diagnostics, good, planned }
    }
}

/// What can be undone and redone: whole documents, which share what did not change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Documents before this one, the latest last.
    pub undo: Vec<Rc<Project>>,
    /// Documents after this one, the next last.
    pub redo: Vec<Rc<Project>>,
    /// What the last edit was about, so that typing a word is one step and not one a letter.
    pub last: Option<String>,
}

/// How the worker is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineStatus {
    /// It is being started.
    Starting,
    /// It is there; SQLite's version.
    Ready(String),
    /// It died and another one is being started; why.
    Restarting(String),
    /// It cannot be started; why.
    Failed(String),
}

/// What is shown. Not part of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The panel shown where only one fits.
    pub panel: Panel,
    /// The tab of the results.
    pub result: ResultTab,
    /// The model whose grid is shown.
    pub grid: Option<ModelId>,
    /// The step whose rows are shown.
    pub step: StepId,
    /// The colours.
    pub theme: Theme,
}

/// The panels, in the direction in which data flows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Panel {
    /// Models and relationships.
    #[default]
    Define,
    /// The SQL that creates the tables.
    Schema,
    /// The rows of the models.
    Data,
    /// The query and what comes back.
    Query,
}

/// The tabs of the results.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResultTab {
    /// The statements that were sent.
    #[default]
    Statements,
    /// The rows that came back.
    Rows,
    /// The objects that were made of them, nested as code would walk them.
    Objects,
    /// The objects drawn, each once.
    Graph,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Something to tell, at the bottom of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub text: String,
    /// SQLite's own words, if they are behind it.
    pub detail: String,
    /// Whether it is bad news.
    pub bad: bool,
    /// Whether undo would take it back.
    pub undoable: bool,
}
