//! Says in words where the keys of a relationship lie, and why.

use super::kinds::Kinds;
use super::tables::{ForeignKey, Placement, Relational, Table, TableId};
use super::whole::Whole;
use crate::naming::{capitalised, one, snake};
use crate::schema::{Link, ModelId, Relationship, RelationshipId, Schema, Side};

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
        (Placement::Key { holder, .. }, Link::Key(key)) => {
            // Where kinds have tables of their own, the key is in one of them and points to one of them.
            let table = relational.table(relational.own_table_of(relationship.model(*holder))?);
            let ForeignKey { columns, target, target_columns, .. } =
                table.foreign_keys.iter().find(|key| key.relationship == id)?;
            let held = name(schema, relationship.model(*holder));
            let wanted = wanted(schema, relationship, *holder);
            let column = qualified(relational, table.id, columns);
            let target = match key.references {
                None => relational.table(*target).name.clone(),
                Some(_) => format!("{}, which is unique", qualified(relational, *target, target_columns)),
            };
            let why = if key.unique {
                format!("UNIQUE makes the database agree that no two {} rows share one {wanted}.", table.name)
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
            let itself = relationship.model(Side::Left) == relationship.model(Side::Right);
            let neither = if itself { "No row" } else { "Neither table" };
            let both = if join.symmetric {
                " It goes both ways, so each pair stands there twice, once in each direction."
            } else {
                ""
            };
            Some(format!(
                "{neither} can hold a list of keys, so a join table is needed: {table_name}, a row for each pair \
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

/// Where the rows of a model stand that is a kind of others or has kinds, and how they are told apart. `None` if it is
/// neither.
pub fn explain_kinds(schema: &Schema, relational: &Relational, model: ModelId) -> Option<String> {
    let kinds = relational.kinds_of(model)?;
    let table = relational.table(relational.table_of(model)?);
    if let Some(whole) = &table.whole {
        return Some(explain_tables(schema, table, whole, kinds, model));
    }
    let column = &table.columns[kinds.column].name;
    let marks: Vec<String> =
        kinds.of.iter().map(|kind| format!("“{}” for {}", kind.value, name(schema, kind.model))).collect();
    let whose = match kinds.among_others {
        true => format!("Its rows stand in {}, the table of {}", table.name, name(schema, kinds.root)),
        false => format!("All kinds stand in one table, {}", table.name),
    };
    Some(format!(
        "{whose}: {column} says which kind each is, {}. What only some kinds have must be able to be NULL there. The \
         key is shared: no two rows have the same, of whichever kind they are.",
        marks.join(", ")
    ))
}

/// The same where each kind has a table of its own.
fn explain_tables(schema: &Schema, table: &Table, whole: &Whole, kinds: &Kinds, model: ModelId) -> String {
    let name_of = |at: &usize| whole.parts[*at].name.as_str();
    let line: Vec<&str> = whole.line(model).iter().map(name_of).collect();
    let mark = kinds.of.first().map_or("", |own| &own.value);
    let (column, first) = (&table.columns[kinds.column].name, name_of(&0));
    let says = format!("{first}.{column} says which kind each is, “{mark}” for {}", name(schema, model));
    match line.as_slice() {
        [_, .., own] => format!(
            "Each stands in {}, under the same key: {own} holds what only {} has, and its key points to the row before. \
             {says}. To read them is to join these tables.",
            line.join(" and "),
            one(name(schema, model))
        ),
        _ => format!(
            "Each kind has a table of its own for what only it has, and its rows go on in {first}, under the same key: \
             {says}. To read all kinds is to join all tables."
        ),
    }
}

fn name(schema: &Schema, model: crate::schema::ModelId) -> &str {
    schema.model(model).map_or("", |model| model.name.as_str())
}

fn qualified(relational: &Relational, table: TableId, columns: &[usize]) -> String {
    let table = relational.table(table);
    let found: Vec<(String, &str)> = columns.iter().map(|&at| table.column_under(&table.name, at)).collect();
    let names: Vec<&str> = found.iter().map(|(_, name)| *name).collect();
    let source = found.first().map_or(table.name.as_str(), |(source, _)| source);
    match names.as_slice() {
        [one] => format!("{source}.{one}"),
        many => format!("{source}.({})", many.join(", ")),
    }
}
