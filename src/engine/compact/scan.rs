//! The least that a graph can cost: its statements, with every column read and nothing made of it.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::Graph;
use crate::engine::clock::micros;
use crate::engine::database::SqlError;

/// Sends the statements of a graph once more and reads every column of every row. Gives how long it took, in microseconds, and
/// how many bytes the values have.
///
/// # Errors
/// [`SqlError`], if SQLite refuses one of them now.
pub fn scan(connection: &Connection, graph: &Graph) -> Result<(u64, u64), SqlError> {
    let mut prepared =
        graph.texts.iter().map(|(text, _)| connection.prepare_cached(text)).collect::<Result<Vec<_>, _>>()?;
    let params = graph.params.values();
    let (mut next, mut bytes) = (0, 0);
    let transaction = connection.unchecked_transaction().ok();
    let start = micros();
    for run in &graph.runs {
        let statement = &mut prepared[run.text as usize];
        let count = graph.texts[run.text as usize].1 as usize;
        for (at, value) in (1..).zip(&params[next..next + count]) {
            statement.raw_bind_parameter(at, value)?;
        }
        next += count;
        let width = statement.column_count();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            for at in 0..width {
                bytes += weight(row.get_ref(at)?);
            }
        }
    }
    let took = micros() - start;
    let _ = transaction.map(rusqlite::Transaction::commit);
    Ok((took, bytes))
}

fn weight(value: ValueRef<'_>) -> u64 {
    match value {
        ValueRef::Null => 0,
        ValueRef::Integer(_) | ValueRef::Real(_) => 8,
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len() as u64,
    }
}
