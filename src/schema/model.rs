//! The checked schema: every reference in it leads somewhere, every relationship is what its type says.

use indexmap::IndexMap;

use super::{EndId, FieldId, FieldType, ModelId, OnDelete, RelationshipId, Side};
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
    /// Its fields, in order.
    pub fields: IndexMap<FieldId, Field>,
}

impl Model {
    /// The fields that make up the primary key, in order. Never empty.
    pub fn key(&self) -> impl Iterator<Item = &Field> {
        self.fields.values().filter(|field| field.primary_key)
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
    /// The names asked for the key's columns, in the order of the target's key.
    pub columns: Vec<Option<String>>,
}

/// A join table: many-to-many.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinLink {
    /// The name asked for the table.
    pub table: Option<String>,
    /// The names asked for the columns that point to the left and to the right model.
    pub columns: [Vec<Option<String>>; 2],
    /// What the database does to a join row when either of its targets is deleted.
    pub on_delete: OnDelete,
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
    /// To many; the keys lie in a join table.
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
}

impl End<'_> {
    /// Whether each object has a target here: it holds the key, and needs it.
    pub fn always_there(&self, schema: &Schema) -> bool {
        let link = schema.relationship(self.id.relationship).map(|relationship| &relationship.link);
        matches!(link, Some(Link::Key(key)) if key.required && key.holder == self.id.side)
    }
}

impl Relationship {
    pub(super) fn new(
        id: RelationshipId,
        models: [ModelId; 2],
        names: [String; 2],
        link: Link,
    ) -> Relationship {
        Relationship { id, models, names, link }
    }

    /// The model at this side.
    pub fn model(&self, side: Side) -> ModelId {
        self.models[side as usize]
    }

    /// The name of the property that the model at this side carries.
    pub fn name(&self, side: Side) -> &str {
        &self.names[side as usize]
    }

    /// What the property at this side is.
    pub fn kind(&self, side: Side) -> EndKind {
        match &self.link {
            Link::Join(_) => EndKind::ManyToMany,
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

    /// The property that stands at this end, if the relationship exists.
    pub fn end(&self, id: EndId) -> Option<End<'_>> {
        let relationship = self.relationship(id.relationship)?;
        Some(End {
            id,
            name: relationship.name(id.side),
            model: self.model(relationship.model(id.side))?,
            target: self.model(relationship.model(id.side.other()))?,
            kind: relationship.kind(id.side),
        })
    }

    /// The relationship properties that a model carries, in the order of the form. A relationship of a model with
    /// itself gives two.
    pub fn ends_of(&self, model: ModelId) -> impl Iterator<Item = End<'_>> {
        self.relationships()
            .flat_map(|relationship| Side::BOTH.map(|side| EndId { relationship: relationship.id, side }))
            .filter_map(|id| self.end(id))
            .filter(move |end| end.model.id == model)
    }
}
