//! Functions of text. A character is a byte that begins one in UTF-8, with the bytes that continue it; texts need not
//! be valid, and no byte is lost.

use super::call::{Answer, Call, Kind, Scalar};

pub(super) const FUNCTIONS: &[Scalar] = &[
    Scalar { name: c"replicate", takes: 2, call: replicate },
    Scalar { name: c"charindex", takes: 2, call: charindex },
    Scalar { name: c"charindex", takes: 3, call: charindex },
    Scalar { name: c"leftstr", takes: 2, call: leftstr },
    Scalar { name: c"rightstr", takes: 2, call: rightstr },
    Scalar { name: c"padl", takes: 2, call: |call| pad(call, |room| room) },
    Scalar { name: c"padr", takes: 2, call: |call| pad(call, |_| 0) },
    Scalar { name: c"padc", takes: 2, call: |call| pad(call, |room| room / 2) },
    Scalar { name: c"reverse", takes: 1, call: reverse },
    Scalar { name: c"proper", takes: 1, call: proper },
    Scalar { name: c"strfilter", takes: 2, call: strfilter },
    Scalar { name: c"difference", takes: 2, call: difference },
];

/// The characters of a text.
fn characters(text: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    text.chunk_by(|_, next| next & 0xC0 == 0x80)
}

fn count(text: &[u8]) -> usize {
    characters(text).count()
}

/// The text without its first so many characters.
fn skip(text: &[u8], many: usize) -> &[u8] {
    let bytes: usize = characters(text).take(many).map(<[u8]>::len).sum();
    text.get(bytes..).unwrap_or_default()
}

/// A text of so many bytes is not made if it would be longer than allowed.
fn bounded(call: &Call<'_>, length: Option<usize>, make: impl FnOnce() -> Vec<u8>) -> Answer {
    match length {
        Some(length) if length <= call.longest => Answer::Text(make()),
        _ => Answer::TooBig,
    }
}

fn replicate(call: &Call<'_>) -> Answer {
    let [text, times] = call.arguments else { return Answer::Null };
    if text.kind() == Kind::Null {
        return Answer::Null;
    }
    let Ok(times) = usize::try_from(times.integer().min(i64::from(u32::MAX))) else {
        return Answer::Fail(c"domain error");
    };
    let length = text.length();
    let text = text.text();
    // As in sql.js, what follows a zero byte counts, but is not seen, and so is no copy after it.
    let times = if text.len() < length { times.min(1) } else { times };
    bounded(call, text.len().checked_mul(times), || {
        if text.is_empty() { Vec::new() } else { text.repeat(times) }
    })
}

fn charindex(call: &Call<'_>) -> Answer {
    let [part, text, from @ ..] = call.arguments else { return Answer::Null };
    if text.kind() == Kind::Null || part.kind() == Kind::Null {
        return Answer::Null;
    }
    // SQLite's narrow integers: the upper half is cut off.
    let from = from.first().map_or(1, |from| from.integer() as i32);
    let before = usize::try_from(from).unwrap_or(0).saturating_sub(1);
    let (rest, part) = (skip(text.text(), before), part.text());
    let found =
        (!part.is_empty()).then(|| rest.windows(part.len()).position(|window| window == part)).flatten();
    let place = found.map_or(0, |bytes| before + count(rest.get(..bytes).unwrap_or_default()) + 1);
    Answer::Integer(i64::try_from(place).unwrap_or(i64::MAX))
}

fn leftstr(call: &Call<'_>) -> Answer {
    let [text, many] = call.arguments else { return Answer::Null };
    if call.has_null() {
        return Answer::Null;
    }
    let many = usize::try_from(many.integer() as i32).unwrap_or(0);
    Answer::Text(characters(text.text()).take(many).flatten().copied().collect())
}

fn rightstr(call: &Call<'_>) -> Answer {
    let [text, many] = call.arguments else { return Answer::Null };
    if call.has_null() {
        return Answer::Null;
    }
    let text = text.text();
    let length = i32::try_from(count(text)).unwrap_or(i32::MAX);
    let before = length.wrapping_sub(many.integer() as i32);
    if before > length {
        // What sql.js says to a negative number.
        return Answer::Fail(c"out of memory");
    }
    Answer::Text(skip(text, usize::try_from(before).unwrap_or(0)).to_vec())
}

/// Fills up with spaces, as many before the text as `before` says of those that are needed.
fn pad(call: &Call<'_>, before: fn(usize) -> usize) -> Answer {
    let [text, width] = call.arguments else { return Answer::Null };
    if text.kind() == Kind::Null {
        return Answer::Null;
    }
    let Ok(width) = usize::try_from(width.integer().min(i64::from(u32::MAX))) else {
        return Answer::Fail(c"domain error");
    };
    let text = text.text();
    let room = width.saturating_sub(count(text));
    bounded(call, text.len().checked_add(room), || {
        let before = before(room);
        [&vec![b' '; before], text, &vec![b' '; room - before]].concat()
    })
}

fn reverse(call: &Call<'_>) -> Answer {
    match call.arguments {
        [text] if text.kind() != Kind::Null => {
            Answer::Text(characters(text.text()).rev().flatten().copied().collect())
        }
        _ => Answer::Null,
    }
}

fn proper(call: &Call<'_>) -> Answer {
    let [text] = call.arguments else { return Answer::Null };
    if text.kind() == Kind::Null {
        return Answer::Null;
    }
    let mut begins = true;
    let cased = text.text().iter().map(|byte| {
        let cased = if begins { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        begins = matches!(byte, b' ' | b'\t');
        cased
    });
    Answer::Text(cased.collect())
}

fn strfilter(call: &Call<'_>) -> Answer {
    let [text, keep] = call.arguments else { return Answer::Null };
    if call.has_null() {
        return Answer::Null;
    }
    let keep: Vec<&[u8]> = characters(keep.text()).collect();
    Answer::Text(characters(text.text()).filter(|one| keep.contains(one)).flatten().copied().collect())
}

fn difference(call: &Call<'_>) -> Answer {
    let [one, other] = call.arguments else { return Answer::Null };
    if call.has_null() {
        return Answer::Null;
    }
    let same = sound(one.text()).into_iter().zip(sound(other.text())).filter(|(one, other)| one == other);
    Answer::Integer(i64::try_from(same.count()).unwrap_or(0))
}

/// A kin of Soundex: the first letter and the first three digits of what follows, itself included; digits are not
/// merged where they repeat. `?000` for a text without letters.
fn sound(text: &[u8]) -> Vec<u8> {
    let Some(first) = text.iter().position(u8::is_ascii_alphabetic) else { return b"?000".to_vec() };
    let rest = text.get(first..).unwrap_or_default();
    let letter = rest.iter().take(1).map(u8::to_ascii_uppercase);
    // Only seven bits are looked at, of letters beyond ASCII too.
    let digits = rest.iter().filter_map(|byte| digit(byte & 0x7F));
    letter.chain(digits.chain(std::iter::repeat(b'0')).take(3)).collect()
}

fn digit(letter: u8) -> Option<u8> {
    match letter.to_ascii_lowercase() {
        b'b' | b'f' | b'p' | b'v' => Some(b'1'),
        b'c' | b'g' | b'j' | b'k' | b'q' | b's' | b'x' | b'z' => Some(b'2'),
        b'd' | b't' => Some(b'3'),
        b'l' => Some(b'4'),
        b'm' | b'n' => Some(b'5'),
        b'r' => Some(b'6'),
        _ => None,
    }
}
