//! Everything one can do has a name and is found by it; every change of the document can be taken back.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use relata::query::{IncludeDraft, Strategy};
use relata::schema::{EndId, FieldType, Shape, Side};
use relata::session::StepDraft;
use relata::ui::action::{
    Action, DataEdit, Edit, FieldEdit, ModelEdit, QueryEdit, RelationshipEdit, ScriptEdit, Show,
};
use relata::ui::commands::{Command, Deed, everywhere, find, here};
use relata::ui::scripting::Task;
use relata::ui::state::{Panel, State};

mod page;
use page::{AUTHOR, AUTHOR_NAME, BOOK, LINK, after, edit, start};

fn all(state: &State) -> Vec<Command> {
    everywhere().into_iter().chain(here(state)).collect()
}

fn named<'a>(commands: &'a [Command], name: &str) -> &'a Command {
    commands.iter().find(|command| command.name == name).unwrap()
}

fn acts(command: &Command) -> Vec<Action> {
    let action = |deed: &Deed| match deed {
        Deed::Act(action) => Some(action.clone()),
        Deed::Press(_) | Deed::Focus(_) => None,
    };
    command.deeds.iter().filter_map(action).collect()
}

#[test]
fn names_and_keys_are_taken_once() {
    let commands = all(&start());
    let names: BTreeSet<&str> = commands.iter().map(|command| command.name.as_str()).collect();
    assert_eq!(names.len(), commands.len());
    let keys: Vec<_> = commands.iter().flat_map(|command| command.keys).collect();
    for (at, one) in keys.iter().enumerate() {
        assert!(!keys[at + 1..].contains(one), "{one:?} does two things");
    }
}

#[test]
fn keys_are_those_that_are_told() {
    let commands = everywhere();
    let pressed = |ctrl, shift, key: &str, typing| {
        let found =
            commands.iter().find(|one| one.keys.iter().any(|keys| keys.are(ctrl, shift, key, typing)));
        found.map(|command| command.name.as_str())
    };
    assert_eq!(pressed(true, false, "k", true), Some("Commands"));
    assert_eq!(pressed(true, true, "Z", true), Some("Redo"));
    assert_eq!(pressed(true, false, "z", true), Some("Undo"));
    assert_eq!(pressed(true, false, "Enter", true), Some("Run"));
    assert_eq!(pressed(false, true, "?", false), Some("Help and keys"));
    assert_eq!(pressed(false, true, "?", true), None);
    assert_eq!(pressed(false, false, "F1", true), Some("Help and keys"));
    assert_eq!(pressed(false, false, "z", false), None);
    assert_eq!(named(&commands, "Redo").keys[0].told(), ["Ctrl", "Shift", "Z"]);
}

#[test]
fn every_command_can_be_taken_back_if_it_changes_the_document() {
    for command in all(&start()) {
        if command.keys.iter().any(|keys| keys.told == "Z") {
            continue;
        }
        let before = start();
        let state = after(before.clone(), acts(&command));
        let undone = state.clone().after(Action::Undo);
        assert_eq!(undone.project, before.project, "{}", command.name);
        if state.project != before.project {
            assert_eq!(undone.after(Action::Redo).project, state.project, "{}", command.name);
        }
    }
}

#[test]
fn every_kind_of_edit_is_a_step_of_the_history() {
    let books = EndId { relationship: LINK, side: Side::Left };
    let row = start().project.data.rows_of(AUTHOR)[0].id;
    let edits = [
        Edit::Rename("Other".into()),
        Edit::AddModel,
        Edit::Model(AUTHOR, ModelEdit::Name("Writer".into())),
        Edit::Field(AUTHOR, AUTHOR_NAME, FieldEdit::Type(FieldType::Integer)),
        Edit::AddRelationship(Shape::OneToMany, BOOK, AUTHOR),
        Edit::Relationship(LINK, RelationshipEdit::Required(true)),
        Edit::Data(DataEdit::Link(books.reverse(), start().project.data.rows_of(BOOK)[0].id, None)),
        Edit::Data(DataEdit::Discard(vec![row])),
        Edit::Query(QueryEdit::RemoveInclude(vec![0])),
        Edit::Query(QueryEdit::Include(vec![0], IncludeDraft::new(books.reverse(), Strategy::Lazy, vec![]))),
        Edit::Script(ScriptEdit::Add(StepDraft::Commit)),
        Edit::Sql("SELECT 1".into()),
    ];
    for one in edits {
        let state = edit(start(), one.clone());
        assert_ne!(state.project, start().project, "{one:?}");
        let undone = state.clone().after(Action::Undo);
        assert_eq!(undone.project, start().project, "{one:?}");
        assert_eq!(undone.after(Action::Redo).project, state.project, "{one:?}");
    }
}

#[test]
fn models_relationships_views_and_samples_are_gone_to_by_name() {
    let commands = all(&start());
    let to_author = named(&commands, "Model Author");
    assert_eq!(to_author.deeds.last(), Some(&Deed::Focus("#m1-name".into())));
    let link = named(&commands, "Relationship Author.books ⇄ Book.author");
    assert_eq!(link.deeds.last(), Some(&Deed::Focus("#r3-left".into())));
    let sql = after(start(), acts(named(&commands, "SQL: write it by hand")));
    assert_eq!((sql.view.task, sql.view.panel), (Task::Sql, Panel::Query));
    let hidden = start().after(Action::Show(Show::Task(Task::Session)));
    let graph = after(hidden, acts(named(&commands, "Results: Graph")));
    assert_eq!(graph.view.task, Task::Query, "the results of the query are seen only there");
    let tree = after(start(), acts(named(&commands, "Tree of categories: one-to-many with itself")));
    assert_eq!(tree.project.name, "Tree of categories");
    let joined = after(start(), acts(named(&commands, "Load all relationships joined")));
    assert_eq!(joined.project.query.includes[0].strategy, Strategy::Joined);
}

#[test]
fn a_row_is_added_to_the_model_that_is_named() {
    let state = after(start(), acts(named(&all(&start()), "Add a row to Book")));
    assert_eq!(state.project.data.rows_of(BOOK).len(), 8);
    assert_eq!((state.view.grid, state.view.panel), (Some(BOOK), Panel::Data));
    assert!(state.focus.is_some(), "the new row has the focus");
}

fn check(typed: &str, names: &[&str], expected: &[(usize, &[usize])]) {
    let names: Vec<(&str, &str)> = names.iter().map(|name| (*name, "Do")).collect();
    let found: Vec<(usize, Vec<usize>)> =
        find(typed, &names).into_iter().map(|found| (found.at, found.letters)).collect();
    let expected: Vec<(usize, Vec<usize>)> =
        expected.iter().map(|(at, letters)| (*at, letters.to_vec())).collect();
    assert_eq!(found, expected, "{typed}");
}

#[test]
fn what_is_typed_is_found_by_words_by_parts_and_by_letters() {
    check("au mo", &["Model Author"], &[(0, &[0, 1, 6, 7])]);
    check("thor", &["Model Author"], &[(0, &[8, 9, 10, 11])]);
    check("mthr", &["Model Author", "Undo"], &[(0, &[0, 8, 9, 11])]);
    check(
        "undo",
        &["x undo", "dundo", "Undo"],
        &[(2, &[0, 1, 2, 3]), (0, &[2, 3, 4, 5]), (1, &[1, 2, 3, 4])],
    );
    check("zz", &["Undo"], &[]);
    check("İ ß", &["Straße İ"], &[(0, &[4, 7])]);
}

#[test]
fn a_place_of_just_that_name_comes_first_and_a_noun_offers_to_add_one() {
    let commands = all(&start());
    let names: Vec<(&str, &str)> =
        commands.iter().map(|command| (command.name.as_str(), command.group)).collect();
    let first = |typed| names[find(typed, &names)[0].at].0;
    assert_eq!(first("objects"), "Results: Objects");
    assert_eq!(first("session"), "Session: change objects");
    assert_eq!(first("book"), "Model Book");
    assert_eq!(first("relationship"), "Add a relationship");
    assert_eq!(first("rel"), "Relationship Author.books ⇄ Book.author");
    assert_eq!(first(""), "Run");
}
