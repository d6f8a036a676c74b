//! What deleting rows would do: tried on the real database and taken back.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::hooks::Action;

use super::database::{Database, SqlError, sqlite_words};
use super::opening::rowid_column;
use crate::mapping::{ForeignKey, Table, TableId};
use crate::project::{RowId, RowSource};
use crate::protocol::{Changes, Consequences};
use crate::schema::{ModelId, OnDelete};
use crate::sql::quote;
use crate::value::Value;

type Touched = Arc<Mutex<Vec<(Action, String, i64)>>>;

impl Database {
    /// Deletes rows of a model, notes what the database did to which rows, and takes it all back.
    ///
    /// # Errors
    /// If SQLite refuses for another reason than a constraint.
    pub fn foresee(&mut self, model: ModelId, rows: &[RowId]) -> Result<Consequences, SqlError> {
        let Some(table) = self.relational.table_of(model) else {
            return Ok(Consequences::Allowed(Changes::default()));
        };
        let rowids = self.rowids(table, rows);
        let touched = Touched::default();
        let log = Arc::clone(&touched);
        self.connection.update_hook(Some(move |action, _: &str, table: &str, rowid| {
            log.lock().unwrap_or_else(PoisonError::into_inner).push((action, table.to_owned(), rowid));
        }))?;
        self.connection.execute_batch("BEGIN")?;
        let deleted = self.delete(table, &rowids);
        let consequences = match deleted {
            Ok(()) => {
                let touched = std::mem::take(&mut *touched.lock().unwrap_or_else(PoisonError::into_inner));
                self.changes(&touched).map(Consequences::Allowed)
            }
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
                self.blocked(table, &rowids, &sqlite_words(&error))
            }
            Err(error) => Err(error.into()),
        };
        self.connection.execute_batch("ROLLBACK")?;
        self.connection.update_hook(None::<fn(Action, &str, &str, i64)>)?;
        consequences
    }

    fn rowids(&self, table: TableId, rows: &[RowId]) -> Vec<i64> {
        let wanted: BTreeSet<RowSource> = rows.iter().copied().map(RowSource::Row).collect();
        let mut rowids: Vec<i64> = self
            .sources
            .iter()
            .filter(|((at, _), source)| *at == table && wanted.contains(source))
            .map(|((_, rowid), _)| *rowid)
            .collect();
        rowids.sort_unstable();
        rowids
    }

    /// One statement for all of them, so that rows that point to each other can go together.
    fn delete(&self, table: TableId, rowids: &[i64]) -> rusqlite::Result<()> {
        let table = self.relational.table(table);
        let list: Vec<String> = rowids.iter().map(i64::to_string).collect();
        let sql = format!(
            "DELETE FROM {} WHERE {} IN ({})",
            quote(&table.name),
            rowid_column(table),
            list.join(", ")
        );
        self.connection.execute(&sql, []).map(|_| ())
    }

    fn changes(&self, touched: &[(Action, String, i64)]) -> Result<Changes, SqlError> {
        let mut changes = Changes::default();
        for (action, name, rowid) in touched {
            let Some(table) = self.relational.tables.iter().find(|table| table.name == *name) else {
                continue;
            };
            match (action, self.sources.get(&(table.id, *rowid))) {
                (Action::SQLITE_DELETE, Some(RowSource::Row(row))) => changes.deleted.push(*row),
                (Action::SQLITE_DELETE, Some(RowSource::Link(..))) => changes.pairs += 1,
                (Action::SQLITE_UPDATE, Some(RowSource::Row(row))) => {
                    for key in self.cleared_keys(table, *rowid)? {
                        changes.unlinked.push((key.relationship, *row));
                    }
                }
                _ => {}
            }
        }
        // A row that was updated and then deleted is simply gone.
        changes.unlinked.retain(|(_, row)| !changes.deleted.contains(row));
        Ok(changes)
    }

    /// The foreign keys of a row that are NULL now.
    fn cleared_keys<'a>(&self, table: &'a Table, rowid: i64) -> Result<Vec<&'a ForeignKey>, SqlError> {
        let mut cleared = Vec::new();
        for key in &table.foreign_keys {
            let sql = format!(
                "SELECT {} FROM {} WHERE {} = ?",
                self.column_list(table, &key.columns),
                quote(&table.name),
                rowid_column(table)
            );
            let first: Value =
                self.connection.query_row(&sql, [rowid], |row| row.get_ref(0).map(Value::from))?;
            if first.is_null() {
                cleared.push(key);
            }
        }
        Ok(cleared)
    }

    fn column_list(&self, table: &Table, columns: &[usize]) -> String {
        let names: Vec<String> = columns.iter().map(|&at| quote(&table.columns[at].name)).collect();
        names.join(", ")
    }

    /// Which rows stand in the way: those that point to a row to be deleted, or to one that would go with it.
    fn blocked(&self, table: TableId, rowids: &[i64], sqlite: &str) -> Result<Consequences, SqlError> {
        let mut going: HashMap<TableId, BTreeSet<i64>> =
            HashMap::from([(table, rowids.iter().copied().collect())]);
        let mut queue: Vec<(TableId, i64)> = rowids.iter().map(|&rowid| (table, rowid)).collect();
        let mut holding: Vec<(TableId, i64)> = Vec::new();
        while let Some((target, rowid)) = queue.pop() {
            for (child, key) in self.keys_to(target) {
                for pointing in self.pointing(child, key, target, rowid)? {
                    match key.on_delete {
                        OnDelete::Cascade => {
                            if going.entry(child.id).or_default().insert(pointing) {
                                queue.push((child.id, pointing));
                            }
                        }
                        OnDelete::NoAction | OnDelete::Restrict => holding.push((child.id, pointing)),
                        OnDelete::SetNull | OnDelete::SetDefault => {}
                    }
                }
            }
        }
        holding.retain(|(table, rowid)| !going.get(table).is_some_and(|rows| rows.contains(rowid)));
        Ok(self.blocked_words(&holding, sqlite))
    }

    fn blocked_words(&self, holding: &[(TableId, i64)], sqlite: &str) -> Consequences {
        let sources: BTreeSet<RowSource> =
            holding.iter().filter_map(|at| self.sources.get(at).copied()).collect();
        let by: Vec<RowId> = sources
            .iter()
            .filter_map(|source| match source {
                RowSource::Row(row) => Some(*row),
                RowSource::Link(..) => None,
            })
            .collect();
        let mut tables: Vec<&str> =
            holding.iter().map(|(id, _)| self.relational.table(*id).name.as_str()).collect();
        tables.sort_unstable();
        tables.dedup();
        let (count, noun) = (sources.len(), if sources.len() == 1 { "row" } else { "rows" });
        let message = format!(
            "It cannot be deleted: {count} {noun} of {} still point here, and ON DELETE says to refuse.",
            tables.join(" and ")
        );
        Consequences::Blocked { message, sqlite: sqlite.to_owned(), by }
    }

    fn keys_to(&self, target: TableId) -> impl Iterator<Item = (&Table, &ForeignKey)> {
        let keys = self
            .relational
            .tables
            .iter()
            .flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
        keys.filter(move |(_, key)| key.target == target)
    }

    fn pointing(
        &self,
        child: &Table,
        key: &ForeignKey,
        target: TableId,
        rowid: i64,
    ) -> Result<Vec<i64>, SqlError> {
        let target = self.relational.table(target);
        let sql = format!(
            "SELECT {} FROM {} WHERE ({}) = (SELECT {} FROM {} WHERE {} = ?)",
            rowid_column(child),
            quote(&child.name),
            self.column_list(child, &key.columns),
            self.column_list(target, &key.target_columns),
            quote(&target.name),
            rowid_column(target),
        );
        let mut statement = self.connection.prepare(&sql)?;
        let rows = statement.query_map([rowid], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(rows)
    }
}
