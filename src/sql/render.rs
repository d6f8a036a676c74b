//! Renders a `SELECT` as a person would write it: one clause a line, joins below their `FROM`.

use super::statement::Statement;
use super::tree::{ColumnRef, Expr, Join, JoinKind, Json, JsonValue, Order, Output, Select, Source};
use super::writer::Writer;
use crate::value::Value;

/// Renders a `SELECT` for the keys of one run: none, one, or a whole chunk of them.
///
/// Each key has as many values as the statement's key has columns. [`Expr::Key`] takes its value from the first
/// key; [`Expr::InKeys`] lists them all.
pub fn render(select: &Select, keys: &[Vec<Value>]) -> Statement {
    let mut renderer = Renderer { writer: Writer::default(), keys };
    renderer.select(select);
    renderer.writer.finish()
}

struct Renderer<'a> {
    writer: Writer,
    keys: &'a [Vec<Value>],
}

impl Renderer<'_> {
    fn select(&mut self, select: &Select) {
        self.writer.push(if select.distinct { "SELECT DISTINCT " } else { "SELECT " });
        for (index, output) in select.outputs.iter().enumerate() {
            self.writer.comma(index);
            self.output(output);
        }
        self.rows(select);
        if !select.order.is_empty() {
            self.writer.line();
            self.writer.push("ORDER BY ");
            self.writer.wrapped(&select.order, order);
        }
        self.limit(select);
    }

    /// Where the rows come from, and which of them.
    fn rows(&mut self, select: &Select) {
        self.writer.line();
        self.writer.push("FROM ");
        for (index, source) in select.from.iter().enumerate() {
            if index > 0 {
                self.writer.push(", ");
            }
            self.source(source);
        }
        for join in &select.joins {
            self.writer.line();
            self.join(join);
        }
        if let Some(filter) = &select.filter {
            self.writer.line();
            self.writer.push("WHERE ");
            self.condition(filter, false);
        }
    }

    fn output(&mut self, output: &Output) {
        let span = match &output.value {
            Expr::Column(column) => Some(self.writer.open(column.origin)),
            _ => None,
        };
        self.condition(&output.value, true);
        if let Some(label) = &output.label {
            self.writer.push(" AS ");
            self.writer.name(label);
        }
        span.into_iter().for_each(|span| self.writer.close(span));
    }

    /// A subquery in parentheses, each row of it a JSON object.
    fn json(&mut self, json: &Json) {
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
                _ => self.writer.comma(index),
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
                self.writer.wrapped(&json.select.order, order);
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

    /// SQLite has no `OFFSET` of its own: without a limit, the limit is −1.
    fn limit(&mut self, select: &Select) {
        if select.limit.is_none() && select.offset.is_none() {
            return;
        }
        self.writer.line();
        self.writer.push("LIMIT ");
        self.writer.parameter(select.limit.map_or(Value::Integer(-1), count));
        if let Some(offset) = select.offset {
            self.writer.push(" OFFSET ");
            self.writer.parameter(count(offset));
        }
    }

    fn source(&mut self, source: &Source) {
        match source {
            Source::Table { name, alias, origin } => self.writer.span(*origin, |writer| {
                writer.name(name);
                if let Some(alias) = alias {
                    writer.push(" AS ");
                    writer.name(alias);
                }
            }),
            Source::Query { select, alias } => {
                self.writer.push("(");
                self.writer.indent();
                self.writer.line();
                self.select(select);
                self.writer.outdent();
                self.writer.line();
                self.writer.push(") AS ");
                self.writer.name(alias);
            }
            Source::Nested { first, joins } => {
                self.writer.push("(");
                self.writer.indent();
                self.writer.line();
                self.source(first);
                for join in joins {
                    self.writer.line();
                    self.join(join);
                }
                self.writer.outdent();
                self.writer.line();
                self.writer.push(")");
            }
        }
    }

    fn join(&mut self, join: &Join) {
        let span = self.writer.open(join.origin);
        self.writer.push(match join.kind {
            JoinKind::Inner => "JOIN ",
            JoinKind::LeftOuter => "LEFT OUTER JOIN ",
        });
        self.source(&join.source);
        self.writer.push(" ON ");
        self.condition(&join.on, false);
        self.writer.close(span);
    }

    fn condition(&mut self, expr: &Expr, nested: bool) {
        match expr {
            Expr::Column(reference) => column(&mut self.writer, reference),
            Expr::Value(value) => self.writer.parameter(value.clone()),
            Expr::Key(at) => {
                let value = self.keys.first().and_then(|key| key.get(*at)).cloned();
                self.writer.parameter(value.unwrap_or(Value::Null));
            }
            Expr::Compare(left, operator, right) => {
                self.condition(left, true);
                self.writer.push(format_args!(" {} ", operator.sql()));
                self.condition(right, true);
            }
            Expr::IsNull { column: reference, negated } => {
                column(&mut self.writer, reference);
                self.writer.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Expr::In(reference, values) => {
                column(&mut self.writer, reference);
                self.writer.push(" IN (");
                self.writer.wrapped(values, |writer, value| writer.parameter(value.clone()));
                self.writer.push(")");
            }
            Expr::InKeys(columns) => self.in_keys(columns),
            Expr::Json(json) => self.json(json),
            Expr::All(conditions) => self.group(conditions, "AND", "1", nested),
            Expr::Any(conditions) => self.group(conditions, "OR", "0", nested),
        }
    }

    fn in_keys(&mut self, columns: &[ColumnRef]) {
        let keys = self.keys;
        if let [single] = columns {
            column(&mut self.writer, single);
            self.writer.push(" IN (");
            self.writer.wrapped(keys, |writer, key| writer.parameter(key[0].clone()));
            self.writer.push(")");
            return;
        }
        self.writer.push("(");
        self.writer.separated(columns, ", ", column);
        self.writer.push(") IN (VALUES ");
        self.writer.wrapped(keys, |writer, key| {
            writer.push("(");
            writer.separated(key, ", ", |writer, value| writer.parameter(value.clone()));
            writer.push(")");
        });
        self.writer.push(")");
    }

    fn group(&mut self, conditions: &[Expr], joiner: &str, empty: &str, nested: bool) {
        let bare = conditions.len() < 2 || !nested;
        if conditions.is_empty() {
            self.writer.push(empty);
        }
        if !bare {
            self.writer.push("(");
        }
        for (index, condition) in conditions.iter().enumerate() {
            if index > 0 {
                self.writer.push(format_args!(" {joiner} "));
            }
            self.condition(condition, conditions.len() > 1 || nested);
        }
        if !bare {
            self.writer.push(")");
        }
    }
}

fn count(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn column(writer: &mut Writer, reference: &ColumnRef) {
    writer.span(reference.origin, |writer| {
        writer.name(&reference.source);
        writer.push(".");
        writer.name(&reference.name);
    });
}

/// A text as an SQL literal.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn order(writer: &mut Writer, order: &Order) {
    column(writer, &order.column);
    if order.descending {
        writer.push(" DESC");
    }
}
