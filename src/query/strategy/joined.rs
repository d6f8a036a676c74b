//! Joined loading: the parents' own statement is widened by a join, so that nothing more is sent.
//!
//! The shapes are those of SQLAlchemy's `lazy="joined"`: aliases `<table>_1`, and for a many-to-many the join table and
//! the target joined in parentheses. An inner join behind an outer one goes into parentheses with it.

use super::json::JsonAggregate;
use super::{Loader, StatementUse};
use crate::query::plan::{Cells, NodeId};
use crate::query::planner::{Asked, Planner};
use crate::schema::Origin;
use crate::sql::{Expr, Join, JoinKind, Source};

pub(super) struct Joined;

impl Loader for Joined {
    fn label(&self) -> &'static str {
        "joined"
    }

    fn summary(&self) -> &'static str {
        "No further statement: that of the parents joins the table too, and their columns repeat in every row."
    }

    fn uses_statement(&self) -> StatementUse {
        StatementUse::Joins
    }

    fn load(&self, planner: &mut Planner<'_>, asked: &Asked<'_>) -> NodeId {
        // What is read as JSON has no columns that a join could stand beside.
        if matches!(planner.node(asked.parent).cells, Cells::Json { .. }) {
            return JsonAggregate.load(planner, asked);
        }
        let (step, near) = (planner.step_of(asked.parent), planner.source_of(asked.parent));
        let (source, mut on, alias) = sources(planner, asked, &near);
        let target = planner.table_of(asked.end.target.id);
        if let Some(filter) = planner.target_condition(asked, target, &alias) {
            on = Expr::all(vec![on, filter]);
        }
        let origin = Origin::Relationship(asked.end.id.relationship);
        let kind = if asked.inner { JoinKind::Inner } else { JoinKind::LeftOuter };
        let join = Join { kind, source, on, origin };
        let joins = &mut planner.select_mut(step).joins;
        match joins.iter_mut().find(|join| join.kind == JoinKind::LeftOuter && holds(&join.source, &near)) {
            Some(outer) if asked.inner => nest(outer, join),
            _ => planner.add_join(step, join),
        }
        let order = planner.order_of(&asked.end, target, &alias);
        planner.order_joined(step, order);
        planner.add_node(Some((asked.parent, asked.end.id)), asked.end.target.id, step, alias)
    }
}

/// What is joined, the condition, and the alias of the target.
fn sources(planner: &mut Planner<'_>, asked: &Asked<'_>, near: &str) -> (Source, Expr, String) {
    let step = planner.step_of(asked.parent);
    let hop = planner.hop(&asked.end);
    let Some(through) = hop.through else {
        let alias = planner.alias(step, hop.target);
        return (hop.target_source(Some(&alias)), hop.meets(near, &alias), alias);
    };
    let join_alias = planner.alias(step, through.table);
    let alias = planner.alias(step, hop.target);
    let inner = Join {
        kind: JoinKind::Inner,
        source: hop.target_source(Some(&alias)),
        on: through.meets(&hop, &join_alias, &alias),
        origin: Origin::Relationship(asked.end.id.relationship),
    };
    let first = Box::new(through.source(Some(&join_alias)));
    (Source::Nested { first, joins: vec![inner] }, hop.meets(near, &join_alias), alias)
}

/// Whether this name is one of a source's.
fn holds(source: &Source, name: &str) -> bool {
    match source {
        Source::Table { name: table, alias, .. } => alias.as_ref().unwrap_or(table) == name,
        Source::Query { alias, .. } => alias == name,
        Source::Nested { first, joins } => {
            holds(first, name) || joins.iter().any(|join| holds(&join.source, name))
        }
    }
}

/// Puts an inner join into the parentheses of an outer one: behind it, it would leave out what the outer one keeps.
fn nest(outer: &mut Join, inner: Join) {
    if let Source::Nested { joins, .. } = &mut outer.source {
        joins.push(inner);
        return;
    }
    let empty = Source::Nested { first: Box::new(inner.source.clone()), joins: Vec::new() };
    let first = Box::new(std::mem::replace(&mut outer.source, empty));
    outer.source = Source::Nested { first, joins: vec![inner] };
}
