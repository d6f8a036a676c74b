//! Every statement that was really sent, in order; equal ones in a row folded.

use yew::{Html, Properties, classes, function_component, html};

use super::plan::plan;
use super::words::{count, duration, grouped, spared};
use crate::protocol::{Outcome, RUNS_SHOWN, RunSummary, StatementGroup};
use crate::query::{Runs, StepId, When};
use crate::schema::End;
use crate::ui::action::{Action, Show};
use crate::ui::app::use_dispatch;
use crate::ui::legend::Legend;
use crate::ui::mending::Mended;
use crate::ui::slice::Slice;
use crate::ui::sql_view::{CopyButton, SqlView, parameter};
use crate::ui::state::Ran;

/// What the statements are shown of.
#[derive(Properties, PartialEq)]
pub(super) struct StatementsProps {
    /// The run.
    pub ran: Slice<Ran>,
    /// The models' colours.
    pub legend: Legend,
    /// What there was before advice was followed.
    pub mended: Option<Slice<Mended>>,
    /// Whether parameters stand in the statements themselves.
    pub in_place: bool,
}

/// Every statement that was really sent.
#[function_component]
pub(super) fn StatementsTab(props: &StatementsProps) -> Html {
    let dispatch = use_dispatch();
    let groups = &props.ran.outcome.statements;
    if groups.is_empty() {
        return html! { <p class="results__none">{ "No statement came to its end." }</p> };
    }
    let items = (0..groups.len()).map(|at| {
        html! {
            <Group key={at} ran={props.ran.clone()} legend={props.legend.clone()} {at}
                mended={props.mended.clone()} in_place={props.in_place} />
        }
    });
    let has_parameters = groups.iter().any(|group| !group.statement.params.is_empty());
    let (in_place, onchange) = (props.in_place, dispatch.reform(|at: bool| Action::Show(Show::InPlace(at))));
    html! {
        <div class="statements">
            <div class="statements__head">
                <p class="statements__total" role="status">{ total(&props.ran.outcome) }</p>
                if has_parameters {
                    <label class="tick">
                        <input type="checkbox" checked={in_place} onchange={onchange.reform(move |_| !in_place)} />
                        { "parameters in place" }
                    </label>
                }
            </div>
            <ol class="statements__list">{ for items }</ol>
        </div>
    }
}

fn total(outcome: &Outcome) -> String {
    let micros = outcome.statements.iter().map(|group| group.micros).sum();
    let (sent, rows) = (count(outcome.sent(), "statement"), count(outcome.rows(), "row"));
    format!("{sent} · {rows} · {}", duration(micros))
}

#[derive(Properties, PartialEq)]
struct GroupProps {
    ran: Slice<Ran>,
    legend: Legend,
    /// Which of the groups.
    at: usize,
    mended: Option<Slice<Mended>>,
    in_place: bool,
}

#[function_component]
fn Group(props: &GroupProps) -> Html {
    let dispatch = use_dispatch();
    let Some(group) = props.ran.outcome.statements.get(props.at) else { return Html::default() };
    let before = props.mended.as_ref().and_then(|mended| mended.before(&props.ran, group));
    let end = step_end(&props.ran, group.step);
    if let Some(why) = group.spared {
        let of = end.map(|end| end.id.relationship.to_string());
        return html! {
            <li class="statement statement--spared" data-of={of}>
                if let Some(end) = end {
                    <span class="statement__for">{ format!("{}.{}: ", end.model.name, end.name) }</span>
                }
                { spared(why) }
                if group.count > 1 { { format!(" (× {})", grouped(group.count)) } }
            </li>
        };
    }
    let many = group.count > 1;
    let mut statement = group.statement.clone();
    if many {
        // The parameters differ from run to run: they stand in the list of runs.
        statement.params.clear();
    }
    html! {
        <li class="statement">
            { head(group, end.as_ref(), props) }
            { remark(&props.ran, group, end.as_ref()) }
            <SqlView {statement} legend={props.legend.clone()} in_place={props.in_place} />
            { plan(group, before, &dispatch) }
            if many { { runs(group) } }
        </li>
    }
}

fn head(group: &StatementGroup, end: Option<&End<'_>>, props: &GroupProps) -> Html {
    let numbers = numbers(group);
    let what = match end {
        Some(end) => {
            let of = format!("{} {}", end.id.relationship, end.target.id);
            let class = classes!("statement__what", props.legend.class(end.target.id));
            html! { <span {class} data-of={of}>{ format!("{}.{}", end.model.name, end.name) }</span> }
        }
        None => root_name(props),
    };
    html! {
        <p class="statement__head">
            <span class="statement__number">{ numbers }</span>
            if group.count > 1 {
                <span class="statement__times">{ format!("× {}", grouped(group.count)) }</span>
            }
            { what }
            <span class="statement__facts">{ format!("{} · {}", count(group.rows, "row"), duration(group.micros)) }</span>
            <CopyButton text={format!("{};", group.statement.text)} what="this statement" />
        </p>
    }
}

/// The numbers of a group's statements, as far as a few words hold them: `3`, `3–7`, `3, 5, 8 …`.
fn numbers(group: &StatementGroup) -> String {
    const LISTED: usize = 4;
    let numbers: Vec<u32> = group.runs.iter().map(|run| run.number).collect();
    match numbers.as_slice() {
        [] | [_] => group.first.to_string(),
        [first, .., last] if (last - first) as usize + 1 == numbers.len() => {
            format!("{first}–{}", first + group.count - 1)
        }
        all => {
            let listed: Vec<String> = all.iter().take(LISTED).map(u32::to_string).collect();
            let more = if group.count as usize > LISTED { " …" } else { "" };
            format!("{}{more}", listed.join(", "))
        }
    }
}

fn root_name(props: &GroupProps) -> Html {
    let root = props.ran.planned.root();
    let what = if props.ran.planned.plan().is_some() { "all" } else { "groups of" };
    html! {
        <span class={classes!("statement__what", props.legend.class(root))} data-of={root.to_string()}>
            { format!("{what} {}", props.legend.name(root)) }
        </span>
    }
}

/// The property that a step loads; `None` for the root's.
fn step_end(ran: &Ran, step: StepId) -> Option<End<'_>> {
    let plan = ran.planned.plan()?;
    let (_, end) = plan.node(plan.step(step).node).parent?;
    ran.good.schema.end(end)
}

/// Why there are so many.
fn remark(ran: &Ran, group: &StatementGroup, end: Option<&End<'_>>) -> Html {
    let (Some(end), Some(plan)) = (end.filter(|_| group.count > 1), ran.planned.plan()) else {
        return Html::default();
    };
    let text = match &plan.step(group.step).runs {
        Runs::PerObject { when, .. } => {
            let more = format!("{} more statements, one for each {}", grouped(group.count), end.model.name);
            let why = match when {
                When::Touched => format!(" whose {} code touches", end.name),
                When::AtOnce => ", before any code has touched one".into(),
            };
            html! { <><strong>{ "N+1: " }</strong>{ more }{ why }{ ". Select-in needs 1 more, joined none." }</> }
        }
        Runs::PerChunk { size, .. } => match feeder(ran, group.step) {
            Some(property) => {
                html! { { format!("One statement each time that {property} brought objects: it is loaded lazily.") } }
            }
            None => html! { { format!("{size} keys at a time, so {} statements.", grouped(group.count)) } },
        },
        Runs::ForAll { .. } => match feeder(ran, group.step) {
            Some(property) => {
                html! { { format!("One statement each time that {property} brought objects: it repeats that one.") } }
            }
            None => return Html::default(),
        },
        Runs::Once | Runs::Raises { .. } => return Html::default(),
    };
    html! { <p class="statement__remark">{ text }</p> }
}

/// The nearest property above a step that is loaded object by object, and so feeds the step bit by bit.
fn feeder(ran: &Ran, step: StepId) -> Option<String> {
    let plan = ran.planned.plan()?;
    let (parent, _) = plan.node(plan.step(step).node).parent?;
    let above = plan.step(plan.node(parent).step);
    match above.runs {
        Runs::PerObject { .. } => {
            let end = step_end(ran, above.id)?;
            Some(format!("{}.{}", end.model.name, end.name))
        }
        Runs::PerChunk { .. } | Runs::ForAll { .. } => feeder(ran, above.id),
        Runs::Once | Runs::Raises { .. } => None,
    }
}

/// Each run of a folded group.
fn runs(group: &StatementGroup) -> Html {
    let more = (group.count as usize).saturating_sub(RUNS_SHOWN.min(group.runs.len()));
    let lines = group.runs.iter().map(|run| {
        html! {
            <tr key={run.number}>
                <td class="runs__number">{ run.number }</td>
                <td class="runs__parameters">{ parameters(run) }</td>
                <td class="runs__number">{ grouped(run.rows) }</td>
                <td class="runs__number">{ duration(run.micros) }</td>
            </tr>
        }
    });
    html! {
        <details class="runs">
            <summary class="runs__summary">{ format!("Each of the {} runs", grouped(group.count)) }</summary>
            <table class="runs__table">
                <thead>
                    <tr>
                        <th scope="col">{ "Statement" }</th><th scope="col">{ "Parameters" }</th>
                        <th scope="col">{ "Rows" }</th><th scope="col">{ "Time" }</th>
                    </tr>
                </thead>
                <tbody>{ for lines }</tbody>
            </table>
            if more > 0 { <p class="runs__more">{ format!("… and {more} more.") }</p> }
        </details>
    }
}

fn parameters(run: &RunSummary) -> String {
    const LISTED: usize = 6;
    let mut texts: Vec<String> =
        run.params.iter().take(LISTED).enumerate().map(|(at, value)| parameter(at, value)).collect();
    if run.params.len() > LISTED {
        texts.push(format!("… {} in all", run.params.len()));
    }
    texts.join(", ")
}
