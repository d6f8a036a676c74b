//! Query in, plan out: builds the root's statement and lets each include's strategy do the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::Strategy;
use super::plan::{
    Filter, Include, Node, NodeId, OrderBy, Plan, Predicate, Query, ResultColumn, Role, Runs, Step, StepId,
};
use crate::mapping::{Discriminator, Placement, Relational, Table, TableId};
use crate::schema::{End, ModelId, Schema};
use crate::sql::{ColumnRef, Expr, Join, Operator, Order, Output, Select, Source};
use crate::value::Value;

/// Plans a query. Deterministic: the same query gives the same plan.
///
/// ```
/// use relata::{mapping::map, project::Sample, query, schema};
/// let project = Sample::AuthorBook.project();
/// let schema = schema::check(&project.draft).value.unwrap();
/// let relational = map(&schema).value.unwrap();
/// let query = query::check(&project.query, &schema).value.unwrap();
/// let plan = query::plan(&query, &schema, &relational);
/// assert_eq!(plan.nodes.len(), 2);
/// ```
///
/// # Panics
/// If the query was checked against another schema, or the tables were mapped from another one.
pub fn plan(query: &Query, schema: &Schema, relational: &Relational) -> Plan {
    let mut planner = Planner { schema, relational, plan: Plan::default(), names: Vec::new() };
    let root = planner.add_root(query);
    planner.load_all(root, &query.includes, false);
    planner.plan
}

/// A plan under construction, as the strategies see it.
pub(super) struct Planner<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    plan: Plan,
    /// The names taken in each step's statement.
    names: Vec<Names>,
}

/// The names taken in one statement.
#[derive(Default)]
struct Names {
    aliases: BTreeSet<String>,
    labels: BTreeSet<String>,
    /// How often each column name was labelled, so that `id_2` follows `id_1`.
    counts: BTreeMap<String, u32>,
}

impl<'a> Planner<'a> {
    /// `below_lazy` says whether an object that the parents hang on is loaded lazily, so that they may have been there
    /// before.
    fn load_all(&mut self, parent: NodeId, includes: &[Include], below_lazy: bool) {
        for include in includes {
            let Some(end) = self.schema.end(include.end) else { continue };
            let lazy = include.strategy == Strategy::Lazy;
            let node = include.strategy.loader().load(self, parent, &end);
            if below_lazy && !lazy {
                let stand_in = Strategy::Lazy.loader().load(self, parent, &end);
                self.plan.nodes[stand_in.0 as usize].role = Role::StandIn;
                self.plan.nodes[node.0 as usize].role = Role::AskedWithStandIn(stand_in);
            }
            self.load_all(node, &include.includes, below_lazy || lazy);
        }
    }

    fn add_root(&mut self, query: &Query) -> NodeId {
        let table = self.table_of(query.root);
        let mut select = Select::from(self.source(table, None));
        let bare = table.name.as_str();
        let filter = filter_expr(table, bare, &query.filter);
        if filter != Expr::All(Vec::new()) {
            select.and(filter);
        }
        select.order = order_terms(table, bare, &query.order);
        (select.limit, select.offset) = (query.limit, query.offset);
        let limited = query.limit.is_some() || query.offset.is_some();
        let source = if limited && self.joins_collection(&query.includes) {
            let alias = self.free_name("anon", &BTreeSet::new());
            select = wrap(table, select, &alias, &query.order);
            alias
        } else {
            table.name.clone()
        };
        let step = self.push_step(NodeId(0), select, Runs::Once);
        self.names[0].aliases.insert(source.clone());
        self.add_node(None, query.root, step, source)
    }

    /// Whether the root's own statement will join a collection, which would make a limit count its rows.
    fn joins_collection(&self, includes: &[Include]) -> bool {
        includes.iter().filter(|include| include.strategy == Strategy::Joined).any(|include| {
            let collection = self.schema.end(include.end).is_some_and(|end| end.kind.is_collection());
            collection || self.joins_collection(&include.includes)
        })
    }

    pub(super) fn table(&self, id: TableId) -> &'a Table {
        self.relational.table(id)
    }

    pub(super) fn table_of(&self, model: ModelId) -> &'a Table {
        match self.relational.table_of(model) {
            Some(id) => self.table(id),
            None => unreachable!("the schema and its tables were made together"),
        }
    }

    pub(super) fn placement(&self, end: &End<'_>) -> &'a Placement {
        match self.relational.placement(end.id.relationship) {
            Some(placement) => placement,
            None => unreachable!("the schema and its tables were made together"),
        }
    }

    /// What says that the key of a property points to its target, if the key may point to other tables.
    pub(super) fn discriminator(&self, end: &End<'_>) -> Option<&'a Discriminator> {
        match self.placement(end) {
            Placement::Key { discriminator, .. } => discriminator.as_ref(),
            Placement::Join { .. } => None,
        }
    }

    /// Whether the key of a property points to a primary key, by which the identity map knows objects, and to no other
    /// table.
    pub(super) fn by_identity(&self, end: &End<'_>) -> bool {
        match self.placement(end) {
            Placement::Key { target, target_columns, discriminator, .. } => {
                discriminator.is_none() && *target_columns == self.table(*target).primary_key
            }
            Placement::Join { .. } => false,
        }
    }

    /// The condition that a key which may point to other tables points to this property's. `holder` is the name of the
    /// key's table in the statement.
    pub(super) fn says_kind(&self, end: &End<'_>, holder: &str) -> Option<Expr> {
        let Placement::Key { table, discriminator: Some(kind), .. } = self.placement(end) else {
            return None;
        };
        let column = columns(self.table(*table), holder, &[kind.column]).into_iter().next()?;
        Some(Expr::equal(Expr::Column(column), Expr::Value(Value::Text(kind.value.clone()))))
    }

    pub(super) fn source(&self, table: &Table, alias: Option<&str>) -> Source {
        Source::Table { name: table.name.clone(), alias: alias.map(Into::into), origin: table.origin() }
    }

    /// `near = far` for each pair of columns of two sources.
    pub(super) fn pairs(&self, near: (&Table, &str, &[usize]), far: (&Table, &str, &[usize])) -> Expr {
        let near = columns(near.0, near.1, near.2).into_iter().map(Expr::Column);
        let far = columns(far.0, far.1, far.2).into_iter().map(Expr::Column);
        Expr::all(near.zip(far).map(|(near, far)| Expr::equal(near, far)).collect())
    }

    pub(super) fn step_of(&self, node: NodeId) -> StepId {
        self.plan.node(node).step
    }

    pub(super) fn source_of(&self, node: NodeId) -> String {
        self.plan.node(node).source.clone()
    }

    /// A name for another appearance of a table in a statement: `<table>_1`, or the next that is free.
    pub(super) fn alias(&mut self, step: StepId, table: &str) -> String {
        let alias = self.free_name(table, &self.names[step.0 as usize].aliases);
        self.names[step.0 as usize].aliases.insert(alias.clone());
        alias
    }

    /// A name for the parents' table in a statement that is yet to be added as a step.
    pub(super) fn parents_alias(&self, table: &Table) -> String {
        self.free_name(&table.name, &BTreeSet::new())
    }

    /// Says that a name is taken in the statement of a node.
    pub(super) fn take_name(&mut self, node: NodeId, name: String) {
        let step = self.step_of(node);
        self.names[step.0 as usize].aliases.insert(name);
    }

    fn free_name(&self, stem: &str, taken: &BTreeSet<String>) -> String {
        let is_table =
            |name: &str| self.relational.tables.iter().any(|table| table.name.eq_ignore_ascii_case(name));
        let mut number = 1;
        loop {
            let name = format!("{stem}_{number}");
            if !is_table(&name) && !taken.iter().any(|taken| taken.eq_ignore_ascii_case(&name)) {
                return name;
            }
            number += 1;
        }
    }

    pub(super) fn add_join(&mut self, step: StepId, join: Join) {
        self.plan.steps[step.0 as usize].select.joins.push(join);
    }

    fn push_step(&mut self, node: NodeId, select: Select, runs: Runs) -> StepId {
        let id = StepId(self.plan.steps.len() as u32);
        self.plan.steps.push(Step {
            id,
            node,
            select,
            runs,
            outputs: Vec::new(),
            parent_outputs: Vec::new(),
        });
        self.names.push(Names::default());
        id
    }

    /// Adds a step that reads the targets of a property, and the node for them.
    pub(super) fn add_step(
        &mut self,
        parent: NodeId,
        end: &End<'_>,
        select: Select,
        source: String,
        runs: Runs,
    ) -> NodeId {
        self.add_keyed_step(parent, end, select, source, runs, Vec::new())
    }

    /// The same, with columns in front that say which parent each row belongs to.
    pub(super) fn add_keyed_step(
        &mut self,
        parent: NodeId,
        end: &End<'_>,
        select: Select,
        source: String,
        runs: Runs,
        parent_key: Vec<ColumnRef>,
    ) -> NodeId {
        let node = NodeId(self.plan.nodes.len() as u32);
        let step = self.push_step(node, select, runs);
        self.names[step.0 as usize].aliases.insert(source.clone());
        for column in parent_key {
            let output = self.add_output(step, None, column);
            self.plan.steps[step.0 as usize].parent_outputs.push(output);
        }
        self.add_node(Some((parent, end.id)), end.target.id, step, source)
    }

    /// Says that these columns of a node's own table name the parent that a row belongs to.
    pub(super) fn rows_name_parent_by(&mut self, node: NodeId, columns: &[usize]) {
        let (step, first) = (self.step_of(node), self.plan.node(node).first_output);
        self.plan.steps[step.0 as usize].parent_outputs = columns.iter().map(|at| first + at).collect();
    }

    /// Adds a node, and its table's columns to the statement that reads it.
    pub(super) fn add_node(
        &mut self,
        parent: Option<(NodeId, crate::schema::EndId)>,
        model: ModelId,
        step: StepId,
        source: String,
    ) -> NodeId {
        let table = self.table_of(model);
        let id = NodeId(self.plan.nodes.len() as u32);
        let first_output = self.plan.step(step).outputs.len();
        let all: Vec<usize> = (0..table.columns.len()).collect();
        for column in columns(table, &source, &all) {
            self.add_output(step, Some(id), column);
        }
        let key_outputs = table.primary_key.iter().map(|at| first_output + at).collect();
        let width = table.columns.len();
        self.plan.nodes.push(Node {
            id,
            role: Role::Asked,
            model,
            table: table.id,
            parent,
            step,
            source,
            first_output,
            width,
            key_outputs,
        });
        id
    }

    fn add_output(&mut self, step: StepId, node: Option<NodeId>, column: ColumnRef) -> usize {
        let label = self.names[step.0 as usize].label(&column.name);
        let step = &mut self.plan.steps[step.0 as usize];
        step.outputs.push(ResultColumn { node, label: label.clone(), origin: column.origin });
        let label = (label != column.name).then_some(label);
        step.select.outputs.push(Output { column, label });
        step.outputs.len() - 1
    }
}

impl Names {
    /// The column's own name the first time, then `<column>_1`, `<column>_2`, …
    fn label(&mut self, column: &str) -> String {
        let mut label = column.to_owned();
        while !self.labels.insert(label.to_ascii_lowercase()) {
            let count = self.counts.entry(column.to_ascii_lowercase()).or_default();
            *count += 1;
            label = format!("{column}_{count}");
        }
        label
    }
}

/// References to columns of a table under the name that it has in a statement.
pub(super) fn columns(table: &Table, source: &str, positions: &[usize]) -> Vec<ColumnRef> {
    positions
        .iter()
        .map(|&at| {
            let column = &table.columns[at];
            ColumnRef { source: source.into(), name: column.name.clone(), origin: column.origin() }
        })
        .collect()
}

/// Puts the limited statement into a subquery, so that joins outside cannot change what the limit counts, and
/// repeats its order outside.
fn wrap(table: &Table, mut inner: Select, alias: &str, order: &[OrderBy]) -> Select {
    let all: Vec<usize> = (0..table.columns.len()).collect();
    inner.outputs =
        columns(table, &table.name, &all).into_iter().map(|column| Output { column, label: None }).collect();
    let mut outer = Select::from(Source::Query { select: Box::new(inner), alias: alias.into() });
    outer.order = order_terms(table, alias, order);
    outer
}

fn field_ref(table: &Table, source: &str, field: crate::schema::FieldId) -> ColumnRef {
    let at = table.field_column(field).unwrap_or_default();
    let column = &table.columns[at];
    ColumnRef { source: source.into(), name: column.name.clone(), origin: column.origin() }
}

fn order_terms(table: &Table, source: &str, order: &[OrderBy]) -> Vec<Order> {
    order
        .iter()
        .map(|term| Order { column: field_ref(table, source, term.field), descending: term.descending })
        .collect()
}

fn filter_expr(table: &Table, source: &str, filter: &Filter) -> Expr {
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
