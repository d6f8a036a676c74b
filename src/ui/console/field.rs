//! The field that SQL is typed into.

use std::ops::Range;

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, InputEvent, KeyboardEvent, TargetCast, html};

use crate::ui::action::{Action, Edit, Recall};
use crate::ui::app::Dispatch;

/// Its id.
pub(super) const FIELD: &str = "console-sql";

/// How high a line is, as in the style sheet, and how many are kept above a place that is scrolled to.
const LINE: i32 = 22;
const ABOVE: i32 = 2;
/// The field grows with its text between these.
const ROWS: Range<usize> = 5..15;

/// The field. `wrong` says that what stands in it was run and failed.
pub(super) fn field(text: &str, wrong: bool, send: &Dispatch) -> Html {
    let oninput = send.reform(|event: InputEvent| {
        let text = event.target_dyn_into::<HtmlTextAreaElement>().map(|field| field.value());
        Action::Edit(Edit::Sql(text.unwrap_or_default()))
    });
    let send = send.clone();
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let recall = match event.key().as_str() {
            "ArrowUp" => Recall::Older,
            "ArrowDown" => Recall::Newer,
            _ => return,
        };
        if event.alt_key() {
            event.prevent_default();
            send.emit(Action::Recall(recall));
        }
    });
    let rows = (text.lines().count() + 1).clamp(ROWS.start, ROWS.end - 1);
    html! {
        <div>
            <label class="unseen" for={FIELD}>{ "SQL" }</label>
            <textarea id={FIELD} class="console__field" rows={rows.to_string()} spellcheck="false" autocomplete="off"
                autocapitalize="off" placeholder="SELECT …" title="Alt + ↑ and ↓ bring back what was run before"
                aria-invalid={wrong.then_some("true")} aria-describedby={wrong.then_some("console-stopped")}
                value={text.to_owned()} {oninput} {onkeydown} />
        </div>
    }
}

fn element() -> Option<HtmlTextAreaElement> {
    document().get_element_by_id(FIELD)?.dyn_into().ok()
}

/// Gives the field the focus.
pub(super) fn focus() {
    if let Some(field) = element() {
        let _ = field.focus();
    }
}

/// Puts a name where the caret is, apart from the word before it, and tells what the text is now.
pub(super) fn insert(name: &str, send: &Dispatch) {
    let Some(field) = element() else { return };
    let text: Vec<u16> = field.value().encode_utf16().collect();
    let place = |found: Result<Option<u32>, _>| found.ok().flatten().unwrap_or(text.len() as u32);
    let (start, end) = (place(field.selection_start()), place(field.selection_end()));
    let before = start.checked_sub(1).and_then(|at| text.get(at as usize)).copied();
    let before = before.and_then(|unit| char::from_u32(u32::from(unit)));
    let apart =
        before.is_some_and(|before| before.is_alphanumeric() || matches!(before, ',' | '"' | ')' | '='));
    let name = if apart { format!(" {name}") } else { name.to_owned() };
    let _ = field.set_range_text_with_start_and_end(&name, start, end);
    let after = start + name.encode_utf16().count() as u32;
    let _ = field.set_selection_range(after, after);
    let _ = field.focus();
    send.emit(Action::Edit(Edit::Sql(field.value())));
}

/// Selects a place of the text and brings it into view. Counted as browsers do, in UTF-16 units.
pub fn select(place: Range<u32>) {
    let Some(field) = element() else { return };
    let _ = field.focus();
    let _ = field.set_selection_range(place.start, place.end);
    let before: Vec<u16> = field.value().encode_utf16().take(place.start as usize).collect();
    let line = before.iter().filter(|unit| **unit == u16::from(b'\n')).count() as i32;
    field.set_scroll_top((line - ABOVE).max(0) * LINE);
}

/// The same, unless somebody is busy somewhere else by now: the focus is taken from nobody but the button that runs.
pub(super) fn select_unless_elsewhere(place: Range<u32>) {
    let busy = document().active_element().map(|element| element.id());
    if busy.is_none_or(|id| matches!(id.as_str(), "" | FIELD | "query-run")) {
        select(place);
    }
}
