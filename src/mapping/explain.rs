//! Says in words where the keys of a relationship lie, and why.

use super::tables::{Column, Placement, Relational, TableId};
use crate::naming::{capitalised, one, snake};
use crate::schema::{Link, Relationship, RelationshipId, Schema, Side};

/// Where Relata puts the key of a relationship and why, in two or three sentences. `None` if the relationship is
/// not of this schema.
pub fn explain(schema: &Schema, relational: &Relational, id: RelationshipId) -> Option<String> {
    let relationship = schema.relationship(id)?;
    match (relational.placement(id)?, &relationship.link) {
        (Placement::Key { holder, table, columns, discriminator: Some(kind), .. }, Link::Key(key)) => {
            let (held, wanted) =
                (name(schema, relationship.model(*holder)), name(schema, relationship.model(holder.other())));
            let (id, kind) =
                (qualified(relational, *table, columns), qualified(relational, *table, &[kind.column]));
            let needed = if key.required { "must" } else { "can" };
            Some(format!(
                "{id} holds a key and {kind} says of which table: “{wanted}” for this one. {} {needed} have one \
                 of its targets, never two. No foreign key can point to one table or another, so the database guards none.",
                capitalised(&one(held))
            ))
        }
        (Placement::Key { holder, table, columns, target, target_columns, .. }, Link::Key(key)) => {
            let held = name(schema, relationship.model(*holder));
            let wanted = wanted(schema, relationship, *holder);
            let column = qualified(relational, *table, columns);
            let target = match key.references {
                None => relational.table(*target).name.clone(),
                Some(_) => format!("{}, which is unique", qualified(relational, *target, target_columns)),
            };
            let why = if key.unique {
                format!(
                    "UNIQUE makes the database agree that no two {} rows share one {wanted}.",
                    relational.table(*table).name
                )
            } else {
                format!(
                    "It lies with {held}, the side that has one: a row can hold one key, not a list of them."
                )
            };
            let needed = if key.identifies {
                format!("It is part of the primary key: what {} is depends on its {wanted}.", one(held))
            } else if key.required {
                format!("NOT NULL: no {held} without its {wanted}.")
            } else {
                format!("It may be NULL: {} can be without {wanted}.", one(held))
            };
            Some(format!("{column} points to {target}. {why} {needed}"))
        }
        (Placement::Join { table, columns, .. }, Link::Join(join)) => {
            let table_name = &relational.table(*table).name;
            let [left, right] = columns.clone().map(|columns| qualified(relational, *table, &columns));
            let both = if join.symmetric {
                " It goes both ways, so each pair stands there twice, once in each direction."
            } else {
                ""
            };
            Some(format!(
                "Neither table can hold a list of keys, so a join table is needed: {table_name}, a row for each pair \
                 ({left}, {right}). The pair is its primary key: linking the same two twice is refused.{both}"
            ))
        }
        (Placement::Join { table, columns, .. }, Link::Through(through)) => {
            let join = name(schema, through.model);
            let table_name = &relational.table(*table).name;
            let [left, right] = columns.clone().map(|columns| qualified(relational, *table, &columns));
            Some(format!(
                "No table of its own: each row of {table_name} ties two together ({left}, {right}). It is there to be \
                 read: to link two objects, add the {join} between them. Two that are tied twice are still found once."
            ))
        }
        _ => None,
    }
}

/// What the holder of a key wants: an object of the other model, by the property's name where that says more.
fn wanted<'a>(schema: &'a Schema, relationship: &'a Relationship, holder: Side) -> &'a str {
    let model = name(schema, relationship.model(holder.other()));
    let property = relationship.name(holder);
    if property == snake(model) { model } else { property }
}

fn name(schema: &Schema, model: crate::schema::ModelId) -> &str {
    schema.model(model).map_or("", |model| model.name.as_str())
}

fn qualified(relational: &Relational, table: TableId, columns: &[usize]) -> String {
    let table = relational.table(table);
    let names: Vec<&str> =
        columns.iter().map(|&at| &table.columns[at]).map(|column: &Column| column.name.as_str()).collect();
    match names.as_slice() {
        [one] => format!("{}.{one}", table.name),
        many => format!("{}.({})", table.name, many.join(", ")),
    }
}
