//! What the page is, in a few lines, and its keys.

use yew::{Callback, Html, Properties, function_component, html};

use super::palette::caps;
use crate::ui::commands::{IN_PLACES, everywhere};
use crate::ui::dialog::Dialog;

/// Properties of [`Help`].
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct HelpProps {
    /// It was closed.
    pub onclose: Callback<()>,
}

/// The help.
#[function_component]
pub(in crate::ui) fn Help(props: &HelpProps) -> Html {
    let everywhere = everywhere().into_iter().filter(|command| !command.keys.is_empty()).map(|command| {
        let keys = command.keys.iter().enumerate().map(|(at, keys)| {
            html! {
                <>{ if at > 0 { "or " } else { "" } }{ caps(*keys) }</>
            }
        });
        html! { <><dt>{ for keys }</dt><dd>{ command.name }</dd></> }
    });
    let in_places = IN_PLACES.iter().map(|(keys, what)| {
        let keys = keys.iter().map(|key| html! { <><kbd>{ *key }</kbd>{ " " }</> });
        html! { <><dt>{ for keys }</dt><dd>{ *what }</dd></> }
    });
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
            <p>{ "Everything one can do has a name among the commands: press Ctrl and K, and type a part of it." }</p>
            <dl class="keys">{ for everywhere }{ for in_places }</dl>
        </Dialog>
    }
}
