//! The first error that keeps something from being run: in its own words, with the way to it.

use super::reduce::bad;
use super::schema::diagram::{Thing, card_id};
use super::script_edit::verb_id;
use super::state::{Notice, Panel, State};
use crate::query;
use crate::schema::{Diagnostic, FieldPart, Place, RelationshipPart, Severity};
use crate::session;

/// The way to what a notice tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// The panel that it is in.
    pub panel: Panel,
    /// What finds it in the page: each selector more closely than the one before, if it finds anything.
    pub selectors: Vec<String>,
}

/// What is to be mended before something can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// The schema.
    Schema,
    /// The schema and the query.
    Query,
    /// The schema and the session's script.
    Script,
}

impl State {
    /// Tells the first error in what is needed, and leads to it.
    pub(super) fn refusing(self, needed: Needed) -> State {
        if !self.has_something_to_run() {
            let lead = Lead { panel: Panel::Define, selectors: vec!["#add-model".into()] };
            let text = "There is no model yet. Add one, and there is something to run.".into();
            return self.telling(Notice { text, lead: Some(lead), ..Notice::default() });
        }
        let compiled = &self.compiled;
        let found = first("schema", &compiled.schema_diagnostics, in_form).or_else(|| match needed {
            Needed::Schema => None,
            Needed::Query => first("query", &compiled.query_diagnostics, in_query),
            Needed::Script => first("script", &compiled.script_diagnostics, in_script),
        });
        // Without an error there is nothing to refuse.
        match found {
            Some(notice) => self.telling(notice),
            None => self,
        }
    }
}

fn first<P>(what: &str, found: &[Diagnostic<P>], lead: fn(&P) -> Lead) -> Option<Notice> {
    let mut errors = found.iter().filter(|found| found.severity == Severity::Error);
    let error = errors.next()?;
    let more = errors.count();
    let head = match more {
        0 => format!("The {what} has an error:"),
        _ => format!("The {what} has {} errors. The first:", more + 1),
    };
    let text = format!("{head} {} {}", error.message, error.mend).trim_end().to_owned();
    Some(Notice { lead: Some(lead(&error.place)), ..bad(text) })
}

fn in_form(place: &Place) -> Lead {
    let wrong = |thing| format!("#{} [aria-invalid=true]", card_id(thing));
    let selectors = match *place {
        Place::Model(model, _) => vec![format!("#{model}-name"), wrong(Thing::Model(model))],
        Place::Field(model, field, part) => {
            let part = match part {
                FieldPart::Name => "name",
                FieldPart::Default => "default",
                FieldPart::Column => "column",
            };
            vec![format!("#{model}-name"), format!("#{field}-name"), format!("#{field}-{part}")]
        }
        Place::Relationship(id, part) => {
            let side = match part {
                RelationshipPart::Name(side) => Some(super::edit::side_key(side)),
                _ => None,
            };
            let name = side.map(|side| format!("#{id}-{side}-name"));
            let ways = [format!("#{id}-left"), wrong(Thing::Relationship(id))];
            ways.into_iter().chain(name).collect()
        }
    };
    Lead { panel: Panel::Define, selectors }
}

/// What is wrong in the form of the query or the session.
const WRONG: &str = ".panel--query form [aria-invalid=true]";

fn in_query(_: &query::Place) -> Lead {
    Lead { panel: Panel::Query, selectors: vec!["#query-root".into(), WRONG.into()] }
}

fn in_script(place: &session::Place) -> Lead {
    Lead { panel: Panel::Query, selectors: vec![format!("#{}", verb_id(place.step)), WRONG.into()] }
}
