//! The words of a Python program, for colouring.

/// What a piece of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A word of the language.
    Keyword,
    /// A name.
    Name,
    /// A text.
    Literal,
    /// A comment, up to the end of its line.
    Comment,
    /// Signs, numbers and blanks.
    Other,
}

const KEYWORDS: [&str; 21] = [
    "False", "None", "True", "and", "as", "class", "def", "elif", "else", "for", "from", "if", "import",
    "in", "is", "lambda", "not", "or", "pass", "return", "with",
];

/// The pieces of a text, in order; together they are the text.
///
/// ```
/// use relata::ui::python_words::{Word, words};
/// let words = words("x: Mapped[list[\"Book\"]]  # many");
/// assert_eq!(words.first(), Some(&(Word::Name, "x")));
/// assert_eq!(words.iter().map(|(_, text)| *text).collect::<String>(), "x: Mapped[list[\"Book\"]]  # many");
/// assert_eq!(words.last(), Some(&(Word::Comment, "# many")));
/// ```
pub fn words(text: &str) -> Vec<(Word, &str)> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (word, length) = piece(rest, first);
        let (piece, after) = rest.split_at(length);
        words.push((word, piece));
        rest = after;
    }
    words
}

fn piece(rest: &str, first: char) -> (Word, usize) {
    if is_letter(first) {
        let length = rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len());
        let keyword = KEYWORDS.contains(&&rest[..length]);
        return (if keyword { Word::Keyword } else { Word::Name }, length);
    }
    match first {
        '"' => (Word::Literal, quoted(rest)),
        '#' => (Word::Comment, rest.find('\n').unwrap_or(rest.len())),
        _ => {
            let begins = |letter| is_letter(letter) || letter == '"' || letter == '#';
            (Word::Other, rest.find(begins).unwrap_or(rest.len()))
        }
    }
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// How long the text in quotation marks is with which `rest` begins.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            // What does not end in its line is no text: nothing after it is to be swallowed.
            '\n' => return at,
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    rest.len()
}
