//! Models that are kinds of other models: their objects have all that those have.
//!
//! A column of the root's table says of each row which model's object it is. In single-table inheritance all rows stand
//! in that table; in joined inheritance what only a kind has stands in a table of its own, under the same key.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::check::{asked, called};
use super::model::{End, Field, Kind, Model, Relationship, Schema};
use super::{
    Draft, EndId, FieldDraft, FieldPart, Findings, KindTables, ModelDraft, ModelId, ModelPart, Place, Side,
    shorten,
};
use crate::naming::snake;

/// The name of the column that says which kind a row is, where none is asked for.
pub const KIND_COLUMN: &str = "type";

impl Draft {
    /// The models that this one is a kind of, the nearest first; none if they lead in a ring.
    pub fn ancestors(&self, model: ModelId) -> Vec<ModelId> {
        let mut ancestors: Vec<ModelId> = Vec::new();
        // One that was deleted has nothing to hand down.
        let parent = |id| self.model(id)?.kind.parent.filter(|parent| self.model(*parent).is_some());
        let mut next = parent(model);
        while let Some(id) = next {
            if id == model || ancestors.contains(&id) {
                return Vec::new();
            }
            ancestors.push(id);
            next = parent(id);
        }
        ancestors
    }

    /// The model at the top of those that this one is a kind of: itself, if it is a kind of none.
    pub fn root_of(&self, model: ModelId) -> ModelId {
        self.ancestors(model).last().copied().unwrap_or(model)
    }

    /// Whether objects of one model are objects of another: they are the same, or it is a kind of that.
    pub fn is_kind_of(&self, model: ModelId, of: ModelId) -> bool {
        model == of || self.ancestors(model).contains(&of)
    }

    /// Which tables the rows of a model, of its kinds and of what it is a kind of stand in.
    pub fn tables_of(&self, model: ModelId) -> KindTables {
        self.model(self.root_of(model)).map_or(KindTables::One, |root| root.kind.tables)
    }

    /// Whether rows of a model stand in the table of another one, which it is a kind of.
    pub fn stands_among_others(&self, model: ModelId) -> bool {
        self.root_of(model) != model && self.tables_of(model) == KindTables::One
    }

    /// The fields of a model, those of what it is a kind of first.
    pub fn fields_of(&self, model: ModelId) -> Vec<&FieldDraft> {
        let mut line = self.ancestors(model);
        line.reverse();
        line.push(model);
        line.into_iter().filter_map(|id| self.model(id)).flat_map(|model| &model.fields).collect()
    }

    /// A model and those that are kinds of it, in the order of the form.
    pub fn kinds_of(&self, model: ModelId) -> impl Iterator<Item = &ModelDraft> {
        let below = move |kind: &ModelDraft| kind.kind.parent.is_some() && self.is_kind_of(kind.id, model);
        self.models.iter().filter(move |kind| kind.id == model || below(kind))
    }
}

impl Schema {
    /// The model at the top of those that this one is a kind of: itself, if it is a kind of none.
    pub fn root_of(&self, model: ModelId) -> ModelId {
        self.model(model).and_then(|model| model.kind.as_ref()).map_or(model, |kind| kind.root)
    }

    /// How many models a model is a kind of.
    pub fn depth_of(&self, model: ModelId) -> usize {
        let parent = |model| self.model(model).and_then(|model| model.parent);
        std::iter::successors(parent(model), |above| parent(*above)).count()
    }

    /// Whether objects of one model are objects of another: they are the same, or it is a kind of that.
    pub fn is_kind_of(&self, model: ModelId, of: ModelId) -> bool {
        let mut here = Some(model);
        // Parents form no ring in a checked schema.
        while let Some(id) = here.filter(|id| *id != of) {
            here = self.model(id).and_then(|model| model.parent);
        }
        here.is_some()
    }

    /// The property at this end, if it exists and a model has it: its own, or that of what it is a kind of.
    pub fn end_at(&self, model: ModelId, end: EndId) -> Option<End<'_>> {
        self.end(end).filter(|end| self.is_kind_of(model, end.model.id))
    }

    /// The fields that a model does not have from what it is a kind of.
    pub fn own_fields<'a>(&'a self, model: &'a Model) -> impl Iterator<Item = &'a Field> {
        let parent = model.parent.and_then(|parent| self.model(parent));
        let is_own = move |field: &&Field| parent.is_none_or(|parent| !parent.fields.contains_key(&field.id));
        model.fields.values().filter(is_own)
    }

    /// A model and those that are kinds of it, in the order of the form.
    pub fn kinds_of(&self, model: ModelId) -> impl Iterator<Item = &Model> {
        let below = move |kind: &Model| kind.parent.is_some_and(|parent| self.is_kind_of(parent, model));
        self.models().filter(move |kind| kind.id == model || below(kind))
    }

    /// A model and those that it is a kind of, the nearest first.
    fn line_of(&self, model: ModelId) -> Vec<ModelId> {
        let parent = |model: &ModelId| self.model(*model).and_then(|model| model.parent);
        std::iter::successors(Some(model), parent).collect()
    }

    /// The relationship properties that a model carries, in the order of the form, those of what it is a kind of among
    /// them. A relationship of a model with itself gives two.
    pub fn ends_of(&self, model: ModelId) -> impl Iterator<Item = End<'_>> {
        let line = self.line_of(model);
        // Most relationships lie elsewhere, so that is asked before anything is looked up.
        let here = move |relationship: &Relationship, side| line.contains(&relationship.model(side));
        self.relationships().flat_map(move |relationship| {
            let ends = Side::BOTH.map(|side| {
                let id = EndId { relationship: relationship.id, side };
                here(relationship, side).then_some(id).and_then(|id| self.end(id))
            });
            ends.into_iter().flatten()
        })
    }
}

/// Hands the fields of each model down to its kinds, and tells of what does not fit.
pub(super) fn inherit(draft: &Draft, models: &mut IndexMap<ModelId, Model>, findings: &mut Findings<Place>) {
    for model in &draft.models {
        check_parent(draft, model, findings);
        check_own(draft, model, findings);
    }
    duplicate_kinds(draft, findings);
    let own = models.clone();
    for (id, model) in models.iter_mut() {
        let (root, ancestors) = (draft.root_of(*id), draft.ancestors(*id));
        model.parent = ancestors.first().copied();
        if draft.kinds_of(root).count() > 1 {
            let (column, value) = (kind_column(draft, root), kind_value(draft, *id));
            model.kind = Some(Kind { root, tables: draft.tables_of(root), column, value });
        }
        let handed = ancestors.iter().rev().filter_map(|ancestor| own.get(ancestor));
        let mut fields: IndexMap<_, _> = handed.flat_map(|ancestor| ancestor.fields.clone()).collect();
        fields.extend(std::mem::take(&mut model.fields));
        model.fields = fields;
    }
}

fn check_parent(draft: &Draft, model: &ModelDraft, findings: &mut Findings<Place>) {
    let Some(parent) = model.kind.parent else { return };
    let place = Place::Model(model.id, ModelPart::Parent);
    let mend = "Choose another model, or none.";
    if draft.model(parent).is_none() {
        findings.error(place, "The model that stood here no longer exists.", mend);
    } else if draft.ancestors(model.id).is_empty() {
        let message = format!("{} would be a kind of what is a kind of itself.", called(&model.name));
        findings.error(place, message, mend);
    } else if draft.identifying(model.id).next().is_some() {
        let message = format!(
            "{} is told apart by what its root is told apart by; a relationship cannot identify it, too.",
            called(&model.name)
        );
        findings.error(place, message, "Take the relationship out of the key.");
    }
}

/// What a model that is a kind of another cannot have of its own.
fn check_own(draft: &Draft, model: &ModelDraft, findings: &mut Findings<Place>) {
    let root = draft.root_of(model.id);
    if root == model.id {
        return;
    }
    let (name, root) = (called(&model.name), draft.model(root).map_or("?", |root| called(&root.name)));
    let shared = draft.stands_among_others(model.id);
    let why = if shared { "its rows stand in the same table" } else { "each row points to one there by it" };
    for field in model.fields.iter().filter(|field| field.primary_key) {
        let message = format!("{name} has the key of {root} already: {why}.");
        findings.error(Place::Field(model.id, field.id, FieldPart::Name), message, "Remove it.");
    }
    for field in model.fields.iter().filter(|field| shared && field.required && !field.primary_key) {
        let message = format!(
            "{} cannot be NOT NULL: the column is in the table of {root}, where other rows have no value for it.",
            shorten(field.name.trim())
        );
        findings.note(Place::Field(model.id, field.id, FieldPart::Name), message, "");
    }
    let said = [(ModelPart::Table, &model.table, shared), (ModelPart::KindColumn, &model.kind.column, true)];
    for (part, ..) in said.into_iter().filter(|(_, typed, idle)| *idle && !typed.trim().is_empty()) {
        let message = match shared {
            true => format!("This has no effect: the rows of {name} stand in the table of {root}."),
            false => format!("This has no effect: the table of {root} says which kind a row is."),
        };
        findings.warning(Place::Model(model.id, part), message, "Clear it.");
    }
}

/// Two kinds that rows could not tell apart.
fn duplicate_kinds(draft: &Draft, findings: &mut Findings<Place>) {
    let mut seen = BTreeSet::new();
    for model in &draft.models {
        let (root, value) = (draft.root_of(model.id), kind_value(draft, model.id));
        if !value.is_empty() && !seen.insert((root, value.clone())) {
            findings.error(
                Place::Model(model.id, ModelPart::Kind),
                format!("Rows of another kind are marked {}, too.", shorten(&value)),
                "Mark each kind with a text of its own.",
            );
        }
    }
}

fn kind_column(draft: &Draft, root: ModelId) -> String {
    let typed = draft.model(root).and_then(|root| asked(&root.kind.column));
    typed.unwrap_or_else(|| KIND_COLUMN.to_owned())
}

fn kind_value(draft: &Draft, model: ModelId) -> String {
    let of = |model: &ModelDraft| asked(&model.kind.name).unwrap_or_else(|| snake(model.name.trim()));
    draft.model(model).map_or_else(String::new, of)
}
