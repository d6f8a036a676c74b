//! Renders tables and indexes as `CREATE` statements, and rows as `INSERT`s.

use super::statement::Statement;
use super::writer::Writer;
use crate::mapping::{Column, ForeignKey, Index, Relational, Table};
use crate::schema::{DefaultValue, FieldType, Origin};
use crate::value::Value;

/// All statements that create the database: each table, followed by its indexes.
///
/// ```
/// use relata::{mapping::map, project::Sample, schema::check, sql::ddl};
/// let schema = check(&Sample::AuthorBook.project().draft).value.unwrap();
/// let statements = ddl(&map(&schema).value.unwrap());
/// assert_eq!(statements[0].text, "CREATE TABLE authors (\n  id INTEGER PRIMARY KEY,\n  name TEXT\n)");
/// assert_eq!(statements[2].text, "CREATE INDEX ix_books_author_id ON books (author_id)");
/// ```
pub fn ddl(relational: &Relational) -> Vec<Statement> {
    relational
        .tables
        .iter()
        .flat_map(|table| {
            let indexes = table.indexes.iter().map(|index| create_index(table, index));
            std::iter::once(create_table(relational, table)).chain(indexes)
        })
        .collect()
}

/// `CREATE TABLE`, one column or constraint a line. A key of one column stands in its column's line.
pub fn create_table(relational: &Relational, table: &Table) -> Statement {
    let mut writer = Writer::default();
    writer.span(table.origin(), |writer| {
        writer.push("CREATE TABLE ");
        writer.name(&table.name);
        writer.push(" (");
        writer.indent();
        writer.line();
        let mut first = true;
        for (at, column) in table.columns.iter().enumerate() {
            next_line(writer, &mut first);
            writer.span(column.origin(), |writer| column_line(writer, relational, table, at, column));
        }
        if table.primary_key.len() > 1 {
            next_line(writer, &mut first);
            writer.push("PRIMARY KEY ");
            column_list(writer, table, &table.primary_key);
        }
        if let Some(above) = table.extends.filter(|_| table.primary_key.len() > 1) {
            next_line(writer, &mut first);
            let above = relational.table(above);
            writer.push("FOREIGN KEY ");
            column_list(writer, table, &table.primary_key);
            writer.push(" ");
            references(writer, above, &above.primary_key);
        }
        for key in table.foreign_keys.iter().filter(|key| key.columns.len() > 1) {
            next_line(writer, &mut first);
            writer.span(Origin::Relationship(key.relationship), |writer| {
                composite_key(writer, relational, table, key, &mut first);
            });
        }
        writer.outdent();
        writer.line();
        writer.push(")");
    });
    writer.finish()
}

fn next_line(writer: &mut Writer, first: &mut bool) {
    if !std::mem::take(first) {
        writer.push(",");
        writer.line();
    }
}

fn column_line(writer: &mut Writer, relational: &Relational, table: &Table, at: usize, column: &Column) {
    writer.name(&column.name);
    writer.push(format_args!(" {}", column.field_type.sql()));
    let only_key = table.primary_key == [at];
    // SQLite takes NULL in a key that is not an integer, against the standard.
    if column.not_null && !(only_key && column.field_type == FieldType::Integer) {
        writer.push(" NOT NULL");
    }
    if let Some(default) = &column.default {
        writer.push(" DEFAULT ");
        writer.push(default_sql(default, column.field_type));
    }
    if only_key {
        writer.push(" PRIMARY KEY");
    }
    if column.unique {
        writer.push(" UNIQUE");
    }
    if let (true, Some(above)) = (only_key, table.extends) {
        let above = relational.table(above);
        writer.push(" ");
        references(writer, above, &above.primary_key);
    }
    if let Some(key) = table.foreign_keys.iter().find(|key| key.columns == [at]) {
        writer.push(" ");
        guards(writer, relational, key);
    }
}

fn composite_key(
    writer: &mut Writer,
    relational: &Relational,
    table: &Table,
    key: &ForeignKey,
    first: &mut bool,
) {
    if key.unique && table.primary_key != key.columns {
        writer.push("UNIQUE ");
        column_list(writer, table, &key.columns);
        next_line(writer, first);
    }
    writer.push("FOREIGN KEY ");
    column_list(writer, table, &key.columns);
    writer.push(" ");
    guards(writer, relational, key);
}

fn references(writer: &mut Writer, target: &Table, columns: &[usize]) {
    writer.push("REFERENCES ");
    writer.span(target.origin(), |writer| writer.name(&target.name));
    writer.push(" ");
    column_list(writer, target, columns);
}

fn guards(writer: &mut Writer, relational: &Relational, key: &ForeignKey) {
    references(writer, relational.table(key.target), &key.target_columns);
    // NO ACTION is what the database does when nothing is said.
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if !action.is_no_action() {
            writer.push(format_args!(" ON {event} {}", action.sql()));
        }
    }
}

fn column_list(writer: &mut Writer, table: &Table, columns: &[usize]) {
    writer.push("(");
    writer.separated(columns, ", ", |writer, &at| {
        let column = &table.columns[at];
        writer.span(column.origin(), |writer| writer.name(&column.name));
    });
    writer.push(")");
}

/// `CREATE INDEX`.
pub fn create_index(table: &Table, index: &Index) -> Statement {
    let mut writer = Writer::default();
    writer.span(index.origin, |writer| {
        writer.push("CREATE INDEX ");
        writer.name(&index.name);
        writer.push(" ON ");
        writer.span(table.origin(), |writer| writer.name(&table.name));
        writer.push(" ");
        column_list(writer, table, &index.columns);
    });
    writer.finish()
}

/// A column's default as SQL writes it.
pub fn default_sql(default: &DefaultValue, field_type: FieldType) -> String {
    match default {
        DefaultValue::Now if field_type == FieldType::Date => "CURRENT_DATE".into(),
        DefaultValue::Now => "CURRENT_TIMESTAMP".into(),
        DefaultValue::Value(value) => literal(value),
    }
}

fn literal(value: &Value) -> String {
    match value {
        // A NUL would end the statement's text there.
        Value::Text(text) if text.contains('\0') => {
            format!("(CAST({} AS TEXT))", Value::Blob(text.clone().into()))
        }
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        other => other.to_string(),
    }
}

/// `INSERT` of one row that gives these columns, by position, their values.
pub fn insert(table: &Table, cells: &[(usize, Value)]) -> Statement {
    let mut writer = Writer::default();
    writer.span(table.origin(), |writer| {
        writer.push("INSERT INTO ");
        writer.name(&table.name);
        if cells.is_empty() {
            writer.push(" DEFAULT VALUES");
            return;
        }
        let columns: Vec<usize> = cells.iter().map(|(at, _)| *at).collect();
        writer.push(" ");
        column_list(writer, table, &columns);
        writer.push(" VALUES (");
        writer.separated(cells, ", ", |writer, (_, value)| writer.parameter(value.clone()));
        writer.push(")");
    });
    writer.finish()
}
