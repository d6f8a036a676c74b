//! What came of a script, step by step and in words: plain data, which the views only draw.

use super::script_changes::model_of;
use super::script_words::sentence;
use super::scripting::Scripted;
use crate::mapping::{Relational, TableId};
use crate::protocol::ScriptOutcome;
use crate::schema::{EndId, ModelId, Schema};
use crate::session::{Deed, Doing, Happening, RowName, Sent, SessionError, Verb, What};
use crate::sql::Statement;
use crate::value::Value;

/// What happened at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    /// The step, by position; `None` for the end of the script.
    pub step: Option<usize>,
    /// What it was to do.
    pub words: String,
    /// What happened, in order.
    pub told: Vec<Told>,
    /// Why it failed, if it did.
    pub failure: Option<Failed>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// A statement was sent.
    Statement(Box<Card>),
    /// The changes were kept.
    Committed,
    /// Everything since the last commit was taken back.
    RolledBack,
    /// SQLAlchemy would have warned, in these words.
    Warned(String),
}

/// A statement that was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Its number among all that were sent, from 1.
    pub number: usize,
    /// What it does.
    pub verb: Verb,
    /// The statement; its parameters are of the first set.
    pub statement: Statement,
    /// Why it was sent, each reason once.
    pub reasons: Vec<String>,
    /// Whether the session flushed by itself, before it could ask the database.
    pub autoflush: bool,
    /// How many rows came back, or were written, over all sets.
    pub rows: u32,
    /// Each set of parameters: why, with what, how many rows.
    pub sets: Vec<(String, Vec<Value>, u32)>,
    /// What the database did by itself beside it.
    pub deeds: Vec<DeedTold>,
}

/// What the database did by itself to rows of one table.
#[derive(Clone, Debug, PartialEq)]
pub struct DeedTold {
    /// The model whose rows they are; none for a join table.
    pub model: Option<ModelId>,
    /// What it did: `deleted`, `changed the key of`.
    pub did: String,
    /// To which rows: `Book 1, 2 and 3`.
    pub rows: String,
    /// What told it to: `ON DELETE CASCADE`.
    pub rule: String,
}

/// Why a step failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// The name of the exception.
    pub exception: &'static str,
    /// What it says.
    pub message: String,
    /// SQLite's own words, if it was SQLite that refused.
    pub sqlite: String,
    /// The rows in the way: `Book 1, 2 and 3`, for each table.
    pub blocked_by: Vec<(Option<ModelId>, String)>,
}

/// How many statements the ORM sent. One with several sets of parameters counts once, as SQLAlchemy counts it.
pub fn sent(outcome: &ScriptOutcome) -> usize {
    outcome.happenings.iter().filter(|happening| matches!(happening.what, What::Sent(_))).count()
}

/// How many rows the database changed by itself.
pub fn by_itself(outcome: &ScriptOutcome) -> usize {
    let sets = outcome.happenings.iter().filter_map(|happening| match &happening.what {
        What::Sent(sent) => Some(&sent.sets),
        _ => None,
    });
    sets.flatten().map(|set| set.doings.len()).sum()
}

/// What happened, step by step. Steps at which nothing happened are there too, up to the one that failed.
pub fn story(ran: &Scripted) -> Vec<Chapter> {
    let schema = &ran.good.schema;
    let failed = ran.outcome.failure.as_ref().map(|(step, _)| *step);
    let steps = ran.script.steps.iter().enumerate();
    let reached = steps.filter(|(at, _)| failed.is_none_or(|failed| *at <= failed));
    let mut chapters: Vec<Chapter> = reached
        .map(|(at, step)| Chapter {
            step: Some(at),
            words: sentence(step, schema),
            told: Vec::new(),
            failure: None,
        })
        .collect();
    let close = Chapter { step: None, words: "end of the script".into(), told: Vec::new(), failure: None };
    chapters.push(close);
    let last = chapters.len() - 1;
    let mut number = 0;
    for happening in &ran.outcome.happenings {
        number += usize::from(matches!(happening.what, What::Sent(_)));
        let at = if happening.step >= ran.script.steps.len() { last } else { happening.step.min(last) };
        chapters[at].told.push(told(happening, number, ran));
    }
    if let Some((step, error)) = &ran.outcome.failure {
        chapters[(*step).min(last)].failure = Some(failed_words(error, schema, &ran.good.relational));
    }
    if chapters[last].told.is_empty() && chapters[last].failure.is_none() {
        chapters.pop();
    }
    chapters
}

fn told(happening: &Happening, number: usize, ran: &Scripted) -> Told {
    match &happening.what {
        What::Sent(sent) => Told::Statement(Box::new(card(sent, number, happening.autoflush, ran))),
        What::Committed => Told::Committed,
        What::RolledBack => Told::RolledBack,
        What::Warned(words) => Told::Warned(words.clone()),
    }
}

fn card(sent: &Sent, number: usize, autoflush: bool, ran: &Scripted) -> Card {
    let schema = &ran.good.schema;
    let mut reasons: Vec<String> = Vec::new();
    for set in &sent.sets {
        let words = set.reason.words(schema);
        if !reasons.contains(&words) {
            reasons.push(words);
        }
    }
    let doings: Vec<&Doing> = sent.sets.iter().flat_map(|set| &set.doings).collect();
    let sets = sent.sets.iter().map(|set| (set.reason.words(schema), set.params.clone(), set.rows));
    Card {
        number,
        verb: sent.verb,
        statement: sent.statement.clone(),
        reasons,
        autoflush,
        rows: sent.sets.iter().map(|set| set.rows).sum(),
        sets: sets.collect(),
        deeds: deeds(&doings, schema, &ran.good.relational),
    }
}

/// What the database did, rows of one table and one deed together.
fn deeds(doings: &[&Doing], schema: &Schema, relational: &Relational) -> Vec<DeedTold> {
    let mut kinds: Vec<(Deed, TableId)> = Vec::new();
    for doing in doings {
        let kind = (doing.deed, doing.row.table);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let one = |(deed, table): (Deed, TableId)| {
        let rows = doings.iter().filter(|doing| (doing.deed, doing.row.table) == (deed, table));
        let rows: Vec<&RowName> = rows.map(|doing| &doing.row).collect();
        let keys = &relational.table(table).foreign_keys;
        let (did, rule) = match deed {
            Deed::Deleted => ("deleted".to_owned(), "CASCADE"),
            Deed::KeyChanged(id) => {
                let key = keys.iter().find(|key| key.relationship == id);
                let end = key.map(|key| EndId { relationship: id, side: key.side.other() });
                let name = end.and_then(|end| schema.end(end)).map_or("key", |end| end.name);
                (format!("changed the {name} of"), key.map_or("", |key| key.on_delete.sql()))
            }
        };
        DeedTold {
            model: model_of(relational.table(table)),
            did,
            rows: rows_named(&rows, schema, relational),
            rule: format!("ON DELETE {rule}"),
        }
    };
    kinds.into_iter().map(one).collect()
}

/// Rows of one table: `Book 1, 2 and 3`.
fn rows_named(rows: &[&RowName], schema: &Schema, relational: &Relational) -> String {
    const MOST: usize = 12;
    let Some(first) = rows.first() else { return String::new() };
    let table = relational.table(first.table);
    let model = model_of(table).and_then(|id| schema.model(id));
    let name = model.map_or(table.name.as_str(), |model| model.name.as_str());
    let key = |row: &&RowName| row.key.iter().map(Value::to_string).collect::<Vec<_>>().join("·");
    let mut keys: Vec<String> = rows.iter().take(MOST).map(key).collect();
    if rows.len() > MOST {
        keys.push(format!("{} more", rows.len() - MOST));
    }
    let last = keys.pop().unwrap_or_default();
    if keys.is_empty() { format!("{name} {last}") } else { format!("{name} {} and {last}", keys.join(", ")) }
}

fn failed_words(error: &SessionError, schema: &Schema, relational: &Relational) -> Failed {
    let (message, sqlite, blocked) = match error {
        SessionError::Integrity { sqlite, blocked } => {
            let why = blocked.as_ref().map(|blocked| blocked.message.clone());
            (why.unwrap_or_else(|| "The database refused.".into()), sqlite.clone(), blocked.as_ref())
        }
        other => (other.to_string(), String::new(), None),
    };
    let mut blocked_by = Vec::new();
    let rows = blocked.map_or(&[][..], |blocked| blocked.by.as_slice());
    for table in &relational.tables {
        let of_table: Vec<&RowName> = rows.iter().filter(|row| row.table == table.id).collect();
        if !of_table.is_empty() {
            blocked_by.push((model_of(table), rows_named(&of_table, schema, relational)));
        }
    }
    Failed { exception: error.exception(), message, sqlite, blocked_by }
}
