//! Answers the page's questions: one database, and the last run with its rows.
//!
//! Touches no browser, so that it is tested natively.

use crate::engine::{Apart, Database, Execution, SqlError, Stop};
use crate::mapping::map;
use crate::project::Data;
use crate::protocol::{
    Answer, Ask, BUILD, Failure, FailureKind, Filling, GraphView, Limits, Outcome, Progress, ResultShape,
    RowsShown, RowsWanted, ScriptAsked, ScriptOutcome, StatementGroup,
};
use crate::query::{self, Grouping, Plan, Query, QueryDraft, Question, StepId};
use crate::schema::{self, Draft, EndId, Schema};
use crate::session;
use crate::sql::render;
use crate::trace::Rows;

use super::console::Console;
use super::filling::{Gathered, Gathering, Made, gather};
use super::objects::graph_view;
use super::seldom::seldom;
use super::view::{group_rows_shown, group_statement, result_shapes, rows_shown, statement_groups};

/// The state of a worker.
#[derive(Default)]
pub struct Session {
    pub(super) database: Option<Database>,
    /// What SQL is run on instead of a copy of the project's database.
    pub(super) apart: Option<Apart>,
    last: Option<LastRun>,
    runs: u32,
    pub(super) console: Console,
    /// What has come of a document with generated rows.
    gathering: Option<Gathering>,
    /// The generated rows of the document that is open.
    pub(super) made: Option<Made>,
}

/// The last run, kept so that the page can ask for its rows.
struct LastRun {
    number: u32,
    brought: Brought,
}

enum Brought {
    Objects(ObjectsRun),
    Groups(Rows),
}

/// What a run for objects followed, and what happened.
pub(super) struct ObjectsRun {
    pub(super) plan: Plan,
    pub(super) execution: Execution<SqlError>,
}

impl Session {
    /// Answers one question.
    ///
    /// # Errors
    /// [`Failure`], for the page to show. The session goes on.
    pub fn answer(&mut self, ask: Ask) -> Result<Answer, Failure> {
        self.answer_telling(ask, &mut |_| ())
    }

    /// The same, telling meanwhile how far it is.
    ///
    /// # Errors
    /// As for [`Session::answer`].
    pub fn answer_telling(&mut self, ask: Ask, tell: &mut dyn FnMut(Progress)) -> Result<Answer, Failure> {
        match ask {
            Ask::Hello => {
                Ok(Answer::Hello { build: BUILD.into(), sqlite: Database::sqlite_version().into() })
            }
            Ask::Open(draft, data) => self.open(&draft, &data),
            Ask::Run(query, limits) => self.run(&query, limits),
            Ask::Rows(wanted) => self.rows(wanted),
            other => match seldom() {
                Some(seldom) => (seldom.answer)(self, other, tell),
                None => Err(protocol("A part of the database's program is not loaded.")),
            },
        }
    }

    /// Has SQL run on this database from now on, or on copies of the project's again.
    pub fn hold(&mut self, apart: Option<Apart>) {
        self.apart = apart;
        self.console.detach();
    }

    fn open(&mut self, draft: &Draft, data: &Data) -> Result<Answer, Failure> {
        let schema = schema::check(draft).value.ok_or_else(|| invalid("The schema has errors."))?;
        let relational = map(&schema).value.ok_or_else(|| invalid("The schema has errors."))?;
        let (database, refusals) = Database::open(schema, relational, data)?;
        self.database = Some(database);
        self.console.detach();
        (self.gathering, self.made) = (None, None);
        Ok(Answer::Opened(refusals))
    }

    pub(super) fn fill(&mut self, part: Filling, tell: &mut dyn FnMut(Progress)) -> Result<Answer, Failure> {
        // Those of the document before make room.
        self.made = None;
        match gather(&mut self.gathering, part, tell)? {
            Gathered::More(progress) => Ok(Answer::Progress(progress)),
            Gathered::All(database, refusals, made) => {
                (self.database, self.made) = (Some(*database), Some(*made));
                self.console.detach();
                Ok(Answer::Opened(refusals))
            }
        }
    }

    fn run(&mut self, draft: &QueryDraft, limits: Limits) -> Result<Answer, Failure> {
        let number = self.runs + 1;
        let database = self.database()?;
        let question = query::ask(draft, database.schema()).value;
        let (outcome, brought) = match question.ok_or_else(|| invalid("The query has errors."))? {
            Question::Objects(query) => run_objects(database, &query, limits, number),
            Question::Groups(grouping) => run_groups(database, &grouping, limits, number)?,
        };
        self.runs = number;
        self.last = Some(LastRun { number, brought });
        Ok(Answer::Ran(Box::new(outcome)))
    }

    fn rows(&self, wanted: RowsWanted) -> Result<Answer, Failure> {
        let last = self.last.as_ref().filter(|last| last.number == wanted.outcome);
        let last = last.ok_or_else(|| protocol("These rows are of an earlier run. Run the query again."))?;
        let rows = match &last.brought {
            Brought::Objects(run) if (wanted.step.0 as usize) < run.plan.steps.len() => {
                rows_shown(run, wanted)
            }
            Brought::Groups(rows) if wanted.step == StepId(0) => group_rows_shown(rows, wanted),
            _ => return Err(protocol("There is no such statement.")),
        };
        Ok(Answer::Rows(RowsShown { wanted, rows }))
    }

    pub(super) fn database(&mut self) -> Result<&mut Database, Failure> {
        self.database.as_mut().ok_or_else(no_project)
    }
}

pub(super) fn no_project() -> Failure {
    protocol("No project is open.")
}

/// Runs a script on a database of its own.
pub(super) fn run_script(asked: ScriptAsked) -> Result<Answer, Failure> {
    let schema = schema::check(&asked.draft).value.ok_or_else(|| invalid("The schema has errors."))?;
    let relational = map(&schema).value.ok_or_else(|| invalid("The schema has errors."))?;
    let script = session::check(&asked.script, &schema, &relational).value;
    let script = script.ok_or_else(|| invalid("The script has errors."))?;
    let (mut database, _) = Database::open(schema, relational, &asked.data)?;
    let before = database.all_rows(asked.limits)?;
    let sources = database.row_sources()?;
    let run = database.run_script(&script, asked.limits);
    let tables = database.all_rows(asked.limits)?;
    let outcome = ScriptOutcome {
        happenings: run.happenings,
        objects: run.objects,
        before,
        sources,
        tables,
        dangling: database.dangling_rows()?,
        failure: run.failure,
    };
    Ok(Answer::Scripted(Box::new(outcome)))
}

fn run_objects(database: &mut Database, query: &Query, limits: Limits, number: u32) -> (Outcome, Brought) {
    let plan = query::plan(query, database.schema(), database.relational());
    let execution = database.run(&plan, limits);
    let failure = failure(&execution, database.schema());
    let run = ObjectsRun { plan, execution };
    let mut statements = statement_groups(&run.execution.trace);
    for group in statements.iter_mut().filter(|group| group.spared.is_none()) {
        let select = &run.plan.step(group.step).select;
        // SQLite has just taken the statement.
        group.explained = database.explain(select, &group.statement).unwrap_or_default();
    }
    let outcome = Outcome {
        number,
        statements,
        results: result_shapes(&run),
        graph: graph_view(&run, &|model, key| database.document_row(model, key)),
        failure,
    };
    (outcome, Brought::Objects(run))
}

/// One statement, whose rows are the answer.
fn run_groups(
    database: &mut Database,
    grouping: &Grouping,
    limits: Limits,
    number: u32,
) -> Result<(Outcome, Brought), Failure> {
    let plan = query::group(grouping, database.schema(), database.relational());
    let statement = render(&plan.select, &[]);
    let (rows, micros) = database.timed(&statement, limits)?;
    let count = rows.len() as u32;
    let explained = database.explain(&plan.select, &statement).unwrap_or_default();
    let group = StatementGroup { explained, ..group_statement(statement, count, micros) };
    let shape = ResultShape { step: StepId(0), columns: plan.columns, nodes: Vec::new(), rows: count };
    let outcome = Outcome {
        number,
        statements: vec![group],
        results: vec![shape],
        graph: GraphView::default(),
        failure: None,
    };
    Ok((outcome, Brought::Groups(rows)))
}

/// Why a run stopped before its end, if it did.
pub(super) fn failure(execution: &Execution<SqlError>, schema: &Schema) -> Option<Failure> {
    execution.failure.clone().map(|stop| match stop {
        Stop::Failed(error) => error.into(),
        Stop::Raised(end) => raised(schema, end),
    })
}

/// What an ORM says when code touches a property that is not to be loaded; the words are SQLAlchemy's.
fn raised(schema: &Schema, end: EndId) -> Failure {
    let property = schema.end(end).map_or(String::new(), |end| format!("{}.{}", end.model.name, end.name));
    let message = format!(
        "'{property}' is not available due to lazy='raise'. Code touched it; load it with the query, or leave it alone."
    );
    Failure { kind: FailureKind::Raised, message, sqlite: String::new() }
}

pub(super) fn invalid(message: &str) -> Failure {
    Failure { kind: FailureKind::Invalid, message: message.into(), sqlite: String::new() }
}

pub(super) fn protocol(message: &str) -> Failure {
    Failure { kind: FailureKind::Protocol, message: message.into(), sqlite: String::new() }
}

impl From<SqlError> for Failure {
    fn from(error: SqlError) -> Failure {
        let (kind, sqlite) = match &error {
            SqlError::TimeLimit(_) => (FailureKind::TimeLimit, "interrupted".to_owned()),
            SqlError::RowLimit(_) | SqlError::ByteLimit(_) => (FailureKind::RowLimit, String::new()),
            SqlError::Parameters => (FailureKind::Invalid, String::new()),
            SqlError::Sqlite(words) => (FailureKind::Sqlite, words.clone()),
        };
        let message = match kind {
            FailureKind::Sqlite => "SQLite refused the statement.".to_owned(),
            _ => error.to_string(),
        };
        Failure { kind, message, sqlite }
    }
}
