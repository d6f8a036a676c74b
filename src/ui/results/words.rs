//! Numbers and facts of a run in words.

use crate::trace::Spared;

/// A count with its noun: `1 row`, `12 rows`.
pub(in crate::ui) fn count(number: u32, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", grouped(number)) }
}

/// A number with its thousands apart, by narrow blanks that do not break.
pub(in crate::ui) fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A time as one reads it off a stopwatch. Browsers' clocks may be too coarse to tell it from nothing.
pub(super) fn duration(micros: u64) -> String {
    let millis = micros as f64 / 1000.0;
    match micros {
        0..100 => "< 0.1 ms".into(),
        100..10_000 => format!("{millis:.1} ms"),
        10_000..1_000_000 => format!("{millis:.0} ms"),
        _ => format!("{:.1} s", millis / 1000.0),
    }
}

/// Why nothing was sent.
pub(super) fn spared(why: Spared) -> &'static str {
    match why {
        Spared::NoKey => "no statement: the foreign key is NULL, there is nothing to load",
        Spared::Known => "no statement: the identity map has it",
        Spared::AlreadyLoaded => "no statement: it was loaded before",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_their_noun() {
        assert_eq!(count(0, "row"), "0 rows");
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(1_234_567, "row"), "1\u{202f}234\u{202f}567 rows");
        assert_eq!(grouped(123), "123");
    }

    #[test]
    fn times_keep_two_digits_or_so() {
        assert_eq!(duration(0), "< 0.1 ms");
        assert_eq!(duration(440), "0.4 ms");
        assert_eq!(duration(12_300), "12 ms");
        assert_eq!(duration(2_500_000), "2.5 s");
    }
}
