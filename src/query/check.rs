//! Query draft in, checked query and diagnostics out.

use super::checked::Query;
use super::draft::{Path, QueryDraft};
use super::grouping::{Grouping, Question};
use crate::schema::{Findings, Model, Report, Schema, shorten};

/// The form field that a diagnostic of a query stands beside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The model.
    Root,
    /// An included relationship.
    Include(Path),
    /// A filter.
    Filter(Path),
    /// A filter of an included relationship: where that is, and where the filter is in it.
    IncludeFilter(Path, Path),
    /// One of the fields that are wanted.
    Field(usize),
    /// A computed value.
    Computed(usize),
    /// Whether equal objects come back once.
    Distinct,
    /// A term of the order.
    Order(usize),
    /// The limit.
    Limit,
    /// The offset.
    Offset,
    /// The groups as a whole.
    Groups,
    /// A field to group by.
    GroupKey(usize),
    /// Something computed of each group.
    GroupValue(usize),
    /// The condition on what is computed of each group.
    Having(usize),
}

/// Checks a query for objects against a schema; groups that it may ask for are not looked at. The query is there
/// exactly when no diagnostic is an error.
///
/// ```
/// use relata::{project::Sample, query, schema};
/// let project = Sample::AuthorBook.project();
/// let schema = schema::check(&project.draft).value.unwrap();
/// let mut draft = project.query.clone();
/// draft.limit = "ten".into();
/// let report = query::check(&draft, &schema);
/// assert_eq!(report.diagnostics[0].place, query::Place::Limit);
/// ```
pub fn check(draft: &QueryDraft, schema: &Schema) -> Report<Query, Place> {
    let mut findings = Findings::default();
    let Some(root) = draft.root.and_then(|id| schema.model(id)) else {
        findings.error(Place::Root, "No model is chosen.", "Choose the model whose objects you want.");
        return Report { value: None, diagnostics: findings.into_vec() };
    };
    let checker = Checker { schema, root, include: None };
    let query = Query {
        root: root.id,
        includes: checker.includes(&draft.includes, root.id, &mut Path::new(), &mut findings),
        filter: checker.group(draft.joiner, &draft.filters, &mut Path::new(), &mut findings),
        fields: checker.fields(&draft.fields, &mut findings),
        computed: checker.computed(&draft.computed, &mut findings),
        distinct: checker.distinct(draft.distinct, &mut findings),
        order: checker.order(&draft.order, &mut findings),
        limit: count(&draft.limit, Place::Limit, &mut findings),
        offset: count(&draft.offset, Place::Offset, &mut findings),
    };
    checker.one_condition_each(&query.includes, &mut findings);
    Report::new(query, findings.into_vec())
}

/// Checks a query that may ask for objects or for groups of them.
pub fn ask(draft: &QueryDraft, schema: &Schema) -> Report<Question, Place> {
    let root = draft.root.and_then(|id| schema.model(id));
    let (Some(grouping), Some(root)) = (&draft.grouping, root) else {
        return check(draft, schema).map(Question::Objects);
    };
    let mut findings = Findings::default();
    let checker = Checker { schema, root, include: None };
    let filter = checker.group(draft.joiner, &draft.filters, &mut Path::new(), &mut findings);
    let (keys, values) = checker.groups(grouping, &mut findings);
    let limit = count(&draft.limit, Place::Limit, &mut findings);
    let offset = count(&draft.offset, Place::Offset, &mut findings);
    let grouping = Grouping { root: root.id, filter, keys, values, limit, offset };
    Report::new(Question::Groups(grouping), findings.into_vec())
}

fn count(text: &str, place: Place, findings: &mut Findings<Place>) -> Option<u64> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    // SQLite counts with 63 bits.
    let number = text.parse().ok().filter(|number| *number <= i64::MAX as u64);
    if number.is_none() {
        findings.error(
            place,
            format!("{} is not a number of objects.", shorten(text)),
            "Type a whole number, or clear it.",
        );
    }
    number
}

#[derive(Clone)]
pub(super) struct Checker<'a> {
    pub(super) schema: &'a Schema,
    pub(super) root: &'a Model,
    /// The include whose filters are checked, if they are not the query's own.
    pub(super) include: Option<Path>,
}
