//! What a deletion would do, found out beforehand.

use serde::{Deserialize, Serialize};

use crate::project::RowId;
use crate::schema::RelationshipId;

/// What deleting rows does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Consequences {
    /// The database deletes them, and these go or change with them.
    Allowed(Changes),
    /// The database refuses.
    Blocked {
        /// Why, in plain words.
        message: String,
        /// SQLite's own words.
        sqlite: String,
        /// The rows that point to the ones to be deleted.
        by: Vec<RowId>,
    },
}

/// What changes in the document when rows are deleted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// The rows that go: those asked for, and those that went with them.
    pub deleted: Vec<RowId>,
    /// The rows whose link was cleared, with the relationship.
    pub unlinked: Vec<(RelationshipId, RowId)>,
    /// How many links of many-to-many relationships go.
    pub pairs: u32,
    /// The rows whose key points nowhere then, with the relationship: no foreign key guards it.
    pub dangling: Vec<(RelationshipId, RowId)>,
}
