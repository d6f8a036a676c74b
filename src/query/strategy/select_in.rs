//! Select-in loading: one more statement for all parents together, by `IN` over their keys.
//!
//! The shapes are those of SQLAlchemy 2.1's `lazy="selectin"`: a many-to-many reads the join table and the target.

use super::Loader;
use crate::query::hop::Hop;
use crate::query::plan::{NodeId, Runs};
use crate::query::planner::{Asked, Planner, columns};
use crate::schema::Origin;
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

    fn load(&self, planner: &mut Planner<'_>, asked: &Asked<'_>) -> NodeId {
        let hop = planner.hop(&asked.end);
        if !hop.leaves_out_owner() {
            return through_owner(planner, asked, &hop);
        }
        let source = hop.target.name.clone();
        let runs = Runs::PerChunk { key: hop.near.to_vec(), size: CHUNK };
        let filter = planner.target_condition(asked, hop.target, &source);
        let order = planner.order_of(&asked.end, hop.target, &source);
        match hop.through {
            None => {
                let mut select = Select::from(hop.target_source(None));
                select.and(Expr::InKeys(columns(hop.target, &source, hop.far)));
                filter.into_iter().for_each(|filter| select.and(filter));
                select.order = order;
                let node = planner.add_step(asked, select, source, runs);
                planner.rows_name_parent_by(node, hop.far);
                node
            }
            Some(through) => {
                let join = &through.table.name;
                let mut select = Select::from(through.source(None));
                select.joins.push(Join {
                    kind: JoinKind::Inner,
                    source: hop.target_source(None),
                    on: through.meets(&hop, join, &source),
                    origin: Origin::Relationship(asked.end.id.relationship),
                });
                let near_keys = columns(through.table, join, through.near);
                select.and(Expr::InKeys(near_keys.clone()));
                filter.into_iter().for_each(|filter| select.and(filter));
                select.order = order;
                planner.add_keyed_step(asked, select, source, runs, near_keys)
            }
        }
    }
}

/// The statement with the parents' own table in it, which their keys are then of: SQLAlchemy writes it where it does not
/// see that the table could be left out.
fn through_owner(planner: &mut Planner<'_>, asked: &Asked<'_>, hop: &Hop<'_>) -> NodeId {
    let step = planner.next_step();
    let near = planner.alias(step, hop.owner);
    let mut select = Select::from(hop.owner_source(Some(&near)));
    hop.join(planner, &mut select, (&near, None), Origin::Relationship(asked.end.id.relationship));
    let keys = columns(hop.owner, &near, &hop.owner.primary_key);
    select.and(Expr::InKeys(keys.clone()));
    let source = hop.target.name.clone();
    let filter = planner.target_condition(asked, hop.target, &source);
    filter.into_iter().for_each(|filter| select.and(filter));
    select.order = planner.order_of(&asked.end, hop.target, &source);
    let runs = Runs::PerChunk { key: hop.owner.primary_key.clone(), size: CHUNK };
    planner.add_keyed_step(asked, select, source, runs, keys)
}
