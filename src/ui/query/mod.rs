//! The query form. It reads nearly like a sentence: all Authors with their books, where …, order by …, limit ….

mod extras;
mod filters;
mod form;
mod groups;
mod includes;
mod measure;
mod options;
mod order;
mod reach;
mod related;
mod run;
mod sentence;
mod steps;

use std::collections::BTreeSet;

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, SubmitEvent};
use yew::{Callback, Html, classes, function_component, html, use_effect_with, use_state};

use self::form::{Form, id};
use super::action::{Action, QueryEdit};
use super::app::{PanelProps, use_dispatch};
use super::form::{Choice, Select};
use super::tone::Badge;
use crate::query::{FilterDraft, GroupingDraft, IncludeDraft, Joiner, Path, Place};
use crate::schema::{End, Model, ModelId};

pub use self::run::RunBar;

/// What the form shows only of some queries, or when it is asked for, and comes with [`Answers`].
pub(super) struct Behind {
    /// Computed values, chosen fields, distinct.
    extras: fn(&Form, &Model) -> Html,
    /// What could be asked for of these.
    offers: fn(&Form, &Model) -> Html,
    objects_or_groups: fn(&Form) -> Html,
    groups: fn(&Form, &Model, &GroupingDraft) -> Html,
    conditions: Conditions,
    terms: fn(&Form, &Model) -> Html,
    include: fn(&Form, &IncludeDraft, &End<'_>, &Path) -> Html,
    /// All of it in one sentence.
    sentence: fn(&Form) -> Html,
}

/// A list of conditions that stands on some ground at a path.
type Conditions = fn(&Form, &filters::Ground<'_>, Joiner, &[FilterDraft], &Path) -> Html;

/// What it is.
pub(super) static BEHIND: Behind = Behind {
    extras: extras::lines,
    offers: extras::list,
    objects_or_groups: groups::switch,
    groups: groups::lines,
    conditions: filters::list,
    terms: order::terms,
    include: options::options,
    sentence: sentence::sentence,
};

/// The id of the form that runs, the query's or the session's, for buttons outside of it.
pub const FORM: &str = "query-form";

/// The query form.
#[function_component]
pub fn QueryForm(props: &PanelProps) -> Html {
    let send = use_dispatch();
    let opened = use_state(BTreeSet::new);
    let folded = props.state.view.query_folded;
    use_effect_with(folded, |folded| {
        if *folded {
            keep_focus();
        }
    });
    let Some(form) = Form::new(props, send.clone(), opened) else {
        return html! {
            <p class="query query--empty">{ "The models have errors. Mend them, and there is something to ask for." }</p>
        };
    };
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(Action::Run);
    });
    html! {
        <>
        if folded { { form.behind(|behind| (behind.sentence)(&form)) } }
        <form class={classes!("query", folded.then_some("query--folded"))} id={FORM} {onsubmit} aria-label="Query">
            { match (&form.query().grouping, form.root()) {
                (Some(grouping), Some(model)) => for_groups(&form, model, grouping),
                (_, model) => for_objects(&form, model),
            } }
        </form>
        </>
    }
}

/// Where the form gives way to its sentence, the focus goes from the one to the other.
fn keep_focus() {
    let page = gloo::utils::document();
    let inside = page
        .active_element()
        .is_some_and(|focused| focused.closest(".query").is_ok_and(|form| form.is_some()));
    let sentence =
        page.get_element_by_id(sentence::SENTENCE).and_then(|found| found.dyn_into::<HtmlElement>().ok());
    if let (true, Some(sentence)) = (inside, sentence) {
        // One that is not shown does not take it.
        let _ = sentence.focus();
    }
}

fn for_objects(form: &Form, model: Option<&Model>) -> Html {
    html! {
        <>
            <div class="query__line" key="first">
                <label class="query__word" for="query-root">{ "all" }</label>
                { root(form) }
                { includes::offers_to_root(form) }
                { form.said(&Place::Root) }
            </div>
            if let Some(model) = model {
                { includes::chosen(form) }
                <div class="query__rest" key="rest">
                    if form.has_extras() { { form.behind(|behind| (behind.extras)(form, model)) } }
                    { filters::line(form) }
                    { order::line(form) }
                    { bounds(form) }
                    { extras::more(form, model) }
                </div>
            }
        </>
    }
}

fn for_groups(form: &Form, model: &Model, grouping: &GroupingDraft) -> Html {
    html! {
        <>
            <div class="query__line" key="first">
                { form.behind(|behind| (behind.objects_or_groups)(form)) }
                <label class="query__word" for="query-root">{ "of" }</label>
                { root(form) }
            </div>
            { form.behind(|behind| (behind.groups)(form, model, grouping)) }
            <div class="query__rest" key="rest">
                { filters::line(form) }
                { bounds(form) }
            </div>
        </>
    }
}

fn root(form: &Form) -> Html {
    let chosen = form.query().root;
    let onchange = form.on_choice(|value| value.parse().ok().map(|id| QueryEdit::Root(ModelId(id))));
    let known = form.root().map(|model| model.id.0.to_string());
    let mut choices = Vec::new();
    if known.is_none() {
        choices.push(Choice::new("", "choose a model"));
    }
    choices.extend(
        form.good.schema.models().map(|model| Choice::new(model.id.0.to_string(), model.name.clone())),
    );
    html! {
        <span class="query__root" data-of={chosen.map(|id| id.to_string())}>
            if let Some(model) = form.root() {
                <Badge tone={form.legend.class(model.id)} letter={form.legend.letter(model.id).to_owned()} />
            }
            <Select id={Some("query-root")} class="query__select" value={known.unwrap_or_default()} {choices} {onchange}
                invalid={form.is_wrong(&Place::Root)} described={form.said_id(&Place::Root)} />
        </span>
    }
}

/// Limit and offset.
fn bounds(form: &Form) -> Html {
    let query = form.query();
    html! {
        <div class="query__pair">
            <div class="query__line">
                <label class="query__word" for="query-limit">{ "limit" }</label>
                { number(form, &Place::Limit, &query.limit, "all", QueryEdit::Limit) }
                { form.said(&Place::Limit) }
            </div>
            <div class="query__line">
                <label class="query__word" for="query-offset">{ "offset" }</label>
                { number(form, &Place::Offset, &query.offset, "0", QueryEdit::Offset) }
                { form.said(&Place::Offset) }
            </div>
        </div>
    }
}

fn number(
    form: &Form,
    place: &Place,
    value: &str,
    empty: &'static str,
    edit: fn(String) -> QueryEdit,
) -> Html {
    html! {
        <input id={id(place)} class="query__number" type="text" inputmode="numeric" autocomplete="off" size="5"
            value={value.to_owned()} placeholder={empty} oninput={form.on_typed(edit)}
            aria-invalid={form.is_wrong(place).to_string()} aria-describedby={form.said_id(place)} />
    }
}
