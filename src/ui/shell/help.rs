//! What the page is, in a few lines, and its keys.

use yew::{Callback, Html, Properties, function_component, html};

use crate::ui::dialog::Dialog;

/// Properties of [`Help`].
#[derive(Properties, PartialEq)]
pub(super) struct HelpProps {
    /// It was closed.
    pub onclose: Callback<()>,
}

/// Keys and what they do.
const KEYS: [(&[&str], &str); 13] = [
    (&["Ctrl", "Enter"], "run the query"),
    (&["Ctrl", "Z"], "undo"),
    (&["Ctrl", "Shift", "Z"], "redo"),
    (&["Tab"], "to the next field or cell"),
    (&["Enter"], "data: to the cell below; in the last row, a new row"),
    (&["Shift", "Enter"], "data: to the cell above"),
    (&["Delete"], "data: in an empty cell, no value (NULL) instead of an empty text"),
    (&["Ctrl", "Delete"], "data: delete the row"),
    (&["Alt", "↑ ↓"], "models, fields and relationships: move up or down"),
    (&["← →"], "on a border between panels: move it"),
    (
        &["← → ↑ ↓"],
        "diagram: move the box that has the focus; Enter chooses it, Enter again leads to the form",
    ),
    (&["+", "−", "0"], "diagram: larger, smaller, all of it"),
    (&["?"], "this help (F1 while typing)"),
];

/// The help.
#[function_component]
pub(super) fn Help(props: &HelpProps) -> Html {
    let key = |(keys, what): &(&[&str], &str)| {
        let keys = keys.iter().map(|key| html! { <><kbd>{ *key }</kbd>{ " " }</> });
        html! { <><dt>{ for keys }</dt><dd>{ *what }</dd></> }
    };
    html! {
        <Dialog title="How Relata works" onclose={&props.onclose}>
            <p>
                { "Define models and how they relate. Relata writes the SQL, fills the tables with your data, \
                   runs your query or your session on SQLite in this browser, and shows what comes of it: each statement, \
                   the rows, and the objects that an ORM would make of them. Point at anything to see where it comes from." }
            </p>
            <p>
                { "Nothing leaves this browser. Your work is kept here, and can be saved as a file." }
            </p>
            <dl class="keys">{ for KEYS.iter().map(key) }</dl>
        </Dialog>
    }
}
