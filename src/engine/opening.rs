//! Fills a new database with the rows of its document, as far as SQLite takes them.

use std::collections::HashMap;

use super::database::{Database, SqlError, sqlite_words};
use super::words::{dangling, refused};
use crate::mapping::{ForeignKey, Table, TableId};
use crate::project::{Data, LoadRow, Refusal, load};
use crate::sql::{ddl, insert, quote};

impl Database {
    /// Creates the tables and inserts the rows. Keys are checked at the end, so that rows may point to each other in
    /// a ring and stand in any order.
    pub(super) fn fill(&mut self, data: &Data) -> Result<Vec<Refusal>, SqlError> {
        // The native build has foreign keys on from the start, the one for the web has not.
        self.connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN")?;
        for statement in ddl(&self.relational) {
            self.connection.execute(&statement.text, [])?;
        }
        let loading = load(&self.schema, &self.relational, data);
        let mut refusals = loading.refusals;
        for table_rows in &loading.tables {
            for row in &table_rows.rows {
                refusals.extend(self.insert_row(table_rows.table, row)?);
            }
        }
        self.remove_dangling(&mut refusals)?;
        self.connection.execute_batch("COMMIT; PRAGMA foreign_keys = ON")?;
        Ok(refusals)
    }

    fn insert_row(&mut self, table: TableId, row: &LoadRow) -> Result<Option<Refusal>, SqlError> {
        let definition = self.relational.table(table);
        let statement = insert(definition, &row.cells);
        let mut prepared = self.connection.prepare_cached(&statement.text)?;
        match prepared.execute(rusqlite::params_from_iter(&statement.params)) {
            Ok(_) => {
                self.sources.insert((table, self.connection.last_insert_rowid()), row.source);
                Ok(None)
            }
            Err(error) => {
                let words = sqlite_words(&error);
                Ok(Some(refused(&self.schema, &self.relational, definition, row.source, &words)))
            }
        }
    }

    /// Takes out the rows whose keys lead nowhere, until none is left: taking one out may leave another one pointing
    /// nowhere.
    fn remove_dangling(&mut self, refusals: &mut Vec<Refusal>) -> Result<(), SqlError> {
        loop {
            let found = self.dangling_rows()?;
            if found.is_empty() {
                return Ok(());
            }
            for (table, rowid, key) in found {
                let definition = self.relational.table(table);
                let delete =
                    format!("DELETE FROM {} WHERE {} = ?", quote(&definition.name), rowid_column(definition));
                self.connection.execute(&delete, [rowid])?;
                if let Some(source) = self.sources.remove(&(table, rowid)) {
                    refusals.push(dangling(&self.schema, &self.relational, &key, source));
                }
            }
        }
    }

    fn dangling_rows(&self) -> Result<Vec<(TableId, i64, ForeignKey)>, SqlError> {
        let mut keys: HashMap<(TableId, i64), ForeignKey> = HashMap::new();
        // Not as table-valued functions, whose names a table of the document may have.
        let mut check = self.connection.prepare("PRAGMA foreign_key_check")?;
        let found: Vec<(String, i64, i64)> = check
            .query_map([], |row| Ok((row.get("table")?, row.get("rowid")?, row.get("fkid")?)))?
            .collect::<Result<_, _>>()?;
        let mut rows: Vec<(TableId, i64, ForeignKey)> = Vec::new();
        for (name, rowid, number) in found {
            let Some(table) = self.relational.tables.iter().find(|table| table.name == name) else {
                continue;
            };
            if !keys.contains_key(&(table.id, number)) {
                let key = self.foreign_key(table, number)?;
                keys.extend(key.map(|key| ((table.id, number), key)));
            }
            // A row with two keys that lead nowhere is taken out once.
            let known = rows.iter().rev().any(|(other, at, _)| *other == table.id && *at == rowid);
            if let (Some(key), false) = (keys.get(&(table.id, number)), known) {
                rows.push((table.id, rowid, key.clone()));
            }
        }
        Ok(rows)
    }

    /// The foreign key that SQLite counts as this number: it counts in an order of its own.
    fn foreign_key(&self, table: &Table, number: i64) -> Result<Option<ForeignKey>, SqlError> {
        let mut list =
            self.connection.prepare(&format!("PRAGMA foreign_key_list({})", quote(&table.name)))?;
        let mut columns: Vec<(i64, i64, String)> = list
            .query_map([], |row| Ok((row.get("id")?, row.get("seq")?, row.get("from")?)))?
            .collect::<Result<_, _>>()?;
        columns.retain(|(id, ..)| *id == number);
        columns.sort_unstable();
        let names = |key: &&ForeignKey| {
            key.columns
                .iter()
                .map(|&at| table.columns[at].name.as_str())
                .eq(columns.iter().map(|(.., name)| name.as_str()))
        };
        Ok(table.foreign_keys.iter().find(names).cloned())
    }
}

/// A name for SQLite's row id: that of the integer key, which is the same, or one that no column of the table takes.
pub(super) fn rowid_column(table: &Table) -> String {
    if table.has_rowid_key() {
        return quote(&table.columns[table.primary_key[0]].name);
    }
    let taken = |name: &str| table.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name));
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| !taken(name)).unwrap_or("rowid").to_owned()
}
