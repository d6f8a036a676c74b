//! The conditions of a query, or on what it loads: tests of fields and of relationships, joined by “and” or “or”, and
//! groups of them in parentheses.

use yew::{Html, classes, html};

use super::form::{Form, id, line_class};
use super::reach::first_field;
use super::related;
use super::steps::below;
use crate::query::{FilterDraft, Joiner, Path, Place, RelatedDraft, RelatedTest, Test, TestDraft};
use crate::schema::{FieldType, Model};
use crate::ui::action::{FilterEdit, QueryEdit};
use crate::ui::form::{Choice, Select};
use crate::ui::glyph::Glyph;

/// Where a list of conditions stands.
#[derive(Clone)]
pub(super) struct Ground<'a> {
    /// The include on whose targets they are; `None` for the query's own.
    pub owner: Option<Path>,
    /// The model whose objects they are put to.
    pub model: &'a Model,
    /// Whether those are other objects than the ones that the query asks for.
    pub elsewhere: bool,
}

impl Ground<'_> {
    pub(super) fn place(&self, path: &Path) -> Place {
        match &self.owner {
            None => Place::Filter(path.clone()),
            Some(include) => Place::IncludeFilter(include.clone(), path.clone()),
        }
    }

    fn edit(&self, edit: FilterEdit) -> QueryEdit {
        QueryEdit::Filter(self.owner.clone(), edit)
    }

    /// Another condition in place of the one at a path.
    pub(super) fn set(&self, path: &Path, filter: FilterDraft) -> QueryEdit {
        set(&self.owner, path, filter)
    }

    /// The button that takes the condition at a path away.
    pub(super) fn remove(&self, form: &Form, path: &Path, what: &'static str) -> Html {
        form.icon(Glyph::Cross, what, self.edit(FilterEdit::Remove(path.clone())))
    }
}

/// Another condition in place of the one at a path.
pub(super) fn set(owner: &Option<Path>, path: &Path, filter: FilterDraft) -> QueryEdit {
    QueryEdit::Filter(owner.clone(), FilterEdit::Set(path.clone(), filter))
}

/// The line of the form that begins with “where”.
pub(super) fn line(form: &Form) -> Html {
    let Some(model) = form.root() else { return Html::default() };
    let query = form.query();
    let ground = Ground { owner: None, model, elsewhere: false };
    html! {
        <div class={line_class(!query.filters.is_empty())} role="group" aria-labelledby="query-where">
            <span class="query__word" id="query-where">{ "where" }</span>
            <div class="query__what">{ group(form, &ground, query.joiner, &query.filters, &Path::new()) }</div>
        </div>
    }
}

/// Conditions and what adds to them.
pub(super) fn group(
    form: &Form,
    ground: &Ground<'_>,
    joiner: Joiner,
    filters: &[FilterDraft],
    path: &Path,
) -> Html {
    let field = first_field(ground.model).map(|field| field.id);
    let fresh = FilterDraft::Test(TestDraft { field, ..TestDraft::default() });
    let on = if ground.elsewhere { format!(" on {}", ground.model.name) } else { String::new() };
    let add = |filter| form.on_click(ground.edit(FilterEdit::Add(path.clone(), filter)));
    html! {
        <>
            if !filters.is_empty() {
                { form.behind(|behind| (behind.conditions)(form, ground, joiner, filters, path)) }
            }
            <div class="filters__add">
                <button type="button" class="button button--add" id={format!("{}-add", id(&ground.place(path)))}
                    onclick={add(fresh.clone())}>{ "+ condition" }{ on }</button>
                if !filters.is_empty() {
                    <button type="button" class="button button--add" title="Conditions that belong together, in parentheses"
                        onclick={add(FilterDraft::Group(other(joiner), vec![fresh]))}>{ "+ ( … )" }</button>
                }
            </div>
        </>
    }
}

/// The conditions, each with what joins it to those before.
pub(super) fn list(
    form: &Form,
    ground: &Ground<'_>,
    joiner: Joiner,
    filters: &[FilterDraft],
    path: &Path,
) -> Html {
    let items = filters.iter().enumerate().map(|(at, filter)| {
        let inner = below(path, at);
        let body = match filter {
            FilterDraft::Test(_) | FilterDraft::Related(_) => condition(form, ground, filter, &inner),
            FilterDraft::Group(joiner, filters) => parentheses(form, ground, false, *joiner, filters, &inner),
            FilterDraft::Not(joiner, filters) => parentheses(form, ground, true, *joiner, filters, &inner),
        };
        html! {
            <li class="filters__item" key={at}>
                <span class="filters__joiner">{ joined(form, ground, joiner, at, path) }</span>
                { body }
            </li>
        }
    });
    html! { <ul class="filters">{ for items }</ul> }
}

/// Parentheses make a difference only around the other word.
fn other(joiner: Joiner) -> Joiner {
    match joiner {
        Joiner::And => Joiner::Or,
        Joiner::Or => Joiner::And,
    }
}

/// The word before a condition: chosen before the second one, the same before all that follow.
fn joined(form: &Form, ground: &Ground<'_>, joiner: Joiner, at: usize, path: &Path) -> Html {
    let word = |joiner| if joiner == Joiner::And { "and" } else { "or" };
    if at != 1 {
        return html! { if at > 1 { { word(joiner) } } };
    }
    let (owner, group) = (ground.owner.clone(), path.clone());
    let onchange = form.on_choice(move |value| {
        let joiner = if value == "or" { Joiner::Or } else { Joiner::And };
        Some(QueryEdit::Filter(owner.clone(), FilterEdit::Joiner(group.clone(), joiner)))
    });
    let choices = [Joiner::And, Joiner::Or].map(|joiner| Choice::new(word(joiner), word(joiner))).to_vec();
    html! {
        <Select class="query__select" label="How the conditions are joined" value={word(joiner)} {choices} {onchange} />
    }
}

fn parentheses(
    form: &Form,
    ground: &Ground<'_>,
    opposite: bool,
    joiner: Joiner,
    filters: &[FilterDraft],
    path: &Path,
) -> Html {
    let inner = filters.to_vec();
    let turned = if opposite { FilterDraft::Group(joiner, inner) } else { FilterDraft::Not(joiner, inner) };
    html! {
        <div class="filters__group" role="group" aria-label={if opposite { "not, in parentheses" } else { "in parentheses" }}>
            <div class="filters__open">
                <button type="button" class={classes!("filters__not", opposite.then_some("filters__not--on"))}
                    aria-pressed={opposite.to_string()} title="Ask for the opposite of what is in the parentheses"
                    onclick={form.on_click(ground.set(path, turned))}>{ "not" }</button>
                <span class="filters__bracket" aria-hidden="true">{ "(" }</span>
                { ground.remove(form, path, "Remove the parentheses and what is in them") }
            </div>
            <div class="filters__inner">{ group(form, ground, joiner, filters, path) }</div>
            <span class="filters__bracket" aria-hidden="true">{ ")" }</span>
        </div>
    }
}

/// A condition on a field, or on what a relationship leads to: what it is about is chosen first.
fn condition(form: &Form, ground: &Ground<'_>, filter: &FilterDraft, path: &Path) -> Html {
    let (of, parts, inner) = match filter {
        FilterDraft::Related(draft) => (
            draft.end.map(|end| end.relationship.to_string()),
            related::parts(form, ground, draft, path),
            below_related(form, ground, draft, path),
        ),
        FilterDraft::Test(draft) => {
            let of = draft.field.map(|field| format!("{field} {}", ground.model.id));
            (of, test(form, ground, draft, path), Html::default())
        }
        FilterDraft::Group(..) | FilterDraft::Not(..) => return Html::default(),
    };
    html! {
        <div class="filters__test">
            <span class="filters__parts" data-of={of}>{ subject(form, ground, filter, path) }{ parts }</span>
            { form.said(&ground.place(path)) }
            if is_empty_text(ground.model, filter) {
                <p class="told">
                    <span class="told__one--note">{ "Nothing is typed yet: this asks for an empty text." }</span>
                </p>
            }
            { inner }
        </div>
    }
}

/// Whether a condition compares with an empty text. It may be meant, but more often nothing was typed yet.
fn is_empty_text(model: &Model, filter: &FilterDraft) -> bool {
    let FilterDraft::Test(draft) = filter else { return false };
    let field = draft.field.and_then(|id| model.fields.get(&id));
    let is_text = field.is_some_and(|field| field.field_type == FieldType::Text);
    let takes_text = draft.test.takes_value() && !matches!(draft.test, Test::In | Test::NotIn);
    is_text && takes_text && draft.value.is_empty()
}

/// The conditions on the objects that a relationship leads to.
fn below_related(form: &Form, ground: &Ground<'_>, draft: &RelatedDraft, path: &Path) -> Html {
    let end = draft.end.and_then(|end| form.good.schema.end(end));
    let Some(end) = end.filter(|_| draft.test.takes_conditions()) else { return Html::default() };
    let there = Ground { owner: ground.owner.clone(), model: end.target, elsewhere: true };
    html! {
        <div class="filters__inner" role="group" aria-label={format!("Conditions on {}", end.name)}>
            { group(form, &there, draft.joiner, &draft.filters, path) }
        </div>
    }
}

/// What a condition is about: a field, or a relationship. A value that was typed stays.
fn subject(form: &Form, ground: &Ground<'_>, filter: &FilterDraft, path: &Path) -> Html {
    let model = ground.model;
    let before = if let FilterDraft::Test(draft) = filter { draft.clone() } else { TestDraft::default() };
    let fields = model.fields.values().map(|field| {
        let draft = TestDraft { field: Some(field.id), ..before.clone() };
        (field.name.clone(), FilterDraft::Test(draft))
    });
    let ends = form.good.schema.ends_of(model.id).map(|end| {
        let test = if end.kind.is_collection() { RelatedTest::Some } else { RelatedTest::Is };
        let (compare, count) = (Test::GreaterOrEqual, "2".to_owned());
        let draft = RelatedDraft { end: Some(end.id), test, compare, count, ..RelatedDraft::default() };
        (format!("{} → {}", end.name, end.target.name), FilterDraft::Related(draft))
    });
    let offers: Vec<(String, FilterDraft)> = fields.chain(ends).collect();
    let chosen = offers.iter().position(|(_, offer)| match (offer, filter) {
        (FilterDraft::Test(offer), FilterDraft::Test(draft)) => offer.field == draft.field,
        (FilterDraft::Related(offer), FilterDraft::Related(draft)) => offer.end == draft.end,
        _ => false,
    });
    let options = offers.into_iter().map(|(name, offer)| (name, ground.set(path, offer)));
    form.pick(Some(id(&ground.place(path))), "Field", options.collect(), chosen)
}

fn test(form: &Form, ground: &Ground<'_>, draft: &TestDraft, path: &Path) -> Html {
    html! {
        <>
            { kind(form, ground, draft, path) }
            if draft.test.takes_value() {
                { value(form, ground, draft, path, "Value", &draft.value, |draft, value| draft.value = value) }
            }
            if draft.test == Test::Between {
                <span class="filters__words">{ "and" }</span>
                { value(form, ground, draft, path, "Up to", &draft.upper, |draft, upper| draft.upper = upper) }
            }
            { ground.remove(form, path, "Remove this condition") }
        </>
    }
}

/// A value to test against, and what typing there changes.
fn value(
    form: &Form,
    ground: &Ground<'_>,
    draft: &TestDraft,
    path: &Path,
    label: &'static str,
    typed: &str,
    change: fn(&mut TestDraft, String),
) -> Html {
    let (owner, before, at) = (ground.owner.clone(), draft.clone(), path.clone());
    let field_type = draft.field.and_then(|id| ground.model.fields.get(&id)).map(|field| field.field_type);
    let hint = hint(draft.test, field_type.unwrap_or(FieldType::Text));
    form.text("filters__value", label, &ground.place(path), typed, &hint, move |typed| {
        let mut draft = before.clone();
        change(&mut draft, typed);
        set(&owner, &at, FilterDraft::Test(draft))
    })
}

fn kind(form: &Form, ground: &Ground<'_>, draft: &TestDraft, path: &Path) -> Html {
    let options = Test::all().map(|test| {
        let changed = TestDraft { test, ..draft.clone() };
        (test.label().to_owned(), ground.set(path, FilterDraft::Test(changed)))
    });
    form.pick(None, "Test", options.collect(), Test::all().position(|test| test == draft.test))
}

/// What a test of a value takes, as an example.
pub(super) fn hint(test: Test, field_type: FieldType) -> String {
    let example = field_type.example();
    match test {
        Test::Like | Test::NotLike => "%part%".into(),
        Test::In | Test::NotIn => format!("{example}, …"),
        _ if field_type == FieldType::Text => "empty text".into(),
        _ => example.into(),
    }
}
