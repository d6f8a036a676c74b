//! Query in, plan out: builds the root's statement and lets each include's strategy do the rest.

use super::checked::{Filter, Include, Query};
use super::chosen::{self, places};
use super::hop::Hop;
use super::loading::{load_all, repeats_root};
use super::names::Names;
use super::plan::{Cells, JsonAt, Node, NodeId, Plan, ResultColumn, Role, Runs, Step, StepId};
pub(super) use super::scope::columns;
use super::scope::{Place, Scope, free_name, is_of, subquery_stem};
use super::{Strategy, root};
use crate::mapping::{Relational, Table, TableId};
use crate::schema::{End, EndId, ModelId, Origin, Schema};
use crate::sql::{ColumnRef, Expr, Join, Json, JsonMember, JsonValue, Output, Select};

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
    let mut planner = Planner {
        schema,
        relational,
        plan: Plan::default(),
        names: Vec::new(),
        bare: Vec::new(),
        filters: Vec::new(),
        chosen: chosen::read_columns(query, schema, relational),
    };
    let root = planner.add_root(query);
    load_all(&mut planner, query, root);
    planner.plan
}

/// A plan under construction, as the strategies see it.
pub(super) struct Planner<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    plan: Plan,
    /// The names taken in each step's statement.
    names: Vec<Names>,
    /// Each step's statement as it was before anything was joined to it.
    bare: Vec<Select>,
    /// The condition that each node's include puts on its targets.
    filters: Vec<Filter>,
    /// The table of which only some columns are read, and those.
    chosen: Option<(TableId, Vec<usize>)>,
}

/// What a strategy is asked for: to load a property of the objects at a node.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The node.
    pub(super) parent: NodeId,
    /// The property.
    pub(super) end: End<'a>,
    /// Whether a join may leave out parents without a target, since there are none.
    pub(super) inner: bool,
    /// The condition on the targets.
    pub(super) filter: &'a Filter,
}

impl<'a> Planner<'a> {
    fn add_root(&mut self, query: &Query) -> NodeId {
        let limited = query.limit.is_some() || query.offset.is_some();
        // Two statements count off the same objects: only a whole order makes that certain.
        let whole_order = limited && repeats_root(&query.includes);
        let loaded = self.loaded(query.root);
        let compile =
            |wrapped| root::compile(query, self.schema, self.relational, &loaded, whole_order, wrapped);
        let bare = compile(false);
        let root =
            if limited && self.joins_collection(&query.includes) { compile(true) } else { bare.clone() };
        let step = self.push_step(NodeId(0), root.select, Runs::Once);
        self.bare[0] = bare.without_labels();
        self.names[0].aliases = root.aliases;
        self.names[0].aliases.insert(root.source.clone());
        let node = self.add_node(None, query.root, step, root.source);
        for value in root.computed {
            let output = self.add_named_output(step, node, &value.label, value.expr, value.origin);
            self.plan.nodes[0].computed.push(output);
        }
        node
    }

    /// Whether the root's own statement will join a collection, which would make a limit count its rows.
    fn joins_collection(&self, includes: &[Include]) -> bool {
        includes.iter().filter(|include| include.strategy.joins()).any(|include| {
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

    /// How to get from the rows of an end's model to those of its target.
    pub(super) fn hop(&self, end: &End<'_>) -> Hop<'a> {
        Hop::of(self.relational, end)
    }

    /// The property that leads to a node.
    pub(super) fn end_of(&self, node: NodeId) -> End<'a> {
        match self.plan.node(node).parent.and_then(|(_, end)| self.schema.end(end)) {
            Some(end) => end,
            None => unreachable!("all nodes but the root have a parent, by an end of the schema"),
        }
    }

    /// Plans the loading of a property as asked, and gives the node where its targets are.
    pub(super) fn load(&mut self, strategy: Strategy, asked: &Asked<'_>, role: Role) -> NodeId {
        let node = strategy.loader().load(self, asked);
        self.plan.nodes[node.0 as usize].role = role;
        self.filters[node.0 as usize] = asked.filter.clone();
        node
    }

    pub(super) fn schema(&self) -> &'a Schema {
        self.schema
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.plan.nodes
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        self.plan.node(id)
    }

    pub(super) fn step(&self, id: StepId) -> &Step {
        self.plan.step(id)
    }

    /// The statement of a step as it was before anything was joined to it.
    pub(super) fn bare(&self, step: StepId) -> &Select {
        &self.bare[step.0 as usize]
    }

    /// The condition on the objects of a node, under the name that their table has; `None` for no condition.
    pub(super) fn filter_of(&self, node: NodeId, table: &'a Table, source: &str) -> Option<Expr> {
        self.condition(self.node(node).model, &self.filters[node.0 as usize], table, source)
    }

    /// What holds of the targets of a property, under the name that their table has; `None` for nothing.
    pub(super) fn target_condition(&self, asked: &Asked<'_>, table: &'a Table, source: &str) -> Option<Expr> {
        self.condition(asked.end.target.id, asked.filter, table, source)
    }

    /// A condition on objects of a model as SQL, and that they are of it where their table has others. Its subqueries
    /// name no table as the step's own statement does.
    fn condition(&self, model: ModelId, filter: &Filter, table: &'a Table, source: &str) -> Option<Expr> {
        let place = Place { table, source: source.to_owned() };
        let condition = (!filter.is_anything())
            .then(|| Scope::within(self.schema, self.relational, &place).condition(&place, filter));
        let kind = is_of(self.relational, model, table, source);
        let all: Vec<Expr> = condition.into_iter().chain(kind).collect();
        (!all.is_empty()).then(|| Expr::all(all))
    }

    pub(super) fn step_of(&self, node: NodeId) -> StepId {
        self.plan.node(node).step
    }

    pub(super) fn source_of(&self, node: NodeId) -> String {
        self.plan.node(node).source.clone()
    }

    /// A name for another appearance of a table in a statement: `<table>_1`, or the next that is free.
    pub(super) fn alias(&mut self, step: StepId, table: &Table) -> String {
        let taken = &mut self.names[step.0 as usize].aliases;
        let alias = free_name(self.relational, &table.names(), taken);
        taken.extend(table.names_under(&alias));
        alias
    }

    /// A name for a subquery that a statement reads rows from.
    pub(super) fn subquery_alias(&mut self, step: StepId) -> String {
        let taken = &mut self.names[step.0 as usize].aliases;
        let alias = free_name(self.relational, &[&subquery_stem(self.relational)], taken);
        taken.insert(alias.clone());
        alias
    }

    pub(super) fn add_join(&mut self, step: StepId, join: Join) {
        self.select_mut(step).joins.push(join);
    }

    /// The statement of a step, to widen it.
    pub(super) fn select_mut(&mut self, step: StepId) -> &mut Select {
        &mut self.plan.steps[step.0 as usize].select
    }

    fn push_step(&mut self, node: NodeId, select: Select, runs: Runs) -> StepId {
        let id = self.next_step();
        self.bare.push(select.clone());
        self.plan.steps.push(Step {
            id,
            node,
            select,
            runs,
            outputs: Vec::new(),
            parent_outputs: Vec::new(),
        });
        id
    }

    /// Adds a step that reads the targets of a property, and the node for them.
    pub(super) fn add_step(
        &mut self,
        asked: &Asked<'_>,
        select: Select,
        source: String,
        runs: Runs,
    ) -> NodeId {
        self.add_keyed_step(asked, select, source, runs, Vec::new())
    }

    /// The same, with columns in front that say which parent each row belongs to.
    pub(super) fn add_keyed_step(
        &mut self,
        asked: &Asked<'_>,
        select: Select,
        source: String,
        runs: Runs,
        parent_key: Vec<ColumnRef>,
    ) -> NodeId {
        let step = self.next_step();
        self.names[step.0 as usize].aliases.insert(source.clone());
        self.push_step(self.next_node(), select, runs);
        for column in parent_key {
            let output = self.add_output(step, None, column);
            self.plan.steps[step.0 as usize].parent_outputs.push(output);
        }
        self.add_node(Some((asked.parent, asked.end.id)), asked.end.target.id, step, source)
    }

    /// The step that will be added next, for names in its statement.
    pub(super) fn next_step(&mut self) -> StepId {
        let step = StepId(self.plan.steps.len() as u32);
        self.names.resize_with(self.names.len().max(step.0 as usize + 1), Names::default);
        step
    }

    /// Says that these columns of a node's own table name the parent that a row belongs to.
    pub(super) fn rows_name_parent_by(&mut self, node: NodeId, columns: &[usize]) {
        let node = self.plan.node(node);
        let Cells::Columns { first, .. } = node.cells else { return };
        let outputs = columns.iter().map(|at| first + node.place_of(*at)).collect();
        let step = node.step;
        self.plan.steps[step.0 as usize].parent_outputs = outputs;
    }

    /// Adds a node, and its table's columns to the statement that reads it.
    pub(super) fn add_node(
        &mut self,
        parent: Option<(NodeId, EndId)>,
        model: ModelId,
        step: StepId,
        source: String,
    ) -> NodeId {
        let table = self.table_of(model);
        let id = self.next_node();
        let first = self.plan.step(step).outputs.len();
        let loaded = self.loaded(model);
        for column in columns(table, &source, &loaded) {
            self.add_output(step, Some(id), column);
        }
        let key = places(&table.primary_key, &loaded).map(|at| first + at).collect();
        let cells = Cells::Columns { first, width: loaded.len(), key };
        self.push_node(parent, model, step, source, cells)
    }

    /// The columns that are read of a model's objects, by position in its table.
    pub(super) fn loaded(&self, model: ModelId) -> Vec<usize> {
        let mut loaded = self.relational.columns_of(model);
        if let Some((_, chosen)) = self.chosen.as_ref().filter(|(table, _)| *table == self.table_of(model).id)
        {
            loaded.retain(|at| chosen.contains(at));
        }
        loaded
    }

    /// Adds a node whose columns, or JSON, stand in the statement already.
    pub(super) fn push_node(
        &mut self,
        parent: Option<(NodeId, EndId)>,
        model: ModelId,
        step: StepId,
        source: String,
        cells: Cells,
    ) -> NodeId {
        let id = self.next_node();
        let (table, loaded) = (self.table_of(model), self.loaded(model));
        let unloaded = (0..table.columns.len()).filter(|at| !loaded.contains(at)).collect();
        let (table, role, computed) = (table.id, Role::Asked, Vec::new());
        let kinds = self.relational.kinds_of(model).cloned();
        self.plan.nodes.push(Node {
            id,
            role,
            model,
            kinds,
            table,
            parent,
            step,
            source,
            cells,
            computed,
            unloaded,
        });
        self.filters.push(Filter::anything());
        id
    }

    fn add_output(&mut self, step: StepId, node: Option<NodeId>, column: ColumnRef) -> usize {
        let label = self.names[step.0 as usize].label(&column.name);
        let origin = column.origin;
        let shown = (label != column.name).then(|| label.clone());
        let output = Output::column(column, shown);
        self.push_output(step, output, ResultColumn { node, label, origin })
    }

    /// Adds a column to a statement, under a name that is still free in it, and gives its position.
    pub(super) fn add_named_output(
        &mut self,
        step: StepId,
        node: NodeId,
        name: &str,
        value: Expr,
        origin: Origin,
    ) -> usize {
        let label = self.names[step.0 as usize].label(name);
        let is_own = matches!(&value, Expr::Column(column) if column.name == label);
        let output = Output { expr: value, label: (!is_own).then(|| label.clone()) };
        self.push_output(step, output, ResultColumn { node: Some(node), label, origin })
    }

    /// Adds a member to the JSON that a node is read from, under a name that is still free in it, and gives the name.
    pub(super) fn add_json_member(&mut self, parent: NodeId, name: &str, json: Json) -> String {
        let Some(holder) = self.json_of(parent) else { unreachable!("the parent is read from JSON") };
        let mut free = name.to_owned();
        while holder.members.iter().any(|member| member.name == free) {
            free.push('_');
        }
        holder.members.push(JsonMember { name: free.clone(), value: JsonValue::Json(Box::new(json)) });
        free
    }

    /// The JSON in a statement that a node is read from.
    fn json_of(&mut self, node: NodeId) -> Option<&mut Json> {
        let Node { parent, step, cells, .. } = self.plan.node(node).clone();
        let value = match cells {
            Cells::Columns { .. } => return None,
            Cells::Json { at: JsonAt::Cell(cell), .. } => &mut self.select_mut(step).outputs[cell].expr,
            Cells::Json { at: JsonAt::Member(name), .. } => {
                let members = &mut self.json_of(parent?.0)?.members;
                let member = members.iter_mut().find(|member| member.name == name)?;
                return if let JsonValue::Json(json) = &mut member.value { Some(json) } else { None };
            }
        };
        if let Expr::Json(json) = value { Some(json) } else { None }
    }

    /// The node that will be added next.
    pub(super) fn next_node(&self) -> NodeId {
        NodeId(self.plan.nodes.len() as u32)
    }

    fn push_output(&mut self, step: StepId, output: Output, column: ResultColumn) -> usize {
        let step = &mut self.plan.steps[step.0 as usize];
        step.outputs.push(column);
        step.select.outputs.push(output);
        step.outputs.len() - 1
    }
}
