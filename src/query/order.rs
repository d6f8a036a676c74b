//! What lies behind a field or a function: joins to one object, and subqueries over many.

use super::checked::{Aggregate, FieldPath, Measure};
use super::scope::{Place, Scope, reaching};
use crate::schema::{EndId, Origin};
use crate::sql::{ColumnRef, Expr, Function, Join, JoinKind, Output};

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
        let (target, source) = scope.enter_model(end.target.id);
        let on = reaching(&near, &target, &end, scope.placement(&end));
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
            let reached = scope.reach(here, &end, aggregate.measure != Measure::Count);
            let mut select = reached.select;
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
