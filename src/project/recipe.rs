//! What the generated rows are made by: kept in the document instead of the rows themselves.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::schema::{ModelId, RelationshipId};

/// How many rows are generated, and how they are linked. The same recipe for the same schema gives the same rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recipe {
    /// Another seed gives other rows.
    pub seed: u32,
    /// How many rows of each model; of those that are not there, none.
    pub counts: BTreeMap<ModelId, u32>,
    /// How many each row is linked to, for the relationships of which it is said.
    pub spreads: BTreeMap<RelationshipId, Spread>,
}

/// How many rows each row of one model is linked to: in a one-to-many the holders of each target, in a many-to-many
/// the right ones of each left one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// At least so many.
    pub least: u32,
    /// At most so many; `None` for any number.
    pub most: Option<u32>,
}

impl Recipe {
    /// How many rows of exactly this model.
    pub fn count(&self, model: ModelId) -> u32 {
        self.counts.get(&model).copied().unwrap_or(0)
    }
}
