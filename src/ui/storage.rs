//! What is kept in the browser: the project, the colours, the borders of the panels.

use std::rc::Rc;

use js_sys::{Array, JSON};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Storage;

use super::parts::{Unread, read_project};
use super::state::{Notice, State, Theme};
use crate::project::{Project, Sample};

const PROJECT: &str = "relata.project";
const BROKEN: &str = "relata.project.broken";
const THEME: &str = "relata.theme";
const LAYOUT: &str = "relata.layout";
const DIAGRAM: &str = "relata.diagram";
const SQL: &str = "relata.sql";
const DATABASE: &str = "relata.database";
const PRESENTING: &str = "relata.presenting";
const TIPS: &str = "relata.tips";

fn storage() -> Option<Storage> {
    // Denied by the browser's settings, it throws: then nothing is kept, and the work goes on.
    web_sys::window()?.local_storage().ok().flatten()
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn write(key: &str, text: &str) -> Result<(), String> {
    let storage = storage().ok_or("The browser does not let this page keep anything")?;
    storage.set_item(key, text).map_err(|_| "The browser has no more room for this page".into())
}

/// The state that the page starts with: the project from last time, or the sample that everybody knows.
pub async fn first_state() -> State {
    let mut state = first_project().await;
    state.console.history = Rc::new(read(SQL).map(|text| texts(&text)).unwrap_or_default());
    state.keeping.remembered = read(DATABASE);
    state.view.presenting = read(PRESENTING).is_some();
    // Somebody who has work here has been here before.
    state.view.tips = read(TIPS).is_none() && read(PROJECT).is_none();
    state
}

async fn first_project() -> State {
    let sample = || Sample::AuthorBook.first_project().unwrap_or_default();
    let theme = read_theme();
    let Some(text) = read(PROJECT) else { return State::new(sample(), theme) };
    match read_project(&text).await {
        Ok(project) => State::new(project, theme),
        Err(Unread(why)) => {
            // Kept aside, for it would be overwritten at the next change.
            let _ = write(BROKEN, &text);
            State::new(sample(), theme).telling(Notice {
                text: "Your last project could not be opened, so this is a sample. The project is kept aside in the \
                       browser's storage, under “relata.project.broken”."
                    .into(),
                detail: why,
                bad: true,
                ..Notice::default()
            })
        }
    }
}

/// Keeps the project.
///
/// # Errors
/// A sentence for the person whose work was not kept.
pub fn keep_project(project: &Project) -> Result<(), String> {
    write(PROJECT, &project.to_json())
        .map_err(|why| format!("{why}, so your work is not kept over a reload. Save it as a file."))
}

fn read_theme() -> Theme {
    match read(THEME).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

/// Keeps the SQL that was run. Like the colours, it is no loss to speak of.
pub fn keep_history(history: &[String]) {
    let texts: Array = history.iter().map(|text| JsValue::from_str(text)).collect();
    if let Ok(text) = JSON::stringify(&texts) {
        let _ = write(SQL, &String::from(text));
    }
}

/// The texts of a JSON array. The browser reads it: for a few texts the page's program needs no reader of its own.
fn texts(json: &str) -> Vec<String> {
    let read = JSON::parse(json).ok().and_then(|value| value.dyn_into::<Array>().ok());
    read.unwrap_or_default().iter().filter_map(|text| text.as_string()).collect()
}

/// Keeps which database the console had open, to open it again. Like the colours, it is no loss to speak of.
pub fn keep_database(name: Option<&str>) {
    keep_or_forget(DATABASE, name);
}

/// Keeps whether the page is shown to a class. Like the colours, it is no loss to speak of.
pub fn keep_presenting(yes: bool) {
    keep_or_forget(PRESENTING, yes.then_some("yes"));
}

/// Keeps that the advice of a first visit was closed: it does not come back.
pub fn keep_tips_closed() {
    keep_or_forget(TIPS, Some("closed"));
}

fn keep_or_forget(key: &str, text: Option<&str>) {
    let _ = match text {
        Some(text) => write(key, text),
        None => storage().map_or(Ok(()), |storage| storage.remove_item(key).map_err(|_| String::new())),
    };
}

/// The colours' name in the page and in the storage.
pub fn theme_name(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// Keeps the colours. Nobody misses them enough to be told that it failed.
pub fn keep_theme(theme: Theme) {
    let _ = write(THEME, theme_name(theme));
}

/// Where the borders of the panels were left: percentages.
pub fn read_layout() -> Option<Vec<f64>> {
    read(LAYOUT)?.split(' ').map(|number| number.parse().ok()).collect()
}

/// Keeps where the borders are.
pub fn keep_layout(borders: &[f64]) {
    let texts: Vec<String> = borders.iter().map(|border| format!("{border:.2}")).collect();
    let _ = write(LAYOUT, &texts.join(" "));
}

/// The diagram's share of its panel as it was left, in percent.
pub fn read_diagram() -> Option<f64> {
    read(DIAGRAM)?.parse().ok()
}

/// Keeps the diagram's share of its panel.
pub fn keep_diagram(share: f64) {
    let _ = write(DIAGRAM, &format!("{share:.1}"));
}
