//! Functions and tests of values, as SQL has them, without SQL.

use relata::query::Predicate;
use relata::sql::{Function, Operator};
use relata::value::Value;

/// A function of the values that there are.
pub(super) fn over(function: Function, mut values: Vec<Value>) -> Value {
    values.retain(|value| !value.is_null());
    let whole = |value: &Value| match value {
        Value::Integer(integer) => i128::from(*integer),
        _ => panic!("the generator adds only whole numbers"),
    };
    let sum: i128 = match function {
        Function::Sum | Function::Average => values.iter().map(whole).sum(),
        _ => 0,
    };
    match function {
        Function::Count => Value::Integer(values.len() as i64),
        _ if values.is_empty() => Value::Null,
        Function::Sum => Value::Integer(i64::try_from(sum).unwrap()),
        Function::Average => Value::Real(sum as f64 / values.len() as f64),
        Function::Min => values.iter().min().unwrap().clone(),
        Function::Max => values.iter().max().unwrap().clone(),
    }
}

/// False if one of them is false, else unknown if one of them is unknown.
pub(super) fn conjunction(verdicts: &[Option<bool>]) -> Option<bool> {
    if verdicts.contains(&Some(false)) {
        return Some(false);
    }
    (!verdicts.contains(&None)).then_some(true)
}

/// Of NULL every test but `IS NULL` is unknown.
pub(super) fn passes(value: &Value, predicate: &Predicate) -> Option<bool> {
    let matches = |pattern: &str| match value {
        Value::Text(text) => like(&fold(pattern), &fold(text)),
        _ => panic!("the generator tests only texts so"),
    };
    match predicate {
        Predicate::IsNull => Some(value.is_null()),
        Predicate::IsNotNull => Some(!value.is_null()),
        _ if value.is_null() => None,
        Predicate::In(values) => Some(values.contains(value)),
        Predicate::NotIn(values) => Some(!values.contains(value)),
        Predicate::Between(lower, upper) => Some(lower <= value && value <= upper),
        Predicate::Like(pattern) => Some(matches(pattern)),
        Predicate::NotLike(pattern) => Some(!matches(pattern)),
        Predicate::Compare(operator, other) => Some(compares(value, *operator, other)),
    }
}

pub(super) fn compares(value: &Value, operator: Operator, other: &Value) -> bool {
    match operator {
        Operator::Equal => value == other,
        Operator::NotEqual => value != other,
        Operator::Less => value < other,
        Operator::LessOrEqual => value <= other,
        Operator::Greater => value > other,
        Operator::GreaterOrEqual => value >= other,
        Operator::Like | Operator::NotLike => unreachable!("a pattern is a predicate of its own"),
    }
}

fn fold(text: &str) -> Vec<char> {
    text.chars().map(|character| character.to_ascii_lowercase()).collect()
}

fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|at| like(rest, &text[at..])),
        Some(('_', rest)) => !text.is_empty() && like(rest, &text[1..]),
        Some((first, rest)) => text.first() == Some(first) && like(rest, &text[1..]),
    }
}
