//! Rows made into JSON by a subquery: the tree, and how it is written.

use super::render::{Renderer, column};
use super::tree::{ColumnRef, Select};
use crate::schema::Origin;

/// Rows made into one JSON value by a subquery.
#[derive(Clone, Debug, PartialEq)]
pub struct Json {
    /// Where the rows come from. Its outputs are not used.
    pub select: Select,
    /// Whether all rows go into an array, or one row becomes an object.
    pub array: bool,
    /// The members of each object.
    pub members: Vec<JsonMember>,
    /// What asked for it.
    pub origin: Origin,
}

/// A member of a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonMember {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: JsonValue,
}

/// The value of a member of a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonValue {
    /// A column's, as it is.
    Column(ColumnRef),
    /// A column's as an SQL literal: JSON knows no bytes, and SQLite writes reals into it with 15 digits only.
    Quoted(ColumnRef),
    /// More JSON.
    Json(Box<Json>),
}

impl Renderer<'_> {
    /// A subquery in parentheses, each row of it a JSON object.
    pub(super) fn json(&mut self, json: &Json) {
        let span = self.writer.open(json.origin);
        self.writer.push("(");
        self.writer.indent();
        self.writer.line();
        self.writer.push(if json.array {
            "SELECT json_group_array(json_object("
        } else {
            "SELECT json_object("
        });
        self.writer.indent();
        for (index, member) in json.members.iter().enumerate() {
            // A subquery inside begins a line of its own.
            match (&member.value, index) {
                (JsonValue::Json(_), 0) => self.writer.line(),
                (JsonValue::Json(_), _) => {
                    self.writer.push(",");
                    self.writer.line();
                }
                (_, 0) => {}
                _ => self.writer.comma(),
            }
            self.writer.push(literal(&member.name));
            self.writer.push(", ");
            self.json_value(&member.value);
        }
        self.writer.outdent();
        self.writer.push(")");
        if json.array {
            if !json.select.order.is_empty() {
                self.writer.push(" ORDER BY ");
                self.wrapped(&json.select.order, Self::order);
            }
            self.writer.push(")");
        }
        self.rows(&json.select);
        self.writer.outdent();
        self.writer.line();
        self.writer.push(")");
        self.writer.close(span);
    }

    fn json_value(&mut self, value: &JsonValue) {
        match value {
            JsonValue::Column(reference) => column(&mut self.writer, reference),
            JsonValue::Quoted(reference) => {
                self.writer.push("quote(");
                column(&mut self.writer, reference);
                self.writer.push(")");
            }
            // What leaves a subquery is text to SQLite unless it is told that it is JSON.
            JsonValue::Json(json) => {
                self.writer.push("json(");
                self.json(json);
                self.writer.push(")");
            }
        }
    }
}

/// A text as an SQL literal.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
