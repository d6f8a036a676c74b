//! Renders a `SELECT` as a person would write it: one clause a line, joins below their `FROM`.

use super::statement::Statement;
use super::tree::{ColumnRef, Expr, Join, JoinKind, Order, Output, Select, Source};
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
        self.writer.push("SELECT ");
        self.writer.wrapped(&select.outputs, output);
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
        if !select.order.is_empty() {
            self.writer.line();
            self.writer.push("ORDER BY ");
            self.writer.wrapped(&select.order, order);
        }
        self.limit(select);
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

fn output(writer: &mut Writer, output: &Output) {
    writer.span(output.column.origin, |writer| {
        column(writer, &output.column);
        if let Some(label) = &output.label {
            writer.push(" AS ");
            writer.name(label);
        }
    });
}

fn order(writer: &mut Writer, order: &Order) {
    column(writer, &order.column);
    if order.descending {
        writer.push(" DESC");
    }
}
