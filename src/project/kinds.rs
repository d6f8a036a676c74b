//! Making a model a kind of another one, or one of its own again, and the rows that go with it.

use std::collections::BTreeMap;

use super::data::{Pair, Row, RowId};
use super::edit::next_key;
use super::file::Project;
use crate::schema::{FieldDraft, FieldId, ModelDraft, ModelId, Side};

impl Project {
    /// The models that a model can be a kind of: not itself, nor one of its kinds.
    pub fn possible_parents(&self, model: ModelId) -> impl Iterator<Item = &ModelDraft> {
        self.draft.models.iter().filter(move |parent| !self.draft.is_kind_of(parent.id, model))
    }

    /// Makes a model a kind of another one. Its own key goes, since it has that of the other, and its rows are numbered
    /// anew. With `None` it is one of its own again, with a key. Links that no longer fit go.
    pub fn set_parent(&mut self, model: ModelId, parent: Option<ModelId>) {
        if parent.is_some_and(|parent| self.draft.is_kind_of(parent, model)) {
            return;
        }
        let Some(draft) = self.draft.model_mut(model) else { return };
        draft.kind.parent = parent;
        let keys: Vec<FieldId> =
            draft.fields.iter().filter(|field| field.primary_key).map(|field| field.id).collect();
        if parent.is_some() {
            keys.into_iter().for_each(|key| self.delete_field(model, key));
            self.number(model);
        } else if keys.is_empty() {
            let key = FieldDraft::key(FieldId(self.draft.fresh_id()));
            self.draft.model_mut(model).into_iter().for_each(|draft| draft.fields.insert(0, key.clone()));
            self.number(model);
        }
        self.keep_fitting_kinds();
    }

    /// Gives a model's rows the next keys, as far as those are numbers.
    fn number(&mut self, model: ModelId) {
        let rows: Vec<RowId> = self.data.rows_of(model).iter().map(|row| row.id).collect();
        for row in rows {
            if let Some((field, key)) = next_key(self, model) {
                self.data.set_cell(model, row, field, Some(key));
            }
        }
    }

    /// Takes away the links of rows that are of other models than their relationship is between.
    pub(super) fn keep_fitting_kinds(&mut self) {
        let mut models: BTreeMap<RowId, ModelId> = BTreeMap::new();
        for (model, rows) in &self.data.rows {
            models.extend(rows.iter().map(|row| (row.id, *model)));
        }
        for relationship in &self.draft.relationships {
            let fits = |side: Side, row: RowId| {
                let (end, model) = (relationship.end(side).model, models.get(&row));
                end.zip(model).is_none_or(|(end, model)| self.draft.is_kind_of(*model, end))
            };
            let stays = |pair: &Pair| Side::BOTH.iter().all(|side| fits(*side, pair.at(*side)));
            self.data.unlink(relationship.id, |pair| !stays(pair));
        }
    }

    /// The rows of a model and of its kinds, each with its own model.
    pub fn rows_of_kinds(&self, model: ModelId) -> impl Iterator<Item = (&ModelDraft, &std::rc::Rc<Row>)> {
        let kinds = self.draft.kinds_of(model);
        kinds.flat_map(|kind| self.data.rows_of(kind.id).iter().map(move |row| (kind, row)))
    }
}
