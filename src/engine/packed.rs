//! Values packed for one crossing into JavaScript, which costs several times as much for each cell alone.
//!
//! A value is a slot of eight bytes. A number is itself, as a double. Anything else is a not-a-number, which SQLite never
//! gives: its upper half says what it is, its lower half how long, and the content lies in order in one of two areas beside.
//! Text is counted in UTF-16 units, so that a reader decodes the whole area at once and cuts it.

use rusqlite::types::ValueRef;

/// The upper half of every slot that is no number.
const QUIET: u32 = 0x7FF8_0000;
/// What the lower bits of the upper half say.
pub(crate) mod tag {
    pub(crate) const NULL: u32 = 0;
    pub(crate) const TEXT: u32 = 1;
    pub(crate) const BLOB: u32 = 2;
    /// Eight bytes in the area of bytes: an integer in full.
    pub(crate) const BIG: u32 = 3;
    /// Of a parameter only: it keeps what it has.
    pub(crate) const UNSET: u32 = 4;
}

/// How integers leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Integers {
    /// As numbers, which beyond 2^53 are not exact.
    #[default]
    Numbers,
    /// As integers of 64 bits.
    Big,
    /// As numbers up to 2^53, beyond that as integers of 64 bits.
    Exact,
}

/// Rows on their way out.
#[derive(Debug, Default)]
pub struct Packed {
    /// A slot for each cell, row by row.
    pub slots: Vec<u64>,
    /// All text, UTF-8.
    pub text: Vec<u8>,
    /// All blobs and big integers.
    pub bytes: Vec<u8>,
    /// Whether some text is more than ASCII.
    pub wide: bool,
}

/// The greatest whole number up to which a double has all of them.
const MOST_EXACT: u64 = 1 << 53;

fn marked(tag: u32, length: usize) -> u64 {
    u64::from(QUIET | tag) << 32 | length as u64
}

/// What a slot says that is no number, and how long its content is.
pub(crate) fn tag_of(slot: u64) -> Option<(u32, usize)> {
    f64::from_bits(slot).is_nan().then_some(((slot >> 32) as u32 & 7, slot as u32 as usize))
}

impl Packed {
    /// Forgets the rows and keeps the room.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.text.clear();
        self.bytes.clear();
        self.wide = false;
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.slots.len() * 8 + self.text.len() + self.bytes.len()
    }

    /// Whether nothing is packed.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Adds a value.
    #[inline]
    pub fn push(&mut self, value: ValueRef<'_>, integers: Integers) {
        let slot = match value {
            ValueRef::Null => marked(tag::NULL, 0),
            ValueRef::Integer(integer)
                if integers == Integers::Big
                    || integers == Integers::Exact && integer.unsigned_abs() > MOST_EXACT =>
            {
                self.bytes.extend_from_slice(&integer.to_le_bytes());
                marked(tag::BIG, 8)
            }
            ValueRef::Integer(integer) => (integer as f64).to_bits(),
            ValueRef::Real(real) => real.to_bits(),
            ValueRef::Text(text) => marked(tag::TEXT, self.push_text(text)),
            ValueRef::Blob(bytes) => {
                self.bytes.extend_from_slice(bytes);
                marked(tag::BLOB, bytes.len())
            }
        };
        self.slots.push(slot);
    }

    /// Adds a text and gives its length in UTF-16 units. What is not UTF-8 becomes replacement characters.
    fn push_text(&mut self, text: &[u8]) -> usize {
        if text.is_ascii() {
            self.text.extend_from_slice(text);
            return text.len();
        }
        self.wide = true;
        let text = String::from_utf8_lossy(text);
        self.text.extend_from_slice(text.as_bytes());
        text.encode_utf16().count()
    }
}

/// A parameter on its way in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Parameter<'a> {
    /// Stays as it was bound before.
    Unset,
    /// NULL.
    Null,
    /// A number; an INTEGER where it is whole and has no more than 32 bits, as in sql.js.
    Number(f64),
    /// An INTEGER of 64 bits.
    Integer(i64),
    /// UTF-8.
    Text(&'a [u8]),
    /// Bytes.
    Blob(&'a [u8]),
}

/// Reads parameters as they were packed: `count` slots, then the content of each in order. Ends early where that does not fit.
pub fn parameters(packed: &[u8], count: usize) -> Parameters<'_> {
    let (slots, content) = packed.split_at_checked(count.saturating_mul(8)).unwrap_or_default();
    Parameters { slots: slots.as_chunks::<8>().0.iter(), content }
}

/// Parameters, one after the other.
pub struct Parameters<'a> {
    slots: std::slice::Iter<'a, [u8; 8]>,
    content: &'a [u8],
}

impl<'a> Parameters<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (one, rest) = self.content.split_at_checked(length)?;
        self.content = rest;
        Some(one)
    }
}

impl<'a> Iterator for Parameters<'a> {
    type Item = Parameter<'a>;

    fn next(&mut self) -> Option<Parameter<'a>> {
        let slot = u64::from_le_bytes(*self.slots.next()?);
        let number = f64::from_bits(slot);
        if !number.is_nan() {
            return Some(Parameter::Number(number));
        }
        let length = slot as u32 as usize;
        Some(match (slot >> 32) as u32 & 7 {
            tag::TEXT => Parameter::Text(self.take(length)?),
            tag::BLOB => Parameter::Blob(self.take(length)?),
            tag::UNSET => Parameter::Unset,
            _ => Parameter::Null,
        })
    }
}
