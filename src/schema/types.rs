//! The types a field can have, and how what a person types becomes a value of that type.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::value::Value;

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FieldType {
    /// A whole number of 64 bits.
    Integer,
    /// Text of any length.
    Text,
    /// A double-precision number.
    Real,
    /// A decimal number. SQLite has no exact decimals: it stores the nearest real.
    Decimal,
    /// True or false, stored as 1 or 0.
    Boolean,
    /// A calendar day, stored as ISO 8601 text.
    Date,
    /// A day and a time, stored as ISO 8601 text.
    DateTime,
    /// Bytes.
    Blob,
}

/// Why a text is no value of a type. The message is a whole sentence.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{shown} is not {wanted}")]
pub struct ValueError {
    shown: String,
    wanted: &'static str,
}

impl FieldType {
    /// All types, in the order in which the form offers them.
    pub const ALL: [FieldType; 8] = [
        FieldType::Integer,
        FieldType::Text,
        FieldType::Real,
        FieldType::Decimal,
        FieldType::Boolean,
        FieldType::Date,
        FieldType::DateTime,
        FieldType::Blob,
    ];

    /// The type's name in the form.
    pub fn label(self) -> &'static str {
        match self {
            FieldType::Integer => "integer",
            FieldType::Text => "text",
            FieldType::Real => "real",
            FieldType::Decimal => "decimal",
            FieldType::Boolean => "boolean",
            FieldType::Date => "date",
            FieldType::DateTime => "date-time",
            FieldType::Blob => "blob",
        }
    }

    /// The type's name in a column definition for SQLite: what SQLAlchemy would declare, except that text is
    /// `TEXT`.
    pub fn sql(self) -> &'static str {
        match self {
            FieldType::Integer => "INTEGER",
            FieldType::Text => "TEXT",
            FieldType::Real => "REAL",
            FieldType::Decimal => "NUMERIC",
            FieldType::Boolean => "BOOLEAN",
            FieldType::Date => "DATE",
            FieldType::DateTime => "DATETIME",
            FieldType::Blob => "BLOB",
        }
    }

    /// What to type, for a message or a placeholder.
    pub fn example(self) -> &'static str {
        match self {
            FieldType::Integer => "42",
            FieldType::Text => "any text",
            FieldType::Real => "3.14",
            FieldType::Decimal => "9.90",
            FieldType::Boolean => "true or false",
            FieldType::Date => "2026-01-31",
            FieldType::DateTime => "2026-01-31 18:30:00",
            FieldType::Blob => "cafe01",
        }
    }

    /// Reads what a person typed as a value of this type. It never gives `NULL`: no value is not a text.
    ///
    /// # Errors
    /// [`ValueError`], whose message says what the text is not.
    ///
    /// ```
    /// use relata::{schema::FieldType, value::Value};
    /// assert_eq!(FieldType::Boolean.parse("true"), Ok(Value::Integer(1)));
    /// assert_eq!(FieldType::Date.parse("2026-02-30").unwrap_err().to_string(),
    ///     "“2026-02-30” is not a day like 2026-01-31");
    /// ```
    pub fn parse(self, text: &str) -> Result<Value, ValueError> {
        let trimmed = text.trim();
        match self {
            FieldType::Integer => trimmed.parse().ok().map(Value::Integer),
            FieldType::Text => Some(Value::Text(text.to_owned())),
            FieldType::Real => parse_real(trimmed),
            FieldType::Decimal => parse_decimal(trimmed),
            FieldType::Boolean => parse_boolean(trimmed),
            FieldType::Date => is_date(trimmed).then(|| Value::Text(trimmed.to_owned())),
            FieldType::DateTime => parse_date_time(trimmed),
            FieldType::Blob => parse_hex(trimmed).map(Value::Blob),
        }
        .ok_or_else(|| ValueError { shown: shorten(text), wanted: self.wanted() })
    }

    fn wanted(self) -> &'static str {
        match self {
            FieldType::Integer => "a whole number between −2⁶³ and 2⁶³−1",
            FieldType::Text => "text",
            FieldType::Real => "a number like 3.14",
            FieldType::Decimal => "a decimal number like 9.90",
            FieldType::Boolean => "true or false",
            FieldType::Date => "a day like 2026-01-31",
            FieldType::DateTime => "a day and time like 2026-01-31 18:30:00",
            FieldType::Blob => "hexadecimal bytes like cafe01",
        }
    }

    /// Shows a value of this type as a person would type it, so that parsing gives the value back. `None` for
    /// `NULL`.
    ///
    /// ```
    /// use relata::{schema::FieldType, value::Value};
    /// assert_eq!(FieldType::Boolean.show(&Value::Integer(0)).as_deref(), Some("false"));
    /// assert_eq!(FieldType::Blob.show(&Value::Blob(vec![202, 254])).as_deref(), Some("cafe"));
    /// ```
    pub fn show(self, value: &Value) -> Option<String> {
        match (self, value) {
            (_, Value::Null) => None,
            (FieldType::Boolean, Value::Integer(0)) => Some("false".into()),
            (FieldType::Boolean, Value::Integer(1)) => Some("true".into()),
            (FieldType::Blob, Value::Blob(bytes)) => {
                Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
            }
            // Never with an exponent, which is not typed in a decimal.
            (FieldType::Decimal, Value::Real(real)) => Some(real.to_string()),
            _ => Some(value.to_string()),
        }
    }
}

fn parse_real(text: &str) -> Option<Value> {
    // Rust reads "inf" and "nan" too; SQLite has no literal for either.
    let real: f64 = text.parse().ok()?;
    real.is_finite().then_some(Value::Real(real))
}

/// `NUMERIC` affinity stores a whole number as an integer and anything else as a real.
fn parse_decimal(text: &str) -> Option<Value> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+'));
    if !plain {
        return None;
    }
    // A double would round the whole numbers beyond 2^53.
    if let Ok(whole) = text.parse() {
        return Some(Value::Integer(whole));
    }
    match parse_real(text)? {
        Value::Real(real) if real.fract() == 0.0 && real.abs() < 9.0e15 => Some(Value::Integer(real as i64)),
        value => Some(value),
    }
}

fn parse_boolean(text: &str) -> Option<Value> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(Value::Integer(1)),
        "false" | "no" | "0" => Some(Value::Integer(0)),
        _ => None,
    }
}

fn number(text: &str, length: usize, least: u32, most: u32) -> Option<u32> {
    let digits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = digits.then(|| text.parse().ok())??;
    (least..=most).contains(&number).then_some(number)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let date = number(year, 4, 0, 9999).zip(number(month, 2, 1, 12));
    date.is_some_and(|(year, month)| number(day, 2, 1, days_in(year, month)).is_some())
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Takes a blank or a `T` between day and time and stores a blank, as SQLite's own functions print it.
fn parse_date_time(text: &str) -> Option<Value> {
    let (date, time) = text.split_once([' ', 'T'])?;
    let time = if time.len() == 5 { format!("{time}:00") } else { time.to_owned() };
    let parts: Vec<&str> = time.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return None };
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    let fraction_fits =
        (1..=6).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let valid = is_date(date)
        && fraction_fits
        && number(hour, 2, 0, 23).is_some()
        && number(minute, 2, 0, 59).is_some()
        && number(second, 2, 0, 59).is_some();
    valid.then(|| Value::Text(format!("{date} {time}")))
}

fn parse_hex(text: &str) -> Option<Vec<u8>> {
    let inner = text.strip_prefix("x'").and_then(|rest| rest.strip_suffix('\'')).unwrap_or(text);
    let digits: Vec<u8> =
        inner.chars().map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// A text in quotation marks, cut so that a message stays a sentence.
pub(crate) fn shorten(text: &str) -> String {
    const MOST: usize = 40;
    let mut shown: String = text.chars().take(MOST).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    format!("“{shown}”")
}

/// What the database does to a row when the row that it points to goes, or gets another key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ReferentialAction {
    /// Refuse at the end of the statement. SQL's default, and SQLAlchemy's.
    #[default]
    NoAction,
    /// Refuse at once.
    Restrict,
    /// Set the key to `NULL`.
    SetNull,
    /// Set the key to its column's default.
    SetDefault,
    /// Follow: delete the row too, or give it the other key.
    Cascade,
}

/// The action when the row that is pointed to is deleted.
pub type OnDelete = ReferentialAction;

/// The action when the key that is pointed to changes.
pub type OnUpdate = ReferentialAction;

impl ReferentialAction {
    /// All of them, in the order in which the form offers them.
    pub const ALL: [ReferentialAction; 5] = [
        ReferentialAction::NoAction,
        ReferentialAction::Restrict,
        ReferentialAction::SetNull,
        ReferentialAction::SetDefault,
        ReferentialAction::Cascade,
    ];

    /// The SQL keyword.
    pub fn sql(self) -> &'static str {
        match self {
            ReferentialAction::NoAction => "NO ACTION",
            ReferentialAction::Restrict => "RESTRICT",
            ReferentialAction::SetNull => "SET NULL",
            ReferentialAction::SetDefault => "SET DEFAULT",
            ReferentialAction::Cascade => "CASCADE",
        }
    }

    /// What it means on delete, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            ReferentialAction::NoAction => "refuse the deletion while a row points here",
            ReferentialAction::Restrict => "refuse the deletion at once",
            ReferentialAction::SetNull => "keep the row and clear its key",
            ReferentialAction::SetDefault => "keep the row and reset its key to the default",
            ReferentialAction::Cascade => "delete the row too",
        }
    }

    /// What it means on update, in a few words.
    pub fn meaning_on_update(self) -> &'static str {
        match self {
            ReferentialAction::NoAction => "refuse the change while a row points here",
            ReferentialAction::Restrict => "refuse the change at once",
            ReferentialAction::SetNull => "clear the key of the row that points here",
            ReferentialAction::SetDefault => "reset the key of the row that points here to the default",
            ReferentialAction::Cascade => "change the key of the row that points here, too",
        }
    }

    /// Whether nothing special is asked: what the database does when nothing is said.
    pub fn is_no_action(&self) -> bool {
        *self == ReferentialAction::NoAction
    }
}
