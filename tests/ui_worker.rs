//! The page's reducer and its worker: what is asked when, which answers count, and what happens when it dies.
#![cfg(all(feature = "page", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod page;

use page::{AUTHOR, BOOK, LINK, after, failure, outcome, rename, served, start, yes};
use relata::project::{Refusal, RowId, RowSource, Sample};
use relata::protocol::{Answer, Ask, Changes, Consequences, RequestId};
use relata::query::StepId;
use relata::ui::action::{Action, Asked};
use relata::ui::pump::due;
use relata::ui::state::EngineStatus;

#[test]
fn the_worker_is_greeted_then_given_the_project_then_asked() {
    let state = start().after(Action::Run);
    let mut order = Vec::new();
    let mut state = state;
    while let Some((request, asked)) = due(&state, false) {
        order.push(match &asked {
            Asked::Hello => "hello",
            Asked::Open(_) => "open",
            Asked::Run => "run",
            Asked::Script => "script",
            Asked::Rows(_) => "rows",
            Asked::Foresee(..) => "foresee",
            Asked::Compare => "compare",
            Asked::Sql | Asked::SqlRows(_) => "sql",
            Asked::Made => "made",
        });
        assert!(due(&state, true).is_some());
        state = state.after(Action::Asked(request.id, asked));
        assert!(due(&state, true).is_none(), "one thing at a time");
        let answer = match request.ask {
            Ask::Run(..) => Ok(Answer::Ran(Box::new(outcome(1, 1000)))),
            other => yes(&other),
        };
        state = state.after(Action::Answered(request.id, answer));
    }
    assert_eq!(order, ["hello", "open", "run", "rows"]);
    assert!(!state.is_running() && !state.outcome_is_stale());
    assert_eq!(state.engine, EngineStatus::Ready("3".into()));
}

#[test]
fn an_edit_waits_a_moment_before_the_database_is_made_anew() {
    let state = served(start(), yes).after(rename(AUTHOR, "Writer"));
    assert!(due(&state, false).is_none());
    assert!(matches!(due(&state, true), Some((_, Asked::Open(1)))));
    assert!(
        matches!(due(&state.clone().after(Action::Run), false), Some((_, Asked::Open(1)))),
        "a run waits for nothing"
    );
    let broken = state.after(rename(BOOK, "Writer"));
    assert!(due(&broken, true).is_none(), "the worker keeps the last good one");
}

#[test]
fn a_later_edit_makes_the_outcome_stale_and_keeps_it() {
    let state = served(start().after(Action::Run), yes).after(rename(AUTHOR, "Writer"));
    assert!(state.outcome.is_some() && state.outcome_is_stale());
    let state = served(state.after(Action::Run), yes);
    assert!(!state.outcome_is_stale());
    assert_eq!(state.outcome.unwrap().good.schema.model(AUTHOR).unwrap().name, "Writer");
}

#[test]
fn an_outcome_keeps_the_schema_it_was_asked_under() {
    let state = served(start(), yes).after(Action::Run);
    let (request, asked) = due(&state, true).unwrap();
    let state = after(state, [Action::Asked(request.id, asked), rename(AUTHOR, "Writer")]);
    let state = state.after(Action::Answered(request.id, yes(&request.ask)));
    assert_eq!(state.outcome.as_ref().unwrap().good.schema.model(AUTHOR).unwrap().name, "Author");
    assert!(state.outcome_is_stale());
}

#[test]
fn answers_that_nobody_waits_for_are_dropped() {
    let state = served(start(), yes);
    let stale = Action::Answered(RequestId(99), Ok(Answer::Ran(Box::new(outcome(7, 7)))));
    assert_eq!(state.clone().after(stale), state);
    let asked = state.after(Action::Run);
    let (request, what) = due(&asked, true).unwrap();
    let other = after(asked, [Action::Asked(request.id, what), Action::OpenSample(Sample::UserProfile)]);
    let late = other.clone().after(Action::Answered(request.id, yes(&request.ask)));
    assert_eq!(late, other, "the outcome is another document's");
}

#[test]
fn a_failed_query_says_why_and_keeps_the_outcome_before_it() {
    let state = served(start().after(Action::Run), yes).after(Action::Run);
    let state = served(state, |ask| match ask {
        Ask::Run(..) => Err(failure("It took too long.")),
        other => yes(other),
    });
    assert_eq!(state.failure.as_ref().unwrap().message, "It took too long.");
    assert!(state.outcome.is_some() && !state.is_running());
    assert!(served(state.after(Action::Run), yes).failure.is_none());
}

#[test]
fn the_rows_around_those_on_screen_are_asked_for() {
    let answer = |ask: &Ask| match ask {
        Ask::Run(..) => Ok(Answer::Ran(Box::new(outcome(4, 100_000)))),
        other => yes(other),
    };
    let state = served(start().after(Action::Run), answer);
    assert_eq!(state.rows[&StepId(0)].wanted.start, 0);
    let state = state.after(Action::Scrolled(StepId(0), 50_000));
    let Some((request, Asked::Rows(wanted))) = due(&state, false) else { panic!("no rows are asked for") };
    assert_eq!(wanted.outcome, 4);
    assert!(wanted.start < 50_000 && wanted.start + wanted.count > 50_100);
    let state = served(state, answer);
    assert!(
        due(&state.clone().after(Action::Scrolled(StepId(0), 50_010)), false).is_none(),
        "they are at hand"
    );
    let gone = after(state, [Action::Scrolled(StepId(0), 0), Action::Asked(request.id, Asked::Rows(wanted))])
        .after(Action::Answered(request.id, Err(failure("Gone."))));
    assert!(!gone.rows_kept && gone.notice.is_none());
}

#[test]
fn refusals_are_what_the_worker_said_last() {
    let refusal = Refusal {
        source: RowSource::Row(RowId(1)),
        cell: None,
        message: "No.".into(),
        sqlite: String::new(),
    };
    let state = served(start(), |ask| match ask {
        Ask::Open(..) => Ok(Answer::Opened(vec![refusal.clone()])),
        other => yes(other),
    });
    assert_eq!(*state.refusals, [refusal]);
    let state = served(state.after(rename(AUTHOR, "Writer")), yes);
    assert!(state.refusals.is_empty());
}

#[test]
fn rows_are_deleted_as_the_worker_foresaw_it() {
    let (le_guin, earthsea) = (RowId(1), RowId(6));
    let state = served(start(), yes).after(Action::DeleteRows(AUTHOR, vec![le_guin]));
    assert_eq!(state.project.data.rows_of(AUTHOR).len(), 5, "nothing goes before the worker has spoken");
    let state = served(state, |ask| match ask {
        Ask::Foresee(_, rows) => Ok(Answer::Foreseen(Consequences::Allowed(Changes {
            deleted: rows.iter().copied().chain([earthsea]).collect(),
            unlinked: vec![(LINK, RowId(7)), (LINK, RowId(8))],
            dangling: Vec::new(),
            pairs: 0,
        }))),
        other => yes(other),
    });
    assert_eq!((state.project.data.rows_of(AUTHOR).len(), state.project.data.rows_of(BOOK).len()), (4, 6));
    assert_eq!(state.project.data.links_of(LINK).len(), 4);
    let notice = state.notice.clone().unwrap();
    assert_eq!(
        notice.text,
        "Author 1 · Ursula K. Le Guin deleted, and with it 1 row of Book: 2 rows go, 2 have their key set to NULL."
    );
    assert!(notice.undoable);
    assert_eq!(*state.after(Action::Undo).project, Sample::AuthorBook.project());
}

#[test]
fn a_deletion_that_the_database_refuses_is_told_with_what_is_in_its_way() {
    let state = served(start(), yes).after(Action::DeleteRows(AUTHOR, vec![RowId(1)]));
    let state = served(state, |ask| match ask {
        Ask::Foresee(..) => Ok(Answer::Foreseen(Consequences::Blocked {
            message: "Books point to it.".into(),
            sqlite: "FOREIGN KEY constraint failed".into(),
            by: (6..11).map(RowId).collect(),
        })),
        other => yes(other),
    });
    let blocked = state.blocked.unwrap();
    assert!(blocked.text.contains("Book 1 · A Wizard of Earthsea") && blocked.text.contains("and 2 more"));
    assert_eq!(blocked.sqlite, "FOREIGN KEY constraint failed");
    assert_eq!(state.project.data.row_count(), 12);
}

#[test]
fn rows_that_the_database_never_took_just_go() {
    let refused = Refusal {
        source: RowSource::Row(RowId(5)),
        cell: None,
        message: "No.".into(),
        sqlite: String::new(),
    };
    let state = served(start(), |ask| match ask {
        Ask::Open(..) => Ok(Answer::Opened(vec![refused.clone()])),
        other => yes(other),
    });
    let state = state.after(Action::DeleteRows(AUTHOR, vec![RowId(5)]));
    assert_eq!(state.project.data.rows_of(AUTHOR).len(), 4);
    assert!(state.delete_wanted.is_none());
    let broken =
        served(start(), yes).after(rename(BOOK, "Author")).after(Action::DeleteRows(AUTHOR, vec![RowId(1)]));
    assert_eq!(broken.project.data.rows_of(AUTHOR).len(), 5, "with errors nobody can say what goes with it");
    assert!(broken.notice.unwrap().bad);
}

#[test]
fn a_lost_worker_is_replaced_and_given_the_project_again() {
    let state = served(start().after(Action::Run), yes);
    let lost = state.after(Action::WorkerLost("It crashed.".into()));
    assert!(matches!(lost.engine, EngineStatus::Restarting(_)));
    assert_eq!((lost.worker, lost.opened, lost.rows_kept), (2, None, false));
    assert!(lost.outcome.is_some() && lost.notice.as_ref().unwrap().bad);
    let state = served(lost, yes);
    assert_eq!((state.opened, state.losses), (Some(0), 0));
}

#[test]
fn a_worker_that_dies_again_and_again_is_given_up_until_somebody_runs() {
    let lost = || Action::WorkerLost("It crashed.".into());
    let state = after(start(), [Action::Run, lost(), lost(), lost()]);
    assert!(matches!(state.engine, EngineStatus::Failed(_)));
    assert!(due(&state, true).is_none() && !state.is_running());
    let again = state.after(Action::Run);
    assert_eq!(again.engine, EngineStatus::Starting);
    assert!(served(again, yes).outcome.is_some());
}

#[test]
fn stopping_replaces_the_worker_at_once() {
    let state = served(start(), yes).after(Action::Run);
    let (request, asked) = due(&state, true).unwrap();
    let running = state.after(Action::Asked(request.id, asked));
    assert!(running.is_running());
    let stopped = running.after(Action::Stop);
    assert!(!stopped.is_running() && stopped.asked.is_empty() && stopped.worker == 2);
    assert!(!stopped.notice.as_ref().unwrap().bad);
    let late = stopped.clone().after(Action::Answered(request.id, yes(&request.ask)));
    assert_eq!(late, stopped);
    assert_eq!(stopped.clone().after(Action::Stop), stopped, "there is nothing to stop any more");
}

#[test]
fn a_worker_of_another_build_is_refused() {
    let state = served(start(), |ask| match ask {
        Ask::Hello => Ok(Answer::Hello { build: "older".into(), sqlite: "3".into() }),
        other => yes(other),
    });
    let EngineStatus::Failed(why) = &state.engine else { panic!("it was taken") };
    assert!(why.contains("Reload"));
}

#[test]
fn what_goes_wrong_outside_is_told() {
    let state = start().after(Action::SaveFailed("No room.".into()));
    assert!(state.notice.as_ref().unwrap().bad);
    assert!(state.after(Action::DismissNotice).notice.is_none());
    let state = start().after(Action::WorkerFailed("no such file".into()));
    assert!(matches!(state.engine, EngineStatus::Failed(_)) && state.notice.is_some());
}
