//! Whether a recipe can be followed, and what it amounts to.

use std::collections::BTreeMap;

use super::room::exceeded;
use crate::naming::one;
use crate::project::{Data, Recipe, Spread};
use crate::schema::{
    Diagnostic, Field, Findings, KeyLink, Link, Model, ModelId, Relationship, RelationshipId, Schema, Side,
};

/// How many rows may be generated at most.
pub const MOST_ROWS: u32 = 100_000;
/// How many links of many-to-many relationships.
pub const MOST_LINKS: u32 = 200_000;
/// How many each row of a many-to-many is linked to at most, where nothing is said.
const FEW: u32 = 3;

/// A place of the form that a recipe is typed into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The seed.
    Seed,
    /// How many rows of a model.
    Count(ModelId),
    /// How many each.
    Least(RelationshipId),
    /// The same.
    Most(RelationshipId),
    /// The recipe as a whole.
    Total,
}

/// What a recipe amounts to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Rows of models.
    pub rows: u64,
    /// Links of many-to-many relationships, about.
    pub links: u64,
}

/// What a recipe amounts to.
pub fn extent(recipe: &Recipe, schema: &Schema) -> Extent {
    let rows = schema.models().map(|model| u64::from(recipe.count(model.id))).sum();
    let joins = schema.relationships().filter(|relationship| matches!(relationship.link, Link::Join(_)));
    let links = joins.map(|relationship| {
        let [left, right] = Side::BOTH.map(|side| rows_of(recipe, schema, relationship.model(side)));
        let Spread { least, most } = spread_of(recipe, relationship);
        let most = u64::from(most.unwrap_or(u32::MAX)).min(right);
        let each = if relationship.is_symmetric() { most } else { u64::from(least) + most };
        left.saturating_mul(each) / 2
    });
    Extent { rows, links: links.fold(0, u64::saturating_add) }
}

/// The rows of a model and of its kinds.
pub(super) fn rows_of(recipe: &Recipe, schema: &Schema, model: ModelId) -> u64 {
    schema.kinds_of(model).map(|kind| u64::from(recipe.count(kind.id))).sum()
}

/// Whether it can be said how many each row is linked to.
pub fn has_spread(schema: &Schema, relationship: &Relationship) -> bool {
    match &relationship.link {
        Link::Join(_) => true,
        Link::Key(key) => {
            let holder = relationship.model(key.holder);
            !key.unique && key.polymorphic.is_none() && !(key.identifies && is_tuple(schema, holder))
        }
        Link::Through(_) => false,
    }
}

/// How many each row is linked to, where nothing is said as well.
pub fn spread_of(recipe: &Recipe, relationship: &Relationship) -> Spread {
    let said = recipe.spreads.get(&relationship.id).copied().unwrap_or_default();
    match relationship.link {
        Link::Join(_) => Spread { most: Some(said.most.unwrap_or(FEW.max(said.least))), ..said },
        _ => said,
    }
}

/// The relationships that identify the rows of a model, and the part each has in their key.
pub(super) fn identifying(
    schema: &Schema,
    model: ModelId,
) -> impl Iterator<Item = (&Relationship, &KeyLink)> {
    let root = schema.root_of(model);
    schema.relationships().filter_map(move |relationship| match &relationship.link {
        Link::Key(key) if key.identifies && schema.root_of(relationship.model(key.holder)) == root => {
            Some((relationship, key))
        }
        _ => None,
    })
}

/// Whether only the combination of what it points to tells the rows of a model apart.
pub(super) fn is_tuple(schema: &Schema, model: ModelId) -> bool {
    let own = schema.model(schema.root_of(model)).is_some_and(|root| root.key().next().is_some());
    let mut keys = identifying(schema, model).peekable();
    !own && keys.peek().is_some() && keys.all(|(_, key)| !key.unique)
}

/// Everything that keeps a recipe from being followed, each at its place of the form. `data` has the typed rows.
pub fn check(recipe: &Recipe, schema: &Schema, data: &Data) -> Vec<Diagnostic<Place>> {
    let checker = Checker { recipe, schema, data };
    let mut findings = Findings::default();
    for model in schema.models() {
        checker.check_values(model, &mut findings);
    }
    for relationship in schema.relationships() {
        match &relationship.link {
            Link::Key(key) => checker.check_key(relationship, key, &mut findings),
            Link::Join(_) => checker.check_join(relationship, &mut findings),
            Link::Through(_) => {}
        }
    }
    let Extent { rows, links } = extent(recipe, schema);
    if rows > u64::from(MOST_ROWS) {
        let message = format!("{} rows are more than the {} that a browser tab bears.", rows, MOST_ROWS);
        findings.error(Place::Total, message, "Ask for fewer.");
    }
    if links > u64::from(MOST_LINKS) {
        let message =
            format!("About {} links are more than the {} that a browser tab bears.", links, MOST_LINKS);
        findings.error(Place::Total, message, "Ask for fewer each.");
    }
    let mut diagnostics = findings.into_vec();
    diagnostics.dedup();
    diagnostics
}

struct Checker<'a> {
    recipe: &'a Recipe,
    schema: &'a Schema,
    data: &'a Data,
}

impl Checker<'_> {
    fn rows(&self, model: ModelId) -> u64 {
        rows_of(self.recipe, self.schema, model)
    }

    fn name(&self, model: ModelId) -> &str {
        self.schema.model(model).map_or("row", |model| &model.name)
    }

    fn check_values(&self, model: &Model, findings: &mut Findings<Place>) {
        if let Some((why, room)) = exceeded(self.recipe, self.schema, self.data, model) {
            let message = format!("{why}: there is room for {room} more.");
            findings.error(Place::Count(model.id), message, "Ask for fewer, or let values repeat.");
        }
    }

    fn check_key(&self, relationship: &Relationship, key: &KeyLink, findings: &mut Findings<Place>) {
        let [holder, target] = [key.holder, key.holder.other()].map(|side| relationship.model(side));
        let (held, pointed) = (self.rows(holder), self.rows(target));
        if held == 0 {
            return;
        }
        let names = (self.name(holder), one(self.name(target)));
        // The first of a kind that points to its own base needs one that is not of the kind.
        let ends =
            if self.schema.is_kind_of(holder, target) { pointed.saturating_sub(held) } else { pointed };
        if key.required && ends == 0 {
            let message = format!("Each {} needs {}, and there is none to be generated.", names.0, names.1);
            return findings.error(Place::Count(target), message, "Ask for at least one.");
        }
        if key.required && key.unique && held > pointed {
            let message = format!("Each {} needs {} of its own: {held} rows need as many.", names.0, names.1);
            return findings.error(
                Place::Count(target),
                message,
                format!("Ask for at least {held}, or for fewer of {}.", names.0),
            );
        }
        if key.identifies && is_tuple(self.schema, holder) {
            return self.check_tuple(holder, findings);
        }
        if has_spread(self.schema, relationship) {
            self.check_spread(relationship, key, (held, pointed), findings);
        }
    }

    fn check_tuple(&self, holder: ModelId, findings: &mut Findings<Place>) {
        let root = self.schema.root_of(holder);
        let targets = identifying(self.schema, holder);
        let room = targets
            .fold(1_u64, |room, (link, key)| room.saturating_mul(self.rows(link.model(key.holder.other()))));
        let place = Place::Count(root);
        if self.rows(root) > room {
            let message = format!(
                "Each {} is another combination of what it points to, and there are {room}.",
                self.name(root)
            );
            findings.error(place, message, format!("Ask for {room} at most."));
        }
    }

    fn check_spread(
        &self,
        relationship: &Relationship,
        key: &KeyLink,
        (held, pointed): (u64, u64),
        findings: &mut Findings<Place>,
    ) {
        let [holder, target] =
            [key.holder, key.holder.other()].map(|side| self.name(relationship.model(side)));
        let Spread { least, most } = spread_of(self.recipe, relationship);
        let (at_least, at_most) = (Place::Least(relationship.id), Place::Most(relationship.id));
        if most.is_some_and(|most| most < least) {
            return findings.error(at_most, format!("The most cannot be fewer than the least, {least}."), "");
        }
        if least > 0
            && self.schema.root_of(relationship.model(Side::Left))
                == self.schema.root_of(relationship.model(Side::Right))
        {
            let message = format!("Somewhere the tree ends: the last {target} has none.");
            return findings.error(at_least, message, "Say 0 at least.");
        }
        let needed = u64::from(least).saturating_mul(pointed);
        if needed > held {
            let message = format!(
                "{pointed} of {target} with {least} each need {needed} of {holder}, and {held} are asked for."
            );
            return findings.error(at_least, message, "Say fewer, or ask for more rows.");
        }
        let room = most.map_or(u64::MAX, |most| u64::from(most).saturating_mul(pointed));
        if key.required && held > room {
            let message = format!(
                "{pointed} of {target} with {} each have room for {room} of {holder}, and {held} are asked for.",
                most.unwrap_or(0)
            );
            findings.error(at_most, message, "Say more, or ask for fewer rows.");
        }
    }

    fn check_join(&self, relationship: &Relationship, findings: &mut Findings<Place>) {
        let right = relationship.model(Side::Right);
        let Spread { least, most } = spread_of(self.recipe, relationship);
        let itself = relationship.model(Side::Left) == right;
        let there = self.rows(right).saturating_sub(u64::from(itself));
        let at_least = Place::Least(relationship.id);
        if most.is_some_and(|most| most < least) {
            let message = format!("The most cannot be fewer than the least, {least}.");
            findings.error(Place::Most(relationship.id), message, "");
        } else if least > 0 && relationship.is_symmetric() {
            let message = "It goes both ways, so only the most can be said.";
            findings.error(at_least, message, "Say 0 at least.");
        } else if u64::from(least) > there && self.rows(relationship.model(Side::Left)) > 0 {
            let message = format!("There are only {there} of {} to be linked to.", self.name(right));
            findings.error(at_least, message, "Say fewer, or ask for more rows.");
        }
    }
}

/// Whether a field has a value in every generated row.
pub(super) fn must_fill(schema: &Schema, field: &Field) -> bool {
    let referred = schema
        .relationships()
        .any(|relationship| matches!(&relationship.link, Link::Key(key) if key.references == Some(field.id)));
    field.primary_key || field.required || referred
}

/// How many rows of each model make about so many together: more of those that point to others than of those pointed to.
pub fn suggest(schema: &Schema, data: &Data, total: u32) -> BTreeMap<ModelId, u32> {
    let weight = |model: &Model| 4_u64.pow(depth(schema, model.id, 4));
    let whole: u64 = schema.models().map(weight).sum::<u64>().max(1);
    let share = |model: &Model| (u64::from(total) * weight(model) / whole).max(1) as u32;
    let counts: BTreeMap<ModelId, u32> = schema.models().map(|model| (model.id, share(model))).collect();
    let mut recipe = Recipe { counts, ..Recipe::default() };
    // What cannot have so many has fewer: halving ends, since a recipe of no rows can be followed.
    for _ in 0..40 {
        let failing: Vec<ModelId> = failing(&recipe, schema, data);
        if failing.is_empty() {
            break;
        }
        for model in failing {
            recipe.counts.entry(model).and_modify(|count| *count /= 2);
        }
    }
    give_rest(&mut recipe, schema, data, total);
    recipe.counts
}

/// The models of which there are too many.
fn failing(recipe: &Recipe, schema: &Schema, data: &Data) -> Vec<ModelId> {
    let mut failing = Vec::new();
    for diagnostic in check(recipe, schema, data) {
        let Place::Count(model) = diagnostic.place else { continue };
        // Too few of a target are too many of those that need it.
        let holders = schema.relationships().filter_map(|relationship| match &relationship.link {
            Link::Key(key) if key.required && relationship.model(key.holder.other()) == model => {
                Some((relationship.model(key.holder), key.unique))
            }
            _ => None,
        });
        let fewer = |holder: ModelId, unique: bool| {
            let (held, there) = (rows_of(recipe, schema, holder), rows_of(recipe, schema, model));
            held > 0 && (there == 0 || (unique && held > there))
        };
        let starved: Vec<ModelId> =
            holders.filter(|(holder, unique)| fewer(*holder, *unique)).map(|(holder, _)| holder).collect();
        let too_many = if starved.is_empty() { vec![model] } else { starved };
        failing.extend(too_many.into_iter().flat_map(|model| schema.kinds_of(model)).map(|kind| kind.id));
    }
    failing
}

/// What rounding and halving left over goes to the model with the most rows, if that can have it.
fn give_rest(recipe: &mut Recipe, schema: &Schema, data: &Data, total: u32) {
    let rest = u64::from(total).saturating_sub(extent(recipe, schema).rows) as u32;
    let mut models: Vec<ModelId> = schema.models().map(|model| model.id).collect();
    models.sort_by_key(|model| std::cmp::Reverse(recipe.count(*model)));
    for model in models {
        let before = recipe.count(model);
        recipe.counts.insert(model, before.saturating_add(rest));
        if failing(recipe, schema, data).is_empty() {
            return;
        }
        recipe.counts.insert(model, before);
    }
}

/// How many one-to-manys lead away from a model, one behind the other.
fn depth(schema: &Schema, model: ModelId, left: u32) -> u32 {
    let up = schema.relationships().filter_map(|relationship| match &relationship.link {
        Link::Key(key) if schema.is_kind_of(model, relationship.model(key.holder)) && left > 0 => {
            let target = relationship.model(key.holder.other());
            let apart = schema.root_of(target) != schema.root_of(model);
            apart.then(|| depth(schema, target, left - 1) + u32::from(!key.unique))
        }
        _ => None,
    });
    up.max().unwrap_or(0).min(4)
}
