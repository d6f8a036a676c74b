//! The page's program comes in parts: the one that starts with the form, and those that are loaded behind it.
//!
//! A part is a table of functions. What only its functions need goes into a file of its own where the program is cut
//! (feature `split`, which `cargo xtask build` sets); so nobody else may name what is behind a part, or it stays in the
//! first one. In every other build, and in tests, all parts are there from the start.

mod answers;
mod arrival;
mod reading;
mod tools;

use yew::{Html, MouseEvent, html};

pub use self::answers::{Answers, answers};
pub use self::arrival::use_parts;
pub use self::reading::{Unread, read_project};
pub use self::tools::{Tools, tools};

use super::action::Action;
use super::app::Dispatch;
use crate::project::{Project, Sample};

/// A part of the program that the page can do without at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What shows the data, the diagram, and what comes of a query.
    Answers,
    /// What one opens: the session, the console, programs, the palette.
    Tools,
}

/// Whether a part is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Not yet.
    Coming,
    /// It is.
    Here,
    /// It could not be loaded.
    Failed,
}

/// Which parts are there. Not part of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrivals {
    /// [`Part::Answers`].
    pub answers: Arrival,
    /// [`Part::Tools`].
    pub tools: Arrival,
}

impl Default for Arrivals {
    fn default() -> Arrivals {
        let at_first = if cfg!(feature = "split") { Arrival::Coming } else { Arrival::Here };
        Arrivals { answers: at_first, tools: at_first }
    }
}

impl Arrivals {
    /// Whether this part is there.
    pub fn of(self, part: Part) -> Arrival {
        match part {
            Part::Answers => self.answers,
            Part::Tools => self.tools,
        }
    }

    /// With something new about a part.
    pub fn with(mut self, part: Part, arrival: Arrival) -> Arrivals {
        match part {
            Part::Answers => self.answers = arrival,
            Part::Tools => self.tools = arrival,
        }
        self
    }
}

/// The project of a sample: of one of the first three at once, of any other when [`Part::Answers`] is there.
pub fn sample_project(sample: Sample) -> Option<Project> {
    sample.first_project().or_else(|| answers().map(|answers| (answers.sample)(sample)))
}

/// What [`Part::Answers`] draws, when it is there.
pub fn answer(arrivals: Arrivals, dispatch: &Dispatch, draw: impl FnOnce(&'static Answers) -> Html) -> Html {
    answers().map_or_else(|| awaited(arrivals, Part::Answers, dispatch), draw)
}

/// What [`Part::Tools`] draws, when it is there.
pub fn tool(arrivals: Arrivals, dispatch: &Dispatch, draw: impl FnOnce(&'static Tools) -> Html) -> Html {
    tools().map_or_else(|| awaited(arrivals, Part::Tools, dispatch), draw)
}

/// Stands where a part will draw.
pub fn awaited(arrivals: Arrivals, part: Part, dispatch: &Dispatch) -> Html {
    if arrivals.of(part) != Arrival::Failed {
        return html! { <p class="awaited" role="status">{ "Loading …" }</p> };
    }
    let again = dispatch.reform(move |_: MouseEvent| Action::Part(part, Arrival::Coming));
    html! {
        <p class="awaited" role="status">
            { "This part of the page could not be loaded. " }
            <button type="button" class="button" onclick={again}>{ "Try again" }</button>
        </p>
    }
}
