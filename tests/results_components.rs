//! The views of a result and the query form, drawn in a browser from what the real engine answers, and read back as a
//! person would read them.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it stands")]

use std::rc::Rc;
use std::time::Duration;

use gloo::utils::document;
use relata::layout::{Outline, lay_out};
use relata::project::{Project, Sample};
use relata::protocol::{Answer, Ask, Limits, RequestId, RowsWanted};
use relata::query::Strategy;
use relata::ui::action::{Action, Asked, Show};
use relata::ui::app::Dispatch;
use relata::ui::placing::Layouter;
use relata::ui::pointing::use_pointing;
use relata::ui::query::QueryForm;
use relata::ui::results::Results;
use relata::ui::slice::Slice;
use relata::ui::state::{ResultTab, State, Theme};
use relata::worker::Session;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, Event, HtmlElement};
use yew::platform::time::sleep;
use yew::{AppHandle, ContextProvider, Html, Properties, Renderer, function_component, html, use_reducer};

wasm_bindgen_test_configure!(run_in_browser);

#[derive(Properties, PartialEq)]
struct BenchProps {
    first: Slice<State>,
}

/// The parts under test around a state of their own, without a worker.
#[function_component]
fn Bench(props: &BenchProps) -> Html {
    let state = use_reducer(|| (*props.first).clone());
    use_pointing();
    let slice = Slice::new((*state).clone());
    let layouter = Layouter::from(|outline: Rc<Outline>| Ok(lay_out(&outline)));
    html! {
        <ContextProvider<Dispatch> context={state.dispatcher().to_callback()}>
            <ContextProvider<Layouter> context={layouter}>
                <QueryForm state={slice.clone()} />
                <Results state={slice} />
            </ContextProvider<Layouter>>
        </ContextProvider<Dispatch>>
    }
}

/// What is drawn, until it is dropped.
struct Drawn {
    root: Element,
    app: Option<AppHandle<Bench>>,
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.app.take().into_iter().for_each(AppHandle::destroy);
        self.root.remove();
    }
}

impl Drawn {
    async fn new(state: State) -> Drawn {
        let root = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let props = BenchProps { first: Slice::new(state) };
        let app = Renderer::<Bench>::with_root_and_props(root.clone(), props).render();
        settle().await;
        Drawn { root, app: Some(app) }
    }

    fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.root.query_selector_all(selector).unwrap();
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
    }

    fn one(&self, selector: &str) -> HtmlElement {
        self.all(selector).into_iter().next().unwrap_or_else(|| panic!("nothing is {selector}"))
    }

    fn text(&self, selector: &str) -> String {
        self.one(selector).text_content().unwrap_or_default()
    }

    fn count(&self, selector: &str) -> u32 {
        self.root.query_selector_all(selector).unwrap().length()
    }

    async fn click(&self, selector: &str) {
        self.one(selector).click();
        settle().await;
    }

    /// Waits for what is drawn a little later, 5 s at most.
    async fn appears(&self, selector: &str) {
        for _ in 0..165 {
            if self.count(selector) > 0 {
                return;
            }
            settle().await;
        }
        panic!("{selector} does not appear");
    }
}

async fn settle() {
    sleep(Duration::from_millis(30)).await;
}

/// The page's state after the project's query ran with this strategy, rows at hand.
fn ran(mut project: Project, strategy: Strategy, tab: ResultTab) -> State {
    project.query.includes.iter_mut().for_each(|include| include.strategy = strategy);
    let mut session = Session::default();
    session.answer(Ask::Open(project.draft.clone(), project.data.clone())).unwrap();
    let query = project.query.clone();
    let mut state = State::new(project, Theme::Light).after(Action::Show(Show::Result(tab)));
    let answer = session.answer(Ask::Run(query, Limits::default())).unwrap();
    let Answer::Ran(outcome) = &answer else { panic!("asked to run, got {answer:?}") };
    let asks: Vec<RowsWanted> = outcome
        .results
        .iter()
        .map(|shape| RowsWanted { outcome: outcome.number, step: shape.step, start: 0, count: 480 })
        .collect();
    state = exchange(state, 1, Asked::Run, answer);
    for (id, wanted) in (2..).zip(asks) {
        let rows = session.answer(Ask::Rows(wanted)).unwrap();
        state = exchange(state, id, Asked::Rows(wanted), rows);
    }
    state
}

fn exchange(state: State, id: u32, asked: Asked, answer: Answer) -> State {
    state.after(Action::Asked(RequestId(id), asked)).after(Action::Answered(RequestId(id), Ok(answer)))
}

#[wasm_bindgen_test]
async fn a_lazy_collection_shows_as_one_statement_times_n() {
    let state = ran(Sample::AuthorBook.project(), Strategy::Lazy, ResultTab::Statements);
    let drawn = Drawn::new(state).await;
    assert!(drawn.text(".statements__total").starts_with("6 statements · 12 rows"));
    assert_eq!(drawn.count(".statement"), 2);
    assert_eq!(drawn.text(".statement__times"), "× 5");
    assert!(drawn.text(".statement__remark").starts_with("N+1: 5 more statements, one for each Author"));
    assert_eq!(drawn.count(".runs__table tbody tr"), 5);
    assert_eq!(drawn.text(".runs__table tbody tr:last-child .runs__parameters"), "?1 = 5");
    assert_eq!(drawn.text("#tab-statements"), "Statements 6");
}

#[wasm_bindgen_test]
async fn a_spared_statement_is_told_quietly() {
    let state = ran(Sample::UserProfile.project(), Strategy::Lazy, ResultTab::Statements);
    let drawn = Drawn::new(state).await;
    assert!(drawn.text(".statement--spared").contains("no statement: the foreign key is NULL"));
    assert_eq!(drawn.text("#tab-statements"), "Statements 4");
}

#[wasm_bindgen_test]
async fn sql_says_where_each_piece_came_from() {
    let project = Sample::AuthorBook.project();
    let (author, relationship) = (project.draft.models[0].id, project.draft.relationships[0].id);
    let drawn = Drawn::new(ran(project, Strategy::Joined, ResultTab::Statements)).await;
    assert!(drawn.text(".sql__text").starts_with("SELECT "));
    assert!(drawn.count(&format!(".sql__part.tone-0[data-of~={author}]")) > 0);
    assert!(drawn.count(&format!(".sql__part--link[data-of^={relationship}]")) > 0);
}

#[wasm_bindgen_test]
async fn rows_of_a_join_show_which_object_repeats() {
    let drawn = Drawn::new(ran(Sample::AuthorBook.project(), Strategy::Joined, ResultTab::Rows)).await;
    assert_eq!(drawn.count(".rows__row"), 8);
    assert_eq!(drawn.text(".rows__head tr"), "rowAuthorrootBookAuthor.books[]");
    let badges: Vec<String> =
        drawn.all(".rows__badge").iter().map(|badge| badge.text_content().unwrap_or_default()).collect();
    assert_eq!(badges[..4], ["A1×3", "B1", "A1″", "B2"]);
    // The first author stands in three rows, two columns each.
    assert_eq!(drawn.count(".rows__cell[data-of~=o0]"), 6);
    assert_eq!(drawn.count(".rows__nobody"), 1, "Homer has no book");
}

#[wasm_bindgen_test]
async fn each_step_has_its_rows() {
    let drawn = Drawn::new(ran(Sample::AuthorBook.project(), Strategy::Lazy, ResultTab::Rows)).await;
    assert_eq!(drawn.count(".rows__row"), 5);
    drawn.click(".rows__steps button:last-child").await;
    assert_eq!(drawn.count(".rows__row"), 7);
    // Five statements, of which the last found nothing.
    assert_eq!(drawn.count(".rows__row--starts"), 4);
}

#[wasm_bindgen_test]
async fn of_a_hundred_thousand_rows_only_those_on_screen_are_drawn() {
    let mut state = ran(Sample::AuthorBook.project(), Strategy::Joined, ResultTab::Rows);
    let mut outcome = (*state.outcome.take().unwrap()).clone();
    outcome.outcome.results[0].rows = 100_000;
    state.outcome = Some(outcome.into());
    let drawn = Drawn::new(state).await;
    let rows = drawn.count(".rows__row");
    assert!((8..200).contains(&rows), "{rows} rows drawn");
    assert_eq!(drawn.one(".rows__table").get_attribute("aria-rowcount").as_deref(), Some("100002"));
    assert!(drawn.count(".rows__row--waiting") > 0, "what is not at hand has a place");
}

#[wasm_bindgen_test]
async fn an_object_is_told_once_and_found_again() {
    let drawn =
        Drawn::new(ran(Sample::StudentCourse.project(), Strategy::SelectIn, ResultTab::Objects)).await;
    assert_eq!(drawn.count(".objects__jump"), 3);
    assert_eq!(drawn.text(".objects__jump"), "↑ already shown above");
    assert!(drawn.text(".objects__line").contains("students[0]"));
    assert_eq!(drawn.text(".objects__nothing"), "[]");
    // Even out of a closed branch.
    for details in drawn.all("details") {
        details.remove_attribute("open").unwrap();
    }
    drawn.click(".objects__jump").await;
    let focused = document().active_element().unwrap();
    assert!(focused.text_content().unwrap_or_default().contains("Databases"));
    assert!(focused.closest("details[open]").unwrap().is_some());
}

#[wasm_bindgen_test]
async fn the_graph_and_its_table_show_every_object() {
    let drawn = Drawn::new(ran(Sample::StudentCourse.project(), Strategy::Joined, ResultTab::Graph)).await;
    drawn.appears(".graph__node").await;
    assert_eq!((drawn.count(".graph__node"), drawn.count(".graph__edge")), (7, 6));
    assert_eq!(drawn.count(".graph__node[tabindex='0'][aria-label]"), 7);
    drawn.click(".graph__bar .choice:last-child").await;
    assert_eq!(drawn.count(".graph__table tbody tr"), 7);
}

#[wasm_bindgen_test]
async fn what_is_pointed_at_lights_up() {
    let drawn = Drawn::new(ran(Sample::AuthorBook.project(), Strategy::Joined, ResultTab::Rows)).await;
    let image = |element: &Element| {
        let style = gloo::utils::window().get_computed_style(element).unwrap().unwrap();
        style.get_property_value("background-image").unwrap()
    };
    // The style sheets are not loaded here: the light needs a colour.
    drawn.root.unchecked_ref::<HtmlElement>().style().set_property("--lit", "gold").unwrap();
    let cells = drawn.all(".rows__cell[data-of~=o0]");
    let other = drawn.one(".rows__cell[data-of~=o2]");
    let lit = || (image(&cells[5]) != "none", image(&other) != "none");
    assert_eq!(lit(), (false, false));
    // On a busy machine the page begins to listen a moment after it is drawn: what is pointed at is pointed at again.
    for _ in 0..165 {
        point(&cells[0], "mouseover");
        if lit() != (false, false) {
            break;
        }
        settle().await;
    }
    assert_eq!(lit(), (true, false));
    point(&cells[0], "mouseout");
    assert_eq!(lit(), (false, false));
}

fn point(at: &Element, kind: &str) {
    let event = Event::new(kind).unwrap();
    event.init_event_with_bubbles(kind, true);
    at.dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
async fn the_form_adds_nests_and_removes() {
    let drawn = Drawn::new(State::new(Sample::AuthorBook.project(), Theme::Light)).await;
    assert!(drawn.text(".results__empty").starts_with("Run the query"));
    assert_eq!(drawn.text(".includes__name"), "books");
    drawn.click(".includes__item .button--add").await;
    assert_eq!(drawn.count(".includes__item .includes__item"), 1);
    let every: web_sys::HtmlSelectElement = drawn.one("#query-every").dyn_into().unwrap();
    every.set_value("joined");
    point(&every, "change");
    settle().await;
    let selects = drawn.all(".includes__line select");
    let strategies: Vec<String> = selects
        .iter()
        .filter_map(|select| Some(select.dyn_ref::<web_sys::HtmlSelectElement>()?.value()))
        .collect();
    assert_eq!(strategies, ["joined", "joined"]);
    drawn.click("#query-filter-add").await;
    assert_eq!(drawn.count(".filters__test"), 1);
    drawn.click("#query-order-add").await;
    drawn.click("#query-order-add").await;
    assert_eq!(drawn.count(".order__term"), 2);
    drawn.click("[aria-label='Do not load books']").await;
    assert_eq!(drawn.count(".includes__item"), 0);
}

#[wasm_bindgen_test]
async fn a_mistake_is_told_beside_its_field() {
    let mut project = Sample::AuthorBook.project();
    project.query.limit = "ten".into();
    let drawn = Drawn::new(State::new(project, Theme::Light)).await;
    let limit = drawn.one("#query-limit");
    assert_eq!(limit.get_attribute("aria-invalid").as_deref(), Some("true"));
    let said = limit.get_attribute("aria-describedby").unwrap();
    assert!(drawn.text(&format!("#{said}")).contains("“ten” is not a number of objects."));
}
