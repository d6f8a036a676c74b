//! What a step can be about: the objects of the data and those that the script makes; and what a step begins with.

use std::collections::BTreeMap;

use super::form::Form;
use crate::naming::snake;
use crate::project::row_label;
use crate::schema::{End, EndId, FieldId, Model, ModelId, Side};
use crate::session::{ObjectDraft, StepDraft};
use crate::ui::form::Choice;
use crate::ui::script_words::{Verb, end_of, model_of, news, object_of};

/// How many rows a list offers.
const MOST_ROWS: usize = 200;

/// What stands between the parts of a key in a choice's value.
const BETWEEN: char = '\u{1f}';

/// A choice's value for an object.
pub(super) fn value_of(object: &ObjectDraft) -> String {
    match object {
        ObjectDraft::New(name) => format!("n{name}"),
        ObjectDraft::Stored(_, key) => format!("k{}", key.join(&BETWEEN.to_string())),
    }
}

/// The object that a choice of this model means.
pub(super) fn object_from(value: &str, model: Option<ModelId>) -> Option<ObjectDraft> {
    match value.split_at_checked(1)? {
        ("n", name) => Some(ObjectDraft::New(name.into())),
        (_, key) => Some(ObjectDraft::Stored(model, key.split(BETWEEN).map(str::to_owned).collect())),
    }
}

/// The keys of the rows of a model, each with the words that the data's grid has for it.
pub(super) fn stored(form: &Form, model: ModelId) -> Vec<(Vec<String>, String)> {
    let project = &form.state.project;
    let Some(draft) = project.draft.model(model) else { return Vec::new() };
    let keys: Vec<FieldId> =
        draft.fields.iter().filter(|field| field.primary_key).map(|field| field.id).collect();
    // What is identified by other objects alone has no key that could be typed.
    let rows = project.data.rows_of(model).iter().filter(|_| !keys.is_empty()).take(MOST_ROWS);
    let key = |field: &FieldId, row: &crate::project::Row| row.cells.get(field).cloned().unwrap_or_default();
    rows.map(|row| (keys.iter().map(|field| key(field, row)).collect(), row_label(draft, row))).collect()
}

/// The rows of a model to choose from, and the one that is chosen, even if it is not in the data.
pub(super) fn row_choices(form: &Form, model: ModelId, chosen: &ObjectDraft) -> Vec<Choice> {
    let mut choices = Vec::new();
    for (key, words) in stored(form, model) {
        choices.push(Choice::new(value_of(&ObjectDraft::Stored(None, key)), words));
    }
    let value = value_of(chosen);
    if let ObjectDraft::Stored(_, key) = chosen
        && !choices.iter().any(|choice| choice.value == value)
    {
        let words = if key.concat().is_empty() {
            "choose …".into()
        } else {
            format!("{} (not in the data)", key.join(", "))
        };
        choices.insert(0, Choice::new(value, words));
    }
    choices
}

/// The objects made by the steps before this one, of one model or of all.
pub(super) fn new_choices(form: &Form, at: usize, model: Option<ModelId>) -> Vec<Choice> {
    let made = news(&form.steps()[..at]).filter(|(name, _)| !name.trim().is_empty());
    let fits = made.filter(|(_, of)| model.is_none() || *of == model);
    let choice = |(name, _): (&str, Option<ModelId>)| {
        Choice::new(value_of(&ObjectDraft::New(name.into())), format!("{name} (new)"))
    };
    fits.map(choice).collect()
}

/// A choice's value for a property.
pub(super) fn end_value(end: EndId) -> String {
    let side = if end.side == Side::Left { 'l' } else { 'r' };
    format!("{side}{}", end.relationship.0)
}

/// The properties of a model.
pub(super) fn ends_of(form: &Form, model: Option<ModelId>) -> Vec<End<'_>> {
    model.map_or_else(Vec::new, |model| form.good.schema.ends_of(model).collect())
}

/// The first object there is of a model: one that the script made, or one of the data.
pub(super) fn first_of(form: &Form, at: usize, model: Option<ModelId>) -> ObjectDraft {
    let made = news(&form.steps()[..at]).filter(|(_, of)| model.is_some() && *of == model).last();
    if let Some((name, _)) = made {
        return ObjectDraft::New(name.into());
    }
    let key = model.and_then(|model| stored(form, model).into_iter().next());
    ObjectDraft::Stored(model, key.map_or_else(Vec::new, |(key, _)| key))
}

/// A name for a new object that no other step uses.
pub(super) fn free_name(form: &Form, model: &Model) -> String {
    let wanted = snake(&model.name);
    let taken = |name: &String| news(form.steps()).any(|(other, _)| other.trim() == name);
    let mut names = std::iter::once(wanted.clone()).chain((2..).map(|number| format!("{wanted}{number}")));
    names.find(|name| !taken(name)).unwrap_or(wanted)
}

/// What a new step begins with: a new object of the first model in an empty script, else a commit.
pub(super) fn next(form: &Form) -> StepDraft {
    match form.steps().last() {
        None => begun(form, 0, Verb::New, &StepDraft::Commit),
        Some(StepDraft::Commit) => begun(form, form.steps().len(), Verb::Delete, &StepDraft::Commit),
        Some(_) => StepDraft::Commit,
    }
}

/// A step with another verb, which keeps of the one that was there what it can.
pub(super) fn begun(form: &Form, at: usize, verb: Verb, was: &StepDraft) -> StepDraft {
    let before = &form.steps()[..at];
    let first = form.good.schema.models().next().map(|model| model.id);
    let object = object_of(was).cloned().unwrap_or_else(|| first_of(form, at, first));
    let model = model_of(&object, before);
    let end = end_of(was).or_else(|| ends_of(form, model).first().map(|end| end.id));
    let target =
        || first_of(form, at, end.and_then(|end| form.good.schema.end(end)).map(|end| end.target.id));
    match verb {
        Verb::New | Verb::Make => match was {
            StepDraft::New { name, model, values, .. } => {
                let (name, values) = (name.clone(), values.clone());
                StepDraft::New { name, model: *model, values, add: verb == Verb::New }
            }
            _ => {
                let name = form.model(model.or(first)).map_or(String::new(), |model| free_name(form, model));
                StepDraft::New {
                    name,
                    model: model.or(first),
                    values: BTreeMap::new(),
                    add: verb == Verb::New,
                }
            }
        },
        Verb::Add => StepDraft::Add { object },
        Verb::Set => {
            let field = form.model(model).and_then(|model| {
                model.fields.values().find(|field| !field.primary_key).map(|field| field.id)
            });
            StepDraft::Set { object, field, value: Some(String::new()) }
        }
        Verb::Link => StepDraft::Link { object, end, target: target() },
        Verb::Unlink => StepDraft::Unlink { object, end, target: Some(target()) },
        Verb::Load => StepDraft::Load { object, end },
        Verb::Delete => StepDraft::Delete { object },
        Verb::Flush => StepDraft::Flush,
        Verb::Commit => StepDraft::Commit,
        Verb::Rollback => StepDraft::Rollback,
    }
}
