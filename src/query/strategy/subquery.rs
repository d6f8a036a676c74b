//! Subquery loading: one more statement for all parents together, which finds them by repeating the statement that
//! read them.
//!
//! The shapes are those of SQLAlchemy's `lazy="subquery"`. Behind other properties it starts again from the statement
//! that began it all and joins its way down, so that rows may repeat. Where that statement has a limit, Relata
//! orders it by key in the end, lest the two statements count off different rows.

use super::{Loader, StatementUse};
use crate::query::hop::Hop;
use crate::query::plan::{NodeId, Runs};
use crate::query::planner::{Asked, Planner, columns};
use crate::schema::Origin;
use crate::sql::{ColumnRef, Output, Select, Source};

pub(super) struct Subquery;

impl Loader for Subquery {
    fn label(&self) -> &'static str {
        "subquery"
    }

    fn summary(&self) -> &'static str {
        "One more statement for all objects together, which repeats the first as a subquery to find them."
    }

    fn passes_over(&self) -> bool {
        true
    }

    fn uses_statement(&self) -> StatementUse {
        StatementUse::Repeats
    }

    fn load(&self, planner: &mut Planner<'_>, asked: &Asked<'_>) -> NodeId {
        let path = Path::to(planner, asked.parent);
        let last = planner.hop(&asked.end);
        let step = planner.next_step();
        let mut near = planner.subquery_alias(step);
        let first = path.below.first().map_or(last, |node| planner.hop(&planner.end_of(*node)));
        let keys = keys(planner, &path, &first);
        let mut select = Select::from(Source::Query { select: Box::new(keys), alias: near.clone() });
        for node in path.below {
            let hop = planner.hop(&planner.end_of(node));
            let alias = planner.alias(step, hop.target);
            let origin = Origin::Relationship(planner.end_of(node).id.relationship);
            hop.join(planner, &mut select, (&near, Some(&alias)), origin);
            let filter = planner.filter_of(node, hop.target, &alias);
            filter.into_iter().for_each(|filter| select.and(filter));
            near = alias;
        }
        last.join(planner, &mut select, (&near, None), Origin::Relationship(asked.end.id.relationship));
        let source = last.target.name.clone();
        let filter = planner.target_condition(asked, last.target, &source);
        filter.into_iter().for_each(|filter| select.and(filter));
        select.order = planner.order_of(&asked.end, last.target, &source);
        let asks_by = last.asks_by();
        let parents = columns(last.owner, &near, &asks_by);
        planner.add_keyed_step(asked, select, source, Runs::ForAll { key: asks_by }, parents)
    }
}

/// The way to a node from the statement that began it all: one that does not itself repeat another.
struct Path {
    /// The node that the statement is for.
    root: NodeId,
    /// The nodes below it, down to the one that the path is to.
    below: Vec<NodeId>,
}

impl Path {
    fn to(planner: &Planner<'_>, node: NodeId) -> Path {
        let (mut root, mut below) = (node, Vec::new());
        while let Some((parent, _)) = planner.node(root).parent {
            let step = planner.step(planner.step_of(root));
            if step.node == root && !matches!(step.runs, Runs::ForAll { .. }) {
                break;
            }
            below.push(root);
            root = parent;
        }
        below.reverse();
        Path { root, below }
    }
}

/// The statement that the path starts from, cut down to the columns by which its rows are left. Each value comes
/// once, unless the columns are the primary key, which does not repeat anyway, or a limit counts the rows.
fn keys(planner: &Planner<'_>, path: &Path, hop: &Hop<'_>) -> Select {
    let mut select = planner.bare(planner.step_of(path.root)).clone();
    let table = hop.owner;
    let asks_by = hop.asks_by();
    let output = |(at, column): (&usize, ColumnRef)| {
        let name = &table.columns[*at].name;
        let label = (column.name != *name).then(|| name.clone());
        Output::column(column, label)
    };
    select.outputs = asks_by.iter().zip(columns(table, &table.name, &asks_by)).map(output).collect();
    if select.limit.is_none() && select.offset.is_none() {
        select.order.clear();
        select.distinct = !table.primary_key.iter().all(|key| hop.near.contains(key));
    }
    select
}
