//! Cuts SQL that Relata wrote into words, for the eye only: what a piece means is said by its origins.

use crate::schema::is_keyword;
use crate::sql::quoted;

/// What a piece of SQL looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A keyword.
    Keyword,
    /// The name of a table, a column or an alias.
    Name,
    /// The type of a column: a bare name right behind its name.
    Type,
    /// A question mark that stands for a parameter.
    Parameter,
    /// A number or a text in quotes.
    Literal,
    /// Blanks, brackets, commas and operators.
    Other,
}

/// Cuts a text into pieces, which in a row are the whole text.
///
/// Relata writes keywords in capitals and quotes every name that is one, so that a bare word in capitals that is a
/// keyword is meant as one.
pub fn words(text: &str) -> Vec<(Word, &str)> {
    let mut pieces: Vec<(Word, &str)> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = piece_length(rest, first);
        let (piece, after) = rest.split_at(length);
        let kind = match (kind(piece, first), pieces.as_slice()) {
            (Word::Name, [.., (Word::Name, _), (Word::Other, " ")]) => Word::Type,
            (kind, _) => kind,
        };
        pieces.push((kind, piece));
        rest = after;
    }
    pieces
}

fn kind(piece: &str, first: char) -> Word {
    match first {
        '?' => Word::Parameter,
        '"' => Word::Name,
        '\'' => Word::Literal,
        digit if digit.is_ascii_digit() => Word::Literal,
        letter if is_word(letter) => {
            let capitals = !piece.bytes().any(|byte| byte.is_ascii_lowercase());
            if capitals && is_keyword(piece) { Word::Keyword } else { Word::Name }
        }
        _ => Word::Other,
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn piece_length(text: &str, first: char) -> usize {
    match first {
        '"' | '\'' => quoted(text, first),
        '?' => 1,
        letter if is_word(letter) => text.find(|next| !is_word(next)).unwrap_or(text.len()),
        _ => text.find(|next| is_word(next) || matches!(next, '"' | '\'' | '?')).unwrap_or(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Word, words};

    fn check(text: &str, expected: &[(Word, &str)]) {
        let pieces = words(text);
        assert_eq!(pieces, expected);
        assert_eq!(pieces.iter().map(|(_, piece)| *piece).collect::<String>(), text);
    }

    #[test]
    fn keywords_names_and_parameters() {
        check(
            "SELECT a.id FROM \"order\" AS a WHERE a.id = ?",
            &[
                (Word::Keyword, "SELECT"),
                (Word::Other, " "),
                (Word::Name, "a"),
                (Word::Other, "."),
                (Word::Name, "id"),
                (Word::Other, " "),
                (Word::Keyword, "FROM"),
                (Word::Other, " "),
                (Word::Name, "\"order\""),
                (Word::Other, " "),
                (Word::Keyword, "AS"),
                (Word::Other, " "),
                (Word::Name, "a"),
                (Word::Other, " "),
                (Word::Keyword, "WHERE"),
                (Word::Other, " "),
                (Word::Name, "a"),
                (Word::Other, "."),
                (Word::Name, "id"),
                (Word::Other, " = "),
                (Word::Parameter, "?"),
            ],
        );
    }

    #[test]
    fn a_name_behind_a_name_is_its_type() {
        check(
            "id INTEGER NOT",
            &[
                (Word::Name, "id"),
                (Word::Other, " "),
                (Word::Type, "INTEGER"),
                (Word::Other, " "),
                (Word::Keyword, "NOT"),
            ],
        );
    }

    #[test]
    fn quotes_inside_quotes_and_quotes_without_end() {
        check("'it''s'12", &[(Word::Literal, "'it''s'"), (Word::Literal, "12")]);
        check("\"a\"\"b\"\"\"", &[(Word::Name, "\"a\"\"b\"\"\"")]);
        check("'open ?", &[(Word::Literal, "'open ?")]);
        check("\"", &[(Word::Name, "\"")]);
        check("", &[]);
    }

    #[test]
    fn a_name_in_capitals_is_no_keyword_by_that() {
        check("ISBN", &[(Word::Name, "ISBN")]);
        check("naïve_ключ", &[(Word::Name, "naïve_ключ")]);
    }
}
