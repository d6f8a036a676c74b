//! What came of the last SQL that somebody typed, kept so that the page can ask for its rows.

use indexmap::IndexSet;

use super::session::protocol;
use crate::engine::Database;
use crate::mapping::TableId;
use crate::protocol::{
    Failure, Limits, RowShown, RowsShown, RowsWanted, SqlFailure, SqlNode, SqlOutcome, SqlRan,
};
use crate::trace::{ObjectId, Rows};
use crate::value::Value;

/// The last run.
#[derive(Default)]
pub(super) struct Console {
    number: u32,
    statements: Vec<(SqlRan, Rows)>,
    /// The objects shown so far, by table and key: the same one has the same id in every statement.
    objects: IndexSet<(TableId, String)>,
}

impl Console {
    pub(super) fn run(
        &mut self,
        database: &Database,
        text: &str,
        limits: Limits,
    ) -> Result<SqlOutcome, Failure> {
        let run = database.run_sql(text, limits)?;
        *self = Console { number: self.number + 1, statements: run.statements, objects: IndexSet::new() };
        Ok(SqlOutcome {
            number: self.number,
            statements: self.statements.iter().map(|(ran, _)| ran.clone()).collect(),
            failure: run.failure.map(|stop| SqlFailure {
                failure: stop.error.into(),
                place: stop.place,
                exact: stop.exact,
            }),
        })
    }

    /// A window of the rows of a statement.
    pub(super) fn rows(&mut self, wanted: RowsWanted) -> Result<RowsShown, Failure> {
        if wanted.outcome != self.number {
            return Err(protocol("These rows are of an earlier run. Run it again."));
        }
        let statement = self.statements.get(wanted.step.0 as usize);
        let (ran, rows) = statement.ok_or_else(|| protocol("There is no such statement."))?;
        let objects = &mut self.objects;
        let window = rows.iter().skip(wanted.start as usize).take(wanted.count as usize);
        let shown = (wanted.start + 1..).zip(window).map(|(number, row)| RowShown {
            statement: wanted.step.0 + 1,
            row: number,
            cells: row.clone(),
            objects: ran.nodes.iter().map(|node| object(objects, node, row)).collect(),
        });
        Ok(RowsShown { wanted, rows: shown.collect() })
    }
}

/// The object whose key stands in a row; an outer join may have found none.
fn object(objects: &mut IndexSet<(TableId, String)>, node: &SqlNode, row: &[Value]) -> Option<ObjectId> {
    let key: Option<Vec<&Value>> = node.key.iter().map(|at| row.get(*at as usize)).collect();
    let key = key.filter(|key| !key.iter().any(|value| **value == Value::Null))?;
    // Written out with their types: a number is another key than the text that looks like it.
    let (at, _) = objects.insert_full((node.table, format!("{key:?}")));
    Some(ObjectId(at as u32))
}
