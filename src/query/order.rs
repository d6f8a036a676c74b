//! Orders, and what lies behind a field or a function: joins to one object, and subqueries over many.

use super::checked::{Aggregate, FieldPath, Measure};
use super::plan::StepId;
use super::planner::Planner;
use super::scope::{Breadth, Place, Scope, columns};
use crate::mapping::Table;
use crate::schema::{End, EndId, EndOrder, Origin};
use crate::sql::{ColumnRef, Expr, Function, Join, JoinKind, Order, Output};

/// The outer joins of a statement to objects that are reached one by one, so that no row repeats or gets lost.
pub(super) struct Paths<'a> {
    root: Place<'a>,
    reached: Vec<(Vec<EndId>, Place<'a>)>,
    joins: Vec<Join>,
}

impl<'a> Paths<'a> {
    pub(super) fn from(root: Place<'a>) -> Paths<'a> {
        Paths { root, reached: Vec::new(), joins: Vec::new() }
    }

    /// The column of a field at the end of a path. Paths that begin alike share their joins.
    pub(super) fn column(&mut self, scope: &mut Scope<'a>, path: &FieldPath) -> ColumnRef {
        self.place(scope, &path.through).field(path.field)
    }

    fn place(&mut self, scope: &mut Scope<'a>, through: &[EndId]) -> Place<'a> {
        let Some((last, before)) = through.split_last() else { return self.root.clone() };
        if let Some((_, known)) = self.reached.iter().find(|(path, _)| path == through) {
            return known.clone();
        }
        let near = self.place(scope, before);
        let end = scope.end(*last);
        let (target, source) = scope.enter_model(end.target.id, Breadth::Whole);
        let mut on = scope.hop(&end).reaches(&near.source, &target.source);
        if let Some(kind) = scope.is_of(end.target.id, &target) {
            on = Expr::All(vec![on, kind]);
        }
        let origin = Origin::Relationship(end.id.relationship);
        self.joins.push(Join { kind: JoinKind::LeftOuter, source, on, origin });
        self.reached.push((through.to_vec(), target.clone()));
        target
    }

    pub(super) fn into_joins(self) -> Vec<Join> {
        self.joins
    }
}

impl Scope<'_> {
    /// A function over the collection of the object at `here`, as a subquery.
    pub(super) fn aggregate(&mut self, here: &Place<'_>, aggregate: &Aggregate) -> Expr {
        let end = self.end(aggregate.end);
        let select = self.inside(|scope| {
            let mixed = scope.is_among_others(end.target.id);
            let reached = scope.reach(here, &end, mixed || aggregate.measure != Measure::Count);
            let mut select = reached.select;
            scope.is_of(end.target.id, &reached.target).into_iter().for_each(|kind| select.and(kind));
            let expr = match aggregate.measure {
                Measure::Count => Expr::Aggregate(Function::Count, None),
                Measure::Of(function, field) => {
                    Expr::Aggregate(function, Some(Box::new(Expr::Column(reached.target.field(field)))))
                }
            };
            select.outputs = vec![Output { expr, label: None }];
            select
        });
        Expr::Scalar { select: Box::new(select), origin: Origin::Relationship(aggregate.end.relationship) }
    }
}

impl Planner<'_> {
    /// The order that a collection has of its own, under the name that its table has; none for a property to one.
    pub(super) fn order_of(&self, end: &End<'_>, table: &Table, source: &str) -> Vec<Order> {
        let place = Place { table, source: source.to_owned() };
        let order = |term: &EndOrder| Order {
            expr: Expr::Column(place.field(term.field)),
            descending: term.descending,
        };
        end.order.iter().map(order).collect()
    }

    /// Orders the rows of a step by what was joined to it. What the step reads itself stays in its order, by its key
    /// in the end: a collection's order must not become that of the objects it hangs on.
    pub(super) fn order_joined(&mut self, step: StepId, order: Vec<Order>) {
        let node = self.node(self.step(step).node);
        let (table, source) = (self.table(node.table), node.source.clone());
        let key = ascending(table, &source, &table.primary_key);
        let terms = &mut self.select_mut(step).order;
        if !order.is_empty() && !key.iter().all(|term| terms.contains(term)) {
            terms.extend(key);
        }
        terms.extend(order);
    }
}

/// An order by these columns of a table, the least first.
pub(super) fn ascending(table: &Table, source: &str, positions: &[usize]) -> Vec<Order> {
    let term = |column| Order { expr: Expr::Column(column), descending: false };
    columns(table, source, positions).into_iter().map(term).collect()
}
