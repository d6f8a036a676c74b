//! What to ask the worker next: a pure function of the state, so that there is one queue and its order can be tested.

use super::action::Asked;
use super::generating;
use super::state::{EngineStatus, State};
use crate::protocol::{Ask, Limits, Request, RequestId, RowsShown, RowsWanted, ScriptAsked};
use crate::query::StepId;

/// How many rows may be on screen at once.
const ON_SCREEN: u32 = 120;
/// How many rows are asked for at a time, and how many of them lie before the first one on screen.
const WINDOW: u32 = 480;
const BEFORE: u32 = 180;

/// The next message to the worker, if there is anything to ask and nothing is being answered. `settled` says that
/// the document has not changed for a moment.
pub fn due(state: &State, settled: bool) -> Option<(Request, Asked)> {
    if !state.asked.is_empty() {
        return None;
    }
    let (ask, asked) = match &state.engine {
        EngineStatus::Failed(_) => return None,
        EngineStatus::Starting | EngineStatus::Restarting(_) => (Ask::Hello, Asked::Hello),
        EngineStatus::Ready(_) => {
            apart(state).or_else(|| opening(state, settled)).or_else(|| using(state, settled))?
        }
    };
    Some((Request { id: RequestId(state.last_request + 1), ask }, asked))
}

/// Whether the worker's database is of the document as it stands.
fn is_current(state: &State) -> bool {
    state.opened.is_some_and(|revision| revision >= state.data_revision)
}

/// What goes to the console's own database instead.
fn apart(state: &State) -> Option<(Ask, Asked)> {
    state.keeping.open().filter(|_| state.keeping.asked.is_none())?;
    if state.console.wanted {
        return Some((Ask::Sql(state.project.sql.clone(), Limits::default()), Asked::Sql));
    }
    sql_rows_wanted(state).map(|wanted| (Ask::SqlRows(wanted), Asked::SqlRows(wanted)))
}

/// The document, when the worker has none or an older one. While it has errors, the worker keeps the last good one.
fn opening(state: &State, settled: bool) -> Option<(Ask, Asked)> {
    let sql = state.console.wanted && !state.keeping.is_apart();
    let asked = state.run_wanted || state.comparing.wanted || sql || state.delete_wanted.is_some();
    let urgent = state.opened.is_none() || asked;
    if is_current(state) || state.has_errors() || !(settled || urgent) {
        return None;
    }
    let ask = Ask::Open(state.project.draft.clone(), generating::data_wanted(state));
    Some((ask, Asked::Open(state.revision)))
}

/// What needs the database as it stands, or the last result.
fn using(state: &State, settled: bool) -> Option<(Ask, Asked)> {
    let asked = state.script.wanted || (settled && state.script_follows());
    if asked && state.compiled.script.is_some() {
        return Some((Ask::Script(Box::new(script_asked(state))), Asked::Script));
    }
    if is_current(state) {
        if state.run_wanted && state.compiled.planned.is_some() {
            return Some((Ask::Run(state.project.query.clone(), Limits::default()), Asked::Run));
        }
        if state.comparing.wanted && state.compiled.planned.is_some() {
            return Some((Ask::Compare(state.project.query.clone(), Limits::default()), Asked::Compare));
        }
        if state.console.wanted && !state.keeping.is_apart() {
            return Some((Ask::Sql(state.project.sql.clone(), Limits::default()), Asked::Sql));
        }
        if let Some((model, rows)) = &state.delete_wanted {
            return Some((Ask::Foresee(*model, rows.clone()), Asked::Foresee(*model, rows.clone())));
        }
    }
    if let Some(wanted) = generating::rows_wanted(state) {
        return Some((Ask::Made(wanted), Asked::Made));
    }
    let of_query = rows_wanted(state).map(|wanted| (Ask::Rows(wanted), Asked::Rows(wanted)));
    of_query.or_else(|| sql_rows_wanted(state).map(|wanted| (Ask::SqlRows(wanted), Asked::SqlRows(wanted))))
}

/// The script with all that it runs on: it has a database of its own.
fn script_asked(state: &State) -> ScriptAsked {
    let project = &state.project;
    ScriptAsked {
        draft: project.draft.clone(),
        data: project.data.clone(),
        script: project.script.clone(),
        limits: Limits::default(),
    }
}

/// The rows around those on screen, for the first step that lacks some of them.
fn rows_wanted(state: &State) -> Option<RowsWanted> {
    let ran = state.outcome.as_ref().filter(|_| state.rows_kept)?;
    ran.outcome.results.iter().find_map(|result| {
        let shown = result.step == state.view.step || state.scrolled.contains_key(&result.step);
        let first = state.scrolled.get(&result.step).copied().unwrap_or(0).min(result.rows.saturating_sub(1));
        let wanted = window(ran.outcome.number, result.step, first);
        (shown && !has_rows(state.rows.get(&result.step).map(|rows| &**rows), first, result.rows))
            .then_some(wanted)
    })
}

/// The rows around those on screen, for the first statement of the console that lacks some of them.
fn sql_rows_wanted(state: &State) -> Option<RowsWanted> {
    let console = &state.console;
    let ran = console.ran.as_ref().filter(|_| console.rows_kept)?;
    (0..).zip(&ran.outcome.statements).find_map(|(at, statement)| {
        let first = console.scrolled.get(&at).copied().unwrap_or(0).min(statement.rows.saturating_sub(1));
        let wanted = window(ran.outcome.number, StepId(at), first);
        (!has_rows(console.rows.get(&at).map(|rows| &rows.shown), first, statement.rows)).then_some(wanted)
    })
}

fn window(outcome: u32, step: StepId, first: u32) -> RowsWanted {
    RowsWanted { outcome, step, start: first.saturating_sub(BEFORE), count: WINDOW }
}

fn has_rows(shown: Option<&RowsShown>, first: u32, total: u32) -> bool {
    let last = first.saturating_add(ON_SCREEN).min(total);
    // What was asked for counts, not what came: asking again for rows that do not come would never end.
    total == 0
        || shown.is_some_and(|shown| {
            shown.wanted.start <= first && last <= shown.wanted.start.saturating_add(shown.wanted.count)
        })
}
