//! What deleting rows would do: tried on the real database and taken back.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::OptionalExtension;
use rusqlite::hooks::Action;

use super::database::{Database, SqlError, sqlite_words};
use super::opening::rowid_column;
use crate::mapping::{ForeignKey, Table, TableId};
use crate::project::{RowId, RowSource};
use crate::protocol::{Changes, Consequences};
use crate::schema::{ModelId, OnDelete, RelationshipId};
use crate::sql::quote;
use crate::value::Value;

/// Why rows stand in the way, said of one and of several.
const REFUSES: [&str; 2] =
    ["still points here, and ON DELETE says to refuse", "still point here, and ON DELETE says to refuse"];
const NEEDS: [&str; 2] =
    ["needs it, and its key cannot be cleared", "need it, and their key cannot be cleared"];

/// Rows that stand in the way, and why, said of one and of several.
type Holding = (Vec<(TableId, i64)>, &'static [&'static str; 2]);

/// Rows that are to be deleted, table by table.
pub(super) type Going = Vec<(TableId, Vec<i64>)>;

/// Columns that point to others, and what happens when those go.
pub(super) struct Pointer<'a> {
    columns: &'a [usize],
    target_columns: &'a [usize],
    on_delete: OnDelete,
}

impl Pointer<'_> {
    fn of(key: &ForeignKey) -> Pointer<'_> {
        Pointer { columns: &key.columns, target_columns: &key.target_columns, on_delete: key.on_delete }
    }
}

pub(super) type Touched = Arc<Mutex<Vec<(Action, String, i64)>>>;

impl Database {
    /// Deletes rows of a model, notes what the database did to which rows, and takes it all back.
    ///
    /// # Errors
    /// If SQLite refuses for another reason than a constraint.
    pub fn foresee(&mut self, model: ModelId, rows: &[RowId]) -> Result<Consequences, SqlError> {
        let going = self.rows_in_tables(model, rows);
        let touched = Touched::default();
        let log = Arc::clone(&touched);
        self.connection.update_hook(Some(move |action, _: &str, table: &str, rowid| {
            log.lock().unwrap_or_else(PoisonError::into_inner).push((action, table.to_owned(), rowid));
        }))?;
        self.connection.execute_batch("BEGIN")?;
        let deleted = self.delete(&going);
        let touched = std::mem::take(&mut *touched.lock().unwrap_or_else(PoisonError::into_inner));
        let empty = self.empty_keys(&touched);
        let dangling = self.dangling();
        self.connection.execute_batch("ROLLBACK")?;
        self.connection.update_hook(None::<fn(Action, &str, &str, i64)>)?;
        match deleted {
            Ok(true) => {
                // A key that was empty before was not cleared.
                let cleared = &empty? - &self.empty_keys(&touched)?;
                let mut changes = self.changes(rows, &touched, cleared);
                changes.dangling.extend(dangling?.into_iter().filter_map(|(relationship, at)| {
                    match self.sources.get(&at) {
                        Some(RowSource::Row(row)) => Some((relationship, *row)),
                        _ => None,
                    }
                }));
                Ok(Consequences::Allowed(changes))
            }
            Ok(false) => self.blocked(&going, "FOREIGN KEY constraint failed"),
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => {
                self.blocked(&going, &sqlite_words(&error))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The rows of all tables that rows of a model stand in; first those that go on in others.
    fn rows_in_tables(&self, model: ModelId, rows: &[RowId]) -> Going {
        let Some(id) = self.relational.table_of(model) else { return Vec::new() };
        let tables = match &self.relational.table(id).whole {
            None => vec![id],
            Some(whole) => whole.parts.iter().rev().map(|part| part.table).collect(),
        };
        tables.into_iter().map(|table| (table, self.rowids(table, rows))).collect()
    }

    fn rowids(&self, table: TableId, rows: &[RowId]) -> Vec<i64> {
        let mut wanted: BTreeSet<RowSource> = BTreeSet::new();
        wanted.extend(rows.iter().copied().map(RowSource::Row));
        let mut rowids: Vec<i64> = self
            .sources
            .iter()
            .filter(|((at, _), source)| *at == table && wanted.contains(source))
            .map(|((_, rowid), _)| *rowid)
            .collect();
        rowids.sort_unstable();
        rowids
    }

    /// One statement for all rows of a table, so that rows that point to each other can go together. Of rows in several
    /// tables the keys are looked at in the end; `false` if one of them points nowhere then.
    fn delete(&self, going: &[(TableId, Vec<i64>)]) -> rusqlite::Result<bool> {
        let several = going.len() > 1;
        if several {
            self.connection.execute_batch("PRAGMA defer_foreign_keys = ON")?;
        }
        for (table, rowids) in going {
            let table = self.relational.table(*table);
            let list: Vec<String> = rowids.iter().map(i64::to_string).collect();
            let sql = format!(
                "DELETE FROM {} WHERE {} IN ({})",
                quote(&table.name),
                rowid_column(table),
                list.join(", ")
            );
            self.connection.execute(&sql, [])?;
        }
        let mut dangling = self.connection.prepare("PRAGMA foreign_key_check")?;
        Ok(!several || dangling.query([])?.next()?.is_none())
    }

    /// What the rows asked for and the database's own doings come to. Rows that are not in the database go, too.
    fn changes(
        &self,
        rows: &[RowId],
        touched: &[(Action, String, i64)],
        cleared: BTreeSet<(RelationshipId, RowId)>,
    ) -> Changes {
        let unlinked = cleared.into_iter().collect();
        let mut changes = Changes { deleted: rows.to_vec(), unlinked, ..Changes::default() };
        // A row may be deleted in several tables.
        let mut known: BTreeSet<RowId> = rows.iter().copied().collect();
        for (action, name, rowid) in touched {
            let table = self.relational.tables.iter().find(|table| table.name == *name);
            let source = table.and_then(|table| self.sources.get(&(table.id, *rowid)));
            match (action, source) {
                (Action::SQLITE_DELETE, Some(RowSource::Row(row))) if known.insert(*row) => {
                    changes.deleted.push(*row);
                }
                (Action::SQLITE_DELETE, Some(RowSource::Link(..))) => changes.pairs += 1,
                _ => {}
            }
        }
        changes
    }

    /// The foreign keys that are NULL now in the rows that were updated. Rows that were deleted since have none.
    fn empty_keys(
        &self,
        touched: &[(Action, String, i64)],
    ) -> Result<BTreeSet<(RelationshipId, RowId)>, SqlError> {
        let mut empty = BTreeSet::new();
        for (_, name, rowid) in touched.iter().filter(|(action, ..)| *action == Action::SQLITE_UPDATE) {
            let Some(table) = self.relational.tables.iter().find(|table| table.name == *name) else {
                continue;
            };
            let Some(RowSource::Row(row)) = self.sources.get(&(table.id, *rowid)) else { continue };
            for key in &table.foreign_keys {
                let sql = format!(
                    "SELECT {} FROM {} WHERE {} = ?",
                    self.column_list(table, &key.columns),
                    quote(&table.name),
                    rowid_column(table)
                );
                let first = self
                    .connection
                    .query_row(&sql, [rowid], |row| row.get_ref(0).map(Value::from))
                    .optional()?;
                if first.is_some_and(|value| value.is_null()) {
                    empty.insert((key.relationship, *row));
                }
            }
        }
        Ok(empty)
    }

    pub(super) fn column_list(&self, table: &Table, columns: &[usize]) -> String {
        let names: Vec<String> = columns.iter().map(|&at| quote(&table.columns[at].name)).collect();
        names.join(", ")
    }

    /// Which rows stand in the way: those that point to a row to be deleted, or to one that would go with it.
    fn blocked(&self, going: &[(TableId, Vec<i64>)], sqlite: &str) -> Result<Consequences, SqlError> {
        let (holding, why) = self.standing_in_the_way(going)?;
        Ok(self.blocked_words(&holding, why, sqlite))
    }

    /// Those rows, and why they stand there, said of one and of several.
    pub(super) fn standing_in_the_way(&self, rows: &[(TableId, Vec<i64>)]) -> Result<Holding, SqlError> {
        let mut going: HashMap<TableId, BTreeSet<i64>> = HashMap::new();
        let mut queue: Vec<(TableId, i64)> = Vec::new();
        for (table, rowids) in rows {
            going.entry(*table).or_default().extend(rowids);
            queue.extend(rowids.iter().map(|&rowid| (*table, rowid)));
        }
        let (mut refusing, mut restricting, mut needing) = (Vec::new(), Vec::new(), Vec::new());
        while let Some((target, rowid)) = queue.pop() {
            for (child, key) in self.keys_to(target) {
                let required = child.columns[key.columns[0]].not_null;
                for pointing in self.pointing(child, &key, target, rowid)? {
                    let at = (child.id, pointing);
                    match key.on_delete {
                        OnDelete::Cascade => {
                            if going.entry(child.id).or_default().insert(pointing) {
                                queue.push(at);
                            }
                        }
                        OnDelete::NoAction => refusing.push(at),
                        OnDelete::Restrict => restricting.push(at),
                        OnDelete::SetNull | OnDelete::SetDefault if required => needing.push(at),
                        OnDelete::SetNull | OnDelete::SetDefault => {}
                    }
                }
            }
        }
        let stays =
            |(table, rowid): &(TableId, i64)| !going.get(table).is_some_and(|rows| rows.contains(rowid));
        let staying: Vec<_> = refusing.iter().chain(&restricting).copied().filter(stays).collect();
        // RESTRICT refuses at once, even for a row that would be gone in the end.
        Ok(match (staying.is_empty(), needing.is_empty()) {
            (false, _) => (staying, &REFUSES),
            (true, false) => (needing, &NEEDS),
            (true, true) => (restricting, &REFUSES),
        })
    }

    fn blocked_words(&self, holding: &[(TableId, i64)], why: &[&str; 2], sqlite: &str) -> Consequences {
        let mut sources: BTreeSet<RowSource> = BTreeSet::new();
        sources.extend(holding.iter().filter_map(|at| self.sources.get(at)));
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
        let (noun, why) = if sources.len() == 1 { ("row", why[0]) } else { ("rows", why[1]) };
        let (count, tables) = (sources.len(), tables.join(" and "));
        let message = format!("It cannot be deleted: {count} {noun} of {tables} {why}.");
        Consequences::Blocked { message, sqlite: sqlite.to_owned(), by }
    }

    /// The keys that point to a table, those among them by which rows of kinds go on in it.
    pub(super) fn keys_to(&self, target: TableId) -> impl Iterator<Item = (&Table, Pointer<'_>)> {
        let relational = &self.relational;
        relational.tables.iter().flat_map(move |table| {
            let keys = table.foreign_keys.iter().filter(move |key| key.target == target);
            let goes_on = table.extends.filter(|above| *above == target).map(|above| Pointer {
                columns: &table.primary_key,
                target_columns: &relational.table(above).primary_key,
                on_delete: OnDelete::NoAction,
            });
            keys.map(Pointer::of).chain(goes_on).map(move |key| (table, key))
        })
    }

    fn pointing(
        &self,
        child: &Table,
        key: &Pointer<'_>,
        target: TableId,
        rowid: i64,
    ) -> Result<Vec<i64>, SqlError> {
        let target = self.relational.table(target);
        let sql = format!(
            "SELECT {} FROM {} WHERE ({}) = (SELECT {} FROM {} WHERE {} = ?)",
            rowid_column(child),
            quote(&child.name),
            self.column_list(child, key.columns),
            self.column_list(target, key.target_columns),
            quote(&target.name),
            rowid_column(target),
        );
        let mut statement = self.connection.prepare(&sql)?;
        let rows = statement.query_map([rowid], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(rows)
    }
}
