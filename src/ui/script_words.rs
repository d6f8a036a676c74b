//! The steps of a script in words: their verbs, what each does, and the sentence that a step is.

use crate::schema::{EndId, ModelId, Schema};
use crate::session::{ObjectDraft, StepDraft};

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Makes an object and adds it to the session.
    New,
    /// Makes an object that the session does not know.
    Make,
    /// Adds an object to the session.
    Add,
    /// Sets a field.
    Set,
    /// Sets a property to one, or appends to a collection.
    Link,
    /// Clears a property to one, or removes from a collection.
    Unlink,
    /// Touches a property.
    Load,
    /// Marks an object as deleted.
    Delete,
    /// Sends what has changed.
    Flush,
    /// Sends what has changed and keeps it.
    Commit,
    /// Takes back everything since the last commit.
    Rollback,
}

impl Verb {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Verb; 11] = [
        Verb::New,
        Verb::Set,
        Verb::Link,
        Verb::Unlink,
        Verb::Delete,
        Verb::Flush,
        Verb::Commit,
        Verb::Rollback,
        Verb::Load,
        Verb::Make,
        Verb::Add,
    ];

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Verb::New => "add a new",
            Verb::Make => "make a new",
            Verb::Add => "add",
            Verb::Set => "set",
            Verb::Link => "link",
            Verb::Unlink => "unlink",
            Verb::Load => "load",
            Verb::Delete => "delete",
            Verb::Flush => "flush",
            Verb::Commit => "commit",
            Verb::Rollback => "roll back",
        }
    }

    /// What it does, where the sentence does not say it.
    pub fn meaning(self) -> Option<&'static str> {
        Some(match self {
            Verb::Make => "It stays outside of the session until it is added, or linked to what is inside.",
            Verb::Load => "Touching a property loads it; a cascade may have to.",
            Verb::Flush => "Sends what has changed; it can still be rolled back.",
            Verb::Commit => "Sends what has changed and keeps it.",
            Verb::Rollback => "Takes back everything since the last commit.",
            Verb::New | Verb::Add | Verb::Set | Verb::Link | Verb::Unlink | Verb::Delete => return None,
        })
    }

    /// The verb of a step.
    pub fn of(step: &StepDraft) -> Verb {
        match step {
            StepDraft::New { add: true, .. } => Verb::New,
            StepDraft::New { add: false, .. } => Verb::Make,
            StepDraft::Add { .. } => Verb::Add,
            StepDraft::Set { .. } => Verb::Set,
            StepDraft::Link { .. } => Verb::Link,
            StepDraft::Unlink { .. } => Verb::Unlink,
            StepDraft::Load { .. } => Verb::Load,
            StepDraft::Delete { .. } => Verb::Delete,
            StepDraft::Flush => Verb::Flush,
            StepDraft::Commit => Verb::Commit,
            StepDraft::Rollback => Verb::Rollback,
        }
    }
}

/// The object that a step is about, unless it makes one or is about none.
pub fn object_of(step: &StepDraft) -> Option<&ObjectDraft> {
    match step {
        StepDraft::Add { object }
        | StepDraft::Set { object, .. }
        | StepDraft::Link { object, .. }
        | StepDraft::Unlink { object, .. }
        | StepDraft::Load { object, .. }
        | StepDraft::Delete { object } => Some(object),
        StepDraft::New { .. } | StepDraft::Flush | StepDraft::Commit | StepDraft::Rollback => None,
    }
}

/// The property that a step goes along.
pub fn end_of(step: &StepDraft) -> Option<EndId> {
    match step {
        StepDraft::Link { end, .. } | StepDraft::Unlink { end, .. } | StepDraft::Load { end, .. } => *end,
        _ => None,
    }
}

/// The model of an object: a new one has that of the step that makes it, among those before.
pub fn model_of(object: &ObjectDraft, before: &[StepDraft]) -> Option<ModelId> {
    match object {
        ObjectDraft::Stored(model, _) => *model,
        ObjectDraft::New(wanted) => {
            news(before).find(|(name, _)| name == wanted).and_then(|(_, model)| model)
        }
    }
}

/// The objects that steps make, by name, with their models.
pub fn news(steps: &[StepDraft]) -> impl Iterator<Item = (&str, Option<ModelId>)> {
    steps.iter().filter_map(|step| match step {
        StepDraft::New { name, model, .. } => Some((name.as_str(), *model)),
        _ => None,
    })
}

/// The sentence that a step is.
///
/// ```
/// use relata::{project::Sample, schema, ui::script_words::sentence};
/// let project = Sample::AuthorBook.project();
/// let schema = schema::check(&project.draft).value.unwrap();
/// let steps: Vec<String> = project.script.steps.iter().map(|step| sentence(step, &schema)).collect();
/// assert_eq!(steps[..2], ["add a new Book, lavinia", "link Author 1’s books to lavinia"]);
/// ```
pub fn sentence(step: &StepDraft, schema: &Schema) -> String {
    let verb = Verb::of(step).word();
    let property = |object: &ObjectDraft, end: &Option<EndId>| {
        let name = end.and_then(|end| schema.end(end)).map_or("?", |end| end.name);
        format!("{verb} {}’s {name}", called(object, schema))
    };
    match step {
        StepDraft::New { name, model, .. } => {
            format!("{verb} {}, {}", model_name(*model, schema), name.trim())
        }
        StepDraft::Set { object, field, value } => {
            let name = field.and_then(|id| {
                schema.models().find_map(|model| model.fields.get(&id)).map(|field| field.name.as_str())
            });
            let value = value.as_ref().map_or("no value".into(), |value| format!("“{value}”"));
            format!("{verb} {}’s {} to {value}", called(object, schema), name.unwrap_or("?"))
        }
        StepDraft::Link { object, end, target } => {
            format!("{} to {}", property(object, end), called(target, schema))
        }
        StepDraft::Unlink { object, end, target } => {
            let many = end.and_then(|end| schema.end(end)).is_some_and(|end| end.kind.is_collection());
            let from = target.as_ref().filter(|_| many);
            let from = from.map_or(String::new(), |target| format!(" from {}", called(target, schema)));
            format!("{}{from}", property(object, end))
        }
        StepDraft::Load { object, end } => property(object, end),
        StepDraft::Add { object } | StepDraft::Delete { object } => {
            format!("{verb} {}", called(object, schema))
        }
        StepDraft::Flush | StepDraft::Commit | StepDraft::Rollback => verb.into(),
    }
}

/// What an object is called: by the name that the script gave it, or by model and key.
fn called(object: &ObjectDraft, schema: &Schema) -> String {
    match object {
        ObjectDraft::New(name) => name.trim().to_owned(),
        ObjectDraft::Stored(model, key) => format!("{} {}", model_name(*model, schema), key.join(", ")),
    }
}

fn model_name(model: Option<ModelId>, schema: &Schema) -> &str {
    model.and_then(|id| schema.model(id)).map_or("?", |model| model.name.as_str())
}
