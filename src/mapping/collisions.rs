//! Diagnostics where derived names collide, with each other or with SQLite's own.

use std::collections::BTreeMap;

use super::tables::{Column, ColumnOrigin, Relational, Table, TableOrigin};
use crate::schema::{FieldPart, Findings, ModelPart, Origin, Place, RelationshipPart, shorten};

/// Tells of every two tables, indexes or columns that want the same name.
pub(super) fn collisions(relational: &Relational, findings: &mut Findings<Place>) {
    duplicate_tables(relational, findings);
    duplicate_columns(relational, findings);
    row_id_names(relational, findings);
}

/// SQLite compares the names of tables and columns without regard to the case of ASCII letters.
fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn duplicate_tables(relational: &Relational, findings: &mut Findings<Place>) {
    let mut seen: BTreeMap<String, &Table> = BTreeMap::new();
    for table in &relational.tables {
        let place = match table.origin {
            TableOrigin::Model(model) => Place::Model(model, ModelPart::Table),
            TableOrigin::Join(relationship) => Place::Relationship(relationship, RelationshipPart::JoinTable),
        };
        if folded(&table.name).starts_with("sqlite_") {
            let message =
                format!("{} begins with “sqlite_”, which SQLite keeps for itself.", shorten(&table.name));
            findings.error(place, message, "Choose another table name.");
        }
        if seen.insert(folded(&table.name), table).is_some() {
            let message = format!("Two tables would be called {}.", shorten(&table.name));
            findings.error(place, message, "Give one of them another table name.");
        }
    }
    duplicate_indexes(relational, &seen, findings);
}

/// Indexes share one namespace with tables, in the whole database.
fn duplicate_indexes(
    relational: &Relational,
    tables: &BTreeMap<String, &Table>,
    findings: &mut Findings<Place>,
) {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for table in &relational.tables {
        let (part, mend) = match table.origin {
            TableOrigin::Model(_) => (RelationshipPart::KeyColumns, "Give this key column another name."),
            TableOrigin::Join(_) => (RelationshipPart::JoinTable, "Give this join table another name."),
        };
        for index in &table.indexes {
            let (place, mend) = match index.origin {
                Origin::Relationship(relationship) => (Place::Relationship(relationship, part), mend),
                Origin::Field(model, field) => {
                    (Place::Field(model, field, FieldPart::Column), "Give this column another name.")
                }
                Origin::Model(model) => {
                    (Place::Model(model, ModelPart::Table), "Give the table another name.")
                }
            };
            let name = folded(&index.name);
            if tables.contains_key(&name) {
                let message = format!("An index and a table would both be called {}.", shorten(&index.name));
                findings.error(place, message, "Give the table another name.");
                continue;
            }
            let columns = index.columns.iter().map(|&at| folded(&table.columns[at].name));
            let columns: Vec<String> = std::iter::once(folded(&table.name)).chain(columns).collect();
            // Of two indexes on the same columns it is said that the columns collide.
            if seen.get(&name).is_some_and(|other| *other != columns) {
                let message = format!("Two indexes would be called {}.", shorten(&index.name));
                findings.error(place, message, mend);
            }
            seen.insert(name, columns);
        }
    }
}

fn duplicate_columns(relational: &Relational, findings: &mut Findings<Place>) {
    for table in &relational.tables {
        let mut seen: BTreeMap<String, &Column> = BTreeMap::new();
        for column in &table.columns {
            if let Some(first) = seen.insert(folded(&column.name), column) {
                let (place, mend) = column_place(table, column);
                findings.error(place, column_collision(table, first, column), mend);
            }
        }
    }
}

/// SQLite's own row id has three names; one has to be left to tell rows by.
fn row_id_names(relational: &Relational, findings: &mut Findings<Place>) {
    for table in relational.tables.iter().filter(|table| !table.has_rowid_key()) {
        let named = |name| table.columns.iter().find(|column| folded(&column.name) == name);
        if let (Some(_), Some(_), Some(last)) = (named("rowid"), named("_rowid_"), named("oid")) {
            let message = format!(
                "With “rowid”, “_rowid_” and “oid”, no name is left for SQLite's own row id in {}.",
                table.name
            );
            findings.error(
                column_place(table, last).0,
                message,
                "Give one of the three columns another name.",
            );
        }
    }
}

fn column_collision(table: &Table, first: &Column, second: &Column) -> String {
    let column = shorten(&second.name);
    match (first.origin, second.origin) {
        (ColumnOrigin::Key(..), ColumnOrigin::Key(..)) => {
            format!("Two relationships want the column {column} of {}.", table.name)
        }
        (ColumnOrigin::Field(..), ColumnOrigin::Field(..)) => {
            format!("Two fields want the column {column} of {}.", table.name)
        }
        (ColumnOrigin::Kind(_), _) | (_, ColumnOrigin::Kind(_)) => {
            format!("{column} of {} is the column that says which kind a row is.", table.name)
        }
        _ => format!("A field and a relationship both want the column {column} of {}.", table.name),
    }
}

fn column_place(table: &Table, column: &Column) -> (Place, &'static str) {
    match (column.origin, table.origin) {
        (ColumnOrigin::Field(model, field), _) => {
            (Place::Field(model, field, FieldPart::Column), "Give one of them another column name.")
        }
        (ColumnOrigin::Kind(model), _) => (
            Place::Model(model, ModelPart::KindColumn),
            "Give the column that says which kind a row is another name.",
        ),
        (ColumnOrigin::Key(relationship, side), TableOrigin::Join(_)) => (
            Place::Relationship(relationship, RelationshipPart::JoinColumns(side)),
            "Give one of them another column name.",
        ),
        (ColumnOrigin::Key(relationship, _), TableOrigin::Model(_)) => (
            Place::Relationship(relationship, RelationshipPart::KeyColumns),
            "Rename one of the relationships, or give its key column another name.",
        ),
    }
}
