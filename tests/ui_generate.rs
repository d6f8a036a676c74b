//! Generated rows in the page's state: the recipe as typed, what is sent for it, progress, and stopping.
#![cfg(all(not(target_arch = "wasm32"), feature = "page"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod page;

use page::{AUTHOR, BOOK, LINK, after, edit, failure, rename, served, start, yes};
use relata::generate::Place;
use relata::project::{Data, Project, Recipe};
use relata::protocol::{Answer, Ask, MadeShown, Progress, Stage};
use relata::ui::action::{Action, Asked, DataEdit, Edit};
use relata::ui::generating::{Form, Generate, can_follow};
use relata::ui::pump::due;
use relata::ui::state::{EngineStatus, State};

fn generate(what: Generate) -> Action {
    Action::Generate(what)
}

fn typed(place: Place, text: &str) -> Action {
    generate(Generate::Typed(place, text.into()))
}

/// A page whose worker is there, with this recipe typed and confirmed, but not sent yet.
fn confirmed(authors: &str, books: &str) -> State {
    let typing = [typed(Place::Count(AUTHOR), authors), typed(Place::Count(BOOK), books)];
    let state = after(served(start(), yes), [generate(Generate::Open)]);
    after(after(state, typing), [generate(Generate::Confirm)])
}

/// The state when the document was sent, and the data that went.
fn sent(state: State) -> (State, Data) {
    let (request, asked) = due(&state, true).unwrap();
    let Ask::Open(_, data) = request.ask else { panic!("the document is due") };
    (state.after(Action::Asked(request.id, asked)), data)
}

fn recipe(state: &State) -> Option<&Recipe> {
    state.project.data.generated.as_ref()
}

#[test]
fn a_recipe_becomes_the_documents_and_can_be_undone() {
    let state = confirmed("20", "70");
    assert_eq!(recipe(&state).unwrap().counts, [(AUTHOR, 20), (BOOK, 70)].into());
    assert!(state.generating.form.is_none());
    let saved = Project::from_json(&state.project.to_json()).unwrap();
    assert_eq!(saved.data.generated, state.project.data.generated);
    assert_eq!(recipe(&state.after(Action::Undo)), None);
}

#[test]
fn a_preset_spreads_rows_over_the_models() {
    let state = after(start(), [generate(Generate::Open), generate(Generate::Preset(10_000))]);
    let form = state.generating.form.as_ref().unwrap();
    assert_eq!((form.text(Place::Count(AUTHOR)), form.text(Place::Count(BOOK))), ("2000", "8000"));
}

#[test]
fn what_is_wrong_is_told_at_its_field_and_not_confirmed() {
    let told = |place: Place, text: &str| -> Vec<(Place, String)> {
        let state =
            after(start(), [generate(Generate::Open), typed(place, text), generate(Generate::Confirm)]);
        assert_eq!(recipe(&state), None);
        let form: &Form = state.generating.form.as_ref().unwrap();
        let (_, told) = form.check(&state.good.as_ref().unwrap().schema, &state.project.data);
        told.into_iter().map(|told| (told.place, told.message)).collect()
    };
    let many = Place::Count(AUTHOR);
    assert_eq!(told(many, "many"), [(many, "“many” is not a whole number.".to_owned())]);
    let most = "100800 rows are more than the 100000 that a browser tab bears.";
    assert_eq!(told(many, "100 000"), [(Place::Total, most.to_owned())]);
    let least = Place::Least(LINK);
    let needs = "200 of Author with 9 each need 1800 of Book, and 800 are asked for.";
    assert_eq!(told(least, "9"), [(least, needs.to_owned())]);
}

#[test]
fn the_grid_asks_for_the_rows_on_screen_once_they_are_there() {
    let (state, data) = sent(confirmed("20", "700"));
    assert_eq!(data.generated.as_ref(), recipe(&state));
    assert_eq!(state.generating.count(BOOK), 0);
    let id = *state.asked.keys().next().unwrap();
    let making = Progress { stage: Stage::Making, done: 100, total: 720 };
    let state = state.after(Action::Answered(id, Ok(Answer::Progress(making))));
    assert_eq!(state.generating.progress, Some(making));
    assert_eq!(due(&state, true), None, "more answers follow");
    let state = state.after(Action::Answered(id, Ok(Answer::Opened(Vec::new()))));
    assert_eq!((state.generating.progress, state.generating.count(BOOK)), (None, 700));

    let grid = Action::Show(relata::ui::action::Show::Grid(BOOK));
    let state = after(state, [grid, generate(Generate::Seen(480))]);
    let (request, asked) = due(&state, true).unwrap();
    let Ask::Made(wanted) = request.ask else { panic!("rows are due") };
    assert_eq!((wanted.model, wanted.start), (BOOK, 360));
    assert!(wanted.start + wanted.count >= 700, "to the end of the screen");
    let shown = Answer::Made(MadeShown { wanted, rows: Vec::new() });
    let state = after(state, [Action::Asked(request.id, asked), Action::Answered(request.id, Ok(shown))]);
    assert_eq!(due(&state, true), None);
}

#[test]
fn rows_that_were_stopped_are_left_out_until_they_are_wanted() {
    let (state, _) = sent(confirmed("20", "70"));
    let worker = state.worker;
    let state = state.after(generate(Generate::Stop));
    assert_eq!(state.worker, worker + 1, "the worker that is in the middle of it goes");
    assert!(matches!(state.engine, EngineStatus::Restarting(_)));
    assert!(recipe(&state).is_some(), "the recipe stays");
    let state = served(state, |ask| {
        assert!(!matches!(ask, Ask::Open(_, data) if data.generated.is_some()));
        yes(ask)
    });
    assert_eq!(state.generating.count(BOOK), 0);
    let (state, data) = sent(state.after(generate(Generate::Again)));
    assert!(data.generated.is_some() && !state.generating.held);
}

#[test]
fn a_generator_that_fails_leaves_the_typed_rows() {
    let (state, _) = sent(confirmed("20", "70"));
    let state = served(state.after(generate(Generate::Failed("it is gone.".into()))), yes);
    assert!(state.notice.as_ref().unwrap().text.ends_with("it is gone."));
    assert!(matches!(state.engine, EngineStatus::Ready(_)));
    assert!(state.generating.held);
}

#[test]
fn a_document_that_is_refused_is_not_on_its_way_any_more() {
    let (state, _) = sent(confirmed("20", "70"));
    let id = *state.asked.keys().next().unwrap();
    let making = Progress { stage: Stage::Making, done: 10, total: 90 };
    let state = state.after(Action::Answered(id, Ok(Answer::Progress(making))));
    assert!(state.generating.progress.is_some());
    let state = state.after(Action::Answered(id, Err(failure("no"))));
    assert_eq!((state.generating.progress, state.generating.count(BOOK)), (None, 0));
    assert_eq!(state.notice.as_ref().unwrap().text, "no");
    assert_eq!(due(&state, true), None, "it is not asked again and again");
}

#[test]
fn a_recipe_that_does_not_fit_any_more_is_left_out() {
    let state = confirmed("20", "70");
    let limited = Recipe {
        spreads: [(LINK, relata::project::Spread { least: 5, most: None })].into(),
        ..recipe(&state).unwrap().clone()
    };
    let state = edit(state, Edit::Data(DataEdit::Generate(Some(limited))));
    assert!(!can_follow(&state));
    let (_, data) = sent(state);
    assert_eq!(data.generated, None);
}

#[test]
fn another_change_makes_the_same_rows_again() {
    let state = served(confirmed("20", "70"), yes);
    assert_eq!(state.generating.count(AUTHOR), 20);
    let (state, data) = sent(state.after(rename(AUTHOR, "Writer")));
    assert!(data.generated.is_some());
    assert!(state.asked.values().any(|asked| matches!(asked, Asked::Open(_))));
    assert_eq!(state.generating.count(AUTHOR), 20, "the old ones are shown until the new ones are there");
}
