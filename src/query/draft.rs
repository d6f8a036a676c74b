//! What the query form holds: anything that a person can choose or type there.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator};

use super::Strategy;
use crate::schema::{EndId, FieldId, ModelId};
use crate::sql::{Function, Operator};

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
    /// The fields that are wanted; empty for all.
    pub fields: Vec<FieldId>,
    /// What is to be computed for each object beside its fields.
    pub computed: Vec<ComputedDraft>,
    /// Whether equal objects come back once.
    pub distinct: bool,
    /// The order.
    pub order: Vec<OrderDraft>,
    /// The most objects to return; empty for all.
    pub limit: String,
    /// The objects to pass over first; empty for none.
    pub offset: String,
    /// Whether groups of the objects are asked for rather than the objects, and which.
    pub grouping: Option<GroupingDraft>,
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
    /// Conditions in parentheses, of which the opposite is asked for.
    Not(Joiner, Vec<FilterDraft>),
    /// A condition on the objects that a relationship leads to.
    Related(RelatedDraft),
}

impl FilterDraft {
    /// How the conditions inside this one are combined, and what they are; `None` for a test, which has none.
    pub fn inner(&self) -> Option<(Joiner, &[FilterDraft])> {
        match self {
            FilterDraft::Test(_) => None,
            FilterDraft::Group(joiner, filters) | FilterDraft::Not(joiner, filters) => {
                Some((*joiner, filters))
            }
            FilterDraft::Related(related) => Some((related.joiner, &related.filters)),
        }
    }

    /// The same, to be changed.
    pub fn inner_mut(&mut self) -> Option<(&mut Joiner, &mut Vec<FilterDraft>)> {
        match self {
            FilterDraft::Test(_) => None,
            FilterDraft::Group(joiner, filters) | FilterDraft::Not(joiner, filters) => {
                Some((joiner, filters))
            }
            FilterDraft::Related(related) => Some((&mut related.joiner, &mut related.filters)),
        }
    }
}

/// A condition on the objects that a relationship leads to, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RelatedDraft {
    /// The property to follow; `None` while none is chosen.
    pub end: Option<EndId>,
    /// What is asked of the objects there.
    pub test: RelatedTest,
    /// How the conditions on each of them are combined.
    pub joiner: Joiner,
    /// The conditions on each of them.
    pub filters: Vec<FilterDraft>,
    /// For [`RelatedTest::Count`]: how their number compares, one of [`Test::compares`].
    pub compare: Test,
    /// For [`RelatedTest::Count`]: the number to compare with.
    pub count: String,
}

/// What can be asked of the objects that a relationship leads to. The first four are for collections, the others for
/// properties that lead to one object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
pub enum RelatedTest {
    /// The conditions hold for at least one.
    #[default]
    Some,
    /// The conditions are false for none. They need not hold: where a `NULL` leaves them unknown, they are not false.
    Every,
    /// The conditions hold for none.
    None,
    /// The number of those for which the conditions hold compares as asked.
    Count,
    /// There is an object, and the conditions hold for it.
    Is,
    /// There is none, or the conditions do not hold for it.
    IsNot,
    /// There is an object.
    HasOne,
    /// There is no object.
    HasNone,
}

impl RelatedTest {
    /// What can be asked of a collection, or of a property that leads to one object.
    pub fn of(collection: bool) -> impl Iterator<Item = RelatedTest> {
        RelatedTest::iter().filter(move |test| test.is_of_collection() == collection)
    }

    /// Whether it is asked of a collection.
    pub fn is_of_collection(self) -> bool {
        matches!(self, RelatedTest::Some | RelatedTest::Every | RelatedTest::None | RelatedTest::Count)
    }

    /// Whether it takes conditions.
    pub fn takes_conditions(self) -> bool {
        !matches!(self, RelatedTest::HasOne | RelatedTest::HasNone)
    }

    /// Its name in the form.
    pub fn label(self) -> &'static str {
        match self {
            RelatedTest::Some => "some",
            RelatedTest::Every => "every",
            RelatedTest::None => "none",
            RelatedTest::Count => "count",
            RelatedTest::Is => "is",
            RelatedTest::IsNot => "is not",
            RelatedTest::HasOne => "has one",
            RelatedTest::HasNone => "has none",
        }
    }
}

/// A test of a field as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TestDraft {
    /// The field; `None` while none is chosen.
    pub field: Option<FieldId>,
    /// What is tested.
    pub test: Test,
    /// The value to test against; for [`Test::In`] and [`Test::NotIn`] several, separated by commas.
    pub value: String,
    /// For [`Test::Between`]: the greatest value, `value` being the least.
    #[serde(default)]
    pub upper: String,
}

/// The tests that the form offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
pub enum Test {
    /// `=`
    #[default]
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
    /// Lies between two values or is one of them.
    Between,
    /// Matches a pattern with `%` and `_`.
    Like,
    /// Does not match it.
    NotLike,
    /// Is one of several values.
    In,
    /// Is none of them.
    NotIn,
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
            Test::Between => "between",
            Test::Like => "like",
            Test::NotLike => "not like",
            Test::In => "in",
            Test::NotIn => "not in",
            Test::IsNull => "is null",
            Test::IsNotNull => "is not null",
        }
    }

    /// Whether the test needs a value to test against.
    pub fn takes_value(self) -> bool {
        !matches!(self, Test::IsNull | Test::IsNotNull)
    }

    /// The tests that compare with a single value, which a number of objects can be put to.
    pub fn compares() -> impl Iterator<Item = Test> {
        Test::iter().filter(|test| test.comparison().is_some())
    }

    /// The SQL operator, for the tests that compare with a single value.
    pub(super) fn comparison(self) -> Option<Operator> {
        Some(match self {
            Test::Equal => Operator::Equal,
            Test::NotEqual => Operator::NotEqual,
            Test::Less => Operator::Less,
            Test::LessOrEqual => Operator::LessOrEqual,
            Test::Greater => Operator::Greater,
            Test::GreaterOrEqual => Operator::GreaterOrEqual,
            _ => return None,
        })
    }
}

/// One term of the order as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrderDraft {
    /// The field; `None` while none is chosen.
    pub field: Option<FieldId>,
    /// Whether the greatest comes first.
    pub descending: bool,
    /// The properties to follow first, each to one object, if it is a field of another one.
    #[serde(default)]
    pub through: Vec<EndId>,
    /// What to order by instead of a field.
    #[serde(default)]
    pub aggregate: Option<AggregateDraft>,
}

/// A function over the objects that a collection leads to, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AggregateDraft {
    /// The function.
    pub function: Function,
    /// The collection; `None` while none is chosen.
    pub end: Option<EndId>,
    /// The field of its objects; not used by a count, which counts the objects.
    pub field: Option<FieldId>,
}

/// A value computed for each object, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ComputedDraft {
    /// What is computed.
    pub aggregate: AggregateDraft,
    /// Its name; empty to derive one.
    pub name: String,
}

/// Groups of objects and what is computed of each, as typed. The answer is rows, not objects.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupingDraft {
    /// What the objects of a group have in common; empty to take all objects as one group.
    pub keys: Vec<GroupKeyDraft>,
    /// What is computed of each group.
    pub values: Vec<GroupValueDraft>,
}

/// A field that the objects of a group have in common, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupKeyDraft {
    /// The properties to follow first, each to one object.
    pub through: Vec<EndId>,
    /// The field; `None` while none is chosen.
    pub field: Option<FieldId>,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// A function over the objects of a group, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupValueDraft {
    /// The function.
    pub function: Function,
    /// The properties to follow first, each to one object.
    pub through: Vec<EndId>,
    /// The field; not used by a count, which counts the objects.
    pub field: Option<FieldId>,
    /// Its name; empty to derive one.
    pub name: String,
    /// The condition that keeps a group: `HAVING`.
    pub having: Option<HavingDraft>,
    /// Whether the groups are ordered by it, before they are by their keys, and if so whether the greatest comes first.
    pub descending: Option<bool>,
}

/// A condition on what was computed of a group, as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HavingDraft {
    /// What is tested.
    pub test: Test,
    /// The value to test against, as in [`TestDraft`].
    pub value: String,
    /// For [`Test::Between`]: the greatest value.
    pub upper: String,
}
