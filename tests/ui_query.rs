//! The query form's rarer edits: what each does to the query, what can be undone, and what is asked of the worker then.
#![cfg(all(feature = "page", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod page;

use page::{AUTHOR, AUTHOR_NAME, BOOK, BOOK_TITLE, LINK, after, edit, served, start, yes};
use relata::protocol::Ask;
use relata::query::{
    AggregateDraft, ComputedDraft, FilterDraft, GroupKeyDraft, GroupValueDraft, GroupingDraft, HavingDraft,
    Place, RelatedDraft, RelatedTest, Strategy, Test, TestDraft,
};
use relata::schema::{EndId, Side};
use relata::ui::action::{Action, Edit, FilterEdit, QueryEdit};
use relata::ui::pump::due;
use relata::ui::state::{Planned, State};

const BOOKS: EndId = EndId { relationship: LINK, side: Side::Left };
const AUTHOR_OF: EndId = EndId { relationship: LINK, side: Side::Right };

fn query(state: State, edits: impl IntoIterator<Item = QueryEdit>) -> State {
    after(state, edits.into_iter().map(|edit| Action::Edit(Edit::Query(edit))))
}

fn titled(value: &str) -> FilterDraft {
    let value = value.into();
    FilterDraft::Test(TestDraft { field: Some(BOOK_TITLE), test: Test::Like, value, ..TestDraft::default() })
}

#[test]
fn conditions_on_what_is_loaded_are_the_include_s_own() {
    let on_books = |edit| QueryEdit::Filter(Some(vec![0]), edit);
    let state = query(start(), [on_books(FilterEdit::Add(vec![], titled("%")))]);
    let steps = state.history.undo.len();
    let typed = ["%a", "%ab"].map(|text| on_books(FilterEdit::Set(vec![0], titled(text))));
    let state = query(state, typed);
    assert_eq!(state.history.undo.len(), steps + 1, "typing is one step");
    assert_eq!(state.project.query.includes[0].filters, [titled("%ab")]);
    assert!(state.project.query.filters.is_empty() && state.compiled.planned.is_some());
    let nowhere = query(state.clone(), [QueryEdit::Filter(Some(vec![3]), FilterEdit::Remove(vec![0]))]);
    assert_eq!(nowhere, state);
    let state = query(state, [on_books(FilterEdit::Remove(vec![0]))]);
    assert!(state.project.query.includes[0].filters.is_empty());
}

#[test]
fn conditions_lie_inside_those_on_relationships() {
    let books = RelatedDraft { end: Some(BOOKS), test: RelatedTest::None, ..RelatedDraft::default() };
    let own = |edit| QueryEdit::Filter(None, edit);
    let state = query(
        start(),
        [
            own(FilterEdit::Add(vec![], FilterDraft::Related(books))),
            own(FilterEdit::Add(vec![0], titled("B%"))),
        ],
    );
    let FilterDraft::Related(inside) = &state.project.query.filters[0] else { unreachable!() };
    assert_eq!((inside.test, inside.filters.as_slice()), (RelatedTest::None, [titled("B%")].as_slice()));
    assert_eq!(state.focus.as_ref().unwrap().element, "query-filter-0-0");
    assert!(state.compiled.planned.is_some());
}

#[test]
fn an_inner_join_and_a_depth_are_told_where_they_do_not_fit() {
    let wrong = |state: &State| {
        let found = state.compiled.query_diagnostics.iter();
        found.filter(|found| found.place == Place::Include(vec![0])).count()
    };
    let state =
        query(start(), [QueryEdit::Strategy(vec![0], Strategy::Joined), QueryEdit::Inner(vec![0], true)]);
    assert_eq!(wrong(&state), 1, "an author may be without books");
    let state = query(state, [QueryEdit::Inner(vec![0], false), QueryEdit::Depth(vec![0], 3)]);
    assert_eq!(wrong(&state), 1, "books are no authors");
    assert_eq!(wrong(&query(state, [QueryEdit::Depth(vec![0], 1)])), 0);
}

#[test]
fn fields_computed_values_and_distinct_are_asked_for() {
    let aggregate = AggregateDraft { end: Some(BOOKS), ..AggregateDraft::default() };
    let computed = ComputedDraft { aggregate, name: String::new() };
    let state = query(
        start(),
        [
            QueryEdit::Fields(vec![AUTHOR_NAME]),
            QueryEdit::Computed(vec![computed]),
            QueryEdit::Distinct(true),
        ],
    );
    let steps = state.history.undo.len();
    let state = query(state, ["b", "bo"].map(|name| QueryEdit::ComputedName(0, name.into())));
    assert_eq!(state.history.undo.len(), steps + 1, "typing is one step");
    let Planned::Objects { query: asked, .. } = &**state.compiled.planned.as_ref().unwrap() else {
        unreachable!()
    };
    assert_eq!((asked.computed[0].name.as_str(), asked.distinct), ("bo", true));
    assert!(asked.fields.contains(&AUTHOR_NAME));
    let nowhere = query(state.clone(), [QueryEdit::ComputedName(7, "x".into())]);
    assert_eq!(nowhere, state);
}

fn grouping() -> GroupingDraft {
    let key = GroupKeyDraft { through: vec![AUTHOR_OF], field: Some(AUTHOR_NAME), descending: false };
    GroupingDraft { keys: vec![key], values: vec![GroupValueDraft::default()] }
}

#[test]
fn groups_have_no_plan_and_their_diagnostics_stand_beside_them() {
    let state = query(start(), [QueryEdit::Root(BOOK), QueryEdit::Groups(Some(grouping()))]);
    let planned = state.compiled.planned.clone().unwrap();
    assert!(planned.plan().is_none() && planned.root() == BOOK);
    let having = |value: &str| {
        let value = value.into();
        QueryEdit::Having(0, HavingDraft { test: Test::Greater, value, ..HavingDraft::default() })
    };
    let steps = state.history.undo.len();
    let state = query(state, [having("m"), having("many")]);
    assert_eq!(state.history.undo.len(), steps + 1, "typing is one step");
    assert_eq!(state.compiled.query_diagnostics[0].place, Place::Having(0));
    let state = query(state, [having("1"), QueryEdit::GroupName(0, "books".into())]);
    assert!(state.compiled.planned.is_some());
    let state = query(state, [QueryEdit::Groups(None)]);
    assert!(state.compiled.planned.as_ref().unwrap().plan().is_some());
}

#[test]
fn a_question_about_groups_is_asked_like_any_other_and_remembered_with_its_answer() {
    let state = query(start(), [QueryEdit::Root(BOOK), QueryEdit::Groups(Some(grouping()))]);
    let state = served(state, yes).after(Action::Run);
    let (request, _) = due(&state, true).unwrap();
    assert!(matches!(request.ask, Ask::Run(query, _) if query.grouping == Some(grouping())));
    let ran = served(state, yes).outcome.unwrap();
    assert!(matches!(&*ran.planned, Planned::Groups(grouping) if grouping.keys.len() == 1));
}

#[test]
fn another_model_is_asked_for_afresh() {
    let state = query(start(), [QueryEdit::Groups(Some(grouping())), QueryEdit::Distinct(true)]);
    let state = edit(state, Edit::Query(QueryEdit::Root(BOOK)));
    assert!(state.project.query.grouping.is_none() && !state.project.query.distinct);
    assert_eq!(edit(state.clone(), Edit::Query(QueryEdit::Root(BOOK))), state);
    assert_eq!(state.project.query.root, Some(BOOK));
    assert_ne!(state.project.query.root, Some(AUTHOR));
}
