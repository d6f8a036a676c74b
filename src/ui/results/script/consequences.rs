//! What becomes of the rows: in one sentence, then by whom and why, with the setting that decided it at hand; and the
//! tables before and after. Nothing of it is in the document until it is committed.

use yew::{Html, MouseEvent, classes, html};

use super::{before_after, chapters, settings};
use crate::session::StepDraft;
use crate::ui::action::Action;
use crate::ui::app::Dispatch;
use crate::ui::consequences::{By, Fate, Group, in_sql};
use crate::ui::legend::Legend;
use crate::ui::script_story::Failed;
use crate::ui::scripting::Scripted;
use crate::ui::state::State;

/// What a tab of a script needs.
pub(super) struct Shown<'a> {
    pub state: &'a State,
    pub ran: &'a Scripted,
    pub legend: &'a Legend,
    pub dispatch: &'a Dispatch,
}

/// What becomes of the rows.
pub(super) fn consequences(shown: &Shown<'_>) -> Html {
    let told = &shown.ran.told;
    html! {
        <div class="fates">
            { verdict(shown) }
            <section class="fates__settings" aria-label="What decides">
                { for told.settings.iter().map(|setting| settings::settings(shown, *setting)) }
            </section>
            <ul class="fates__list" aria-label="What becomes of which rows">
                { for told.groups.iter().map(|group| one(shown, group)) }
            </ul>
            if !told.tables.is_empty() {
                <section class="fates__tables" aria-label="Before and after">
                    { for told.tables.iter().map(|table| before_after::table(table, shown.legend)) }
                </section>
            }
        </div>
    }
}

/// The sentence that says it all, and what one can do then.
fn verdict(shown: &Shown<'_>) -> Html {
    let told = &shown.ran.told;
    let blocked = shown.ran.outcome.failure.is_some();
    let class = classes!("verdict", blocked.then_some("verdict--bad"));
    let act = |action: Action| {
        let dispatch = shown.dispatch.clone();
        move |_: MouseEvent| dispatch.emit(action.clone())
    };
    html! {
        <div {class}>
            <p class="verdict__words" role="status">{ &told.headline }</p>
            if let Some(failed) = chapters::failed(shown.ran) { { why(&failed) } }
            <p class="verdict__more">{ chapters::total(shown.ran) }</p>
            { for deleted(shown) }
            if shown.state.script.is_committed() {
                <p class="verdict__end outcome--good">{ "Committed: this is in your data now. Undo takes it back." }</p>
            } else {
                <div class="verdict__buttons">
                    <button type="button" class="button button--primary" onclick={act(Action::CommitScript)}
                        disabled={told.tally.total() == 0 || shown.state.script.is_stale()}>{ "Commit" }</button>
                    <button type="button" class="button" onclick={act(Action::RollBackScript)}>{ "Roll back" }</button>
                    <span class="verdict__note">{ "This is a copy: your data change only if you commit." }</span>
                </div>
            }
        </div>
    }
}

/// A single deletion was asked about: whose answer this is, and what the other one would be.
fn deleted(shown: &Shown<'_>) -> Option<Html> {
    let [StepDraft::Delete { .. }, StepDraft::Commit] = shown.ran.script.steps.as_slice() else {
        return None;
    };
    let other = in_sql(&shown.ran.told.groups, &shown.ran.good.relational);
    Some(html! {
        <p class="verdict__whose">
            { "That is a delete " }<b>{ "through the ORM" }</b>{ ". " }<b>{ "DELETE in SQL" }</b>{ " (the bin beside a row) " }{ other }
        </p>
    })
}

/// Why it failed. Which rows are in the way is told with the others.
fn why(failed: &Failed) -> Html {
    html! {
        <>
            <p><b>{ failed.exception }</b>{ ": " }{ &failed.message }</p>
            if !failed.sqlite.is_empty() {
                <p class="news__sqlite">{ "SQLite: " }<code>{ &failed.sqlite }</code></p>
            }
        </>
    }
}

fn one(shown: &Shown<'_>, group: &Group) -> Html {
    let (mark, class) = match group.fate {
        Fate::Blocks => ("✕", "fate--blocks"),
        Fate::Gone => ("−", "fate--gone"),
        Fate::Cleared => ("∅", "fate--cleared"),
        Fate::Changed => ("~", "fate--changed"),
        Fate::Added => ("+", "fate--added"),
        Fate::Dangling => ("?", "fate--dangling"),
    };
    html! {
        <li class={classes!("fate", class)}>
            <span class="fate__mark" aria-hidden="true">{ mark }</span>
            <div class="fate__words">
                <p>{ rows(shown, group) }{ " " }<strong>{ verb(group) }</strong></p>
                <p class="fate__by">{ by(group) }</p>
            </div>
        </li>
    }
}

fn rows(shown: &Shown<'_>, group: &Group) -> Html {
    let class = group.model.map_or("", |model| shown.legend.class(model));
    let more = group.count - group.rows.len();
    let last = group.rows.len().saturating_sub(1);
    let row = |(at, (key, id)): (usize, &(String, Option<crate::project::RowId>))| {
        let of =
            id.map(|id| format!("{id} {}", group.model.map_or(String::new(), |model| model.to_string())));
        let before = match at {
            0 => "",
            _ if at == last && more == 0 => " and ",
            _ => ", ",
        };
        html! { <>{ before }<span class="fate__key" data-of={of}>{ key }</span></> }
    };
    html! {
        <span class={classes!("fate__rows", class)}>
            <span data-of={group.model.map(|id| id.to_string())}>{ &group.name }</span>{ " " }
            { for group.rows.iter().enumerate().map(row) }
            if more > 0 { { format!(" and {more} more") } }
        </span>
    }
}

fn verb(group: &Group) -> &'static str {
    let one = group.count == 1;
    match (group.fate, one) {
        (Fate::Blocks, true) => "stands in the way",
        (Fate::Blocks, false) => "stand in the way",
        (Fate::Gone, true) => "goes",
        (Fate::Gone, false) => "go",
        (Fate::Cleared, true) => "has its key set to NULL",
        (Fate::Cleared, false) => "have their key set to NULL",
        (Fate::Changed, true) => "changes",
        (Fate::Changed, false) => "change",
        (Fate::Added, true) => "comes",
        (Fate::Added, false) => "come",
        (Fate::Dangling, true) => "points nowhere",
        (Fate::Dangling, false) => "point nowhere",
    }
}

fn by(group: &Group) -> Html {
    match &group.by {
        By::Session { statement, verb, why } => html! {
            <><b>{ "The session" }</b>{ ": " }<code>{ *verb }</code>{ format!(", statement {statement}: {why}") }</>
        },
        By::Database { rule, statement } => html! {
            <><b>{ "The database itself" }</b>{ ": " }<code>{ rule }</code>{ format!(", at statement {statement}") }</>
        },
        By::Key(rule) => html! { <><b>{ "The database" }</b>{ ": " }<code>{ rule }</code>{ " refuses" }</> },
        By::Nobody if group.fate == Fate::Dangling => {
            html! { { "Nobody takes care of them: no foreign key can guard a key that may point to several tables." } }
        }
        By::Nobody => Html::default(),
    }
}
