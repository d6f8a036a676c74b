//! The syntax tree: as much of SQL as Relata writes.

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator};

use super::json::Json;
use crate::schema::Origin;
use crate::value::Value;

/// A `SELECT`.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// Whether rows that are equal come back once.
    pub distinct: bool,
    /// The columns of the result. Empty where it only matters whether there are rows: `SELECT 1`.
    pub outputs: Vec<Output>,
    /// The sources, separated by commas.
    pub from: Vec<Source>,
    /// The joins, in order.
    pub joins: Vec<Join>,
    /// The condition on rows.
    pub filter: Option<Expr>,
    /// What the rows of a group have in common; empty for no groups.
    pub groups: Vec<Expr>,
    /// The condition on groups.
    pub having: Option<Expr>,
    /// The order of the result.
    pub order: Vec<Order>,
    /// The most rows to return.
    pub limit: Option<u64>,
    /// The rows to pass over first.
    pub offset: Option<u64>,
}

impl Select {
    /// `SELECT` nothing yet `FROM` this source.
    pub fn from(source: Source) -> Select {
        Select {
            distinct: false,
            outputs: Vec::new(),
            from: vec![source],
            joins: Vec::new(),
            filter: None,
            groups: Vec::new(),
            having: None,
            order: Vec::new(),
            limit: None,
            offset: None,
        }
    }

    /// Adds a condition that has to hold beside those already there.
    pub fn and(&mut self, condition: Expr) {
        self.filter = Some(match self.filter.take() {
            None => condition,
            Some(Expr::All(mut conditions)) => {
                conditions.push(condition);
                Expr::All(conditions)
            }
            Some(first) => Expr::All(vec![first, condition]),
        });
    }
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Where its values come from.
    pub expr: Expr,
    /// Its name in the result, if it is not the column's own.
    pub label: Option<String>,
}

impl Output {
    /// A column under its own name, or under this label.
    pub fn column(column: ColumnRef, label: Option<String>) -> Output {
        Output { expr: Expr::Column(column), label }
    }
}

/// A column of a source.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnRef {
    /// The name or alias of the source.
    pub source: String,
    /// The column's name.
    pub name: String,
    /// What the column came from.
    pub origin: Origin,
}

/// Something rows come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A table.
    Table {
        /// Its name.
        name: String,
        /// Another name for it in this statement.
        alias: Option<String>,
        /// What the table came from.
        origin: Origin,
    },
    /// A subquery.
    Query {
        /// The subquery.
        select: Box<Select>,
        /// Its name in this statement.
        alias: String,
    },
    /// Sources joined in parentheses.
    Nested {
        /// The first of them.
        first: Box<Source>,
        /// The joins that add the others.
        joins: Vec<Join>,
    },
}

/// How rows without a counterpart fare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JoinKind {
    /// They are left out.
    Inner,
    /// They are kept, with `NULL` on the right.
    LeftOuter,
}

/// A join.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// Its kind.
    pub kind: JoinKind,
    /// What is joined.
    pub source: Source,
    /// The condition.
    pub on: Expr,
    /// What asked for the join.
    pub origin: Origin,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `LIKE`
    Like,
    /// `NOT LIKE`
    NotLike,
}

impl Operator {
    /// The operator in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Operator::Equal => "=",
            Operator::NotEqual => "<>",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Like => "LIKE",
            Operator::NotLike => "NOT LIKE",
        }
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A column.
    Column(ColumnRef),
    /// A column of the result, by its label.
    Label {
        /// The label.
        name: String,
        /// What the column came from.
        origin: Origin,
    },
    /// A value, sent as a parameter.
    Value(Value),
    /// One value of the key that a run is made for, by its position in the key.
    Key(usize),
    /// A comparison of two expressions.
    Compare(Box<Expr>, Operator, Box<Expr>),
    /// `IS NULL`, or `IS NOT NULL` if `negated`.
    IsNull {
        /// What is tested.
        expr: Box<Expr>,
        /// Whether it is to be something other than `NULL`.
        negated: bool,
    },
    /// `BETWEEN` two values, both of them included.
    Between(Box<Expr>, Value, Value),
    /// `IN` a list of values, or `NOT IN` if `negated`.
    In {
        /// What is tested.
        expr: Box<Expr>,
        /// The values.
        values: Vec<Value>,
        /// Whether it is to be none of them.
        negated: bool,
    },
    /// These columns are one of the keys that a run is made for.
    InKeys(Vec<ColumnRef>),
    /// Rows of a subquery as JSON.
    Json(Box<Json>),
    /// All of them hold. Empty: always.
    All(Vec<Expr>),
    /// At least one of them holds. Empty: never.
    Any(Vec<Expr>),
    /// It is false. What is unknown, because of a `NULL`, stays unknown.
    Not(Box<Expr>),
    /// `EXISTS`, or `NOT EXISTS` if `negated`: whether a subquery has rows.
    Exists {
        /// The subquery.
        select: Box<Select>,
        /// Whether it is to have none.
        negated: bool,
        /// What asked for it.
        origin: Origin,
    },
    /// The single value of a subquery.
    Scalar {
        /// The subquery.
        select: Box<Select>,
        /// What asked for it.
        origin: Origin,
    },
    /// A function over many rows; of the rows themselves, `count(*)`, if it is given nothing.
    Aggregate(Function, Option<Box<Expr>>),
}

/// A function over many rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter)]
pub enum Function {
    /// How many there are.
    #[default]
    Count,
    /// Their sum; `NULL` if there are none.
    Sum,
    /// Their arithmetic mean; `NULL` if there are none.
    Average,
    /// The least; `NULL` if there are none.
    Min,
    /// The greatest; `NULL` if there are none.
    Max,
}

impl Function {
    /// All functions, in the order in which the form offers them.
    pub fn all() -> impl Iterator<Item = Function> {
        Function::iter()
    }

    /// The function's name in the form.
    pub fn label(self) -> &'static str {
        match self {
            Function::Average => "average",
            other => other.sql(),
        }
    }

    /// The function's name in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Function::Count => "count",
            Function::Sum => "sum",
            Function::Average => "avg",
            Function::Min => "min",
            Function::Max => "max",
        }
    }
}

impl Expr {
    /// `left = right`.
    pub fn equal(left: Expr, right: Expr) -> Expr {
        Expr::Compare(Box::new(left), Operator::Equal, Box::new(right))
    }

    /// All of these conditions, without ceremony around a single one.
    pub fn all(mut conditions: Vec<Expr>) -> Expr {
        if conditions.len() == 1 { conditions.remove(0) } else { Expr::All(conditions) }
    }

    /// What holds where this is false.
    pub fn negated(self) -> Expr {
        match self {
            Expr::Not(inner) => *inner,
            Expr::Exists { select, negated, origin } => Expr::Exists { select, negated: !negated, origin },
            other => Expr::Not(Box::new(other)),
        }
    }

    /// Whether there is a subquery in it, which takes several lines.
    pub(super) fn has_subquery(&self) -> bool {
        match self {
            Expr::Exists { .. } | Expr::Scalar { .. } | Expr::Json(_) => true,
            Expr::Compare(left, _, right) => left.has_subquery() || right.has_subquery(),
            Expr::IsNull { expr, .. } | Expr::Between(expr, ..) | Expr::In { expr, .. } | Expr::Not(expr) => {
                expr.has_subquery()
            }
            Expr::All(conditions) | Expr::Any(conditions) => conditions.iter().any(Expr::has_subquery),
            Expr::Aggregate(_, of) => of.as_ref().is_some_and(|of| of.has_subquery()),
            Expr::Column(_) | Expr::Label { .. } | Expr::Value(_) | Expr::Key(_) | Expr::InKeys(_) => false,
        }
    }
}

/// One term of an `ORDER BY`.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What the rows are ordered by.
    pub expr: Expr,
    /// Whether the greatest comes first.
    pub descending: bool,
}
