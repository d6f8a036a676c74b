//! The order of a query as SQL.

use super::plan::OrderBy;
use super::scope::Place;
use crate::mapping::Table;
use crate::sql::{Expr, Order};

pub(super) fn order_terms(table: &Table, source: &str, order: &[OrderBy]) -> Vec<Order> {
    let place = Place { table, source: source.into() };
    order
        .iter()
        .map(|term| Order { expr: Expr::Column(place.field(term.field)), descending: term.descending })
        .collect()
}
