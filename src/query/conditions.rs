//! The conditions and the order of a query as SQL.

use super::plan::{Filter, OrderBy, Predicate};
use crate::mapping::Table;
use crate::schema::FieldId;
use crate::sql::{ColumnRef, Expr, Operator, Order};
use crate::value::Value;

fn field_ref(table: &Table, source: &str, field: FieldId) -> ColumnRef {
    let at = table.field_column(field).unwrap_or_default();
    let column = &table.columns[at];
    ColumnRef { source: source.into(), name: column.name.clone(), origin: column.origin() }
}

pub(super) fn order_terms(table: &Table, source: &str, order: &[OrderBy]) -> Vec<Order> {
    order
        .iter()
        .map(|term| Order { column: field_ref(table, source, term.field), descending: term.descending })
        .collect()
}

pub(super) fn filter_expr(table: &Table, source: &str, filter: &Filter) -> Expr {
    let inner =
        |filters: &[Filter]| filters.iter().map(|filter| filter_expr(table, source, filter)).collect();
    match filter {
        Filter::All(filters) => Expr::All(inner(filters)),
        Filter::Any(filters) => Expr::Any(inner(filters)),
        Filter::Test(field, predicate) => predicate_expr(field_ref(table, source, *field), predicate),
    }
}

fn predicate_expr(column: ColumnRef, predicate: &Predicate) -> Expr {
    let compare = |operator, value: &Value| {
        Expr::Compare(Box::new(Expr::Column(column.clone())), operator, Box::new(Expr::Value(value.clone())))
    };
    match predicate {
        Predicate::Compare(operator, value) => compare(*operator, value),
        Predicate::Like(pattern) => compare(Operator::Like, &Value::Text(pattern.clone())),
        Predicate::In(values) => Expr::In(column, values.clone()),
        Predicate::IsNull => Expr::IsNull { column, negated: false },
        Predicate::IsNotNull => Expr::IsNull { column, negated: true },
    }
}
