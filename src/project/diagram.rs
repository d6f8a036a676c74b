//! Where a person has put the boxes of the diagram. What nobody moved is laid out anew each time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::schema::{ModelId, RelationshipId};

/// The upper left corner of a box, in the diagram's own pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// To the right.
    pub x: i32,
    /// Downwards.
    pub y: i32,
}

/// The boxes that were moved by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spots {
    /// Those of models.
    pub models: BTreeMap<ModelId, Spot>,
    /// Those of join tables, by their relationships.
    pub joins: BTreeMap<RelationshipId, Spot>,
}

impl Spots {
    /// Whether nothing was moved.
    pub fn is_empty(&self) -> bool {
        self.models.is_empty() && self.joins.is_empty()
    }
}
