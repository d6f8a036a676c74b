//! What the session has to know of kinds: where an object's values stand if its row is several, and which are not its.

use super::state::Obj;
use super::work::{Identity, Session};
use crate::mapping::Table;
use crate::schema::ModelId;
use crate::value::Value;

impl<'a> Session<'a> {
    /// The model under which the identity map has objects, and the unit of work deals with them: the one at the top.
    pub(super) fn family(&self, model: ModelId) -> ModelId {
        self.schema.root_of(model)
    }

    /// The same of an object.
    pub(super) fn family_of(&self, object: Obj) -> ModelId {
        self.family(self.at(object).model)
    }

    /// What makes an object the same, once it has a row.
    pub(super) fn identity(&self, object: Obj) -> Option<Identity> {
        let state = self.at(object);
        state.key.clone().map(|key| (self.family(state.model), key))
    }

    /// A new object. That it is of its kind is the first of its changes.
    pub(super) fn make_new(&mut self, model: ModelId) -> Obj {
        let object = self.make(model);
        if let Some((at, _)) = self.mark_of(model) {
            self.at_mut(object).old.insert(at, None);
        }
        object
    }

    /// The column that says which kind an object is, and what stands there.
    pub(super) fn mark_of(&self, model: ModelId) -> Option<(usize, Value)> {
        let kinds = self.relational.kinds_of(model)?;
        Some((kinds.column, Value::Text(kinds.of.first()?.value.clone())))
    }

    /// The kind of a model that these values of a row say.
    pub(super) fn kind_in(&self, model: ModelId, values: &[Option<Value>]) -> ModelId {
        let said = self.relational.kinds_of(model).and_then(|kinds| {
            let mark = values[kinds.column].as_ref()?;
            Some(kinds.marked(mark)?.model)
        });
        said.unwrap_or(model)
    }

    /// Whether objects of a model have no part in a column, which only others kinds have.
    pub(super) fn lacks(&self, model: ModelId, at: usize) -> bool {
        let kinds = self.relational.kinds_of(model);
        kinds.and_then(|kinds| kinds.of.first()).is_some_and(|own| own.lacks.contains(&at))
    }

    /// The tables that objects of a model and its kinds stand in, each after the one in which its rows go on.
    pub(super) fn tables_of(&self, model: ModelId) -> Vec<&'a Table> {
        let table = self.table_of(model);
        match &table.whole {
            None => vec![table],
            Some(whole) => whole.parts.iter().map(|part| self.relational.table(part.table)).collect(),
        }
    }

    /// Whether an object has a row in one of these tables.
    pub(super) fn stands_in(&self, object: Obj, table: &Table) -> bool {
        let whole = self.table(object).whole.as_ref();
        let part = whole.and_then(|whole| whole.parts.iter().find(|part| part.table == table.id));
        part.is_none_or(|part| self.schema.is_kind_of(self.at(object).model, part.model))
    }

    /// Where the value of a column of one of these tables stands among an object's values.
    pub(super) fn value_of(&self, table: &Table, at: usize) -> usize {
        self.relational.in_whole(table.id, at).1
    }

    /// Whether a column of one of these tables is one of an object's.
    pub(super) fn has_column(&self, object: Obj, table: &Table, at: usize) -> bool {
        !self.lacks(self.at(object).model, self.value_of(table, at))
    }
}
