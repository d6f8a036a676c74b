//! What came of SQL typed by hand: each statement with its rows, and where and why it stopped.

mod columns;
mod table;

use yew::{Callback, Html, MouseEvent, html};

use self::table::SqlTable;
use super::banner::failure;
use super::words::{count, duration};
use crate::protocol::{Doubt, FailureKind, SqlFailure, SqlRan};
use crate::ui::action::Action;
use crate::ui::app::Dispatch;
use crate::ui::console::{examples, select, spot};
use crate::ui::consoling::SqlShown;
use crate::ui::legend::Legend;
use crate::ui::slice::Slice;
use crate::ui::state::State;

/// What came of it, or where to start.
pub(in crate::ui) fn outcome(state: &State, dispatch: &Dispatch) -> Html {
    let console = &state.console;
    let Some(ran) = &console.ran else {
        return html! {
            <>
            <div aria-live="polite">{ for console.failure.iter().map(|found| failure(found, None)) }</div>
            if console.failure.is_none() { { examples(state, dispatch) } }
            </>
        };
    };
    let legend = Legend::new(&ran.good.schema, &state.project.draft);
    let statements = (0..ran.outcome.statements.len()).map(|at| statement(state, ran.into(), at, &legend));
    html! {
        <>
        { news(state, ran, dispatch) }
        <div class="sqls">{ for statements }</div>
        <div aria-live="polite">
            { for ran.outcome.failure.iter().map(|found| stopped(found, ran, state)) }
        </div>
        </>
    }
}

fn news(state: &State, ran: &SqlShown, dispatch: &Dispatch) -> Html {
    let stale = ran.revision < state.data_revision && !state.is_running() && !state.keeping.is_apart();
    let again = dispatch.reform(|_: MouseEvent| Action::Run);
    html! {
        <div aria-live="polite">
            if let Some(found) = &state.console.failure {
                { failure(found, Some("Below is the result before that.")) }
            }
            if stale {
                <p class="news">
                    <span>{ "From before the last change." }</span>
                    <button type="button" class="button" onclick={again}>{ "Run again" }</button>
                </p>
            } else if !state.console.rows_kept {
                <p class="news">
                    { "The database was made anew since: rows that are not at hand are gone. Run again to see them." }
                </p>
            }
        </div>
    }
}

fn statement(state: &State, shown: Slice<SqlShown>, at: usize, legend: &Legend) -> Html {
    let ran = &shown.outcome.statements[at];
    let text = shown.text.get(ran.place.from as usize..ran.place.to as usize).unwrap_or_default();
    let line: Vec<&str> = text.split_whitespace().collect();
    let key = format!("{}-{at}", shown.outcome.number);
    let rows = state.console.rows.get(&(at as u32)).map(Slice::from);
    html! {
        <section class="sqls__one" {key} aria-label={format!("Statement {}", at + 1)}>
            <p class="sqls__head">
                <span class="sqls__number">{ at + 1 }</span>
                <code class="sqls__text" title={text.to_owned()}>{ line.join(" ") }</code>
                <span class="sqls__facts">{ facts(ran) }{ " · " }{ duration(ran.micros) }</span>
            </p>
            if let Some(doubt) = &ran.doubt {
                <p class="sqls__doubt">{ doubted(doubt, &shown) }</p>
            }
            if ran.rows > 0 {
                <SqlTable ran={shown.clone()} {at} shown={rows} legend={legend.clone()} />
            }
        </section>
    }
}

/// How many rows came back, or changed.
fn facts(ran: &SqlRan) -> String {
    match ran.changed {
        Some(changed) if changed.others > 0 => {
            let rows = count(changed.rows, "row");
            format!("{rows} changed, {} more by foreign keys or triggers", changed.others)
        }
        Some(changed) if ran.columns.is_empty() => format!("{} changed", count(changed.rows, "row")),
        _ if ran.columns.is_empty() => "done".into(),
        _ => count(ran.rows, "row"),
    }
}

/// Why less is said of where the cells come from.
fn doubted(doubt: &Doubt, shown: &SqlShown) -> String {
    match doubt {
        Doubt::Compound => {
            "Rows of several selects stand under each other: where a cell comes from cannot be told.".into()
        }
        Doubt::Views => "There is a view: where a cell comes from cannot be told.".into(),
        Doubt::Named => {
            "With named subqueries it is not certain whose row a cell is of: no objects are marked.".into()
        }
        Doubt::Repeated(table) => {
            let table =
                shown.good.relational.tables.get(table.0 as usize).map_or("A table", |table| &table.name);
            format!(
                "{table} stands here more than once, and SQLite does not say whose row a cell is of: its objects are not marked."
            )
        }
    }
}

/// Why it stopped, and where in the text.
fn stopped(found: &SqlFailure, ran: &SqlShown, state: &State) -> Html {
    let spot = spot(&ran.text, found.place.from as usize, found.place.to as usize);
    let show = {
        let place = if found.exact { spot.units.clone() } else { spot.units.start..spot.units.start };
        Callback::from(move |_: MouseEvent| select(place.clone()))
    };
    let refused = found.failure.kind == FailureKind::Sqlite;
    html! {
        <div class="news news--bad sqls__stopped" id="console-stopped">
            <p class="news__what">{ if refused { "SQLite refused: " } else { "Stopped: " } }
                if refused { <code>{ &found.failure.sqlite }</code> } else { { &found.failure.message } }
            </p>
            <p class="sqls__where">
                <span>{ format!("Line {}, column {}", spot.line, spot.column) }</span>
                <code class="sqls__spot">
                    { spot.before }
                    if found.exact { <mark>{ spot.marked }</mark> } else { { spot.marked } }
                    { spot.after }
                </code>
                if state.project.sql == ran.text {
                    <button type="button" class="button" onclick={show}>{ "Show in the text" }</button>
                }
            </p>
        </div>
    }
}
