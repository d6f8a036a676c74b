//! Objects that came as JSON: what a cell says of them.

use serde_json::{Map, Value as Json};

use crate::query::JsonColumn;
use crate::value::Value;

/// The objects in a cell, or in a member of one: an array's, the only one, or none.
pub(crate) fn objects(json: Json) -> Vec<Map<String, Json>> {
    match json {
        Json::Array(items) => items.into_iter().flat_map(objects).collect(),
        Json::Object(members) => vec![members],
        _ => Vec::new(),
    }
}

/// The JSON in a cell.
pub(crate) fn parse(cell: &Value) -> Json {
    match cell {
        Value::Text(text) => serde_json::from_str(text).unwrap_or(Json::Null),
        _ => Json::Null,
    }
}

/// The values of an object's columns.
pub(crate) fn values(object: &Map<String, Json>, members: &[JsonColumn]) -> Vec<Value> {
    members
        .iter()
        .map(|column| object.get(&column.name).map_or(Value::Null, |json| value(json, column.quoted)))
        .collect()
}

fn value(json: &Json, quoted: bool) -> Value {
    match json {
        Json::String(text) if quoted => literal(text),
        Json::String(text) => Value::Text(text.clone()),
        Json::Bool(truth) => Value::Integer(i64::from(*truth)),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Value::Integer(integer),
            (None, Some(real)) => Value::Real(real),
            (None, None) => Value::Null,
        },
        _ => Value::Null,
    }
}

/// Reads what SQLite's `quote` writes: a number, text or bytes in quotation marks, or `NULL`.
pub(crate) fn literal(text: &str) -> Value {
    if let Ok(integer) = text.parse() {
        return Value::Integer(integer);
    }
    if let Ok(real) = text.parse() {
        return Value::Real(real);
    }
    let inner = |prefix| text.strip_prefix(prefix).and_then(|rest: &str| rest.strip_suffix('\''));
    match (inner("X'"), inner("'")) {
        (Some(hex), _) => Value::Blob(bytes(hex)),
        (_, Some(quoted)) => Value::Text(quoted.replace("''", "'")),
        _ => Value::Null,
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_what_sqlite_quoted() {
        let cases = [
            ("NULL", Value::Null),
            ("-7", Value::Integer(-7)),
            ("0.1", Value::Real(0.1)),
            ("3.14159265358979311599e+00", Value::Real(std::f64::consts::PI)),
            ("X'00ff'", Value::Blob(vec![0, 255])),
            ("X''", Value::Blob(vec![])),
            ("'it''s'", Value::Text("it's".into())),
        ];
        for (text, expected) in cases {
            assert_eq!(literal(text), expected, "{text}");
        }
    }
}
