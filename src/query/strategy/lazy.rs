//! Lazy loading: a statement for each object, when code touches its property.
//!
//! The shapes are those of SQLAlchemy's `lazy="select"`.

use super::Loader;
use crate::mapping::Placement;
use crate::query::plan::{NodeId, Runs};
use crate::query::planner::{Planner, columns};
use crate::schema::{End, EndKind};
use crate::sql::{Expr, Select};
use crate::value::Value;

pub(super) struct Lazy;

impl Loader for Lazy {
    fn label(&self) -> &'static str {
        "lazy"
    }

    fn summary(&self) -> &'static str {
        "One statement for each object, when code touches the property: N+1."
    }

    fn load(&self, planner: &mut Planner<'_>, parent: NodeId, end: &End<'_>) -> NodeId {
        let target = planner.table_of(end.target.id);
        let (mut select, source) = (Select::from(planner.source(target, None)), target.name.clone());
        let key = match planner.placement(end) {
            Placement::Key { columns: key, target_columns, .. } => {
                let (held, wanted) = if end.kind == EndKind::BelongsTo {
                    (target_columns, key)
                } else {
                    (key, target_columns)
                };
                for (at, column) in columns(target, &source, held).into_iter().enumerate() {
                    select.and(matches_key(end.kind, column, at));
                }
                let mut wanted = wanted.clone();
                match (planner.discriminator(end), end.kind) {
                    (Some(kind), EndKind::BelongsTo) => {
                        // The parent's own type goes with the key and is compared there, too.
                        let value = Expr::Value(Value::Text(kind.value.clone()));
                        select.and(Expr::equal(Expr::Key(wanted.len()), value));
                        wanted.push(kind.column);
                    }
                    _ => planner.says_kind(end, &source).into_iter().for_each(|kind| select.and(kind)),
                }
                wanted
            }
            Placement::Join { table, columns: keys, target_columns, .. } => {
                let join = planner.table(*table);
                select.from.push(planner.source(join, None));
                let (near, far) = (end.id.side as usize, end.id.side.other() as usize);
                for (at, column) in columns(join, &join.name, &keys[near]).into_iter().enumerate() {
                    select.and(Expr::equal(Expr::Key(at), Expr::Column(column)));
                }
                select.and(
                    planner.pairs((target, &source, &target_columns[far]), (join, &join.name, &keys[far])),
                );
                target_columns[near].clone()
            }
        };
        let to_one = end.kind == EndKind::BelongsTo && planner.by_identity(end);
        let runs = Runs::PerObject { key, to_one };
        planner.add_step(parent, end, select, source, runs)
    }
}

/// A parent's children are asked for with the parameter first, a target by its primary key with the column first.
fn matches_key(kind: EndKind, column: crate::sql::ColumnRef, at: usize) -> Expr {
    match kind {
        EndKind::BelongsTo => Expr::equal(Expr::Column(column), Expr::Key(at)),
        _ => Expr::equal(Expr::Key(at), Expr::Column(column)),
    }
}
