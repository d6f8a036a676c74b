//! What the query form holds: anything that a person can choose or type there.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator};

use super::Strategy;
use crate::schema::{EndId, FieldId, ModelId};
use crate::sql::Operator;

/// Where something stands in a nested list: the position at each level, outermost first.
pub type Path = Vec<usize>;

/// A query as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct QueryDraft {
    /// The model whose objects are asked for.
    pub root: Option<ModelId>,
    /// The relationships to load with them.
    pub includes: Vec<IncludeDraft>,
    /// How the filters are combined.
    pub joiner: Joiner,
    /// The filters.
    pub filters: Vec<FilterDraft>,
    /// The order.
    pub order: Vec<OrderDraft>,
    /// The most objects to return; empty for all.
    pub limit: String,
    /// The objects to pass over first; empty for none.
    pub offset: String,
}

impl QueryDraft {
    /// All objects of a model, nothing else.
    pub fn all(root: ModelId) -> QueryDraft {
        QueryDraft { root: Some(root), ..QueryDraft::default() }
    }
}

/// A relationship to load, and those to load behind it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncludeDraft {
    /// The property to follow.
    pub end: EndId,
    /// How to load it.
    pub strategy: Strategy,
    /// Whether a join is to leave out objects without a target. Only for what each object has, and joined.
    #[serde(default)]
    pub inner: bool,
    /// How the conditions on the targets are combined.
    #[serde(default)]
    pub joiner: Joiner,
    /// The conditions on the targets: a filtered include.
    #[serde(default)]
    pub filters: Vec<FilterDraft>,
    /// How many times to follow the property of a model with itself, one after the other.
    #[serde(default = "once")]
    pub depth: u32,
    /// What to load behind it.
    #[serde(default)]
    pub includes: Vec<IncludeDraft>,
}

fn once() -> u32 {
    1
}

impl IncludeDraft {
    /// A property to follow once, all of its targets, and what to load behind it.
    pub fn new(end: EndId, strategy: Strategy, includes: Vec<IncludeDraft>) -> IncludeDraft {
        let (joiner, filters) = (Joiner::default(), Vec::new());
        IncludeDraft { end, strategy, inner: false, joiner, filters, depth: once(), includes }
    }
}

/// How conditions are combined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Joiner {
    /// All of them have to hold.
    #[default]
    And,
    /// One of them has to hold.
    Or,
}

/// A condition as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FilterDraft {
    /// A test of a field.
    Test(TestDraft),
    /// Conditions in parentheses.
    Group(Joiner, Vec<FilterDraft>),
}

/// A test of a field as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestDraft {
    /// The field; `None` while none is chosen.
    pub field: Option<FieldId>,
    /// What is tested.
    pub test: Test,
    /// The value to test against; for [`Test::In`] several, separated by commas.
    pub value: String,
}

/// The tests that the form offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
pub enum Test {
    /// `=`
    Equal,
    /// `≠`
    NotEqual,
    /// `<`
    Less,
    /// `≤`
    LessOrEqual,
    /// `>`
    Greater,
    /// `≥`
    GreaterOrEqual,
    /// Matches a pattern with `%` and `_`.
    Like,
    /// Is one of several values.
    In,
    /// Has no value.
    IsNull,
    /// Has a value.
    IsNotNull,
}

impl Test {
    /// All tests, in the order in which the form offers them.
    pub fn all() -> impl Iterator<Item = Test> {
        Test::iter()
    }

    /// The test's name in the form.
    pub fn label(self) -> &'static str {
        match self {
            Test::Equal => "=",
            Test::NotEqual => "≠",
            Test::Less => "<",
            Test::LessOrEqual => "≤",
            Test::Greater => ">",
            Test::GreaterOrEqual => "≥",
            Test::Like => "like",
            Test::In => "in",
            Test::IsNull => "is null",
            Test::IsNotNull => "is not null",
        }
    }

    /// Whether the test needs a value to test against.
    pub fn takes_value(self) -> bool {
        !matches!(self, Test::IsNull | Test::IsNotNull)
    }

    /// The SQL operator, for the tests that are one.
    pub(super) fn operator(self) -> Option<Operator> {
        Some(match self {
            Test::Equal => Operator::Equal,
            Test::NotEqual => Operator::NotEqual,
            Test::Less => Operator::Less,
            Test::LessOrEqual => Operator::LessOrEqual,
            Test::Greater => Operator::Greater,
            Test::GreaterOrEqual => Operator::GreaterOrEqual,
            Test::Like => Operator::Like,
            Test::In | Test::IsNull | Test::IsNotNull => return None,
        })
    }
}

/// One term of the order as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderDraft {
    /// The field; `None` while none is chosen.
    pub field: Option<FieldId>,
    /// Whether the greatest comes first.
    pub descending: bool,
}
