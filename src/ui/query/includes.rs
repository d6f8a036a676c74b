//! The relationships that a query loads, as a tree: each with its strategy, and with those that could be added.

use yew::{Html, html};

use super::form::{Form, id};
use super::options;
use super::steps::{below, common_strategy, kind_in_words, leads_to};
use crate::query::{IncludeDraft, Path, Place, Strategy};
use crate::schema::{End, ModelId};
use crate::ui::action::QueryEdit;
use crate::ui::form::{Choice, Select};
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::tone::Badge;

/// The word “with”, and the root's properties that could be loaded too.
pub(super) fn offers_to_root(form: &Form) -> Html {
    let Some(root) = form.root() else { return Html::default() };
    if form.good.schema.ends_of(root.id).next().is_none() {
        return Html::default();
    }
    html! {
        <>
            <span class="query__word" id="query-with">{ "with" }</span>
            { offers(form, &form.query().includes, root.id, &Path::new()) }
        </>
    }
}

/// The relationships that are loaded.
pub(super) fn chosen(form: &Form) -> Html {
    let includes = &form.query().includes;
    if includes.is_empty() {
        return Html::default();
    }
    html! {
        <div class="query__includes" role="group" aria-labelledby="query-with">
            { tree(form, includes, &Path::new()) }
            if has_several(includes) { { every(form) } }
        </div>
    }
}

/// Whether there is more than one include, however deep.
fn has_several(includes: &[IncludeDraft]) -> bool {
    includes.len() > 1 || includes.iter().any(|include| !include.includes.is_empty())
}

/// The includes at a path.
fn tree(form: &Form, includes: &[IncludeDraft], path: &Path) -> Html {
    let items = includes.iter().enumerate().map(|(at, include)| item(form, include, &below(path, at)));
    html! { <ul class="includes">{ for items }</ul> }
}

fn item(form: &Form, include: &IncludeDraft, path: &Path) -> Html {
    let place = Place::Include(path.clone());
    let end = form.good.schema.end(include.end);
    let name = end.map_or("?", |end| end.name);
    let of = include.end.relationship.to_string();
    // What is chosen there must not hide.
    let open = options::in_use(include) || form.is_open(&options::name(path));
    html! {
        <li class="includes__item" key={format!("{of}-{:?}", include.end.side)}>
            <div class="includes__line" data-of={of}>
                <span class="includes__name" title={end.map(|end| kind_in_words(&end))}>{ name }</span>
                { target(form, end.as_ref()) }
                { strategy(form, include, name, path) }
                if end.is_some() {
                    <IconButton glyph={Glyph::More} label={format!("More about loading {name}")}
                        expanded={Some(open)} onclick={form.toggle(&options::name(path))} />
                }
                <IconButton glyph={Glyph::Cross} label={format!("Do not load {name}")}
                    onclick={form.on_click(QueryEdit::RemoveInclude(path.clone()))} />
                if let Some(end) = end {
                    { offers(form, &include.includes, end.target.id, path) }
                }
            </div>
            <p class="includes__summary" id={format!("{}-summary", id(&place))}>{ include.strategy.summary() }</p>
            { form.said(&place) }
            if let Some(end) = end.filter(|_| open) { { form.behind(|behind| (behind.include)(form, include, &end, path)) } }
            if !include.includes.is_empty() {
                { tree(form, &include.includes, path) }
            }
        </li>
    }
}

/// Where the property leads, in words and with the model's badge.
fn target(form: &Form, end: Option<&End<'_>>) -> Html {
    let Some(end) = end else { return Html::default() };
    let model = end.target.id;
    html! {
        <span class="includes__target">
            { "→ " }
            <Badge tone={form.legend.class(model)} letter={form.legend.letter(model).to_owned()} />
            { leads_to(end) }
        </span>
    }
}

fn strategy(form: &Form, include: &IncludeDraft, name: &str, path: &Path) -> Html {
    let place = Place::Include(path.clone());
    let at = path.clone();
    let onchange = form.on_choice(move |value| {
        let chosen = Strategy::all().find(|strategy| strategy.label() == value)?;
        Some(QueryEdit::Strategy(at.clone(), chosen))
    });
    let choices = Strategy::all().map(|strategy| Choice::new(strategy.label(), strategy.label()));
    html! {
        <Select id={Some(id(&place))} class="query__select" label={format!("How {name} is loaded")}
            value={include.strategy.label()} choices={choices.collect::<Vec<_>>()} {onchange}
            described={Some(format!("{}-summary", id(&place)))} />
    }
}

/// As many properties of an included model are offered at once.
const SHOWN: usize = 3;

/// The model's properties that are not loaded yet, each a button that adds it.
fn offers(form: &Form, includes: &[IncludeDraft], model: ModelId, path: &Path) -> Html {
    let new_strategy = common_strategy(&form.query().includes).unwrap_or_default();
    let free =
        form.good.schema.ends_of(model).filter(|end| !includes.iter().any(|include| include.end == end.id));
    let buttons: Vec<Html> = free
        .map(|end| {
            let include = IncludeDraft::new(end.id, new_strategy, Vec::new());
            let of = end.id.relationship.to_string();
            html! {
                <button type="button" class="button button--add" key={format!("{of}-{:?}", end.id.side)} data-of={of}
                    title={kind_in_words(&end)} onclick={form.on_click(QueryEdit::Include(path.clone(), include))}>
                    { "+ " }{ end.name }
                    if path.is_empty() { <span class="query__note">{ leads_to(&end) }</span> }
                </button>
            }
        })
        .collect();
    match buttons.len() {
        0 => Html::default(),
        1..=SHOWN if !path.is_empty() => html! { <span class="includes__few">{ buttons }</span> },
        _ if path.is_empty() => html! { <div class="includes__offers">{ buttons }</div> },
        // Deeper down the tree has to stay a tree: what could be added shows when it is asked for.
        _ => html! {
            <details class="includes__more">
                <summary class="icon" aria-label="Load more with it" title="Load more with it">{ Glyph::Plus.draw() }</summary>
                <div class="includes__offers">{ buttons }</div>
            </details>
        },
    }
}

/// One strategy for all of them. Arrow keys go through the list, so that one can be compared with the next.
fn every(form: &Form) -> Html {
    let common = common_strategy(&form.query().includes);
    let onchange = form.on_choice(|value| {
        Strategy::all().find(|strategy| strategy.label() == value).map(QueryEdit::EveryStrategy)
    });
    let mixed = common.is_none().then(|| Choice::new("", "… as each says"));
    let choices = Strategy::all().map(|strategy| Choice::new(strategy.label(), strategy.label()));
    html! {
        <div class="query__every">
            <label class="query__every-word" for="query-every">{ "all of them as" }</label>
            <Select id={Some("query-every")} class="query__select" value={common.map_or("", Strategy::label)}
                choices={mixed.into_iter().chain(choices).collect::<Vec<_>>()} {onchange} />
        </div>
    }
}
