//! A schema and a query as a Django program: `models.py`, and a queryset with `select_related` and
//! `prefetch_related`.
//!
//! Django keeps `on_delete` to itself: what here is done by the database, its program does before the database sees the
//! deletion.

mod models;
mod query;

use super::python::{Names, Rules};
use super::source::Source;
use crate::mapping::{Placement, Relational};
use crate::query::Query;
use crate::schema::Schema;

/// What the program calls its own things, and what Django keeps for itself on a model.
const RULES: Rules = Rules {
    reserved: &[
        "Decimal",
        "Meta",
        "Prefetch",
        "Q",
        "adelete",
        "arefresh_from_db",
        "asave",
        "check",
        "clean",
        "clean_fields",
        "date_error_message",
        "datetime",
        "delete",
        "from_db",
        "full_clean",
        "get_constraints",
        "get_deferred_fields",
        "list",
        "main",
        "models",
        "objects",
        "pk",
        "prepare_database_save",
        "print",
        "query",
        "refresh_from_db",
        "save",
        "save_base",
        "serializable_value",
        "unique_error_message",
        "validate_constraints",
        "validate_unique",
    ],
    suffix: "_field",
    underscores: false,
};

/// What each part of a schema is called in the program. A key's attribute is that of its relationship with `_id`.
pub fn names(schema: &Schema, relational: &Relational) -> Names {
    let mut names = Names::new(schema, relational, &RULES);
    names.keys_follow_relationships(relational);
    names
}

/// Writes the program; without a query, only the models. `Err` names what Django cannot say.
///
/// # Errors
/// A sentence about the first relationship with a model whose key has several columns, which Django has no field for,
/// the first model that is a kind of another in the same table, or the first name with a quotation mark, which it does not escape.
///
/// ```
/// use relata::{emit::django, mapping::map, project::Sample, schema::check};
/// let schema = check(&Sample::AuthorBook.project().draft).value.unwrap();
/// let program = django::program(&schema, &map(&schema).value.unwrap(), None).unwrap().to_string();
/// assert!(program.contains("related_name=\"books\""));
/// ```
pub fn program(schema: &Schema, relational: &Relational, query: Option<&Query>) -> Result<Source, String> {
    let composite =
        relational.tables.iter().flat_map(|table| &table.foreign_keys).find(|key| key.columns.len() > 1);
    if let Some(key) = composite {
        let target = &relational.table(key.target).name;
        return Err(format!("Django has no foreign key to {target}, whose primary key has several columns."));
    }
    let shared = |placement: &Placement| matches!(placement, Placement::Key { discriminator: Some(_), .. });
    let placements = schema.relationships().filter_map(|one| relational.placement(one.id));
    if placements.into_iter().any(shared) {
        return Err(
            "Django's generic keys name a content type by its number, not a model by its name.".into()
        );
    }
    if let Some(kind) = schema.models().find(|model| model.parent.is_some()) {
        let name = &kind.name;
        return Err(if kind.has_tables_for_kinds() {
            format!(
                "Django keeps kinds in tables of their own, too, but no row says of which kind it is, so that a query for \
                 the base would not bring back {name} as what it is."
            )
        } else {
            format!(
                "Django keeps each kind of a model in a table of its own: it has no single-table inheritance, as {name} \
                 would need it."
            )
        });
    }
    let columns = relational.tables.iter().flat_map(|table| table.columns.iter().map(|column| &column.name));
    let mut called = relational.tables.iter().map(|table| &table.name).chain(columns);
    if let Some(name) = called.find(|name| name.contains('"')) {
        return Err(format!("Django does not escape quotation marks in names like {name}."));
    }
    let names = names(schema, relational);
    let mut source = Source::default();
    models::write(schema, relational, &names, &mut source);
    if let Some(query) = query {
        query::write(query, schema, relational, &names, &mut source);
    }
    Ok(source)
}
