//! The database of a document: opened from its rows, asked by plans, within limits.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql};
use thiserror::Error;

use super::clock::micros;
use super::tracing::{Execution, execute};
use crate::mapping::{Relational, TableId};
use crate::project::{Data, Refusal, RowSource};
use crate::protocol::Limits;
use crate::query::Plan;
use crate::schema::Schema;
use crate::sql::Statement;
use crate::trace::Rows;
use crate::value::Value;

/// How many of SQLite's virtual instructions pass between two looks at the clock: a few dozen microseconds' worth.
const INSTRUCTIONS_PER_LOOK: i32 = 4_000;

/// A database in memory, made from a document.
pub struct Database {
    pub(super) connection: Connection,
    pub(super) schema: Schema,
    pub(super) relational: Relational,
    /// What each row of each table was made of.
    pub(super) sources: HashMap<(TableId, i64), RowSource>,
    pub(super) deadline: Arc<AtomicU64>,
}

/// Why a statement gave no result.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SqlError {
    /// It took too long and was stopped. The limit, in milliseconds.
    #[error("The query was stopped after {} s: that is the limit. The database is as it was.", f64::from(*.0) / 1000.0)]
    TimeLimit(u32),
    /// There were too many rows. The limit.
    #[error("The query was stopped after {0} rows: that is the limit. Set a limit, or load less.")]
    RowLimit(u32),
    /// The values that came back were too big. The limit, in bytes.
    #[error("The query was stopped after {} MB of values: that is the limit. Set a limit, or load less.", .0 >> 20)]
    ByteLimit(u32),
    /// A statement typed by hand leaves a value open.
    #[error("There is no value for this parameter here. Write the value in its place.")]
    Parameters,
    /// SQLite refused. Its own words.
    #[error("{0}")]
    Sqlite(String),
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> Self {
        SqlError::Sqlite(sqlite_words(&error))
    }
}

/// SQLite's own message, without what rusqlite adds to it.
pub(super) fn sqlite_words(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

impl Database {
    /// Makes the database of a document: creates the tables and inserts the rows. Gives the rows that could not be
    /// inserted beside it; they keep nothing else out but what points to them.
    ///
    /// # Errors
    /// If SQLite refuses a table, which a checked schema should not bring about.
    pub fn open(
        schema: Schema,
        relational: Relational,
        data: &Data,
    ) -> Result<(Database, Vec<Refusal>), SqlError> {
        Database::open_telling(schema, relational, data, &mut |_, _| ())
    }

    /// The same, telling every now and then how many of how many rows it has tried.
    ///
    /// # Errors
    /// As for [`Database::open`].
    pub fn open_telling(
        schema: Schema,
        relational: Relational,
        data: &Data,
        tell: &mut dyn FnMut(u32, u32),
    ) -> Result<(Database, Vec<Refusal>), SqlError> {
        let mut database = Database {
            connection: Connection::open_in_memory()?,
            schema,
            relational,
            sources: HashMap::new(),
            deadline: Arc::new(AtomicU64::new(u64::MAX)),
        };
        watch(&mut database.connection, &database.deadline)?;
        let refusals = database.fill(data, tell)?;
        Ok((database, refusals))
    }

    /// SQLite's version, as `3.53.4`.
    pub fn sqlite_version() -> &'static str {
        rusqlite::version()
    }

    /// The schema that the database was made for.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The tables of the database.
    pub fn relational(&self) -> &Relational {
        &self.relational
    }

    /// Runs a plan within limits.
    pub fn run(&mut self, plan: &Plan, limits: Limits) -> Execution<SqlError> {
        self.start_clock(limits);
        let mut rows_left = limits.rows as usize;
        let schema = &self.schema;
        let collections = |end| schema.end(end).is_some_and(|end| end.kind.is_collection());
        let connection = &self.connection;
        let deadline = &self.deadline;
        let execution = execute(plan, &collections, &mut |statement| {
            let start = micros();
            // The progress handler is asked within statements only; many short ones must end too.
            if start > deadline.load(Ordering::Relaxed) {
                return Err(SqlError::TimeLimit(limits.millis));
            }
            let rows = select(connection, statement, rows_left, limits)?;
            rows_left -= rows.len();
            Ok((rows, micros() - start))
        });
        self.stop_clock();
        execution
    }

    /// The connection, without limits.
    pub fn into_connection(mut self) -> Connection {
        // Taking away what was set cannot fail on an open connection.
        let _ = self.connection.progress_handler(0, None::<fn() -> bool>);
        self.connection
    }

    /// Sends one statement within limits and gives its rows.
    ///
    /// # Errors
    /// [`SqlError`]; the database is as it was before.
    pub fn query(&mut self, statement: &Statement, limits: Limits) -> Result<Rows, SqlError> {
        self.timed(statement, limits).map(|(rows, _)| rows)
    }

    /// Sends one statement within limits, and gives its rows and how long it took, in microseconds.
    ///
    /// # Errors
    /// [`SqlError`]; the database is as it was before.
    pub fn timed(&mut self, statement: &Statement, limits: Limits) -> Result<(Rows, u64), SqlError> {
        self.start_clock(limits);
        let start = micros();
        let rows = select(&self.connection, statement, limits.rows as usize, limits);
        let took = micros() - start;
        self.stop_clock();
        rows.map(|rows| (rows, took))
    }

    pub(super) fn start_clock(&self, limits: Limits) {
        self.deadline.store(micros() + u64::from(limits.millis) * 1000, Ordering::Relaxed);
    }

    pub(super) fn stop_clock(&self) {
        self.deadline.store(u64::MAX, Ordering::Relaxed);
    }
}

/// Has whatever runs on a connection stopped when its time is over.
pub(super) fn watch(connection: &mut Connection, deadline: &Arc<AtomicU64>) -> rusqlite::Result<()> {
    let deadline = Arc::clone(deadline);
    let is_over = move || micros() > deadline.load(Ordering::Relaxed);
    connection.progress_handler(INSTRUCTIONS_PER_LOOK, Some(is_over))
}

pub(super) fn select(
    connection: &Connection,
    statement: &Statement,
    most: usize,
    limits: Limits,
) -> Result<Rows, SqlError> {
    let stopped = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => SqlError::TimeLimit(limits.millis),
        _ => SqlError::from(error),
    };
    let mut prepared = connection.prepare_cached(&statement.text)?;
    let width = prepared.column_count();
    let mut found = prepared.query(rusqlite::params_from_iter(&statement.params)).map_err(stopped)?;
    let mut rows = Rows::new();
    while let Some(row) = found.next().map_err(stopped)? {
        if rows.len() == most {
            return Err(SqlError::RowLimit(limits.rows));
        }
        let cells: Result<Vec<Value>, rusqlite::Error> =
            (0..width).map(|at| row.get_ref(at).map(Value::from)).collect();
        rows.push(cells?);
    }
    Ok(rows)
}

impl From<ValueRef<'_>> for Value {
    fn from(value: ValueRef<'_>) -> Value {
        match value {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(integer) => Value::Integer(integer),
            ValueRef::Real(real) => Value::Real(real),
            ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(borrowed(self)))
    }
}

/// A value as SQLite's wrapper has it.
pub(super) fn borrowed(value: &Value) -> ValueRef<'_> {
    match value {
        Value::Null => ValueRef::Null,
        Value::Integer(integer) => ValueRef::Integer(*integer),
        Value::Real(real) => ValueRef::Real(*real),
        Value::Text(text) => ValueRef::Text(text.as_bytes()),
        Value::Blob(bytes) => ValueRef::Blob(bytes),
    }
}
