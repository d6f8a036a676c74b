//! The rows that came back, step by step.

use yew::{Callback, Html, Properties, classes, function_component, html};

use super::rows_table::RowsTable;
use super::words::{count, grouped};
use crate::protocol::ResultShape;
use crate::ui::action::{Action, Show};
use crate::ui::app::use_dispatch;
use crate::ui::legend::Legend;
use crate::ui::slice::Slice;
use crate::ui::sql_view::SqlView;
use crate::ui::state::{Ran, State};

/// What a [`RowsTab`] shows.
#[derive(Properties, PartialEq)]
pub(super) struct RowsTabProps {
    /// The state, for the rows at hand.
    pub state: Slice<State>,
    /// The run.
    pub ran: Slice<Ran>,
    /// The models' colours.
    pub legend: Legend,
}

/// The rows that came back.
#[function_component]
pub(super) fn RowsTab(props: &RowsTabProps) -> Html {
    let (state, ran) = (&props.state, &props.ran);
    let results = &ran.outcome.results;
    let at = results.iter().position(|result| result.step == state.view.step).unwrap_or(0);
    let Some(shape) = results.get(at) else {
        return html! { <p class="results__none">{ "No rows: nothing came back before it stopped." }</p> };
    };
    let shown = state.rows.get(&shape.step).map(Slice::from);
    html! {
        <div class="rows">
            if results.len() > 1 {
                <Steps ran={ran.clone()} legend={props.legend.clone()} {at} />
            }
            { statement(props, shape) }
            if shape.rows == 0 {
                <p class="results__none">{ "No rows. The statement was sent, and nothing answers it." }</p>
            } else {
                if !state.rows_kept {
                    <p class="news">
                        { "The database was made anew since: rows that are not at hand are gone. Run again to see them." }
                    </p>
                }
                <RowsTable key={format!("{}-{}", ran.outcome.number, shape.step.0)} ran={ran.clone()} {at} {shown}
                    legend={props.legend.clone()} />
            }
        </div>
    }
}

/// The statement that brought the rows, folded: its columns are those below.
fn statement(props: &RowsTabProps, shape: &ResultShape) -> Html {
    let mut sent = props.ran.outcome.statements.iter();
    let Some(group) = sent.find(|group| group.step == shape.step && group.spared.is_none()) else {
        return Html::default();
    };
    let more =
        if group.count > 1 { format!(", the first of {}", grouped(group.count)) } else { String::new() };
    html! {
        <details class="rows__sql">
            <summary>{ format!("Statement {}{more}", group.first) }</summary>
            <SqlView statement={group.statement.clone()} legend={props.legend.clone()} />
        </details>
    }
}

#[derive(Properties, PartialEq)]
struct StepsProps {
    ran: Slice<Ran>,
    legend: Legend,
    at: usize,
}

/// The choice of a step.
#[function_component]
fn Steps(props: &StepsProps) -> Html {
    let dispatch = use_dispatch();
    let buttons = props.ran.outcome.results.iter().enumerate().map(|(at, shape)| {
        let (dispatch, step, on) = (dispatch.clone(), shape.step, at == props.at);
        let onclick = Callback::from(move |_| dispatch.emit(Action::Show(Show::Step(step))));
        html! {
            <button type="button" key={step.0} class={classes!("choice", on.then_some("choice--on"))} {onclick}
                aria-pressed={on.to_string()} title={count(shape.rows, "row")}>
                { name(shape, props) }{ " " }<span class="tab__count">{ grouped(shape.rows) }</span>
            </button>
        }
    });
    html! { <div class="rows__steps choices" role="group" aria-label="Rows of">{ for buttons }</div> }
}

/// What a step loads: `Author`, or `Author.books`.
fn name(shape: &ResultShape, props: &StepsProps) -> String {
    let Some(node) = shape.nodes.first() else { return String::new() };
    match node.end.and_then(|end| props.ran.good.schema.end(end)) {
        Some(end) => format!("{}.{}", end.model.name, end.name),
        None => props.legend.name(node.model).to_owned(),
    }
}
