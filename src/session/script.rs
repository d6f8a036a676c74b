//! Script draft in, checked script and diagnostics out.

use std::collections::BTreeMap;

use super::draft::{ObjectDraft, ScriptDraft, StepDraft};
use crate::mapping::{Placement, Relational};
use crate::schema::{EndId, FieldId, Findings, Link, Model, ModelId, Report, Schema, shorten};
use crate::value::Value;

/// A script without errors: every object is there, every value fits its field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// The operations, in order.
    pub steps: Vec<Step>,
    /// The objects that the script makes, in order.
    pub news: Vec<NewObject>,
}

/// An object that a script makes.
#[derive(Clone, Debug, PartialEq)]
pub struct NewObject {
    /// What the script calls it.
    pub name: String,
    /// Its model.
    pub model: ModelId,
}

/// An object of a script.
#[derive(Clone, Debug, PartialEq)]
pub enum ObjectRef {
    /// One that the script makes, by position in [`Script::news`].
    New(usize),
    /// One of the database.
    Stored(ModelId, Vec<Value>),
}

/// An operation. See [`StepDraft`].
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Makes an object, by position in [`Script::news`], with these values, and adds it to the session if `add`.
    New {
        /// Which.
        object: usize,
        /// Its values.
        values: Vec<(FieldId, Value)>,
        /// Whether it is added at once.
        add: bool,
    },
    /// Adds an object.
    Add(ObjectRef),
    /// Sets a field.
    Set(ObjectRef, FieldId, Value),
    /// Sets a property to one, or appends to a collection.
    Link(ObjectRef, EndId, ObjectRef),
    /// Clears a property to one.
    Clear(ObjectRef, EndId),
    /// Removes from a collection.
    Remove(ObjectRef, EndId, ObjectRef),
    /// Touches a property.
    Load(ObjectRef, EndId),
    /// Marks an object as deleted.
    Delete(ObjectRef),
    /// Sends what has changed.
    Flush,
    /// Sends what has changed and keeps it.
    Commit,
    /// Takes back everything since the last commit.
    Rollback,
}

/// The form field that a diagnostic of a script stands beside: a step, by position, and a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The step.
    pub step: usize,
    /// The part.
    pub part: Part,
}

/// What can be typed of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The name of a new object.
    Name,
    /// The model of a new object.
    Model,
    /// A value of a new object.
    Value(FieldId),
    /// The object.
    Object,
    /// The field, or the value it is set to.
    Field,
    /// The property.
    End,
    /// The other object.
    Target,
}

/// Checks a script against a schema and its tables, which say what keys are made of. The script is there exactly when
/// no diagnostic is an error.
///
/// ```
/// use relata::{mapping::map, project::Sample, schema, session::{ObjectDraft, ScriptDraft, StepDraft, check}};
/// let project = Sample::AuthorBook.project();
/// let schema = schema::check(&project.draft).value.unwrap();
/// let author = project.draft.models[0].id;
/// let delete = StepDraft::Delete { object: ObjectDraft::Stored(Some(author), vec!["one".into()]) };
/// let report = check(&ScriptDraft { steps: vec![delete] }, &schema, &map(&schema).value.unwrap());
/// assert!(report.diagnostics[0].message.starts_with("The key does not fit"));
/// ```
pub fn check(draft: &ScriptDraft, schema: &Schema, relational: &Relational) -> Report<Script, Place> {
    let (script, findings) = (Script::default(), Findings::default());
    let mut checker = Checker { schema, relational, script, findings, step: 0 };
    for (number, step) in draft.steps.iter().enumerate() {
        checker.step = number;
        if let Some(step) = checker.step(step) {
            checker.script.steps.push(step);
        }
    }
    Report::new(checker.script, checker.findings.into_vec())
}

struct Checker<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    script: Script,
    findings: Findings<Place>,
    step: usize,
}

impl<'a> Checker<'a> {
    fn error(&mut self, part: Part, message: impl Into<String>, mend: &str) {
        self.findings.error(Place { step: self.step, part }, message, mend);
    }

    fn step(&mut self, draft: &StepDraft) -> Option<Step> {
        Some(match draft {
            StepDraft::New { name, model, values, add } => {
                return self.new_object(name, *model, values, *add);
            }
            StepDraft::Add { object } => Step::Add(self.object(object, Part::Object)?.0),
            StepDraft::Set { object, field, value } => return self.set(object, *field, value.as_deref()),
            StepDraft::Link { object, end, target } => {
                let (object, end, wanted) = self.writable(object, *end)?;
                let target = self.target(target, wanted)?;
                Step::Link(object, end, target)
            }
            StepDraft::Unlink { object, end, target } => {
                let (object, id, wanted) = self.writable(object, *end)?;
                if !self.schema.end(id)?.kind.is_collection() {
                    return Some(Step::Clear(object, id));
                }
                let Some(target) = target else {
                    self.error(Part::Target, "What is to be removed is not chosen.", "Choose an object.");
                    return None;
                };
                Step::Remove(object, id, self.target(target, wanted)?)
            }
            StepDraft::Load { object, end } => {
                let (object, end, _) = self.property(object, *end)?;
                Step::Load(object, end)
            }
            StepDraft::Delete { object } => Step::Delete(self.object(object, Part::Object)?.0),
            StepDraft::Flush => Step::Flush,
            StepDraft::Commit => Step::Commit,
            StepDraft::Rollback => Step::Rollback,
        })
    }

    fn model(&mut self, model: Option<ModelId>, part: Part) -> Option<&'a Model> {
        let found = model.and_then(|id| self.schema.model(id));
        if found.is_none() {
            self.error(part, "No model is chosen here.", "Choose a model.");
        }
        found
    }

    fn new_object(
        &mut self,
        name: &str,
        model: Option<ModelId>,
        values: &BTreeMap<FieldId, String>,
        add: bool,
    ) -> Option<Step> {
        let name = name.trim();
        if name.is_empty() {
            self.error(Part::Name, "This object has no name.", "Type one, for later steps to use.");
        } else if self.script.news.iter().any(|other| other.name == name) {
            let message = format!("There is another object called {}.", shorten(name));
            self.error(Part::Name, message, "Give each object a name of its own.");
        }
        let model = self.model(model, Part::Model)?;
        let mut typed = Vec::new();
        // In the order of the model: that is the order of the parameters.
        for field in model.fields.values() {
            if let Some(text) = values.get(&field.id) {
                typed.extend(self.value(model, field.id, Some(text), Part::Value(field.id)));
            }
        }
        self.script.news.push(NewObject { name: name.into(), model: model.id });
        Some(Step::New { object: self.script.news.len() - 1, values: typed, add })
    }

    fn value(
        &mut self,
        model: &Model,
        field: FieldId,
        text: Option<&str>,
        part: Part,
    ) -> Option<(FieldId, Value)> {
        let Some(text) = text else { return Some((field, Value::Null)) };
        let field_type = model.fields.get(&field)?.field_type;
        let parsed = field_type.parse(text).map_err(|error| {
            let mend = format!("Type a value like {}.", field_type.example());
            self.error(part, format!("{error}."), &mend);
        });
        parsed.ok().map(|value| (field, value))
    }

    fn set(&mut self, object: &ObjectDraft, field: Option<FieldId>, value: Option<&str>) -> Option<Step> {
        let (object, model) = self.object(object, Part::Object)?;
        let Some(field) = field.and_then(|id| model.fields.get(&id)) else {
            let message = format!("No field of {} is chosen here.", model.name);
            self.error(Part::Field, message, "Choose a field.");
            return None;
        };
        if field.primary_key {
            let message =
                format!("{} is the key: it says which object this is, and stays.", shorten(&field.name));
            self.error(Part::Field, message, "Choose another field, or make a new object.");
            return None;
        }
        let (field, value) = self.value(model, field.id, value, Part::Field)?;
        Some(Step::Set(object, field, value))
    }

    fn object(&mut self, draft: &ObjectDraft, part: Part) -> Option<(ObjectRef, &'a Model)> {
        match draft {
            ObjectDraft::New(name) => {
                let at = self.script.news.iter().position(|object| object.name == name.trim());
                let Some(at) = at else {
                    let message = format!("No step before this one makes {}.", shorten(name));
                    self.error(part, message, "Make it first, or choose another object.");
                    return None;
                };
                let model = self.schema.model(self.script.news[at].model)?;
                Some((ObjectRef::New(at), model))
            }
            ObjectDraft::Stored(model, key) => {
                let model = self.model(*model, part)?;
                let key = self.key(model, key, part)?;
                Some((ObjectRef::Stored(model.id, key), model))
            }
        }
    }

    fn key(&mut self, model: &Model, texts: &[String], part: Part) -> Option<Vec<Value>> {
        let table = self.relational.table(self.relational.table_of(model.id)?);
        let mut key = Vec::new();
        for (at, &column) in table.primary_key.iter().enumerate() {
            let field_type = table.columns[column].field_type;
            match field_type.parse(texts.get(at).map_or("", String::as_str)) {
                Ok(value) => key.push(value),
                Err(error) => {
                    let mend = format!("Type a key like {}.", field_type.example());
                    self.error(part, format!("The key does not fit: {error}."), &mend);
                    return None;
                }
            }
        }
        Some(key)
    }

    fn property(
        &mut self,
        object: &ObjectDraft,
        end: Option<EndId>,
    ) -> Option<(ObjectRef, EndId, &'a Model)> {
        let (object, model) = self.object(object, Part::Object)?;
        let found = end.and_then(|id| self.schema.end_at(model.id, id));
        let Some(end) = found else {
            let message = format!("No property of {} is chosen here.", model.name);
            self.error(Part::End, message, "Choose a property.");
            return None;
        };
        if self.is_shared(end.id) {
            let message = format!(
                "{} hangs on a key that can point to several tables: scripts do not follow it.",
                shorten(end.name)
            );
            self.error(Part::End, message, "Choose another property.");
            return None;
        }
        Some((object, end.id, end.target))
    }

    /// A property whose links can be written.
    fn writable(
        &mut self,
        object: &ObjectDraft,
        end: Option<EndId>,
    ) -> Option<(ObjectRef, EndId, &'a Model)> {
        let found = self.property(object, end)?;
        let link = self.schema.relationship(found.1.relationship).map(|relationship| &relationship.link);
        if matches!(link, Some(Link::Through(_))) {
            let message = "This property is read through the objects of another model: they make its links.";
            self.error(Part::End, message, "Add or delete such an object instead.");
            return None;
        }
        Some(found)
    }

    fn is_shared(&self, end: EndId) -> bool {
        let placement = self.relational.placement(end.relationship);
        matches!(placement, Some(Placement::Key { discriminator: Some(_), .. }))
    }

    fn target(&mut self, draft: &ObjectDraft, wanted: &Model) -> Option<ObjectRef> {
        let (target, model) = self.object(draft, Part::Target)?;
        if !self.schema.is_kind_of(model.id, wanted.id) {
            let message = format!("This property leads to {}, not to {}.", wanted.name, model.name);
            self.error(Part::Target, message, "Choose another object.");
            return None;
        }
        Some(target)
    }
}
