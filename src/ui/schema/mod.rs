//! What the schema becomes: the SQL that creates the tables, why the keys lie where they lie, and the tables.

mod keys;
mod tables;

use yew::{Html, function_component, html};

use self::keys::Keys;
use self::tables::Tables;
use super::app::PanelProps;
use super::legend::Legend;
use super::shell::head;
use super::slice::Slice;
use super::sql_view::{CopyButton, SqlView};

/// The SQL that creates the tables.
#[function_component]
pub fn SchemaPanel(props: &PanelProps) -> Html {
    let state = &props.state;
    let Some(good) = &state.good else {
        return html! {
            <>{ head("Schema", None) }
            <p class="panel__body schema schema--empty">
                { "No SQL yet: the models have errors. Each one is told beside its field." }
            </p></>
        };
    };
    if good.relational.tables.is_empty() {
        return html! {
            <>{ head("Schema", None) }
            <p class="panel__body schema schema--empty">
                { "Nothing to create yet. Add a model, and its table appears here as you type." }
            </p></>
        };
    }
    let legend = Legend::new(&good.schema, &state.project.draft);
    let all: String = good.ddl.iter().map(|statement| format!("{};\n\n", statement.text)).collect();
    let copy = html! { <CopyButton text={all} label="Copy the SQL" /> };
    html! {
        <>
        { head("Schema", Some(copy)) }
        <div class="panel__body schema" tabindex="0">
            if state.has_errors() {
                <p class="schema__stale" role="status">
                    { "From before the errors. It changes again as soon as they are mended." }
                </p>
            }
            <section class="schema__sql" aria-label="SQL that creates the tables">
                { for good.ddl.iter().enumerate().map(|(at, statement)| html! {
                    <SqlView key={at} statement={statement.clone()} legend={legend.clone()} closed=true />
                }) }
            </section>
            <Keys good={Slice::from(good)} legend={legend.clone()} />
            <Tables good={Slice::from(good)} {legend} />
        </div>
        </>
    }
}
