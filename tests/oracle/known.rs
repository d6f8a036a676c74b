//! Where Relata differs from SQLAlchemy on purpose: each reason excuses no more than what it foretells.

use relata::emit::Names;
use relata::query::{Filter, Include, Query, Strategy};
use relata::schema::ModelId;
use serde_json::Value as Json;

use super::case::{Case, Outcome};
use super::compare::{self, Counterpart, Passing};

/// A difference in the words of `docs/differences.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    /// SQLAlchemy has no such loader.
    Json,
    /// When what hangs on a subquery goes out.
    BehindSubquery,
    /// What was first met behind a subquery is loaded as that place says.
    AfterSubquery,
    /// SQLAlchemy's loader passes over the condition: the program names another one.
    Immediate,
    /// An object has its own home, and a property there with a condition or without.
    Filtered,
    /// Which of two ways to load a property comes first is chance.
    Beside,
    /// A condition goes on to what is loaded below.
    Spread,
    /// Select-in loading finds a target as often as a join model ties it.
    TiedTwice,
    /// A plain load brings all fields.
    Chosen,
}

impl Known {
    /// In the order of the documentation.
    pub(crate) const ALL: [Known; 9] = [
        Known::Json,
        Known::BehindSubquery,
        Known::AfterSubquery,
        Known::Beside,
        Known::Immediate,
        Known::Filtered,
        Known::Spread,
        Known::TiedTwice,
        Known::Chosen,
    ];

    /// The first column of the table in the documentation.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Known::Json => "JSON aggregate",
            Known::BehindSubquery => "Behind a subquery",
            Known::AfterSubquery => "Touched after a subquery",
            Known::Beside => "A property loaded immediately and otherwise",
            Known::Immediate => "A condition on what is loaded immediately",
            Known::Filtered => "A condition where an object is met twice",
            Known::Spread => "A condition above more of the same model",
            Known::TiedTwice => "What a join model ties twice",
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
    let once = compare::tied_once(&case.schema, names, other);
    let twice = once.is_some();
    let other = once.as_ref().unwrap_or(other);
    let like = |counterpart| {
        move |case: &Case, outcome: &Outcome| compare::query(case, names, outcome, other, counterpart)
    };
    let (whole, graph) = (like(Counterpart::Whole), like(Counterpart::GraphOnly));
    let difference = match whole(case, own) {
        Ok(()) => return if twice { Compared::Known(Known::TiedTwice) } else { Compared::Same },
        Err(difference) => difference,
    };
    let (said, other_words) = other_words(query);
    let mut told = own.clone();
    if let Some(reason) = other_words {
        let Some(outcome) = case.run(&said) else { return Compared::TooManyRows };
        let raises = own.raised.is_some() || outcome.raised.is_some();
        if !raises && !outcome.same_graph(own) {
            return Compared::Different(format!("strategies differ here\n{difference}"));
        }
        if whole(case, &outcome).is_ok() {
            return Compared::Known(reason);
        }
        told = outcome;
    }
    if !query.fields.is_empty() {
        told = told.with_fields_of(case, names, other);
        if whole(case, &told).is_ok() {
            return Compared::Known(Known::Chosen);
        }
    }
    // Nothing in SQLAlchemy has the statements of JSON.
    if other_words == Some(Known::Json) && graph(case, &told).is_ok() {
        return Compared::Known(Known::Json);
    }
    if has_subquery(&said.includes) && graph(case, &told).is_ok() {
        let more_amid_rows = compare::only_amid_rows(&told, other, &case.table_names());
        return Compared::Known(if more_amid_rows { Known::BehindSubquery } else { Known::AfterSubquery });
    }
    if immediate_beside(&said.includes) && graph(case, &told).is_ok() {
        return Compared::Known(Known::Beside);
    }
    match condition_elsewhere(case, names, &said, &told, other) {
        Some(known) => Compared::Known(known),
        None => Compared::Different(difference),
    }
}

/// Whether conditions on what is loaded were left out at some places, or applied at others, and nothing else differs.
fn condition_elsewhere(
    case: &mut Case,
    names: &Names,
    query: &Query,
    own: &Outcome,
    other: &Json,
) -> Option<Known> {
    let mut conditions: Vec<(ModelId, Filter)> = Vec::new();
    each(&mut query.clone().includes, &mut |include| {
        let condition = (case.schema.end(include.end).unwrap().target.id, include.filter.clone());
        if !include.filter.is_anything() && !conditions.contains(&condition) {
            conditions.push(condition);
        }
    });
    conditions.first()?;
    let unfiltered = case.run(&without_conditions(query))?.with_fields_of(case, names, other);
    let between = |case: &Case, passing: &[Passing]| {
        compare::between(&case.schema, names, own, &unfiltered, passing, other).is_ok()
    };
    if between(case, &[]) {
        return Some(Known::Filtered);
    }
    let passing: Option<Vec<Passing>> =
        conditions.iter().map(|(model, filter)| passing(case, query, *model, filter)).collect();
    between(case, &passing?).then_some(Known::Spread)
}

/// The objects of a model that fulfil a condition.
fn passing(case: &mut Case, query: &Query, model: ModelId, filter: &Filter) -> Option<Passing> {
    let all = Query {
        root: model,
        filter: filter.clone(),
        includes: vec![],
        computed: vec![],
        order: vec![],
        limit: None,
        offset: None,
        ..query.clone()
    };
    let outcome = case.run(&all)?;
    Some(Passing { of: case.root_of(model), objects: outcome.graph.roots.into_iter().collect() })
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

fn has_subquery(includes: &[Include]) -> bool {
    includes.iter().any(|include| include.strategy == Strategy::Subquery || has_subquery(&include.includes))
}

/// Whether SQLAlchemy died of a condition on what a subquery loads, which it names in a join beneath that knows nothing
/// of it.
pub(crate) fn dies_of_condition(case: &Case, query: &Query, failed: &str) -> bool {
    fn beneath(case: &Case, includes: &[Include], above: &[ModelId]) -> bool {
        includes.iter().any(|include| {
            let target = case.root_of(case.schema.end(include.end).unwrap().target.id);
            let mut filtered = above.to_vec();
            if include.strategy == Strategy::Subquery && !include.filter.is_anything() {
                filtered.push(target);
            }
            (include.strategy == Strategy::Joined && above.contains(&target))
                || beneath(case, &include.includes, &filtered)
        })
    }
    failed.contains("no such column") && beneath(case, &query.includes, &[])
}

/// Whether a property is loaded immediately in one place, and for many objects together in another.
fn immediate_beside(includes: &[Include]) -> bool {
    let (mut immediately, mut together) = (Vec::new(), Vec::new());
    each(&mut includes.to_vec(), &mut |include| match include.strategy {
        Strategy::Immediate => immediately.push(include.end),
        Strategy::SelectIn | Strategy::Subquery => together.push(include.end),
        _ => {}
    });
    immediately.iter().any(|end| together.contains(end))
}
