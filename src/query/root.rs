//! The root's statement: which objects a query asks for, in which order, and what is computed for each.

use std::collections::BTreeSet;

use super::checked::{OrderKey, Query};
use super::order::{Paths, ascending};
use super::scope::{Breadth, Place, Scope, free_name, subquery_stem};
use crate::mapping::Relational;
use crate::schema::{Origin, Schema};
use crate::sql::{ColumnRef, Expr, Order, Output, Select, Source};

/// The root's statement, to which its outputs are still to be added.
#[derive(Clone)]
pub(super) struct Root {
    pub(super) select: Select,
    /// The name under which the root's columns are to be found in it.
    pub(super) source: String,
    /// The names taken in it.
    pub(super) aliases: BTreeSet<String>,
    /// What is computed beside the root's columns.
    pub(super) computed: Vec<Value>,
}

/// A value beside the root's columns.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) expr: Expr,
    /// A name that no column of the root has.
    pub(super) label: String,
    pub(super) origin: Origin,
}

/// Compiles the root's statement. A `wrapped` one is put into a subquery, so that joins outside cannot change what a
/// limit counts.
/// `whole_order` ends the order with the key, so that no two objects stand equal in it.
pub(super) fn compile(
    query: &Query,
    schema: &Schema,
    relational: &Relational,
    loaded: &[usize],
    whole_order: bool,
    wrapped: bool,
) -> Root {
    let mut scope = Scope::new(schema, relational);
    let (root, source) = scope.enter_model(query.root, Breadth::Whole);
    let mut select = Select::from(source);
    let mut paths = Paths::from(root.clone());
    let columns: Vec<Option<ColumnRef>> = query
        .order
        .iter()
        .map(|term| match &term.by {
            OrderKey::Field(path) => Some(paths.column(&mut scope, path)),
            OrderKey::Aggregate(_) => None,
        })
        .collect();
    select.joins = paths.into_joins();
    if !query.filter.is_anything() {
        select.and(scope.condition(&root, &query.filter));
    }
    scope.is_of(query.root, &root).into_iter().for_each(|kind| select.and(kind));
    let mut labels = Labels::of(&root, loaded);
    let computed: Vec<Value> = query
        .computed
        .iter()
        .map(|computed| Value {
            expr: scope.aggregate(&root, &computed.aggregate),
            label: labels.free(&computed.name),
            origin: Origin::Relationship(computed.aggregate.end.relationship),
        })
        .collect();
    let order = query.order.iter().zip(columns).map(|(term, column)| {
        let expr = match (&term.by, column) {
            (_, Some(column)) => Expr::Column(column),
            (OrderKey::Aggregate(aggregate), _) => {
                let known = query.computed.iter().position(|computed| computed.aggregate == *aggregate);
                match known.map(|at| &computed[at]) {
                    Some(value) => Expr::Label { name: value.label.clone(), origin: value.origin },
                    None => scope.aggregate(&root, aggregate),
                }
            }
            (OrderKey::Field(_), None) => unreachable!("every field has its column"),
        };
        Order { expr, descending: term.descending }
    });
    select.order = order.collect();
    if whole_order {
        select.order.extend(ascending(root.table, &root.source, &root.table.primary_key));
    }
    select.distinct = query.distinct;
    (select.limit, select.offset) = (query.limit, query.offset);
    let bare = Root { select, source: root.source.clone(), aliases: scope.into_aliases(), computed };
    if wrapped { wrap(bare, (&root, loaded), labels, relational) } else { bare }
}

impl Root {
    /// The statement with nothing in it that leans on an output: it can be given others. Without a limit its order is
    /// left out; what was joined for it stays, as in SQLAlchemy.
    pub(super) fn without_labels(self) -> Select {
        let mut select = self.select;
        // Objects differ by their keys; other columns of theirs need not.
        select.distinct = false;
        if select.limit.is_none() && select.offset.is_none() {
            select.order.clear();
        }
        for term in &mut select.order {
            if let Expr::Label { name, .. } = &term.expr
                && let Some(value) = self.computed.iter().find(|value| value.label == *name)
            {
                term.expr = value.expr.clone();
            }
        }
        select
    }
}

/// The names of a result's columns.
#[derive(Default)]
pub(super) struct Labels(BTreeSet<String>);

impl Labels {
    fn of(root: &Place<'_>, loaded: &[usize]) -> Labels {
        Labels(loaded.iter().map(|&at| root.table.columns[at].name.to_ascii_lowercase()).collect())
    }

    /// This name, or the next that is free.
    pub(super) fn free(&mut self, name: &str) -> String {
        let mut label = name.to_owned();
        let mut number = 1;
        while !self.0.insert(label.to_ascii_lowercase()) {
            label = format!("{name}_{number}");
            number += 1;
        }
        label
    }
}

/// Puts a limited statement into a subquery and repeats its order outside. What the order or the objects need beside
/// the root's columns is handed through.
fn wrap(
    root: Root,
    (place, loaded): (&Place<'_>, &[usize]),
    mut labels: Labels,
    relational: &Relational,
) -> Root {
    let source = free_name(relational, &[&subquery_stem(relational)], &root.aliases);
    let (mut inner, mut aliases) = (root.select, root.aliases);
    let own = place.columns(loaded);
    // Parts of a whole may have columns of one name.
    let names: Vec<&str> = loaded.iter().map(|&at| place.table.columns[at].name.as_str()).collect();
    let output = |(column, name): (&ColumnRef, &&str)| {
        Output::column(column.clone(), (column.name != **name).then(|| (*name).to_owned()))
    };
    inner.outputs = own.iter().zip(&names).map(output).collect();
    let outside = |name: &str, origin| {
        Expr::Column(ColumnRef { source: source.clone(), name: name.to_owned(), origin })
    };
    let mut computed = root.computed;
    for value in &mut computed {
        let through = outside(&value.label, value.origin);
        let expr = std::mem::replace(&mut value.expr, through);
        inner.outputs.push(Output { expr, label: Some(value.label.clone()) });
    }
    let mut order = Vec::new();
    for term in &mut inner.order {
        let expr = match &term.expr {
            Expr::Column(column) => match own.iter().position(|own| own == column) {
                Some(at) => outside(names[at], column.origin),
                None => {
                    let (name, column) = (labels.free(&column.name), column.clone());
                    let through = outside(&name, column.origin);
                    let label = (name != column.name).then_some(name);
                    inner.outputs.push(Output::column(column, label));
                    through
                }
            },
            Expr::Label { name, origin } => outside(name, *origin),
            other => {
                let (name, origin) = (labels.free("sort_key"), source_of(other, place));
                let inside = Expr::Label { name: name.clone(), origin };
                let through = outside(&name, origin);
                let expr = std::mem::replace(&mut term.expr, inside);
                inner.outputs.push(Output { expr, label: Some(name) });
                through
            }
        };
        order.push(Order { expr, descending: term.descending });
    }
    let mut select = Select::from(Source::Query { select: Box::new(inner), alias: source.clone() });
    select.order = order;
    aliases.insert(source.clone());
    Root { select, source, aliases, computed }
}

/// What a function's result came from.
fn source_of(expr: &Expr, place: &Place<'_>) -> Origin {
    match expr {
        Expr::Scalar { origin, .. } => *origin,
        _ => place.table.origin(),
    }
}
