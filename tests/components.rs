//! The form and the grids, drawn in a browser around the real reducer and the real engine, and used as a person would.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it stands")]

use std::time::Duration;

use gloo::utils::document;
use relata::project::{Project, Sample};
use relata::schema::{FieldId, ModelId};
use relata::ui::action::Action;
use relata::ui::app::Dispatch;
use relata::ui::data::DataPanel;
use relata::ui::define::DefinePanel;
use relata::ui::effects::use_focus;
use relata::ui::pump::due;
use relata::ui::slice::Slice;
use relata::ui::state::{State, Theme};
use relata::worker::Session;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent,
    KeyboardEventInit,
};
use yew::platform::time::sleep;
use yew::{
    AppHandle, ContextProvider, Html, Properties, Renderer, function_component, html, use_effect,
    use_mut_ref, use_reducer,
};

wasm_bindgen_test_configure!(run_in_browser);

#[derive(Properties, PartialEq)]
struct BenchProps {
    first: Slice<Project>,
}

/// The panels under test around a state of their own. The engine answers at once, where the page has a worker.
#[function_component]
fn Bench(props: &BenchProps) -> Html {
    let state = use_reducer(|| State::new((*props.first).clone(), Theme::Light));
    let session = use_mut_ref(Session::default);
    use_focus(&state);
    let handle = state.clone();
    use_effect(move || {
        while let Some((request, asked)) = due(&handle, true) {
            handle.dispatch(Action::Asked(request.id, asked));
            let answer = session.borrow_mut().answer(request.ask);
            handle.dispatch(Action::Answered(request.id, answer));
        }
    });
    let slice = Slice::new((*state).clone());
    html! {
        <ContextProvider<Dispatch> context={state.dispatcher().to_callback()}>
            <DefinePanel state={slice.clone()} />
            <DataPanel state={slice.clone()} />
            <output>{ slice.notice.as_ref().map(|notice| notice.text.clone()) }</output>
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
    async fn new(project: Project) -> Drawn {
        let root = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let props = BenchProps { first: Slice::new(project) };
        let app = Renderer::<Bench>::with_root_and_props(root.clone(), props).render();
        settle().await;
        Drawn { root, app: Some(app) }
    }

    async fn sample(sample: Sample) -> Drawn {
        Drawn::new(sample.project()).await
    }

    fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.root.query_selector_all(selector).unwrap();
        (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
    }

    fn one(&self, selector: &str) -> HtmlElement {
        self.all(selector).into_iter().next().unwrap_or_else(|| panic!("nothing is {selector}"))
    }

    fn count(&self, selector: &str) -> usize {
        self.all(selector).len()
    }

    fn text(&self, selector: &str) -> String {
        self.one(selector).text_content().unwrap_or_default()
    }

    fn input(&self, selector: &str) -> HtmlInputElement {
        self.one(selector).dyn_into().unwrap()
    }

    /// What a select offers, the chosen one first.
    fn offers(&self, selector: &str) -> Vec<String> {
        let select: HtmlSelectElement = self.one(selector).dyn_into().unwrap();
        let text = |at: u32| select.item(at).and_then(|option| option.text_content()).unwrap_or_default();
        let chosen = u32::try_from(select.selected_index()).unwrap();
        let others = (0..select.length()).filter(|at| *at != chosen);
        std::iter::once(chosen).chain(others).map(text).collect()
    }

    async fn click(&self, selector: &str) {
        self.one(selector).click();
        settle().await;
    }

    async fn type_into(&self, selector: &str, text: &str) {
        let input = self.input(selector);
        input.focus().unwrap();
        input.set_value(text);
        happen(&input, "input");
        settle().await;
    }

    /// Chooses the option whose text begins so.
    async fn choose(&self, selector: &str, text: &str) {
        let select: HtmlSelectElement = self.one(selector).dyn_into().unwrap();
        let begins = |at: &u32| {
            let option = select.item(*at).and_then(|option| option.text_content());
            option.is_some_and(|option| option.starts_with(text))
        };
        let at =
            (0..select.length()).find(begins).unwrap_or_else(|| panic!("{selector} does not offer {text}"));
        select.set_selected_index(i32::try_from(at).unwrap());
        happen(&select, "change");
        settle().await;
    }

    async fn press(&self, selector: &str, key: &str, control: bool) {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_ctrl_key(control);
        init.set_bubbles(true);
        init.set_cancelable(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        self.one(selector).dispatch_event(&event).unwrap();
        settle().await;
    }
}

fn happen(element: &HtmlElement, name: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    element.dispatch_event(&Event::new_with_event_init_dict(name, &init).unwrap()).unwrap();
}

/// Waits until nothing changes any more. Yew pauses for the browser between effects, so one look is not enough.
async fn settle() {
    const QUIET: u32 = 5;
    let body = || document().body().map(|body| body.inner_html());
    let (mut before, mut quiet) = (None, 0);
    while quiet < QUIET {
        sleep(Duration::from_millis(15)).await;
        let now = body();
        quiet = if now == before { quiet + 1 } else { 0 };
        before = now;
    }
}

/// The words of a relationship as they are read, selects by what is chosen.
fn sentence(drawn: &Drawn) -> String {
    let words = |node: web_sys::Node| match node.dyn_into::<HtmlSelectElement>() {
        Ok(select) => {
            let chosen = select.item(u32::try_from(select.selected_index()).unwrap());
            chosen.and_then(|option| option.text_content()).unwrap_or_default()
        }
        Err(node) => node.text_content().unwrap_or_default(),
    };
    let nodes = drawn.one(".link-card .sentence").child_nodes();
    let text: String = (0..nodes.length()).filter_map(|at| nodes.item(at)).map(words).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[wasm_bindgen_test]
async fn each_sample_reads_as_a_sentence() {
    let expected = [
        (
            Sample::UserProfile,
            "A User has one Profile; each Profile has one User. The key lies with User, optional.",
        ),
        (Sample::AuthorBook, "An Author has many Books; each Book has one Author, optional."),
        (Sample::StudentCourse, "A Student has many Courses; each Course has many Students."),
    ];
    for (sample, words) in expected {
        let drawn = Drawn::sample(sample).await;
        assert_eq!(sentence(&drawn), words);
        assert_eq!(drawn.count(".model-card"), 2);
        assert_eq!(drawn.count(".banner"), 0);
    }
}

#[wasm_bindgen_test]
async fn a_sentence_says_what_was_chosen_behind_it() {
    let expected = [
        (
            Sample::Enrollment,
            "A Student has many Enrollments; each Enrollment has one Student, as part of its primary key.",
        ),
        (Sample::AuthorEditor, "A Person has many Books; each Book has one Person as author, required."),
        (
            Sample::CategoryTree,
            "A Category has many Categories as children; each Category has one Category as parent, optional.",
        ),
        (Sample::Friends, "A Person has many People as friends, and each of them has that Person, too."),
        (Sample::CountryCity, "A Country has many Cities; each City has one Country by its code, optional."),
        (
            Sample::PlaylistSong,
            "A Playlist has many Songs in order of position; each Song has one Playlist, optional.",
        ),
        (
            Sample::Comments,
            "A Post has many Comments; each Comment has one Post or a Photo as its commentable, optional.",
        ),
    ];
    for (sample, words) in expected {
        assert_eq!(sentence(&Drawn::sample(sample).await), words);
    }
}

#[wasm_bindgen_test]
async fn an_error_behind_the_button_opens_it_and_mending_it_does_not_close_it() {
    let mut project = Sample::AuthorBook.project();
    project.draft.relationships[0].references = vec![FieldId(5)];
    let drawn = Drawn::new(project).await;
    assert!(drawn.text(".more .told").contains("Author.name is not unique"));
    drawn.choose("#r3-references", "its primary key").await;
    assert_eq!(drawn.count(".banner"), 0);
    assert_eq!(drawn.count("#r3-references"), 1);
}

#[wasm_bindgen_test]
async fn a_duplicate_name_is_told_beside_it_until_it_is_mended() {
    let drawn = Drawn::sample(Sample::AuthorBook).await;
    drawn.type_into("#m2-name", "author").await;
    let input = drawn.input("#m2-name");
    assert_eq!(input.get_attribute("aria-invalid").as_deref(), Some("true"));
    let told = input.get_attribute("aria-describedby").unwrap();
    assert!(drawn.text(&format!("#{told}")).contains("There is another model called “author”."));
    assert!(drawn.text(".banner").contains("still those of the last schema without errors"));
    drawn.type_into("#m2-name", "Volume").await;
    assert_eq!(drawn.input("#m2-name").get_attribute("aria-describedby"), None);
    assert_eq!(drawn.count(".banner"), 0);
}

#[wasm_bindgen_test]
async fn a_change_says_beforehand_what_it_costs() {
    let drawn = Drawn::sample(Sample::AuthorBook).await;
    let how_many = "[aria-label='How many each Author has']";
    assert_eq!(drawn.offers(how_many), ["has many", "has one (drops 3 links)"]);
    assert!(drawn.offers("[aria-label='Type of title']").contains(&"date (7 values are none)".to_owned()));
    drawn.choose(how_many, "has one").await;
    assert!(sentence(&drawn).starts_with("An Author has one Book; each Book has one Author."));
    assert!(drawn.text("output").starts_with("3 links did not fit"));
    assert_eq!(
        drawn.offers("[aria-label='Required or optional']"),
        ["optional", "required (3 rows have none)"]
    );
}

#[wasm_bindgen_test]
async fn a_sentence_can_be_turned_by_its_own_words() {
    let drawn = Drawn::sample(Sample::UserProfile).await;
    drawn.choose("[aria-label='How many each Profile has']", "has many").await;
    assert_eq!(sentence(&drawn), "A Profile has many Users; each User has one Profile, optional.");
}

#[wasm_bindgen_test]
async fn the_key_s_place_is_explained_and_its_column_can_be_named() {
    let drawn = Drawn::sample(Sample::AuthorBook).await;
    assert!(drawn.text(".link-card__why").starts_with("books.author_id points to authors."));
    drawn.click(".link-card [aria-label='More about the relationship']").await;
    assert_eq!(drawn.input(".link-card .more input.mono").placeholder(), "author_id");
    drawn.type_into(".link-card .more input.mono", "writer").await;
    assert!(drawn.text(".link-card__why").starts_with("books.writer points to authors."));
}

#[wasm_bindgen_test]
async fn a_new_relationship_is_a_sentence_to_complete() {
    let drawn = Drawn::sample(Sample::AuthorBook).await;
    drawn.click("#add-model").await;
    assert_eq!(document().active_element().unwrap().id(), "m11-name");
    drawn.type_into("#m11-name", "Publisher").await;
    drawn.click("#add-relationship").await;
    drawn.choose(".link-card--new [aria-label='Model at the first end']", "Publisher").await;
    drawn.choose(".link-card--new [aria-label='Model at the second end']", "Books").await;
    drawn.click(".link-card--new .button--primary").await;
    assert_eq!(drawn.count(".link-card"), 2);
    assert_eq!(drawn.count(".link-card--new"), 0);
    assert_eq!(drawn.count(".banner"), 0);
}

#[wasm_bindgen_test]
async fn deleting_a_model_says_what_goes_with_it() {
    let drawn = Drawn::sample(Sample::AuthorBook).await;
    drawn.click("[aria-label='Delete the model Book']").await;
    assert!(drawn.text("dialog").contains("With it go 1 relationship (Author–Book), 7 rows and 7 links."));
    drawn.click("dialog .button--bad").await;
    assert_eq!((drawn.count(".model-card"), drawn.count(".link-card")), (1, 0));
    assert_eq!(drawn.count("dialog"), 0);
}

#[wasm_bindgen_test]
async fn what_sqlite_refuses_is_told_at_its_cell() {
    let drawn = Drawn::sample(Sample::AuthorBook).await;
    drawn.type_into("#w2-f4", "1").await;
    let cell = drawn.input("#w2-f4");
    assert_eq!(cell.get_attribute("aria-invalid").as_deref(), Some("true"));
    let why = drawn.text(&format!("#{}", cell.get_attribute("aria-describedby").unwrap()));
    assert!(why.contains("UNIQUE constraint failed: authors.id"), "{why}");
    assert_eq!(drawn.text(".grid__mark"), "not in the database");
    assert!(drawn.text(".data__trouble").contains("not in the database"));
    drawn.type_into("#w2-f4", "20").await;
    assert_eq!(drawn.count(".grid__mark"), 0);
}

#[wasm_bindgen_test]
async fn no_value_is_another_thing_than_an_empty_text() {
    let drawn = Drawn::sample(Sample::AuthorBook).await;
    drawn.type_into("#w1-f5", "").await;
    assert_eq!(drawn.input("#w1-f5").placeholder(), "empty text");
    drawn.press("#w1-f5", "Delete", false).await;
    assert_eq!(drawn.input("#w1-f5").placeholder(), "NULL");
    drawn.type_into("#w2-f4", "").await;
    assert_eq!(drawn.input("#w2-f4").placeholder(), "next", "a number that is cleared is none");
}

#[wasm_bindgen_test]
async fn links_are_edited_from_both_ends() {
    let drawn = Drawn::sample(Sample::AuthorBook).await;
    let books = |row: u32| format!("[data-row='{row}'] .chip__text");
    assert_eq!(drawn.count(&books(1)), 3);
    drawn.choose("[data-row='5'] select", "1 · A Wizard of Earthsea (now 1 · Ursula K. Le Guin)").await;
    assert_eq!((drawn.count(&books(1)), drawn.count(&books(5))), (2, 1));
    drawn.click("[data-of=m2].data__tab").await;
    assert_eq!(drawn.offers("[data-row='6'] select")[0], "5 · Homer");
    drawn.choose("[data-row='6'] select", "NULL").await;
    drawn.click("[data-of=m1].data__tab").await;
    assert_eq!(drawn.count(&books(5)), 0);
    drawn.click("[data-row='1'] .chip__cross").await;
    assert_eq!(drawn.count(&books(1)), 1);
}

#[wasm_bindgen_test]
async fn enter_goes_down_and_past_the_last_row_makes_another() {
    let drawn = Drawn::sample(Sample::AuthorBook).await;
    drawn.press("#w1-f5", "Enter", false).await;
    assert_eq!(document().active_element().unwrap().id(), "w2-f5");
    drawn.press("#w5-f5", "Enter", false).await;
    assert_eq!(document().active_element().unwrap().id(), "w13-f5");
    assert_eq!(drawn.input("#w13-f4").value(), "6");
}

#[wasm_bindgen_test]
async fn rows_are_deleted_when_the_database_agrees() {
    let drawn = Drawn::sample(Sample::AuthorBook).await;
    drawn.press("#w1-f5", "Delete", true).await;
    assert_eq!(drawn.count("tr[data-row]"), 5);
    assert!(drawn.text(".grid__why--blocked").contains("In the way: Book 1 · A Wizard of Earthsea"));
    drawn.choose("[aria-label='What happens on delete']", "CASCADE").await;
    drawn.click("[aria-label='Delete row 1: DELETE in SQL']").await;
    assert_eq!(drawn.count("tr[data-row]"), 4);
    assert_eq!(
        drawn.text("output"),
        "Author 1 · Ursula K. Le Guin deleted, and with it 3 rows of Book: 4 rows go."
    );
}

#[wasm_bindgen_test]
async fn a_long_grid_draws_only_what_is_seen() {
    let mut project = Sample::AuthorBook.project();
    for number in 6..=5000 {
        let row = project.data.add_row(ModelId(1));
        project.data.set_cell(ModelId(1), row, FieldId(4), Some(number.to_string()));
    }
    let drawn = Drawn::new(project).await;
    assert!(drawn.count("tr[data-row]") < 150);
    assert_eq!(drawn.one(".grid__table").get_attribute("aria-rowcount").as_deref(), Some("5001"));
    drawn.type_into("#w1-f5", "U. K. Le Guin").await;
    assert_eq!(drawn.input("#w1-f5").value(), "U. K. Le Guin");
}
