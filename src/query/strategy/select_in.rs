//! Select-in loading: one more statement for all parents together, by `IN` over their keys.
//!
//! The shapes are those of SQLAlchemy 2.1's `lazy="selectin"`: a many-to-many reads the join table and the target.

use super::Loader;
use crate::mapping::Placement;
use crate::query::plan::{NodeId, Runs};
use crate::query::planner::{Planner, columns};
use crate::schema::{End, EndKind, Origin};
use crate::sql::{Expr, Join, JoinKind, Select};

/// How many keys one statement takes: SQLAlchemy's chunk.
pub const CHUNK: usize = 500;

pub(super) struct SelectIn;

impl Loader for SelectIn {
    fn label(&self) -> &'static str {
        "select-in"
    }

    fn summary(&self) -> &'static str {
        "One more statement for all objects together, by IN over their keys, 500 at a time."
    }

    fn load(&self, planner: &mut Planner<'_>, parent: NodeId, end: &End<'_>) -> NodeId {
        let target = planner.table_of(end.target.id);
        let source = target.name.clone();
        match planner.placement(end) {
            Placement::Key { columns: key, target_columns, .. } => {
                let (held, wanted) = if end.kind == EndKind::BelongsTo {
                    (target_columns, key)
                } else {
                    (key, target_columns)
                };
                let mut select = Select::from(planner.source(target, None));
                select.and(Expr::InKeys(columns(target, &source, held)));
                let runs = Runs::PerChunk { key: wanted.clone(), size: CHUNK };
                let node = planner.add_step(parent, end, select, source, runs);
                planner.rows_name_parent_by(node, held);
                node
            }
            Placement::Join { table, columns: keys, target_columns, .. } => {
                let join = planner.table(*table);
                let (near, far) = (end.id.side as usize, end.id.side.other() as usize);
                let mut select = Select::from(planner.source(join, None));
                select.joins.push(Join {
                    kind: JoinKind::Inner,
                    source: planner.source(target, None),
                    on: planner
                        .pairs((target, &source, &target_columns[far]), (join, &join.name, &keys[far])),
                    origin: Origin::Relationship(end.id.relationship),
                });
                let near_keys = columns(join, &join.name, &keys[near]);
                select.and(Expr::InKeys(near_keys.clone()));
                let runs = Runs::PerChunk { key: target_columns[near].clone(), size: CHUNK };
                planner.add_keyed_step(parent, end, select, source, runs, near_keys)
            }
        }
    }
}
