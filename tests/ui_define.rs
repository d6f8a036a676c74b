//! What the form of a relationship offers, spoken to through the page's reducer: each choice comes to a schema, can be
//! taken back, and keeps the links that still fit.
#![cfg(all(feature = "page", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod page;

use page::{AUTHOR, BOOK, BOOK_TITLE, LINK, after, edit, start};
use relata::mapping::explain;
use relata::project::Sample;
use relata::schema::{
    Cascades, EndOrder, FieldId, OnUpdate, PassiveDeletes, RelationshipDraft, RelationshipId, Side, Through,
    ways_through,
};
use relata::ui::action::{Action, Edit, FieldEdit, OrderEdit, RelationshipEdit};
use relata::ui::edit::focus_after;
use relata::ui::state::{State, Theme};

fn sample(sample: Sample) -> State {
    State::new(sample.project(), Theme::System)
}

fn choose(state: State, relationship: RelationshipId, chosen: RelationshipEdit) -> State {
    edit(state, Edit::Relationship(relationship, chosen))
}

fn draft(state: &State, relationship: RelationshipId) -> &RelationshipDraft {
    state.project.draft.relationship(relationship).unwrap()
}

/// Where the key of a relationship lies, and why, in the page's words.
fn why(state: &State, relationship: RelationshipId) -> String {
    let good = state.compiled.good.as_ref().unwrap();
    explain(&good.schema, &good.relational, relationship).unwrap()
}

#[test]
fn a_key_can_refer_to_a_unique_field_follow_its_changes_and_be_part_of_the_primary_key() {
    let name = FieldId(5);
    let state = edit(start(), Edit::Field(AUTHOR, name, FieldEdit::Unique(true)));
    let state = choose(state, LINK, RelationshipEdit::References(vec![name]));
    let state = choose(state, LINK, RelationshipEdit::OnUpdate(OnUpdate::Cascade));
    assert!(why(&state, LINK).starts_with("books.author_name points to authors.name, which is unique."));
    let state = choose(state, LINK, RelationshipEdit::References(Vec::new()));
    let state = choose(state, LINK, RelationshipEdit::Identifies(true));
    assert!(
        why(&state, LINK).ends_with("It is part of the primary key: what a Book is depends on its Author.")
    );
    assert_eq!(draft(&state, LINK).on_update, OnUpdate::Cascade);
    let state = after(state, (0..5).map(|_| Action::Undo));
    assert_eq!(state.project, start().project);
}

#[test]
fn the_join_models_that_fit_are_offered_and_choosing_one_makes_a_good_schema() {
    let state = sample(Sample::Enrollment);
    let [of_student, of_course, courses] = [0, 1, 2].map(|at| state.project.draft.relationships[at].id);
    let offered = ways_through(&state.project.draft, draft(&state, courses));
    let through = Through { left: of_student, right: of_course };
    assert_eq!(offered.iter().map(|(_, way)| *way).collect::<Vec<_>>(), [through]);
    let own = choose(state.clone(), courses, RelationshipEdit::Through(None));
    assert!(why(&own, courses).starts_with("Neither table can hold a list of keys"));
    let back = choose(own, courses, RelationshipEdit::Through(Some(through)));
    assert_eq!(back.project, state.project);
    assert!(
        why(&back, courses).starts_with("No table of its own: each row of enrollments ties two together")
    );
}

#[test]
fn between_the_same_two_models_each_way_through_goes_both_ways_round() {
    let mut project = Sample::Enrollment.project();
    let [of_student, of_course, courses] = [0, 1, 2].map(|at| project.draft.relationships[at].id);
    let student = project.draft.models[0].id;
    for (id, side) in [(of_course, Side::Left), (courses, Side::Right)] {
        project.draft.relationship_mut(id).unwrap().end_mut(side).model = Some(student);
    }
    let ways = ways_through(&project.draft, project.draft.relationship(courses).unwrap());
    let ways: Vec<Through> = ways.into_iter().map(|(_, way)| way).collect();
    let there = Through { left: of_student, right: of_course };
    assert_eq!(ways, [there, Through { left: of_course, right: of_student }]);
}

#[test]
fn no_way_leads_through_a_model_at_an_end_or_along_a_shared_key() {
    let authors = sample(Sample::AuthorEditor);
    let draft = &authors.project.draft;
    assert_eq!(ways_through(draft, &draft.relationships[0]), []);
    let mut comments = Sample::Comments.project();
    let pairs = RelationshipDraft::new(
        RelationshipId(90),
        relata::schema::Shape::ManyToMany,
        comments.draft.models[0].id,
        comments.draft.models[1].id,
    );
    comments.draft.relationships.push(pairs.clone());
    assert_eq!(ways_through(&comments.draft, &pairs), []);
}

#[test]
fn following_becomes_friendship_and_what_was_said_twice_is_one() {
    let state = sample(Sample::Followers);
    let id = state.project.draft.relationships[0].id;
    let state = choose(state, id, RelationshipEdit::Symmetric(true));
    assert!(draft(&state, id).is_symmetric());
    // Ada and Grace followed each other.
    assert_eq!(state.project.data.links_of(id).len(), 4);
    assert!(
        why(&state, id)
            .ends_with("It goes both ways, so each pair stands there twice, once in each direction.")
    );
}

#[test]
fn an_order_is_built_changed_and_taken_apart_and_the_focus_stays_with_it() {
    let order = |edit| Edit::Relationship(LINK, RelationshipEdit::Order(Side::Left, edit));
    let add = order(OrderEdit::Add(BOOK_TITLE));
    let state = edit(edit(start(), add.clone()), order(OrderEdit::Add(FieldId(6))));
    assert_eq!(focus_after(&add, &state.project).as_deref(), Some("r3-order-left-1"));
    let down = EndOrder { field: BOOK_TITLE, descending: true };
    let state = edit(state, order(OrderEdit::Set(0, down)));
    let state = edit(state, order(OrderEdit::Remove(1)));
    assert_eq!(draft(&state, LINK).left.order, [down]);
    assert_eq!(
        focus_after(&order(OrderEdit::Remove(1)), &state.project).as_deref(),
        Some("r3-order-left-add")
    );
    assert!(state.compiled.good.is_some());
    // What is not there is not taken away, nor changed.
    let same = after(
        state.clone(),
        [OrderEdit::Remove(7), OrderEdit::Set(7, down)].map(|edit| Action::Edit(order(edit))),
    );
    assert_eq!(same, state);
}

#[test]
fn the_name_of_a_shared_key_is_typed_in_one_step_and_its_links_stay() {
    let names = ["w", "wr", "writable"]
        .map(|name| Action::Edit(Edit::Relationship(LINK, RelationshipEdit::Polymorphic(Some(name.into())))));
    let state = after(start(), names);
    assert_eq!(state.history.undo.len(), 1);
    assert_eq!(state.project.data.links_of(LINK).len(), 7);
    assert!(
        why(&state, LINK)
            .starts_with("books.writable_id holds a key and books.writable_type says of which table")
    );
}

#[test]
fn what_the_session_does_is_chosen_for_each_end_and_checked_as_sqlalchemy_does() {
    let orphans = Cascades { delete: true, delete_orphan: true, ..Cascades::default() };
    let state = choose(start(), LINK, RelationshipEdit::Cascades(Side::Left, orphans));
    assert!(!state.has_errors());
    assert_eq!(
        (draft(&state, LINK).left.cascades, draft(&state, LINK).right.cascades),
        (orphans, Cascades::default())
    );
    let contrary = Cascades { passive_deletes: PassiveDeletes::All, ..orphans };
    let state = choose(state, LINK, RelationshipEdit::Cascades(Side::Left, contrary));
    assert!(state.has_errors());
    assert_eq!(state.project.draft.model(BOOK).unwrap().name, "Book");
}
