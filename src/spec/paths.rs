//! Where things stand in a specification, and what there is to say about them.

use std::collections::HashMap;
use std::hash::Hash;

use super::Json;
use crate::schema::{Diagnostic, FieldType, Findings, Severity};
use crate::value::Value;

/// A diagnostic whose place is a path such as `models.Author.fields.born`.
pub type Finding = Diagnostic<String>;

/// The path of each place of a draft.
#[derive(Clone, Debug)]
pub struct Paths<P>(HashMap<P, String>);

impl<P> Default for Paths<P> {
    fn default() -> Self {
        Paths(HashMap::new())
    }
}

impl<P: Eq + Hash> Paths<P> {
    /// Notes where a place of the draft came from.
    pub(super) fn note(&mut self, place: P, path: &str) {
        self.0.insert(place, path.to_owned());
    }

    /// The path of a place.
    pub fn get(&self, place: &P) -> Option<&str> {
        self.0.get(place).map(String::as_str)
    }
}

/// Walks a piece of JSON and says what is wrong with it.
#[derive(Debug, Default)]
pub struct Reader {
    findings: Findings<String>,
}

impl Reader {
    /// Everything said, in order.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings.into_vec()
    }

    /// Records an error.
    pub(super) fn error(&mut self, path: &str, message: impl Into<String>, mend: impl Into<String>) {
        self.findings.error(path.to_owned(), message, mend);
    }

    /// Says that something else was expected.
    pub(super) fn expected(&mut self, path: &str, wanted: &str, json: &Json) {
        self.error(path, format!("Expected {wanted}, not {}.", json.noun()), "");
    }

    /// A value of a type, as a person would type it, and as it is stored.
    pub(super) fn value(&mut self, path: &str, kind: FieldType, json: &Json) -> Option<(String, Value)> {
        let Some(text) = super::objects::typed(kind, json) else {
            self.expected(path, &format!("a value of type {}", kind.label()), json);
            return None;
        };
        match kind.parse(&text) {
            Ok(value) => Some((text, value)),
            Err(error) => {
                self.error(path, format!("{error}."), format!("Write a value like {}.", kind.example()));
                None
            }
        }
    }

    /// Says that a name is not known, and which are.
    pub(super) fn unknown<'a>(
        &mut self,
        path: &str,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) {
        let known: Vec<&str> = known.into_iter().collect();
        let lower = name.to_lowercase();
        let alike = known.iter().find(|known| known.to_lowercase() == lower || is_near(known, name));
        let mend = match alike {
            Some(alike) => format!("Did you mean “{alike}”?"),
            None if known.is_empty() => String::new(),
            None => format!("There is {}.", known.join(", ")),
        };
        self.error(path, format!("There is no {what} “{name}”."), mend);
    }

    /// The members of an object.
    pub(super) fn map<'a>(&mut self, path: &str, json: &'a Json) -> &'a [(String, Json)] {
        match json {
            Json::Map(members) => members,
            other => {
                self.expected(path, "an object", other);
                &[]
            }
        }
    }

    /// The items of an array.
    pub(super) fn list<'a>(&mut self, path: &str, json: &'a Json) -> &'a [Json] {
        match json {
            Json::List(items) => items,
            other => {
                self.expected(path, "a list", other);
                &[]
            }
        }
    }

    /// A text.
    pub(super) fn text(&mut self, path: &str, json: &Json) -> Option<String> {
        match json {
            Json::Text(text) => Some(text.clone()),
            other => {
                self.expected(path, "a text", other);
                None
            }
        }
    }

    /// True or false.
    pub(super) fn truth(&mut self, path: &str, json: &Json) -> bool {
        match json {
            Json::Bool(truth) => *truth,
            other => {
                self.expected(path, "true or false", other);
                false
            }
        }
    }

    /// Texts: one, or a list of them.
    pub(super) fn texts(&mut self, path: &str, json: &Json) -> Vec<String> {
        self.texts_at(path, json).into_iter().map(|(_, text)| text).collect()
    }

    /// Texts, one or a list of them, each with its path.
    pub(super) fn texts_at(&mut self, path: &str, json: &Json) -> Vec<(String, String)> {
        if let Json::Text(text) = json {
            return vec![(path.to_owned(), text.clone())];
        }
        let items = self.list(path, json).iter().enumerate();
        let items = items.map(|(index, item)| (at(path, index), item));
        items.filter_map(|(path, item)| self.text(&path, item).map(|text| (path, text))).collect()
    }

    /// One of several things, by its name. `-` and spaces are the same, and so are capitals and small letters.
    pub(super) fn choice<T: Copy>(&mut self, path: &str, json: &Json, of: &[(&str, T)]) -> Option<T> {
        let names = of.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let Json::Text(name) = json else {
            self.expected(path, &format!("one of {names}"), json);
            return None;
        };
        let plain = |name: &str| name.to_lowercase().replace([' ', '_'], "-");
        let found = of.iter().find(|(known, _)| plain(known) == plain(name));
        if found.is_none() {
            self.error(path, format!("“{name}” is none of the choices."), format!("Choose one of: {names}."));
        }
        found.map(|(_, choice)| *choice)
    }
}

/// What a check has said, at a path. A check speaks to who fills in a form: there one types.
pub(super) fn said<P>(said: Diagnostic<P>, path: String) -> Finding {
    let mend = match said.mend.strip_prefix("Type ") {
        Some(rest) => format!("Write {}", rest.replace("clear it", "leave it out")),
        None => said.mend,
    };
    Finding { severity: said.severity, place: path, message: said.message, mend }
}

/// Whether none of them is an error.
pub(super) fn are_fine(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error)
}

/// The path of a member.
pub(super) fn member(path: &str, name: &str) -> String {
    let plain = !name.is_empty()
        && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '$' | '-'));
    match (path, plain) {
        ("", true) => name.to_owned(),
        (_, true) => format!("{path}.{name}"),
        (_, false) => format!("{path}[{name:?}]"),
    }
}

/// The path of an item.
pub(super) fn at(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

/// Whether one name may have been meant for the other: two letters differ at most, and fewer than half.
fn is_near(one: &str, other: &str) -> bool {
    let differ = distance(one, other);
    differ <= 2 && 2 * differ < one.chars().count().max(other.chars().count())
}

/// How many letters have to be changed, added, taken away or swapped with the next to make one name of the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (i, letter) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, against) in other.iter().enumerate() {
            let mut least =
                (rows[i][j] + usize::from(letter != against)).min(row[j] + 1).min(rows[i][j + 1] + 1);
            if i > 0 && j > 0 && *letter == other[j - 1] && one[i - 1] == *against {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}
