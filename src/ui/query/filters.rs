//! The conditions of a query: tests of fields, joined by “and” or “or”, and groups of them in parentheses.

use yew::{Html, html};

use super::form::{Form, id, line_class};
use super::steps::below;
use crate::query::{FilterDraft, Joiner, Path, Place, RelatedDraft, RelatedTest, Test, TestDraft};
use crate::schema::{FieldId, FieldType, Model};
use crate::ui::action::QueryEdit;
use crate::ui::form::{Choice, Select};
use crate::ui::glyph::{Glyph, IconButton};

/// The line of the form that begins with “where”.
pub(super) fn line(form: &Form) -> Html {
    let Some(root) = form.root() else { return Html::default() };
    let query = form.query();
    html! {
        <div class={line_class(!query.filters.is_empty())} role="group" aria-labelledby="query-where">
            <span class="query__word" id="query-where">{ "where" }</span>
            <div class="query__what">{ group(form, root, query.joiner, &query.filters, &Path::new()) }</div>
        </div>
    }
}

fn group(form: &Form, root: &Model, joiner: Joiner, filters: &[FilterDraft], path: &Path) -> Html {
    let items = filters.iter().enumerate().map(|(at, filter)| {
        let inner = below(path, at);
        let body = match filter {
            FilterDraft::Test(draft) => test(form, root, draft, &inner),
            FilterDraft::Group(joiner, filters) => parentheses(form, root, "", *joiner, filters, &inner),
            FilterDraft::Not(joiner, filters) => parentheses(form, root, "not", *joiner, filters, &inner),
            FilterDraft::Related(draft) => related(form, draft, &inner),
        };
        html! {
            <li class="filters__item" key={at}>
                <span class="filters__joiner">{ joined(form, joiner, at, path) }</span>
                { body }
            </li>
        }
    });
    let fresh = FilterDraft::Test(TestDraft { field: first_field(root), ..TestDraft::default() });
    let parent = id(&Place::Filter(path.clone()));
    html! {
        <>
            if !filters.is_empty() {
                <ul class="filters">{ for items }</ul>
            }
            <div class="filters__add">
                <button type="button" class="button button--add" id={format!("{parent}-add")}
                    onclick={form.on_click(QueryEdit::AddFilter(path.clone(), fresh.clone()))}>{ "+ condition" }</button>
                if !filters.is_empty() {
                    <button type="button" class="button button--add" title="Conditions that belong together, in parentheses"
                        onclick={form.on_click(QueryEdit::AddFilter(path.clone(), FilterDraft::Group(other(joiner), vec![fresh])))}>
                        { "+ ( … )" }
                    </button>
                }
            </div>
        </>
    }
}

/// The first field that is no key: what one most likely asks for.
fn first_field(root: &Model) -> Option<FieldId> {
    root.fields
        .values()
        .find(|field| !field.primary_key)
        .or(root.fields.values().next())
        .map(|field| field.id)
}

/// Parentheses make a difference only around the other word.
fn other(joiner: Joiner) -> Joiner {
    match joiner {
        Joiner::And => Joiner::Or,
        Joiner::Or => Joiner::And,
    }
}

/// The word before a condition: chosen before the second one, the same before all that follow.
fn joined(form: &Form, joiner: Joiner, at: usize, path: &Path) -> Html {
    let word = |joiner| if joiner == Joiner::And { "and" } else { "or" };
    if at != 1 {
        return html! { if at > 1 { { word(joiner) } } };
    }
    let group = path.clone();
    let onchange = form.on_choice(move |value| {
        let joiner = if value == "or" { Joiner::Or } else { Joiner::And };
        Some(QueryEdit::Joiner(group.clone(), joiner))
    });
    let choices = [Joiner::And, Joiner::Or].map(|joiner| Choice::new(word(joiner), word(joiner))).to_vec();
    html! {
        <Select class="query__select" label="How the conditions are joined" value={word(joiner)} {choices} {onchange} />
    }
}

/// A condition on what a relationship leads to: what is asked of it, and the conditions there in parentheses.
fn related(form: &Form, draft: &RelatedDraft, path: &Path) -> Html {
    let place = Place::Filter(path.clone());
    let end = draft.end.and_then(|end| form.good.schema.end(end));
    let number = format!(" {} {}", draft.compare.label(), draft.count);
    let number = if draft.test == RelatedTest::Count { number.as_str() } else { "" };
    let words = format!("{} {}{number}", end.map_or("?", |end| end.name), draft.test.label());
    html! {
        <div class="filters__test">
            if let Some(end) = end {
                { parentheses(form, end.target, &words, draft.joiner, &draft.filters, path) }
            } else {
                <span class="filters__parts">{ words }{ remove(form, path, "Remove this condition") }</span>
            }
            { form.said(&place) }
        </div>
    }
}

fn parentheses(
    form: &Form,
    root: &Model,
    words: &str,
    joiner: Joiner,
    filters: &[FilterDraft],
    path: &Path,
) -> Html {
    html! {
        <div class="filters__group" role="group" aria-label={format!("{words} in parentheses").trim().to_owned()}>
            <div class="filters__open">
                <span class="filters__bracket" aria-hidden="true">{ format!("{words} (").trim_start().to_owned() }</span>
                { remove(form, path, "Remove the parentheses and what is in them") }
            </div>
            <div class="filters__inner">{ group(form, root, joiner, filters, path) }</div>
            <span class="filters__bracket" aria-hidden="true">{ ")" }</span>
        </div>
    }
}

fn remove(form: &Form, path: &Path, what: &'static str) -> Html {
    html! {
        <IconButton glyph={Glyph::Cross} label={what}
            onclick={form.on_click(QueryEdit::RemoveFilter(path.clone()))} />
    }
}

fn test(form: &Form, root: &Model, draft: &TestDraft, path: &Path) -> Html {
    let place = Place::Filter(path.clone());
    let of = draft.field.map(|field| format!("{field} {}", root.id));
    html! {
        <div class="filters__test">
            <span class="filters__parts" data-of={of}>
                { field_choice(form, root, draft.field, &id(&place), "Field", {
                    let (draft, path) = (draft.clone(), path.clone());
                    move |field| set(&path, TestDraft { field: Some(field), ..draft.clone() })
                }) }
                { kind(form, draft, path) }
                if draft.test.takes_value() {
                    { value(form, root, draft, path, "Value", &draft.value, |draft, value| draft.value = value) }
                }
                if draft.test == Test::Between {
                    { "and" }
                    { value(form, root, draft, path, "Up to", &draft.upper, |draft, upper| draft.upper = upper) }
                }
                { remove(form, path, "Remove this condition") }
            </span>
            { form.said(&place) }
        </div>
    }
}

/// A value to test against, and what typing there changes.
fn value(
    form: &Form,
    root: &Model,
    draft: &TestDraft,
    path: &Path,
    label: &'static str,
    typed: &str,
    change: fn(&mut TestDraft, String),
) -> Html {
    let place = Place::Filter(path.clone());
    let (invalid, said) = (form.is_wrong(&place).to_string(), form.said_id(&place));
    let (before, path) = (draft.clone(), path.clone());
    let oninput = form.on_typed(move |typed| {
        let mut draft = before.clone();
        change(&mut draft, typed);
        set(&path, draft)
    });
    html! {
        <input type="text" class="filters__value" autocomplete="off" value={typed.to_owned()}
            placeholder={example(root, draft)} aria-label={label} aria-invalid={invalid} aria-describedby={said} {oninput} />
    }
}

fn set(path: &Path, draft: TestDraft) -> QueryEdit {
    QueryEdit::SetFilter(path.clone(), FilterDraft::Test(draft))
}

fn kind(form: &Form, draft: &TestDraft, path: &Path) -> Html {
    let (at, before) = (path.clone(), draft.clone());
    let onchange = form.on_choice(move |value| {
        let test = Test::all().find(|test| test.label() == value)?;
        Some(set(&at, TestDraft { test, ..before.clone() }))
    });
    let choices: Vec<Choice> = Test::all().map(|test| Choice::new(test.label(), test.label())).collect();
    html! { <Select class="query__select" label="Test" value={draft.test.label()} {choices} {onchange} /> }
}

/// What to type, as a hint in the empty field.
fn example(root: &Model, draft: &TestDraft) -> String {
    let field_type =
        draft.field.and_then(|id| root.fields.get(&id)).map_or(FieldType::Text, |field| field.field_type);
    let example = field_type.example();
    match draft.test {
        Test::Like | Test::NotLike => "%part%".into(),
        Test::In | Test::NotIn => format!("{example}, …"),
        _ => example.into(),
    }
}

/// A choice of one of the root's fields.
pub(super) fn field_choice(
    form: &Form,
    root: &Model,
    chosen: Option<FieldId>,
    id: &str,
    label: &'static str,
    edit: impl Fn(FieldId) -> QueryEdit + 'static,
) -> Html {
    let onchange = form.on_choice(move |value| value.parse().ok().map(|id| edit(FieldId(id))));
    let known = chosen.is_some_and(|id| root.fields.contains_key(&id));
    let mut choices = Vec::new();
    if !known {
        choices.push(Choice::new("", "choose a field"));
    }
    choices.extend(root.fields.values().map(|field| Choice::new(field.id.0.to_string(), field.name.clone())));
    let value = chosen.filter(|_| known).map_or(String::new(), |id| id.0.to_string());
    html! {
        <Select id={Some(id.to_owned())} class="query__select" {label} {value} {choices} {onchange} invalid={!known} />
    }
}
