//! One step of the script, as a sentence that is edited in place.

use std::collections::BTreeMap;

use yew::{Classes, Html, classes, html};

use super::choices::{begun, end_value, ends_of, first_of, new_choices, object_from, row_choices, value_of};
use super::form::{Form, label};
use crate::schema::{EndId, FieldId, ModelId};
use crate::session::{ObjectDraft, Part, StepDraft};
use crate::ui::action::ScriptEdit;
use crate::ui::form::{Choice, Select};
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::script_edit::verb_id;
use crate::ui::script_words::{Verb, model_of};
use crate::ui::tone::Badge;

/// The step at this position.
pub(super) fn step(form: &Form, at: usize) -> Html {
    let draft = &form.steps()[at];
    let verb = Verb::of(draft);
    let last = form.steps().len() - 1;
    let button = |glyph, what: &str, on: bool, edit: ScriptEdit| {
        html! { <IconButton {glyph} label={label(at, what)} disabled={!on} onclick={form.on_click(edit)} /> }
    };
    html! {
        <li class="script__step" key={at}>
            <div class="script__line">
                <span class="script__number" aria-hidden="true">{ at + 1 }</span>
                <div class="script__words">
                    { verbs(form, at, verb, draft) }
                    { rest(form, at, draft) }
                    if let Some(meaning) = verb.meaning() { <span class="script__meaning">{ meaning }</span> }
                </div>
                <span class="script__buttons">
                    { button(Glyph::Up, "earlier", at > 0, ScriptEdit::Move(at, -1)) }
                    { button(Glyph::Down, "later", at < last, ScriptEdit::Move(at, 1)) }
                    { button(Glyph::Cross, "remove", true, ScriptEdit::Remove(at)) }
                </span>
            </div>
            { form.said(at) }
        </li>
    }
}

fn verbs(form: &Form, at: usize, verb: Verb, draft: &StepDraft) -> Html {
    let choices = Verb::ALL.map(|verb| Choice::new(verb.word(), verb.word())).to_vec();
    let onchange = {
        let (whole, draft) = (form.clone(), draft.clone());
        form.on_choice(at, move |value| {
            let verb = Verb::ALL.into_iter().find(|verb| verb.word() == value)?;
            Some(begun(&whole, at, verb, &draft))
        })
    };
    html! {
        <Select id={verb_id(at)} class="query__select script__verb" label={label(at, "what to do")}
            value={verb.word()} {choices} {onchange} />
    }
}

/// What comes after the verb.
fn rest(form: &Form, at: usize, draft: &StepDraft) -> Html {
    match draft {
        StepDraft::New { name, model, values, add } => new(form, at, name, *model, values, *add),
        StepDraft::Add { object: one } => object(form, at, one, "", |object| StepDraft::Add { object }),
        StepDraft::Delete { object: one } => object(form, at, one, "", |object| StepDraft::Delete { object }),
        StepDraft::Set { object: one, field, value } => set(form, at, one, *field, value.as_deref()),
        StepDraft::Link { object: one, end, target: to } => {
            let (along, object, end) = (property(form, at, draft, one, *end), one.clone(), *end);
            let set = move |target| StepDraft::Link { object: object.clone(), end, target };
            html! { <>{ along }{ "to" }{ target(form, at, end, to, set) }</> }
        }
        StepDraft::Unlink { object: one, end, target: from } => {
            let along = property(form, at, draft, one, *end);
            let many =
                end.and_then(|end| form.good.schema.end(end)).is_some_and(|end| end.kind.is_collection());
            if !many {
                return along;
            }
            let (object, end) = (one.clone(), *end);
            let set = move |target| StepDraft::Unlink { object: object.clone(), end, target: Some(target) };
            let from = from.clone().unwrap_or(ObjectDraft::Stored(None, Vec::new()));
            html! { <>{ along }{ "from" }{ target(form, at, end, &from, set) }</> }
        }
        StepDraft::Load { object: one, end } => property(form, at, draft, one, *end),
        StepDraft::Flush | StepDraft::Commit | StepDraft::Rollback => Html::default(),
    }
}

fn new(
    form: &Form,
    at: usize,
    name: &str,
    model: Option<ModelId>,
    values: &BTreeMap<FieldId, String>,
    add: bool,
) -> Html {
    let models =
        form.good.schema.models().map(|model| Choice::new(model.id.0.to_string(), model.name.clone()));
    let on_model = {
        let name = name.to_owned();
        form.on_choice(at, move |value| {
            let model = value.parse().ok().map(ModelId);
            Some(StepDraft::New { name: name.clone(), model, values: BTreeMap::new(), add })
        })
    };
    let on_name = {
        let values = values.clone();
        form.on_typed(at, move |name| StepDraft::New { name, model, values: values.clone(), add })
    };
    let value = model.map_or(String::new(), |id| id.0.to_string());
    // Keys last: they are rarely given.
    let fields = form.model(model).into_iter().flat_map(|model| model.fields.values());
    let (keys, others): (Vec<_>, Vec<_>) = fields.partition(|field| field.primary_key);
    let fields = others.into_iter().chain(keys);
    let field = |field: &crate::schema::Field| {
        let (id, name, others) = (field.id, name.to_owned(), values.clone());
        let oninput = form.on_typed(at, move |text| {
            let mut values = others.clone();
            // An empty field is one that the script does not set.
            if text.is_empty() {
                values.remove(&id)
            } else {
                values.insert(id, text)
            };
            StepDraft::New { name: name.clone(), model, values, add }
        });
        let placeholder = if field.primary_key { "by itself" } else { "not set" };
        let text = values.get(&field.id).map_or("", String::as_str);
        html! {
            <span class="script__field" data-of={field.id.to_string()}>
                <span class="script__name">{ &field.name }</span>
                { form.input(at, Part::Value(field.id), &field.name, text, placeholder, oninput) }
            </span>
        }
    };
    html! {
        <>
        <span class={object_class(form, model)} data-of={model.map(|id| id.to_string())}>
            { badge(form, model) }
            { form.select(at, Part::Model, "model", value, models.collect(), on_model) }
        </span>
        { "called" }
        { form.input(at, Part::Name, "name of the object", name, "a name", on_name) }
        { for fields.map(field) }
        </>
    }
}

fn object_class(form: &Form, model: Option<ModelId>) -> Classes {
    classes!("script__object", model.map(|model| form.legend.class(model)))
}

fn badge(form: &Form, model: Option<ModelId>) -> Html {
    let Some(model) = model.filter(|model| form.model(Some(*model)).is_some()) else {
        return Html::default();
    };
    html! { <Badge tone={form.legend.class(model)} letter={form.legend.letter(model).to_owned()} /> }
}

/// An object: which model, and which of its rows; or one that the script made.
fn object(
    form: &Form,
    at: usize,
    chosen: &ObjectDraft,
    after: &'static str,
    set: impl Fn(ObjectDraft) -> StepDraft + Clone + 'static,
) -> Html {
    let model = model_of(chosen, &form.steps()[..at]);
    let mut kinds = new_choices(form, at, None);
    let models = form.good.schema.models();
    kinds.extend(models.map(|model| Choice::new(format!("m{}", model.id.0), model.name.clone())));
    let kind = match chosen {
        ObjectDraft::New(_) => value_of(chosen),
        ObjectDraft::Stored(model, _) => model.map_or(String::new(), |model| format!("m{}", model.0)),
    };
    let on_kind = {
        let (whole, set) = (form.clone(), set.clone());
        form.on_choice(at, move |value| {
            let object = match value.strip_prefix('m') {
                Some(id) => {
                    let model = ModelId(id.parse().ok()?);
                    let first = super::choices::stored(&whole, model).into_iter().next();
                    ObjectDraft::Stored(Some(model), first.map_or_else(Vec::new, |(key, _)| key))
                }
                None => object_from(value, None)?,
            };
            Some(set(object))
        })
    };
    html! {
        <span class={object_class(form, model)} data-of={model.map(|id| id.to_string())}>
            { badge(form, model) }
            { form.select(at, Part::Object, "model or object", kind, kinds, on_kind) }
            if let ObjectDraft::Stored(Some(model), _) = chosen {
                { row(form, at, *model, chosen, set) }
            }
            { after }
        </span>
    }
}

fn row(
    form: &Form,
    at: usize,
    model: ModelId,
    chosen: &ObjectDraft,
    set: impl Fn(ObjectDraft) -> StepDraft + 'static,
) -> Html {
    let onchange = form.on_choice(at, move |value| object_from(value, Some(model)).map(&set));
    form.select(at, Part::Object, "which one", value_of(chosen), row_choices(form, model, chosen), onchange)
}

/// `Author 1’s books`.
fn property(form: &Form, at: usize, draft: &StepDraft, chosen: &ObjectDraft, end: Option<EndId>) -> Html {
    let model = model_of(chosen, &form.steps()[..at]);
    let ends = ends_of(form, model);
    let with = {
        let (whole, draft) = (form.clone(), draft.clone());
        move |object: ObjectDraft, end: Option<EndId>| with_property(&whole, at, &draft, object, end)
    };
    let on_object = {
        let (whole, with) = (form.clone(), with.clone());
        move |object: ObjectDraft| {
            let model = model_of(&object, &whole.steps()[..at]);
            let ends = ends_of(&whole, model);
            let kept = ends.iter().find(|found| Some(found.id) == end).or(ends.first()).map(|end| end.id);
            with(object, kept)
        }
    };
    let values: Vec<(String, EndId)> = ends.iter().map(|end| (end_value(end.id), end.id)).collect();
    let on_end = {
        let chosen = chosen.clone();
        form.on_choice(at, move |value| {
            let end = values.iter().find(|(known, _)| known == value).map(|(_, end)| *end);
            Some(with(chosen.clone(), end))
        })
    };
    let choices = ends.iter().map(|end| Choice::new(end_value(end.id), end.name.to_owned())).collect();
    let value = end.map_or(String::new(), end_value);
    html! {
        <>
        { object(form, at, chosen, "’s", on_object) }
        <span class="script__of" data-of={end.map(|end| end.relationship.to_string())}>
            { form.select(at, Part::End, "property", value, choices, on_end) }
        </span>
        </>
    }
}

/// The step with another object or property; what it is linked to stays as long as it is of the right model.
fn with_property(
    form: &Form,
    at: usize,
    draft: &StepDraft,
    object: ObjectDraft,
    end: Option<EndId>,
) -> StepDraft {
    let wanted = end.and_then(|end| form.good.schema.end(end)).map(|end| end.target.id);
    let fitting = |target: &ObjectDraft| {
        let fits = model_of(target, &form.steps()[..at]) == wanted;
        if fits { target.clone() } else { first_of(form, at, wanted) }
    };
    match draft {
        StepDraft::Link { target, .. } => StepDraft::Link { object, end, target: fitting(target) },
        StepDraft::Unlink { target, .. } => {
            StepDraft::Unlink { object, end, target: target.as_ref().map(fitting) }
        }
        _ => StepDraft::Load { object, end },
    }
}

/// What is linked or unlinked: an object of the model that the property leads to.
fn target(
    form: &Form,
    at: usize,
    end: Option<EndId>,
    chosen: &ObjectDraft,
    set: impl Fn(ObjectDraft) -> StepDraft + 'static,
) -> Html {
    let wanted = end.and_then(|end| form.good.schema.end(end)).map(|end| end.target.id);
    let mut choices = new_choices(form, at, wanted.or(Some(ModelId(0))));
    choices.extend(wanted.into_iter().flat_map(|model| row_choices(form, model, chosen)));
    let onchange = form.on_choice(at, move |value| object_from(value, wanted).map(&set));
    html! {
        <span class={object_class(form, wanted)} data-of={wanted.map(|id| id.to_string())}>
            { badge(form, wanted) }
            { form.select(at, Part::Target, "the other object", value_of(chosen), choices, onchange) }
        </span>
    }
}

/// `Author 1’s name to “x”`.
fn set(form: &Form, at: usize, chosen: &ObjectDraft, field: Option<FieldId>, value: Option<&str>) -> Html {
    let model = model_of(chosen, &form.steps()[..at]);
    let fields = form.model(model).into_iter().flat_map(|model| model.fields.values());
    let fields: Vec<Choice> = fields
        .filter(|field| !field.primary_key)
        .map(|field| Choice::new(field.id.0.to_string(), field.name.clone()))
        .collect();
    let on_object = {
        let (whole, value) = (form.clone(), value.map(str::to_owned));
        move |object: ObjectDraft| {
            let model = whole.model(model_of(&object, &whole.steps()[..at]));
            let mut own = model.into_iter().flat_map(|model| model.fields.values());
            let kept = own.clone().find(|known| Some(known.id) == field);
            let field = kept.or_else(|| own.find(|field| !field.primary_key)).map(|field| field.id);
            StepDraft::Set { object, field, value: value.clone() }
        }
    };
    let (one, other, third) = (chosen.clone(), chosen.clone(), chosen.clone());
    let text = value.map(str::to_owned);
    let on_field = form.on_choice(at, move |value| {
        let field = value.parse().ok().map(FieldId);
        Some(StepDraft::Set { object: one.clone(), field, value: text.clone() })
    });
    let on_value =
        form.on_typed(at, move |text| StepDraft::Set { object: other.clone(), field, value: Some(text) });
    let none = form.on_click(ScriptEdit::Set(at, StepDraft::Set { object: third, field, value: None }));
    let chosen_field = field.map_or(String::new(), |id| id.0.to_string());
    html! {
        <>
        { object(form, at, chosen, "’s", on_object) }
        <span class="script__of" data-of={field.map(|id| id.to_string())}>
            { form.select(at, Part::Field, "field", chosen_field, fields, on_field) }
        </span>
        { "to" }
        <span class="script__field">
            { form.input(at, Part::Field, "value", value.unwrap_or_default(), if value.is_none() { "NULL" } else { "" }, on_value) }
            <IconButton glyph={Glyph::Null} label={label(at, "no value")} disabled={value.is_none()} onclick={none} />
        </span>
        </>
    }
}
