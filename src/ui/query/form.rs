//! What every part of the query form needs: the query, the schema it is about, what there is to say, and the way up.

use std::collections::BTreeSet;

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::{Callback, Html, InputEvent, MouseEvent, UseStateHandle, html};

use super::Behind;
use crate::query::{Place, QueryDraft};
use crate::schema::{Model, Severity};
use crate::ui::action::{Action, Edit, QueryEdit};
use crate::ui::app::PanelProps;
use crate::ui::form::{Choice, Select};
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::legend::Legend;
use crate::ui::parts::answer;
use crate::ui::slice::Slice;
use crate::ui::state::{Good, Planned, State};

/// The query form's own view of the state.
#[derive(Clone)]
pub(super) struct Form {
    state: Slice<State>,
    /// The last good schema: what can be chosen from.
    pub good: Slice<Good>,
    /// The models' colours.
    pub legend: Legend,
    send: Callback<Action>,
    opened: UseStateHandle<BTreeSet<String>>,
}

impl Form {
    /// `None` while there is no schema to ask anything of.
    pub(super) fn new(
        props: &PanelProps,
        send: Callback<Action>,
        opened: UseStateHandle<BTreeSet<String>>,
    ) -> Option<Form> {
        let good = Slice::from(props.state.good.as_ref()?);
        let legend = Legend::new(&good.schema, &props.state.project.draft);
        Some(Form { state: props.state.clone(), good, legend, send, opened })
    }

    /// What the query as typed becomes, if it has no errors.
    pub(super) fn planned(&self) -> Option<&Planned> {
        self.state.compiled.planned.as_deref()
    }

    /// What is open on one query says nothing about the next one's.
    fn opened_key(&self, what: &str) -> String {
        format!("{} {:?} {what}", self.state.history.document, self.query().root)
    }

    /// Whether something that is one click away has been opened.
    pub(super) fn is_open(&self, what: &str) -> bool {
        self.opened.contains(&self.opened_key(what))
    }

    /// Opens something that is one click away, or closes it.
    pub(super) fn toggle(&self, what: &str) -> Callback<MouseEvent> {
        let (opened, key) = (self.opened.clone(), self.opened_key(what));
        Callback::from(move |_| {
            let mut next = (*opened).clone();
            if !next.remove(&key) {
                next.insert(key.clone());
            }
            opened.set(next);
        })
    }

    /// The way up.
    pub(super) fn send(&self) -> &Callback<Action> {
        &self.send
    }

    /// What is seldom shown, when it is there.
    pub(super) fn behind(&self, draw: impl FnOnce(&'static Behind) -> Html) -> Html {
        answer(self.state.parts, &self.send, |answers| draw(answers.query))
    }

    /// Whether the query asks for computed values, some fields only, or what is distinct.
    pub(super) fn has_extras(&self) -> bool {
        let query = self.query();
        !query.computed.is_empty() || !query.fields.is_empty() || query.distinct
    }

    /// The query as typed.
    pub(super) fn query(&self) -> &QueryDraft {
        &self.state.project.query
    }

    /// The model asked for, if there is such a one.
    pub(super) fn root(&self) -> Option<&Model> {
        self.query().root.and_then(|id| self.good.schema.model(id))
    }

    /// A click that makes an edit.
    pub(super) fn on_click(&self, edit: QueryEdit) -> Callback<MouseEvent> {
        let send = self.send.clone();
        Callback::from(move |_| send.emit(Action::Edit(Edit::Query(edit.clone()))))
    }

    /// A choice, by the chosen option's value, that makes an edit if it means one.
    pub(super) fn on_choice(&self, edit: impl Fn(&str) -> Option<QueryEdit> + 'static) -> Callback<String> {
        let send = self.send.clone();
        Callback::from(move |value: String| {
            if let Some(edit) = edit(&value) {
                send.emit(Action::Edit(Edit::Query(edit)));
            }
        })
    }

    /// Something typed that makes an edit.
    pub(super) fn on_typed(&self, edit: impl Fn(String) -> QueryEdit + 'static) -> Callback<InputEvent> {
        let send = self.send.clone();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = input {
                send.emit(Action::Edit(Edit::Query(edit(input.value()))));
            }
        })
    }

    /// A choice among edits, each by its name. With none of them chosen, there is something to mend.
    pub(super) fn pick(
        &self,
        id: Option<String>,
        label: &'static str,
        options: Vec<(String, QueryEdit)>,
        chosen: Option<usize>,
    ) -> Html {
        let missing = chosen.is_none().then(|| Choice::new("", "choose …"));
        let (names, edits): (Vec<String>, Vec<QueryEdit>) = options.into_iter().unzip();
        let named = names.into_iter().enumerate().map(|(at, name)| Choice::new(at.to_string(), name));
        let choices: Vec<Choice> = missing.into_iter().chain(named).collect();
        let onchange = self.on_choice(move |value| edits.get(value.parse::<usize>().ok()?).cloned());
        let value = chosen.map_or(String::new(), |at| at.to_string());
        html! {
            <Select {id} class="query__select" {label} {value} {choices} {onchange} invalid={chosen.is_none()} />
        }
    }

    /// Ascending or descending, each with the edit that makes it so.
    pub(super) fn direction(&self, descending: bool, edits: [QueryEdit; 2]) -> Html {
        let options = ["ascending", "descending"].map(str::to_owned).into_iter().zip(edits);
        self.pick(None, "Direction", options.collect(), Some(usize::from(descending)))
    }

    /// A button that shows only a picture and makes an edit.
    pub(super) fn icon(&self, glyph: Glyph, label: &str, edit: QueryEdit) -> Html {
        html! { <IconButton {glyph} label={label.to_owned()} onclick={self.on_click(edit)} /> }
    }

    /// A button that adds something.
    pub(super) fn adds(&self, id: String, text: &str, title: &'static str, edit: QueryEdit) -> Html {
        let title = (!title.is_empty()).then_some(title);
        html! {
            <button type="button" class="button button--add" {id} {title} onclick={self.on_click(edit)}>{ text.to_owned() }</button>
        }
    }

    /// A text field beside which is told what is wrong at a place.
    pub(super) fn text(
        &self,
        class: &'static str,
        label: &'static str,
        place: &Place,
        value: &str,
        hint: &str,
        edit: impl Fn(String) -> QueryEdit + 'static,
    ) -> Html {
        html! {
            <input type="text" {class} autocomplete="off" value={value.to_owned()} placeholder={hint.to_owned()}
                aria-label={label} aria-invalid={self.is_wrong(place).to_string()} aria-describedby={self.said_id(place)}
                oninput={self.on_typed(edit)} />
        }
    }

    /// Whether there is something wrong here.
    pub(super) fn is_wrong(&self, place: &Place) -> bool {
        let mut here = self.state.compiled.query_diagnostics.iter().filter(|found| found.place == *place);
        here.any(|found| found.severity == Severity::Error)
    }

    /// The id of what there is to say here, for `aria-describedby`. `None` if there is nothing.
    pub(super) fn said_id(&self, place: &Place) -> Option<String> {
        let any = self.state.compiled.query_diagnostics.iter().any(|found| found.place == *place);
        any.then(|| format!("{}-said", id(place)))
    }

    /// What there is to say here.
    pub(super) fn said(&self, place: &Place) -> Html {
        let here = self.state.compiled.query_diagnostics.iter().filter(|found| found.place == *place);
        let lines = here.map(|found| {
            let class = match found.severity {
                Severity::Error => "told__one--error",
                Severity::Warning => "told__one--warning",
                Severity::Note => "told__one--note",
            };
            html! { <span {class}>{ &found.message }{ " " }<span class="told__mend">{ &found.mend }</span></span> }
        });
        match self.said_id(place) {
            Some(id) => html! { <p class="told" {id}>{ for lines }</p> },
            None => Html::default(),
        }
    }
}

/// The id of the form field at a place.
pub(super) fn id(place: &Place) -> String {
    let path = |path: &[usize]| path.iter().map(|at| format!("-{at}")).collect::<String>();
    match place {
        Place::Root => "query-root".into(),
        Place::Include(at) => format!("query-include{}", path(at)),
        Place::Filter(at) => format!("query-filter{}", path(at)),
        Place::IncludeFilter(at, filter) => format!("query-include{}-filter{}", path(at), path(filter)),
        Place::Order(at) => format!("query-order-{at}"),
        Place::Limit => "query-limit".into(),
        Place::Offset => "query-offset".into(),
        Place::Field(at) => format!("query-field-{at}"),
        Place::Computed(at) => format!("query-computed-{at}"),
        Place::Distinct => "query-distinct".into(),
        Place::Groups => "query-groups".into(),
        Place::GroupKey(at) => format!("query-group-key-{at}"),
        Place::GroupValue(at) => format!("query-group-value-{at}"),
        Place::Having(at) => format!("query-having-{at}"),
    }
}

/// The class of a line: one with something in it takes the whole width.
pub(super) fn line_class(full: bool) -> &'static str {
    if full { "query__line query__line--full" } else { "query__line" }
}
