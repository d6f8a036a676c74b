//! Cuts SQL that somebody typed into its words and statements, by SQLite's rules for quotes and comments.
//!
//! Only as far as statements have to be told apart and names found: what they mean is SQLite's business.

use std::ops::Range;

/// A piece of SQL that says something: no blank, no comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// The piece as it stands there, quotes included.
    pub text: &'a str,
}

impl Token<'_> {
    /// The place of the piece in the text, in bytes.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Whether it is this word, in whatever case, not quoted.
    pub fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it names this table or column, quoted in one of SQLite's ways or not.
    pub fn names(&self, name: &str) -> bool {
        let inner = |mark: char, end: char| {
            let inner = self.text.strip_prefix(mark)?.strip_suffix(end)?;
            let doubled: String = [end, end].into_iter().collect();
            Some(inner.replace(&doubled, &end.to_string()))
        };
        let quoted = inner('"', '"').or_else(|| inner('`', '`')).or_else(|| inner('[', ']'));
        quoted.as_deref().unwrap_or(self.text).eq_ignore_ascii_case(name)
    }
}

/// The pieces of a text, in order.
///
/// ```
/// use relata::sql::tokens;
/// let found: Vec<&str> = tokens("SELECT a.\"b c\" -- why\nFROM 'it''s'").map(|token| token.text).collect();
/// assert_eq!(found, ["SELECT", "a", ".", "\"b c\"", "FROM", "'it''s'"]);
/// ```
pub fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[start..];
            let first = rest.chars().next()?;
            let (length, says) = piece(rest, first);
            let token = Token { start, text: &rest[..length] };
            start += length;
            if says {
                return Some(token);
            }
        }
    })
}

/// How long the first piece is, and whether it says anything.
fn piece(text: &str, first: char) -> (usize, bool) {
    let up_to = |end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
    match first {
        _ if text.starts_with("--") => (up_to("\n"), false),
        _ if text.starts_with("/*") => (text[2..].find("*/").map_or(text.len(), |at| at + 4), false),
        '"' | '\'' | '`' => (quoted(text, first), true),
        '[' => (up_to("]"), true),
        blank if blank.is_ascii_whitespace() => (1, false),
        letter if is_word(letter) => (text.find(|next| !is_word(next)).unwrap_or(text.len()), true),
        sign => (sign.len_utf8(), true),
    }
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$') || !character.is_ascii()
}

/// How many bytes the quotes reach that a text begins with. A mark inside its quotes is doubled; quotes without an end
/// reach to the end of the text.
///
/// ```
/// assert_eq!(relata::sql::quoted("'it''s' AS x", '\''), 7);
/// ```
pub fn quoted(text: &str, mark: char) -> usize {
    let mut marks = text.match_indices(mark).skip(1).peekable();
    while let Some((at, _)) = marks.next() {
        match marks.peek() {
            Some((next, _)) if *next == at + 1 => drop(marks.next()),
            _ => return at + 1,
        }
    }
    text.len()
}

/// The places of the statements in a text, in bytes, each without the semicolon that ends it. Those of a trigger
/// belong to it.
///
/// ```
/// use relata::sql::statements;
/// let text = " SELECT 1; -- one;\n; SELECT ';' ";
/// let found: Vec<&str> = statements(text).into_iter().map(|place| &text[place]).collect();
/// assert_eq!(found, ["SELECT 1", "SELECT ';'"]);
/// ```
pub fn statements(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open: Vec<Token<'_>> = Vec::new();
    for token in tokens(text) {
        if token.text == ";" && !goes_on(&open) {
            found.extend(place(&open));
            open.clear();
        } else {
            open.push(token);
        }
    }
    found.extend(place(&open));
    found
}

fn place(tokens: &[Token<'_>]) -> Option<Range<usize>> {
    Some(tokens.first()?.start..tokens.last()?.range().end)
}

/// Whether a semicolon here only ends a statement inside of a trigger: that ends with one, and `END`.
fn goes_on(open: &[Token<'_>]) -> bool {
    let mut words =
        open.iter().skip_while(|token| token.is("EXPLAIN") || token.is("QUERY") || token.is("PLAN"));
    let creates = words.next().is_some_and(|token| token.is("CREATE"));
    let trigger = words.find(|token| !token.is("TEMP") && !token.is("TEMPORARY"));
    creates
        && trigger.is_some_and(|token| token.is("TRIGGER"))
        && !matches!(open, [.., semicolon, end] if semicolon.text == ";" && end.is("END"))
}

#[cfg(test)]
mod tests {
    use super::{statements, tokens};

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = statements(text).into_iter().map(|place| &text[place]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn semicolons_end_statements_but_not_in_quotes_comments_and_triggers() {
        check("", &[]);
        check(" ; ;-- nothing", &[]);
        check("a;b", &["a", "b"]);
        check("'a;b' /* ; */ c; \"d;\" [;] `;`", &["'a;b' /* ; */ c", "\"d;\" [;] `;`"]);
        check("'never ends; a", &["'never ends; a"]);
        let trigger = "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; SELECT 1; END";
        check(&format!("{trigger}; SELECT 2;"), &[trigger, "SELECT 2"]);
        check("SELECT trigger FROM create; END", &["SELECT trigger FROM create", "END"]);
    }

    #[test]
    fn names_are_found_in_every_way_of_quoting() {
        let text = "Authors \"authors\" `AUTHORS` [authors] 'authors' \"au\"\"thors\" authors2 ключ";
        let named: Vec<bool> = tokens(text).map(|token| token.names("authors")).collect();
        assert_eq!(named, [true, true, true, true, false, false, false, false]);
        assert!(tokens(text).any(|token| token.names("au\"thors")));
        assert_eq!(tokens("é/* never ends").count(), 1);
    }
}
