//! The schema and the query as a program for another ORM, to be read and copied.

use std::rc::Rc;

use yew::{Html, classes, html};

use crate::schema::ModelId;
use crate::ui::legend::Legend;
use crate::ui::programs::{Language, Program, program};
use crate::ui::python_words::{Word, words};
use crate::ui::sql_view::CopyButton;
use crate::ui::state::{Good, State};

/// The button that copies the program, and the program.
pub(in crate::ui) fn code(
    language: Language,
    good: &Rc<Good>,
    state: &State,
    legend: &Legend,
) -> (Option<Html>, Html) {
    // A query of before the errors would be one of another schema.
    let planned = state.compiled.planned.as_deref().filter(|_| !state.has_errors());
    match program(language, good, planned) {
        Ok(program) => {
            let copy = html! { <CopyButton text={program.whole.clone()} label="Copy" what="the program" /> };
            (Some(copy), parts(&program, state, legend))
        }
        Err(why) => {
            let name = language.name();
            (None, html! { <p class="schema__stale">{ format!("No {name} program: {why}") }</p> })
        }
    }
}

fn parts(program: &Program, state: &State, legend: &Legend) -> Html {
    let without =
        if state.has_errors() { "" } else { "The query has errors; the program has the models only." };
    html! {
        <>
        <section class="schema__part" aria-label="The models as a program">
            <h3 class="schema__title">{ "Models" }</h3>
            { source(&program.models, &program.classes, legend) }
        </section>
        if let Some(query) = &program.query {
            <section class="schema__part" aria-label="The query as a program">
                <h3 class="schema__title">{ "The query" }</h3>
                { source(query, &program.classes, legend) }
            </section>
        } else if !without.is_empty() {
            <p class="schema--empty">{ without }</p>
        }
        </>
    }
}

/// A text with the models' colours: a word that is the name of a class, also within a text.
fn source(text: &str, classes: &[(String, ModelId)], legend: &Legend) -> Html {
    let line = |line: &str| {
        let pieces = words(line).into_iter().map(|(word, text)| piece(word, text, classes, legend));
        html! { <span class="sql__line">{ for pieces }{ "\n" }</span> }
    };
    html! { <pre class="sql__text"><code>{ for text.trim().lines().map(line) }</code></pre> }
}

fn piece(word: Word, text: &str, all: &[(String, ModelId)], legend: &Legend) -> Html {
    let model = all.iter().find(|(name, _)| name == text.trim_matches('"')).map(|(_, model)| *model);
    if let Some(model) = model.filter(|_| matches!(word, Word::Name | Word::Literal)) {
        return html! {
            <span class={classes!("sql__part", legend.class(model))} data-of={model.to_string()}>
                <span class="sql__name">{ text }</span>
            </span>
        };
    }
    match word {
        Word::Keyword => html! { <span class="sql__keyword">{ text }</span> },
        Word::Comment => html! { <span class="sql__type">{ text }</span> },
        Word::Name | Word::Literal | Word::Other => html! { { text } },
    }
}
