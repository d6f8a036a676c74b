//! Joined loading: the parents' own statement is widened by an outer join, so that nothing more is sent.
//!
//! The shapes are those of SQLAlchemy's `lazy="joined"`: aliases `<table>_1`, and for a many-to-many the join table and
//! the target joined in parentheses.

use super::Loader;
use crate::mapping::Placement;
use crate::query::plan::NodeId;
use crate::query::planner::Planner;
use crate::schema::{End, EndKind, Origin};
use crate::sql::{Expr, Join, JoinKind, Source};

pub(super) struct Joined;

impl Loader for Joined {
    fn label(&self) -> &'static str {
        "joined"
    }

    fn summary(&self) -> &'static str {
        "No further statement: the parents' own grows an outer join, and their columns repeat in every row."
    }

    fn load(&self, planner: &mut Planner<'_>, parent: NodeId, end: &End<'_>) -> NodeId {
        let origin = Origin::Relationship(end.id.relationship);
        let (step, near) = (planner.step_of(parent), planner.source_of(parent));
        let owner = planner.table_of(end.model.id);
        let target = planner.table_of(end.target.id);
        let (source, on, alias) = match planner.placement(end) {
            Placement::Key { columns: key, target_columns, .. } => {
                let alias = planner.alias(step, &target.name);
                let (near_columns, far_columns) = if end.kind == EndKind::BelongsTo {
                    (key, target_columns)
                } else {
                    (target_columns, key)
                };
                let on = match end.kind {
                    EndKind::BelongsTo => {
                        planner.pairs((target, &alias, far_columns), (owner, &near, near_columns))
                    }
                    _ => planner.pairs((owner, &near, near_columns), (target, &alias, far_columns)),
                };
                let holder = if end.kind == EndKind::BelongsTo { &near } else { &alias };
                let kind = planner.says_kind(end, holder);
                let on = Expr::all([on].into_iter().chain(kind).collect());
                (planner.source(target, Some(&alias)), on, alias)
            }
            Placement::Join { table, columns: keys, target_columns, .. } => {
                let join = planner.table(*table);
                let join_alias = planner.alias(step, &join.name);
                let alias = planner.alias(step, &target.name);
                let (here, there) = (end.id.side as usize, end.id.side.other() as usize);
                let inner = Join {
                    kind: JoinKind::Inner,
                    source: planner.source(target, Some(&alias)),
                    on: planner
                        .pairs((target, &alias, &target_columns[there]), (join, &join_alias, &keys[there])),
                    origin,
                };
                let nested = Source::Nested {
                    first: Box::new(planner.source(join, Some(&join_alias))),
                    joins: vec![inner],
                };
                let on =
                    planner.pairs((owner, &near, &target_columns[here]), (join, &join_alias, &keys[here]));
                (nested, on, alias)
            }
        };
        planner.add_join(step, Join { kind: JoinKind::LeftOuter, source, on, origin });
        planner.add_node(Some((parent, end.id)), end.target.id, step, alias)
    }
}
