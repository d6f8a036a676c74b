//! The relational side as data: tables, and where each relationship was placed in them.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::kinds::Kinds;
use super::whole::Whole;
use crate::schema::{
    DefaultValue, FieldId, FieldType, ModelId, OnDelete, OnUpdate, Origin, RelationshipId, Side,
};

/// A table of the relational side, by its place in [`Relational::tables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TableId(pub u32);

/// Everything that a schema becomes in the database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relational {
    /// The tables in the order in which they are created: a table comes after those it points to, as far as there
    /// is no ring of them.
    pub tables: Vec<Table>,
    /// For each model at the top whose kinds have tables of their own: all those tables as one. They are not created.
    pub wholes: Vec<Table>,
    pub(super) by_model: IndexMap<ModelId, TableId>,
    /// The own tables of models that are kinds of one another.
    pub(super) parts: IndexMap<ModelId, TableId>,
    /// Where the columns of a table lie that is part of a whole.
    pub(super) woven: IndexMap<TableId, (TableId, Vec<usize>)>,
    pub(super) kinds: IndexMap<ModelId, Kinds>,
    pub(super) placements: IndexMap<RelationshipId, Placement>,
    /// The columns, of the type and of the key, that relationships of one table share under a name.
    pub(super) shared_keys: IndexMap<(TableId, String), [usize; 2]>,
}

impl Relational {
    /// The table with this id.
    ///
    /// # Panics
    /// If the id came from another schema.
    pub fn table(&self, id: TableId) -> &Table {
        let at = id.0 as usize;
        self.tables.get(at).unwrap_or_else(|| &self.wholes[at - self.tables.len()])
    }

    /// The table of a model, if the model belongs to this schema: that of the model at the top if it is a kind of one.
    /// Where kinds have tables of their own it is all of them as one.
    pub fn table_of(&self, model: ModelId) -> Option<TableId> {
        self.by_model.get(&model).copied()
    }

    /// The table that is created for a model: its own, or that of the model at the top where all kinds stand in one.
    pub fn own_table_of(&self, model: ModelId) -> Option<TableId> {
        self.parts.get(&model).copied().or_else(|| self.table_of(model))
    }

    /// Where the keys of a relationship lie, if it belongs to this schema.
    pub fn placement(&self, relationship: RelationshipId) -> Option<&Placement> {
        self.placements.get(&relationship)
    }
}

/// One table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its identity.
    pub id: TableId,
    /// Its name, not quoted.
    pub name: String,
    /// What it was made of.
    pub origin: TableOrigin,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The columns of the primary key, by position.
    pub primary_key: Vec<usize>,
    /// The table that its primary key points to, if its rows go on there: that of the model which its own is a kind of.
    pub extends: Option<TableId>,
    /// What it is made of, if it is several tables as one.
    pub whole: Option<Whole>,
    /// Its foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// The indexes beside those that keys and unique columns bring with them.
    pub indexes: Vec<Index>,
}

impl Table {
    /// The table's origin in the terms of the schema.
    pub fn origin(&self) -> Origin {
        match self.origin {
            TableOrigin::Model(model) => Origin::Model(model),
            TableOrigin::Join(relationship) => Origin::Relationship(relationship),
        }
    }

    /// The position of the column that holds this field.
    pub fn field_column(&self, field: FieldId) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| matches!(column.origin, ColumnOrigin::Field(_, id) if id == field))
    }

    /// An index on these columns, named as SQLAlchemy names it.
    pub fn index_on(&self, columns: Vec<usize>, origin: Origin) -> Index {
        let names: Vec<&str> = columns.iter().map(|&at| self.columns[at].name.as_str()).collect();
        Index { name: format!("ix_{}_{}", self.name, names.join("_")), columns, origin }
    }

    /// Whether its primary key points to the table that its rows go on in, by this column, too.
    pub fn is_inherited_key(&self, at: usize) -> bool {
        self.extends.is_some() && self.primary_key.contains(&at)
    }

    /// Whether the primary key is a single integer, which SQLite fills in by itself.
    pub fn has_rowid_key(&self) -> bool {
        matches!(self.primary_key.as_slice(), [key] if self.columns[*key].field_type == FieldType::Integer)
    }
}

/// What a table was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableOrigin {
    /// A model: each row is an object.
    Model(ModelId),
    /// A many-to-many: each row is a pair.
    Join(RelationshipId),
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name, not quoted.
    pub name: String,
    /// The type of its values.
    pub field_type: FieldType,
    /// Whether it refuses `NULL`.
    pub not_null: bool,
    /// Whether it refuses a value that another row has.
    pub unique: bool,
    /// What the database fills in where no value is given.
    pub default: Option<DefaultValue>,
    /// What it was made of.
    pub origin: ColumnOrigin,
}

impl Column {
    /// The column's origin in the terms of the schema.
    pub fn origin(&self) -> Origin {
        match self.origin {
            ColumnOrigin::Field(model, field) => Origin::Field(model, field),
            ColumnOrigin::Key(relationship, _) => Origin::Relationship(relationship),
            ColumnOrigin::Kind(model) => Origin::Model(model),
        }
    }
}

/// What a column was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnOrigin {
    /// A field.
    Field(ModelId, FieldId),
    /// A relationship: part of a key that points to the model at this side.
    Key(RelationshipId, Side),
    /// That this model's table holds rows of its kinds, too: what says which kind a row is.
    Kind(ModelId),
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignKey {
    /// The relationship that needs it.
    pub relationship: RelationshipId,
    /// The side whose model it points to.
    pub side: Side,
    /// Its columns, by position.
    pub columns: Vec<usize>,
    /// The table it points to.
    pub target: TableId,
    /// The columns it points to, by position in the target.
    pub target_columns: Vec<usize>,
    /// What the database does here when the target row is deleted.
    pub on_delete: OnDelete,
    /// What the database does here when the key of the target row changes.
    pub on_update: OnUpdate,
    /// Whether no two rows may share a target: a one-to-one.
    pub unique: bool,
}

/// An index: of a foreign key, or asked for with a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its name, not quoted.
    pub name: String,
    /// The columns, by position.
    pub columns: Vec<usize>,
    /// The relationship whose key it serves, or the field.
    pub origin: Origin,
}

/// Where the keys of a relationship lie.
#[derive(Clone, Debug, PartialEq)]
pub enum Placement {
    /// In the table of one of the two models.
    Key {
        /// The side whose table holds the key.
        holder: Side,
        /// That table.
        table: TableId,
        /// The key's columns there.
        columns: Vec<usize>,
        /// The table it points to.
        target: TableId,
        /// The columns it points to: the primary key, or a unique column.
        target_columns: Vec<usize>,
        /// What says that the key points to this table, if it may point to others; then no foreign key guards it.
        discriminator: Option<Discriminator>,
    },
    /// In a join table.
    Join {
        /// The join table, or that of the join model which the relationship is read through. Only the latter may
        /// hold a pair twice.
        table: TableId,
        /// The columns that point to the left and to the right model.
        columns: [Vec<usize>; 2],
        /// The tables they point to.
        targets: [TableId; 2],
        /// The columns they point to.
        target_columns: [Vec<usize>; 2],
    },
}

/// A column of the key's table whose value says which table the key points to.
#[derive(Clone, Debug, PartialEq)]
pub struct Discriminator {
    /// The column.
    pub column: usize,
    /// Its value where the key points to this relationship's target.
    pub value: String,
}
