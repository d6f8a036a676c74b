//! Rows as the document knows them: what each was made of, and those whose key points nowhere.

use rusqlite::OptionalExtension;

use super::database::{Database, SqlError};
use super::opening::rowid_column;
use super::unit_of_work::{all_of, row_name};
use crate::mapping::{Placement, Table, TableId};
use crate::project::{RowId, RowSource};
use crate::schema::{ModelId, Relationship, RelationshipId};
use crate::session::RowName;
use crate::sql::quote;
use crate::value::Value;

/// A row, by its table and row id, and the relationship along which it points.
pub(super) type Pointing = (RelationshipId, (TableId, i64));

/// A key that may point to several tables, and where it points for one of them.
struct SharedKey<'a> {
    table: TableId,
    columns: Vec<usize>,
    /// The column that says where it points.
    says: usize,
    /// What stands there.
    value: &'a str,
    target: TableId,
    target_columns: Vec<usize>,
}

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
    pub(super) fn dangling(&self) -> Result<Vec<Pointing>, SqlError> {
        let mut found = Vec::new();
        for relationship in self.schema.relationships() {
            let Some(key) = self.shared_key(relationship) else { continue };
            let (held, there) = (self.relational.table(key.table), self.relational.table(key.target));
            let name = |table: &Table, at: usize| quote(&table.columns[at].name);
            let same = key.columns.iter().zip(&key.target_columns);
            let same = same.map(|(own, other)| format!("t.{} = h.{}", name(there, *other), name(held, *own)));
            let sql = format!(
                "SELECT h.{} FROM {} AS h WHERE h.{} = ? AND NOT EXISTS (SELECT 1 FROM {} AS t WHERE {})",
                rowid_column(held),
                quote(&held.name),
                name(held, key.says),
                quote(&there.name),
                same.collect::<Vec<_>>().join(" AND "),
            );
            let mut statement = self.connection.prepare(&sql)?;
            let rowids =
                statement.query_map([key.value], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            found.extend(rowids.into_iter().map(|rowid| (relationship.id, (key.table, rowid))));
        }
        Ok(found)
    }

    /// Where the key of a relationship lies that may point to several tables, if it is one: in the created tables, not in
    /// what those of a model and its kinds are as one.
    fn shared_key(&self, relationship: &Relationship) -> Option<SharedKey<'_>> {
        let relational = &self.relational;
        let Placement::Key { holder, columns, target_columns, discriminator: Some(kind), .. } =
            relational.placement(relationship.id)?
        else {
            return None;
        };
        let table = relational.own_table_of(relationship.model(*holder))?;
        let target = relational.own_table_of(relationship.model(holder.other()))?;
        let in_part = |table, columns: &[usize]| -> Option<Vec<usize>> {
            columns.iter().map(|at| relational.in_part(table, *at)).collect()
        };
        Some(SharedKey {
            table,
            columns: in_part(table, columns)?,
            says: relational.in_part(table, kind.column)?,
            value: &kind.value,
            target,
            target_columns: in_part(target, target_columns)?,
        })
    }

    /// The row of the document that the object of a model with this key is.
    pub fn document_row(&self, model: ModelId, key: &[Value]) -> Option<RowId> {
        let table = self.relational.table(self.relational.own_table_of(model)?);
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
