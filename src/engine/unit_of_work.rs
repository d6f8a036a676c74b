//! Runs scripts: sends what the session sends, and finds out what the database does beside it.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use rusqlite::hooks::Action;
use rusqlite::{ErrorCode, OptionalExtension};

use super::database::{Database, SqlError, select, sqlite_words};
use super::foresee::Touched;
use super::opening::rowid_column;
use crate::mapping::{Table, TableId};
use crate::protocol::Limits;
use crate::session::{
    Blocked, Command, Deed, Doing, Reply, RowName, Script, ScriptRun, SessionError, Verb, run,
};
use crate::sql::{Statement, quote};
use crate::trace::Rows;
use crate::value::Value;

impl Database {
    /// Runs a script within limits. What it commits stays; everything else is taken back in the end.
    pub fn run_script(&mut self, script: &Script, limits: Limits) -> ScriptRun {
        self.start_clock(limits);
        let (schema, relational) = (self.schema.clone(), self.relational.clone());
        let mut rows_left = limits.rows as usize;
        let run = run(script, &schema, &relational, &mut |command| match command {
            Command::Begin => self.say("BEGIN"),
            Command::Commit => self.say("COMMIT"),
            Command::Rollback if self.connection.is_autocommit() => Ok(Reply::default()),
            Command::Rollback => {
                // Taking back must not be stopped by the limit that brought it about.
                self.stop_clock();
                self.say("ROLLBACK")
            }
            Command::Send(Verb::Select, statement, _) => {
                let rows = select(&self.connection, statement, rows_left, limits)
                    .map_err(|error| SessionError::Database(error.to_string()))?;
                rows_left -= rows.len();
                Ok(Reply { rows, ..Reply::default() })
            }
            Command::Send(Verb::Delete, statement, Some(table)) => self.delete_by(statement, table),
            Command::Send(_, statement, _) => self.write(statement),
        });
        self.stop_clock();
        run
    }

    /// Every row of every table, in the order of the tables.
    ///
    /// # Errors
    /// [`SqlError`], if a limit is reached.
    pub fn all_rows(&mut self, limits: Limits) -> Result<Vec<Rows>, SqlError> {
        let all: Vec<Statement> = self.relational.tables.iter().map(|table| all_of("*", table)).collect();
        all.iter().map(|statement| self.query(statement, limits)).collect()
    }

    fn say(&self, sql: &str) -> Result<Reply, SessionError> {
        self.connection.execute_batch(sql).map_err(|error| session_error(&error))?;
        Ok(Reply::default())
    }

    fn write(&self, statement: &Statement) -> Result<Reply, SessionError> {
        self.try_write(statement).map_err(|error| session_error(&error))
    }

    fn try_write(&self, statement: &Statement) -> rusqlite::Result<Reply> {
        let mut prepared = self.connection.prepare_cached(&statement.text)?;
        let width = prepared.column_count();
        let mut found = prepared.query(rusqlite::params_from_iter(&statement.params))?;
        let mut reply = Reply::default();
        while let Some(row) = found.next()? {
            let cells: rusqlite::Result<Vec<Value>> =
                (0..width).map(|at| row.get_ref(at).map(Value::from)).collect();
            reply.rows.push(cells?);
        }
        drop(found);
        reply.written = self.connection.changes() as u32;
        reply.last_id = self.connection.last_insert_rowid();
        Ok(reply)
    }

    /// Deletes a row. If the database did something to other rows, the deletion is taken back to see how those were,
    /// and done again.
    fn delete_by(&mut self, statement: &Statement, table: TableId) -> Result<Reply, SessionError> {
        let definition = self.relational.table(table);
        if self.keys_to(table).next().is_none() {
            return self.write(statement);
        }
        let own = self.rowid_of(definition, &statement.params).map_err(|error| session_error(&error))?;
        self.say("SAVEPOINT probe")?;
        let (deleted, touched) = self.watched(statement)?;
        let done = match deleted {
            Err(error) => Err(self.refused(&error, table, own)),
            Ok(reply) => self.doings(reply, statement, (table, own), &touched),
        };
        if done.is_err() {
            self.say("ROLLBACK TO probe")?;
        }
        self.say("RELEASE probe")?;
        done
    }

    /// Sends a statement and notes the rows that are touched.
    #[expect(clippy::type_complexity, reason = "said once")]
    fn watched(
        &mut self,
        statement: &Statement,
    ) -> Result<(rusqlite::Result<Reply>, Vec<(Action, String, i64)>), SessionError> {
        let touched = Touched::default();
        let log = Arc::clone(&touched);
        let hook = move |action, _: &str, table: &str, rowid| {
            log.lock().unwrap_or_else(PoisonError::into_inner).push((action, table.to_owned(), rowid));
        };
        self.connection.update_hook(Some(hook)).map_err(|error| session_error(&error))?;
        let reply = self.try_write(statement);
        let off = self.connection.update_hook(None::<fn(Action, &str, &str, i64)>);
        off.map_err(|error| session_error(&error))?;
        let touched = std::mem::take(&mut *touched.lock().unwrap_or_else(PoisonError::into_inner));
        Ok((reply, touched))
    }

    fn doings(
        &self,
        reply: Reply,
        statement: &Statement,
        (table, own): (TableId, Option<i64>),
        touched: &[(Action, String, i64)],
    ) -> Result<Reply, SessionError> {
        let mut others: BTreeSet<(TableId, i64, bool)> = BTreeSet::new();
        for (action, name, rowid) in touched {
            let Some(at) = self.relational.tables.iter().find(|table| table.name == *name) else { continue };
            if (at.id, Some(*rowid)) != (table, own) {
                others.insert((at.id, *rowid, *action == Action::SQLITE_DELETE));
            }
        }
        if others.is_empty() {
            return Ok(reply);
        }
        let after: Vec<Option<Vec<Value>>> =
            others.iter().map(|(at, rowid, _)| self.row(*at, *rowid)).collect::<Result<_, _>>()?;
        self.say("ROLLBACK TO probe")?;
        let mut doings = Vec::new();
        for ((at, rowid, deleted), after) in others.iter().zip(after) {
            let Some(before) = self.row(*at, *rowid)? else { continue };
            doings.extend(deeds(self.relational.table(*at), &before, after.as_deref(), *deleted));
        }
        let again = self.write(statement)?;
        Ok(Reply { doings, ..again })
    }

    pub(super) fn row(&self, table: TableId, rowid: i64) -> Result<Option<Vec<Value>>, SessionError> {
        let table = self.relational.table(table);
        let sql = format!("SELECT * FROM {} WHERE {} = ?", quote(&table.name), rowid_column(table));
        let width = table.columns.len();
        self.connection
            .query_row(&sql, [rowid], |row| (0..width).map(|at| row.get_ref(at).map(Value::from)).collect())
            .optional()
            .map_err(|error| session_error(&error))
    }

    pub(super) fn rowid_of(&self, table: &Table, key: &[Value]) -> rusqlite::Result<Option<i64>> {
        let marks: Vec<&str> = key.iter().map(|_| "?").collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE ({}) = ({})",
            rowid_column(table),
            quote(&table.name),
            self.column_list(table, &table.primary_key),
            marks.join(", "),
        );
        self.connection.query_row(&sql, rusqlite::params_from_iter(key), |row| row.get(0)).optional()
    }

    /// A deletion that was refused, with the rows that stand in the way.
    fn refused(&self, error: &rusqlite::Error, table: TableId, own: Option<i64>) -> SessionError {
        let refused = session_error(error);
        let SessionError::Integrity { sqlite, .. } = refused else { return refused };
        let own: Vec<i64> = own.into_iter().collect();
        let blocked = self.say("ROLLBACK TO probe").ok().and_then(|_| self.blocking(table, &own).ok());
        SessionError::Integrity { sqlite, blocked }
    }

    fn blocking(&self, table: TableId, own: &[i64]) -> Result<Blocked, SqlError> {
        let (holding, why) = self.standing_in_the_way(&[(table, own.to_vec())])?;
        let mut by: Vec<RowName> = Vec::new();
        for &(at, rowid) in &holding {
            if let Ok(Some(row)) = self.row(at, rowid) {
                by.push(row_name(self.relational.table(at), &row));
            }
        }
        by.sort();
        by.dedup();
        let mut tables: Vec<&str> =
            by.iter().map(|row| self.relational.table(row.table).name.as_str()).collect();
        tables.dedup();
        let (noun, why) = if by.len() == 1 { ("row", why[0]) } else { ("rows", why[1]) };
        let message = format!("It cannot be deleted: {} {noun} of {} {why}.", by.len(), tables.join(" and "));
        Ok(Blocked { message, by })
    }
}

/// All rows of a table, in the order of their row ids.
pub(super) fn all_of(columns: &str, table: &Table) -> Statement {
    let text = format!("SELECT {columns} FROM {} ORDER BY {}", quote(&table.name), rowid_column(table));
    Statement { text, ..Statement::default() }
}

pub(super) fn row_name(table: &Table, row: &[Value]) -> RowName {
    RowName { table: table.id, key: table.primary_key.iter().map(|at| row[*at].clone()).collect() }
}

/// What was done to a row: it is gone, or some of its keys have changed.
fn deeds(table: &Table, before: &[Value], after: Option<&[Value]>, deleted: bool) -> Vec<Doing> {
    let row = row_name(table, before);
    let Some(after) = after else {
        // A row that is cleared and then deleted is simply gone.
        return if deleted { vec![Doing { row, deed: Deed::Deleted }] } else { Vec::new() };
    };
    let changed = |columns: &[usize]| columns.iter().any(|at| before[*at] != after[*at]);
    let keys = table.foreign_keys.iter().filter(|key| changed(&key.columns));
    keys.map(|key| Doing { row: row.clone(), deed: Deed::KeyChanged(key.relationship) }).collect()
}

fn session_error(error: &rusqlite::Error) -> SessionError {
    let words = sqlite_words(error);
    match error.sqlite_error_code() {
        // Python's sqlite3 counts a value that does not fit an integer key among the violations, too.
        Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) => {
            SessionError::Integrity { sqlite: words, blocked: None }
        }
        _ => SessionError::Database(words),
    }
}
