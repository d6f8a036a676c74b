//! The page's reducer, spoken to through actions: what each does to the document, and what can be undone.
#![cfg(all(feature = "page", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod page;

use std::collections::BTreeMap;

use page::{AUTHOR, AUTHOR_NAME, BOOK, BOOK_TITLE, LINK, after, edit, name_of, rename, served, start, yes};
use relata::project::{Project, RowId, Sample};
use relata::query::{
    FilterDraft, IncludeDraft, Joiner, OrderDraft, QueryDraft, StepId, Strategy, Test, TestDraft,
};
use relata::schema::{EndId, FieldId, FieldType, ModelId, OnDelete, RelationshipPart, Shape, Side};
use relata::ui::action::{
    Action, DataEdit, Edit, FieldEdit, FilterEdit, ModelEdit, QueryEdit, RelationshipEdit, Show,
};
use relata::ui::state::{Panel, ResultTab, State, Theme};

#[test]
fn the_first_visit_shows_the_sample_that_everybody_knows() {
    let state = start();
    assert_eq!(state.project.name, "Author and Book");
    assert!(state.good.is_some() && state.compiled.planned.is_some());
    assert_eq!(state.view.grid, Some(AUTHOR));
    assert!(!state.run_wanted && state.outcome.is_none());
}

#[test]
fn typing_a_name_is_one_step_and_undo_takes_it_back_whole() {
    let state = after(start(), ["W", "Wr", "Wri", "Writer"].map(|name| rename(AUTHOR, name)));
    assert_eq!(state.history.undo.len(), 1);
    let state = state.after(rename(BOOK, "Work"));
    assert_eq!(state.history.undo.len(), 2);
    let state = after(state, [Action::Undo, Action::Undo]);
    assert_eq!(*state.project, Sample::AuthorBook.project());
    let state = after(state, [Action::Redo, Action::Redo]);
    assert_eq!((name_of(&state, AUTHOR), name_of(&state, BOOK)), ("Writer", "Work"));
    assert_eq!(after(start(), [Action::Undo, Action::Redo]), start());
}

#[test]
fn an_edit_after_an_undo_forgets_what_could_be_redone() {
    let state = after(start(), [rename(AUTHOR, "Writer"), Action::Undo, rename(BOOK, "Work")]);
    assert!(state.history.redo.is_empty());
    assert_eq!(name_of(&state, AUTHOR), "Author");
}

#[test]
fn an_edit_that_changes_nothing_is_no_step() {
    let state = after(start(), [rename(AUTHOR, "Author"), rename(ModelId(99), "Nobody")]);
    assert_eq!(state, start());
}

#[test]
fn the_history_has_an_end() {
    let steps = relata::ui::state::UNDO_STEPS + 20;
    let toggles =
        (0..steps).map(|at| Action::Edit(Edit::Field(AUTHOR, AUTHOR_NAME, FieldEdit::Unique(at % 2 == 0))));
    assert_eq!(after(start(), toggles).history.undo.len(), relata::ui::state::UNDO_STEPS);
}

#[test]
fn errors_keep_the_last_good_schema() {
    let state = start().after(rename(BOOK, "Author"));
    assert!(state.has_errors() && state.compiled.planned.is_none());
    assert_eq!(state.good, start().good);
    let state = state.after(rename(BOOK, "Authors"));
    assert!(!state.has_errors());
    assert_eq!(state.good, state.compiled.good);
}

#[test]
fn opening_a_sample_forgets_the_outcome_and_can_be_undone() {
    let ran = served(start().after(Action::Run), yes);
    assert!(ran.outcome.is_some());
    let state = ran.after(Action::OpenSample(Sample::StudentCourse));
    assert_eq!(state.project.name, "Student and Course");
    assert!(state.outcome.is_none() && !state.run_wanted && state.refusals.is_empty());
    assert!(state.notice.is_none(), "a sample that was only looked at is no loss");
    let state = state.after(Action::Undo);
    assert_eq!(state.project.name, "Author and Book");
}

#[test]
fn opening_over_work_says_that_undo_brings_it_back() {
    let state = after(start(), [rename(AUTHOR, "Writer"), Action::OpenSample(Sample::UserProfile)]);
    assert!(state.notice.as_ref().is_some_and(|notice| notice.undoable));
    let state = state.after(Action::Undo);
    assert!(state.notice.is_none());
    assert_eq!(name_of(&state, AUTHOR), "Writer");
    let mine = Project { name: "Mine".into(), ..Sample::UserProfile.project() };
    assert_eq!(state.after(Action::Open(Box::new(mine))).project.name, "Mine");
}

#[test]
fn undoing_into_another_document_takes_the_outcome_away() {
    let state = served(after(start(), [Action::OpenSample(Sample::UserProfile), Action::Run]), yes);
    assert!(state.outcome.is_some());
    assert!(state.after(Action::Undo).outcome.is_none());
}

// ---- edits of the schema

#[test]
fn a_new_model_has_a_key_and_a_name_of_its_own_and_gets_the_focus() {
    let state = after(start(), [Action::Edit(Edit::AddModel), Action::Edit(Edit::AddModel)]);
    let models = &state.project.draft.models;
    let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
    assert_eq!(names, ["Author", "Book", "Model", "Model2"]);
    assert!(models[3].fields[0].primary_key);
    assert!(!state.has_errors());
    assert_eq!(state.focus.unwrap().element, format!("{}-name", models[3].id));
    assert_eq!(state.view.grid, Some(models[3].id));
}

#[test]
fn the_first_model_of_an_empty_project_becomes_the_query_s() {
    let empty = Project {
        name: String::new(),
        draft: Default::default(),
        data: Default::default(),
        query: QueryDraft::default(),
        script: Default::default(),
        ..Project::default()
    };
    let state = edit(State::new(empty, Theme::Light), Edit::AddModel);
    assert_eq!(state.project.query.root, Some(state.project.draft.models[0].id));
    assert!(state.compiled.planned.is_some());
}

#[test]
fn deleting_a_model_takes_what_hangs_on_it() {
    let state = edit(start(), Edit::Model(BOOK, ModelEdit::Delete));
    let project = &state.project;
    assert!(project.draft.relationships.is_empty() && project.data.links.is_empty());
    assert_eq!(project.data.row_count(), 5);
    assert!(project.query.includes.is_empty());
    assert!(!state.has_errors());
    let shown = edit(start().after(Action::Show(Show::Grid(BOOK))), Edit::Model(BOOK, ModelEdit::Delete));
    assert_eq!(shown.view.grid, Some(AUTHOR));
    assert_eq!(*state.after(Action::Undo).project, Sample::AuthorBook.project());
}

#[test]
fn models_fields_and_relationships_move_as_far_as_they_can() {
    let first = |state: &State| state.project.draft.models[0].id;
    let state = edit(start(), Edit::Model(BOOK, ModelEdit::Move(-1)));
    assert_eq!(first(&state), BOOK);
    let state = edit(state, Edit::Model(BOOK, ModelEdit::Move(-5)));
    assert_eq!(first(&state), BOOK);
    let state = edit(state, Edit::Field(BOOK, FieldId(6), FieldEdit::Move(1)));
    assert_eq!(state.project.draft.models[0].fields[0].id, BOOK_TITLE);
    let state = edit(state, Edit::AddRelationship(Shape::ManyToMany, AUTHOR, BOOK));
    let added = state.project.draft.relationships[1].id;
    let state = edit(state, Edit::Relationship(added, RelationshipEdit::Move(-1)));
    assert_eq!(state.project.draft.relationships[0].id, added);
}

#[test]
fn every_part_of_a_field_can_be_changed() {
    let field = |edit: FieldEdit| Edit::Field(BOOK, BOOK_TITLE, edit);
    let edits = [
        FieldEdit::Name("name".into()),
        FieldEdit::Type(FieldType::Date),
        FieldEdit::PrimaryKey(true),
        FieldEdit::Required(true),
        FieldEdit::Unique(true),
        FieldEdit::Default(Some("now".into())),
        FieldEdit::Column("name_".into()),
    ];
    let state = edits.into_iter().fold(start(), |state, change| edit(state, field(change)));
    let changed = state.project.draft.models[1].field(BOOK_TITLE).unwrap().clone();
    assert_eq!(
        (changed.name.as_str(), changed.field_type, changed.column.as_str()),
        ("name", FieldType::Date, "name_")
    );
    assert!(changed.primary_key && changed.required && changed.unique);
    assert_eq!(changed.default.as_deref(), Some("now"));
    let state = edit(state, Edit::Model(BOOK, ModelEdit::AddField));
    assert_eq!(state.project.draft.models[1].fields.len(), 3);
    let state = edit(state, field(FieldEdit::Delete));
    assert!(state.project.data.rows_of(BOOK).iter().all(|row| !row.cells.contains_key(&BOOK_TITLE)));
}

#[test]
fn every_part_of_a_relationship_can_be_changed() {
    let change = |state, change| edit(state, Edit::Relationship(LINK, change));
    let edits = [
        RelationshipEdit::Name(Side::Left, "works".into()),
        RelationshipEdit::Required(true),
        RelationshipEdit::OnDelete(OnDelete::Cascade),
        RelationshipEdit::Column(RelationshipPart::KeyColumns, 1, "writer".into()),
        RelationshipEdit::Column(RelationshipPart::JoinTable, 0, "pairs".into()),
    ];
    let state = edits.into_iter().fold(start(), change);
    let link = state.project.draft.relationship(LINK).unwrap();
    assert_eq!((link.left.name.as_str(), link.required, link.on_delete), ("works", true, OnDelete::Cascade));
    assert_eq!((link.key_columns.len(), link.join.table.as_str()), (2, "pairs"));
    let state = change(state, RelationshipEdit::Column(RelationshipPart::KeyColumns, 1, String::new()));
    assert!(state.project.draft.relationship(LINK).unwrap().key_columns.is_empty());
    let state = change(state, RelationshipEdit::Delete);
    assert!(state.project.draft.relationships.is_empty() && state.project.query.includes.is_empty());
}

#[test]
fn a_shape_that_costs_links_says_so_and_undo_brings_them_back() {
    let state = edit(start(), Edit::Relationship(LINK, RelationshipEdit::Many(Side::Left, false)));
    assert_eq!(state.project.draft.relationship(LINK).unwrap().shape, Shape::OneToOne);
    let notice = state.notice.clone().unwrap();
    assert!(notice.undoable && notice.text.starts_with("3 links"), "{}", notice.text);
    let state = state.after(Action::Undo);
    assert_eq!(state.project.data.links_of(LINK).len(), 7);
    assert!(state.notice.is_none());
    let state = edit(state, Edit::Relationship(LINK, RelationshipEdit::Shape(Shape::ManyToMany)));
    assert!(state.notice.is_none() && state.project.data.links_of(LINK).len() == 7);
    let state = edit(state, Edit::Relationship(LINK, RelationshipEdit::Model(Side::Right, AUTHOR)));
    assert!(state.project.data.links_of(LINK).is_empty() && !state.has_errors());
}

#[test]
fn turning_and_the_key_side_change_who_holds_the_key() {
    let state = State::new(Sample::UserProfile.project(), Theme::System);
    let holder = |state: &State| {
        let link = state.project.draft.relationship(LINK).unwrap();
        link.holder().and_then(|side| link.end(side).model)
    };
    let before = holder(&state);
    let turned = edit(state.clone(), Edit::Relationship(LINK, RelationshipEdit::Turn));
    assert_eq!(holder(&turned), before, "a one-to-one keeps its key when it is read the other way");
    let moved = edit(state, Edit::Relationship(LINK, RelationshipEdit::KeySide(Side::Right)));
    assert_ne!(holder(&moved), before);
}

// ---- edits of the data

#[test]
fn rows_are_added_with_a_key_and_edited_cell_by_cell() {
    let state = edit(start(), Edit::Data(DataEdit::AddRow(AUTHOR)));
    let row = state.project.data.rows_of(AUTHOR)[5].clone();
    assert_eq!(row.cells.values().collect::<Vec<_>>(), ["6"]);
    assert_eq!(state.focus.as_ref().unwrap().element, format!("{}-{AUTHOR_NAME}", row.id));
    let typed =
        |text: &str| Action::Edit(Edit::Data(DataEdit::Cell(AUTHOR, row.id, AUTHOR_NAME, Some(text.into()))));
    let state = after(state, [typed("S"), typed("Sa"), typed("Sappho")]);
    assert_eq!(state.history.undo.len(), 2);
    let state = edit(state, Edit::Data(DataEdit::Cell(AUTHOR, row.id, AUTHOR_NAME, None)));
    assert_eq!(state.history.undo.len(), 3, "no value is a step of its own");
    assert!(!state.project.data.row(AUTHOR, row.id).unwrap().cells.contains_key(&AUTHOR_NAME));
}

#[test]
fn links_are_made_from_both_ends() {
    let (books, author) =
        (EndId { relationship: LINK, side: Side::Left }, EndId { relationship: LINK, side: Side::Right });
    let (homer, earthsea) = (RowId(5), RowId(6));
    let state = edit(start(), Edit::Data(DataEdit::Toggle(books, homer, earthsea)));
    let authors = |state: &State| state.project.data.linked(LINK, Side::Right, earthsea).collect::<Vec<_>>();
    assert_eq!(authors(&state), [homer], "a book has one author");
    let state = edit(state, Edit::Data(DataEdit::Link(author, earthsea, None)));
    assert!(authors(&state).is_empty());
    assert!(state.compiled == start().compiled, "data compiles to nothing else");
}

// ---- edits of the query

#[test]
fn the_query_is_edited_by_path() {
    let query = |state, change| edit(state, Edit::Query(change));
    let authors =
        IncludeDraft::new(EndId { relationship: LINK, side: Side::Right }, Strategy::Lazy, Vec::new());
    let test = |value: &str| {
        FilterDraft::Test(TestDraft {
            field: Some(AUTHOR_NAME),
            test: Test::Like,
            value: value.into(),
            ..TestDraft::default()
        })
    };
    let state = query(start(), QueryEdit::Include(vec![0], authors));
    let state = query(state, QueryEdit::Strategy(vec![0, 0], Strategy::Joined));
    assert_eq!(state.project.query.includes[0].includes[0].strategy, Strategy::Joined);
    let state = query(state, QueryEdit::EveryStrategy(Strategy::SelectIn));
    assert_eq!(state.project.query.includes[0].strategy, Strategy::SelectIn);
    let state = query(
        state,
        QueryEdit::Filter(None, FilterEdit::Add(vec![], FilterDraft::Group(Joiner::Or, vec![]))),
    );
    let state = query(state, QueryEdit::Filter(None, FilterEdit::Add(vec![0], test("%"))));
    let steps = state.history.undo.len();
    let state = after(
        state,
        ["%a", "%ab"].map(|text| {
            Action::Edit(Edit::Query(QueryEdit::Filter(None, FilterEdit::Set(vec![0, 0], test(text)))))
        }),
    );
    assert_eq!(state.history.undo.len(), steps + 1);
    let state = query(state, QueryEdit::Filter(None, FilterEdit::Joiner(vec![0], Joiner::And)));
    let state = query(state, QueryEdit::Filter(None, FilterEdit::Joiner(vec![], Joiner::Or)));
    assert_eq!(state.project.query.filters, [FilterDraft::Group(Joiner::And, vec![test("%ab")])]);
    assert_eq!(state.project.query.joiner, Joiner::Or);
    let state = query(
        state,
        QueryEdit::Order(vec![OrderDraft {
            field: Some(AUTHOR_NAME),
            descending: true,
            ..OrderDraft::default()
        }]),
    );
    let state = query(state, QueryEdit::Limit("2".into()));
    let state = query(state, QueryEdit::Offset("1".into()));
    assert!(state.compiled.planned.is_some());
    assert_eq!(state.data_revision, 0, "the database does not care about the query");
    let state = query(state, QueryEdit::Filter(None, FilterEdit::Remove(vec![0, 0])));
    let state = query(state, QueryEdit::RemoveInclude(vec![0]));
    assert!(state.project.query.includes.is_empty());
    let state = query(state, QueryEdit::Root(BOOK));
    assert_eq!(
        state.project.query,
        QueryDraft { limit: "2".into(), offset: "1".into(), ..QueryDraft::all(BOOK) }
    );
    let nowhere = query(state.clone(), QueryEdit::Filter(None, FilterEdit::Remove(vec![7, 7])));
    assert_eq!(nowhere, state);
}

#[test]
fn a_query_with_an_error_keeps_the_schema_and_is_not_run() {
    let state = edit(start(), Edit::Query(QueryEdit::Limit("many".into())));
    assert!(state.compiled.planned.is_none() && !state.has_errors());
    let state = state.after(Action::Run);
    assert!(!state.run_wanted && state.notice.unwrap().bad);
}

#[test]
fn what_is_shown_is_no_part_of_the_document() {
    let shown = [
        Show::Panel(Panel::Data),
        Show::Result(ResultTab::Graph),
        Show::Grid(BOOK),
        Show::Step(StepId(1)),
        Show::Theme(Theme::Dark),
    ];
    let state = after(start(), shown.map(Action::Show));
    assert_eq!((state.view.panel, state.view.result), (Panel::Data, ResultTab::Graph));
    assert_eq!((state.view.grid, state.view.step, state.view.theme), (Some(BOOK), StepId(1), Theme::Dark));
    assert_eq!((state.revision, state.history.undo.len()), (0, 0));
    assert_eq!(state.scrolled, BTreeMap::new());
}

#[test]
fn a_new_project_is_empty_and_undo_brings_the_old_one_back() {
    let state = start().after(Action::NewProject);
    assert!(state.project.draft.models.is_empty() && state.view.grid.is_none());
    assert_eq!(state.project.name, "New project");
    let state = edit(state, Edit::AddModel);
    assert_eq!(state.project.query.root, Some(state.project.draft.models[0].id));
    let state = after(state, [Action::Undo, Action::Undo]);
    assert_eq!(*state.project, Sample::AuthorBook.project());
}
