//! The part with what one opens: the session, the console, programs for other ORMs, the palette of commands.

use std::rc::Rc;

use yew::{Callback, Html, html};

use crate::project::Project;
use crate::ui::app::Dispatch;
use crate::ui::console::ConsoleForm;
use crate::ui::data::generate;
use crate::ui::generating::Form;
use crate::ui::legend::Legend;
use crate::ui::programs::Language;
use crate::ui::results::{compare, console, script};
use crate::ui::schema::code;
use crate::ui::session::SessionForm;
use crate::ui::shell::{help::Help, palette::Palette, tips};
use crate::ui::slice::Slice;
use crate::ui::state::{Good, State};

/// Draws the button that copies the schema as a program in a language, if there is one, and the program.
type DrawProgram = fn(Language, &Rc<Good>, &State, &Legend) -> (Option<Html>, Html);

/// Its functions.
pub struct Tools {
    /// The session's form.
    pub session: fn(&Slice<State>) -> Html,
    /// What came of the session's script.
    pub script: fn(&State, &Dispatch) -> Html,
    /// The SQL console.
    pub console: fn(&Slice<State>) -> Html,
    /// What came of the SQL in it.
    pub sql: fn(&State, &Dispatch) -> Html,
    /// The comparison of strategies.
    pub compare: fn(&State, &Dispatch) -> Html,
    /// The palette of commands, and what to do when it is closed.
    pub palette: fn(&Slice<State>, Callback<()>) -> Html,
    /// What a first visit is told.
    pub tips: fn(&Dispatch) -> Html,
    /// The help, and what to do when it is closed.
    pub help: fn(Callback<()>) -> Html,
    /// The button that copies the schema as a program in a language, and the program.
    pub program: DrawProgram,
    /// The dialog about generated rows.
    pub generate: fn(&Slice<Project>, &Slice<Good>, &Form) -> Html,
}

pub(super) static TOOLS: Tools = Tools {
    session: |state| html! { <SessionForm state={state.clone()} /> },
    script: script::outcome,
    console: |state| html! { <ConsoleForm state={state.clone()} /> },
    sql: console::outcome,
    compare: compare::tab,
    palette: |state, onclose| html! { <Palette state={state.clone()} {onclose} /> },
    tips: tips::tips,
    help: |onclose| html! { <Help {onclose} /> },
    program: code::code,
    generate: generate::dialog,
};

/// The part, if it is there.
pub fn tools() -> Option<&'static Tools> {
    super::arrival::tools()
}
