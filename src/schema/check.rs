//! Draft in, checked schema and diagnostics out.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::cascade::check_cascades;
use super::kinds::inherit;
use super::links::{link, orders};
use super::model::{DefaultValue, Field, Model, Relationship, Schema};
use super::rings::required_rings;
use super::{
    Draft, FieldDraft, FieldId, FieldType, Findings, ModelDraft, ModelId, RelationshipDraft, RelationshipId,
    Report, Side, is_keyword, shorten,
};

/// The form field that a diagnostic of the schema stands beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Place {
    /// A part of a model.
    Model(ModelId, ModelPart),
    /// A part of a field.
    Field(ModelId, FieldId, FieldPart),
    /// A part of a relationship.
    Relationship(RelationshipId, RelationshipPart),
}

/// What can be typed of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ModelPart {
    /// Its name.
    Name,
    /// Its table's name.
    Table,
    /// Its fields as a whole.
    Fields,
    /// The model that it is a kind of.
    Parent,
    /// What marks its rows.
    Kind,
    /// The column that says which kind a row is.
    KindColumn,
}

/// What can be typed of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FieldPart {
    /// Its name.
    Name,
    /// Its default value.
    Default,
    /// Its column's name.
    Column,
}

/// What can be typed of a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RelationshipPart {
    /// The model at an end.
    Model(Side),
    /// The name of the property at an end.
    Name(Side),
    /// Whether the holder of the key needs its target.
    Required,
    /// What happens on delete.
    OnDelete,
    /// What happens on update.
    OnUpdate,
    /// The fields of the target that the key refers to.
    References,
    /// Whether the key is part of the holder's primary key.
    Identifies,
    /// The names of the foreign key's columns.
    KeyColumns,
    /// The name of the join table.
    JoinTable,
    /// The names of the join table's columns that point to the model at an end.
    JoinColumns(Side),
    /// The relationship that a many-to-many is read through to the model at an end.
    Through(Side),
    /// Whether a many-to-many of a model with itself goes both ways.
    Symmetric,
    /// The order of the collection at an end.
    Order(Side),
    /// What the targets of a shared key are to its holder.
    Polymorphic,
    /// What the session does with the objects behind the property at an end.
    Cascades(Side),
}

/// Checks a draft. The schema is there exactly when no diagnostic is an error.
///
/// ```
/// use relata::schema::{check, Draft, FieldDraft, FieldId, ModelDraft, ModelId};
/// let author = ModelDraft::new(ModelId(1), "Author", vec![FieldDraft::key(FieldId(2))]);
/// let report = check(&Draft { models: vec![author], relationships: vec![], last_id: 2 });
/// assert_eq!(report.value.unwrap().models().len(), 1);
/// ```
pub fn check(draft: &Draft) -> Report<Schema, Place> {
    let mut findings = Findings::default();
    let mut models: IndexMap<_, _> =
        draft.models.iter().map(|model| (model.id, check_model(draft, model, &mut findings))).collect();
    inherit(draft, &mut models, &mut findings);
    duplicate_models(draft, &mut findings);
    duplicate_ids(draft, &mut findings);
    let relationships: IndexMap<_, _> = draft
        .relationships
        .iter()
        .filter_map(|relationship| check_relationship(draft, relationship, &models, &mut findings))
        .map(|relationship| (relationship.id, relationship))
        .collect();
    let schema = Schema { models, relationships };
    duplicate_properties(&schema, &mut findings);
    required_rings(&schema, &mut findings);
    Report::new(schema, findings.into_vec())
}

fn check_model(whole: &Draft, draft: &ModelDraft, findings: &mut Findings<Place>) -> Model {
    check_name(&draft.name, "model", Place::Model(draft.id, ModelPart::Name), findings);
    check_override(&draft.table, Place::Model(draft.id, ModelPart::Table), findings);
    check_override(&draft.kind.name, Place::Model(draft.id, ModelPart::Kind), findings);
    check_override(&draft.kind.column, Place::Model(draft.id, ModelPart::KindColumn), findings);
    let mut fields: IndexMap<_, _> =
        draft.fields.iter().map(|field| (field.id, check_field(draft.id, field, findings))).collect();
    let is_root = whole.root_of(draft.id) == draft.id;
    let needs_key = draft.kind.parent.is_none();
    let shared = whole.stands_among_others(draft.id);
    if shared {
        // Rows of other kinds have no value there.
        fields.values_mut().for_each(|field| field.required = false);
    } else if is_root
        && needs_key
        && !fields.values().any(|field| field.primary_key)
        && whole.identifying(draft.id).next().is_none()
    {
        findings.error(
            Place::Model(draft.id, ModelPart::Fields),
            format!("{} has no primary key, so its objects could not be told apart.", called(&draft.name)),
            "Mark a field as key, or add an integer field “id”.",
        );
    }
    let (name, table) = (draft.name.trim().into(), asked(&draft.table).filter(|_| !shared));
    Model { id: draft.id, name, table, fields, parent: None, kind: None }
}

pub(super) fn called(name: &str) -> &str {
    if name.trim().is_empty() { "This model" } else { name.trim() }
}

fn check_field(model: ModelId, draft: &FieldDraft, findings: &mut Findings<Place>) -> Field {
    let place = |part| Place::Field(model, draft.id, part);
    check_name(&draft.name, "field", place(FieldPart::Name), findings);
    check_override(&draft.column, place(FieldPart::Column), findings);
    let default = draft.default.as_deref().and_then(|text| {
        parse_default(draft.field_type, text)
            .map_err(|message| {
                let mend =
                    format!("Type a value like {}, or remove the default.", draft.field_type.example());
                findings.error(place(FieldPart::Default), message, mend);
            })
            .ok()
    });
    Field {
        id: draft.id,
        name: draft.name.trim().into(),
        field_type: draft.field_type,
        primary_key: draft.primary_key,
        required: draft.required || draft.primary_key,
        unique: draft.unique,
        indexed: draft.indexed,
        default,
        column: asked(&draft.column),
    }
}

fn parse_default(field_type: FieldType, text: &str) -> Result<DefaultValue, String> {
    let now = matches!(field_type, FieldType::Date | FieldType::DateTime)
        && text.trim().eq_ignore_ascii_case("now");
    if now {
        return Ok(DefaultValue::Now);
    }
    let value = field_type.parse(text).map_err(|error| format!("The default does not fit: {error}."))?;
    Ok(DefaultValue::Value(value))
}

/// A name that was typed into an optional field, or nothing.
pub(super) fn asked(name: &str) -> Option<String> {
    let trimmed = name.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn check_name(name: &str, what: &str, place: Place, findings: &mut Findings<Place>) {
    if name.trim().is_empty() {
        findings.error(place, format!("This {what} has no name."), "Type one.");
        return;
    }
    check_characters(name, place, findings);
}

fn check_override(name: &str, place: Place, findings: &mut Findings<Place>) {
    if name.is_empty() {
        return;
    }
    if name.trim().is_empty() {
        findings.error(
            place,
            "A name cannot be made of blanks only.",
            "Type a name, or clear it to derive one.",
        );
        return;
    }
    check_characters(name, place, findings);
}

fn check_characters(name: &str, place: Place, findings: &mut Findings<Place>) {
    if name.chars().any(char::is_control) {
        findings.error(
            place,
            "The name holds a character that cannot be seen, such as a line break.",
            "Type the name again.",
        );
    } else if name.chars().any(is_invisible) {
        findings.warning(
            place,
            "The name holds a character that cannot be seen. It works, but another name may look just like it.",
            "Type the name again, unless you want it so.",
        );
    } else if name.contains(['"', '\'', '`', '[', ']']) {
        findings.note(
            place,
            format!("{} holds a quotation mark. It works: Relata quotes it in SQL.", shorten(name)),
            "",
        );
    } else if is_keyword(name.trim()) {
        findings.note(
            place,
            format!("{} is an SQL keyword. It works: Relata quotes it in SQL.", shorten(name)),
            "",
        );
    }
}

/// Unicode's characters without a picture: soft hyphen, zero-width ones, and those that turn the direction of writing.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn duplicate_models(draft: &Draft, findings: &mut Findings<Place>) {
    let mut seen = BTreeSet::new();
    for model in &draft.models {
        let name = model.name.trim();
        if !name.is_empty() && !seen.insert(name.to_lowercase()) {
            findings.error(
                Place::Model(model.id, ModelPart::Name),
                format!("There is another model called {}.", shorten(name)),
                "Give each model a name of its own.",
            );
        }
    }
}

/// Two things of one id would be taken for one. The form never makes them, a file written by hand may.
fn duplicate_ids(draft: &Draft, findings: &mut Findings<Place>) {
    let (mut models, mut fields, mut relationships) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut say = |place, what: &str, id: u32| {
        let message = format!("Another {what} of this file has the same id, {id}.");
        findings.error(place, message, "Give each an id of its own in the file.");
    };
    for model in &draft.models {
        if !models.insert(model.id) {
            say(Place::Model(model.id, ModelPart::Name), "model", model.id.0);
        }
        for field in model.fields.iter().filter(|field| !fields.insert(field.id)) {
            say(Place::Field(model.id, field.id, FieldPart::Name), "field", field.id.0);
        }
    }
    for relationship in
        draft.relationships.iter().filter(|relationship| !relationships.insert(relationship.id))
    {
        let place = Place::Relationship(relationship.id, RelationshipPart::Name(Side::Left));
        say(place, "relationship", relationship.id.0);
    }
}

fn check_relationship(
    whole: &Draft,
    draft: &RelationshipDraft,
    models: &IndexMap<ModelId, Model>,
    findings: &mut Findings<Place>,
) -> Option<Relationship> {
    let place = |part| Place::Relationship(draft.id, part);
    let mut known = |side: Side| {
        let model = draft.end(side).model.and_then(|id| models.get(&id));
        if model.is_none() {
            let message = match draft.end(side).model {
                None => "No model is chosen here.",
                Some(_) => "The model that stood here no longer exists.",
            };
            findings.error(
                place(RelationshipPart::Model(side)),
                message,
                "Choose a model, or delete the relationship.",
            );
        }
        model
    };
    let (left, right) = (known(Side::Left), known(Side::Right));
    for side in Side::BOTH {
        check_override(&draft.end(side).name, place(RelationshipPart::Name(side)), findings);
    }
    check_relationship_names(draft, findings);
    check_cascades(draft, findings);
    let (left, right) = left.zip(right)?;
    let link = link(whole, draft, [left, right], findings)?;
    let names = Side::BOTH.map(|side| {
        let target = if side == Side::Left { right } else { left };
        asked(&draft.end(side).name).unwrap_or_else(|| draft.derived_name(side, &target.name))
    });
    let orders = orders(draft, [left, right], findings);
    let cascades = Side::BOTH.map(|side| draft.end(side).cascades);
    let relationship = Relationship::new(draft.id, [left.id, right.id], names, link);
    Some(relationship.with_orders(orders).with_cascades(cascades))
}

fn check_relationship_names(draft: &RelationshipDraft, findings: &mut Findings<Place>) {
    let columns = match draft.holder() {
        Some(_) => vec![(RelationshipPart::KeyColumns, &draft.key_columns)],
        None => vec![
            (RelationshipPart::JoinColumns(Side::Left), &draft.join.left_columns),
            (RelationshipPart::JoinColumns(Side::Right), &draft.join.right_columns),
        ],
    };
    for (part, names) in columns {
        names.iter().for_each(|name| check_override(name, Place::Relationship(draft.id, part), findings));
    }
    if draft.holder().is_none() {
        check_override(
            &draft.join.table,
            Place::Relationship(draft.id, RelationshipPart::JoinTable),
            findings,
        );
    }
}

/// Fields and relationship properties share one namespace, that of the class, with those of what it is a kind of.
fn duplicate_properties(schema: &Schema, findings: &mut Findings<Place>) {
    for model in schema.models() {
        let inherited = model.parent.and_then(|parent| schema.model(parent));
        let is_inherited = |id| inherited.is_some_and(|parent| parent.fields.contains_key(&id));
        let fields = model.fields.values().map(|field| {
            let place = Place::Field(model.id, field.id, FieldPart::Name);
            (!is_inherited(field.id), field.name.as_str(), place)
        });
        let ends = schema.ends_of(model.id).map(|end| {
            let place = Place::Relationship(end.id.relationship, RelationshipPart::Name(end.id.side));
            (end.model.id == model.id, end.name, place)
        });
        let mut properties: Vec<_> = fields.chain(ends).collect();
        // What is inherited was there first, and its own collisions were told of where it comes from.
        properties.sort_by_key(|(own, ..)| *own);
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (own, name, place) in properties.into_iter().filter(|(_, name, _)| !name.is_empty()) {
            let first = *seen.entry(name.to_lowercase()).or_insert("");
            if first.is_empty() {
                seen.insert(name.to_lowercase(), name);
            } else if own {
                let capitals = if first == name { "" } else { ", which is the same but for capitals" };
                let message = format!(
                    "{} already has something called {}{capitals}.",
                    called(&model.name),
                    shorten(first)
                );
                findings.error(place, message, "Give one of them another name.");
            }
        }
    }
}
