//! The SQL console: a field for SQL, the names one can put into it, and what was run before.

mod examples;
mod field;
mod names;
mod spot;
mod target;

use web_sys::SubmitEvent;
use yew::{Callback, Html, MouseEvent, function_component, html, use_effect_with};

use self::field::field;
use super::action::{Action, Edit, Recall};
use super::app::{Dispatch, PanelProps, use_dispatch};
use super::form::{Choice, Select};
use super::keeping::Keep;
use super::query::FORM;
use super::state::State;

pub use self::examples::{Example, statements};
pub use self::field::select;
pub use self::spot::{Spot, spot};
pub use self::target::size;

/// How much of a text that was run stands in the list.
const LISTED: usize = 60;

/// The console's form.
#[function_component]
pub fn ConsoleForm(props: &PanelProps) -> Html {
    let send = use_dispatch();
    let state = &props.state;
    let ran = state.console.ran.as_ref();
    let failed = ran.filter(|ran| ran.text == state.project.sql).and_then(|ran| {
        // What was stopped by a limit is not wrong at any one place.
        let failure = ran.outcome.failure.as_ref().filter(|failure| failure.exact)?;
        let (from, to) = (failure.place.from as usize, failure.place.to as usize);
        Some((ran.outcome.number, spot(&ran.text, from, to).units))
    });
    use_effect_with(failed.clone(), |failed| {
        if let Some((_, place)) = failed {
            field::select_unless_elsewhere(place.clone());
        }
    });
    {
        let send = send.clone();
        use_effect_with((), move |()| send.emit(Action::Keep(Keep::Shown)));
    }
    let onsubmit = {
        let send = send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(Action::Run);
        })
    };
    html! {
        <form class="query console" id={FORM} {onsubmit} aria-label="SQL">
            { target::target(&state.keeping, &send) }
            if let Some(trouble) = &state.keeping.trouble {
                { target::trouble(trouble, &send) }
            }
            { field(&state.project.sql, failed.is_some(), &send) }
            <div class="console__line">
                { target::note(&state.keeping, &send) }
                { history(&state.console.history, &send) }
            </div>
            if let Some(good) = state.good.as_ref().filter(|_| !state.keeping.is_apart()) {
                { names::names(good, &state.project.draft, &send) }
            }
        </form>
    }
}

/// What was run before, to be run again.
fn history(history: &[String], send: &Dispatch) -> Html {
    if history.is_empty() {
        return Html::default();
    }
    let send = send.clone();
    let onchange = Callback::from(move |chosen: String| {
        if let Ok(at) = chosen.parse() {
            send.emit(Action::Recall(Recall::At(at)));
            field::focus();
        }
    });
    let mut choices = vec![Choice::new("", format!("History ({})", history.len()))];
    choices.extend(history.iter().enumerate().map(|(at, text)| {
        let line: Vec<&str> = text.split_whitespace().collect();
        let line = line.join(" ");
        let more = if line.chars().count() > LISTED { "…" } else { "" };
        Choice::new(at.to_string(), line.chars().take(LISTED).chain(more.chars()).collect::<String>())
    }));
    html! { <Select class="console__history" label="What was run before" value="" {choices} {onchange} /> }
}

/// Before anything was run: statements to start from.
pub fn examples(state: &State, send: &Dispatch) -> Html {
    let found = match &state.good {
        _ if state.keeping.is_apart() => vec![Example {
            what: "What is in this database",
            sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'table';".into(),
        }],
        Some(good) => statements(&good.relational),
        None => Vec::new(),
    };
    let one = |example: Example| {
        let text = example.sql.clone();
        let onclick = send.reform(move |_: MouseEvent| {
            field::focus();
            Action::Edit(Edit::Sql(text.clone()))
        });
        html! {
            <li key={example.what}>
                <button type="button" class="console__example" {onclick}>
                    <span class="console__what">{ example.what }</span>
                    <code class="console__sql">{ example.sql }</code>
                </button>
            </li>
        }
    };
    html! {
        <div class="console__start">
            <p>{ "Write SQL above and run it. Or start from one of these:" }</p>
            <ul class="console__examples">{ for found.into_iter().map(one) }</ul>
        </div>
    }
}
