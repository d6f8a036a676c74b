//! The syntax tree: as much of SQL as Relata writes.

use crate::schema::Origin;
use crate::value::Value;

/// A `SELECT`.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// Whether equal rows come once.
    pub distinct: bool,
    /// The columns of the result.
    pub outputs: Vec<Output>,
    /// The sources, separated by commas.
    pub from: Vec<Source>,
    /// The joins, in order.
    pub joins: Vec<Join>,
    /// The condition on rows.
    pub filter: Option<Expr>,
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
    /// What its values are.
    pub value: Expr,
    /// Its name in the result, if it is not the column's own.
    pub label: Option<String>,
}

impl Output {
    /// A column under its own name.
    pub fn column(column: ColumnRef) -> Output {
        Output { value: Expr::Column(column), label: None }
    }
}

/// Rows made into one JSON value by a subquery.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    /// Where the rows come from. Its outputs are not used.
    pub select: Select,
    /// Whether all rows go into an array, or one row becomes an object.
    pub array: bool,
    /// The members of each object.
    pub members: Vec<JsonMember>,
    /// What asked for it.
    pub origin: Origin,
}

/// A member of a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonMember {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: JsonValue,
}

/// The value of a member of a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonValue {
    /// A column's, as it is.
    Column(ColumnRef),
    /// A column's as an SQL literal: JSON knows no bytes, and SQLite writes reals into it with 15 digits only.
    Quoted(ColumnRef),
    /// More JSON.
    Json(Box<Json>),
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
        }
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A column.
    Column(ColumnRef),
    /// A value, sent as a parameter.
    Value(Value),
    /// One value of the key that a run is made for, by its position in the key.
    Key(usize),
    /// A comparison of two expressions.
    Compare(Box<Expr>, Operator, Box<Expr>),
    /// `IS NULL`, or `IS NOT NULL` if `negated`.
    IsNull {
        /// What is tested.
        column: ColumnRef,
        /// Whether it is to be something other than `NULL`.
        negated: bool,
    },
    /// `IN` a list of values.
    In(ColumnRef, Vec<Value>),
    /// These columns are one of the keys that a run is made for.
    InKeys(Vec<ColumnRef>),
    /// Rows of a subquery as JSON.
    Json(Box<Json>),
    /// All of them hold. Empty: always.
    All(Vec<Expr>),
    /// At least one of them holds. Empty: never.
    Any(Vec<Expr>),
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
}

/// One term of an `ORDER BY`.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// The column.
    pub column: ColumnRef,
    /// Whether the greatest comes first.
    pub descending: bool,
}
