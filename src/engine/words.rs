//! What SQLite says, in plain words, and the cell that it is about.

use crate::mapping::{Column, ColumnOrigin, ForeignKey, Relational, Table, TableOrigin};
use crate::naming::one;
use crate::project::{CellPlace, Refusal, RowSource};
use crate::schema::{EndId, RelationshipId, Schema, Side};

/// A row that SQLite did not insert.
pub(super) fn refused(
    schema: &Schema,
    relational: &Relational,
    table: &Table,
    source: RowSource,
    sqlite: &str,
) -> Refusal {
    let (cell, message) = explain(schema, relational, table, sqlite);
    Refusal { source, cell, message, sqlite: sqlite.to_owned() }
}

fn target_name<'a>(schema: &'a Schema, relational: &'a Relational, key: &ForeignKey) -> &'a str {
    let table = relational.table(key.target);
    match table.origin {
        TableOrigin::Model(model) => schema.model(model).map_or(&table.name, |model| &model.name),
        TableOrigin::Join(_) => &table.name,
    }
}

pub(super) fn explain(
    schema: &Schema,
    relational: &Relational,
    table: &Table,
    sqlite: &str,
) -> (Option<CellPlace>, String) {
    let Some((constraint, columns)) = sqlite.split_once(" constraint failed: ") else {
        return (None, other_words(table, sqlite));
    };
    let column = table.columns.iter().find(|column| columns == format!("{}.{}", table.name, column.name));
    match (constraint, column) {
        ("NOT NULL", Some(column)) => (place(column), missing(schema, relational, table, column)),
        ("UNIQUE", Some(column)) => (place(column), taken(schema, column)),
        ("UNIQUE", None) if matches!(table.origin, TableOrigin::Join(_)) => {
            (None, "These two are linked already.".into())
        }
        ("UNIQUE", None) => match shared_target(table, columns) {
            Some(column) => (place(column), taken(schema, column)),
            None => (None, "Another row has the same key.".into()),
        },
        _ => (None, format!("SQLite refused it: {sqlite}.")),
    }
}

/// The first column of the foreign key that these columns, as SQLite lists them, make up: a one-to-one to a key of
/// several columns.
fn shared_target<'a>(table: &'a Table, columns: &str) -> Option<&'a Column> {
    let listed = |key: &&ForeignKey| {
        let names = key.columns.iter().map(|&at| format!("{}.{}", table.name, table.columns[at].name));
        key.unique && names.collect::<Vec<_>>().join(", ") == columns
    };
    table.foreign_keys.iter().find(listed).map(|key| &table.columns[key.columns[0]])
}

fn other_words(table: &Table, sqlite: &str) -> String {
    if sqlite == "datatype mismatch" && table.has_rowid_key() {
        return "The key has to be a whole number.".into();
    }
    format!("SQLite refused it: {sqlite}.")
}

/// The cell of a column; `None` for the one that says which kind a row is, which nobody types.
fn place(column: &Column) -> Option<CellPlace> {
    match column.origin {
        ColumnOrigin::Field(_, field) => Some(CellPlace::Field(field)),
        ColumnOrigin::Key(relationship, _) => Some(CellPlace::Link(relationship)),
        ColumnOrigin::Kind(_) => None,
    }
}

fn property(schema: &Schema, relationship: RelationshipId, target: Side) -> &str {
    schema.end(EndId { relationship, side: target.other() }).map_or("link", |end| end.name)
}

fn missing(schema: &Schema, relational: &Relational, table: &Table, column: &Column) -> String {
    match column.origin {
        ColumnOrigin::Field(..) | ColumnOrigin::Kind(_) => {
            format!("{} is required: give it a value.", column.name)
        }
        ColumnOrigin::Key(relationship, side) => {
            let key =
                table.foreign_keys.iter().find(|key| key.relationship == relationship && key.side == side);
            let target = key.map_or("row", |key| target_name(schema, relational, key));
            format!("{} is required: give it {}.", property(schema, relationship, side), one(target))
        }
    }
}

fn taken(schema: &Schema, column: &Column) -> String {
    match column.origin {
        ColumnOrigin::Field(..) | ColumnOrigin::Kind(_) => {
            format!("Another row has this {} already.", column.name)
        }
        ColumnOrigin::Key(relationship, side) => {
            format!(
                "Another row has this {} already, and it can belong to one only.",
                property(schema, relationship, side)
            )
        }
    }
}
