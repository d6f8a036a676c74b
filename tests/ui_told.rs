//! What the page tells, and where; what it keeps aside, and where the focus goes when its place is gone.
#![cfg(all(feature = "page", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod page;

use page::{AUTHOR, AUTHOR_NAME, BOOK, after, edit, rename, served, start, yes};
use relata::project::{Project, RowId, Sample};
use relata::protocol::{Answer, Ask, Consequences, Failure};
use relata::schema::{FieldType, OnDelete, Shape};
use relata::session::StepDraft;
use relata::ui::action::{
    Action, DataEdit, Edit, FieldEdit, ModelEdit, RelationshipEdit, ScriptEdit, Show, Subject,
};
use relata::ui::scripting::Task;
use relata::ui::state::{Panel, State};

fn ask(state: State, row: u32) -> State {
    served(state.after(Action::WhatIf(Subject::Row(AUTHOR, RowId(row)))), yes)
}

fn restore(state: State) -> State {
    edit(state, Edit::Script(ScriptEdit::Restore))
}

#[test]
fn a_question_puts_the_script_aside_and_gives_it_back_whole() {
    let written = Sample::AuthorBook.project().script;
    let asked = ask(start(), 1);
    assert_eq!((asked.project.script.steps.len(), asked.project.aside.as_slice()), (2, &[written][..]));
    assert_eq!(restore(asked.clone()).project, start().project);
    // Another question gives way to the next; committing one forgets nothing.
    let again = ask(asked.clone(), 2);
    assert_eq!(again.project.aside.len(), 1);
    let committed = asked.after(Action::CommitScript);
    assert_eq!(restore(committed).project.script, start().project.script);
    // Nor does undo, which takes the question back with what it put aside.
    assert_eq!(again.after(Action::Undo).after(Action::Undo).project, start().project);
}

#[test]
fn steps_added_to_a_question_are_a_script_that_the_next_one_puts_aside_too() {
    let longer = edit(ask(start(), 1), Edit::Script(ScriptEdit::Add(StepDraft::Flush)));
    let next = ask(longer.clone(), 2);
    assert_eq!(next.project.aside.len(), 2);
    let back = restore(next);
    assert_eq!(back.project, longer.project);
    assert_eq!(restore(back).project, start().project);
}

#[test]
fn what_is_aside_is_saved_and_read_again() {
    let asked = ask(start(), 1);
    let read = Project::from_json(&asked.project.to_json()).unwrap();
    assert_eq!(read, *asked.project);
    assert!(!start().project.to_json().contains("aside"), "files without a question stay as they were");
}

#[test]
fn an_empty_project_says_what_to_begin_with_instead_of_errors() {
    let empty = start().after(Action::NewProject);
    assert!(!empty.has_something_to_run());
    for task in [Task::Query, Task::Session] {
        let state = after(empty.clone(), [Action::Show(Show::Task(task)), Action::Run]);
        assert!(!state.is_running());
        let notice = state.notice.unwrap();
        assert!(!notice.bad && notice.text.starts_with("There is no model yet."), "{}", notice.text);
        assert_eq!(notice.lead.unwrap().panel, Panel::Define);
    }
    assert!(empty.clone().after(Action::Show(Show::Task(Task::Sql))).has_something_to_run());
    assert!(edit(empty, Edit::AddModel).has_something_to_run());
}

/// A worker that lets no row go.
fn no(ask: &Ask) -> Result<Answer, Failure> {
    let (message, sqlite) = ("It cannot be deleted.".into(), "its words".into());
    match ask {
        Ask::Foresee(..) => {
            Ok(Answer::Foreseen(Consequences::Blocked { message, sqlite, by: vec![RowId(6)] }))
        }
        other => yes(other),
    }
}

#[test]
fn why_a_row_was_not_deleted_is_told_at_the_row_until_something_changes() {
    let delete = |rows: &[u32]| Action::DeleteRows(AUTHOR, rows.iter().copied().map(RowId).collect());
    let state = served(start().after(delete(&[1])), no);
    let blocked = state.blocked.clone().unwrap();
    assert_eq!((blocked.row, blocked.sqlite.as_str()), (RowId(1), "its words"));
    assert!(blocked.text.starts_with("It cannot be deleted. In the way: Book"), "{}", blocked.text);
    assert!(state.notice.is_none());
    let on_delete = RelationshipEdit::OnDelete(OnDelete::Cascade);
    assert!(edit(state.clone(), Edit::Relationship(page::LINK, on_delete)).blocked.is_none());
    assert!(state.clone().after(Action::DismissNotice).blocked.is_none());
    assert!(state.after(delete(&[2])).blocked.is_none(), "the next one is another question");
    // Several rows have no place in common, and a grid that is not shown has none in sight.
    let several = served(start().after(delete(&[1, 2])), no);
    assert!(several.blocked.is_none() && several.notice.unwrap().bad);
    let hidden = after(start(), [Action::Show(Show::Grid(BOOK)), delete(&[1])]);
    assert!(served(hidden, no).notice.unwrap().bad);
}

#[test]
fn undo_names_the_place_for_a_focus_whose_element_went() {
    let field = FieldEdit::Type(FieldType::Integer);
    for (made, element) in [
        (Edit::AddRelationship(Shape::OneToMany, AUTHOR, BOOK), Some("add-relationship")),
        (Edit::AddModel, Some("add-model")),
        (Edit::Model(BOOK, ModelEdit::AddField), Some("m2-add-field")),
        (Edit::Data(DataEdit::AddRow(AUTHOR)), Some("add-row")),
        (Edit::Script(ScriptEdit::Add(StepDraft::Flush)), Some("script-add")),
        (Edit::Field(AUTHOR, AUTHOR_NAME, field), None),
    ] {
        let state = edit(start(), made).after(Action::Undo);
        let focus = state.focus.as_ref().map(|focus| (focus.element.as_str(), focus.if_lost));
        assert_eq!(focus, element.map(|element| (element, true)));
    }
}

#[test]
fn a_sample_opened_again_says_that_the_changed_one_was_replaced() {
    let changed = start().after(rename(BOOK, "Volume"));
    let text = |sample| changed.clone().after(Action::OpenSample(sample)).notice.unwrap().text;
    assert_eq!(
        text(Sample::AuthorBook),
        "“Author and Book” is open anew. Your changed version was replaced: Undo brings it back."
    );
    assert_eq!(
        text(Sample::StudentCourse),
        "“Student and Course” is open. Undo brings “Author and Book” back."
    );
}
