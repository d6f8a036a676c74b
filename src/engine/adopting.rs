//! The rows of a database that others may have used, as a document's: read only from tables that are as they were made.

use thiserror::Error;

use super::database::SqlError;
use super::live::Live;
use super::unit_of_work::all_of;
use crate::mapping::Table;
use crate::project::{Adopted, Data, adopt};
use crate::sql::{Statement, quote};
use crate::trace::Rows;
use crate::value::Value;

/// Why the rows of a database are no document's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotAdopted {
    /// A table is no longer as it was made.
    #[error("The table {table} is no longer as it was made: {difference}.")]
    Altered {
        /// Its name.
        table: String,
        /// What differs.
        difference: String,
    },
    /// A key leads nowhere, which a document has no way to say.
    #[error(
        "The row {row} of {table} points to a row of {target} that is not there. Point it elsewhere, or delete it."
    )]
    Dangling {
        /// The table of the row that holds the key.
        table: String,
        /// Its row id; nothing where it has none.
        row: String,
        /// The table that it points to.
        target: String,
    },
    /// SQLite refused to read it.
    #[error("SQLite refused: {0}.")]
    Sqlite(#[from] SqlError),
}

impl Live {
    /// The rows of the database as a document's, whoever wrote them. Tables that are not of the schema are passed over.
    ///
    /// # Errors
    /// [`NotAdopted`], where something would be lost.
    pub fn data(&self) -> Result<Data, NotAdopted> {
        let tables = &self.relational.tables;
        tables.iter().try_for_each(|table| self.is_as_made(table))?;
        self.has_no_dangling_key()?;
        let all = |table: &Table| {
            // By name: somebody may have made the table again, with the columns in another order.
            let names: Vec<String> = table.columns.iter().map(|column| quote(&column.name)).collect();
            self.read(all_of(&names.join(", "), table))
        };
        let after = tables.iter().map(all).collect::<Result<Vec<Rows>, _>>()?;
        let nothing: Vec<Rows> = after.iter().map(|_| Rows::new()).collect();
        let sources: Vec<Vec<_>> = after.iter().map(|_| Vec::new()).collect();
        let mut data = Data::default();
        let adopted = Adopted { before: &nothing, sources: &sources, after: &after };
        adopt(&self.schema, &self.relational, &mut data, adopted);
        Ok(data)
    }

    fn read(&self, statement: Statement) -> Result<Rows, SqlError> {
        self.rows(&statement).map(|(rows, _)| rows)
    }

    /// Whether a table has the columns that it was made with, and the same of them as its primary key.
    fn is_as_made(&self, table: &Table) -> Result<(), NotAdopted> {
        let params = vec![Value::Text(table.name.clone())];
        let text = "SELECT name, pk FROM pragma_table_xinfo(?)".to_owned();
        let found = self.read(Statement { text, params, ..Statement::default() })?;
        let there: Vec<(&str, bool)> = found.iter().filter_map(|row| column(row)).collect();
        let is = |name: &str, made: &str| name.eq_ignore_ascii_case(made);
        let gone = table.columns.iter().find(|made| !there.iter().any(|(name, _)| is(name, &made.name)));
        let new = there.iter().find(|(name, _)| !table.columns.iter().any(|made| is(name, &made.name)));
        let mut made = table.columns.iter().enumerate();
        let key = made.find(|(at, made)| {
            there.iter().any(|(name, key)| is(name, &made.name) && *key != table.primary_key.contains(at))
        });
        let difference = match (gone, new, key) {
            _ if there.is_empty() => "it is gone".to_owned(),
            (Some(gone), _, _) => format!("it has no column “{}”", gone.name),
            (_, Some((new, _)), _) => format!("it was made without the column “{new}”"),
            (_, _, Some((_, column))) => format!("its primary key is another one, by “{}”", column.name),
            (None, None, None) => return Ok(()),
        };
        Err(NotAdopted::Altered { table: table.name.clone(), difference })
    }

    /// Whether every key leads somewhere, which SQLite sees to unless a script tells it not to.
    fn has_no_dangling_key(&self) -> Result<(), NotAdopted> {
        let text = "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check()".to_owned();
        let found = self.read(Statement { text, ..Statement::default() })?;
        let of_ours = |name: &str| self.relational.tables.iter().any(|table| table.name == name);
        let dangling = found.iter().find_map(|row| match row.as_slice() {
            [Value::Text(table), row, Value::Text(target)] if of_ours(table) => {
                let (table, row, target) = (table.clone(), row.to_string(), target.clone());
                Some(NotAdopted::Dangling { table, row, target })
            }
            _ => None,
        });
        dangling.map_or(Ok(()), Err)
    }
}

/// A column's name, and whether it is of the primary key.
fn column(row: &[Value]) -> Option<(&str, bool)> {
    match row {
        [Value::Text(name), Value::Integer(key)] => Some((name, *key > 0)),
        _ => None,
    }
}
