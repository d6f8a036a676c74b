//! How SQLite goes about a statement, as a tree with its own words; and the advice that would mend it.

use yew::{Html, classes, html};

use super::words::duration;
use crate::explain::{Access, Advice, PlanLine, Remark, Remarked, Way};
use crate::protocol::StatementGroup;
use crate::ui::action::Action;
use crate::ui::app::Dispatch;

/// From here on a time is more than chance, in microseconds.
const FELT: u64 = 2_000;

/// The plan of a statement; beside it the one before, if advice was followed in between.
pub(super) fn plan(group: &StatementGroup, before: Option<&StatementGroup>, dispatch: &Dispatch) -> Html {
    let lines = &group.explained.lines;
    if lines.is_empty() {
        return Html::default();
    }
    let wasteful = is_wasteful(lines);
    html! {
        <details class="plan" open={before.is_some()}>
            <summary class="plan__summary">
                { "Query plan: " }
                <span class={classes!(wasteful.then_some("plan__waste"))}>{ in_short(lines) }</span>
            </summary>
            { match before {
                None => tree(lines, 0),
                Some(before) => pair(before, group),
            } }
            { for group.explained.advice.iter().map(|advice| offer(advice, dispatch)) }
            if group.explained.advice.is_empty() && lines.iter().any(|(_, remark)| *remark == Some(Remark::FullScan)) {
                <p class="plan__none">{ "No index on a field or a key would spare that: SQLite was asked." }</p>
            }
        </details>
    }
}

/// The plan before an index and the one with it. Times that nobody could feel are not told: chance made them.
fn pair(before: &StatementGroup, after: &StatementGroup) -> Html {
    let felt = before.micros.max(after.micros) >= FELT;
    let title = |name: &str, group: &StatementGroup| match felt {
        true => format!("{name}: {}", duration(group.micros)),
        false => name.to_owned(),
    };
    html! {
        <>
            <div class="plan__pair">
                { titled(&title("Before", before), &before.explained.lines) }
                { titled(&title("With the index", after), &after.explained.lines) }
            </div>
            if !felt {
                <p class="plan__none">{ "So few rows take no time either way. It counts when there are many." }</p>
            }
        </>
    }
}

fn is_wasteful(lines: &[Remarked]) -> bool {
    lines.iter().any(|(_, remark)| remark.is_some_and(Remark::is_waste))
}

/// The worst there is to say, or what the only line says.
fn in_short(lines: &[Remarked]) -> String {
    let wasteful = |(line, remark): &Remarked| match (&line.access, remark) {
        (Access::Scan { source, .. }, Some(Remark::FullScan)) => Some(format!("full scan of {source}")),
        (Access::Search { source, .. }, Some(Remark::MadeIndex)) => {
            Some(format!("makes an index of {source}"))
        }
        (_, Some(Remark::SortsForFew)) => Some("sorts all rows to return the first".into()),
        _ => None,
    };
    match (lines.iter().find_map(wasteful), lines) {
        (Some(worst), _) => worst,
        (None, [(line, _)]) => in_words(line),
        (None, lines) => format!("{} steps, no needless full scan", lines.len()),
    }
}

fn titled(title: &str, lines: &[Remarked]) -> Html {
    html! {
        <div class="plan__side">
            <p class="plan__title">{ title }</p>
            { tree(lines, 0) }
        </div>
    }
}

/// The lines that stand at a depth, those below each in a list of their own.
fn tree(lines: &[Remarked], depth: u32) -> Html {
    let starts: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].0.depth == depth).collect();
    let items = starts.iter().enumerate().map(|(number, &start)| {
        let end = starts.get(number + 1).copied().unwrap_or(lines.len());
        let (line, remark) = &lines[start];
        html! {
            <li key={start}>
                <span class={classes!("plan__does", remark.is_some_and(Remark::is_waste).then_some("plan__waste"))}>
                    { in_words(line) }
                </span>
                if let Some(remark) = remark {
                    <span class="plan__remark">{ said(*remark) }</span>
                }
                <code class="plan__detail">{ &line.detail }</code>
                { tree(&lines[start + 1..end], depth + 1) }
            </li>
        }
    });
    html! { if !starts.is_empty() { <ul class="plan__tree">{ for items }</ul> } }
}

/// What SQLite does in a line.
fn in_words(line: &PlanLine) -> String {
    match &line.access {
        Access::Scan { source, way } => match way {
            Way::Index { name, covering: true } => format!("reads all of the index {name}, and not {source}"),
            Way::Index { name, covering: false } => {
                format!("reads every row of {source} in the order of {name}")
            }
            _ => format!("reads every row of {source}"),
        },
        Access::Search { source, way, terms } => match way {
            Way::RowId => format!("finds {source} by primary key"),
            Way::Index { name, covering } => {
                let only = if *covering { ", which holds all that is wanted" } else { "" };
                format!("finds {source} by {} in {name}{only}", columns(terms))
            }
            Way::Automatic => {
                format!("makes an index of {source} by {} for this statement alone", columns(terms))
            }
            Way::Table => format!("finds {source} by {}", columns(terms)),
        },
        Access::TemporaryTree(clause) => format!("sorts in a temporary tree, for {clause}"),
        Access::Subquery { correlated: true } => "for each row, a subquery".into(),
        Access::Subquery { correlated: false } => "a subquery, once".into(),
        Access::Source(name) => format!("makes the rows of {name} first"),
        Access::Other => "does this".into(),
    }
}

/// `author_id=? AND year>?` as `author_id and year`.
fn columns(terms: &str) -> String {
    let names = terms.split(" AND ").map(|term| term.trim_end_matches(['?', '=', '<', '>']));
    names.collect::<Vec<_>>().join(" and ")
}

fn said(remark: Remark) -> &'static str {
    match remark {
        Remark::AllWanted => "fine: every row is wanted",
        Remark::UntilEnough => "fine: it stops when there are enough",
        Remark::FullScan => "full scan: it looks at every row to find those that fit",
        Remark::MadeIndex => "it reads every row to make it, and throws it away",
        Remark::SortsForFew => "it reads and sorts all rows to return the first",
    }
}

/// Advice, what SQLite would do then, and the button that follows it.
fn offer(advice: &Advice, dispatch: &Dispatch) -> Html {
    let on = advice.on;
    let onclick = dispatch.reform(move |_| Action::Mend(on));
    let of = format!("{}.{}", advice.table, advice.columns.join(", "));
    // The line that is there for the index says it best.
    let by_index = advice.after.iter().find(|(line, _)| matches!(
        &line.access,
        Access::Search { way: Way::Index { name, .. }, .. } | Access::Scan { way: Way::Index { name, .. }, .. }
            if *name == format!("ix_{}_{}", advice.table, advice.columns.join("_"))
    ));
    html! {
        <p class="plan__advice">
            <button type="button" class="button" {onclick}>{ format!("Index {of}") }</button>
            if let Some((line, _)) = by_index {
                <span>{ format!("Then SQLite {}.", in_words(line)) }</span>
            }
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::plan_lines;

    #[test]
    fn lines_read_as_sentences() {
        let check = |detail: &str, expected: &str| {
            let lines = plan_lines(&[(1, 0, detail.into())]);
            assert_eq!(lines.iter().map(in_words).collect::<Vec<_>>(), [expected]);
        };
        check("SCAN books", "reads every row of books");
        check("SEARCH authors USING INTEGER PRIMARY KEY (rowid=?)", "finds authors by primary key");
        check("SEARCH b USING INDEX ix_b (a=? AND c>?)", "finds b by a and c in ix_b");
        check(
            "SEARCH b USING AUTOMATIC COVERING INDEX (a=?)",
            "makes an index of b by a for this statement alone",
        );
        check("CORRELATED SCALAR SUBQUERY 1", "for each row, a subquery");
    }
}
