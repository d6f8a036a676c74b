//! Which objects that were inserted are still in the database.
//!
//! A key does not tell: after a rollback or a deletion the next row gets it. So each insertion has a number, which is noted in
//! the database for as long as nobody rolls it back, and triggers note which keys were free again after which insertion. The
//! notes are temporary tables without row ids: no file has them, and no hook hears of them.

use rusqlite::Connection;

use crate::engine::live::Live;
use crate::mapping::{Table, TableId};
use crate::schema::ModelId;
use crate::sql::quote;
use crate::value::Value;

const TABLES: &str = "\
    CREATE TEMP TABLE relata_inserted (number INTEGER PRIMARY KEY) WITHOUT ROWID; \
    CREATE TEMP TABLE relata_gone (tbl INTEGER, key TEXT, number INTEGER, PRIMARY KEY (tbl, key)) WITHOUT ROWID;";

impl Live {
    /// Notes an insertion that is about to happen; gives its number.
    pub(super) fn note_insertion(&self) -> rusqlite::Result<u32> {
        let number = self.insertions.get() + 1;
        self.insertions.set(number);
        let note = |connection: &Connection| {
            let mut statement = connection.prepare_cached("INSERT INTO temp.relata_inserted VALUES (?)")?;
            statement.execute([number]).map(|_| ())
        };
        if let Err(error) = note(&self.connection) {
            // It is the first time, or that was rolled back; or nothing can be written at all.
            self.connection.execute_batch(&self.notes()).map_err(|_| error)?;
            note(&self.connection)?;
        }
        Ok(number)
    }

    fn notes(&self) -> String {
        let mut sql = TABLES.to_owned();
        for table in &self.relational.tables {
            let is_of_objects = table.extends.is_none() && !table.primary_key.is_empty();
            if !is_of_objects {
                continue;
            }
            let (id, name, key) = (table.id.0, quote(&table.name), written_key(table, "OLD."));
            let columns: Vec<String> = key_columns(table).collect();
            let changed: Vec<String> =
                columns.iter().map(|column| format!("OLD.{column} IS NOT NEW.{column}")).collect();
            let noting = format!(
                "INSERT INTO relata_gone SELECT {id}, {key}, max(number) FROM relata_inserted WHERE true \
                 ON CONFLICT (tbl, key) DO UPDATE SET number = excluded.number"
            );
            sql.push_str(&format!(
                " CREATE TEMP TRIGGER relata_deleted_{id} AFTER DELETE ON main.{name} BEGIN {noting}; END; \
                 CREATE TEMP TRIGGER relata_moved_{id} AFTER UPDATE OF {} ON main.{name} WHEN {} BEGIN {noting}; END;",
                columns.join(", "),
                changed.join(" OR "),
            ));
        }
        sql
    }

    /// The table that has a row for each object of a model, and of what it is a kind of.
    pub(super) fn first_table(&self, model: ModelId) -> TableId {
        let table = self.relational.table_of(model).unwrap_or(TableId(0));
        self.relational.table(table).whole.as_ref().map_or(table, |whole| whole.parts[0].table)
    }

    /// Whether the row that an insertion made in a table, with this primary key, is there still.
    pub fn is_still_there(&self, insertion: u32, table: TableId, key: &[Value]) -> bool {
        let Some(definition) = self.relational.tables.get(table.0 as usize) else { return false };
        if definition.primary_key.len() != key.len() {
            return false;
        }
        let written: Vec<String> = (0..key.len()).map(|at| format!("quote(?{})", at + 3)).collect();
        let sql = format!(
            "SELECT 1 FROM temp.relata_inserted WHERE number = ?1 AND NOT EXISTS (SELECT 1 FROM temp.relata_gone \
             WHERE tbl = ?2 AND key = {} AND number >= ?1)",
            written.join(" || ',' || ")
        );
        let numbers = [Value::Integer(insertion.into()), Value::Integer(table.0.into())];
        let params = numbers.iter().chain(key);
        let found = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.exists(rusqlite::params_from_iter(params)));
        found.unwrap_or(false) && self.is_there(table, key)
    }
}

fn key_columns(table: &Table) -> impl Iterator<Item = String> {
    table.primary_key.iter().map(|at| quote(&table.columns[*at].name))
}

/// The key of a row as one text.
fn written_key(table: &Table, row: &str) -> String {
    let parts: Vec<String> = key_columns(table).map(|column| format!("quote({row}{column})")).collect();
    parts.join(" || ',' || ")
}
