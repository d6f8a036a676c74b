//! The checked schema: every reference in it leads somewhere, every relationship is what its type says.

use indexmap::IndexMap;

use super::{
    Cascades, EndId, EndOrder, FieldId, FieldType, KindTables, ModelId, OnDelete, OnUpdate, RelationshipId,
    Side,
};
use crate::value::Value;

/// A schema without errors. Models and relationships keep the order of the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    pub(super) models: IndexMap<ModelId, Model>,
    pub(super) relationships: IndexMap<RelationshipId, Relationship>,
}

/// A model: a class of objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its identity.
    pub id: ModelId,
    /// Its name.
    pub name: String,
    /// The name asked for its table; `None` to derive one.
    pub table: Option<String>,
    /// Its fields, in order: first those of what it is a kind of.
    pub fields: IndexMap<FieldId, Field>,
    /// The model that it is a kind of.
    pub parent: Option<ModelId>,
    /// How its rows are told from those of other kinds; `None` if there are no other kinds.
    pub kind: Option<Kind>,
}

/// The place of a model among its kinds and what it is one of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The model at the top, whose table says which kind a row is.
    pub root: ModelId,
    /// Which tables the rows of all of them stand in.
    pub tables: KindTables,
    /// The name of the column that says which kind a row is.
    pub column: String,
    /// What stands there in the rows of this model.
    pub value: String,
}

impl Model {
    /// The fields of the primary key, in order. None if it is made of keys of other models alone: see
    /// [`KeyLink::identifies`].
    pub fn key(&self) -> impl Iterator<Item = &Field> {
        self.fields.values().filter(|field| field.primary_key)
    }

    /// Whether its rows and those of its kinds, or of what it is a kind of, stand in a table for each.
    pub fn has_tables_for_kinds(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.tables == KindTables::Each)
    }
}

/// A field of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its identity.
    pub id: FieldId,
    /// Its name.
    pub name: String,
    /// Its type.
    pub field_type: FieldType,
    /// Whether it is, or is part of, the primary key.
    pub primary_key: bool,
    /// Whether a value is needed. A key field always needs one.
    pub required: bool,
    /// Whether no two objects may share a value.
    pub unique: bool,
    /// Whether an index is asked for.
    pub indexed: bool,
    /// The value that the database fills in where none is given.
    pub default: Option<DefaultValue>,
    /// The name asked for its column; `None` to derive one.
    pub column: Option<String>,
}

/// A default value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue {
    /// This value.
    Value(Value),
    /// The day (`CURRENT_DATE`) or the time (`CURRENT_TIMESTAMP`) at which the row is inserted, in UTC.
    Now,
}

/// A relationship between two models, which may be the same one.
#[derive(Clone, Debug, PartialEq)]
pub struct Relationship {
    /// Its identity.
    pub id: RelationshipId,
    /// The models at the left and at the right end.
    models: [ModelId; 2],
    /// The names of the properties at the left and at the right end.
    names: [String; 2],
    /// The order of each of them, if it is a collection.
    orders: [Vec<EndOrder>; 2],
    /// What the session does with the objects behind each of them.
    cascades: [Cascades; 2],
    /// What ties the two together.
    pub link: Link,
}

/// What ties the objects of a relationship together.
#[derive(Clone, Debug, PartialEq)]
pub enum Link {
    /// One of them holds the key of the other.
    Key(KeyLink),
    /// Pairs of keys stand in a join table.
    Join(JoinLink),
    /// Pairs of keys stand in the rows of a third model. To be read only: the third model's objects make the links.
    Through(ThroughLink),
}

/// A foreign key: one-to-one or one-to-many.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyLink {
    /// The side whose model holds the key.
    pub holder: Side,
    /// Whether no two holders may share a target: a one-to-one.
    pub unique: bool,
    /// Whether the holder needs its target.
    pub required: bool,
    /// What the database does to the holder when its target is deleted.
    pub on_delete: OnDelete,
    /// What the database does to the holder when the key of its target changes.
    pub on_update: OnUpdate,
    /// The unique field of the target that the key refers to; `None` for its primary key.
    pub references: Option<FieldId>,
    /// Whether the key is part of the holder's primary key. Then it is required, too.
    pub identifies: bool,
    /// What it has in common with the other relationships that share the key; `None` if the key is its own.
    pub polymorphic: Option<PolymorphicKey>,
    /// Whether the key is to have an index.
    pub index: bool,
    /// The names asked for the key's columns, in the order of the target's key; those at the end may be missing.
    pub columns: Vec<Option<String>>,
}

/// The part of one relationship in a key that points to a row of one table or of another. No foreign key guards it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolymorphicKey {
    /// What the targets are to the holder: `commentable`.
    pub name: String,
    /// What says that the key points to this relationship's target: the target's name.
    pub value: String,
}

/// A join table: many-to-many.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinLink {
    /// The name asked for the table.
    pub table: Option<String>,
    /// Whether each pair stands there in both directions.
    pub symmetric: bool,
    /// Whether its keys are to have indexes.
    pub index: bool,
    /// The names asked for the columns that point to the left and to the right model; those at the end may be missing.
    pub columns: [Vec<Option<String>>; 2],
    /// What the database does to a join row when either of its targets is deleted.
    pub on_delete: OnDelete,
    /// What the database does to a join row when the key of either target changes.
    pub on_update: OnUpdate,
}

/// A many-to-many that is read through the objects of a third model, the join model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThroughLink {
    /// The join model, which holds both keys.
    pub model: ModelId,
    /// The relationships that tie the left and the right model to it.
    pub relationships: [RelationshipId; 2],
}

/// What a property is, as seen from the model that carries it. ActiveRecord's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum EndKind {
    /// To one; the key lies with this model.
    BelongsTo,
    /// To one; the key lies with the other model.
    HasOne,
    /// To many; the key lies with the other model.
    HasMany,
    /// To many; the keys lie in a join table, or in the rows of a join model.
    ManyToMany,
}

impl EndKind {
    /// Whether the property is a collection.
    pub fn is_collection(self) -> bool {
        matches!(self, EndKind::HasMany | EndKind::ManyToMany)
    }
}

/// A relationship seen from one end: a property of the model there.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// Which end.
    pub id: EndId,
    /// The property's name.
    pub name: &'a str,
    /// The model that carries the property.
    pub model: &'a Model,
    /// The model that it leads to.
    pub target: &'a Model,
    /// What kind of property it is.
    pub kind: EndKind,
    /// The order of its targets; empty if it has none, or leads to one.
    pub order: &'a [EndOrder],
    /// What the session does with the objects behind it.
    pub cascades: Cascades,
}

impl End<'_> {
    /// Whether each object has a target here: it holds the key, and needs it. A polymorphic key may point elsewhere.
    pub fn always_there(&self, schema: &Schema) -> bool {
        let link = schema.relationship(self.id.relationship).map(|relationship| &relationship.link);
        let always = |key: &KeyLink| key.required && key.polymorphic.is_none() && key.holder == self.id.side;
        matches!(link, Some(Link::Key(key)) if always(key))
    }
}

impl Relationship {
    pub(super) fn new(
        id: RelationshipId,
        models: [ModelId; 2],
        names: [String; 2],
        link: Link,
    ) -> Relationship {
        Relationship { id, models, names, orders: Default::default(), cascades: Default::default(), link }
    }

    pub(super) fn with_orders(self, orders: [Vec<EndOrder>; 2]) -> Relationship {
        Relationship { orders, ..self }
    }

    /// The order of the property at this side; empty if it has none of its own.
    pub fn order(&self, side: Side) -> &[EndOrder] {
        &self.orders[side as usize]
    }

    /// Whether it goes both ways: a many-to-many of a model with itself whose one property is the left end.
    pub fn is_symmetric(&self) -> bool {
        matches!(&self.link, Link::Join(join) if join.symmetric)
    }

    pub(super) fn with_cascades(self, cascades: [Cascades; 2]) -> Relationship {
        Relationship { cascades, ..self }
    }

    /// What the session does with the objects behind the property at this side.
    pub fn cascades(&self, side: Side) -> Cascades {
        self.cascades[side as usize]
    }

    /// The model at this side.
    pub fn model(&self, side: Side) -> ModelId {
        self.models[side as usize]
    }

    /// The name of the property that the model at this side carries.
    pub fn name(&self, side: Side) -> &str {
        &self.names[side as usize]
    }

    /// Its part in a polymorphic key.
    pub fn polymorphic(&self) -> Option<&PolymorphicKey> {
        match &self.link {
            Link::Key(key) => key.polymorphic.as_ref(),
            Link::Join(_) | Link::Through(_) => None,
        }
    }

    /// Whether its key is part of the holder's primary key.
    pub fn identifies(&self) -> bool {
        matches!(&self.link, Link::Key(key) if key.identifies)
    }

    /// What the property at this side is.
    pub fn kind(&self, side: Side) -> EndKind {
        match &self.link {
            Link::Join(_) | Link::Through(_) => EndKind::ManyToMany,
            Link::Key(key) if key.holder == side => EndKind::BelongsTo,
            Link::Key(key) if key.unique => EndKind::HasOne,
            Link::Key(_) => EndKind::HasMany,
        }
    }
}

impl Schema {
    /// The models, in order.
    pub fn models(&self) -> impl ExactSizeIterator<Item = &Model> {
        self.models.values()
    }

    /// The relationships, in order.
    pub fn relationships(&self) -> impl ExactSizeIterator<Item = &Relationship> {
        self.relationships.values()
    }

    /// The model with this id, if there is one.
    pub fn model(&self, id: ModelId) -> Option<&Model> {
        self.models.get(&id)
    }

    /// The relationship with this id, if there is one.
    pub fn relationship(&self, id: RelationshipId) -> Option<&Relationship> {
        self.relationships.get(&id)
    }

    /// The property that stands at this end, if the relationship exists. A symmetric one has none at the right.
    pub fn end(&self, id: EndId) -> Option<End<'_>> {
        let relationship = self
            .relationship(id.relationship)
            .filter(|relationship| id.side == Side::Left || !relationship.is_symmetric())?;
        Some(End {
            id,
            name: relationship.name(id.side),
            model: self.model(relationship.model(id.side))?,
            target: self.model(relationship.model(id.side.other()))?,
            kind: relationship.kind(id.side),
            order: relationship.order(id.side),
            cascades: relationship.cascades(id.side),
        })
    }
}
