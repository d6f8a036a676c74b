//! What came of the last SQL that somebody typed, kept so that the page can ask for its rows.

use indexmap::IndexSet;

use super::session::protocol;
use crate::engine::{Apart, Database, SqlRun};
use crate::mapping::TableId;
use crate::protocol::{
    Failure, Limits, RowShown, RowsShown, RowsWanted, SqlFailure, SqlNode, SqlOutcome, SqlRan, SqlRowsShown,
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
    /// Whether the document's database is still the one that it ran on a copy of.
    current: bool,
}

impl Console {
    pub(super) fn run(
        &mut self,
        database: &Database,
        text: &str,
        limits: Limits,
    ) -> Result<SqlOutcome, Failure> {
        let run = database.run_sql(text, limits)?;
        Ok(self.take(run, true))
    }

    /// The same on a database apart from the project's.
    pub(super) fn run_apart(&mut self, apart: &Apart, text: &str, limits: Limits) -> SqlOutcome {
        let run = apart.run_sql(text, limits);
        self.take(run, false)
    }

    fn take(&mut self, run: SqlRun, current: bool) -> SqlOutcome {
        *self = Console {
            number: self.number + 1,
            statements: run.statements,
            objects: IndexSet::new(),
            current,
        };
        SqlOutcome {
            number: self.number,
            statements: self.statements.iter().map(|(ran, _)| ran.clone()).collect(),
            failure: run.failure.map(|stop| SqlFailure {
                failure: stop.error.into(),
                place: stop.place,
                exact: stop.exact,
            }),
        }
    }

    /// The document's database is another one now.
    pub(super) fn detach(&mut self) {
        self.current = false;
    }

    /// A window of the rows of a statement.
    pub(super) fn rows(
        &mut self,
        database: Option<&Database>,
        wanted: RowsWanted,
    ) -> Result<SqlRowsShown, Failure> {
        if wanted.outcome != self.number {
            return Err(protocol("These rows are of an earlier run. Run it again."));
        }
        let statement = self.statements.get(wanted.step.0 as usize);
        let (ran, rows) = statement.ok_or_else(|| protocol("There is no such statement."))?;
        let database = database.filter(|_| self.current && ran.original);
        let (mut shown, mut documents) = (Vec::new(), Vec::new());
        let window = rows.iter().skip(wanted.start as usize).take(wanted.count as usize);
        for (number, row) in (wanted.start + 1..).zip(window) {
            let keys: Vec<Option<Vec<Value>>> = ran.nodes.iter().map(|node| key(node, row)).collect();
            let named = ran.nodes.iter().zip(&keys);
            let document = |(node, key): (&SqlNode, &Option<Vec<Value>>)| {
                database?.document_row(node.model, key.as_ref()?)
            };
            documents.push(named.clone().map(document).collect());
            let objects = &mut self.objects;
            let object = |(node, key): (&SqlNode, &Option<Vec<Value>>)| {
                // Written out with their types: a number is another key than the text that looks like it.
                let (at, _) = objects.insert_full((node.table, format!("{:?}", key.as_ref()?)));
                Some(ObjectId(at as u32))
            };
            let objects = named.map(object).collect();
            shown.push(RowShown { statement: wanted.step.0 + 1, row: number, cells: row.clone(), objects });
        }
        Ok(SqlRowsShown { shown: RowsShown { wanted, rows: shown }, documents })
    }
}

/// The key that a row names an object by; an outer join may have found none.
fn key(node: &SqlNode, row: &[Value]) -> Option<Vec<Value>> {
    let key: Option<Vec<Value>> = node.key.iter().map(|at| row.get(*at as usize).cloned()).collect();
    key.filter(|key| !key.contains(&Value::Null))
}
