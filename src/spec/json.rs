//! JSON whose members keep their order, with what JavaScript has beyond it: a script's author writes fields in an order.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A piece of JSON.
///
/// What JSON does not have comes as an object with one member: `{"$integer": "9007199254740993"}`, `{"$blob": "cafe"}` in
/// hexadecimal, `{"$date": "2026-01-31T18:30:00.000Z"}`, `{"$number": "NaN"}`, and `{"$object": 3}`, an object that stands
/// elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// A number that no field holds: `NaN`, an infinity, or a whole number beyond 64 bits.
    Strange(String),
    /// Text.
    Text(String),
    /// Bytes, in hexadecimal.
    Blob(String),
    /// A moment, in ISO 8601 and UTC.
    Date(String),
    /// The object with this number.
    Object(usize),
    /// An array.
    List(Vec<Json>),
    /// An object's members, in the order in which they were written.
    Map(Vec<(String, Json)>),
}

impl Json {
    /// Reads a text.
    ///
    /// # Errors
    /// A sentence, if it is not JSON.
    ///
    /// ```
    /// use relata::spec::Json;
    /// let read = Json::parse(r#"{"b": 1, "a": {"$blob": "cafe"}}"#).unwrap();
    /// let members = [("b".into(), Json::Integer(1)), ("a".into(), Json::Blob("cafe".into()))];
    /// assert_eq!(read, Json::Map(members.into()));
    /// ```
    pub fn parse(text: &str) -> Result<Json, String> {
        serde_json::from_str(text).map_err(|error| {
            let words = error.to_string();
            let too_deep = words.starts_with("recursion limit");
            if too_deep {
                format!("It is nested more than {DEEPEST} deep.")
            } else {
                format!("It is not JSON: {words}.")
            }
        })
    }

    /// What it is, for a message.
    pub(super) fn noun(&self) -> String {
        match self {
            Json::Null => "null".into(),
            Json::Bool(truth) => truth.to_string(),
            Json::Integer(integer) => format!("the number {integer}"),
            Json::Real(real) => format!("the number {real:?}"),
            Json::Strange(number) => number.clone(),
            Json::Text(_) => "a text".into(),
            Json::Blob(_) => "bytes".into(),
            Json::Date(_) => "a Date".into(),
            Json::List(items) if items.is_empty() => "an empty list".into(),
            Json::List(items) => format!("a list of {}", items.len()),
            Json::Map(members) if members.is_empty() => "an empty object".into(),
            Json::Object(_) | Json::Map(_) => "an object".into(),
        }
    }

    /// The value as a person would type it; `None` for `null` and for what is no single value.
    pub(super) fn typed(&self) -> Option<String> {
        Some(match self {
            Json::Bool(truth) => truth.to_string(),
            Json::Integer(integer) => integer.to_string(),
            Json::Real(real) => real.to_string(),
            Json::Text(text) | Json::Blob(text) | Json::Date(text) => text.clone(),
            Json::Null | Json::Strange(_) | Json::Object(_) | Json::List(_) | Json::Map(_) => return None,
        })
    }
}

/// How deep a text may be nested, which is `serde_json`'s limit.
const DEEPEST: u32 = 127;

/// What an object with a single member stands for, if it is one of those above.
fn special(members: &[(String, Json)]) -> Option<Json> {
    let [(name, json)] = members else { return None };
    match (name.as_str(), json) {
        ("$integer", Json::Text(text)) => {
            Some(text.parse().map_or_else(|_| Json::Strange(text.clone()), Json::Integer))
        }
        ("$number", Json::Text(text)) => Some(Json::Strange(text.clone())),
        ("$blob", Json::Text(text)) => Some(Json::Blob(text.clone())),
        ("$date", Json::Text(text)) => Some(Json::Date(text.clone())),
        ("$object", Json::Integer(at)) => usize::try_from(*at).ok().map(Json::Object),
        _ => None,
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(Ordered)
    }
}

struct Ordered;

impl<'de> Visitor<'de> for Ordered {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Json, E> {
        Ok(Json::Bool(truth))
    }

    fn visit_i64<E>(self, integer: i64) -> Result<Json, E> {
        Ok(Json::Integer(integer))
    }

    fn visit_u64<E>(self, integer: u64) -> Result<Json, E> {
        Ok(i64::try_from(integer).map_or(Json::Real(integer as f64), Json::Integer))
    }

    fn visit_f64<E>(self, real: f64) -> Result<Json, E> {
        Ok(Json::Real(real))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = entries.next_entry()? {
            members.push(member);
        }
        Ok(special(&members).unwrap_or(Json::Map(members)))
    }
}
