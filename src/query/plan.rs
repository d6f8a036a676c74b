//! The checked query, and the plan that answers it. Data only: [`super::planner`] makes it, the engine runs it.

use serde::{Deserialize, Serialize};

use super::Strategy;
use crate::mapping::TableId;
use crate::schema::{EndId, FieldId, ModelId, Origin};
use crate::sql::{Operator, Select};
use crate::value::Value;

/// A query without errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The model whose objects are asked for.
    pub root: ModelId,
    /// The relationships to load with them.
    pub includes: Vec<Include>,
    /// The condition on the objects.
    pub filter: Filter,
    /// Their order.
    pub order: Vec<OrderBy>,
    /// The most objects to return.
    pub limit: Option<u64>,
    /// The objects to pass over first.
    pub offset: Option<u64>,
}

/// A relationship to load, and those to load behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Include {
    /// The property to follow.
    pub end: EndId,
    /// How to load it.
    pub strategy: Strategy,
    /// What to load behind it.
    pub includes: Vec<Include>,
}

/// A condition on an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of them hold.
    All(Vec<Filter>),
    /// At least one of them holds.
    Any(Vec<Filter>),
    /// A test of a field.
    Test(FieldId, Predicate),
}

/// A test of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// A comparison with a value.
    Compare(Operator, Value),
    /// Matches a pattern with `%` and `_`, as SQLite's `LIKE`: without regard to the case of ASCII letters.
    Like(String),
    /// Is one of these values.
    In(Vec<Value>),
    /// Has no value.
    IsNull,
    /// Has a value.
    IsNotNull,
}

/// One term of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderBy {
    /// The field.
    pub field: FieldId,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// A place in the tree of what a query loads: the root, or an included relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub u32);

/// A step of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(pub u32);

/// How a query is answered: what is loaded (nodes) and by which statements (steps).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// What is loaded, each node after its parent. The first is the root.
    pub nodes: Vec<Node>,
    /// The statements, each after the one that feeds it. The first is the root's.
    pub steps: Vec<Step>,
}

impl Plan {
    /// The node with this id.
    ///
    /// # Panics
    /// If the id came from another plan.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The step with this id.
    ///
    /// # Panics
    /// If the id came from another plan.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.0 as usize]
    }

    /// The nodes whose columns stand in the rows of a step, the step's own first.
    pub fn nodes_of(&self, step: StepId) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(move |node| node.step == step)
    }

    /// The steps that load what hangs directly on objects that this step reads.
    pub fn steps_below(&self, step: StepId) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |below| {
            let parent = self.node(below.node).parent;
            parent.is_some_and(|(parent, _)| self.node(parent).step == step) && below.id != step
        })
    }
}

/// One thing that a query loads: objects of a model, reached in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its identity.
    pub id: NodeId,
    /// The model of the objects.
    pub model: ModelId,
    /// Their table.
    pub table: TableId,
    /// The node they hang on and the property that leads here; `None` for the root.
    pub parent: Option<(NodeId, EndId)>,
    /// The step whose rows hold their columns.
    pub step: StepId,
    /// Which of its kind it is.
    pub role: Role,
    /// The name or alias of their table in that step's statement.
    pub source: String,
    /// The position of their table's first column in the rows. The others follow in the table's order.
    pub first_output: usize,
    /// How many columns that are.
    pub width: usize,
    /// Positions of the primary key's columns in the rows.
    pub key_outputs: Vec<usize>,
}

/// Whether a node is the one that its include asks for.
///
/// A lazy load that finds its target in the identity map, or its property loaded before, sends nothing: then what was
/// to be loaded together with that target is not loaded either. An ORM loads it lazily when code gets there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is, and nothing can come in its way.
    Asked,
    /// It is; where it came to nothing, this other node loads the same lazily.
    AskedWithStandIn(NodeId),
    /// It stands in for another one.
    StandIn,
}

/// One statement of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its identity.
    pub id: StepId,
    /// The node that it is for. Joined nodes may share its rows.
    pub node: NodeId,
    /// The statement, rendered anew for the keys of each run.
    pub select: Select,
    /// How often it runs, and for which keys.
    pub runs: Runs,
    /// What each column of its rows is.
    pub outputs: Vec<ResultColumn>,
    /// Positions of the columns that say which parent a row belongs to, in the order of the run's key. Empty if the
    /// run itself says so.
    pub parent_outputs: Vec<usize>,
}

/// How often a step runs, and where its parameters come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runs {
    /// Once, for the query itself.
    Once,
    /// Once for each parent object, when code touches the property: N+1.
    PerObject {
        /// The columns of the parent's table that make up the key.
        key: Vec<usize>,
        /// Whether the key is the target's primary key, so that the identity map may spare the run.
        to_one: bool,
    },
    /// Once for each chunk of the parents' keys, right after the parents were read.
    PerChunk {
        /// The columns of the parent's table that make up the key.
        key: Vec<usize>,
        /// How many keys one statement takes.
        size: usize,
    },
}

/// What a column of a statement's rows is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultColumn {
    /// The node that its value belongs to; `None` for a key that only says whose row it is.
    pub node: Option<NodeId>,
    /// Its name in the result.
    pub label: String,
    /// What it came from.
    pub origin: Origin,
}
