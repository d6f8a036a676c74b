//! Where the columns of a statement come from, as far as it is certain.
//!
//! SQLite names the table and the column, which is enough for a model and its field. Which row of the table it is, it
//! does not say: that is certain only where the statement reads the table once.

use rusqlite::{Connection, Statement};

use crate::mapping::{Relational, Table, TableOrigin};
use crate::protocol::{Doubt, SqlColumn, SqlNode, SqlOrigin};
use crate::sql::{Token, tokens};

/// The columns of a statement, and the objects whose keys they hold.
pub(super) struct Origins {
    pub(super) columns: Vec<SqlColumn>,
    pub(super) nodes: Vec<SqlNode>,
    pub(super) doubt: Option<Doubt>,
}

/// Finds the origins of a statement with this text.
pub(super) fn origins(
    connection: &Connection,
    statement: &Statement<'_>,
    text: &str,
    relational: &Relational,
) -> rusqlite::Result<Origins> {
    let words: Vec<Token<'_>> = tokens(text).collect();
    let mut doubt = doubt_of_all(connection, &words)?;
    let mut columns: Vec<SqlColumn> = statement
        .columns_with_metadata()
        .map(|column| {
            let named = (column.database_name(), column.table_name(), column.origin_name());
            let origin = match named {
                (Some(database), Some(table), Some(column)) if doubt.is_none() => {
                    origin(relational, database, table, column)
                }
                _ => SqlOrigin::Computed,
            };
            SqlColumn { label: column.name().to_owned(), origin, node: None }
        })
        .collect();
    if columns.iter().all(|column| matches!(column.origin, SqlOrigin::Computed)) {
        // Where SQLite itself names no column there is nothing to doubt.
        let named = statement.columns_with_metadata().any(|column| column.table_name().is_some());
        return Ok(Origins { columns, nodes: Vec::new(), doubt: doubt.filter(|_| named) });
    }
    let mut nodes = Vec::new();
    for table in &relational.tables {
        let Some(node) = node(table, &columns) else { continue };
        if words.iter().any(|word| word.is("WITH")) {
            doubt = Some(Doubt::Named);
        } else if readings(&words, &table.name) != 1 {
            doubt = Some(Doubt::Repeated(table.id));
        } else {
            let own =
                |column: &&mut SqlColumn| matches!(column.origin, SqlOrigin::Column(id, _) if id == table.id);
            columns.iter_mut().filter(own).for_each(|column| column.node = Some(nodes.len() as u32));
            nodes.push(node);
        }
    }
    Ok(Origins { columns, nodes, doubt })
}

/// Why the columns that SQLite names may be the wrong ones.
fn doubt_of_all(connection: &Connection, words: &[Token<'_>]) -> rusqlite::Result<Option<Doubt>> {
    let compound = |word: &Token<'_>| ["UNION", "INTERSECT", "EXCEPT"].iter().any(|name| word.is(name));
    if words.iter().any(compound) {
        return Ok(Some(Doubt::Compound));
    }
    const VIEWS: &str = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'view') \
                         OR EXISTS (SELECT 1 FROM sqlite_temp_schema WHERE type = 'view')";
    let views: bool = connection.query_row(VIEWS, [], |row| row.get(0))?;
    Ok(views.then_some(Doubt::Views))
}

fn origin(relational: &Relational, database: &str, table: &str, column: &str) -> SqlOrigin {
    let known =
        relational.tables.iter().find(|known| database == "main" && known.name.eq_ignore_ascii_case(table));
    let at = known.and_then(|known| {
        let at = known.columns.iter().position(|known| known.name.eq_ignore_ascii_case(column))?;
        Some(SqlOrigin::Column(known.id, at as u32))
    });
    at.unwrap_or_else(|| SqlOrigin::Foreign { table: table.to_owned(), column: column.to_owned() })
}

/// The object that stands in each row, if the row holds the key of a model's table.
fn node(table: &Table, columns: &[SqlColumn]) -> Option<SqlNode> {
    let TableOrigin::Model(model) = table.origin else { return None };
    let place = |key: &usize| {
        let wanted = SqlOrigin::Column(table.id, *key as u32);
        columns.iter().position(|column| column.origin == wanted).map(|at| at as u32)
    };
    let key: Option<Vec<u32>> = table.primary_key.iter().map(place).collect();
    key.filter(|key| !key.is_empty()).map(|key| SqlNode { model, table: table.id, key })
}

/// How many times a statement names a table, other than to say whose a column is.
fn readings(words: &[Token<'_>], table: &str) -> usize {
    let of_column = |at: usize| words.get(at + 1).is_some_and(|next| next.text == ".");
    (0..words.len()).filter(|&at| words[at].names(table) && !of_column(at)).count()
}
