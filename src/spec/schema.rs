//! Models and relationships as a script writes them, as a draft.

use super::Json;
use super::paths::{Finding, Paths, Reader, are_fine, at, member, said};
use super::relationships;
use crate::mapping::{Relational, map};
use crate::schema::{
    Draft, EndId, FieldDraft, FieldId, FieldPart, FieldType, KindTables, ModelDraft, ModelId, ModelPart,
    Place, RelationshipDraft, Report, Schema, Shape, check,
};

/// What reading a schema gave.
#[derive(Clone, Debug, Default)]
pub struct SchemaRead {
    /// The draft, as far as it could be read.
    pub draft: Draft,
    /// What there is to say, in order.
    pub findings: Vec<Finding>,
    /// The schema and its tables; `None` if there are errors.
    pub checked: Option<(Schema, Relational)>,
}

/// Reads a schema and checks it.
///
/// ```
/// use relata::spec::{Json, read_schema};
/// let spec = r#"{
///   "models": {"Author": {"name": "text"}, "Book": {"fields": {"title": {"type": "text", "required": true}}}},
///   "relationships": ["an Author has many Books; each Book has one Author, required"]
/// }"#;
/// let read = read_schema(&Json::parse(spec).unwrap());
/// assert!(read.findings.is_empty());
/// assert_eq!(read.checked.unwrap().1.tables.len(), 2);
/// ```
pub fn read_schema(json: &Json) -> SchemaRead {
    let mut reading = Reading::default();
    reading.schema(json);
    let Reading { reader, draft, paths, .. } = reading;
    let mut findings = reader.into_findings();
    let readable = are_fine(&findings);
    let (checked, checked_findings) = check_draft(&draft, &paths);
    // What was not read would be found missing once more.
    findings.extend(if readable { checked_findings } else { Vec::new() });
    SchemaRead { draft, checked: checked.filter(|_| readable), findings }
}

/// Checks a draft and maps it. `paths` says where its parts came from.
pub(super) fn check_draft(
    draft: &Draft,
    paths: &Paths<Place>,
) -> (Option<(Schema, Relational)>, Vec<Finding>) {
    let report = check(draft).and_then(|schema| {
        let mapped = map(&schema);
        Report { value: mapped.value.map(|relational| (schema, relational)), diagnostics: mapped.diagnostics }
    });
    let findings = report.diagnostics.into_iter().map(|finding| {
        let path = path_of(draft, paths, &finding.place);
        said(finding, path)
    });
    (report.value, findings.collect())
}

impl SchemaRead {
    /// Checks a draft that came with a project rather than from a script.
    pub fn of_draft(draft: &Draft) -> SchemaRead {
        let (checked, findings) = check_draft(draft, &Paths::default());
        SchemaRead { draft: draft.clone(), findings, checked }
    }
}

/// Where a part of the draft stands: where it was written, or would be.
fn path_of(draft: &Draft, paths: &Paths<Place>, place: &Place) -> String {
    if let Some(path) = paths.get(place) {
        return path.to_owned();
    }
    let model = |id: ModelId| member("models", draft.model(id).map_or("", |model| &model.name));
    match place {
        Place::Model(id, ModelPart::Fields) => member(&model(*id), "fields"),
        Place::Model(id, _) => model(*id),
        Place::Field(id, field, part) => {
            let name = draft.model(*id).and_then(|model| model.field(*field)).map_or("", |field| &field.name);
            let path = member(&member(&model(*id), "fields"), name);
            match part {
                FieldPart::Default => member(&path, "default"),
                FieldPart::Name | FieldPart::Column => path,
            }
        }
        Place::Relationship(id, _) => {
            let index = draft.relationships.iter().position(|relationship| relationship.id == *id);
            at("relationships", index.unwrap_or_default())
        }
    }
}

/// The types by name.
pub(super) fn types() -> Vec<(&'static str, FieldType)> {
    FieldType::ALL.iter().map(|kind| (kind.label(), *kind)).collect()
}

#[derive(Default)]
pub(super) struct Reading {
    pub(super) reader: Reader,
    pub(super) draft: Draft,
    pub(super) paths: Paths<Place>,
    /// What each model says it is a kind of, by position.
    parents: Vec<(usize, String, String)>,
    /// The keys that models were given.
    given: Vec<(ModelId, FieldId)>,
}

impl Reading {
    fn schema(&mut self, json: &Json) {
        for (name, part) in self.reader.map("", json) {
            match name.as_str() {
                "models" => self.models(part),
                "relationships" => {}
                other => self.reader.unknown(other, "member", other, ["models", "relationships"]),
            }
        }
        self.link_kinds();
        let Json::Map(members) = json else { return };
        if !members.iter().any(|(name, _)| name == "models") {
            self.reader.error(
                "models",
                "There are no models.",
                "Write them as { models: { Author: { name: \"text\" } } }.",
            );
        }
        for (_, part) in members.iter().filter(|(name, _)| name == "relationships") {
            relationships::read(self, part);
        }
        self.take_back_keys();
    }

    /// A model whose key is made of others' keys needs none of its own.
    fn take_back_keys(&mut self) {
        for (id, field) in std::mem::take(&mut self.given) {
            let all = self.draft.relationships.iter().filter(|relationship| relationship.identifies);
            let holds = |relationship: &&RelationshipDraft| {
                relationship.holder().is_some_and(|holder| relationship.end(holder).model == Some(id))
            };
            let shapes: Vec<Shape> = all.filter(holds).map(|relationship| relationship.shape).collect();
            let model = self.draft.models.iter_mut().find(|model| model.id == id);
            if let Some(model) = model.filter(|_| shapes.len() > 1 || shapes == [Shape::OneToOne]) {
                model.fields.retain(|own| own.id != field);
            }
        }
    }

    fn models(&mut self, json: &Json) {
        for (name, part) in self.reader.map("models", json) {
            let path = member("models", name);
            let id = ModelId(self.draft.fresh_id());
            self.draft.models.push(ModelDraft::new(id, name, Vec::new()));
            for part_of in
                [ModelPart::Name, ModelPart::Table, ModelPart::Parent, ModelPart::Kind, ModelPart::KindColumn]
            {
                let path = match part_of {
                    ModelPart::Table => member(&path, "table"),
                    ModelPart::Parent => member(&path, "kindOf"),
                    ModelPart::Kind => member(&path, "kind"),
                    ModelPart::KindColumn => member(&path, "kindColumn"),
                    ModelPart::Name | ModelPart::Fields => path.clone(),
                };
                self.paths.note(Place::Model(id, part_of), &path);
            }
            let at = self.draft.models.len() - 1;
            match part {
                Json::Map(members) if members.iter().any(|(name, part)| is_part(name, part)) => {
                    self.model(at, &path, members)
                }
                other => self.fields(at, &path, other),
            }
        }
    }

    fn model(&mut self, at: usize, path: &str, members: &[(String, Json)]) {
        for (name, part) in members {
            let path = member(path, name);
            match name.as_str() {
                "fields" => self.fields(at, &path, part),
                "table" => self.draft.models[at].table = self.reader.text(&path, part).unwrap_or_default(),
                "kindOf" => {
                    let parent = self.reader.text(&path, part);
                    self.parents.extend(parent.map(|parent| (at, parent, path)));
                }
                "kind" => self.draft.models[at].kind.name = self.reader.text(&path, part).unwrap_or_default(),
                "kindColumn" => {
                    self.draft.models[at].kind.column = self.reader.text(&path, part).unwrap_or_default()
                }
                "kindTables" => {
                    let choices = [("one", KindTables::One), ("each", KindTables::Each)];
                    let tables = self.reader.choice(&path, part, &choices);
                    self.draft.models[at].kind.tables = tables.unwrap_or_default();
                }
                other => self.reader.unknown(&path, "part of a model", other, PARTS),
            }
        }
    }

    fn fields(&mut self, at: usize, path: &str, json: &Json) {
        for (name, part) in self.reader.map(path, json) {
            let path = member(path, name);
            let id = FieldId(self.draft.fresh_id());
            let model = self.draft.models[at].id;
            self.paths.note(Place::Field(model, id, FieldPart::Name), &path);
            self.paths.note(Place::Field(model, id, FieldPart::Default), &member(&path, "default"));
            self.paths.note(Place::Field(model, id, FieldPart::Column), &member(&path, "column"));
            let field = self.field(id, name, &path, part);
            self.draft.models[at].fields.push(field);
        }
    }

    fn field(&mut self, id: FieldId, name: &str, path: &str, json: &Json) -> FieldDraft {
        let mut field = FieldDraft::new(id, name, FieldType::Text);
        let Json::Map(members) = json else {
            field.field_type = self.reader.choice(path, json, &types()).unwrap_or(FieldType::Text);
            return field;
        };
        if !members.iter().any(|(name, _)| name == "type") {
            self.reader.error(
                path,
                "The field has no type.",
                "Write it as { type: \"text\" }, or just \"text\".",
            );
        }
        for (name, part) in members {
            let path = member(path, name);
            let reader = &mut self.reader;
            match name.as_str() {
                "type" => field.field_type = reader.choice(&path, part, &types()).unwrap_or(FieldType::Text),
                "primaryKey" => field.primary_key = reader.truth(&path, part),
                "required" => field.required = reader.truth(&path, part),
                "unique" => field.unique = reader.truth(&path, part),
                "indexed" => field.indexed = reader.truth(&path, part),
                "default" => {
                    field.default = part.typed();
                    if field.default.is_none() && *part != Json::Null {
                        reader.expected(&path, "a value", part);
                    }
                }
                "column" => field.column = reader.text(&path, part).unwrap_or_default(),
                other => {
                    let known = ["type", "primaryKey", "required", "unique", "indexed", "default", "column"];
                    reader.unknown(&path, "part of a field", other, known);
                }
            }
        }
        field
    }

    /// Says which model each is a kind of, and gives the others a key where they name none.
    fn link_kinds(&mut self) {
        for (at, name, path) in std::mem::take(&mut self.parents) {
            let parent = self.model_named(&path, &name);
            self.draft.models[at].kind.parent = parent;
        }
        for at in 0..self.draft.models.len() {
            let model = &mut self.draft.models[at];
            let has_key = model.fields.iter().any(|field| field.primary_key);
            if has_key || model.kind.parent.is_some() {
                continue;
            }
            if let Some(field) = model.fields.iter_mut().find(|field| field.name == "id") {
                field.primary_key = true;
            } else {
                let id = FieldId(self.draft.fresh_id());
                self.draft.models[at].fields.insert(0, FieldDraft::key(id));
                self.given.push((self.draft.models[at].id, id));
            }
        }
    }

    /// The model with this name.
    pub(super) fn model_named(&mut self, path: &str, name: &str) -> Option<ModelId> {
        let found = self.draft.models.iter().find(|model| model.name == name).map(|model| model.id);
        if found.is_none() {
            let names = self.draft.models.iter().map(|model| model.name.as_str());
            self.reader.unknown(path, "model", name, names);
        }
        found
    }

    /// The field of a model, or of what it is a kind of, with this name.
    pub(super) fn field_named(&mut self, path: &str, model: ModelId, name: &str) -> Option<FieldId> {
        let fields = self.draft.fields_of(model);
        let found = fields.iter().find(|field| field.name == name).map(|field| field.id);
        if found.is_none() {
            self.reader.unknown(path, "field", name, fields.iter().map(|field| field.name.as_str()));
        }
        found
    }

    /// The property with this name, given or derived, that a relationship read so far gives to a model.
    pub(super) fn note_end(&mut self, end: EndId, path: &str) {
        use crate::schema::RelationshipPart as Part;
        for part in [Part::Name(end.side), Part::Model(end.side), Part::Order(end.side)] {
            self.paths.note(Place::Relationship(end.relationship, part), path);
        }
    }
}

const PARTS: [&str; 6] = ["fields", "table", "kindOf", "kind", "kindColumn", "kindTables"];

/// Whether a member says something of a model, rather than being a field of one that is written as its fields alone.
fn is_part(name: &str, json: &Json) -> bool {
    let is_type =
        |json: &Json| matches!(json, Json::Text(text) if types().iter().any(|(name, _)| name == text));
    PARTS.contains(&name)
        && if name == "fields" {
            matches!(json, Json::Map(_))
        } else {
            !is_type(json) && !matches!(json, Json::Map(_))
        }
}
