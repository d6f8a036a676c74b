//! Rows as the document knows them: what each was made of, and those whose key points nowhere.

use rusqlite::OptionalExtension;

use super::database::{Database, SqlError};
use super::opening::rowid_column;
use super::unit_of_work::{all_of, row_name};
use crate::mapping::{Placement, Table, TableId};
use crate::project::{RowId, RowSource};
use crate::schema::{ModelId, RelationshipId};
use crate::session::RowName;
use crate::sql::quote;
use crate::value::Value;

impl Database {
    /// What each row of each table was made of, in the order of [`Database::all_rows`].
    ///
    /// # Errors
    /// [`SqlError`], if SQLite refuses.
    pub fn row_sources(&self) -> Result<Vec<Vec<Option<RowSource>>>, SqlError> {
        let of_table = |table: &Table| {
            let mut statement = self.connection.prepare(&all_of(&rowid_column(table), table).text)?;
            let source = |rowid| self.sources.get(&(table.id, rowid)).copied();
            let rowids = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            Ok(rowids.into_iter().map(source).collect())
        };
        self.relational.tables.iter().map(of_table).collect()
    }

    /// The rows whose key may point to several tables and points to a row that is not there. No foreign key keeps them
    /// from it.
    ///
    /// # Errors
    /// [`SqlError`], if SQLite refuses.
    pub fn dangling_rows(&self) -> Result<Vec<(RelationshipId, RowName)>, SqlError> {
        let mut rows = Vec::new();
        for (relationship, (table, rowid)) in self.dangling()? {
            if let Ok(Some(row)) = self.row(table, rowid) {
                rows.push((relationship, row_name(self.relational.table(table), &row)));
            }
        }
        Ok(rows)
    }

    /// The same, by table and row id.
    pub(super) fn dangling(&self) -> Result<Vec<(RelationshipId, (TableId, i64))>, SqlError> {
        let mut found = Vec::new();
        for relationship in self.schema.relationships() {
            let Some(Placement::Key {
                table,
                columns,
                target,
                target_columns,
                discriminator: Some(kind),
                ..
            }) = self.relational.placement(relationship.id)
            else {
                continue;
            };
            let (held, there) = (self.relational.table(*table), self.relational.table(*target));
            let name = |table: &Table, at: usize| quote(&table.columns[at].name);
            let same = columns.iter().zip(target_columns);
            let same = same.map(|(own, other)| format!("t.{} = h.{}", name(there, *other), name(held, *own)));
            let sql = format!(
                "SELECT h.{} FROM {} AS h WHERE h.{} = ? AND NOT EXISTS (SELECT 1 FROM {} AS t WHERE {})",
                rowid_column(held),
                quote(&held.name),
                name(held, kind.column),
                quote(&there.name),
                same.collect::<Vec<_>>().join(" AND "),
            );
            let mut statement = self.connection.prepare(&sql)?;
            let rowids =
                statement.query_map([&kind.value], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            found.extend(rowids.into_iter().map(|rowid| (relationship.id, (*table, rowid))));
        }
        Ok(found)
    }

    /// The row of the document that the object of a model with this key is.
    pub fn document_row(&self, model: ModelId, key: &[Value]) -> Option<RowId> {
        let table = self.relational.table(self.relational.table_of(model)?);
        let rowid = match key {
            [Value::Integer(key)] if table.has_rowid_key() => Some(*key),
            _ => self.rowid_of(table, key).optional().ok().flatten().flatten(),
        };
        match self.sources.get(&(table.id, rowid?))? {
            RowSource::Row(row) => Some(*row),
            RowSource::Link(..) => None,
        }
    }
}
