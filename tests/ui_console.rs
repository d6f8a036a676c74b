//! The console's state: what is typed, what is run and asked for, and what was run before.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::project::Sample;
use relata::protocol::{
    Answer, Ask, FailureKind, Limits, RowShown, RowsWanted, SqlOutcome, SqlPlace, SqlRan, SqlRowsShown,
};
use relata::query::StepId;
use relata::ui::action::{Action, Asked, DataEdit, Edit, Recall, Show};
use relata::ui::console::statements;
use relata::ui::pump::due;
use relata::ui::scripting::Task;
use relata::ui::state::{EngineStatus, State, Theme};
use relata::worker::Session;

mod page;
use page::{AUTHOR, BOOK, after, edit, failure, rename, served, start, yes};

/// The console, with this text in it.
fn typed(text: &str) -> State {
    edit(start().after(Action::Show(Show::Task(Task::Sql))), Edit::Sql(text.into()))
}

fn run(state: State, text: &str) -> State {
    served(edit(state, Edit::Sql(text.into())).after(Action::Run), yes)
}

fn history(state: &State) -> Vec<&str> {
    state.console.history.iter().map(String::as_str).collect()
}

#[test]
fn typing_is_one_step_and_no_business_of_the_query() {
    let ran = served(start().after(Action::Run), yes);
    let state = edit(edit(ran.clone(), Edit::Sql("S".into())), Edit::Sql("SE".into()));
    assert!(!state.outcome_is_stale());
    assert_eq!(state.after(Action::Undo).project, ran.project);
}

#[test]
fn the_text_runs_on_the_document_as_it_stands() {
    let state = served(typed("SELECT 1"), yes);
    let state = edit(state, Edit::Data(DataEdit::AddRow(AUTHOR))).after(Action::Run);
    let (first, asked) = due(&state, false).unwrap();
    assert!(matches!(first.ask, Ask::Open(..)), "at once, though the data has just changed");
    let state = after(
        state,
        [Action::Asked(first.id, asked), Action::Answered(first.id, Ok(Answer::Opened(vec![])))],
    );
    let (then, asked) = due(&state, false).unwrap();
    assert_eq!((then.ask, &asked), (Ask::Sql("SELECT 1".into(), Limits::default()), &Asked::Sql));
    let running = state.after(Action::Asked(then.id, asked));
    assert!(running.is_running());
    let outcome = SqlOutcome { number: 1, statements: vec![], failure: None };
    let done = running.after(Action::Answered(then.id, Ok(Answer::SqlRan(Box::new(outcome)))));
    assert!(!done.is_running());
    assert_eq!(done.console.ran.unwrap().text, "SELECT 1");
}

#[test]
fn rows_are_asked_for_by_the_window() {
    let ran = |rows| SqlRan {
        place: SqlPlace { from: 0, to: 1 },
        columns: vec![],
        nodes: vec![],
        rows,
        changed: None,
        original: true,
        micros: 0,
        doubt: None,
    };
    let answer = |ask: &Ask| match ask {
        Ask::Sql(..) => {
            let statements = vec![ran(0), ran(10_000)];
            Ok(Answer::SqlRan(Box::new(SqlOutcome { number: 7, statements, failure: None })))
        }
        other => yes(other),
    };
    let state = served(typed("x").after(Action::Run), answer);
    assert!(!state.console.rows.contains_key(&0), "there are none");
    let first = state.console.rows[&1].shown.wanted;
    assert_eq!((first.outcome, first.step, first.start), (7, StepId(1), 0));
    let state = served(state.after(Action::SqlScrolled(1, 9_990)), answer);
    let wanted = state.console.rows[&1].shown.wanted;
    assert!(wanted.start <= 9_990 && wanted.start + wanted.count >= 10_000);
    assert_eq!(due(&state, true), None, "and then no more");
}

#[test]
fn what_was_run_is_remembered_and_called_back() {
    let mut state = typed("");
    for text in ["one", "two", "two", "one"] {
        state = run(state, text);
    }
    assert_eq!(history(&state), ["one", "two", "one"]);
    let state = edit(state, Edit::Sql("draft".into()));
    let texts = |state: &State| state.project.sql.clone();
    let older = state.after(Action::Recall(Recall::Older));
    assert_eq!(texts(&older), "one");
    let oldest = after(older, [Recall::Older, Recall::Older, Recall::Older].map(Action::Recall));
    assert_eq!(texts(&oldest), "one", "there is nothing before the first");
    let newer = oldest.after(Action::Recall(Recall::Newer));
    assert_eq!(texts(&newer), "two");
    let draft = after(newer, [Recall::Newer, Recall::Newer, Recall::Newer].map(Action::Recall));
    assert_eq!(texts(&draft), "draft");
    let at = draft.after(Action::Recall(Recall::At(1)));
    assert_eq!(texts(&at), "two");
    assert_eq!(texts(&at.after(Action::Undo)), "draft", "it is a step of the history, too");
    let just_run = run(typed(""), "one").after(Action::Recall(Recall::Older));
    assert_eq!(texts(&just_run), "one");
}

#[test]
fn nothing_runs_without_a_text_or_a_schema() {
    let blank = typed(" \n").after(Action::Run);
    assert!(!blank.is_running() && history(&blank).is_empty());
    let broken = typed("SELECT 1").after(rename(AUTHOR, "")).after(Action::Run);
    assert!(!broken.is_running());
    assert!(broken.notice.unwrap().text.starts_with("The schema has an error"));
}

#[test]
fn another_document_forgets_the_result_but_not_what_was_run() {
    let state = run(typed(""), "SELECT 1");
    assert!(state.console.ran.is_some());
    let other = state.after(Action::OpenSample(Sample::UserProfile));
    assert_eq!((other.console.ran.is_some(), other.project.sql.as_str()), (false, ""));
    assert_eq!(history(&other), ["SELECT 1"]);
    assert_eq!(other.after(Action::Undo).project.sql, "SELECT 1");
}

#[test]
fn a_run_that_is_stopped_or_lost_says_so() {
    let running = served(typed("SELECT 1"), yes).after(Action::Run);
    let (request, asked) = due(&running, true).unwrap();
    let running = running.after(Action::Asked(request.id, asked));
    let stopped = running.clone().after(Action::Stop);
    assert!(!stopped.is_running() && matches!(stopped.engine, EngineStatus::Restarting(_)));
    assert!(stopped.notice.unwrap().text.starts_with("The SQL was stopped."));
    let lost = running.clone().after(Action::WorkerLost("gone".into()));
    assert_eq!(lost.console.failure.unwrap().kind, FailureKind::Protocol);
    let failed = running.after(Action::Answered(request.id, Err(failure("no"))));
    assert_eq!(failed.console.failure.unwrap().message, "no");
}

#[test]
fn the_examples_of_every_sample_run() {
    for sample in Sample::all() {
        let state = State::new(sample.project(), Theme::System);
        let mut worker = Session::default();
        worker.answer(Ask::Open(state.project.draft.clone(), state.project.data.clone())).unwrap();
        let examples = statements(&state.good.unwrap().relational);
        assert!(examples.len() >= 2, "{}", sample.title());
        for example in examples {
            let answer = worker.answer(Ask::Sql(example.sql.clone(), Limits::default()));
            let Ok(Answer::SqlRan(outcome)) = answer else { unreachable!("{answer:?}") };
            assert_eq!(outcome.failure, None, "{}: {}", sample.title(), example.sql);
            assert!(outcome.statements[0].rows > 0, "{}: {}", sample.title(), example.sql);
        }
    }
}

#[test]
fn a_row_of_the_worker_names_its_objects_in_every_statement_alike() {
    let project = Sample::AuthorBook.project();
    let mut worker = Session::default();
    worker.answer(Ask::Open(project.draft.clone(), project.data.clone())).unwrap();
    let text = "SELECT id FROM authors WHERE id = 2; SELECT a.id, b.id FROM books b LEFT JOIN authors a \
                ON a.id = b.author_id AND a.id < 3 WHERE b.id > 3 ORDER BY b.id";
    let Ok(Answer::SqlRan(outcome)) = worker.answer(Ask::Sql(text.into(), Limits::default())) else {
        unreachable!("it runs")
    };
    let mut rows = |step| {
        let wanted = RowsWanted { outcome: outcome.number, step: StepId(step), start: 0, count: 9 };
        match worker.answer(Ask::SqlRows(wanted)) {
            Ok(Answer::SqlRows(rows)) => rows,
            other => unreachable!("{other:?}"),
        }
    };
    let objects = |rows: &SqlRowsShown| -> Vec<Vec<Option<u32>>> {
        let of = |row: &RowShown| row.objects.iter().map(|object| object.map(|id| id.0)).collect();
        rows.shown.rows.iter().map(of).collect()
    };
    assert_eq!(objects(&rows(0)), [[Some(0)]]);
    let joined = [[Some(0), Some(1)], [Some(0), Some(2)], [None, Some(3)], [None, Some(4)]];
    assert_eq!(objects(&rows(1)), joined);
    let [authors, books] = [AUTHOR, BOOK].map(|model| project.data.rows_of(model));
    assert_eq!(rows(0).documents, [[Some(authors[1].id)]]);
    assert_eq!(rows(1).documents[3], [None, Some(books[6].id)]);
    // The document has other rows now, under other keys perhaps.
    let wanted = RowsWanted { outcome: outcome.number, step: StepId(0), start: 0, count: 1 };
    worker.answer(Ask::Open(project.draft.clone(), project.data.clone())).unwrap();
    let Ok(Answer::SqlRows(later)) = worker.answer(Ask::SqlRows(wanted)) else {
        unreachable!("they are kept")
    };
    assert_eq!(later.documents, [[None]]);
    assert!(worker.answer(Ask::SqlRows(RowsWanted { outcome: 9, ..wanted })).is_err());
}

#[test]
fn what_was_written_before_is_no_row_of_the_document() {
    let project = Sample::AuthorBook.project();
    let mut worker = Session::default();
    worker.answer(Ask::Open(project.draft.clone(), project.data.clone())).unwrap();
    let text = "SELECT id FROM authors; UPDATE books SET author_id = NULL; SELECT id FROM authors";
    let Ok(Answer::SqlRan(outcome)) = worker.answer(Ask::Sql(text.into(), Limits::default())) else {
        unreachable!("it runs")
    };
    let original: Vec<bool> = outcome.statements.iter().map(|ran| ran.original).collect();
    assert_eq!(original, [true, false, false]);
}
