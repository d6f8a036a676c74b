//! Runs SQL that somebody typed, statement by statement: on a copy of the project's database, or on one apart from it.
//!
//! Whatever it does to a copy, `DROP TABLE`, `COMMIT` and pragmas included, goes with the copy. Files are out of its
//! reach, and time, rows and bytes are limited.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, ffi};

use super::clock::micros;
use super::database::{Database, SqlError, watch};
use super::origins::{Origins, origins};
use crate::mapping::Relational;
use crate::protocol::{Changed, Limits, SqlPlace, SqlRan};
use crate::sql::{statements, tokens};
use crate::trace::Rows;
use crate::value::Value;

/// The longest text or blob that a statement may make, in bytes.
const LONGEST_VALUE: i32 = 16 << 20;
/// How much all values that come back may weigh together, in bytes.
const MOST_BYTES: usize = 64 << 20;

/// What came of a text.
#[derive(Debug, Default)]
pub struct SqlRun {
    /// The statements that ran, each with its rows.
    pub statements: Vec<(SqlRan, Rows)>,
    /// Why it stopped before the end of the text, and where.
    pub failure: Option<SqlStop>,
}

/// Where a text stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlStop {
    /// Why.
    pub error: SqlError,
    /// The statement, or the piece of it that is wrong.
    pub place: SqlPlace,
    /// Whether it is the very piece.
    pub exact: bool,
}

impl Database {
    /// Runs the statements of a text in order, on a copy of the database.
    ///
    /// # Errors
    /// If the database cannot be copied. What is wrong in the text is in the result.
    pub fn run_sql(&self, text: &str, limits: Limits) -> Result<SqlRun, SqlError> {
        let copy = self.copy()?;
        self.start_clock(limits);
        let run = run(&copy, &self.relational, text, limits);
        self.stop_clock();
        Ok(run)
    }

    /// The database once more, page by page.
    fn copy(&self) -> Result<Connection, SqlError> {
        let mut copy = Connection::open_in_memory()?;
        Backup::new(&self.connection, &mut copy)?.step(-1)?;
        copy.execute_batch("PRAGMA foreign_keys = ON")?;
        copy.authorizer(Some(no_files))?;
        restrain(&mut copy, &self.deadline)?;
        Ok(copy)
    }
}

/// A database apart from the project's, to run SQL on that somebody types: what is committed stays.
pub struct Apart {
    connection: Connection,
    deadline: Arc<AtomicU64>,
    nothing: Relational,
}

impl Apart {
    /// Takes a connection over.
    ///
    /// # Errors
    /// If what is there is no database.
    pub fn new(mut connection: Connection) -> Result<Apart, SqlError> {
        let deadline = Arc::new(AtomicU64::new(u64::MAX));
        connection.execute_batch("PRAGMA foreign_keys = ON")?;
        restrain(&mut connection, &deadline)?;
        Ok(Apart { connection, deadline, nothing: Relational::default() })
    }

    /// Runs the statements of a text in order, each in a transaction of its own unless the text begins one.
    pub fn run_sql(&self, text: &str, limits: Limits) -> SqlRun {
        self.deadline.store(micros() + u64::from(limits.millis) * 1000, Ordering::Relaxed);
        let run = run(&self.connection, &self.nothing, text, limits);
        self.deadline.store(u64::MAX, Ordering::Relaxed);
        run
    }
}

/// Has a connection end what takes too long, and make nothing too big or broken.
fn restrain(connection: &mut Connection, deadline: &Arc<AtomicU64>) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE)?;
    watch(connection, deadline)
}

fn run(connection: &Connection, relational: &Relational, text: &str, limits: Limits) -> SqlRun {
    let mut console = Console { relational, connection, limits, bytes_left: MOST_BYTES, original: true };
    let mut run = SqlRun::default();
    let mut rows_left = limits.rows as usize;
    for place in statements(text) {
        let (ran, failure) = console.statement(text, place, rows_left);
        if let Some((ran, rows)) = ran {
            rows_left -= rows.len();
            run.statements.push((ran, rows));
        }
        if failure.is_some() {
            run.failure = failure;
            break;
        }
    }
    run
}

/// Other databases are welcome as long as they are no files: those would stay when the copy goes.
fn no_files(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { filename: "" | ":memory:" } => Authorization::Allow,
        // A name that is computed is not told.
        AuthAction::Attach { .. } | AuthAction::Unknown { code: ffi::SQLITE_ATTACH, .. } => {
            Authorization::Deny
        }
        _ => Authorization::Allow,
    }
}

struct Console<'a> {
    relational: &'a Relational,
    connection: &'a Connection,
    limits: Limits,
    bytes_left: usize,
    /// Whether nothing was written so far.
    original: bool,
}

impl Console<'_> {
    /// Runs the statement that stands at this place. One that was stopped by a limit has both.
    fn statement(
        &mut self,
        text: &str,
        place: Range<usize>,
        rows_left: usize,
    ) -> (Option<(SqlRan, Rows)>, Option<SqlStop>) {
        let sql = &text[place.clone()];
        let prepared = self.connection.prepare(sql).and_then(|prepared| {
            let origins = origins(self.connection, &prepared, sql, self.relational)?;
            Ok((prepared, origins))
        });
        let (mut prepared, Origins { columns, nodes, doubt }) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return (None, Some(self.stopped(error, text, &place))),
        };
        if prepared.parameter_count() > 0 {
            let mark = tokens(sql).find(|token| token.text.starts_with(['?', ':', '@', '$']));
            let mark =
                mark.map_or(place.clone(), |mark| place.start + mark.start..place.start + mark.range().end);
            return (None, Some(SqlStop { error: SqlError::Parameters, place: at(&mark), exact: true }));
        }
        let (width, writes) = (columns.len(), !prepared.readonly());
        self.original &= !writes;
        let before = self.connection.total_changes();
        let mut rows = Rows::new();
        let start = micros();
        let stopped = self.fetch(&mut prepared.raw_query(), width, rows_left, &mut rows);
        let took = micros() - start;
        let stopped = stopped.err().map(|stop| match stop {
            Stop::Limit(error) => SqlStop { error, place: at(&place), exact: false },
            Stop::Sqlite(error) => self.stopped(error, text, &place),
        });
        if let Some(SqlStop { error: SqlError::Sqlite(_), .. }) = stopped {
            return (None, stopped);
        }
        let all = self.connection.total_changes() - before;
        let changed = (writes && changes_rows(sql)).then(|| {
            // What SQLite says of the statement's own rows is that of the last one that changed any.
            let own = if all == 0 { 0 } else { self.connection.changes().min(all) };
            Changed { rows: own as u32, others: (all - own) as u32 }
        });
        let count = rows.len() as u32;
        let ran = SqlRan {
            place: at(&place),
            columns,
            nodes,
            rows: count,
            changed,
            original: self.original,
            micros: took,
            doubt,
        };
        (Some((ran, rows)), stopped)
    }

    fn fetch(
        &mut self,
        found: &mut rusqlite::Rows<'_>,
        width: usize,
        most: usize,
        rows: &mut Rows,
    ) -> Result<(), Stop> {
        while let Some(row) = found.next()? {
            if rows.len() == most {
                return Err(Stop::Limit(SqlError::RowLimit(self.limits.rows)));
            }
            let cells: rusqlite::Result<Vec<Value>> =
                (0..width).map(|at| row.get_ref(at).map(Value::from)).collect();
            let cells = cells?;
            let bytes: usize = cells.iter().map(weight).sum();
            self.bytes_left = self
                .bytes_left
                .checked_sub(bytes)
                .ok_or(Stop::Limit(SqlError::ByteLimit(MOST_BYTES as u32)))?;
            rows.push(cells);
        }
        Ok(())
    }

    /// Where SQLite stopped: at the piece that it points to, or somewhere in the statement.
    fn stopped(&self, error: rusqlite::Error, text: &str, place: &Range<usize>) -> SqlStop {
        let piece = match &error {
            rusqlite::Error::SqlInputError { offset, .. } => {
                let offset = usize::try_from(*offset).unwrap_or(0);
                tokens(&text[place.clone()]).find(|token| token.range().end > offset)
            }
            _ => None,
        };
        let exact = piece.map(|piece| place.start + piece.start..place.start + piece.range().end);
        let error = match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => SqlError::TimeLimit(self.limits.millis),
            _ => SqlError::from(error),
        };
        SqlStop { error, place: at(exact.as_ref().unwrap_or(place)), exact: exact.is_some() }
    }
}

enum Stop {
    Limit(SqlError),
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Stop::Sqlite(error)
    }
}

fn at(place: &Range<usize>) -> SqlPlace {
    SqlPlace { from: place.start as u32, to: place.end as u32 }
}

fn weight(value: &Value) -> usize {
    let long = match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        Value::Null | Value::Integer(_) | Value::Real(_) => 0,
    };
    size_of::<Value>() + long
}

/// Whether a statement that writes is one of those that change rows.
fn changes_rows(sql: &str) -> bool {
    let first = tokens(sql).next();
    let verbs = ["INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"];
    first.is_some_and(|first| verbs.iter().any(|verb| first.is(verb)))
}
