//! What samples are drawn with: models, relationships and rows in a line each.

use crate::project::data::{Data, Pair, RowId};
use crate::project::file::Project;
use crate::query::{IncludeDraft, QueryDraft, Strategy};
use crate::schema::{
    Draft, EndId, FieldDraft, FieldId, FieldType, KindTables, ModelDraft, ModelId, RelationshipDraft,
    RelationshipId, Shape, Side,
};
use crate::session::{ObjectDraft, ScriptDraft, StepDraft};

/// A sample under construction. Ids count upwards from 1.
#[derive(Default)]
pub(super) struct Sketch {
    draft: Draft,
    data: Data,
}

impl Sketch {
    /// A model with these fields. Those whose names begin with `*` are its primary key.
    pub(super) fn model(&mut self, name: &str, fields: &[(&str, FieldType)]) -> ModelId {
        let id = ModelId(self.draft.fresh_id());
        let mut all = Vec::new();
        for (name, field_type) in fields {
            let id = FieldId(self.draft.fresh_id());
            let field = FieldDraft::new(id, name.trim_start_matches('*'), *field_type);
            all.push(FieldDraft { primary_key: name.starts_with('*'), ..field });
        }
        self.draft.models.push(ModelDraft::new(id, name, all));
        id
    }

    /// A model that is a kind of another, with these fields of its own.
    pub(super) fn kind(&mut self, parent: ModelId, name: &str, fields: &[(&str, FieldType)]) -> ModelId {
        let id = self.model(name, fields);
        self.draft.model_mut(id).into_iter().for_each(|model| model.kind.parent = Some(parent));
        id
    }

    /// Says which tables the rows of a model's kinds stand in.
    pub(super) fn keep_kinds(&mut self, root: ModelId, tables: KindTables) {
        self.draft.model_mut(root).into_iter().for_each(|model| model.kind.tables = tables);
    }

    /// A relationship with these names for its properties, changed by `change`.
    pub(super) fn relate(
        &mut self,
        shape: Shape,
        [left, right]: [(ModelId, &str); 2],
        change: impl FnOnce(&mut RelationshipDraft),
    ) -> RelationshipId {
        let id = RelationshipId(self.draft.fresh_id());
        let mut relationship = RelationshipDraft::new(id, shape, left.0, right.0);
        relationship.left.name = left.1.into();
        relationship.right.name = right.1.into();
        change(&mut relationship);
        self.draft.relationships.push(relationship);
        id
    }

    /// The field of a model at this place.
    pub(super) fn field(&mut self, model: ModelId, at: usize) -> Option<&mut FieldDraft> {
        self.draft.model_mut(model).and_then(|model| model.fields.get_mut(at))
    }

    /// Rows with these texts in a model's fields, in order. An empty text leaves the cell without a value.
    pub(super) fn rows(&mut self, model: ModelId, rows: &[&[&str]]) -> Vec<RowId> {
        let fields: Vec<FieldId> = self.draft.fields_of(model).into_iter().map(|field| field.id).collect();
        let mut ids = Vec::new();
        for texts in rows {
            let row = self.data.add_row(model);
            for (field, text) in fields.iter().zip(*texts).filter(|(_, text)| !text.is_empty()) {
                self.data.set_cell(model, row, *field, Some((*text).into()));
            }
            ids.push(row);
        }
        ids
    }

    /// Links rows by their places, counted from 0.
    pub(super) fn link(
        &mut self,
        relationship: RelationshipId,
        left: &[RowId],
        right: &[RowId],
        pairs: &[(usize, usize)],
    ) {
        for &(from, to) in pairs {
            self.data.link(relationship, Pair { left: left[from], right: right[to] });
        }
    }

    /// A field's id with a text for it: a value of a new object. Nothing for a field that is not there.
    pub(super) fn value<'a>(&mut self, model: ModelId, at: usize, text: &'a str) -> Vec<(FieldId, &'a str)> {
        self.field(model, at).map(|field| (field.id, text)).into_iter().collect()
    }

    /// The project that asks for all objects of a model with these relationships.
    pub(super) fn ask(self, root: ModelId, includes: Vec<IncludeDraft>) -> Project {
        let query = QueryDraft { includes, ..QueryDraft::all(root) };
        Project {
            name: String::new(),
            draft: self.draft,
            data: self.data,
            query,
            script: ScriptDraft::default(),
            ..Project::default()
        }
    }
}

/// A relationship to load.
pub(super) fn include(end: EndId, strategy: Strategy, includes: Vec<IncludeDraft>) -> IncludeDraft {
    IncludeDraft::new(end, strategy, includes)
}

/// The property of the left model.
pub(super) fn left(relationship: RelationshipId) -> EndId {
    EndId { relationship, side: Side::Left }
}

/// The property of the right model.
pub(super) fn right(relationship: RelationshipId) -> EndId {
    EndId { relationship, side: Side::Right }
}

/// The script with these steps.
pub(super) fn script(steps: impl IntoIterator<Item = StepDraft>) -> ScriptDraft {
    ScriptDraft { steps: steps.into_iter().collect() }
}

/// A new object with these values, added to the session.
pub(super) fn new(name: &str, model: ModelId, values: &[(FieldId, &str)]) -> StepDraft {
    let values = values.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
    StepDraft::New { name: name.into(), model: Some(model), values, add: true }
}

/// A new object with these values, not added to the session yet.
pub(super) fn make(name: &str, model: ModelId, values: &[(FieldId, &str)]) -> StepDraft {
    match new(name, model, values) {
        StepDraft::New { name, model, values, .. } => StepDraft::New { name, model, values, add: false },
        other => other,
    }
}

/// An object that the script made.
pub(super) fn made(name: &str) -> ObjectDraft {
    ObjectDraft::New(name.into())
}

/// An object of the data, by its key.
pub(super) fn stored(model: ModelId, key: &str) -> ObjectDraft {
    ObjectDraft::Stored(Some(model), vec![key.into()])
}

/// A link by a property.
pub(super) fn link(object: ObjectDraft, end: EndId, target: ObjectDraft) -> StepDraft {
    StepDraft::Link { object, end: Some(end), target }
}

/// A link taken away: from a property to one, or, with a target, from a collection.
pub(super) fn unlink(object: ObjectDraft, end: EndId, target: Option<ObjectDraft>) -> StepDraft {
    StepDraft::Unlink { object, end: Some(end), target }
}

/// A deletion.
pub(super) fn delete(object: ObjectDraft) -> StepDraft {
    StepDraft::Delete { object }
}
