//! Cells that hold JSON, as the json strategy brings them: how many objects there are in one, and all of it, legibly.

use crate::protocol::ResultShape;
use crate::query::{Cells, JsonAt};
use crate::ui::state::Ran;

/// Whether a column's cells hold the JSON of a relationship.
pub(super) fn is_json(ran: &Ran, shape: &ResultShape, column: usize) -> bool {
    let (Some(plan), Some(node)) = (ran.planned.plan(), shape.columns[column].node) else { return false };
    matches!(&plan.node(node).cells, Cells::Json { at: JsonAt::Cell(at), .. } if *at == column)
}

/// A piece of a JSON text.
#[derive(Clone, Copy, PartialEq)]
enum Piece<'a> {
    Mark(char),
    /// A string, a number or a word.
    Scalar(&'a str),
}

/// How many objects there are in the array, or whether there is the one.
pub(super) fn count(text: &str) -> u32 {
    let (mut depth, mut count) = (0_u32, 0);
    for piece in pieces(text) {
        match piece {
            Piece::Mark('{') => {
                count += u32::from(depth == 0);
                depth += 1;
            }
            Piece::Mark('}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    count
}

/// The text with a line for each object of an array, arrays in it further in.
pub(super) fn by_line(text: &str) -> String {
    let mut lines = String::new();
    let mut open: Vec<char> = Vec::new();
    let mut before = None;
    for piece in pieces(text) {
        match piece {
            Piece::Mark(mark @ ('[' | '{')) => {
                if mark == '{' && open.last() == Some(&'[') {
                    new_line(&mut lines, &open);
                }
                open.push(mark);
                lines.push(mark);
            }
            Piece::Mark(mark @ (']' | '}')) => {
                open.pop();
                if mark == ']' && before != Some(Piece::Mark('[')) {
                    new_line(&mut lines, &open);
                }
                lines.push(mark);
            }
            Piece::Mark(mark) => {
                lines.push(mark);
                if open.last() == Some(&'{') {
                    lines.push(' ');
                }
            }
            Piece::Scalar(scalar) => lines.push_str(scalar),
        }
        before = Some(piece);
    }
    lines
}

fn new_line(lines: &mut String, open: &[char]) {
    lines.push('\n');
    let arrays = open.iter().filter(|mark| **mark == '[').count();
    (0..arrays).for_each(|_| lines.push_str("  "));
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '[' | ']' | '{' | '}' | ',' | ':' => first.len_utf8(),
            '"' => string_length(rest),
            _ => rest.find([',', ':', '[', ']', '{', '}', '"']).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(length);
        let is_mark = "[]{},:".contains(first);
        pieces.push(if is_mark { Piece::Mark(first) } else { Piece::Scalar(piece.trim_end()) });
        rest = after.trim_start();
    }
    pieces
}

/// How long the string is that the text begins with, its quotation marks included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{by_line, count};

    fn check(text: &str, objects: u32, expected: &str) {
        assert_eq!(count(text), objects, "{text}");
        assert_eq!(by_line(text), expected);
    }

    #[test]
    fn each_object_has_a_line() {
        check(
            r#"[{"id":1,"name":"a"},{"id":2,"name":null}]"#,
            2,
            "[\n  {\"id\": 1, \"name\": \"a\"},\n  {\"id\": 2, \"name\": null}\n]",
        );
        check(r#"{"id": 1}"#, 1, r#"{"id": 1}"#);
        check("[]", 0, "[]");
        check("null", 0, "null");
        check("", 0, "");
    }

    #[test]
    fn objects_in_objects_are_further_in_and_not_counted() {
        let expected = "[\n  {\"id\": 1, \"books\": [\n    {\"id\": 7}\n  ], \"tags\": []}\n]";
        check(r#"[{"id":1,"books":[{"id":7}],"tags":[]}]"#, 1, expected);
    }

    #[test]
    fn marks_in_strings_are_text() {
        check(r#"[{"a":"{\"[,]: é"}]"#, 1, "[\n  {\"a\": \"{\\\"[,]: é\"}\n]");
        check(r#"[{"a":"open"#, 1, "[\n  {\"a\": \"open");
    }
}
