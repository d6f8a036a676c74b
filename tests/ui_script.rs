//! The session on the page: edits of the script, when it is run, and what is told of it.
#![cfg(all(feature = "page", feature = "worker", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod page;

use page::{AUTHOR, AUTHOR_NAME, BOOK, BOOK_TITLE, LINK, after, edit, failure, rename, served, start, yes};
use relata::project::{Project, Sample};
use relata::protocol::{Answer, Ask, Failure};
use relata::schema::{Cascades, EndId, ModelId, OnDelete, Side};
use relata::session::{ObjectDraft, StepDraft};
use relata::ui::action::{Action, Edit, QueryEdit, RelationshipEdit, ScriptEdit, Show};
use relata::ui::programs::{Language, program};
use relata::ui::script_changes::ChangedRow;
use relata::ui::script_story::{Chapter, Told, by_itself, sent, story};
use relata::ui::scripting::{Scripted, Task};
use relata::ui::state::{EngineStatus, State, Theme};
use relata::value::Value;
use relata::worker::Session;

const BOOKS: EndId = EndId { relationship: LINK, side: Side::Left };

fn author(key: &str) -> ObjectDraft {
    ObjectDraft::Stored(Some(AUTHOR), vec![key.into()])
}

fn delete(key: &str) -> StepDraft {
    StepDraft::Delete { object: author(key) }
}

fn script(edit: ScriptEdit) -> Action {
    Action::Edit(Edit::Script(edit))
}

fn in_session(project: Project) -> State {
    State::new(project, Theme::Light).after(Action::Show(Show::Task(Task::Session)))
}

/// Author and Book with this script.
fn with(steps: Vec<StepDraft>) -> Project {
    let mut project = Sample::AuthorBook.project();
    project.script.steps = steps;
    project
}

/// A worker that really runs scripts.
fn really(ask: &Ask) -> Result<Answer, Failure> {
    match ask {
        Ask::Script(_) => Session::default().answer(ask.clone()),
        other => yes(other),
    }
}

fn ran(project: Project) -> Scripted {
    let state = served(in_session(project).after(Action::Run), really);
    assert!(state.compiled.script_diagnostics.is_empty(), "{:?}", state.compiled.script_diagnostics);
    assert!(!state.is_running() && state.script.failure.is_none(), "{:?}", state.script.failure);
    (**state.script.ran.as_ref().unwrap()).clone()
}

/// What was told of each chapter, in short.
fn told(chapters: &[Chapter]) -> Vec<String> {
    let mut lines = Vec::new();
    for chapter in chapters {
        lines.push(chapter.words.clone());
        for told in &chapter.told {
            lines.push(match told {
                Told::Statement(card) => {
                    let auto = if card.autoflush { " (autoflush)" } else { "" };
                    let deeds: String = card
                        .deeds
                        .iter()
                        .map(|deed| format!(" | {} {}: {}", deed.did, deed.rows, deed.rule))
                        .collect();
                    let rows = card.rows;
                    format!(
                        "  {} {:?} {rows}, {}{auto}{deeds}",
                        card.number,
                        card.verb,
                        card.reasons.join("; ")
                    )
                }
                Told::Committed => "  committed".into(),
                Told::RolledBack => "  rolled back".into(),
                Told::Warned(words) => format!("  warned: {words}"),
            });
        }
        if let Some(failed) = &chapter.failure {
            let by: String = failed.blocked_by.iter().map(|(_, rows)| format!(" [{rows}]")).collect();
            lines.push(format!("  {}: {} / {}{by}", failed.exception, failed.message, failed.sqlite));
        }
    }
    lines
}

#[test]
fn steps_are_added_changed_moved_and_removed_and_each_can_be_undone() {
    let start = State::new(with(Vec::new()), Theme::Light);
    let state = after(
        start.clone(),
        [
            script(ScriptEdit::Add(delete("1"))),
            script(ScriptEdit::Add(StepDraft::Commit)),
            script(ScriptEdit::Set(0, delete("2"))),
            script(ScriptEdit::Set(7, delete("3"))),
            script(ScriptEdit::Move(1, -1)),
            script(ScriptEdit::Move(0, -1)),
        ],
    );
    assert_eq!(state.project.script.steps, [StepDraft::Commit, delete("2")]);
    assert_eq!(state.focus.as_ref().unwrap().element, "script-0");
    let state = state.after(script(ScriptEdit::Remove(1)));
    assert_eq!(
        (state.project.script.steps.len(), state.focus.as_ref().unwrap().element.as_str()),
        (1, "script-0")
    );
    let state = state.after(script(ScriptEdit::Remove(0)));
    assert_eq!(state.focus.as_ref().unwrap().element, "script-add");
    let back = (0..6).fold(state, |state, _| state.after(Action::Undo));
    assert_eq!(back.project, start.project);
}

#[test]
fn typing_a_value_is_one_step_of_the_history() {
    let typed = ["L", "La", "Lav"].map(|text| {
        let step = StepDraft::Set { object: author("1"), field: Some(AUTHOR_NAME), value: Some(text.into()) };
        script(ScriptEdit::Set(0, step))
    });
    let state = after(State::new(with(vec![StepDraft::Flush]), Theme::Light), typed);
    assert_eq!(state.history.undo.len(), 1);
    assert_eq!(state.after(Action::Undo).project.script.steps, [StepDraft::Flush]);
}

#[test]
fn an_object_with_another_name_is_called_so_in_the_steps_that_use_it() {
    let new = |name: &str| StepDraft::New {
        name: name.into(),
        model: Some(BOOK),
        values: [(BOOK_TITLE, "Emma".to_owned())].into(),
        add: true,
    };
    let link = |name: &str| StepDraft::Link {
        object: author("1"),
        end: Some(BOOKS),
        target: ObjectDraft::New(name.into()),
    };
    let state = State::new(with(vec![new("book"), link("book")]), Theme::Light);
    let state = after(state, ["", "e", "emma"].map(|name| script(ScriptEdit::Set(0, new(name)))));
    assert_eq!(state.project.script.steps, [new("emma"), link("emma")]);
    assert!(state.compiled.script_diagnostics.is_empty());
}

#[test]
fn a_script_with_errors_is_not_run_and_says_where_they_are() {
    let state = in_session(with(vec![StepDraft::Delete { object: ObjectDraft::New("nobody".into()) }]));
    assert_eq!(state.compiled.script_diagnostics[0].place.step, 0);
    let state = state.after(Action::Run);
    assert!(!state.is_running());
    let notice = state.notice.unwrap();
    assert!(notice.text.starts_with("The script has an error: "), "{}", notice.text);
    assert_eq!(notice.lead.unwrap().selectors[0], "#script-0");
}

#[test]
fn the_session_and_the_query_run_apart_and_neither_makes_the_other_stale() {
    let state = served(start().after(Action::Run), yes);
    let state = state.after(Action::Show(Show::Task(Task::Session)));
    let state = served(state.after(Action::Run), really);
    assert!(state.outcome.is_some() && state.script.ran.is_some());
    let state = state.after(script(ScriptEdit::Add(StepDraft::Flush)));
    assert_eq!((state.outcome_is_stale(), state.script.is_stale()), (false, true));
    let state = served(state.after(Action::Run), really);
    let state = edit(state, Edit::Query(QueryEdit::Limit("3".into())));
    assert_eq!((state.outcome_is_stale(), state.script.is_stale()), (true, false));
    let state = state.after(rename(AUTHOR, "Writer"));
    assert_eq!((state.outcome_is_stale(), state.script.is_stale()), (true, true));
    let other = state.after(Action::OpenSample(Sample::CategoryTree));
    assert!(other.outcome.is_none() && other.script.ran.is_none());
}

#[test]
fn a_script_that_fails_to_run_or_is_stopped_is_told() {
    let state = in_session(Sample::AuthorBook.project()).after(Action::Run);
    let failed = served(state.clone(), |ask| match ask {
        Ask::Script(_) => Err(failure("No.")),
        other => yes(other),
    });
    assert_eq!(failed.script.failure.as_ref().unwrap().message, "No.");
    assert!(!failed.is_running());
    let stopped = state.clone().after(Action::Stop);
    assert!(!stopped.is_running() && stopped.notice.unwrap().text.starts_with("The script was stopped."));
    let lost = served(state, yes).after(Action::Run);
    let (request, asked) = relata::ui::pump::due(&lost, true).unwrap();
    let lost = after(lost, [Action::Asked(request.id, asked), Action::WorkerLost("gone".into())]);
    assert!(lost.script.failure.unwrap().message.contains("while it ran the script"));
    assert!(matches!(lost.engine, EngineStatus::Restarting(_)));
}

#[test]
fn without_a_cascade_the_books_of_a_deleted_author_lose_their_key() {
    let ran = ran(Sample::AuthorBook.project());
    insta::assert_debug_snapshot!(told(&story(&ran)));
    assert_eq!((sent(&ran.outcome), by_itself(&ran.outcome)), (8, 0));
    let changed = &ran.told.tables;
    let [authors, books] = changed.as_slice() else { panic!("{changed:?}") };
    assert!(matches!(authors.rows.as_slice(), [(ChangedRow::Removed(_), Some(_)), ..]));
    assert_eq!(books.rows.len(), 8);
    let (ChangedRow::Changed(before, after), _) = &books.rows[0] else { panic!("{books:?}") };
    assert_eq!((&before[2], &after[2]), (&Value::Integer(1), &Value::Null));
    assert!(
        matches!(&books.rows[7], (ChangedRow::Added(row), None) if row[1] == Value::Text("Lavinia".into()))
    );
}

#[test]
fn what_the_database_does_by_itself_is_told_apart() {
    let mut project = with(vec![delete("1"), StepDraft::Commit]);
    let end = &mut project.draft.relationships[0];
    end.on_delete = OnDelete::Cascade;
    let passive = relata::schema::PassiveDeletes::All;
    end.left.cascades = Cascades { passive_deletes: passive, ..Cascades::default() };
    let ran = ran(project);
    insta::assert_debug_snapshot!(told(&story(&ran)));
    assert_eq!(by_itself(&ran.outcome), 3);
}

#[test]
fn what_blocks_a_deletion_is_named() {
    let mut project = with(vec![delete("1"), StepDraft::Commit, StepDraft::Rollback]);
    let passive = relata::schema::PassiveDeletes::All;
    project.draft.relationships[0].left.cascades =
        Cascades { passive_deletes: passive, ..Cascades::default() };
    let ran = ran(project);
    insta::assert_debug_snapshot!(told(&story(&ran)));
    assert!(ran.told.tables.is_empty());
}

#[test]
fn the_samples_scripts_say_what_they_are_for() {
    let all: Vec<_> =
        Sample::all().map(|sample| (sample.title(), told(&story(&ran(sample.project()))))).collect();
    insta::assert_debug_snapshot!(all);
}

#[test]
fn each_program_has_the_models_and_the_query_or_says_why_not() {
    let state = start();
    let (good, planned) = (state.good.unwrap(), state.compiled.planned.clone().unwrap());
    for language in [Language::SqlAlchemy, Language::Django] {
        let program = program(language, &good, Some(&planned)).unwrap();
        assert!(program.whole.contains("class Author("), "{}", program.whole);
        assert!(program.models.contains("class Book(") && program.query.unwrap().contains("Author"));
        assert_eq!(program.classes[1], ("Book".to_owned(), ModelId(2)));
    }
    let state = State::new(Sample::RoomDesk.project(), Theme::Light);
    let why = program(Language::Django, &state.good.unwrap(), None).unwrap_err();
    assert!(why.contains("several columns"), "{why}");
}

#[test]
fn the_choice_of_a_cascade_keeps_the_script() {
    let state = edit(start(), Edit::Relationship(LINK, RelationshipEdit::OnDelete(OnDelete::Cascade)));
    assert_eq!(state.project.script, Sample::AuthorBook.project().script);
}
