//! Renders the statements that write a row: `INSERT`, `UPDATE` and `DELETE`.

use super::statement::Statement;
use super::writer::Writer;
use crate::mapping::Table;
use crate::value::Value;

/// Columns of a table, by position, with a value each.
pub type Cells = Vec<(usize, Value)>;

/// A statement that writes a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// Adds a row.
    Insert {
        /// The columns that are given values; the others take their defaults.
        cells: Cells,
        /// The columns whose values are to come back.
        returning: Vec<usize>,
    },
    /// Changes the row with a key.
    Update {
        /// The new values.
        cells: Cells,
        /// The row's key.
        key: Cells,
    },
    /// Removes the row with a key.
    Delete {
        /// The row's key; for a join row, both of them.
        key: Cells,
    },
}

/// Renders a write to a table.
///
/// ```
/// use relata::{mapping::map, project::Sample, schema::check, sql::{Write, render_write}, value::Value};
/// let schema = check(&Sample::AuthorBook.project().draft).value.unwrap();
/// let tables = map(&schema).value.unwrap().tables;
/// let update = Write::Update { cells: vec![(2, Value::Null)], key: vec![(0, Value::Integer(7))] };
/// assert_eq!(render_write(&tables[1], &update).text, "UPDATE books\nSET author_id = ?\nWHERE books.id = ?");
/// ```
pub fn render_write(table: &Table, write: &Write) -> Statement {
    let mut writer = Writer::default();
    writer.span(table.origin(), |writer| match write {
        Write::Insert { cells, returning } => insert(writer, table, cells, returning),
        Write::Update { cells, key } => {
            writer.push("UPDATE ");
            writer.name(&table.name);
            writer.line();
            writer.push("SET ");
            writer.wrapped(cells, |writer, (at, value)| {
                column(writer, table, *at);
                writer.push(" = ");
                writer.parameter(value.clone());
            });
            filter(writer, table, key);
        }
        Write::Delete { key } => {
            writer.push("DELETE FROM ");
            writer.name(&table.name);
            filter(writer, table, key);
        }
    });
    writer.finish()
}

fn insert(writer: &mut Writer, table: &Table, cells: &Cells, returning: &[usize]) {
    writer.push("INSERT INTO ");
    writer.name(&table.name);
    if cells.is_empty() {
        writer.push(" DEFAULT VALUES");
    } else {
        writer.push(" (");
        writer.wrapped(cells, |writer, (at, _)| column(writer, table, *at));
        writer.push(")");
        writer.line();
        writer.push("VALUES (");
        writer.wrapped(cells, |writer, (_, value)| writer.parameter(value.clone()));
        writer.push(")");
    }
    if !returning.is_empty() {
        writer.line();
        writer.push("RETURNING ");
        writer.wrapped(returning, |writer, at| column(writer, table, *at));
    }
}

fn filter(writer: &mut Writer, table: &Table, key: &Cells) {
    writer.line();
    writer.push("WHERE ");
    writer.separated(key, " AND ", |writer, (at, value)| {
        let definition = &table.columns[*at];
        writer.span(definition.origin(), |writer| {
            writer.name(&table.name);
            writer.push(".");
            writer.name(&definition.name);
        });
        writer.push(" = ");
        writer.parameter(value.clone());
    });
}

fn column(writer: &mut Writer, table: &Table, at: usize) {
    let definition = &table.columns[at];
    writer.span(definition.origin(), |writer| writer.name(&definition.name));
}
