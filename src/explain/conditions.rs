//! Which conditions a statement puts on the rows of each of its sources.

use std::collections::BTreeMap;

use crate::sql::{ColumnRef, Expr, Join, Json, JsonValue, Operator, Select, Source};

/// What a statement reads and what it asks of it, the subqueries included.
#[derive(Default)]
pub(super) struct Asked {
    /// The table behind each source, by the source's name.
    pub(super) tables: BTreeMap<String, String>,
    /// The conditions.
    pub(super) conditions: Vec<Condition>,
    /// The source and column that the rows of a limited statement are ordered by first.
    pub(super) first_of_order: Vec<ColumnRef>,
    /// Whether a statement without an order stops after some rows.
    pub(super) stops: bool,
}

/// A condition on the rows of a source.
pub(super) struct Condition {
    /// The source.
    pub(super) source: String,
    /// The column that an index could find the rows by; `None` if no index could.
    pub(super) column: Option<String>,
    /// Whether it asks for certain values and not for a range of them.
    pub(super) equal: bool,
    /// The other sources that have to be read before.
    pub(super) needs: Vec<String>,
}

impl Asked {
    /// What a statement asks.
    pub(super) fn of(select: &Select) -> Asked {
        let mut asked = Asked::default();
        asked.select(select);
        asked
    }

    fn select(&mut self, select: &Select) {
        select.from.iter().for_each(|source| self.source(source));
        select.joins.iter().for_each(|join| self.join(join));
        select.filter.iter().for_each(|filter| self.conjuncts(filter));
        let values = select.outputs.iter().map(|output| &output.expr);
        let order = select.order.iter().map(|term| &term.expr);
        values.chain(order).chain(&select.having).for_each(|expr| self.inside(expr));
        if select.limit.is_some() && select.groups.is_empty() && !select.distinct {
            match select.order.first().map(|term| &term.expr) {
                None => self.stops = true,
                Some(Expr::Column(column)) => self.first_of_order.push(column.clone()),
                Some(_) => {}
            }
        }
    }

    fn source(&mut self, source: &Source) {
        match source {
            Source::Table { name, alias, .. } => {
                self.tables.insert(alias.as_ref().unwrap_or(name).clone(), name.clone());
            }
            Source::Query { select, .. } => self.select(select),
            Source::Nested { first, joins } => {
                self.source(first);
                joins.iter().for_each(|join| self.join(join));
            }
        }
    }

    fn join(&mut self, join: &Join) {
        self.source(&join.source);
        self.conjuncts(&join.on);
    }

    /// Conditions that all have to hold.
    fn conjuncts(&mut self, expr: &Expr) {
        if let Expr::All(conditions) = expr {
            conditions.iter().for_each(|condition| self.conjuncts(condition));
            return;
        }
        self.inside(expr);
        let sides: Vec<(&ColumnRef, Option<&Expr>, bool)> = match expr {
            Expr::Compare(left, operator, right) => {
                let equal = *operator == Operator::Equal;
                let ranges = matches!(
                    operator,
                    Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual
                );
                let sides = [(left, right), (right, left)].into_iter().filter(|_| equal || ranges);
                sides.filter_map(|(one, other)| Some((bare(one)?, Some(&**other), equal))).collect()
            }
            Expr::In { expr, negated: false, .. } | Expr::IsNull { expr, negated: false } => {
                bare(expr).map(|column| (column, None, true)).into_iter().collect()
            }
            Expr::Between(expr, ..) => bare(expr).map(|column| (column, None, false)).into_iter().collect(),
            Expr::InKeys(columns) => columns.iter().map(|column| (column, None, true)).collect(),
            _ => Vec::new(),
        };
        for (column, other, equal) in &sides {
            let mut needs = Vec::new();
            other.iter().for_each(|other| columns_in(other, &mut |column| needs.push(column.source.clone())));
            self.conditions.push(Condition {
                source: column.source.clone(),
                column: Some(column.name.clone()),
                equal: *equal,
                needs,
            });
        }
        if sides.is_empty() {
            let mut sources: Vec<String> = Vec::new();
            columns_in(expr, &mut |column| {
                if !sources.contains(&column.source) {
                    sources.push(column.source.clone());
                }
            });
            for source in &sources {
                let needs = sources.iter().filter(|other| *other != source).cloned().collect();
                self.conditions.push(Condition { source: source.clone(), column: None, equal: false, needs });
            }
        }
    }

    /// Looks for subqueries in an expression.
    fn inside(&mut self, expr: &Expr) {
        match expr {
            Expr::Exists { select, .. } | Expr::Scalar { select, .. } => self.select(select),
            Expr::Json(json) => self.json(json),
            _ => parts(expr).into_iter().for_each(|part| self.inside(part)),
        }
    }

    fn json(&mut self, json: &Json) {
        self.select(&json.select);
        for member in &json.members {
            if let JsonValue::Json(inner) = &member.value {
                self.json(inner);
            }
        }
    }
}

fn bare(expr: &Expr) -> Option<&ColumnRef> {
    if let Expr::Column(column) = expr { Some(column) } else { None }
}

/// The expressions that an expression is made of, subqueries left out.
fn parts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Compare(left, _, right) => vec![left, right],
        Expr::IsNull { expr, .. } | Expr::Between(expr, ..) | Expr::In { expr, .. } | Expr::Not(expr) => {
            vec![expr]
        }
        Expr::All(conditions) | Expr::Any(conditions) => conditions.iter().collect(),
        Expr::Aggregate(_, Some(of)) => vec![of],
        _ => Vec::new(),
    }
}

/// Tells each column that an expression names outside of subqueries.
fn columns_in(expr: &Expr, tell: &mut dyn FnMut(&ColumnRef)) {
    match expr {
        Expr::Column(column) => tell(column),
        Expr::InKeys(columns) => columns.iter().for_each(tell),
        _ => parts(expr).into_iter().for_each(|part| columns_in(part, tell)),
    }
}
