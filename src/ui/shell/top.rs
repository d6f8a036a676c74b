//! The top bar: name, samples, the project's name, undo and redo, files, colours, help.

use web_sys::HtmlInputElement;
use yew::{Callback, Html, InputEvent, MouseEvent, Properties, TargetCast, function_component, html};

use super::super::files;
use crate::project::{Project, Sample};
use crate::ui::action::{Action, Edit, Show};
use crate::ui::app::{Dispatch, use_dispatch};
use crate::ui::form::{Choice, Select};
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::parts::sample_project;
use crate::ui::presenting::BUTTON;
use crate::ui::slice::Slice;
use crate::ui::state::{EngineStatus, State, Theme};

/// Properties of [`TopBar`].
#[derive(Properties, PartialEq)]
pub(super) struct TopBarProps {
    /// The state.
    pub state: Slice<State>,
    /// Help is wanted.
    pub onhelp: Callback<MouseEvent>,
    /// The palette of commands is wanted.
    pub oncommands: Callback<MouseEvent>,
}

/// The bar.
#[function_component]
pub(super) fn TopBar(props: &TopBarProps) -> Html {
    let state = &props.state;
    let dispatch = use_dispatch();
    let rename = dispatch.reform(|event: InputEvent| {
        let name = event.target_dyn_into::<HtmlInputElement>().map(|input| input.value());
        Action::Edit(Edit::Rename(name.unwrap_or_default()))
    });
    let act = |action: Action| dispatch.reform(move |_: MouseEvent| action.clone());
    let save = {
        let project = state.project.clone();
        Callback::from(move |_: MouseEvent| files::save(&project))
    };
    html! {
        <header class="top">
            <h1 class="top__mark">{ mark() }<span class="top__word">{ "Relata" }</span></h1>
            { samples(&state.project, &dispatch) }
            { samples_list(&state.project, &dispatch) }
            <input
                class="top__name"
                aria-label="Name of the project"
                title="Name of the project"
                autocomplete="off"
                spellcheck="false"
                value={state.project.name.clone()}
                oninput={rename}
            />
            <IconButton
                glyph={Glyph::Undo}
                label="Undo"
                disabled={state.history.undo.is_empty()}
                onclick={act(Action::Undo)}
            />
            <IconButton
                glyph={Glyph::Redo}
                label="Redo"
                disabled={state.history.redo.is_empty()}
                onclick={act(Action::Redo)}
            />
            <span class="top__gap" />
            { engine(&state.engine) }
            <button type="button" id="show-commands" class="top__commands" title="Commands (Ctrl+K)" aria-label="Commands Ctrl K"
                aria-keyshortcuts="Control+K" aria-haspopup="dialog" onclick={&props.oncommands}>
                { Glyph::Search.draw() }
                <span class="top__commands-word" aria-hidden="true">{ "Commands" }</span>
                // Without a blank in between, the two are read as one word.
                { " " }
                <kbd class="top__commands-key" aria-hidden="true">{ "Ctrl K" }</kbd>
            </button>
            <files::OpenFile />
            <IconButton glyph={Glyph::Save} id="save-file" label="Save as a file" onclick={save} />
            { present(state.view.presenting, &dispatch) }
            { theme(state.view.theme, &dispatch) }
            <IconButton glyph={Glyph::Help} id="show-help" label="Help and keys" onclick={&props.onhelp} />
        </header>
    }
}

/// A row that is an object, an object that knows another.
fn mark() -> Html {
    html! {
        <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M8 12h7" stroke="currentColor" stroke-width="2.4" />
            <circle class="tone-0" cx="6.5" cy="12" r="5" fill="var(--tone)" />
            <rect class="tone-1" x="13.5" y="7" width="9.5" height="10" rx="2" fill="var(--tone)" />
        </svg>
    }
}

/// The choice of no sample: a project with nothing in it.
const EMPTY: &str = "empty";

/// The sample that the project still is, by its name and its models.
fn current(project: &Project) -> Option<Sample> {
    let there = |sample: &Sample| {
        let models = sample_project(*sample).map(|sample| sample.draft.models);
        models.is_some_and(|models| models.iter().all(|model| project.draft.model(model.id).is_some()))
    };
    Sample::all().find(|sample| sample.title() == project.name).filter(there)
}

fn samples(project: &Project, dispatch: &Dispatch) -> Html {
    let shown = current(project);
    let one = |sample: Sample| {
        let pressed = if shown == Some(sample) { "true" } else { "false" };
        let onclick = dispatch.reform(move |_: MouseEvent| Action::OpenSample(sample));
        let label = format!("{}, {}", sample.title(), sample.shape());
        html! {
            <button type="button" class="samples__one" aria-pressed={pressed} aria-label={label.clone()} title={label} {onclick}>
                <span class="samples__title">{ sample.title() }{ " " }</span>
                <span class="samples__shape">{ sample.shape() }</span>
            </button>
        }
    };
    html! {
        <div class="samples" role="group" aria-label="Samples">
            { for Sample::FIRST.into_iter().map(one) }
            { more_samples(shown, dispatch) }
        </div>
    }
}

/// The samples that are not everybody's first.
fn more_samples(shown: Option<Sample>, dispatch: &Dispatch) -> Html {
    let others = || Sample::all().filter(|sample| !Sample::FIRST.contains(sample));
    let mut choices = vec![Choice::new("", "more shapes …"), Choice::new(EMPTY, "empty project")];
    let choice = |sample: Sample| {
        // The shape is what one looks for, and what is read where the list is narrow.
        let text = format!("{} · {}", sample.shape(), sample.title());
        Choice::new(sample.title(), text).below(sample.group())
    };
    choices.extend(others().map(choice));
    let value = shown.filter(|sample| !Sample::FIRST.contains(sample)).map_or("", Sample::title);
    let class = if value.is_empty() { "samples__more" } else { "samples__more samples__more--open" };
    html! { <Select {class} label="More samples" {value} {choices} onchange={on_sample(dispatch)} /> }
}

fn on_sample(dispatch: &Dispatch) -> Callback<String> {
    let dispatch = dispatch.clone();
    Callback::from(move |chosen: String| {
        if chosen == EMPTY {
            dispatch.emit(Action::NewProject);
        }
        if let Some(sample) = Sample::all().find(|sample| sample.title() == chosen) {
            dispatch.emit(Action::OpenSample(sample));
        }
    })
}

/// The same where there is no room for buttons. There it also says what the project is called, so the title comes first.
fn samples_list(project: &Project, dispatch: &Dispatch) -> Html {
    let shown = current(project);
    let mut choices = Vec::new();
    if shown.is_none() {
        choices.push(Choice::new("", project.name.clone()));
    }
    choices.push(Choice::new(EMPTY, "empty project"));
    let choice = |sample: Sample| {
        let text = format!("{} · {}", sample.title(), sample.shape());
        Choice::new(sample.title(), text).below(sample.group())
    };
    choices.extend(Sample::all().map(choice));
    html! {
        <Select class="samples-list" label="Sample or project" value={shown.map_or("", Sample::title)} {choices} onchange={on_sample(dispatch)} />
    }
}

fn engine(status: &EngineStatus) -> Html {
    let (class, text) = match status {
        EngineStatus::Starting => ("top__engine", "Starting SQLite …".to_owned()),
        EngineStatus::Ready(version) => ("top__engine", format!("SQLite {version}")),
        EngineStatus::Restarting(_) => ("top__engine", "Starting SQLite again …".to_owned()),
        EngineStatus::Failed(_) => ("top__engine top__engine--failed", "SQLite is not running".to_owned()),
    };
    html! { <span {class}>{ text }</span> }
}

/// Begins to show the page to a class, or ends it.
fn present(presenting: bool, dispatch: &Dispatch) -> Html {
    let onclick = dispatch.reform(move |_: MouseEvent| Action::Show(Show::Presenting(!presenting)));
    let title = if presenting {
        "Back to work (Escape)"
    } else {
        "Present: diagram, SQL and results alone, in larger type"
    };
    html! {
        <button type="button" id={BUTTON} class="button button--quiet top__present" aria-pressed={presenting.to_string()} {title} {onclick}>
            { Glyph::Screen.draw() }<span class="top__present-word">{ "Present" }</span>
        </button>
    }
}

fn theme(theme: Theme, dispatch: &Dispatch) -> Html {
    let (glyph, now, next) = match theme {
        Theme::System => (Glyph::Half, "the system’s", Theme::Light),
        Theme::Light => (Glyph::Sun, "light", Theme::Dark),
        Theme::Dark => (Glyph::Moon, "dark", Theme::System),
    };
    let label = format!("Colours: {now}. Change");
    let onclick = dispatch.reform(move |_: MouseEvent| Action::Show(Show::Theme(next)));
    html! { <IconButton {glyph} {label} {onclick} /> }
}
