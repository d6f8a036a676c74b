//! SQLite's values, compared as SQLite compares them.
//!
//! Knows nothing of columns or fields: what a value is allowed to be is the schema's business.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// One value as SQLite stores it, in one of its five storage classes.
///
/// Equality and order are SQLite's own with `BINARY` collation
/// (<https://www.sqlite.org/datatype3.html#comparison_expressions>): `NULL` comes first and equals itself (as in
/// `ORDER BY` and `DISTINCT`), then numbers compared by value whether integer or real, then text by its bytes,
/// then blobs.
///
/// ```
/// use relata::value::Value;
/// assert_eq!(Value::Integer(1), Value::Real(1.0));
/// assert!(Value::Null < Value::Integer(-5));
/// assert!(Value::Integer(10) < Value::Text("1".into()));
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Value {
    /// No value.
    Null,
    /// A signed 64-bit integer.
    Integer(i64),
    /// A double-precision number.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

impl Value {
    /// Whether this is `NULL`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The storage class, as SQLite's `typeof()` names it.
    ///
    /// ```
    /// assert_eq!(relata::value::Value::Real(0.5).type_name(), "real");
    /// ```
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Integer(_) => "integer",
            Value::Real(_) => "real",
            Value::Text(_) => "text",
            Value::Blob(_) => "blob",
        }
    }

    fn class(&self) -> u8 {
        match self {
            Value::Null => 0,
            Value::Integer(_) | Value::Real(_) => 1,
            Value::Text(_) => 2,
            Value::Blob(_) => 3,
        }
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
            (Value::Real(a), Value::Real(b)) => compare_reals(*a, *b),
            (Value::Integer(a), Value::Real(b)) => compare_mixed(*a, *b),
            (Value::Real(a), Value::Integer(b)) => compare_mixed(*b, *a).reverse(),
            (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            (Value::Blob(a), Value::Blob(b)) => a.cmp(b),
            _ => self.class().cmp(&other.class()),
        }
    }
}

/// SQLite has no NaN (it stores NULL instead) and holds the two zeros equal.
fn compare_reals(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| a.total_cmp(&b))
}

/// Compares without rounding: integers beyond 2^53 have no exact real beside them.
fn compare_mixed(integer: i64, real: f64) -> Ordering {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if real.is_nan() || real < -TWO_TO_63 {
        return Ordering::Greater;
    }
    if real >= TWO_TO_63 {
        return Ordering::Less;
    }
    let whole = real.trunc();
    integer.cmp(&(whole as i64)).then_with(|| 0.0_f64.partial_cmp(&(real - whole)).unwrap_or(Ordering::Equal))
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.class().hash(state);
        match self {
            Value::Null => {}
            Value::Integer(integer) => (*integer as f64).to_bits().hash(state),
            // Adding zero makes the two zeros one.
            Value::Real(real) => (real + 0.0).to_bits().hash(state),
            Value::Text(text) => text.hash(state),
            Value::Blob(bytes) => bytes.hash(state),
        }
    }
}

/// Shown as a person reads it: text bare, blobs as SQLite's hexadecimal literal, a whole real with its point.
///
/// ```
/// use relata::value::Value;
/// assert_eq!(Value::Real(2.0).to_string(), "2.0");
/// assert_eq!(Value::Blob(vec![0xca, 0xfe]).to_string(), "x'cafe'");
/// ```
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("NULL"),
            Value::Integer(integer) => write!(f, "{integer}"),
            Value::Real(real) => write!(f, "{real:?}"),
            Value::Text(text) => f.write_str(text),
            Value::Blob(bytes) => write_blob(f, bytes),
        }
    }
}

fn write_blob(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    f.write_str("x'")?;
    for byte in bytes {
        write!(f, "{byte:02x}")?;
    }
    f.write_str("'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn big_integers_are_not_rounded_when_compared_with_reals() {
        let big = 9_007_199_254_740_993; // 2^53 + 1 has no exact real
        assert!(Value::Integer(big) > Value::Real(9_007_199_254_740_992.0));
        assert!(Value::Integer(i64::MAX) < Value::Real(9.3e18));
        assert!(Value::Integer(i64::MIN) > Value::Real(-9.3e18));
    }

    #[test]
    fn fractions_decide_between_equal_wholes() {
        assert!(Value::Integer(1) < Value::Real(1.5));
        assert!(Value::Integer(-1) > Value::Real(-1.5));
        assert!(Value::Real(0.5) > Value::Integer(0));
    }
}
