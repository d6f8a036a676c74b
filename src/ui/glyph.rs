//! The few pictures on buttons, and the button that shows only one.

use yew::{Callback, Html, MouseEvent, Properties, classes, function_component, html};

/// A picture on a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// Takes the last edit back.
    Undo,
    /// Makes it again.
    Redo,
    /// Opens a file.
    Open,
    /// Saves a file.
    Save,
    /// A sun: light colours.
    Sun,
    /// A moon: dark colours.
    Moon,
    /// Half and half: the system's colours.
    Half,
    /// A question mark.
    Help,
    /// Away with it.
    Bin,
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// More about it.
    More,
    /// Closes; takes out.
    Cross,
    /// Adds.
    Plus,
    /// The other way round.
    Turn,
    /// No value.
    Null,
    /// A way that parts: what would happen.
    Fork,
    /// Fills the window.
    Large,
    /// A magnifying glass: find something.
    Search,
    /// A screen on a stand: show it to others.
    Screen,
}

impl Glyph {
    fn path(self) -> &'static str {
        match self {
            Glyph::Undo => "M4 7h7a4 4 0 0 1 0 8H7M7 4 4 7l3 3",
            Glyph::Redo => "M16 7H9a4 4 0 0 0 0 8h4M13 4l3 3-3 3",
            Glyph::Open => "M3 15V5h5l2 2h7v8z",
            Glyph::Save => "M10 3v9M6.5 8.5 10 12l3.5-3.5M4 16h12",
            Glyph::Sun => {
                "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1 1M14.7 14.7l1 1M15.7 4.3l-1 1M5.3 14.7l-1 1"
            }
            Glyph::Moon => "M16 11.5A6.5 6.5 0 1 1 8.5 4a5 5 0 0 0 7.5 7.5z",
            Glyph::Half => {
                "M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM10 3.5v13M10 6.5l4.5 1.2M10 10h6.4M10 13.5l4.5-1.2"
            }
            Glyph::Help => "M7.5 7.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M10 14.4v.2",
            Glyph::Bin => "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6M8.7 9v4.5M11.3 9v4.5",
            Glyph::Up => "M5.5 11.5 10 7l4.5 4.5",
            Glyph::Down => "M5.5 8.5 10 13l4.5-4.5",
            Glyph::More => "M5 10h.01M10 10h.01M15 10h.01",
            Glyph::Cross => "M6 6l8 8M14 6l-8 8",
            Glyph::Plus => "M10 5v10M5 10h10",
            Glyph::Turn => "M4 8h11l-3-3M16 12H5l3 3",
            Glyph::Fork => "M3 10h4l7-5M7 10l7 5M10.8 4.6l3.6-.2-1 3.4M10.8 15.4l3.6.2-1-3.4",
            Glyph::Large => "M12 4h4v4M16 4l-5 5M8 16H4v-4M4 16l5-5",
            Glyph::Search => "M8.5 3.5a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12.3 12.3 17 17",
            Glyph::Screen => "M3 4h14v9H3zM10 13v2M6.5 17 10 15l3.5 2",
            Glyph::Null => "M10 5.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM5.5 14.5l9-9",
        }
    }

    /// The picture.
    pub fn draw(self) -> Html {
        html! {
            <svg viewBox="0 0 20 20" aria-hidden="true"><path d={self.path()} /></svg>
        }
    }
}

/// Properties of [`IconButton`].
#[derive(Properties, PartialEq)]
pub struct IconButtonProps {
    /// What it shows.
    pub glyph: Glyph,
    /// What it does, in a few words.
    pub label: String,
    /// What happens.
    pub onclick: Callback<MouseEvent>,
    /// Whether there is nothing to do.
    #[prop_or_default]
    pub disabled: bool,
    /// Its id, where something else presses it.
    #[prop_or_default]
    pub id: Option<&'static str>,
    /// A further class.
    #[prop_or_default]
    pub class: &'static str,
    /// Whether what it opens is open, for one that opens something.
    #[prop_or_default]
    pub expanded: Option<bool>,
    /// Whether Tab passes it by, because a key does the same.
    #[prop_or_default]
    pub passed_by: bool,
}

/// A button that shows only a picture.
#[function_component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    let expanded = props.expanded.map(|open| if open { "true" } else { "false" });
    html! {
        <button
            type="button"
            id={props.id}
            class={classes!("icon", props.class)}
            tabindex={props.passed_by.then_some("-1")}
            aria-label={props.label.clone()}
            title={props.label.clone()}
            aria-expanded={expanded}
            disabled={props.disabled}
            onclick={&props.onclick}
        >
            { props.glyph.draw() }
        </button>
    }
}
