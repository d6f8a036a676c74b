//! Answers to scripts, as JSON.

use serde_json::{Value as Reply, json};

use crate::engine::{Refused, SqlError, Stop};
use crate::mapping::{ColumnOrigin, Relational, Table};
use crate::project::CellPlace;
use crate::schema::{EndId, Model, Schema, Side};
use crate::spec::{Finding, NewObject};
use crate::value::Value;

/// A diagnostic.
pub(super) fn finding(finding: &Finding) -> Reply {
    json!({
        "severity": format!("{:?}", finding.severity).to_lowercase(),
        "path": finding.place,
        "message": finding.message,
        "mend": finding.mend,
    })
}

/// A value; what JSON does not have as the specifications write it.
pub(super) fn typed(value: &Value) -> Reply {
    match value {
        Value::Null => Reply::Null,
        Value::Integer(integer) if integer.unsigned_abs() > 1 << 53 => {
            json!({ "$integer": integer.to_string() })
        }
        Value::Integer(integer) => json!(integer),
        Value::Real(real) => json!(real),
        Value::Text(text) => json!(text),
        Value::Blob(bytes) => {
            json!({ "$blob": bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() })
        }
    }
}

/// A primary key: its value, or all of them.
pub(super) fn key(values: &[Value]) -> Reply {
    match values {
        [single] => typed(single),
        several => several.iter().map(typed).collect(),
    }
}

/// A model: its fields, those of what it is a kind of among them, and its properties.
pub(super) fn model(schema: &Schema, model: &Model) -> Reply {
    let fields = model.fields.values().map(|field| {
        json!({ "name": field.name, "type": field.field_type.label(), "primaryKey": field.primary_key, "required": field.required })
    });
    let properties = schema
        .ends_of(model.id)
        .map(|end| json!({ "name": end.name, "model": end.target.name, "kind": end.kind.to_string() }));
    json!({ "name": model.name, "fields": fields.collect::<Vec<_>>(), "properties": properties.collect::<Vec<_>>() })
}

/// The tables that a schema becomes.
pub(super) fn tables(schema: &Schema, relational: &Relational) -> Vec<Reply> {
    relational.tables.iter().map(|each| table(schema, relational, each)).collect()
}

fn table(schema: &Schema, relational: &Relational, table: &Table) -> Reply {
    let columns = table.columns.iter().enumerate().map(|(at, column)| {
        let (field, relationship) = match column.origin {
            ColumnOrigin::Field(model, field) => (
                schema.model(model).and_then(|model| model.fields.get(&field)).map(|field| &field.name),
                None,
            ),
            ColumnOrigin::Key(relationship, side) => {
                let end = EndId { relationship, side: side.other() };
                (None, schema.end(end).map(|end| end.name))
            }
            ColumnOrigin::Kind(_) => (None, None),
        };
        json!({
            "name": column.name,
            "type": column.field_type.sql(),
            "primaryKey": table.primary_key.contains(&at),
            "required": column.not_null,
            "unique": column.unique,
            "field": field,
            "relationship": relationship,
        })
    });
    let keys = table.foreign_keys.iter().map(|key| {
        let target = relational.table(key.target);
        let names = |table: &Table, at: &[usize]| -> Vec<String> {
            at.iter().map(|at| table.columns[*at].name.clone()).collect()
        };
        json!({
            "columns": names(table, &key.columns),
            "table": target.name,
            "references": names(target, &key.target_columns),
            "onDelete": key.on_delete.sql(),
            "onUpdate": key.on_update.sql(),
        })
    });
    let model = match table.origin {
        crate::mapping::TableOrigin::Model(model) => schema.model(model).map(|model| &model.name),
        crate::mapping::TableOrigin::Join(_) => None,
    };
    json!({ "name": table.name, "model": model, "columns": columns.collect::<Vec<_>>(), "foreignKeys": keys.collect::<Vec<_>>() })
}

/// An object that was not inserted.
pub(super) fn refused(schema: &Schema, object: Option<&NewObject>, refused: &Refused) -> Reply {
    let model = object.and_then(|object| schema.model(object.model));
    let field = match refused.place {
        Some(CellPlace::Field(field)) => {
            model.and_then(|model| model.fields.get(&field)).map(|field| field.name.as_str())
        }
        Some(CellPlace::Link(relationship)) => {
            let ends = Side::BOTH.map(|side| EndId { relationship, side });
            ends.into_iter().find_map(|end| schema.end_at(object?.model, end)).map(|end| end.name)
        }
        None => None,
    };
    json!({
        "model": model.map(|model| &model.name),
        "path": object.map_or("", |object| &object.path),
        "field": field,
        "message": refused.message,
        "sqlite": refused.sqlite,
    })
}

/// Why a query stopped. What an ORM says when code touches a property that is not to be loaded are SQLAlchemy's words.
pub(super) fn failure(schema: &Schema, stop: &Stop<SqlError>) -> Reply {
    match stop {
        Stop::Failed(error) => {
            json!({ "message": format!("SQLite refused the statement: {error}."), "sqlite": error.to_string() })
        }
        Stop::Raised(end) => {
            let property =
                schema.end(*end).map_or(String::new(), |end| format!("{}.{}", end.model.name, end.name));
            json!({
                "message": format!("'{property}' is not available due to lazy='raise'. Load it with the query, or leave it alone."),
            })
        }
    }
}
