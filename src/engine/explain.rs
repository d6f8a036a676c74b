//! Asks SQLite how it goes about a statement, and how it would with another index.

use rusqlite::Connection;

use super::database::{Database, SqlError};
use crate::explain::{
    Advice, Candidate, Explained, PlanLine, Remarked, candidates, is_better, plan_lines, remarks,
};
use crate::mapping::Relational;
use crate::sql::{Select, Statement, create_index, ddl, quote};

/// How many indexes are tried for one statement.
const TRIED: usize = 4;

impl Database {
    /// How SQLite goes about a statement that was rendered from this tree, and the indexes with which it would do better.
    ///
    /// # Errors
    /// If SQLite refuses the statement.
    pub fn explain(&self, select: &Select, statement: &Statement) -> Result<Explained, SqlError> {
        let relational = &self.relational;
        let before = lines(&self.connection, statement)?;
        let remarked = remarks(select, &before, relational);
        let mut advice = Vec::new();
        let candidates = candidates(select, &before, relational);
        if !candidates.is_empty() {
            let empty = empty_copy(relational)?;
            for candidate in candidates.into_iter().take(TRIED) {
                // One whose name is taken cannot be had.
                let Ok(after) = with_index(&empty, relational, &candidate, statement) else { continue };
                let after_remarks = remarks(select, &after, relational);
                if is_better(&after_remarks, &remarked) {
                    let after = after.into_iter().zip(after_remarks).collect();
                    advice.push(advice_of(relational, candidate, after));
                }
            }
        }
        Ok(Explained { lines: before.into_iter().zip(remarked).collect(), advice })
    }
}

/// The same tables without a row. Nobody has told SQLite anything about the rows (there is no `ANALYZE`), so it makes the
/// same plans here; and an index costs nothing.
fn empty_copy(relational: &Relational) -> Result<Connection, SqlError> {
    let connection = Connection::open_in_memory()?;
    for statement in ddl(relational) {
        connection.execute(&statement.text, [])?;
    }
    Ok(connection)
}

fn with_index(
    connection: &Connection,
    relational: &Relational,
    candidate: &Candidate,
    statement: &Statement,
) -> Result<Vec<PlanLine>, SqlError> {
    let create = create_index(relational.table(candidate.table), &candidate.index);
    connection.execute(&create.text, [])?;
    let after = lines(connection, statement);
    connection.execute(&format!("DROP INDEX {}", quote(&candidate.index.name)), [])?;
    after
}

fn advice_of(relational: &Relational, candidate: Candidate, after: Vec<Remarked>) -> Advice {
    let table = relational.table(candidate.table);
    let columns = candidate.index.columns.iter().map(|&at| table.columns[at].name.clone()).collect();
    Advice { on: candidate.on, table: table.name.clone(), columns, after }
}

fn lines(connection: &Connection, statement: &Statement) -> Result<Vec<PlanLine>, SqlError> {
    let mut prepared = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", statement.text))?;
    let mut found = prepared.query(rusqlite::params_from_iter(&statement.params))?;
    let mut answer = Vec::new();
    while let Some(row) = found.next()? {
        answer.push((row.get(0)?, row.get(1)?, row.get(3)?));
    }
    Ok(plan_lines(&answer))
}
