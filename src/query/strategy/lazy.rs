//! Lazy loading: a statement for each object, when code touches its property.
//!
//! The shapes are those of SQLAlchemy's `lazy="select"`.

use super::Loader;
use crate::query::hop::kind_value;
use crate::query::plan::{NodeId, Runs, When};
use crate::query::planner::{Asked, Planner, columns};
use crate::sql::{ColumnRef, Expr, Select};

pub(super) struct Lazy;

impl Loader for Lazy {
    fn label(&self) -> &'static str {
        "lazy"
    }

    fn summary(&self) -> &'static str {
        "One statement for each object, when code touches the property: N+1."
    }

    fn waits(&self) -> bool {
        true
    }

    fn passes_over(&self) -> bool {
        true
    }

    fn load(&self, planner: &mut Planner<'_>, asked: &Asked<'_>) -> NodeId {
        one_by_one(planner, asked, When::Touched)
    }
}

/// Adds a step that reads the targets of one object.
pub(super) fn one_by_one(planner: &mut Planner<'_>, asked: &Asked<'_>, when: When) -> NodeId {
    let (select, source) = for_one(planner, asked);
    let hop = planner.hop(&asked.end);
    // A target that does not fulfil the condition is not found, known or not.
    let to_one = hop.names_target() && asked.filter.is_anything();
    let runs = Runs::PerObject { key: hop.asks_by(), to_one, asks_null: !to_one, when };
    planner.add_step(asked, select, source, runs)
}

/// The statement that reads the targets of one object, and the name of their table in it.
pub(super) fn for_one(planner: &Planner<'_>, asked: &Asked<'_>) -> (Select, String) {
    let hop = planner.hop(&asked.end);
    let source = hop.target.name.clone();
    let mut select = Select::from(hop.target_source(None));
    match hop.through {
        None => {
            for (at, column) in columns(hop.target, &source, hop.far).into_iter().enumerate() {
                select.and(matches_key(hop.holds_key, column, at));
            }
            match hop.kind {
                // The parent's own type goes along and is compared there, too.
                Some(kind) if hop.holds_key => {
                    select.and(Expr::equal(Expr::Key(hop.near.len()), kind_value(kind)));
                }
                _ => hop.says_kind("", &source).into_iter().for_each(|kind| select.and(kind)),
            }
        }
        Some(through) => {
            // Of a model with itself, the join table alone tells the two apart.
            select.from.push(through.source(None));
            let join = &through.table.name;
            for (at, column) in columns(through.table, join, through.near).into_iter().enumerate() {
                select.and(matches_key(false, column, at));
            }
            select.and(through.meets(&hop, join, &source));
        }
    }
    planner.target_condition(asked, hop.target, &source).into_iter().for_each(|filter| select.and(filter));
    select.order = planner.order_of(&asked.end, hop.target, &source);
    (select, source)
}

/// A parent's children are asked for with the parameter first, a target by its primary key with the column first.
fn matches_key(column_first: bool, column: ColumnRef, at: usize) -> Expr {
    let (column, key) = (Expr::Column(column), Expr::Key(at));
    if column_first { Expr::equal(column, key) } else { Expr::equal(key, column) }
}
