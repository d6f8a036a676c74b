//! Groups of objects: a checked question, and the one statement that answers it with rows.

use super::checked::{FieldPath, Filter, Measure, Predicate, Query};
use super::conditions::test;
use super::order::Paths;
use super::plan::ResultColumn;
use super::root::Labels;
use super::scope::{Breadth, Scope};
use crate::mapping::Relational;
use crate::schema::{ModelId, Origin, Schema};
use crate::sql::{Expr, Function, Order, Output, Select};

/// What a query draft asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Objects, which [`super::plan`] plans.
    Objects(Query),
    /// Rows about groups of objects, which [`group`] compiles.
    Groups(Grouping),
}

/// A question about groups of objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Grouping {
    /// The model whose objects are grouped.
    pub root: ModelId,
    /// The condition on the objects.
    pub filter: Filter,
    /// What the objects of a group have in common. If nothing, all of them are one group.
    pub keys: Vec<GroupKey>,
    /// What is computed of each group.
    pub values: Vec<GroupValue>,
    /// The most groups to return.
    pub limit: Option<u64>,
    /// The groups to pass over first.
    pub offset: Option<u64>,
}

/// A field that the objects of a group have in common. `NULL` is a value like any other here.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupKey {
    /// Its name in the result.
    pub name: String,
    /// The field.
    pub path: FieldPath,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// A function over the objects of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupValue {
    /// Its name in the result.
    pub name: String,
    /// What is computed.
    pub measure: Measure<FieldPath>,
    /// What has to hold of it for the group to be in the answer.
    pub having: Option<Predicate>,
    /// Whether the groups are ordered by it, before they are by their keys, and if so whether the greatest comes first.
    pub descending: Option<bool>,
}

/// How groups are asked for: one statement without parameters from elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupPlan {
    /// The statement.
    pub select: Select,
    /// What each column of its rows is: first the keys, then the values.
    pub columns: Vec<ResultColumn>,
}

/// Compiles a question about groups. The groups come ordered, without ties.
///
/// # Panics
/// If it was checked against another schema, or the tables were mapped from another one.
pub fn group(grouping: &Grouping, schema: &Schema, relational: &Relational) -> GroupPlan {
    let mut scope = Scope::new(schema, relational);
    let (root, source) = scope.enter_model(grouping.root, Breadth::Own);
    let mut paths = Paths::from(root.clone());
    let mut select = Select::from(source);
    let mut answer = Answer { labels: Labels::default(), columns: Vec::new(), order: Vec::new() };
    for key in &grouping.keys {
        let column = paths.column(&mut scope, &key.path);
        let (expr, origin) = (Expr::Column(column.clone()), column.origin);
        let label = answer.add(&key.name, origin);
        answer.order.push(Order { expr: expr.clone(), descending: key.descending });
        select.groups.push(expr.clone());
        select.outputs.push(Output { expr, label: (label != column.name).then_some(label) });
    }
    let mut having = Vec::new();
    let mut first = Vec::new();
    for value in &grouping.values {
        let (expr, origin) = match &value.measure {
            Measure::Count => (Expr::Aggregate(Function::Count, None), root.table.origin()),
            Measure::Of(function, path) => {
                let column = paths.column(&mut scope, path);
                let origin = column.origin;
                (Expr::Aggregate(*function, Some(Box::new(Expr::Column(column)))), origin)
            }
        };
        let name = answer.add(&value.name, origin);
        having.extend(value.having.iter().map(|predicate| test(expr.clone(), predicate)));
        first.extend(
            value
                .descending
                .map(|descending| Order { expr: Expr::Label { name: name.clone(), origin }, descending }),
        );
        select.outputs.push(Output { expr, label: Some(name) });
    }
    select.joins = paths.into_joins();
    if !grouping.filter.is_anything() {
        select.and(scope.condition(&root, &grouping.filter));
    }
    scope.is_of(grouping.root, &root).into_iter().for_each(|kind| select.and(kind));
    select.having = (!having.is_empty()).then(|| Expr::all(having));
    select.order = first;
    select.order.extend(answer.order);
    (select.limit, select.offset) = (grouping.limit, grouping.offset);
    GroupPlan { select, columns: answer.columns }
}

/// The answer's columns so far, and its order.
struct Answer {
    labels: Labels,
    columns: Vec<ResultColumn>,
    order: Vec<Order>,
}

impl Answer {
    fn add(&mut self, name: &str, origin: Origin) -> String {
        let label = self.labels.free(name);
        self.columns.push(ResultColumn { node: None, label: label.clone(), origin });
        label
    }
}
