//! Where in a text something is, as people and browsers count.

use std::ops::Range;

/// A place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Its line, from 1.
    pub line: usize,
    /// Its first letter in that line, from 1.
    pub column: usize,
    /// The rest of that line before it.
    pub before: String,
    /// What stands there, as far as it is in that line.
    pub marked: String,
    /// The rest of the line behind it.
    pub after: String,
    /// The place as browsers count: in UTF-16 units.
    pub units: Range<u32>,
}

/// The place between two bytes of a text. Beyond the text, or within a letter, gives the nearest place there is.
///
/// ```
/// use relata::ui::console::spot;
/// let found = spot("SELECT '😀',\n  titel FROM books", 17, 22);
/// assert_eq!((found.line, found.column, found.marked.as_str(), found.units), (2, 3, "titel", 15..20));
/// ```
pub fn spot(text: &str, from: usize, to: usize) -> Spot {
    let from = text.floor_char_boundary(from);
    let to = text.ceil_char_boundary(to).max(from);
    let start = text[..from].rfind('\n').map_or(0, |at| at + 1);
    let end = text[from..].find('\n').map_or(text.len(), |at| from + at);
    let units = |text: &str| text.encode_utf16().count() as u32;
    let first = units(&text[..from]);
    Spot {
        line: text[..from].matches('\n').count() + 1,
        column: text[start..from].chars().count() + 1,
        before: text[start..from].trim_start().to_owned(),
        marked: text[from..to.min(end)].to_owned(),
        after: text[to.min(end)..end].trim_end().to_owned(),
        units: first..first + units(&text[from..to]),
    }
}

#[cfg(test)]
mod tests {
    use super::spot;

    #[test]
    fn a_place_beyond_the_text_is_its_end() {
        let found = spot("a\nbc", 4, 9);
        assert_eq!((found.line, found.column, found.marked.as_str()), (2, 3, ""));
        assert_eq!(found.units, 4..4);
    }

    #[test]
    fn what_goes_on_in_the_next_line_is_marked_up_to_the_end_of_its_first() {
        let found = spot("  SELECT 1\nFROM x; SELECT", 2, 17);
        assert_eq!(
            (found.before.as_str(), found.marked.as_str(), found.after.as_str()),
            ("", "SELECT 1", "")
        );
        assert_eq!(found.units, 2..17);
    }
}
