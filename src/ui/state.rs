//! The page's state.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::action::Asked;
use super::comparing::Comparing;
pub use super::compiled::{Compiled, Good, Planned};
use super::consoling::Consoling;
use super::first_error::Lead;
use super::generating::Generating;
use super::keeping::Keeping;
use super::mending::Mended;
use super::parts::Arrivals;
use super::programs::Language;
use super::schema::diagram::Looks;
use super::scripting::{ScriptTab, Scripting, Task};
use crate::project::{Project, Refusal, RowId};
use crate::protocol::{Failure, Outcome, RequestId, RowsShown};
use crate::query::StepId;
use crate::schema::{ModelId, RelationshipId};

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
    /// Counts the workers there have been. A change of it ends the one there is and starts another.
    pub worker: u32,
    /// How many workers in a row were lost before they did anything.
    pub losses: u32,
    /// What was asked of the worker and is not answered yet: one thing at a time.
    pub asked: BTreeMap<RequestId, Asked>,
    /// The number of the last request.
    pub last_request: u32,
    /// The revision at which the schema or the data last changed.
    pub data_revision: u64,
    /// The revision at which the schema, the data or the query last changed.
    pub query_revision: u64,
    /// The revision that the worker's database was made from; `None` while it has none.
    pub opened: Option<u64>,
    /// Rows that are to be deleted as soon as the worker has said what goes with them.
    pub delete_wanted: Option<(ModelId, Vec<RowId>)>,
    /// The rows of the document that are not in the database, and why.
    pub refusals: Rc<Vec<Refusal>>,
    /// Whether the query is to be run as soon as the worker can.
    pub run_wanted: bool,
    /// The schema, the plan and the revision under which the query runs that is running now.
    pub running: Option<(Rc<Good>, Rc<Planned>, u64)>,
    /// What came of the last query.
    pub outcome: Option<Rc<Ran>>,
    /// Why the last query was not answered at all.
    pub failure: Option<Failure>,
    /// Whether the worker still has the rows of the outcome. A worker that was replaced has not.
    pub rows_kept: bool,
    /// The rows at hand for each step, of those the outcome says there are.
    pub rows: BTreeMap<StepId, Rc<RowsShown>>,
    /// The first row on screen of each step's rows.
    pub scrolled: BTreeMap<StepId, u32>,
    /// The session's script: whether it runs, and what came of it.
    pub script: Scripting,
    /// The comparison of strategies: whether it is made, and what came of it.
    pub comparing: Comparing,
    /// What there was before advice was followed.
    pub mended: Option<Rc<Mended>>,
    /// The SQL console: whether it runs, what came of it, and what was run before.
    pub console: Consoling,
    /// The console's database, if it is not the project's.
    pub keeping: Keeping,
    /// Generated rows: the recipe as typed, how far they are, those on screen.
    pub generating: Rc<Generating>,
    /// Which parts of the page's program are there.
    pub parts: Arrivals,
    /// What is shown.
    pub view: View,
    /// Something to tell.
    pub notice: Option<Notice>,
    /// Why a row was not deleted, told at the row.
    pub blocked: Option<Rc<Blocked>>,
    /// The element that gets the focus next, because an edit made or removed something.
    pub focus: Option<Focus>,
}

/// The element that gets the focus after an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focus {
    /// The revision that the edit led to: the same element may be wanted again later.
    pub revision: u64,
    /// Its `id` in the page.
    pub element: String,
    /// Whether it gets the focus only if what had it is gone.
    pub if_lost: bool,
}

/// An outcome with the schema that it was run under, so that it can be shown after the schema has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// What came of it.
    pub outcome: Outcome,
    /// The schema it ran under.
    pub good: Rc<Good>,
    /// The query and its plan.
    pub planned: Rc<Planned>,
    /// The document's revision at that time; a later one makes the outcome stale.
    pub revision: u64,
}

/// What can be undone and redone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Documents before this one, the latest last.
    pub undo: Vec<Past>,
    /// Documents after this one, the next last.
    pub redo: Vec<Past>,
    /// What the last edit was about, so that typing a word is one step and not one a letter.
    pub last: Option<String>,
    /// Counts the documents that were opened: what came of a query on another one says nothing about this one.
    pub document: u32,
}

/// A document as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The whole of it.
    pub project: Rc<Project>,
    /// Which of the opened documents it is.
    pub document: u32,
}

/// How many steps can be undone.
pub const UNDO_STEPS: usize = 200;

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
    /// Whether the query is shown, the session, or the console.
    pub task: Task,
    /// The tab of what came of the script.
    pub script: ScriptTab,
    /// The language in which the schema is shown.
    pub language: Language,
    /// The colours.
    pub theme: Theme,
    /// Whether parameters stand in the statements themselves.
    pub in_place: bool,
    /// The latency of the network that times are told for, in milliseconds.
    pub latency: u32,
    /// The diagram.
    pub diagram: Looks,
    /// Whether the query's form gives way to its sentence where there is little room.
    pub query_folded: bool,
    /// Whether a first visit is told what to try.
    pub tips: bool,
    /// Whether the page is shown to a class: the diagram, the SQL and the results alone.
    pub presenting: bool,
}

/// The latency at first, in milliseconds: that of a database in the next city.
const LATENCY: u32 = 20;

impl State {
    /// The page's state when it opens with this document: nothing was asked of the worker yet.
    pub fn new(project: Project, theme: Theme) -> State {
        let compiled = Rc::new(Compiled::of(&project));
        let grid = project.draft.models.first().map(|model| model.id);
        State {
            project: Rc::new(project),
            revision: 0,
            good: compiled.good.clone(),
            compiled,
            history: History::default(),
            engine: EngineStatus::Starting,
            worker: 1,
            losses: 0,
            asked: BTreeMap::new(),
            last_request: 0,
            data_revision: 0,
            query_revision: 0,
            opened: None,
            delete_wanted: None,
            refusals: Rc::default(),
            run_wanted: false,
            running: None,
            outcome: None,
            failure: None,
            rows_kept: false,
            rows: BTreeMap::new(),
            scrolled: BTreeMap::new(),
            script: Scripting::default(),
            comparing: Comparing::default(),
            mended: None,
            console: Consoling::default(),
            keeping: Keeping::default(),
            generating: Rc::default(),
            parts: Arrivals::default(),
            view: View {
                panel: Panel::default(),
                result: ResultTab::default(),
                grid,
                step: StepId(0),
                task: Task::default(),
                script: ScriptTab::default(),
                language: Language::default(),
                theme,
                in_place: false,
                latency: LATENCY,
                diagram: Looks::default(),
                query_folded: false,
                tips: false,
                presenting: false,
            },
            notice: None,
            blocked: None,
            focus: None,
        }
    }

    /// The same page with another document. Compiles what changed and keeps the last good schema.
    pub fn with_document(mut self, project: Rc<Project>) -> State {
        let before = std::mem::replace(&mut self.project, project);
        let same_draft = before.draft == self.project.draft;
        self.revision += 1;
        self.blocked = None;
        if !same_draft || before.data != self.project.data {
            self.data_revision = self.revision;
        }
        if !same_draft {
            self.compiled = Rc::new(Compiled::of(&self.project));
        } else if before.query != self.project.query {
            self.compiled = Rc::new((*self.compiled).clone().with_query(&self.project.query));
        }
        let same_script = before.script == self.project.script;
        if same_draft && !same_script {
            self.compiled = Rc::new((*self.compiled).clone().with_script(&self.project.script));
        }
        // What only the script, the diagram or the console says changes nothing of the query's result.
        let same_text =
            same_script && before.diagram == self.project.diagram && before.sql == self.project.sql;
        if same_text || self.data_revision == self.revision || before.query != self.project.query {
            self.query_revision = self.revision;
        }
        if !same_script || self.data_revision == self.revision {
            self.script.changed = self.revision;
        }
        if self.compiled.good.is_some() {
            self.good = self.compiled.good.clone();
        }
        let there = self.view.grid.is_some_and(|model| self.project.draft.model(model).is_some());
        if !there {
            self.view.grid = self.project.draft.models.first().map(|model| model.id);
        }
        self
    }

    /// Whether the outcome is of the document as it was before its last change.
    pub fn outcome_is_stale(&self) -> bool {
        self.outcome.as_ref().is_some_and(|ran| ran.revision < self.query_revision)
    }

    /// Whether the script runs again by itself, because what it depends on has changed while its consequences are
    /// looked at. With very many rows it waits to be run.
    pub fn script_follows(&self) -> bool {
        const MOST_ROWS: usize = 5_000;
        let shown = (self.view.task, self.view.script) == (Task::Session, ScriptTab::Consequences);
        let changed = self.script.is_stale() && self.script.changed > self.script.held;
        shown && changed && self.compiled.script.is_some() && self.project.data.row_count() <= MOST_ROWS
    }

    /// Whether a query, a script or a comparison is running or about to.
    pub fn is_running(&self) -> bool {
        let running =
            |asked: &Asked| matches!(asked, Asked::Run | Asked::Script | Asked::Compare | Asked::Sql);
        let wanted = self.run_wanted || self.script.wanted || self.comparing.wanted || self.console.wanted;
        wanted || self.asked.values().any(running)
    }

    /// Whether there is anything that could be run: without a model, only SQL by hand.
    pub fn has_something_to_run(&self) -> bool {
        self.view.task == Task::Sql || !self.project.draft.models.is_empty()
    }

    /// Whether the schema as typed has errors, so that what is shown is the last good one.
    pub fn has_errors(&self) -> bool {
        self.compiled.good.is_none()
    }
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
    /// What each strategy costs.
    Compare,
    /// Each object once, with the rows that named it and the loads that it saved.
    Identity,
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

/// Why a row that is in the database was not deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The row.
    pub row: RowId,
    /// What is in the way.
    pub text: String,
    /// SQLite's own words.
    pub sqlite: String,
    /// The relationship whose key refused it.
    pub by: Option<RelationshipId>,
}

/// Something to tell, at the bottom of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub text: String,
    /// SQLite's own words, if they are behind it.
    pub detail: String,
    /// Whether it is bad news.
    pub bad: bool,
    /// Whether undo would take it back.
    pub undoable: bool,
    /// The way to what it tells of.
    pub lead: Option<Lead>,
    /// The relationship whose key refused the deletion that it tells of.
    pub refused_by: Option<RelationshipId>,
}
