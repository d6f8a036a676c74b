//! The plan that answers a query. Data only: [`super::planner`] makes it, the engine runs it.

use serde::{Deserialize, Serialize};

use crate::mapping::{KindAt, Kinds, TableId};
use crate::schema::{EndId, ModelId, Origin};
use crate::sql::Select;
use crate::value::Value;

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

    /// The steps that load what hangs directly on objects that this step reads, each with the node where those are.
    pub fn steps_below(&self, step: StepId) -> impl Iterator<Item = (&Step, NodeId)> {
        self.steps.iter().filter(move |below| below.id != step).filter_map(move |below| {
            let node = self.node(below.node);
            let (parent, _) = node.parent.filter(|_| node.role == Role::Asked)?;
            (self.node(parent).step == step).then_some((below, parent))
        })
    }

    /// Whether objects read at a node must not load a property when code touches it.
    pub fn forbids(&self, node: NodeId, end: EndId) -> bool {
        let at = |step: &&Step| self.node(step.node).parent == Some((node, end));
        self.steps.iter().filter(at).any(|step| matches!(step.runs, Runs::Raises { .. }))
    }

    /// The step that loads a property of an object when code touches it and it is not loaded yet. `home` is the node
    /// that the object was first read at. `None` if what code meets it at has to do.
    pub fn lazy_step(&self, home: NodeId, end: EndId) -> Option<&Step> {
        let with_role = |role| {
            let is_it = move |node: &&Node| node.role == role && node.parent.is_some_and(|(_, of)| of == end);
            self.nodes.iter().filter(is_it)
        };
        let own = with_role(Role::Asked).find(|node| node.parent == Some((home, end)));
        let waits = |node: &&Node| {
            let step = self.step(node.step);
            step.node == node.id && matches!(step.runs, Runs::PerObject { .. })
        };
        let node = own.filter(waits).or_else(|| with_role(Role::Plain).next())?;
        Some(self.step(node.step))
    }
}

/// One thing that a query loads: objects of a model, reached in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its identity.
    pub id: NodeId,
    /// The model of the objects.
    pub model: ModelId,
    /// Which kinds of it there are; `None` if it has none and is none.
    pub kinds: Option<Kinds>,
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
    /// Where their values stand in that step's rows.
    pub cells: Cells,
    /// Positions of the computed values in the rows; only the root has any.
    pub computed: Vec<usize>,
    /// The columns of their table that are not read, by position, because nobody asked for their fields.
    pub unloaded: Vec<usize>,
}

impl Node {
    /// The model under which the identity map has the objects: all kinds of a model share their keys.
    pub fn family(&self) -> ModelId {
        self.kinds.as_ref().map_or(self.model, |kinds| kinds.root)
    }

    /// Whether an object of a model can stand here.
    pub fn takes(&self, model: ModelId) -> bool {
        match &self.kinds {
            None => model == self.model,
            Some(kinds) => kinds.of.iter().any(|kind| kind.model == model),
        }
    }

    /// The kind that the values of all columns of the table say.
    pub fn kind_in(&self, values: &[Value]) -> Option<&KindAt> {
        let kinds = self.kinds.as_ref()?;
        kinds.marked(values.get(kinds.column)?)
    }

    /// Where a column of the table that is read stands among those that are.
    pub fn place_of(&self, column: usize) -> usize {
        column - self.unloaded.iter().filter(|unloaded| **unloaded < column).count()
    }

    /// The values of all columns of the table: those that were read, and `NULL` in place of the others.
    pub fn spread(&self, read: &[Value]) -> Vec<Value> {
        let mut values = read.to_vec();
        self.unloaded.iter().for_each(|&at| values.insert(at, Value::Null));
        values
    }

    /// The key of the object that a row names here: `None` if it names none, or many.
    pub fn key_in(&self, row: &[Value]) -> Option<Vec<Value>> {
        let Cells::Columns { key, .. } = &self.cells else { return None };
        let key: Vec<Value> = key.iter().map(|&at| row[at].clone()).collect();
        (!key.iter().any(Value::is_null)).then_some(key)
    }
}

/// Where the values of a node's objects stand in the rows of its step.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// In cells of their own: all columns of the table that are read side by side, in the table's order.
    Columns {
        /// The position of the first.
        first: usize,
        /// How many.
        width: usize,
        /// The positions of the primary key's.
        key: Vec<usize>,
    },
    /// Together in one cell, as JSON.
    Json {
        /// The cell, or the member of the parent's JSON.
        at: JsonAt,
        /// The members that hold the columns' values, in the table's order.
        members: Vec<JsonColumn>,
        /// The positions of the primary key among them.
        key: Vec<usize>,
    },
}

/// Where the JSON of a node stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonAt {
    /// In this cell of the row.
    Cell(usize),
    /// In this member of the JSON object that is the parent.
    Member(String),
}

/// A column's value as a member of a JSON object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonColumn {
    /// The member's name.
    pub name: String,
    /// Whether it is an SQL literal in a string, for what JSON cannot hold as it is.
    pub quoted: bool,
}

/// Whether a node is one that an include asks for.
///
/// An object remembers the node that it was first read at. Where a lazy load meets it again it brings nothing with it, and
/// code that touches its properties gets what its own node asks for; what that does not ask for is loaded plainly.
/// So do ORMs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is.
    Asked,
    /// It loads a property lazily, with nothing else, for objects whose own node does not ask for it.
    Plain,
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
    /// Once for each parent object: N+1.
    PerObject {
        /// The columns of the parent's table that make up the key.
        key: Vec<usize>,
        /// Whether the key is the target's primary key, so that the identity map may spare the run.
        to_one: bool,
        /// Whether a key that is `NULL` is asked for, too. Only of a primary key ORMs know that it leads nowhere.
        asks_null: bool,
        /// When it runs.
        when: When,
    },
    /// Once for each chunk of the parents' keys, right after the parents were read.
    PerChunk {
        /// The columns of the parent's table that make up the key.
        key: Vec<usize>,
        /// How many keys one statement takes.
        size: usize,
    },
    /// Once for all parents that a statement brought, right after it and with its parameters; not at all for none.
    ForAll {
        /// The columns of the parent's table that make up the key.
        key: Vec<usize>,
    },
    /// Never: to touch the property is an error.
    Raises {
        /// The columns of the parent's table that would make up the key.
        key: Vec<usize>,
    },
}

impl Runs {
    /// The columns of the parent's table that make up the key of a run.
    pub fn key(&self) -> &[usize] {
        match self {
            Runs::Once => &[],
            Runs::PerObject { key, .. }
            | Runs::PerChunk { key, .. }
            | Runs::ForAll { key }
            | Runs::Raises { key } => key,
        }
    }
}

/// When a step runs that runs once per object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// When code touches the property.
    Touched,
    /// Right after the parents were read.
    AtOnce,
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
