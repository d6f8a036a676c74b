//! The reducer's other half: what was asked of the worker, what it answers, and what happens when it is lost.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::action::{Asked, DataEdit, Edit};
use super::consequences::Tally;
use super::data::LONG;
use super::generating;
use super::keeping;
use super::reduce::bad;
use super::state::{Blocked, EngineStatus, Notice, Ran, State};
use crate::project::{Project, Refusal, RowId, RowSource, label};
use crate::protocol::{Answer, BUILD, Changes, Consequences, Failure, FailureKind, RequestId};
use crate::query::StepId;
use crate::schema::{ModelId, RelationshipId};

/// How many workers in a row may die before the page gives up.
const MOST_LOSSES: u32 = 3;

/// Why the answer of “What if …” may be another one.
const IN_SQL: &str = "DELETE in SQL has only ON DELETE to go by; through the ORM (the forked arrow), a session may take \
                      care of these rows first.";

/// Notes that something was asked.
pub(super) fn asked(mut state: State, id: RequestId, what: Asked) -> State {
    state.last_request = id.0;
    match &what {
        Asked::Open(revision) => {
            state.opened = Some(*revision);
            generating::sent(&mut state);
        }
        Asked::Run => {
            state.run_wanted = false;
            let compiled = state.good.clone().zip(state.compiled.planned.clone());
            state.running = compiled.map(|(good, planned)| (good, planned, state.revision));
        }
        Asked::Script => {
            state.script.wanted = false;
            let good = state.compiled.good.clone();
            state.script.running = good.map(|good| (good, state.project.script.clone(), state.revision));
        }
        Asked::Sql => {
            state.console.wanted = false;
            let apart = state.keeping.is_apart();
            let good = if apart { keeping::nothing() } else { state.compiled.good.clone() };
            state.console.running = good.map(|good| (good, state.project.sql.clone(), state.revision));
        }
        Asked::Foresee(..) => state.delete_wanted = None,
        Asked::Compare => {
            state.comparing.wanted = false;
            let good = state.compiled.good.clone();
            state.comparing.running = good.map(|good| (good, state.project.query.clone(), state.revision));
        }
        Asked::Hello | Asked::Rows(_) | Asked::SqlRows(_) | Asked::Made => {}
    }
    state.asked.insert(id, what);
    state
}

/// Takes an answer in. One to a request that is no longer waited for is dropped.
pub(super) fn answered(mut state: State, id: RequestId, answer: Result<Answer, Failure>) -> State {
    if let (Ok(Answer::Progress(progress)), true) = (&answer, state.asked.contains_key(&id)) {
        return generating::went_on(state, *progress);
    }
    if let Ok(Answer::Kept(told)) = answer {
        return keeping::told(state, id, told);
    }
    let Some(asked) = state.asked.remove(&id) else { return state };
    match (asked, answer) {
        (Asked::Hello, Ok(Answer::Hello { build, sqlite })) => greeted(state, &build, sqlite),
        (Asked::Open(_), Ok(Answer::Opened(refusals))) => opened(state, refusals),
        (Asked::Run, Ok(Answer::Ran(outcome))) => {
            if let Some((good, planned, revision)) = state.running.take() {
                state.losses = 0;
                state.failure = None;
                state.rows.clear();
                state.scrolled.clear();
                state.rows_kept = true;
                state.view.step = outcome.results.first().map_or(StepId(0), |result| result.step);
                state.outcome = Some(Rc::new(Ran { outcome: *outcome, good, planned, revision }));
            }
            state
        }
        (Asked::Rows(_), Ok(Answer::Rows(shown))) => {
            let current =
                state.outcome.as_ref().is_some_and(|ran| ran.outcome.number == shown.wanted.outcome);
            if current && state.rows_kept {
                state.rows.insert(shown.wanted.step, Rc::new(shown));
            }
            state
        }
        (Asked::Foresee(model, rows), Ok(Answer::Foreseen(consequences))) => {
            foreseen(state, model, &rows, consequences)
        }
        (Asked::Made, Ok(Answer::Made(shown))) => generating::shown(state, Ok(shown)),
        (Asked::Made, Err(failure)) => generating::shown(state, Err(failure)),
        (Asked::Script, Ok(Answer::Scripted(outcome))) => {
            state.losses = 0;
            state.script.take(*outcome);
            state
        }
        (Asked::Script, Err(failure)) => {
            // What was rolled back meanwhile is not waited for any more.
            if state.script.running.take().is_some() {
                state.script.held = state.revision;
                state.script.failure = Some(failure);
            }
            state
        }
        (Asked::Compare, Ok(Answer::Compared(comparison))) => {
            state.losses = 0;
            state.comparing.take(*comparison);
            state
        }
        (Asked::Compare, Err(failure)) => {
            state.comparing.fail(failure);
            state
        }
        (Asked::Sql, Ok(Answer::SqlRan(outcome))) => {
            state.losses = 0;
            state.console.take(*outcome);
            state
        }
        (Asked::Sql, Err(failure)) => {
            state.console.running = None;
            state.console.failure = Some(failure);
            state
        }
        (Asked::SqlRows(_), Ok(Answer::SqlRows(shown))) => {
            state.console.take_rows(shown);
            state
        }
        (Asked::SqlRows(_), Err(_)) => {
            state.console.rows_kept = false;
            state
        }
        (Asked::Run, Err(failure)) => State { running: None, failure: Some(failure), ..state },
        // The rows went with a result that the worker no longer has; the view says so.
        (Asked::Rows(_), Err(_)) => State { rows_kept: false, ..state },
        (Asked::Open(_), Err(failure)) => {
            // None are on their way any more.
            Rc::make_mut(&mut state.generating).forget_rows();
            state.telling(refused(failure))
        }
        (_, Err(failure)) => state.telling(refused(failure)),
        (_, Ok(_)) => worker_lost(state, "It gave the answer to another question.".into()),
    }
}

fn refused(failure: Failure) -> Notice {
    Notice { text: failure.message, detail: failure.sqlite, bad: true, ..Notice::default() }
}

fn greeted(mut state: State, build: &str, sqlite: String) -> State {
    if build != BUILD {
        let why = "Relata was updated while this page was open. Reload the page.";
        return State { engine: EngineStatus::Failed(why.into()), ..state }.telling(bad(why.into()));
    }
    state.engine = EngineStatus::Ready(sqlite);
    state
}

fn opened(mut state: State, refusals: Vec<Refusal>) -> State {
    state.losses = 0;
    generating::opened(&mut state);
    if *state.refusals != refusals {
        state.refusals = Rc::new(refusals);
    }
    match state.delete_wanted.take() {
        // Some of them may just have been refused.
        Some((model, rows)) => delete_rows(state, model, rows),
        None => state,
    }
}

/// Rows that the database never took simply go; for the others the worker is asked first.
pub(super) fn delete_rows(mut state: State, model: ModelId, rows: Vec<RowId>) -> State {
    state.blocked = None;
    let mut never_taken: BTreeSet<RowId> = BTreeSet::new();
    never_taken.extend(refused_rows(&state.refusals));
    let engine_gone = matches!(state.engine, EngineStatus::Failed(_));
    let (discarded, known): (Vec<RowId>, Vec<RowId>) =
        rows.into_iter().partition(|row| engine_gone || never_taken.contains(row));
    if !discarded.is_empty() {
        state = state.edited(&Edit::Data(DataEdit::Discard(discarded.clone())));
        let text = format!("{} deleted.", rows_of(discarded.len()));
        state = state.telling(Notice { text, undoable: true, ..Notice::default() });
    }
    if known.is_empty() {
        return state;
    }
    if state.has_errors() {
        let why =
            "The schema has errors, so the database cannot say what goes with this row. Mend them first.";
        return state.telling(bad(why.into()));
    }
    State { delete_wanted: Some((model, known)), ..state }
}

/// The rows of the document that are not in the database.
pub fn refused_rows(refusals: &[Refusal]) -> impl Iterator<Item = RowId> {
    refusals.iter().filter_map(|refusal| match refusal.source {
        RowSource::Row(row) => Some(row),
        RowSource::Link(..) => None,
    })
}

fn foreseen(state: State, model: ModelId, rows: &[RowId], consequences: Consequences) -> State {
    match consequences {
        Consequences::Allowed(changes) => {
            let text = deletion_told(&state.project, model, rows, &changes);
            let next = state.edited(&Edit::Data(DataEdit::Apply(changes)));
            next.telling(Notice { text, undoable: true, ..Notice::default() })
        }
        Consequences::Blocked { message, sqlite, by } => {
            let text = format!("{message}{} {IN_SQL}", named(&state.project, &by));
            let by = state.refusing_key(model, &by);
            not_deleted(state, model, rows, [text, sqlite], by)
        }
    }
}

/// Tells it at the row, so that nothing is hidden by it. Several rows, and those in a grid whose rows are all of one
/// height, have no such place.
fn not_deleted(
    state: State,
    model: ModelId,
    rows: &[RowId],
    [text, sqlite]: [String; 2],
    by: Option<RelationshipId>,
) -> State {
    let long = state.project.data.rows_of(model).len() + state.generating.count(model) as usize > LONG;
    match rows {
        [row] if state.view.grid == Some(model) && !long => {
            let blocked = Some(Rc::new(Blocked { row: *row, text, sqlite, by }));
            State { blocked, notice: None, ..state }
        }
        _ => state.telling(Notice { text, detail: sqlite, bad: true, refused_by: by, ..Notice::default() }),
    }
}

/// `Author 1 · Homer deleted, and with it 2 rows of Book: 3 rows go`.
fn deletion_told(project: &Project, model: ModelId, rows: &[RowId], changes: &Changes) -> String {
    let name = |id: ModelId| project.draft.model(id).map_or("", |model| model.name.as_str());
    let mut text = match rows {
        [row] => format!("{} {} deleted", name(model), short_label(project, model, *row)),
        many => format!("{} of {} deleted", rows_of(many.len()), name(model)),
    };
    let mut more = Vec::new();
    for candidate in &project.draft.models {
        let of_model = project.data.rows_of(candidate.id).iter();
        let count =
            of_model.filter(|row| changes.deleted.contains(&row.id) && !rows.contains(&row.id)).count();
        if count > 0 {
            more.push(format!("{} of {}", rows_of(count), candidate.name));
        }
    }
    if changes.pairs > 0 {
        more.push(if changes.pairs == 1 { "1 link".into() } else { format!("{} links", changes.pairs) });
    }
    if !more.is_empty() {
        text.push_str(&format!(", and with it {}", more.join(", ")));
    }
    let tally = Tally {
        gone: changes.deleted.len(),
        cleared: changes.unlinked.len(),
        dangling: changes.dangling.len(),
        unlinked: changes.pairs as usize,
        ..Tally::default()
    };
    if tally.total() + tally.dangling > rows.len() {
        text.push_str(&format!(": {}", tally.words()));
    }
    text.push('.');
    text
}

fn short_label(project: &Project, model: ModelId, row: RowId) -> String {
    let full = label(project, model, row);
    let name = project.draft.model(model).map_or("", |model| model.name.as_str());
    // A row without a text is called by its model and key already.
    full.strip_prefix(name).map_or(full.clone(), |rest| rest.trim().to_owned())
}

/// ` In the way: Book 1 · Emma, Book 2 · Persuasion and 3 more.`
fn named(project: &Project, rows: &[RowId]) -> String {
    const MOST: usize = 3;
    let names: Vec<String> = rows
        .iter()
        .take(MOST)
        .filter_map(|row| {
            let model =
                project.draft.models.iter().find(|model| project.data.row(model.id, *row).is_some())?;
            Some(format!("{} {}", model.name, short_label(project, model.id, *row)))
        })
        .collect();
    let more = rows.len().saturating_sub(MOST);
    match (names.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(" In the way: {}.", names.join(", ")),
        (false, more) => format!(" In the way: {} and {more} more.", names.join(", ")),
    }
}

fn rows_of(count: usize) -> String {
    if count == 1 { "1 row".into() } else { format!("{count} rows") }
}

/// The worker died. Another one is started, unless several died in a row.
pub(super) fn worker_lost(state: State, why: String) -> State {
    let was_running = state.asked.values().any(|asked| *asked == Asked::Run);
    let script_was_running = state.script.running.is_some();
    let was_comparing = state.comparing.running.is_some();
    let sql_was_running = state.console.running.is_some();
    let losses = state.losses + 1;
    let mut next = without_worker(state);
    next.losses = losses;
    if was_running {
        next.failure = Some(lost("query", &why));
    }
    if script_was_running {
        next.script.held = next.revision;
        next.script.failure = Some(lost("script", &why));
    }
    if was_comparing {
        next.comparing.failure = Some(lost("comparison", &why));
    }
    if sql_was_running {
        next.console.failure = Some(lost("SQL", &why));
    }
    if losses >= MOST_LOSSES {
        next.engine = EngineStatus::Failed(why.clone());
        next.run_wanted = false;
        next.script.wanted = false;
        next.comparing.wanted = false;
        next.console.wanted = false;
        return next.telling(bad(format!("The database stopped {losses} times: {why} Run tries again.")));
    }
    next.engine = EngineStatus::Restarting(why.clone());
    next.telling(Notice {
        text: "The database stopped and is made again from the project. Nothing you made is lost.".into(),
        detail: why,
        bad: true,
        ..Notice::default()
    })
}

fn lost(what: &str, why: &str) -> Failure {
    let message = format!("The database was lost while it ran the {what}: {why}");
    Failure { kind: FailureKind::Protocol, message, sqlite: String::new() }
}

/// Without the worker there is: nothing is waited for any more, and another worker is wanted.
pub(super) fn without_worker(mut state: State) -> State {
    state.worker += 1;
    state.asked.clear();
    state.running = None;
    state.script.running = None;
    state.comparing.running = None;
    state.console.running = None;
    state.console.rows_kept = false;
    state.opened = None;
    state.delete_wanted = None;
    state.rows_kept = false;
    Rc::make_mut(&mut state.generating).forget_rows();
    state
}
