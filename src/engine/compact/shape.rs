//! What the rows of each step are made of, worked out before any of them comes.

use std::rc::Rc;

use super::graph::{Graph, Table};
use super::links::Links;
use crate::query::{Cells, JsonAt, JsonColumn, Node, NodeId, Plan, Role, Runs, Step};
use crate::schema::{EndId, ModelId};

/// The parts of a step's rows.
pub(super) struct StepShape {
    /// The objects, that of the step's own node first.
    pub(super) parts: Vec<Part>,
    /// The objects that come as JSON.
    pub(super) json: Vec<JsonPart>,
    /// The cells that are no object's.
    pub(super) loose: Vec<usize>,
    /// The links of the property that the step loads; `None` for the root's.
    pub(super) links: Option<usize>,
    /// How the rows say whose they are.
    pub(super) owner: Owner,
}

/// How the rows of a step say whose they are.
pub(super) enum Owner {
    /// They need not: there is no parent, or a single one.
    Run,
    /// By the primary key of a parent, whose identities are these.
    Identity(usize),
    /// By other values of a parent.
    Columns(Vec<usize>),
}

/// An object in the rows of a step.
pub(super) struct Part {
    pub(super) node: NodeId,
    pub(super) identities: usize,
    pub(super) first: usize,
    pub(super) width: usize,
    /// Where its primary key stands.
    pub(super) key: Vec<usize>,
    /// The part that it is joined to, and the links.
    pub(super) joined: Option<(usize, usize)>,
    /// Where it is said which kind it is.
    pub(super) kind: Option<usize>,
    /// Where the values stand that statements take as keys.
    pub(super) keys: Vec<usize>,
    /// Whether somebody will ask which objects were read here.
    pub(super) is_parent: bool,
}

/// Objects in a cell of JSON.
pub(super) struct JsonPart {
    pub(super) cell: usize,
    /// The part that they hang on.
    pub(super) parent: usize,
    pub(super) objects: JsonObjects,
}

/// What a piece of JSON says of objects.
pub(super) struct JsonObjects {
    /// Where their values go; its cells are the members.
    pub(super) part: Part,
    /// The links that lead to them.
    pub(super) links: usize,
    /// The members with their columns' values.
    pub(super) members: Vec<JsonColumn>,
    /// The members with what hangs on them in turn.
    pub(super) below: Vec<(String, JsonObjects)>,
}

/// Makes the shapes of a plan, and an empty graph for it.
pub(super) fn shapes(plan: &Plan, collections: &dyn Fn(EndId) -> bool) -> (Rc<[StepShape]>, Graph) {
    let mut graph =
        Graph { loose: plan.steps.iter().map(|_| Default::default()).collect(), ..Graph::default() };
    graph.tables = plan.nodes.iter().map(|node| table(plan, node)).collect();
    let shapes = plan.steps.iter().map(|step| shape(plan, step, collections, &mut graph)).collect();
    (shapes, graph)
}

fn table(plan: &Plan, node: &Node) -> Table {
    let mut key_columns: Vec<usize> = plan
        .steps
        .iter()
        .filter(|step| {
            let parent = plan.node(step.node).parent.map(|(parent, _)| plan.node(parent));
            parent.is_some_and(|parent| parent.table == node.table)
        })
        .flat_map(|step| step.runs.key().iter().copied())
        // What another kind's relationship goes by is not read for this one.
        .filter(|column| !node.unloaded.contains(column))
        .collect();
    key_columns.sort_unstable();
    key_columns.dedup();
    let width = match &node.cells {
        Cells::Columns { width, .. } => *width,
        Cells::Json { members, .. } => members.len(),
    };
    Table { width, key_columns, ..Table::default() }
}

/// The position of the links of a property, made where there are none yet.
pub(super) fn links_of(graph: &mut Graph, end: EndId, collections: &dyn Fn(EndId) -> bool) -> usize {
    let known = graph.links.iter().position(|(known, _)| *known == end);
    known.unwrap_or_else(|| {
        graph.links.push((end, Links::new(collections(end))));
        graph.links.len() - 1
    })
}

/// The position of the identities of a model and its kinds.
pub(super) fn identities_of(graph: &mut Graph, family: ModelId) -> usize {
    let known = graph.identities.iter().position(|(known, _)| *known == family);
    known.unwrap_or_else(|| {
        graph.identities.push((family, Default::default()));
        graph.identities.len() - 1
    })
}

/// Whether these columns are the primary key of a node's objects.
pub(super) fn is_key(node: &Node, columns: &[usize]) -> bool {
    let key: Vec<usize> = match &node.cells {
        Cells::Columns { first, key, .. } => key.iter().map(|at| at - first).collect(),
        Cells::Json { key, .. } => key.clone(),
    };
    key.len() == columns.len() && columns.iter().zip(key).all(|(column, at)| node.place_of(*column) == at)
}

fn shape(plan: &Plan, step: &Step, collections: &dyn Fn(EndId) -> bool, graph: &mut Graph) -> StepShape {
    let (mut parts, mut json): (Vec<Part>, Vec<JsonPart>) = (Vec::new(), Vec::new());
    for node in plan.nodes_of(step.id) {
        let identities = identities_of(graph, node.family());
        let joined = node.parent.filter(|_| node.id != step.node);
        let part_of = |id: NodeId| parts.iter().position(|part| part.node == id);
        let is_parent = node.id.0 == 0
            || plan.nodes.iter().any(|below| {
                below.role == Role::Asked
                    && below.parent.is_some_and(|(parent, _)| parent == node.id)
                    && below.step != step.id
            });
        match &node.cells {
            Cells::Columns { first, width, key } => {
                parts.push(Part {
                    node: node.id,
                    identities,
                    first: *first,
                    width: *width,
                    key: key.clone(),
                    joined: joined.and_then(|(parent, end)| {
                        Some((part_of(parent)?, links_of(graph, end, collections)))
                    }),
                    kind: node.kinds.as_ref().map(|kinds| first + node.place_of(kinds.column)),
                    keys: keys_of(plan, node, *first),
                    is_parent,
                });
            }
            Cells::Json { at, .. } => {
                let Some((above, end)) = joined else { continue };
                links_of(graph, end, collections);
                if let (Some(parent), JsonAt::Cell(cell)) = (part_of(above), at) {
                    let objects = json_objects(plan, node, collections, graph);
                    json.extend(objects.map(|objects| JsonPart { cell: *cell, parent, objects }));
                }
            }
        }
    }
    let is_part = |at: &usize| parts.iter().any(|part| (part.first..part.first + part.width).contains(at));
    let loose = (0..step.outputs.len()).filter(|at| !is_part(at)).collect();
    let parent = plan.node(step.node).parent;
    let links = parent.map(|(_, end)| links_of(graph, end, collections));
    let owner = match (&step.runs, parent) {
        (Runs::PerChunk { key, .. } | Runs::ForAll { key } | Runs::Raises { key }, Some((parent, _))) => {
            let parent = plan.node(parent);
            match is_key(parent, key) {
                true => Owner::Identity(identities_of(graph, parent.family())),
                false => Owner::Columns(key.clone()),
            }
        }
        _ => Owner::Run,
    };
    StepShape { parts, json, loose, links, owner }
}

/// What a node's JSON says of its objects, and of those that hang on them.
fn json_objects(
    plan: &Plan,
    node: &Node,
    collections: &dyn Fn(EndId) -> bool,
    graph: &mut Graph,
) -> Option<JsonObjects> {
    let (Some((_, end)), Cells::Json { members, key, .. }) = (node.parent, &node.cells) else { return None };
    let links = links_of(graph, end, collections);
    let part = Part {
        node: node.id,
        identities: identities_of(graph, node.family()),
        first: 0,
        width: members.len(),
        key: key.clone(),
        joined: None,
        kind: node.kinds.as_ref().map(|kinds| node.place_of(kinds.column)),
        keys: keys_of(plan, node, 0),
        is_parent: true,
    };
    let hangs_on_it = |below: &&Node| below.parent.is_some_and(|(id, _)| id == node.id);
    let mut below = Vec::new();
    for inner in plan.nodes_of(node.step).filter(hangs_on_it) {
        if let Cells::Json { at: JsonAt::Member(name), .. } = &inner.cells {
            below
                .extend(json_objects(plan, inner, collections, graph).map(|objects| (name.clone(), objects)));
        }
    }
    Some(JsonObjects { part, links, members: members.clone(), below })
}

/// Where the values stand that statements take as keys.
fn keys_of(plan: &Plan, node: &Node, first: usize) -> Vec<usize> {
    table(plan, node).key_columns.iter().map(|column| first + node.place_of(*column)).collect()
}
