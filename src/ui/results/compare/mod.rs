//! One query, every strategy: what each sends and brings, side by side.

mod bars;
mod columns;

use web_sys::{HtmlInputElement, InputEvent};
use yew::{Callback, Html, TargetCast, classes, html};

use self::columns::{COLUMNS, Column, Mark, mark, repeated};
use super::banner::failure;
use super::words::count;
use crate::protocol::{ComparedWay, Comparison, FailureKind, TIMED};
use crate::ui::action::{Action, Edit, QueryEdit, Show};
use crate::ui::app::Dispatch;
use crate::ui::comparing::Compared;
use crate::ui::state::{ResultTab, State};

/// The longest latency that can be set, in milliseconds.
const FAR: u32 = 200;

/// The tab.
pub(in crate::ui) fn tab(state: &State, dispatch: &Dispatch) -> Html {
    let compare = dispatch.reform(|_| Action::Compare);
    let under_way = state.comparing.wanted || state.comparing.running.is_some();
    let groups = state.compiled.planned.as_ref().is_some_and(|planned| planned.plan().is_none());
    html! {
        <div class="compare">
            <div class="compare__news" aria-live="polite">
                if let Some(found) = &state.comparing.failure {
                    { failure(found, None) }
                }
                if under_way {
                    <p class="compare__busy">{ "Comparing …" }</p>
                } else if state.comparison_is_stale() {
                    <p class="news">
                        <span>{ "From before the last change." }</span>
                        <button type="button" class="button" onclick={compare.clone()}>{ "Compare again" }</button>
                    </p>
                }
            </div>
            { match &state.comparing.done {
                _ if groups => html! {
                    <p class="results__none">{ "Groups are rows: no strategy loads them, so there is nothing to compare." }</p>
                },
                Some(done) => compared(state, done, dispatch),
                None if under_way => Html::default(),
                None => html! {
                    <div class="results__empty">
                        <p>{ "Runs the query with every strategy and puts side by side what each costs." }</p>
                        <button type="button" class="button button--primary" onclick={compare}>{ "Compare" }</button>
                    </div>
                },
            } }
        </div>
    }
}

fn compared(state: &State, done: &Compared, dispatch: &Dispatch) -> Html {
    if done.comparison.ways.len() == 1 {
        return html! {
            <p class="results__none">
                { "This query loads nothing with its objects, so every strategy is the same. Add a relationship to it." }
            </p>
        };
    }
    let latency = state.view.latency;
    let ways = &done.comparison.ways;
    let greatest = |column: Column| {
        ways.iter()
            .filter(|way| way.failure.is_none())
            .map(|way| column.value(&way.figures, latency))
            .max()
            .unwrap_or_default()
    };
    let scale = [greatest(Column::Network), greatest(Column::Cells)];
    let rows = (0..ways.len()).map(|at| row(state, done, at, scale, dispatch));
    html! {
        <>
            { graphs(&done.comparison) }
            { slider(latency, dispatch) }
            <p class="compare__marks">
                { "In each column: " }
                <span class="compare__figure--least">{ "▾ least" }</span>{ ", " }
                <span class="compare__figure--most">{ "▴ most" }</span>
            </p>
            <div class="compare__scroll" tabindex="0" role="region" aria-label="Strategies compared">
                <table class="compare__table">
                    <thead>
                        <tr>
                            <th scope="col">{ "Strategy" }</th>
                            { for COLUMNS.map(|column| {
                                let [name, title] = column.heading();
                                html! { <th scope="col" {title}>{ name }</th> }
                            }) }
                        </tr>
                    </thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
            { key(ways) }
        </>
    }
}

/// Whether all graphs are equal: the engine has compared them.
fn graphs(comparison: &Comparison) -> Html {
    let (brought, objects, equal) = comparison.graphs();
    match (brought, equal) {
        (0, _) => html! { <p class="compare__graphs">{ "No strategy came to its end." }</p> },
        (_, true) => html! {
            <p class="compare__graphs compare__graphs--equal">
                <span aria-hidden="true">{ "✓ " }</span>
                { format!("All {brought} bring the same graph: {}, compared value by value.", count(objects, "object")) }
            </p>
        },
        (_, false) => html! {
            <p class="compare__graphs compare__graphs--differ">{ "The graphs differ. Each row says which it brought." }</p>
        },
    }
}

fn slider(latency: u32, dispatch: &Dispatch) -> Html {
    let oninput = dispatch.reform(move |event: InputEvent| {
        let input = event.target_dyn_into::<HtmlInputElement>();
        let typed = input.and_then(|input| input.value().parse().ok());
        Action::Show(Show::Latency(typed.unwrap_or(latency).min(FAR)))
    });
    html! {
        <div class="compare__latency">
            <label for="compare-latency">{ "Latency of the network" }</label>
            <input id="compare-latency" type="range" min="0" max={FAR.to_string()} step="5" value={latency.to_string()}
                aria-valuetext={format!("{latency} milliseconds")} {oninput} />
            <output for="compare-latency">{ format!("{latency} ms") }</output>
        </div>
    }
}

fn row(state: &State, done: &Compared, at: usize, scale: [u64; 2], dispatch: &Dispatch) -> Html {
    let ways = &done.comparison.ways;
    let Some(way) = ways.get(at) else { return Html::default() };
    let asked = done.is_asked(way.strategy, &state.project.query);
    let other_graph = way.graph.filter(|graph| *graph > 0);
    html! {
        <tr key={at} class={classes!("compare__way", asked.then_some("compare__way--asked"))}>
            <th scope="row">
                { name(way, dispatch) }
                if asked && way.strategy.is_some() { <span class="compare__asked">{ "as asked" }</span> }
                if let Some(graph) = other_graph {
                    <span class="compare__differs">{ format!("graph {}", graph + 1) }</span>
                }
            </th>
            { match &way.failure {
                Some(found) => html! {
                    <td class="compare__failed" colspan={COLUMNS.len().to_string()}>
                        <span class="compare__why"><strong>{ refusal(found.kind) }</strong>{ " " }{ &found.message }</span>
                    </td>
                },
                None => COLUMNS.into_iter().map(|column| cell(ways, at, column, state.view.latency, scale)).collect(),
            } }
        </tr>
    }
}

/// The strategy's name, which opens its statements.
fn name(way: &ComparedWay, dispatch: &Dispatch) -> Html {
    let (label, summary) = match way.strategy {
        Some(strategy) => (strategy.label(), strategy.summary()),
        None => ("as asked", "Each relationship as the query says."),
    };
    let (strategy, dispatch) = (way.strategy, dispatch.clone());
    let onclick = Callback::from(move |_| {
        if let Some(strategy) = strategy {
            dispatch.emit(Action::Edit(Edit::Query(QueryEdit::EveryStrategy(strategy))));
        }
        dispatch.emit(Action::Show(Show::Result(ResultTab::Statements)));
        dispatch.emit(Action::Run);
    });
    let name = format!("{label}: show its statements");
    html! {
        <button type="button" class="compare__open" title={summary} aria-label={name} {onclick}>{ label }</button>
    }
}

fn refusal(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Raised => "Refuses, as an ORM does.",
        FailureKind::TimeLimit | FailureKind::RowLimit => "Stopped.",
        _ => "Failed.",
    }
}

fn cell(ways: &[ComparedWay], at: usize, column: Column, latency: u32, [longest, most]: [u64; 2]) -> Html {
    let Some(way) = ways.get(at) else { return Html::default() };
    let (class, sign, words) = match mark(ways, at, column, latency) {
        Some(Mark::Least) => (Some("compare__figure--least"), "▾ ", " (least)"),
        Some(Mark::Most) => (Some("compare__figure--most"), "▴ ", " (most)"),
        None => (None, "", ""),
    };
    let picture = match column {
        Column::Network => bars::network(&way.figures, latency, longest),
        Column::Cells => bars::cells(&way.figures, most),
        _ => Html::default(),
    };
    let drawn = matches!(column, Column::Network | Column::Cells).then_some("compare__figure--drawn");
    let repeated = repeated(&way.figures).filter(|_| column == Column::Cells);
    html! {
        <td class={classes!("compare__figure", class, drawn)}>
            <span aria-hidden="true">{ sign }</span>{ column.text(&way.figures, latency) }
            <span class="compare__unseen">{ words }</span>
            { picture }
            if let Some(repeated) = repeated { <span class="compare__repeated">{ repeated }</span> }
        </td>
    }
}

/// What the signs and colours mean, and how times were taken.
fn key(ways: &[ComparedWay]) -> Html {
    let fewest = ways.iter().filter(|way| way.failure.is_none()).map(|way| way.runs).min().unwrap_or(TIMED);
    let runs = if fewest < TIMED { format!("{fewest} to {TIMED}") } else { TIMED.to_string() };
    html! {
        <ul class="compare__key">
            <li><span class="compare__patch compare__patch--trips" aria-hidden="true" />{ "on its way, one piece for each round trip" }</li>
            <li><span class="compare__patch compare__patch--first" aria-hidden="true" />{ "cells that say something new" }</li>
            <li>
                <span class="compare__patch compare__patch--again" aria-hidden="true" />
                { "cells that repeat what an earlier row said of the same object" }
            </li>
            <li>{ format!("Measured here: the median of {runs} runs.") }</li>
        </ul>
    }
}
