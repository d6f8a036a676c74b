//! Models and their kinds: which column tells their rows apart, and which columns are whose.

use super::tables::{Column, ColumnOrigin, Placement, Relational, TableId};
use crate::schema::{FieldType, Model, ModelId, Schema};
use crate::value::Value;

/// How the rows of a model are told from those of its kinds, and from others in the same table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kinds {
    /// The model at the top, whose table says which kind a row is.
    pub root: ModelId,
    /// The column that says which kind a row is.
    pub column: usize,
    /// The model itself first, then its kinds.
    pub of: Vec<KindAt>,
    /// Whether rows of still other models are in the table: not if each kind has one of its own.
    pub among_others: bool,
}

/// A model that is one of several kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindAt {
    /// The model.
    pub model: ModelId,
    /// What marks its rows.
    pub value: String,
    /// The columns that its objects have no part in.
    pub lacks: Vec<usize>,
}

impl Kinds {
    /// The model whose object a row is, by what marks it; `None` if it is none of these.
    pub fn marked(&self, mark: &Value) -> Option<&KindAt> {
        self.of.iter().find(|kind| matches!(mark, Value::Text(text) if *text == kind.value))
    }
}

impl Relational {
    /// How the rows of a model are told from others in the same table; `None` if it has no kinds and is none.
    pub fn kinds_of(&self, model: ModelId) -> Option<&Kinds> {
        self.kinds.get(&model)
    }

    /// The columns of its table that a model's objects have, those of its kinds among them, by position.
    pub fn columns_of(&self, model: ModelId) -> Vec<usize> {
        let Some(table) = self.table_of(model) else { return Vec::new() };
        let has = |at: &usize| {
            self.kinds_of(model).is_none_or(|kinds| kinds.of.iter().any(|kind| !kind.lacks.contains(at)))
        };
        (0..self.table(table).columns.len()).filter(has).collect()
    }
}

/// The column that says which kind a row is.
pub(super) fn kind_column(root: &Model) -> Option<Column> {
    let kind = root.kind.as_ref()?;
    Some(Column {
        name: kind.column.clone(),
        field_type: FieldType::Text,
        not_null: true,
        unique: false,
        default: None,
        origin: ColumnOrigin::Kind(root.id),
    })
}

/// Notes for each model of several kinds which columns are whose. All columns have to be there.
pub(super) fn add_kinds(relational: &mut Relational, schema: &Schema) {
    for model in schema.models() {
        let (Some(kind), Some(id)) = (&model.kind, relational.table_of(model.id)) else { continue };
        let columns = &relational.table(id).columns;
        let Some(column) = columns.iter().position(|column| matches!(column.origin, ColumnOrigin::Kind(_)))
        else {
            continue;
        };
        let mut of: Vec<KindAt> =
            schema.kinds_of(model.id).filter_map(|kind| kind_at(relational, schema, id, kind)).collect();
        of.sort_by_key(|kind| kind.model != model.id);
        let among_others = kind.root != model.id && !model.has_tables_for_kinds();
        let kinds = Kinds { root: kind.root, column, of, among_others };
        relational.kinds.insert(model.id, kinds);
    }
}

fn kind_at(relational: &Relational, schema: &Schema, table: TableId, model: &Model) -> Option<KindAt> {
    let value = model.kind.as_ref()?.value.clone();
    let columns = &relational.table(table).columns;
    let has = |at: usize| match columns[at].origin {
        ColumnOrigin::Field(_, field) => model.fields.contains_key(&field),
        ColumnOrigin::Kind(_) => true,
        ColumnOrigin::Key(..) => holds_key(relational, schema, (table, at), model.id),
    };
    Some(KindAt { model: model.id, value, lacks: (0..columns.len()).filter(|at| !has(*at)).collect() })
}

/// Whether a relationship of the model, or of what it is a kind of, has its key in this column.
fn holds_key(
    relational: &Relational,
    schema: &Schema,
    (table, at): (TableId, usize),
    model: ModelId,
) -> bool {
    schema.relationships().any(|relationship| match relational.placement(relationship.id) {
        Some(Placement::Key { holder, table: held, columns, discriminator, .. }) => {
            let here = columns.contains(&at) || discriminator.as_ref().is_some_and(|kind| kind.column == at);
            *held == table && here && schema.is_kind_of(model, relationship.model(*holder))
        }
        _ => false,
    })
}
