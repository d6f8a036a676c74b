//! Which columns of a table that holds several kinds are said in which class, and by what a class whose rows go on in
//! another table is joined to it.

use super::models::is_plain;
use crate::emit::python::Names;
use crate::mapping::{Relational, Table};
use crate::schema::{Model, ModelId};

/// The columns that a class says itself, by position: those that it has and what it inherits from has not. What keys
/// and indexes of the table as a whole name is said at the top, where they are.
pub(super) fn own_columns(relational: &Relational, table: &Table, model: &Model) -> Vec<usize> {
    let is_own = |at: &usize| match model.parent {
        None => has(relational, model.id, *at) || is_named(table, *at),
        Some(parent) => {
            has(relational, model.id, *at) && !has(relational, parent, *at) && !is_named(table, *at)
        }
    };
    (0..table.columns.len()).filter(is_own).collect()
}

/// By which columns a class's rows go on in the table of the class that it inherits from, where other foreign keys
/// between the two tables could be meant as well.
pub(super) fn inherit_condition(
    relational: &Relational,
    names: &Names,
    table: &Table,
    model: &Model,
) -> Option<String> {
    let above = relational.table(table.extends?);
    let points = |from: &Table, to: &Table| from.foreign_keys.iter().any(|key| key.target == to.id);
    if !points(table, above) && !points(above, table) {
        return None;
    }
    let attributes = |table: &Table| -> Vec<String> {
        table.primary_key.iter().map(|&at| names.columns(table.id)[at].clone()).collect()
    };
    let parent = names.class(model.parent?);
    let pairs = attributes(table).into_iter().zip(attributes(above));
    let pairs: Vec<String> = pairs.map(|(own, above)| format!("{own} == {parent}.{above}")).collect();
    Some(match pairs.as_slice() {
        [one] => one.clone(),
        many => format!("and_({})", many.join(", ")),
    })
}

/// Whether a model has a column of its table, which may be another kind's.
fn has(relational: &Relational, model: ModelId, at: usize) -> bool {
    let own = relational.kinds_of(model).and_then(|kinds| kinds.of.first());
    own.is_none_or(|own| !own.lacks.contains(&at))
}

/// Whether the class of a model has an attribute for a column of its table: its own, or one that is said at the top.
pub(super) fn has_attribute(relational: &Relational, table: &Table, model: ModelId, at: usize) -> bool {
    has(relational, model, at) || is_named(table, at)
}

/// The class that says a column of a model's table: the model itself, unless only a kind of it has the column.
pub(super) fn owner(relational: &Relational, model: ModelId, at: usize) -> ModelId {
    let kinds = relational.kinds_of(model).map(|kinds| &kinds.of);
    let owner = kinds.into_iter().flatten().find(|kind| !kind.lacks.contains(&at));
    owner.map_or(model, |kind| kind.model)
}

/// Whether the table's own arguments name a column.
fn is_named(table: &Table, at: usize) -> bool {
    let in_key = table.foreign_keys.iter().any(|key| key.columns.len() > 1 && key.columns.contains(&at));
    let in_index = table.indexes.iter().any(|index| {
        let plain = matches!(index.columns.as_slice(), [only] if is_plain(table, &index.name, *only));
        !plain && index.columns.contains(&at)
    });
    in_key || in_index
}
