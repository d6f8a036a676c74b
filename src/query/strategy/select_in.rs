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
            Placement::Key { columns: key, target_columns, .. } if !planner.by_identity(end) => {
                beside_parents(planner, parent, end, key, target_columns)
            }
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

/// A key that is no primary key does not tell the parents apart by itself: they are read again and joined to their
/// targets, as SQLAlchemy does.
fn beside_parents(
    planner: &mut Planner<'_>,
    parent: NodeId,
    end: &End<'_>,
    key: &[usize],
    target_columns: &[usize],
) -> NodeId {
    let (owner, target) = (planner.table_of(end.model.id), planner.table_of(end.target.id));
    let (alias, source) = (planner.parents_alias(owner), target.name.clone());
    let (near, far, holder) = match end.kind {
        EndKind::BelongsTo => (key, target_columns, &alias),
        _ => (target_columns, key, &source),
    };
    let on = match end.kind {
        EndKind::BelongsTo => planner.pairs((target, &source, far), (owner, &alias, near)),
        _ => planner.pairs((owner, &alias, near), (target, &source, far)),
    };
    let on = Expr::all([on].into_iter().chain(planner.says_kind(end, holder)).collect());
    let mut select = Select::from(planner.source(owner, Some(&alias)));
    let origin = Origin::Relationship(end.id.relationship);
    select.joins.push(Join { kind: JoinKind::Inner, source: planner.source(target, None), on, origin });
    let parents = columns(owner, &alias, &owner.primary_key);
    select.and(Expr::InKeys(parents.clone()));
    let runs = Runs::PerChunk { key: owner.primary_key.clone(), size: CHUNK };
    let node = planner.add_keyed_step(parent, end, select, source, runs, parents);
    planner.take_name(node, alias);
    node
}
