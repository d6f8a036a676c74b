//! Where Relata differs from SQLAlchemy on purpose: each reason excuses no more than what it foretells.

use std::collections::BTreeMap;

use relata::emit::Names;
use relata::query::{Filter, Include, Query, Strategy};
use relata::schema::ModelId;
use serde_json::Value as Json;

use super::case::{Case, Outcome};
use super::compare::{self, Counterpart};

/// A difference in the words of `docs/differences.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    /// SQLAlchemy has no such loader.
    Json,
    /// When what hangs on a subquery goes out.
    BehindSubquery,
    /// SQLAlchemy's loader passes over the condition: the program names another one.
    Immediate,
    /// An object has its own home, and a property there with a condition or without.
    Filtered,
    /// A plain load brings all fields.
    Chosen,
}

impl Known {
    /// In the order of the documentation.
    pub(crate) const ALL: [Known; 5] =
        [Known::Json, Known::BehindSubquery, Known::Immediate, Known::Filtered, Known::Chosen];

    /// The first column of the table in the documentation.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Known::Json => "JSON aggregate",
            Known::BehindSubquery => "Behind a subquery",
            Known::Immediate => "A condition on what is loaded immediately",
            Known::Filtered => "A condition where an object is met twice",
            Known::Chosen => "Chosen fields of an object loaded by itself",
        }
    }
}

/// What became of a query.
pub(crate) enum Compared {
    Same,
    /// The rows about groups are the same.
    Groups,
    /// What differs, differs as this reason foretells.
    Known(Known),
    /// With what differs.
    Different(String),
    /// It would have brought back too many rows.
    TooManyRows,
    /// SQLAlchemy took too long and was stopped.
    TooSlow,
}

/// Judges what SQLAlchemy did for a query by what Relata did.
pub(crate) fn judge(case: &mut Case, names: &Names, query: &Query, own: &Outcome, other: &Json) -> Compared {
    let whole =
        |case: &Case, outcome: &Outcome| compare::query(case, names, outcome, other, Counterpart::Whole);
    let graph =
        |case: &Case, outcome: &Outcome| compare::query(case, names, outcome, other, Counterpart::GraphOnly);
    let difference = match whole(case, own) {
        Ok(()) => return Compared::Same,
        Err(difference) => difference,
    };
    let (said, other_words) = other_words(query);
    let mut told = own.clone();
    if let Some(reason) = other_words {
        let Some(outcome) = case.run(&said) else { return Compared::TooManyRows };
        if !outcome.same_graph(own) {
            return Compared::Different(format!("strategies differ here\n{difference}"));
        }
        if whole(case, &outcome).is_ok() {
            return Compared::Known(reason);
        }
        told = outcome;
    }
    if !query.fields.is_empty() && whole(case, &told.clone().with_fields_of(case, names, other)).is_ok() {
        return Compared::Known(Known::Chosen);
    }
    if behind_subquery(&said.includes, 0) && graph(case, &told).is_ok() {
        println!("BEHIND {}", compare::apart_statements(&told, other, &case.table_names()));
        return Compared::Known(Known::BehindSubquery);
    }
    if filtered_elsewhere(case, query) {
        let Some(unfiltered) = case.run(&without_conditions(&said)) else { return Compared::TooManyRows };
        if compare::between(&case.schema, names, &told, &unfiltered, other).is_ok() {
            return Compared::Known(Known::Filtered);
        }
    }
    Compared::Different(difference)
}

/// The query that the program asks where SQLAlchemy has no such loader, and why it does.
fn other_words(query: &Query) -> (Query, Option<Known>) {
    let mut said = query.clone();
    let mut reason = None;
    each(&mut said.includes, &mut |include| {
        let (strategy, known) = match include.strategy {
            Strategy::Json => (Strategy::SelectIn, Known::Json),
            Strategy::Immediate if !include.filter.is_anything() => (Strategy::Lazy, Known::Immediate),
            _ => return,
        };
        include.strategy = strategy;
        reason = Some(reason.unwrap_or(known));
    });
    (said, reason)
}

fn without_conditions(query: &Query) -> Query {
    let mut query = query.clone();
    each(&mut query.includes, &mut |include| include.filter = Filter::anything());
    query
}

fn each(includes: &mut [Include], change: &mut dyn FnMut(&mut Include)) {
    for include in includes {
        change(include);
        each(&mut include.includes, change);
    }
}

/// Whether something hangs on a subquery, or a subquery on something.
fn behind_subquery(includes: &[Include], depth: u32) -> bool {
    includes.iter().any(|include| {
        (include.strategy == Strategy::Subquery && (depth > 0 || !include.includes.is_empty()))
            || behind_subquery(&include.includes, depth + 1)
    })
}

/// Whether a property is loaded with a condition, of a model whose objects are met in more than one place: SQLAlchemy
/// keeps to the place where it met the object first, and may know of no condition there.
fn filtered_elsewhere(case: &Case, query: &Query) -> bool {
    fn count(
        case: &Case,
        includes: &[Include],
        met: &mut BTreeMap<ModelId, u32>,
        filtered: &mut Vec<ModelId>,
    ) {
        for include in includes {
            let end = case.schema.end(include.end).unwrap();
            *met.entry(case.root_of(end.target.id)).or_default() += 1;
            filtered.extend((!include.filter.is_anything()).then(|| case.root_of(end.model.id)));
            count(case, &include.includes, met, filtered);
        }
    }
    let (mut met, mut filtered) = (BTreeMap::from([(case.root_of(query.root), 1)]), Vec::new());
    count(case, &query.includes, &mut met, &mut filtered);
    filtered.iter().any(|model| met[model] > 1)
}
