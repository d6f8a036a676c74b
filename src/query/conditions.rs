//! The conditions of a query as SQL: tests of columns, and subqueries over what a property leads to.
//!
//! `EXISTS` rather than a join, which would repeat rows. It is never unknown, whatever `NULL`s there are inside.

use super::checked::{Filter, Predicate, Quantifier};
use super::scope::{Place, Scope};
use crate::schema::{End, EndId, Origin};
use crate::sql::{Expr, Function, Operator, Output, Select};
use crate::value::Value;

impl Scope<'_> {
    /// A condition on the object whose row is at `here`.
    pub(super) fn condition(&mut self, here: &Place<'_>, filter: &Filter) -> Expr {
        match filter {
            Filter::All(filters) => Expr::All(self.conditions(here, filters)),
            Filter::Any(filters) => Expr::Any(self.conditions(here, filters)),
            Filter::Not(filter) => self.condition(here, filter).negated(),
            Filter::Test(field, predicate) => test(Expr::Column(here.field(*field)), predicate),
            Filter::Related(end, quantifier, filter) => self.related(here, *end, *quantifier, filter),
        }
    }

    fn conditions(&mut self, here: &Place<'_>, filters: &[Filter]) -> Vec<Expr> {
        filters.iter().map(|filter| self.condition(here, filter)).collect()
    }

    fn related(&mut self, here: &Place<'_>, end: EndId, quantifier: Quantifier, filter: &Filter) -> Expr {
        let end = self.end(end);
        let origin = Origin::Relationship(end.id.relationship);
        if let Some(condition) = self.has_key(here, &end, quantifier, filter) {
            return condition;
        }
        let exists = |select, negated| Expr::Exists { select: Box::new(select), negated, origin };
        match quantifier {
            Quantifier::Some => exists(self.targets(here, &end, filter, false), false),
            Quantifier::None => exists(self.targets(here, &end, filter, false), true),
            Quantifier::Every => exists(self.targets(here, &end, filter, true), true),
            Quantifier::Count(operator, number) => {
                let mut select = self.targets(here, &end, filter, false);
                select.outputs = vec![Output { expr: Expr::Aggregate(Function::Count, None), label: None }];
                let count = Expr::Scalar { select: Box::new(select), origin };
                Expr::Compare(Box::new(count), operator, Box::new(Expr::Value(Value::Integer(number))))
            }
        }
    }

    /// Whether there is a target at all is told by this object's own key, if it has one that points there and nowhere
    /// else.
    fn has_key(
        &self,
        here: &Place<'_>,
        end: &End<'_>,
        quantifier: Quantifier,
        filter: &Filter,
    ) -> Option<Expr> {
        let negated = match quantifier {
            Quantifier::Some => true,
            Quantifier::None => false,
            Quantifier::Every | Quantifier::Count(..) => return None,
        };
        let alone = filter.is_anything() && !self.is_among_others(end.target.id);
        let hop = self.hop(end);
        if !alone || !hop.holds_key || hop.kind.is_some() {
            return None;
        }
        let tests = here
            .columns(hop.near)
            .into_iter()
            .map(|column| Expr::IsNull { expr: Box::new(Expr::Column(column)), negated });
        let mut tests: Vec<Expr> = tests.collect();
        // A key of several columns leads nowhere as soon as one of them is `NULL`.
        Some(match (tests.len(), negated) {
            (1, _) => tests.remove(0),
            (_, true) => Expr::All(tests),
            (_, false) => Expr::Any(tests),
        })
    }

    /// The targets of a property for which a condition is true; with `failing`, those for which it is false.
    fn targets(&mut self, here: &Place<'_>, end: &End<'_>, filter: &Filter, failing: bool) -> Select {
        self.inside(|scope| {
            let mixed = scope.is_among_others(end.target.id);
            let mut reached = scope.reach(here, end, mixed || !filter.is_anything());
            if !filter.is_anything() {
                let condition = scope.condition(&reached.target, filter);
                let conditions = match if failing { condition.negated() } else { condition } {
                    Expr::All(conditions) => conditions,
                    condition => vec![condition],
                };
                conditions.into_iter().for_each(|condition| reached.select.and(condition));
            }
            let kind = scope.is_of(end.target.id, &reached.target);
            kind.into_iter().for_each(|kind| reached.select.and(kind));
            reached.select
        })
    }
}

/// A test of a value.
pub(super) fn test(tested: Expr, predicate: &Predicate) -> Expr {
    let expr = Box::new(tested);
    let compare = |expr, operator, value| Expr::Compare(expr, operator, Box::new(Expr::Value(value)));
    match predicate {
        Predicate::Compare(operator, value) => compare(expr, *operator, value.clone()),
        Predicate::Like(pattern) => compare(expr, Operator::Like, Value::Text(pattern.clone())),
        Predicate::NotLike(pattern) => compare(expr, Operator::NotLike, Value::Text(pattern.clone())),
        Predicate::Between(lower, upper) => Expr::Between(expr, lower.clone(), upper.clone()),
        Predicate::In(values) => Expr::In { expr, values: values.clone(), negated: false },
        Predicate::NotIn(values) => Expr::In { expr, values: values.clone(), negated: true },
        Predicate::IsNull => Expr::IsNull { expr, negated: false },
        Predicate::IsNotNull => Expr::IsNull { expr, negated: true },
    }
}
