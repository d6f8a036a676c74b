//! What the schema becomes: the SQL that creates the tables, why the keys lie where they lie, and the tables; or a
//! program for an ORM.

pub(super) mod code;
pub mod diagram;
mod keys;
mod tables;

use std::rc::Rc;

use yew::{Html, function_component, html};

use self::keys::Keys;
use self::tables::Tables;
use super::action::{Action, Show};
use super::app::{Dispatch, PanelProps, use_dispatch};
use super::legend::Legend;
use super::parts::{Part, answer, answers, awaited, tools};
use super::programs::Language;
use super::shell::head;
use super::slice::Slice;
use super::sql_view::{CopyButton, SqlView};
use super::state::Good;
use super::tab_list::{Tab, tab_list};

/// The SQL that creates the tables.
#[function_component]
pub fn SchemaPanel(props: &PanelProps) -> Html {
    let state = &props.state;
    let dispatch = use_dispatch();
    let Some(good) = &state.good else {
        return html! {
            <>{ head("Schema", None) }
            <p class="panel__body schema schema--empty">
                { "No diagram and no SQL yet: the models have errors. Each one is told beside its field." }
            </p></>
        };
    };
    if good.relational.tables.is_empty() {
        return html! {
            <>{ head("Schema", None) }
            <p class="panel__body schema schema--empty">
                { "Nothing to draw or to create yet. Add a model, and its box and its table appear here as you type." }
            </p></>
        };
    }
    let legend = Legend::new(&good.schema, &state.project.draft);
    let language = state.view.language;
    let (copy, body) = match language {
        Language::Sql => (Some(copy_sql(good)), sql(good, &legend)),
        Language::SqlAlchemy | Language::Django => match tools() {
            Some(tools) => (tools.program)(language, good, state, &legend),
            None => (None, awaited(state.parts, Part::Tools, &dispatch)),
        },
    };
    html! {
        <>
        { match answers() {
            Some(answers) => (answers.diagram)(state, good, &legend),
            None => html! { <section class="diagram" aria-label="Diagram">{ awaited(state.parts, Part::Answers, &dispatch) }</section> },
        } }
        if state.statements_beside() {
            <div class="panel__body schema" role="region" aria-label="Statements of the query" tabindex="0">{ answer(state.parts, &dispatch, |answers| (answers.statements)(state)) }</div>
        } else {
        <div class="panel__head schema__languages">{ languages(language, &dispatch) }{ copy }</div>
        <div class="panel__body schema" id="schema-body" role="tabpanel" aria-labelledby={language_tab(language)} tabindex="0">
            if state.has_errors() {
                <p class="schema__stale" role="status">
                    { "From before the errors. It changes again as soon as they are mended." }
                </p>
            }
            { body }
        </div>
        }
        </>
    }
}

fn copy_sql(good: &Good) -> Html {
    let all: String = good.ddl.iter().map(|statement| format!("{};\n\n", statement.text)).collect();
    html! { <CopyButton text={all} label="Copy" what="the SQL" /> }
}

fn sql(good: &Rc<Good>, legend: &Legend) -> Html {
    html! {
        <>
        <section class="schema__sql" aria-label="SQL that creates the tables">
            { for good.ddl.iter().enumerate().map(|(at, statement)| html! {
                <SqlView key={at} statement={statement.clone()} legend={legend.clone()} closed=true />
            }) }
        </section>
        <Keys good={Slice::from(good)} legend={legend.clone()} />
        <Tables good={Slice::from(good)} legend={legend.clone()} />
        </>
    }
}

/// The tabs: the same schema in SQL, and as a program for an ORM.
fn languages(shown: Language, dispatch: &Dispatch) -> Html {
    let current = Language::ALL.iter().position(|language| *language == shown).unwrap_or(0);
    let tabs =
        Language::ALL.map(|language| Tab { id: language_tab(language), text: language.name(), count: None });
    let choose = dispatch.reform(|at: usize| Action::Show(Show::Language(Language::ALL[at])));
    tab_list("Language", "switch", &tabs, current, "schema-body", choose)
}

/// The id of a language's tab.
pub fn language_tab(language: Language) -> &'static str {
    match language {
        Language::Sql => "tab-sql",
        Language::SqlAlchemy => "tab-sqlalchemy",
        Language::Django => "tab-django",
    }
}
