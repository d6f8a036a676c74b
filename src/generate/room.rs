//! How many more rows there is room for where values must not repeat and run out: booleans, and defaults that rows of
//! other kinds take.

use std::collections::BTreeSet;

use super::check::must_fill;
use crate::project::{Data, Recipe};
use crate::schema::{DefaultValue, Field, FieldType, Model, ModelId, Schema};
use crate::value::Value;

/// What a recipe asks too much of a model's table, if it does: why, and for how many more rows there is room.
pub(super) fn exceeded(
    recipe: &Recipe,
    schema: &Schema,
    data: &Data,
    model: &Model,
) -> Option<(String, u64)> {
    let table = Table { recipe, schema, data, root: schema.root_of(model.id) };
    let limits = [table.booleans(model), table.key(model), table.defaults(model)];
    let exceeded = limits.into_iter().flatten().filter(|limit| limit.wanted > limit.room);
    let tightest = exceeded.min_by_key(|limit| limit.room)?;
    (recipe.count(model.id) > 0).then_some((tightest.why, tightest.room))
}

struct Limit {
    why: String,
    room: u64,
    wanted: u64,
}

/// The rows of a model and of its kinds, which stand in one table.
struct Table<'a> {
    recipe: &'a Recipe,
    schema: &'a Schema,
    data: &'a Data,
    root: ModelId,
}

impl Table<'_> {
    /// How many rows are generated of those kinds.
    fn wanted(&self, of: impl Fn(&Model) -> bool) -> u64 {
        let kinds = self.schema.kinds_of(self.root).filter(|kind| of(kind));
        kinds.map(|kind| u64::from(self.recipe.count(kind.id))).sum()
    }

    fn typed(&self) -> u64 {
        self.schema.kinds_of(self.root).map(|kind| self.data.rows_of(kind.id).len() as u64).sum()
    }

    /// A boolean has two values, and what must be unique cannot have a third.
    fn booleans(&self, model: &Model) -> Option<Limit> {
        let filled = |field: &&Field| must_fill(self.schema, field) || field.default.is_some();
        let unique =
            model.fields.values().filter(|field| field.unique && field.field_type == FieldType::Boolean);
        let limit = |field: &Field| {
            let rows = self.schema.kinds_of(self.root).flat_map(|kind| self.data.rows_of(kind.id));
            let texts = rows.filter_map(|row| row.cells.get(&field.id));
            let mut taken: BTreeSet<Value> =
                texts.filter_map(|text| field.field_type.parse(text).ok()).collect();
            if let Some(DefaultValue::Value(default)) = &field.default {
                taken.insert(default.clone());
            }
            Limit {
                why: format!("{}.{} is unique", model.name, field.name),
                room: 2_u64.saturating_sub(taken.len() as u64),
                wanted: self.wanted(|kind| kind.fields.contains_key(&field.id)),
            }
        };
        unique.filter(filled).map(limit).min_by_key(|limit| limit.room)
    }

    fn key(&self, model: &Model) -> Option<Limit> {
        let key: Vec<&Field> = model.key().collect();
        let booleans = !key.is_empty() && key.iter().all(|field| field.field_type == FieldType::Boolean);
        booleans.then(|| Limit {
            why: format!("The key of {} is made of booleans", model.name),
            room: (1_u64 << key.len().min(32)).saturating_sub(self.typed()),
            wanted: self.wanted(|_| true),
        })
    }

    /// A unique field that only other kinds have, with a default: the first row without the field takes it.
    fn defaults(&self, model: &Model) -> Option<Limit> {
        let kinds = self.schema.kinds_of(self.root);
        let mut fields = kinds.flat_map(|kind| kind.fields.values().map(move |field| (kind, field)));
        let (kind, field) = fields.find(|(_, field)| {
            field.unique && field.default.is_some() && !model.fields.contains_key(&field.id)
        })?;
        Some(Limit {
            why: format!(
                "{}.{} is unique and has a default, which each row of {} takes",
                kind.name, field.name, model.name
            ),
            room: u64::from(self.typed() == 0),
            wanted: self.wanted(|kind| !kind.fields.contains_key(&field.id)),
        })
    }
}
