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
    let mut renderer = Renderer { writer: Writer::default(), keys, slots: Vec::new() };
    renderer.select(select);
    renderer.writer.finish()
}

/// Which parameters of a statement are values of keys: those from a position on are the first key's values from a column
/// on, then those of the keys after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeySlots {
    /// The position of the first of them among the parameters.
    pub first: usize,
    /// The column of the first key that it is.
    pub column: usize,
    /// How many there are.
    pub count: usize,
}

/// Renders a `SELECT` once for all runs with as many keys, and says which parameters differ from run to run.
pub fn render_shape(select: &Select, keys: usize, width: usize) -> (Statement, Vec<KeySlots>) {
    let keys = vec![vec![Value::Null; width]; keys];
    let mut renderer = Renderer { writer: Writer::default(), keys: &keys, slots: Vec::new() };
    renderer.select(select);
    (renderer.writer.finish(), renderer.slots)
}

pub(super) struct Renderer<'a> {
    pub(super) writer: Writer,
    keys: &'a [Vec<Value>],
    slots: Vec<KeySlots>,
}

impl Renderer<'_> {
    fn select(&mut self, select: &Select) {
        self.writer.push(if select.distinct { "SELECT DISTINCT " } else { "SELECT " });
        if select.outputs.is_empty() {
            self.writer.push("1");
        }
        self.wrapped(&select.outputs, Self::output);
        self.rows(select);
        if !select.groups.is_empty() {
            self.writer.line();
            self.writer.push("GROUP BY ");
            self.wrapped(&select.groups, |renderer, expr| renderer.condition(expr, true));
        }
        if let Some(having) = &select.having {
            self.writer.line();
            self.writer.push("HAVING ");
            self.condition(having, false);
        }
        if !select.order.is_empty() {
            self.writer.line();
            self.writer.push("ORDER BY ");
            self.wrapped(&select.order, Self::order);
        }
        self.limit(select);
    }

    /// Where the rows come from, and which of them.
    pub(super) fn rows(&mut self, select: &Select) {
        self.writer.line();
        self.writer.push("FROM ");
        for (index, source) in select.from.iter().enumerate() {
            if index > 0 {
                self.writer.push(", ");
            }
            self.first_source(source);
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

    /// Sources that are joined among themselves need no parentheses where nothing stands before them.
    fn first_source(&mut self, source: &Source) {
        let Source::Nested { first, joins } = source else { return self.source(source) };
        self.source(first);
        for join in joins {
            self.writer.line();
            self.join(join);
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
                self.subquery(select);
                self.writer.push(" AS ");
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

    fn subquery(&mut self, select: &Select) {
        self.writer.push("(");
        self.writer.indent();
        self.writer.line();
        self.select(select);
        self.writer.outdent();
        self.writer.line();
        self.writer.push(")");
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
            Expr::Label { name, origin } => self.writer.span(*origin, |writer| writer.name(name)),
            Expr::Value(value) => self.writer.parameter(value.clone()),
            Expr::Key(at) => {
                self.slots.push(KeySlots { first: self.writer.parameters(), column: *at, count: 1 });
                let value = self.keys.first().and_then(|key| key.get(*at)).cloned();
                self.writer.parameter(value.unwrap_or(Value::Null));
            }
            Expr::Compare(left, operator, right) => {
                self.condition(left, true);
                self.writer.push(format_args!(" {} ", operator.sql()));
                self.condition(right, true);
            }
            Expr::IsNull { expr, negated } => {
                self.condition(expr, true);
                self.writer.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Expr::Between(expr, lower, upper) => {
                self.condition(expr, true);
                self.writer.push(" BETWEEN ");
                self.writer.parameter(lower.clone());
                self.writer.push(" AND ");
                self.writer.parameter(upper.clone());
            }
            Expr::In { expr, values, negated } => {
                self.condition(expr, true);
                self.writer.push(if *negated { " NOT IN (" } else { " IN (" });
                self.writer.wrapped(values, |writer, value| writer.parameter(value.clone()));
                self.writer.push(")");
            }
            Expr::InKeys(columns) => self.in_keys(columns),
            Expr::Json(json) => self.json(json),
            Expr::All(conditions) => self.group(conditions, "AND", "1", nested),
            Expr::Any(conditions) => self.group(conditions, "OR", "0", nested),
            Expr::Not(inner) => {
                self.writer.push("NOT ");
                let brackets = !matches!(&**inner, Expr::All(group) | Expr::Any(group) if group.len() > 1);
                self.writer.push(if brackets { "(" } else { "" });
                self.condition(inner, !brackets);
                self.writer.push(if brackets { ")" } else { "" });
            }
            Expr::Exists { select, negated, origin } => {
                let span = self.writer.open(*origin);
                self.writer.push(if *negated { "NOT EXISTS " } else { "EXISTS " });
                self.subquery(select);
                self.writer.close(span);
            }
            Expr::Scalar { select, origin } => {
                let span = self.writer.open(*origin);
                self.subquery(select);
                self.writer.close(span);
            }
            Expr::Aggregate(function, of) => {
                self.writer.push(format_args!("{}(", function.sql()));
                match of {
                    Some(of) => self.condition(of, false),
                    None => self.writer.push("*"),
                }
                self.writer.push(")");
            }
        }
    }

    fn in_keys(&mut self, columns: &[ColumnRef]) {
        let keys = self.keys;
        let count = keys.len() * columns.len();
        self.slots.push(KeySlots { first: self.writer.parameters(), column: 0, count });
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

    /// Conditions on one line, or on a line each if one of them takes several.
    fn group(&mut self, conditions: &[Expr], joiner: &str, empty: &str, nested: bool) {
        let bare = conditions.len() < 2 || !nested;
        let broken = conditions.len() > 1 && conditions.iter().any(Expr::has_subquery);
        if conditions.is_empty() {
            self.writer.push(empty);
        }
        if !bare {
            self.writer.push("(");
        }
        if broken {
            self.writer.indent();
        }
        if broken && !bare {
            self.writer.line();
        }
        for (index, condition) in conditions.iter().enumerate() {
            match (index, broken) {
                (0, _) => {}
                (_, false) => self.writer.push(format_args!(" {joiner} ")),
                (_, true) => {
                    self.writer.line();
                    self.writer.push(format_args!("{joiner} "));
                }
            }
            self.condition(condition, conditions.len() > 1 || nested);
        }
        if broken {
            self.writer.outdent();
        }
        if broken && !bare {
            self.writer.line();
        }
        if !bare {
            self.writer.push(")");
        }
    }

    /// Writes the items with commas between them, breaking the line before one that would grow too long.
    pub(super) fn wrapped<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.writer.comma();
            }
            write(self, item);
        }
    }

    fn output(&mut self, output: &Output) {
        // A column's label belongs to the column; anything else is one piece with its own spans inside.
        let span = if let Expr::Column(column) = &output.expr { Some(column.origin) } else { None };
        let span = span.map(|origin| self.writer.open(origin));
        self.condition(&output.expr, true);
        if let Some(label) = &output.label {
            self.writer.push(" AS ");
            self.writer.name(label);
        }
        span.into_iter().for_each(|span| self.writer.close(span));
    }

    pub(super) fn order(&mut self, order: &Order) {
        self.condition(&order.expr, true);
        if order.descending {
            self.writer.push(" DESC");
        }
    }
}

fn count(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

pub(super) fn column(writer: &mut Writer, reference: &ColumnRef) {
    writer.span(reference.origin, |writer| {
        writer.name(&reference.source);
        writer.push(".");
        writer.name(&reference.name);
    });
}
