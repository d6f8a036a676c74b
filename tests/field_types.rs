//! What a person types in, a value out, and back: for every type of field.
#![cfg(not(target_arch = "wasm32"))]

use relata::schema::FieldType::{self, Blob, Boolean, Date, DateTime, Decimal, Integer, Real, Text};
use relata::value::Value;

/// A type, what is typed, the value it becomes, and how that value is shown.
fn check(field_type: FieldType, cases: &[(&str, Value, &str)]) {
    for (typed, value, shown) in cases {
        let parsed = field_type.parse(typed);
        assert_eq!(parsed.as_ref(), Ok(value), "{typed:?} as {field_type:?}");
        // Values of different storage classes may be equal, but do not look alike.
        assert_eq!(
            parsed.map(|value| value.type_name()),
            Ok(value.type_name()),
            "{typed:?} as {field_type:?}"
        );
        assert_eq!(field_type.show(value).as_deref(), Some(*shown), "{value:?} as {field_type:?}");
        assert_eq!(field_type.parse(shown).as_ref(), Ok(value), "what is shown can be typed: {shown:?}");
    }
}

fn refused(field_type: FieldType, cases: &[&str]) {
    for typed in cases {
        let parsed = field_type.parse(typed);
        assert!(parsed.is_err(), "{typed:?} became {parsed:?} as {field_type:?}");
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

#[test]
fn integers() {
    check(
        Integer,
        &[
            (" 42 ", Value::Integer(42), "42"),
            ("+7", Value::Integer(7), "7"),
            ("-0", Value::Integer(0), "0"),
            ("9223372036854775807", Value::Integer(i64::MAX), "9223372036854775807"),
            ("-9223372036854775808", Value::Integer(i64::MIN), "-9223372036854775808"),
        ],
    );
    refused(
        Integer,
        &["", " ", "9223372036854775808", "-9223372036854775809", "1.0", "1e3", "0x10", "1_000", "٣", "NULL"],
    );
}

#[test]
fn texts_are_kept_as_they_are() {
    check(Text, &[("", text(""), ""), (" a\nb ", text(" a\nb "), " a\nb "), ("NULL", text("NULL"), "NULL")]);
}

#[test]
fn reals() {
    check(
        Real,
        &[
            ("3.25", Value::Real(3.25), "3.25"),
            ("2", Value::Real(2.0), "2.0"),
            ("-1e-7", Value::Real(-1e-7), "-1e-7"),
            ("1.7976931348623157e308", Value::Real(f64::MAX), "1.7976931348623157e308"),
            (".5", Value::Real(0.5), "0.5"),
            ("5e-324", Value::Real(5e-324), "5e-324"),
        ],
    );
    refused(Real, &["", "nan", "NaN", "inf", "-inf", "infinity", "1e999", "1,5", "3.1.4", "0x1p3", "one"]);
}

/// SQLite has no decimals: it stores a whole number as an integer, anything else as a real.
#[test]
fn decimals() {
    check(
        Decimal,
        &[
            ("9.90", Value::Real(9.9), "9.9"),
            ("-10", Value::Integer(-10), "-10"),
            ("10.00", Value::Integer(10), "10"),
            ("9007199254740993", Value::Integer(9_007_199_254_740_993), "9007199254740993"),
            ("9223372036854775807", Value::Integer(i64::MAX), "9223372036854775807"),
            ("0.00000001", Value::Real(1e-8), "0.00000001"),
            ("1000000000000000000000000000000", Value::Real(1e30), "1000000000000000000000000000000"),
        ],
    );
    refused(Decimal, &["", "1e3", "nan", "inf", "-", ".", "1,50", "€ 5", "--1"]);
}

#[test]
fn booleans() {
    let (yes, no) = (Value::Integer(1), Value::Integer(0));
    check(
        Boolean,
        &[
            ("true", yes.clone(), "true"),
            (" TRUE ", yes.clone(), "true"),
            ("Yes", yes.clone(), "true"),
            ("1", yes, "true"),
            ("false", no.clone(), "false"),
            ("no", no.clone(), "false"),
            ("0", no, "false"),
        ],
    );
    refused(Boolean, &["", "2", "-1", "t", "wahr", "true false"]);
}

#[test]
fn days() {
    check(
        Date,
        &[
            (" 2026-01-31 ", text("2026-01-31"), "2026-01-31"),
            ("2024-02-29", text("2024-02-29"), "2024-02-29"),
            ("2000-02-29", text("2000-02-29"), "2000-02-29"),
            ("0000-01-01", text("0000-01-01"), "0000-01-01"),
            ("9999-12-31", text("9999-12-31"), "9999-12-31"),
        ],
    );
    refused(
        Date,
        &[
            "",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-1-1",
            "26-01-01",
            "10000-01-01",
            "2026/01/01",
            "2026-01-01-01",
            "-026-01-01",
            "2026-01-0１",
            "2026-01-31 12:00",
        ],
    );
}

#[test]
fn days_with_times() {
    check(
        DateTime,
        &[
            ("2026-01-31 18:30:00", text("2026-01-31 18:30:00"), "2026-01-31 18:30:00"),
            ("2026-01-31T18:30:59", text("2026-01-31 18:30:59"), "2026-01-31 18:30:59"),
            ("2026-01-31 18:30", text("2026-01-31 18:30:00"), "2026-01-31 18:30:00"),
            ("2026-01-31T00:00:00.5", text("2026-01-31 00:00:00.5"), "2026-01-31 00:00:00.5"),
            ("2026-01-31 23:59:59.123456", text("2026-01-31 23:59:59.123456"), "2026-01-31 23:59:59.123456"),
        ],
    );
    refused(
        DateTime,
        &[
            "",
            "2026-01-31",
            "2026-02-29 12:00:00",
            "2026-01-31 24:00:00",
            "2026-01-31 12:60:00",
            "2026-01-31 12:00:60",
            "2026-01-31 12:00:00.",
            "2026-01-31 12:00:00.1234567",
            "2026-01-31 12:00:00Z",
            "2026-01-31T12:00:00+01:00",
            "2026-01-31  12:00:00",
            "2026-01-31 1:2:3",
            "2026-01-31 12",
            "now",
        ],
    );
}

#[test]
fn blobs() {
    check(
        Blob,
        &[
            ("cafe01", Value::Blob(vec![0xca, 0xfe, 0x01]), "cafe01"),
            ("x'CAFE'", Value::Blob(vec![0xca, 0xfe]), "cafe"),
            ("", Value::Blob(vec![]), ""),
            ("x''", Value::Blob(vec![]), ""),
            ("00", Value::Blob(vec![0]), "00"),
        ],
    );
    refused(Blob, &["c", "caf", "cafg", "0xcafe", "x'cafe", "ca fe", "x'", "'cafe'", "١٢"]);
}

#[test]
fn no_value_is_shown_as_nothing() {
    for field_type in FieldType::ALL {
        assert_eq!(field_type.show(&Value::Null), None, "{field_type:?}");
    }
}

/// What the form gives as an example has to be right.
#[test]
fn examples_can_be_typed() {
    for field_type in FieldType::ALL {
        let typed = match field_type {
            Boolean => "true",
            Blob => "cafe01",
            other => other.example(),
        };
        assert!(field_type.example().contains(typed));
        assert!(field_type.parse(typed).is_ok(), "{typed:?} as {field_type:?}");
    }
}

/// A message quotes what was typed, but not a novel.
#[test]
fn messages_stay_sentences() {
    let message = Integer.parse(&"9".repeat(500)).map_err(|error| error.to_string());
    let nines = "9".repeat(40);
    assert_eq!(message, Err(format!("“{nines}…” is not a whole number between −2⁶³ and 2⁶³−1")));
}
