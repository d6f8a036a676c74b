//! Shows a statement: each piece of its text in the colour of the model that it came from, its parameters apart.

use std::iter::Enumerate;
use std::slice::Iter;

use gloo::timers::callback::Timeout;
use gloo::utils::window;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use super::legend::Legend;
use super::sql_words::{Word, words};
use crate::schema::Origin;
use crate::sql::Statement;
use crate::value::Value;

/// How many parameters are listed; a statement may have thousands.
const PARAMETERS_LISTED: usize = 24;

/// What a [`SqlView`] shows.
#[derive(Properties, PartialEq)]
pub struct SqlViewProps {
    /// The statement.
    pub statement: Statement,
    /// The models' colours.
    pub legend: Legend,
    /// Whether a semicolon ends it.
    #[prop_or_default]
    pub closed: bool,
    /// Whether the parameters stand in the text, each where its question mark is.
    #[prop_or_default]
    pub in_place: bool,
}

/// A statement with its parameters.
#[function_component]
pub fn SqlView(props: &SqlViewProps) -> Html {
    let mut lines: Vec<Vec<Html>> = vec![Vec::new()];
    let mut parameters =
        Values { values: props.statement.params.iter().enumerate(), in_place: props.in_place };
    for segment in props.statement.segments() {
        for (at, inner) in by_line(segment.text, &mut parameters).into_iter().enumerate() {
            if at > 0 {
                lines.push(Vec::new());
            }
            let drawn = with_origins(inner, &segment.origins, &props.legend);
            lines.last_mut().into_iter().for_each(|line| line.push(drawn.clone()));
        }
    }
    if props.closed {
        lines.last_mut().into_iter().for_each(|line| line.push(html! { ";" }));
    }
    // Each line is a block of its own, so that one too long for its place goes on further to the right.
    let line = |line: Vec<Html>| html! { <span class="sql__line">{ for line }</span> };
    html! {
        <div class="sql">
            <pre class="sql__text"><code>{ for lines.into_iter().map(line) }</code></pre>
            if !props.in_place {
                <Parameters values={props.statement.params.clone()} />
            }
        </div>
    }
}

/// The values of the parameters that are still to come, and whether they stand in the text.
struct Values<'a> {
    values: Enumerate<Iter<'a, Value>>,
    in_place: bool,
}

/// The words of a text, drawn, line by line. A line keeps its break, for whoever copies it.
fn by_line(text: &str, parameters: &mut Values<'_>) -> Vec<Vec<Html>> {
    let mut lines: Vec<Vec<Html>> = vec![Vec::new()];
    for (word, text) in words(text) {
        for part in text.split_inclusive('\n') {
            let drawn = piece(word, part, parameters);
            lines.last_mut().into_iter().for_each(|line| line.push(drawn.clone()));
            if part.ends_with('\n') {
                lines.push(Vec::new());
            }
        }
    }
    lines
}

fn with_origins(inner: Vec<Html>, origins: &[Origin], legend: &Legend) -> Html {
    match origins.first() {
        None => inner.into_iter().collect(),
        Some(origin) => {
            html! { <span class={origin_class(*origin, legend)} data-of={tokens(origins)}>{ for inner }</span> }
        }
    }
}

fn piece(word: Word, text: &str, parameters: &mut Values<'_>) -> Html {
    let class = match word {
        Word::Keyword => "sql__keyword",
        Word::Name => "sql__name",
        Word::Type => "sql__type",
        Word::Literal => "sql__literal",
        Word::Parameter => {
            let value = parameters.values.next();
            if let Some((_, value)) = value.filter(|_| parameters.in_place) {
                return html! { <span class="sql__parameter sql__parameter--value">{ literal(value) }</span> };
            }
            let title = value.map(|(at, value)| parameter(at, value));
            return html! { <span class="sql__parameter" {title}>{ text }</span> };
        }
        Word::Other => return html! { { text } },
    };
    html! { <span {class}>{ text }</span> }
}

/// The colour is that of the innermost model; what came from a relationship has a mark instead.
fn origin_class(origin: Origin, legend: &Legend) -> Classes {
    match origin {
        Origin::Model(model) | Origin::Field(model, _) => classes!("sql__part", legend.class(model)),
        Origin::Relationship(_) => classes!("sql__part", "sql__part--link"),
    }
}

/// The tokens of some origins, the innermost first: a field belongs to its model too.
pub fn tokens(origins: &[Origin]) -> String {
    let mut tokens: Vec<String> = Vec::new();
    for origin in origins {
        let of = match origin {
            Origin::Model(model) => vec![model.to_string()],
            Origin::Field(model, field) => vec![field.to_string(), model.to_string()],
            Origin::Relationship(relationship) => vec![relationship.to_string()],
        };
        for token in of {
            if !tokens.contains(&token) {
                tokens.push(token);
            }
        }
    }
    tokens.join(" ")
}

/// A parameter with its place, counted from 0, as SQLite numbers question marks: `?1 = 'x'`.
pub fn parameter(at: usize, value: &Value) -> String {
    format!("?{} = {}", at + 1, literal(value))
}

/// A value as SQL writes it.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        other => other.to_string(),
    }
}

/// What [`Parameters`] lists.
#[derive(Properties, PartialEq)]
pub struct ParametersProps {
    /// The values, in the order of the question marks.
    pub values: Vec<Value>,
}

/// Parameters as a list: `?1 = 'x'`.
#[function_component]
pub fn Parameters(props: &ParametersProps) -> Html {
    if props.values.is_empty() {
        return Html::default();
    }
    let rest = props.values.len().saturating_sub(PARAMETERS_LISTED);
    let listed = props.values.iter().take(PARAMETERS_LISTED).enumerate().map(|(at, value)| {
        html! {
            <li class="parameters__item" key={at}>
                <span class="parameters__place">{ "?" }{ at + 1 }{ " = " }</span>
                <span class="parameters__value">{ literal(value) }</span>
            </li>
        }
    });
    html! {
        <ul class="parameters" aria-label="Parameters">
            { for listed }
            if rest > 0 {
                <li class="parameters__item parameters__item--more">{ format!("… and {rest} more") }</li>
            }
        </ul>
    }
}

/// What a [`CopyButton`] copies.
#[derive(Properties, PartialEq)]
pub struct CopyButtonProps {
    /// The text.
    pub text: String,
    /// What it is, in words, where the button does not say it.
    #[prop_or_default]
    pub what: AttrValue,
    /// The word on the button.
    #[prop_or(AttrValue::Static("Copy"))]
    pub label: AttrValue,
}

#[derive(Clone, Copy, PartialEq)]
enum Copied {
    No,
    Yes,
    /// The browser does not let the page write to the clipboard.
    Refused,
}

/// A button that copies a text to the clipboard.
#[function_component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let copied = use_state_eq(|| Copied::No);
    let onclick = {
        let (text, copied) = (props.text.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            let (text, copied) = (text.clone(), copied.clone());
            spawn_local(async move {
                let done = copy(&text).await;
                copied.set(if done { Copied::Yes } else { Copied::Refused });
                Timeout::new(2_500, move || copied.set(Copied::No)).forget();
            });
        })
    };
    let name = format!("{} {}", props.label, props.what).trim_end().to_owned();
    let word = match *copied {
        Copied::No => props.label.clone(),
        Copied::Yes => "Copied".into(),
        Copied::Refused => "The browser refused: select and copy by hand".into(),
    };
    html! {
        <button class="copy" type="button" {onclick} title={name.clone()}
            aria-label={(*copied == Copied::No).then_some(name)}>
            <span aria-live="polite">{ word }</span>
        </button>
    }
}

async fn copy(text: &str) -> bool {
    // Outside of secure contexts there is no clipboard, whatever the type says.
    window().is_secure_context()
        && JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}
