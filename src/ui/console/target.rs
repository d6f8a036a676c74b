//! The database that SQL runs on: a copy of the project's, or one that the browser keeps.

use web_sys::HtmlInputElement;
use yew::{Callback, Event, Html, MouseEvent, TargetCast, html};

use crate::ui::action::Action;
use crate::ui::app::Dispatch;
use crate::ui::form::{Choice, Select};
use crate::ui::keeper;
use crate::ui::keeping::{Keep, Keeping, Status, Trouble};

/// Stands before the name of a database among the choices.
const MARK: &str = "kept ";

/// Which database, and what can be done with it.
pub(super) fn target(keeping: &Keeping, send: &Dispatch) -> Html {
    let mut choices = vec![Choice::new("", "This project, a copy")];
    let listed = keeping.all.iter().map(|kept| (&kept.name, size(kept.bytes)));
    choices
        .extend(listed.map(|(name, size)| Choice::new(format!("{MARK}{name}"), format!("{name} · {size}"))));
    if let Some(name) = keeping.name().filter(|name| keeping.all.iter().all(|kept| kept.name != *name)) {
        choices.push(Choice::new(format!("{MARK}{name}"), name.to_owned()));
    }
    let onchange =
        send.reform(|value: String| Action::Keep(Keep::Choose(value.strip_prefix(MARK).map(str::to_owned))));
    let value = keeping.name().map(|name| format!("{MARK}{name}")).unwrap_or_default();
    let open = keeping.open().filter(|_| keeping.progress.is_none());
    html! {
        <div class="console__target" role="group" aria-label="Database">
            <Select class="console__database" label="Database" {value} {choices} {onchange} />
            { file(send) }
            if let Some(now) = open {
                { button("Save…", Keep::Save, "button", send) }
                // A copy goes by itself; what it is a copy of is another tab's.
                if !now.only_in_memory {
                    { button("Delete…", Keep::Delete(true), "button", send) }
                }
            }
        </div>
    }
}

fn button(text: &'static str, keep: Keep, class: &'static str, send: &Dispatch) -> Html {
    let onclick = send.reform(move |_: MouseEvent| Action::Keep(keep.clone()));
    html! { <button type="button" {class} {onclick}>{ text }</button> }
}

/// The field that picks a file; it looks like a button.
fn file(send: &Dispatch) -> Html {
    let send = send.clone();
    let onchange = Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            let name = file.name();
            keeper::pick(file);
            send.emit(Action::Keep(Keep::File(name)));
        }
        // Choosing the same file again is a change again.
        input.set_value("");
    });
    html! {
        <label class="button console__file">
            { "Open…" }
            <input type="file" class="console__picker" aria-label="Open a database file"
                accept=".sqlite,.sqlite3,.db,.db3,application/vnd.sqlite3" {onchange} />
        </label>
    }
}

/// What is true of the database now, and what is asked about it.
pub(super) fn note(keeping: &Keeping, send: &Dispatch) -> Html {
    if keeping.deleting
        && let Some(now) = keeping.open()
    {
        return html! {
            <div class="console__note console__ask" role="alert">
                <span>{ format!("Delete “{}” from this browser, for good?", now.name) }</span>
                { button("Delete", Keep::DeleteNow, "button button--bad", send) }
                { button("Keep it", Keep::Delete(false), "button", send) }
            </div>
        };
    }
    if keeping.leaving.is_some()
        && let Some(now) = keeping.open()
    {
        return html! {
            <div class="console__note console__ask" role="alert">
                <span>{ format!("“{}” is only in memory: what was done in it would be lost.", now.name) }</span>
                { button("Stay", Keep::Leave(false), "button", send) }
                { button("Leave it", Keep::Leave(true), "button button--bad", send) }
            </div>
        };
    }
    match (&keeping.status, keeping.progress) {
        (Status::Project, _) => {
            html! { <p class="console__note">{ "Runs on a copy: nothing that you change stays." }</p> }
        }
        (Status::Opening(_), Some(progress)) => going("Reading", progress, send),
        (Status::Open(_), Some(progress)) => going("Saving", progress, send),
        (Status::Opening(name), None) => {
            html! { <p class="console__note">{ format!("Opening “{name}” …") }</p> }
        }
        (Status::Open(now), None) => {
            let class = if now.only_in_memory { "console__note console__note--bad" } else { "console__note" };
            html! { <p {class}>{ format!("{} {}.", now.words, size(now.bytes)) }</p> }
        }
    }
}

fn going(what: &str, (read, of): (u64, u64), send: &Dispatch) -> Html {
    html! {
        <div class="console__note console__ask">
            <progress max={of.max(1).to_string()} value={read.to_string()} aria-label={format!("{what} the file")} />
            <span>{ format!("{what} {} of {}", size(read), size(of)) }</span>
            { button("Stop", Keep::Stop, "button", send) }
        </div>
    }
}

/// What was refused, and what can be done instead.
pub(super) fn trouble(trouble: &Trouble, send: &Dispatch) -> Html {
    html! {
        <div class="news" role="alert">
            <span>{ &trouble.words }</span>
            if trouble.taken {
                { button("Open a copy", Keep::Copy, "button", send) }
            }
        </div>
    }
}

/// `512 bytes`, `12 KB`, `100 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        1_000_000..10_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}
