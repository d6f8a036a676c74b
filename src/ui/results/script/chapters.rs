//! What happened, step by step: each statement with the reason why it was sent, and what the database did by itself.

use yew::{Html, classes, html};

use super::super::words::count;
use crate::schema::ModelId;
use crate::session::Verb;
use crate::ui::legend::Legend;
use crate::ui::script_story::{Card, Chapter, DeedTold, Failed, Told, by_itself, sent, story};
use crate::ui::scripting::Scripted;
use crate::ui::sql_view::{CopyButton, SqlView, parameter};

/// What happened.
pub(super) fn chapters(ran: &Scripted, legend: &Legend) -> Html {
    let chapters = story(ran);
    html! {
        <div class="statements">
            <p class="statements__total" role="status">{ total(ran) }</p>
            <ol class="chapters">{ for chapters.iter().map(|one| chapter(one, legend)) }</ol>
        </div>
    }
}

/// `5 statements by the ORM · 3 rows changed by the database itself · stopped at step 2`.
pub(super) fn total(ran: &Scripted) -> String {
    let mut text = format!("{} by the ORM", count(sent(&ran.outcome) as u32, "statement"));
    match by_itself(&ran.outcome) {
        0 => text.push_str(" · nothing by the database itself"),
        rows => text.push_str(&format!(" · {} changed by the database itself", count(rows as u32, "row"))),
    }
    if let Some((step, _)) = &ran.outcome.failure {
        text.push_str(&format!(" · stopped at step {}", step + 1));
    }
    text
}

/// Why the script failed, if it did.
pub(super) fn failed(ran: &Scripted) -> Option<Failed> {
    story(ran).into_iter().find_map(|chapter| chapter.failure)
}

fn chapter(chapter: &Chapter, legend: &Legend) -> Html {
    let number = chapter.step.map_or(String::new(), |step| (step + 1).to_string());
    let quiet = chapter.told.is_empty() && chapter.failure.is_none();
    html! {
        <li class={classes!("chapter", quiet.then_some("chapter--quiet"))}>
            <p class="chapter__head">
                <span class="chapter__number">{ number }</span>
                <span class="chapter__words">{ &chapter.words }</span>
                if quiet { <span class="chapter__nothing">{ "nothing sent yet" }</span> }
            </p>
            if !chapter.told.is_empty() {
                <div class="chapter__told">{ for chapter.told.iter().map(|one| told(one, chapter, legend)) }</div>
            }
            if let Some(failed) = &chapter.failure { { failure(failed, legend) } }
        </li>
    }
}

fn told(told: &Told, chapter: &Chapter, legend: &Legend) -> Html {
    match told {
        Told::Statement(card) => statement(card, legend),
        Told::Committed => {
            html! { <p class="outcome outcome--good">{ "Committed: the changes are kept." }</p> }
        }
        Told::RolledBack if chapter.step.is_none() => html! {
            <p class="outcome">{ "Rolled back: what was not committed is taken back." }</p>
        },
        Told::RolledBack => html! {
            <p class="outcome">{ "Rolled back to the last commit." }</p>
        },
        Told::Warned(words) => html! { <p class="outcome outcome--warn">{ "Warning: " }{ words }</p> },
    }
}

fn statement(card: &Card, legend: &Legend) -> Html {
    let many = card.sets.len() > 1;
    let mut statement = card.statement.clone();
    if many {
        // The parameters differ from set to set: they stand in the list below.
        statement.params.clear();
    }
    let rows = count(card.rows, "row");
    let facts = match card.verb {
        Verb::Select => rows,
        Verb::Insert => format!("{rows} inserted"),
        Verb::Update => format!("{rows} changed"),
        Verb::Delete => format!("{rows} deleted"),
    };
    html! {
        <div class="statement">
            <p class="statement__head">
                <span class="statement__number">{ card.number }</span>
                if many { <span class="statement__times statement__times--plain">{ format!("× {}", card.sets.len()) }</span> }
                <span class="statement__why">{ card.reasons.join("; ") }</span>
                if card.autoflush {
                    <abbr class="statement__tag" title="The session flushes by itself before it asks the database.">{ "autoflush" }</abbr>
                }
                <span class="statement__facts">{ facts }</span>
                <CopyButton text={format!("{};", card.statement.text)} what="this statement" />
            </p>
            <SqlView {statement} legend={legend.clone()} />
            if many { { sets(card) } }
            { for card.deeds.iter().map(|one| deed(one, legend)) }
        </div>
    }
}

/// What the database did by itself, told apart from what the ORM sent.
fn deed(deed: &DeedTold, legend: &Legend) -> Html {
    html! {
        <p class="deed">
            <span class="deed__who">{ "The database itself" }</span>
            { format!(" {} ", deed.did) }
            { rows(deed.model, &deed.rows, legend) }
            <code class="deed__rule">{ &deed.rule }</code>
        </p>
    }
}

fn rows(model: Option<ModelId>, rows: &str, legend: &Legend) -> Html {
    let class = model.map_or("", |model| legend.class(model));
    html! { <span class={classes!("deed__rows", class)} data-of={model.map(|id| id.to_string())}>{ rows }</span> }
}

/// Each set of parameters of one statement.
fn sets(card: &Card) -> Html {
    const MOST: usize = 100;
    let reasons = card.reasons.len() > 1;
    let lines = card.sets.iter().take(MOST).map(|(why, params, rows)| {
        let params: Vec<String> = params.iter().enumerate().map(|(at, value)| parameter(at, value)).collect();
        html! {
            <tr>
                <td class="runs__parameters">{ params.join(", ") }</td>
                if reasons { <td>{ why }</td> }
                <td class="runs__number">{ rows }</td>
            </tr>
        }
    });
    let more = card.sets.len().saturating_sub(MOST);
    html! {
        <>
        <table class="runs__table sets">
            <thead>
                <tr>
                    <th scope="col">{ "Parameters" }</th>
                    if reasons { <th scope="col">{ "Why" }</th> }
                    <th scope="col">{ "Rows" }</th>
                </tr>
            </thead>
            <tbody>{ for lines }</tbody>
        </table>
        if more > 0 { <p class="runs__more">{ format!("… and {more} more.") }</p> }
        </>
    }
}

fn failure(failed: &Failed, legend: &Legend) -> Html {
    html! {
        <div class="news news--bad">
            <p class="news__what">{ failed.exception }</p>
            <p>{ &failed.message }</p>
            if !failed.blocked_by.is_empty() {
                <p>
                    { "In the way: " }
                    { for failed.blocked_by.iter().map(|(model, names)| rows(*model, names, legend)) }
                </p>
            }
            if !failed.sqlite.is_empty() {
                <p class="news__sqlite">{ "SQLite: " }<code>{ &failed.sqlite }</code></p>
            }
        </div>
    }
}
