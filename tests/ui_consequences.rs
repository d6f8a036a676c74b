//! What if …: the question about an object, what is told of it, its settings switched, and how it ends.
#![cfg(all(feature = "page", feature = "worker", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod page;

use page::{AUTHOR, BOOK, BOOK_TITLE, LINK, edit, start, yes};
use relata::project::{Project, Recipe, RowId, Sample};
use relata::protocol::{Answer, Ask, Failure};
use relata::schema::{Cascades, ModelId, OnDelete, Side};
use relata::session::{ObjectDraft, StepDraft};
use relata::ui::action::{Action, Edit, RelationshipEdit, ScriptEdit, Show, Subject};
use relata::ui::consequences::{By, Group, Told, in_sql};
use relata::ui::provenance;
use relata::ui::pump::due;
use relata::ui::refusing;
use relata::ui::scripting::{ScriptTab, Task};
use relata::ui::state::{Panel, State, Theme};
use relata::value::Value;
use relata::worker::Session;

/// What a worker that really runs everything leaves, once nothing is to be asked any more.
fn served(state: State) -> State {
    let worker = std::cell::RefCell::new(Session::default());
    page::served(state, |ask: &Ask| -> Result<Answer, Failure> {
        match ask {
            Ask::Hello => yes(ask),
            other => worker.borrow_mut().answer(other.clone()),
        }
    })
}

fn what_if(state: State, model: ModelId, row: u32) -> State {
    served(state.after(Action::WhatIf(Subject::Row(model, RowId(row)))))
}

fn told(state: &State) -> &Told {
    &state.script.ran.as_ref().unwrap().told
}

/// A group in one line: what becomes of which rows, by whom, and whether a setting decided it.
fn line(group: &Group) -> String {
    let rows: Vec<&str> = group.rows.iter().map(|(key, _)| key.as_str()).collect();
    let by = match &group.by {
        By::Session { statement, verb, why } => format!("session {verb} {statement}, {why}"),
        By::Database { rule, statement } => format!("database {rule} at {statement}"),
        By::Key(rule) => format!("refused by {rule}"),
        By::Nobody => "nobody".into(),
    };
    let setting = group.setting.map_or(String::new(), |setting| format!(" [{}]", setting.end.relationship));
    format!("{:?} {} {}: {by}{setting}", group.fate, group.name, rows.join(" "))
}

fn lines(state: &State) -> Vec<String> {
    std::iter::once(told(state).headline.clone()).chain(told(state).groups.iter().map(line)).collect()
}

fn on_delete(on_delete: OnDelete) -> Edit {
    Edit::Relationship(LINK, RelationshipEdit::OnDelete(on_delete))
}

fn cascades(cascades: Cascades) -> Edit {
    Edit::Relationship(LINK, RelationshipEdit::Cascades(Side::Left, cascades))
}

fn left_to_the_database() -> Cascades {
    Cascades { passive_deletes: relata::schema::PassiveDeletes::All, ..Cascades::default() }
}

/// What is said of a DELETE in SQL beside the session's answer.
fn said_of_sql(state: &State) -> String {
    let ran = state.script.ran.as_ref().unwrap();
    in_sql(&ran.told.groups, &ran.good.relational)
}

#[test]
fn beside_the_sessions_answer_stands_why_that_of_sql_is_another() {
    let said = |action: OnDelete, chosen: Cascades| {
        said_of_sql(&what_if(edit(edit(start(), on_delete(action)), cascades(chosen)), AUTHOR, 1))
    };
    let (nulls, deletes) = (Cascades::default(), Cascades { delete: true, ..Cascades::default() });
    assert_eq!(
        said(OnDelete::NoAction, nulls),
        "would be refused: there, no session sets the keys to NULL first, and ON DELETE NO ACTION decides."
    );
    assert_eq!(
        said(OnDelete::SetNull, deletes),
        "would only set the keys to NULL: there, no session deletes the rows first, and ON DELETE SET NULL decides."
    );
    assert_eq!(said(OnDelete::SetNull, nulls), "comes to the same here.");
    assert_eq!(
        said(OnDelete::NoAction, left_to_the_database()),
        "is refused, too: nothing is done about the rows beforehand."
    );
}

#[test]
fn a_question_is_told_and_told_anew_when_a_setting_is_switched() {
    let state = what_if(start(), AUTHOR, 1);
    assert_eq!((state.view.task, state.view.script), (Task::Session, ScriptTab::Consequences));
    assert_eq!(
        state.project.script.steps,
        [
            StepDraft::Delete { object: ObjectDraft::Stored(Some(AUTHOR), vec!["1".into()]) },
            StepDraft::Commit
        ]
    );
    assert_eq!(
        lines(&state),
        [
            "1 row goes, 3 have their key set to NULL; nothing blocks.",
            "Gone Author 1: session DELETE 4, deleted",
            "Cleared Book 1 2 3: session UPDATE 3, Author deleted: key of its books set to NULL [r3]",
        ]
    );
    // Nothing is asked again but because of the switch.
    let state = served(edit(state, cascades(Cascades { delete: true, ..Cascades::default() })));
    assert_eq!(
        lines(&state),
        [
            "4 rows go; nothing blocks.",
            "Gone Book 1 2 3: session DELETE 3, delete cascade of Author.books [r3]",
            "Gone Author 1: session DELETE 4, deleted",
        ]
    );
    let state = served(edit(state, cascades(left_to_the_database())));
    assert_eq!(
        lines(&state),
        [
            "Nothing changes: 3 rows stand in the way.",
            "Blocks Book 1 2 3: refused by ON DELETE NO ACTION [r3]"
        ]
    );
    let state = served(edit(state, on_delete(OnDelete::Cascade)));
    assert_eq!(
        lines(&state),
        [
            "4 rows go; nothing blocks.",
            "Gone Author 1: session DELETE 2, deleted",
            "Gone Book 1 2 3: database ON DELETE CASCADE at 2 [r3]",
        ]
    );
    let state = served(edit(state, on_delete(OnDelete::SetNull)));
    assert_eq!(lines(&state)[2], "Cleared Book 1 2 3: database ON DELETE SET NULL at 2 [r3]");
    assert_eq!(state.project.data, start().project.data, "the rows are as they were all along");
}

#[test]
fn what_was_told_is_committed_as_it_was_told_and_undone() {
    let state = served(edit(what_if(start(), AUTHOR, 1), on_delete(OnDelete::SetNull)));
    let state = served(state.after(Action::CommitScript));
    assert_eq!(state.notice.as_ref().unwrap().text, "Committed: 1 row goes, 3 have their key set to NULL.");
    assert!(state.script.is_committed() && !state.is_running(), "it is not run again on what it has left");
    let data = &state.project.data;
    assert_eq!((data.rows_of(AUTHOR).len(), data.rows_of(BOOK).len(), data.links_of(LINK).len()), (4, 7, 4));
    let back = served(state.after(Action::Undo));
    assert_eq!(back.project.data, start().project.data);
    assert!(!back.script.is_committed());
    assert_eq!(told(&back).headline, "1 row goes, 3 have their key set to NULL; nothing blocks.");
}

#[test]
fn what_changed_since_is_not_committed() {
    let state = what_if(start(), AUTHOR, 1);
    let before = state.project.data.clone();
    let changed = edit(state, on_delete(OnDelete::Cascade)).after(Action::CommitScript);
    assert_eq!(changed.project.data, before);
    assert!(changed.notice.unwrap().bad);
}

#[test]
fn rolling_back_brings_the_script_back_and_leaves_the_rows() {
    let state = what_if(what_if(start(), AUTHOR, 1), AUTHOR, 2);
    let state = served(state.after(Action::RollBackScript));
    assert_eq!(state.project, start().project);
    assert!(state.script.ran.is_none() && !state.is_running());
    assert_eq!(state.notice.unwrap().text, "Rolled back: your rows are as they were.");
}

#[test]
fn what_is_over_is_not_rolled_back() {
    let committed = served(what_if(start(), AUTHOR, 1).after(Action::CommitScript));
    let state = committed.clone().after(Action::RollBackScript);
    assert_eq!(state.project, committed.project, "the script of the question stays");
    let own = |state: State| edit(state, Edit::Script(ScriptEdit::Set(0, StepDraft::Flush)));
    // The question is undone and redone, and made another script before the next one.
    let written = own(what_if(start(), AUTHOR, 1).after(Action::Undo).after(Action::Redo));
    let state = what_if(written.clone(), AUTHOR, 2).after(Action::RollBackScript);
    assert_eq!(state.project.script, written.project.script);
    // A setting that is undone leaves the question as it is.
    let tried = edit(what_if(start(), AUTHOR, 1), on_delete(OnDelete::Cascade)).after(Action::Undo);
    assert_eq!(tried.after(Action::RollBackScript).project, start().project);
}

#[test]
fn a_run_that_is_under_way_is_rolled_back() {
    let wanted = page::served(start(), yes).after(Action::WhatIf(Subject::Row(AUTHOR, RowId(1))));
    assert!(wanted.script.wanted && !wanted.clone().after(Action::RollBackScript).is_running());
    let (request, asked) = due(&wanted, true).unwrap();
    let running = wanted.after(Action::Asked(request.id, asked));
    assert!(running.script.running.is_some());
    let back = running.after(Action::RollBackScript);
    assert!(back.script.running.is_none());
    for answer in [yes(&request.ask), Err(page::failure("no"))] {
        let late = back.clone().after(Action::Answered(request.id, answer));
        assert!(late.script.ran.is_none() && late.script.failure.is_none() && !late.is_running());
    }
}

#[test]
fn an_object_of_a_result_is_asked_about_by_its_key_and_unlinked_or_changed_instead() {
    let subject = Subject::Object(BOOK, vec![Value::Integer(7)]);
    let state = served(start().after(Action::WhatIf(subject)));
    assert_eq!(lines(&state)[1..], ["Gone Book 7: session DELETE 2, deleted"]);
    let book = ObjectDraft::Stored(Some(BOOK), vec!["7".into()]);
    let end = relata::schema::EndId { relationship: LINK, side: Side::Right };
    let unlink = StepDraft::Unlink { object: book.clone(), end: Some(end), target: None };
    let state = served(edit(state, Edit::Script(ScriptEdit::Set(0, unlink))));
    assert_eq!(lines(&state)[0], "1 row has its key set to NULL; nothing blocks.");
    let set =
        StepDraft::Set { object: book, field: Some(BOOK_TITLE), value: Some("Go Set a Watchman".into()) };
    let state = served(edit(state, Edit::Script(ScriptEdit::Set(0, set))));
    assert_eq!(
        lines(&state),
        ["1 row changes; nothing blocks.", "Changed Book 7: session UPDATE 2, changed"]
    );
}

#[test]
fn a_script_that_does_not_commit_keeps_nothing_and_one_not_looked_at_does_not_follow() {
    let mut state = what_if(start(), AUTHOR, 1);
    state = served(edit(state, Edit::Script(ScriptEdit::Set(1, StepDraft::Flush))));
    assert_eq!(lines(&state), ["Nothing is kept: the script does not commit."]);
    let state = state.after(Action::Show(Show::Script(ScriptTab::Statements)));
    let state = served(edit(state, on_delete(OnDelete::Cascade)));
    assert!(state.script.is_stale(), "it says so and offers to run again");
}

#[test]
fn rows_that_would_point_nowhere_are_told_alike_by_the_question_and_by_the_bin() {
    let project: Project = Sample::Comments.project();
    let post = project.draft.models.iter().find(|model| model.name == "Post").unwrap().id;
    let row = project.data.rows_of(post)[0].id;
    let start = State::new(project, Theme::Light);
    let state = what_if(start.clone(), post, row.0);
    assert_eq!(
        lines(&state),
        [
            "1 row goes, 2 point nowhere; nothing blocks.",
            "Gone Post 1: session DELETE 2, deleted",
            "Dangling Comment 1 4: nobody [r10]",
        ]
    );
    let state = served(start.after(Action::DeleteRows(post, vec![row])));
    let text = state.notice.unwrap().text;
    assert!(text.ends_with("deleted: 1 row goes, 2 point nowhere."), "{text}");
}

#[test]
fn objects_of_kinds_in_several_tables_are_asked_about_as_rows_and_as_objects() {
    let mut project: Project = Sample::Publications.project();
    let article = project.draft.models.iter().find(|model| model.name == "Article").unwrap().id;
    let row = project.data.rows_of(article)[1].id;
    project.data.generated = Some(Recipe::default());
    let start = State::new(project, Theme::Light);
    let object = |key| Subject::Object(article, vec![Value::Integer(key)]);
    for subject in [Subject::Row(article, row), object(5)] {
        let state = start.clone().after(Action::WhatIf(subject));
        let stored = ObjectDraft::Stored(Some(article), vec!["5".into()]);
        assert_eq!(state.project.script.steps[0], StepDraft::Delete { object: stored });
        assert!(told(&served(state)).headline.ends_with("nothing blocks."));
    }
    let state = start.after(Action::WhatIf(object(9)));
    assert!(state.notice.unwrap().text.starts_with("This object is of a generated row."));
}

#[test]
fn an_object_says_in_words_where_it_came_from() {
    let state = served(start().after(Action::Run));
    let ran = state.outcome.as_ref().unwrap();
    let words: Vec<String> =
        ran.outcome.graph.objects.iter().filter_map(|object| provenance::words(ran, object.id)).collect();
    assert_eq!(
        words[..2],
        ["Author 1 came from row 1 of statement 1.", "Book 1 came from row 1 of statement 2."]
    );
    assert_eq!(words.len(), 12);
}

/// What SQLite refuses leads to the list that says so, also from where there is no form.
#[test]
fn a_refusal_leads_to_the_list_of_on_delete() {
    let refused = served(start().after(Action::DeleteRows(AUTHOR, vec![RowId(1)])));
    assert_eq!(refused.blocked.as_ref().unwrap().by, Some(LINK));
    let presented = refused.clone().after(Action::Show(Show::Presenting(true)));
    let there = presented.after(Action::Show(Show::OnDelete(LINK)));
    assert_eq!(there.focus.unwrap().element, refusing::on_delete_id(LINK));
    assert_eq!((there.view.panel, there.view.presenting), (Panel::Define, false));
    let cascading =
        edit(refused, on_delete(OnDelete::Cascade)).after(Action::DeleteRows(AUTHOR, vec![RowId(1)]));
    let went = served(cascading);
    assert!(went.blocked.is_none() && went.notice.unwrap().refused_by.is_none());
    let both = start().after(Action::DeleteRows(AUTHOR, vec![RowId(1), RowId(2)]));
    assert_eq!(
        served(both).notice.unwrap().refused_by,
        Some(LINK),
        "where there is no one row to tell it at"
    );
}
