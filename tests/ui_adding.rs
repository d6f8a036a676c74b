//! A relationship that is added breaks nothing, and what keeps something from being run is told with the way to it.
#![cfg(all(feature = "page", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod page;

use page::{AUTHOR, BOOK, LINK, after, edit, start};
use relata::project::Sample;
use relata::query::FilterDraft;
use relata::schema::{ModelId, RelationshipId, Shape, Side};
use relata::session::{ObjectDraft, StepDraft};
use relata::ui::action::{Action, Edit, FilterEdit, QueryEdit, RelationshipEdit, ScriptEdit, Show};
use relata::ui::scripting::Task;
use relata::ui::state::{Panel, State, Theme};

fn names(state: &State) -> [String; 2] {
    let added = state.project.draft.relationships.last().unwrap();
    Side::BOTH.map(|side| state.project.draft.property_name(added, side))
}

#[test]
fn a_second_relationship_between_the_same_models_has_names_of_its_own() {
    let add = Edit::AddRelationship(Shape::OneToMany, AUTHOR, BOOK);
    let state = edit(edit(start(), add.clone()), add);
    assert!(!state.has_errors(), "{:?}", state.compiled.schema_diagnostics);
    assert_eq!(names(&state), ["books_3", "author_3"]);
    assert_eq!(state.focus.unwrap().element, format!("r{}-left", state.project.draft.last_id));
}

#[test]
fn no_relationship_between_any_models_of_a_sample_makes_an_error_of_names() {
    for sample in Sample::all() {
        let state = State::new(sample.project(), Theme::Light);
        let models: Vec<ModelId> = state.project.draft.models.iter().map(|model| model.id).collect();
        for (left, right) in models.iter().flat_map(|left| models.iter().map(move |right| (*left, *right))) {
            for shape in [Shape::OneToOne, Shape::OneToMany, Shape::ManyToMany] {
                let state = edit(state.clone(), Edit::AddRelationship(shape, left, right));
                let said = &state.compiled.schema_diagnostics;
                assert!(!state.has_errors(), "{} {shape:?} {left} {right}: {said:#?}", sample.title());
            }
        }
    }
}

#[test]
fn a_name_that_is_free_is_left_to_be_derived() {
    let state = edit(start(), Edit::AddRelationship(Shape::ManyToMany, AUTHOR, AUTHOR));
    assert_eq!(names(&state), ["authors", "authors_of"]);
    assert_eq!(state.project.draft.relationships.last().unwrap().left.name, "");
}

/// The text of the notice after a run, the panel that it leads to and what it finds there at the closest.
fn refused(state: State) -> (String, Panel, String) {
    let state = state.after(Action::Run);
    assert!(!state.is_running());
    let notice = state.notice.unwrap();
    let lead = notice.lead.unwrap();
    (notice.text, lead.panel, lead.selectors.last().unwrap().clone())
}

#[test]
fn run_tells_the_first_error_and_leads_to_it() {
    let add = Edit::AddRelationship(Shape::OneToMany, AUTHOR, BOOK);
    let added = edit(start(), add);
    let id = RelationshipId(added.project.draft.last_id);
    let name =
        |side, name: &str| Action::Edit(Edit::Relationship(id, RelationshipEdit::Name(side, name.into())));
    let one = added.after(name(Side::Left, "books"));
    let text = "Author already has something called “books”. Give one of them another name.";
    let place = format!("#{id}-left-name");
    assert_eq!(
        refused(one.clone()),
        (format!("The schema has an error: {text}"), Panel::Define, place.clone())
    );
    let two = one.after(name(Side::Right, "title"));
    assert_eq!(refused(two), (format!("The schema has 2 errors. The first: {text}"), Panel::Define, place));
}

#[test]
fn so_do_the_query_and_the_script() {
    let wrong = ".panel--query form [aria-invalid=true]";
    let condition = QueryEdit::Filter(None, FilterEdit::Add(vec![], FilterDraft::Test(Default::default())));
    let (text, panel, place) = refused(edit(start(), Edit::Query(condition)));
    assert!(text.starts_with("The query has an error: "), "{text}");
    assert_eq!((panel, place.as_str()), (Panel::Query, wrong));
    let step = StepDraft::Delete { object: ObjectDraft::Stored(None, Vec::new()) };
    let script = edit(start(), Edit::Script(ScriptEdit::Set(0, step)));
    let (text, _, place) = refused(script.after(Action::Show(Show::Task(Task::Session))));
    assert!(text.starts_with("The script has "), "{text}");
    assert_eq!(place, wrong);
    // The console needs the schema only.
    let broken = Edit::Relationship(LINK, RelationshipEdit::Name(Side::Left, "name".into()));
    let state = after(edit(start(), broken), [Action::Show(Show::Task(Task::Sql))]);
    assert!(refused(state).0.starts_with("The schema has an error: "));
}
