//! The growing text of a statement, with its parameters and spans.

use std::fmt::Display;

use super::statement::{Span, Statement};
use crate::schema::{Origin, is_keyword};
use crate::value::Value;

/// A name as it stands in SQL: bare if SQLite takes it so, else in double quotes.
///
/// ```
/// use relata::sql::quote;
/// assert_eq!(quote("authors"), "authors");
/// assert_eq!(quote("order"), "\"order\"");
/// assert_eq!(quote("say \"hi\""), "\"say \"\"hi\"\"\"");
/// ```
pub fn quote(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.is_empty()
        && !name.as_bytes()[0].is_ascii_digit()
        && !is_keyword(name);
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

#[derive(Default)]
pub(super) struct Writer {
    statement: Statement,
    indent: usize,
}

impl Writer {
    pub(super) fn push(&mut self, text: impl Display) {
        use std::fmt::Write;
        // Writing to a String cannot fail.
        let _ = write!(self.statement.text, "{text}");
    }

    pub(super) fn name(&mut self, name: &str) {
        self.push(quote(name));
    }

    /// Starts a line at the present indentation.
    pub(super) fn line(&mut self) {
        self.push("\n");
        self.push("  ".repeat(self.indent));
    }

    /// Moves the lines that follow one step to the right.
    pub(super) fn indent(&mut self) {
        self.indent += 1;
    }

    /// Moves the lines that follow one step back to the left.
    pub(super) fn outdent(&mut self) {
        self.indent -= 1;
    }

    /// How many parameters there are so far.
    pub(super) fn parameters(&self) -> usize {
        self.statement.params.len()
    }

    pub(super) fn parameter(&mut self, value: Value) {
        self.push("?");
        self.statement.params.push(value);
    }

    /// Marks everything that `write` adds as come from `origin`.
    pub(super) fn span(&mut self, origin: Origin, write: impl FnOnce(&mut Self)) {
        let span = self.open(origin);
        write(self);
        self.close(span);
    }

    /// Begins a span, to be closed with what this gives.
    pub(super) fn open(&mut self, origin: Origin) -> usize {
        let start = self.statement.text.len() as u32;
        self.statement.spans.push(Span { start, end: start, origin });
        self.statement.spans.len() - 1
    }

    /// Ends a span here.
    pub(super) fn close(&mut self, span: usize) {
        self.statement.spans[span].end = self.statement.text.len() as u32;
    }

    /// Writes the items with `separator` between them.
    pub(super) fn separated<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        separator: &str,
        mut write: impl FnMut(&mut Self, T),
    ) {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.push(separator);
            }
            write(self, item);
        }
    }

    /// Writes the items with commas between them, breaking the line before one that would grow too long.
    pub(super) fn wrapped<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.comma();
            }
            write(self, item);
        }
    }

    /// A comma, and a new line if this one has grown too long.
    pub(super) fn comma(&mut self) {
        const WIDTH: usize = 88;
        self.push(",");
        let line_start = self.statement.text.rfind('\n').map_or(0, |at| at + 1);
        if self.statement.text.len() - line_start > WIDTH {
            self.indent();
            self.line();
            self.outdent();
        } else {
            self.push(" ");
        }
    }

    pub(super) fn finish(self) -> Statement {
        self.statement
    }
}
