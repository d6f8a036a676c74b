//! Fills a new database with the rows of its document, as far as SQLite takes them.

use std::collections::HashSet;

use super::database::{Database, SqlError, sqlite_words};
use super::words::refused;
use crate::mapping::{Table, TableId};
use crate::project::{Data, LoadRow, Need, Refusal, RowSource, load, target_name};
use crate::sql::{ddl, insert, quote};

/// How many rows are tried before it is told again how far it is.
const ROWS_PER_TELLING: u32 = 2_000;

impl Database {
    /// Creates the tables and inserts the rows. Keys are checked at the end, so that rows may point to each other in
    /// a ring and stand in any order.
    pub(super) fn fill(
        &mut self,
        data: &Data,
        tell: &mut dyn FnMut(u32, u32),
    ) -> Result<Vec<Refusal>, SqlError> {
        // The native build has foreign keys on from the start, the one for the web has not.
        self.connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN")?;
        for statement in ddl(&self.relational) {
            self.connection.execute(&statement.text, [])?;
        }
        let loading = load(&self.schema, &self.relational, data);
        let mut refusals = loading.refusals;
        let (mut taken, mut refused) = (Vec::new(), HashSet::new());
        let total = loading.tables.iter().map(|table| table.rows.len()).sum::<usize>() as u32;
        let mut tried = 0;
        for table_rows in &loading.tables {
            for row in &table_rows.rows {
                tried += 1;
                if tried % ROWS_PER_TELLING == 0 {
                    tell(tried, total);
                }
                // What is refused in one table has no place in another that it would go on in.
                if refused.contains(&row.source) {
                    continue;
                }
                match self.insert_row(table_rows.table, row)? {
                    Ok(rowid) => taken.push(Taken { table: table_rows.table, rowid, row }),
                    Err(refusal) => {
                        // Of a pair that is there twice, the other one stays.
                        if matches!(refusal.source, RowSource::Row(_)) {
                            refused.insert(refusal.source);
                        }
                        refusals.push(refusal);
                    }
                }
            }
        }
        self.remove_dangling(taken, refused, &mut refusals)?;
        self.connection.execute_batch("COMMIT; PRAGMA foreign_keys = ON")?;
        Ok(refusals)
    }

    /// Inserts a row and gives its row id, or SQLite's refusal.
    fn insert_row(&mut self, table: TableId, row: &LoadRow) -> Result<Result<i64, Refusal>, SqlError> {
        let definition = self.relational.table(table);
        let statement = insert(definition, &row.cells);
        let mut prepared = self.connection.prepare_cached(&statement.text)?;
        match prepared.execute(rusqlite::params_from_iter(&statement.params)) {
            Ok(_) => {
                let rowid = self.connection.last_insert_rowid();
                self.sources.insert((table, rowid), row.source);
                Ok(Ok(rowid))
            }
            Err(error) => {
                let words = sqlite_words(&error);
                Ok(Err(refused(&self.schema, &self.relational, definition, row.source, &words)))
            }
        }
    }

    /// Takes out the rows that point to a row which is not there, until none is left: taking one out may leave
    /// another one pointing nowhere. The document knows which row is meant, even where another one has its key.
    fn remove_dangling(
        &mut self,
        mut taken: Vec<Taken<'_>>,
        mut refused: HashSet<RowSource>,
        refusals: &mut Vec<Refusal>,
    ) -> Result<(), SqlError> {
        loop {
            let sources = taken.iter().map(|taken| taken.row.source);
            let present: HashSet<RowSource> = sources.filter(|source| !refused.contains(source)).collect();
            let missing = |need: &&Need| !present.contains(&RowSource::Row(need.row));
            let (mut stays, mut goes) = (Vec::new(), Vec::new());
            for row in taken {
                match row.row.needs.iter().find(missing) {
                    _ if refused.contains(&row.row.source) => goes.push((row, None)),
                    None => stays.push(row),
                    Some(need) => goes.push((row, Some(*need))),
                }
            }
            taken = stays;
            if goes.is_empty() {
                return Ok(());
            }
            for (row, need) in goes {
                self.delete_row(row.table, row.rowid)?;
                refused.insert(row.row.source);
                let Some(need) = need else { continue };
                let target = target_name(&self.schema, need.relationship, need.side);
                let guarded = self
                    .schema
                    .relationship(need.relationship)
                    .is_none_or(|link| link.polymorphic().is_none());
                let words = if guarded { "FOREIGN KEY constraint failed" } else { "" };
                refusals.push(Refusal::nowhere(row.row.source, need.relationship, target, words));
            }
        }
    }

    fn delete_row(&mut self, table: TableId, rowid: i64) -> Result<(), SqlError> {
        let definition = self.relational.table(table);
        let delete =
            format!("DELETE FROM {} WHERE {} = ?", quote(&definition.name), rowid_column(definition));
        self.connection.execute(&delete, [rowid])?;
        self.sources.remove(&(table, rowid));
        Ok(())
    }
}

/// A row that SQLite took.
struct Taken<'a> {
    table: TableId,
    rowid: i64,
    row: &'a LoadRow,
}

/// A name for SQLite's row id: that of the integer key, which is the same, or one that no column of the table takes.
pub(super) fn rowid_column(table: &Table) -> String {
    if table.has_rowid_key() {
        return quote(&table.columns[table.primary_key[0]].name);
    }
    let taken = |name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !taken(name)).unwrap_or("rowid").to_owned()
}
