//! The project as a file: opened from one, saved to one. No server is involved.

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, HtmlInputElement, Url};
use yew::{Callback, Event, Html, MouseEvent, TargetCast, function_component, html, use_node_ref};

use super::action::Action;
use super::app::{Dispatch, use_dispatch};
use super::glyph::{Glyph, IconButton};
use super::parts::{Unread, read_project};
use crate::project::Project;

/// Offers the project as a download.
pub fn save(project: &Project) {
    // Fails only where the browser forbids downloads, and then it says so itself.
    let _ = download(&file_name(&project.name, "relata.json"), &project.to_json());
}

/// A name that every file system takes, with this ending.
pub(super) fn file_name(name: &str, ending: &str) -> String {
    let plain = |character: char| if character.is_alphanumeric() { character } else { '-' };
    let name: String = name.trim().chars().map(plain).collect();
    let name = name.trim_matches('-');
    format!("{}.{ending}", if name.is_empty() { "project" } else { name })
}

fn download(name: &str, text: &str) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind)?;
    offer(name, &blob)
}

/// Offers something as a download.
pub(super) fn offer(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser reads it after this call returns.
    Timeout::new(60_000, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}

/// The button that opens a file.
#[function_component]
pub fn OpenFile() -> Html {
    let dispatch = use_dispatch();
    let input = use_node_ref();
    let onclick = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            read(&file, dispatch.clone());
        }
        // Choosing the same file again is a change again.
        input.set_value("");
    });
    html! {
        <>
            <input ref={input} type="file" hidden={true} accept=".json,application/json" aria-label="Project file" {onchange} />
            <IconButton glyph={Glyph::Open} id="open-file" label="Open a file" {onclick} />
        </>
    }
}

fn read(file: &File, dispatch: Dispatch) {
    let Ok(reader) = web_sys::FileReader::new() else { return };
    let target = reader.clone();
    let listener = EventListener::once(&target, "loadend", move |_| {
        let text = reader.result().ok().and_then(|text| text.as_string());
        spawn_local(async move {
            let text = text.ok_or_else(|| Unread("The file could not be read.".into()));
            let read = match text {
                Ok(text) => read_project(&text).await,
                Err(unread) => Err(unread),
            };
            dispatch.emit(match read {
                Ok(project) => Action::Open(Box::new(project)),
                Err(Unread(why)) => Action::SaveFailed(why),
            });
        });
    });
    // It goes with the reader, once it has been called.
    listener.forget();
    let _ = target.read_as_text(file);
}
