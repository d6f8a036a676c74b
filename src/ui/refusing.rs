//! The key that refuses a deletion, and the way to the list where that is chosen.

use super::schema::diagram::Thing;
use super::state::{Focus, Panel, State};
use crate::mapping::ForeignKey;
use crate::project::RowId;
use crate::schema::{ModelId, OnDelete, RelationshipId};

/// The `id` of the list of a relationship's ON DELETE in the form.
pub fn on_delete_id(relationship: RelationshipId) -> String {
    format!("{relationship}-on-delete")
}

impl State {
    /// The relationship whose key refuses to have a row of this model deleted, because of these rows.
    pub(super) fn refusing_key(&self, model: ModelId, by: &[RowId]) -> Option<RelationshipId> {
        let relational = &self.good.as_ref()?.relational;
        let refuses = |key: &&ForeignKey| matches!(key.on_delete, OnDelete::NoAction | OnDelete::Restrict);
        let models = self.project.draft.models.iter().map(|model| model.id);
        let in_the_way = |model: &ModelId| by.iter().any(|row| self.project.data.row(*model, *row).is_some());
        let tables = models.filter(in_the_way).filter_map(|model| relational.own_table_of(model));
        let near = tables.flat_map(|table| &relational.table(table).foreign_keys).find(refuses);
        // A pair of a join table is no row of a model.
        let target = relational.own_table_of(model);
        let keys = || relational.tables.iter().flat_map(|table| &table.foreign_keys);
        let key = near.or_else(|| keys().filter(refuses).find(|key| Some(key.target) == target));
        key.map(|key| key.relationship)
    }

    /// The state in which the list of a relationship's ON DELETE has the focus.
    pub(super) fn at_on_delete(mut self, relationship: RelationshipId) -> State {
        (self.view.panel, self.view.presenting) = (Panel::Define, false);
        self.view.diagram.chosen = Some(Thing::Relationship(relationship));
        self.focus =
            Some(Focus { revision: self.revision, element: on_delete_id(relationship), if_lost: false });
        self.notice = None;
        self
    }
}
