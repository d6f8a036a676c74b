//! The graph of objects as data.

use std::collections::{BTreeMap, HashMap};

use crate::query::{Node, NodeId};
use crate::schema::{EndId, ModelId};
use crate::trace::ObjectId;
use crate::value::Value;

/// Objects and the edges between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectGraph {
    /// Every object once, in the order in which the rows first named it.
    pub objects: Vec<Object>,
    /// The objects that the query asked for, in the order of its rows.
    pub roots: Vec<ObjectId>,
    /// Under the model at the top: all kinds of a model share their keys.
    pub(super) identities: HashMap<(ModelId, Vec<Value>), ObjectId>,
}

/// An object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its identity in this graph.
    pub id: ObjectId,
    /// Its model: where a table holds several kinds, the one that the row says.
    pub model: ModelId,
    /// The values of its primary key.
    pub key: Vec<Value>,
    /// The values of its table's columns, in the table's order; `NULL` for those that are not loaded, and for those
    /// that only other kinds have.
    pub values: Vec<Value>,
    /// The columns that are not loaded, by position: the query did not want their fields.
    pub unloaded: Vec<usize>,
    /// What the query computed for it, in the query's order; empty if it did not ask for this object itself.
    pub computed: Vec<Value>,
    /// Every row that named it, in order. Its values came from the first.
    pub seen: Vec<RowAt>,
    /// The properties that were loaded.
    pub links: BTreeMap<EndId, Linked>,
}

/// A place in a trace where an object's columns stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowAt {
    /// The run, by position in the trace.
    pub run: u32,
    /// The row, by position in the run's rows.
    pub row: u32,
    /// The node whose columns they are.
    pub node: NodeId,
}

/// A loaded property.
#[derive(Clone, Debug, PartialEq)]
pub enum Linked {
    /// To one object, or none.
    One(Option<Edge>),
    /// To any number of objects, in the order of the rows.
    Many(Vec<Edge>),
}

impl Linked {
    /// The edges, none to many.
    pub fn edges(&self) -> &[Edge] {
        match self {
            Linked::One(edge) => edge.as_slice(),
            Linked::Many(edges) => edges,
        }
    }
}

/// An edge to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Where it leads.
    pub target: ObjectId,
    /// The row that said so; `None` if the identity map had the object and no statement was sent.
    pub from: Option<RowAt>,
}

impl ObjectGraph {
    /// The object with this id.
    ///
    /// # Panics
    /// If the id came from another graph.
    pub fn object(&self, id: ObjectId) -> &Object {
        &self.objects[id.0 as usize]
    }

    /// The object with this primary key that can stand at a node, if a row has named it: the identity map.
    pub fn find(&self, node: &Node, key: &[Value]) -> Option<ObjectId> {
        // The map's keys own their values; a borrowed look-up would need a key type of its own.
        let known = self.identities.get(&(node.family(), key.to_vec())).copied();
        // One of another kind is not what the key was to lead to.
        known.filter(|known| node.takes(self.object(*known).model))
    }

    /// The graph as nothing but what it says: objects by model and key, their values, and the keys that each loaded
    /// property leads to. Rows, statements and the order of collections are left out, so that what different
    /// loading strategies bring back can be compared.
    pub fn canonical(&self) -> Canonical {
        let name = |id: ObjectId| (self.object(id).model, self.object(id).key.clone());
        let objects = self.objects.iter().map(|object| {
            let links = object.links.iter().map(|(end, linked)| {
                let mut targets: Vec<Identity> =
                    linked.edges().iter().map(|edge| name(edge.target)).collect();
                targets.sort();
                (*end, targets)
            });
            ((object.model, object.key.clone()), (object.values.clone(), links.collect()))
        });
        let computed = self.objects.iter().filter(|object| !object.computed.is_empty());
        let computed = computed.map(|object| (name(object.id), object.computed.clone())).collect();
        Canonical {
            objects: objects.collect(),
            computed,
            roots: self.roots.iter().map(|&id| name(id)).collect(),
        }
    }
}

/// A model and a primary key: what makes a database row the same object.
pub type Identity = (ModelId, Vec<Value>);

/// Where each loaded property leads, in the order of the keys.
pub type CanonicalLinks = BTreeMap<EndId, Vec<Identity>>;

/// A graph without what differs between strategies. See [`ObjectGraph::canonical`].
#[derive(Clone, Debug, PartialEq)]
pub struct Canonical {
    /// Each object's values and loaded properties.
    pub objects: BTreeMap<Identity, (Vec<Value>, CanonicalLinks)>,
    /// What was computed for an object.
    pub computed: BTreeMap<Identity, Vec<Value>>,
    /// The objects that the query asked for, in order.
    pub roots: Vec<Identity>,
}
