//! The checked query. Data only: [`super::check`] makes it, [`super::planner`] plans it.

use std::collections::BTreeSet;

use super::Strategy;
use crate::schema::{EndId, FieldId, ModelId};
use crate::sql::{Function, Operator};
use crate::value::Value;

/// A query without errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The model whose objects are asked for.
    pub root: ModelId,
    /// The relationships to load with them.
    pub includes: Vec<Include>,
    /// The condition on the objects.
    pub filter: Filter,
    /// The fields that are wanted of the model's objects, wherever the query comes upon them; empty for all. Keys come
    /// along.
    pub fields: BTreeSet<FieldId>,
    /// What is computed for each of them beside its fields.
    pub computed: Vec<Computed>,
    /// Whether equal ones come back once. They never are equal, for the key tells them apart: what it changes is the
    /// statement.
    pub distinct: bool,
    /// Their order.
    pub order: Vec<OrderBy>,
    /// The most objects to return.
    pub limit: Option<u64>,
    /// The objects to pass over first.
    pub offset: Option<u64>,
}

/// A relationship to load, and those to load behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Include {
    /// The property to follow.
    pub end: EndId,
    /// How to load it.
    pub strategy: Strategy,
    /// Whether a join leaves out what has no target. Only asked for where each object has one.
    pub inner: bool,
    /// The condition on the targets: a filtered include.
    pub filter: Filter,
    /// What to load behind it.
    pub includes: Vec<Include>,
}

/// A condition on an object: true, false, or unknown where a `NULL` is tested. Only objects for which it is true are
/// found.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of them hold.
    All(Vec<Filter>),
    /// At least one of them holds.
    Any(Vec<Filter>),
    /// It is false. The opposite of unknown is unknown.
    Not(Box<Filter>),
    /// A test of a field.
    Test(FieldId, Predicate),
    /// A condition on how many of the objects that a property leads to satisfy another condition.
    Related(EndId, Quantifier, Box<Filter>),
}

impl Filter {
    /// What asks for nothing: it is true of every object.
    pub fn anything() -> Filter {
        Filter::All(Vec::new())
    }

    /// Whether it asks for nothing.
    pub fn is_anything(&self) -> bool {
        matches!(self, Filter::All(filters) if filters.is_empty())
    }
}

/// How many of the objects that a property leads to have to satisfy a condition. Never unknown: an object of which the
/// condition is unknown does not satisfy it, and does not fail it either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one satisfies it.
    Some,
    /// None fails it: SQLAlchemy's `~any(~condition)` and Prisma's `every`.
    Every,
    /// None satisfies it.
    None,
    /// The number of those that satisfy it compares so with this one.
    Count(Operator, i64),
}

/// A test of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// A comparison with a value.
    Compare(Operator, Value),
    /// Matches a pattern with `%` and `_`, as SQLite's `LIKE`: without regard to the case of ASCII letters.
    Like(String),
    /// Does not match it.
    NotLike(String),
    /// Lies between these values or is one of them.
    Between(Value, Value),
    /// Is one of these values.
    In(Vec<Value>),
    /// Is none of these values.
    NotIn(Vec<Value>),
    /// Has no value.
    IsNull,
    /// Has a value.
    IsNotNull,
}

/// One term of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderBy {
    /// What decides.
    pub by: OrderKey,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// What an order goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderKey {
    /// A field. Objects without the related object come where `NULL` comes.
    Field(FieldPath),
    /// A function over a collection.
    Aggregate(Aggregate),
}

/// A field of the object itself or of one that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    /// The properties to follow, each to one object at most.
    pub through: Vec<EndId>,
    /// The field of the object there.
    pub field: FieldId,
}

/// A function over the objects that a collection leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// The collection.
    pub end: EndId,
    /// The function and what it is given.
    pub measure: Measure<FieldId>,
}

/// A function over many objects. `F` says where a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure<F> {
    /// How many objects there are.
    Count,
    /// A function of a field's values, those that there are.
    Of(Function, F),
}

/// A value computed for each object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// Its name.
    pub name: String,
    /// What it is.
    pub aggregate: Aggregate,
}
