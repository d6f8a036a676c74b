//! What the form holds: anything that a person can type, right or wrong. Checked in [`super::check`].

use serde::{Deserialize, Serialize};

use super::{Cascades, EndId, FieldId, FieldType, ModelId, OnDelete, OnUpdate, RelationshipId, Side};

/// A schema as typed: models and relationships in the order of the form, and the counter their ids come from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The models, in the order in which they are shown.
    pub models: Vec<ModelDraft>,
    /// The relationships, in the order in which they are shown.
    pub relationships: Vec<RelationshipDraft>,
    /// The highest id given so far. Ids are never given twice, so that data cannot change hands.
    pub last_id: u32,
}

impl Draft {
    /// A number no model, field or relationship of this draft has had.
    pub fn fresh_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    /// The model with this id.
    pub fn model(&self, id: ModelId) -> Option<&ModelDraft> {
        self.models.iter().find(|model| model.id == id)
    }

    /// The model with this id, to change it.
    pub fn model_mut(&mut self, id: ModelId) -> Option<&mut ModelDraft> {
        self.models.iter_mut().find(|model| model.id == id)
    }

    /// The relationship with this id.
    pub fn relationship(&self, id: RelationshipId) -> Option<&RelationshipDraft> {
        self.relationships.iter().find(|relationship| relationship.id == id)
    }

    /// The relationship with this id, to change it.
    pub fn relationship_mut(&mut self, id: RelationshipId) -> Option<&mut RelationshipDraft> {
        self.relationships.iter_mut().find(|relationship| relationship.id == id)
    }

    /// The relationships whose keys are part of a model's primary key.
    pub fn identifying(&self, model: ModelId) -> impl Iterator<Item = &RelationshipDraft> {
        self.relationships.iter().filter(move |relationship| relationship.identified() == Some(model))
    }

    /// The relationships that share a polymorphic key with this one, itself among them; none if it has a key of its own.
    pub fn sharing_key(&self, relationship: &RelationshipDraft) -> impl Iterator<Item = &RelationshipDraft> {
        let key = relationship.polymorphic_key();
        self.relationships.iter().filter(move |other| key.is_some() && other.polymorphic_key() == key)
    }

    /// The relationships that have this model at either end.
    pub fn relationships_of(&self, model: ModelId) -> impl Iterator<Item = &RelationshipDraft> {
        self.relationships.iter().filter(move |relationship| relationship.touches(model))
    }
}

/// A model as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelDraft {
    /// Its identity.
    pub id: ModelId,
    /// Its name, as an ORM's class is named: `Author`.
    pub name: String,
    /// Its table's name; empty to derive it from the model's.
    #[serde(default)]
    pub table: String,
    /// Its fields, in the order in which they are shown. Those of what it is a kind of are not repeated.
    pub fields: Vec<FieldDraft>,
    /// What it is a kind of, and how its rows are told from others.
    #[serde(default)]
    pub kind: KindDraft,
}

/// What a model is a kind of, as typed, and how its rows are told from those of other kinds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KindDraft {
    /// The model that it is a kind of, if any.
    pub parent: Option<ModelId>,
    /// What marks its rows; empty to derive it from its name.
    pub name: String,
    /// The name of the column that says which kind a row is; empty for `type`. Of the model at the top only.
    pub column: String,
    /// Which tables the rows of all kinds stand in. Of the model at the top only.
    pub tables: KindTables,
}

/// Which tables the rows of a model and its kinds stand in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KindTables {
    /// All in one, that of the model at the top: single-table inheritance.
    #[default]
    One,
    /// In one for each model: a row has in its own what only its kind has, and goes on in that of the model which it is
    /// a kind of. Joined inheritance.
    Each,
}

impl ModelDraft {
    /// A model of its own, with every name derived.
    pub fn new(id: ModelId, name: &str, fields: Vec<FieldDraft>) -> ModelDraft {
        ModelDraft { id, name: name.into(), table: String::new(), fields, kind: KindDraft::default() }
    }

    /// The field with this id.
    pub fn field(&self, id: FieldId) -> Option<&FieldDraft> {
        self.fields.iter().find(|field| field.id == id)
    }
}

/// A field as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldDraft {
    /// Its identity.
    pub id: FieldId,
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// Whether it is, or is part of, the primary key.
    #[serde(default)]
    pub primary_key: bool,
    /// Whether a value is needed.
    #[serde(default)]
    pub required: bool,
    /// Whether no two rows may share a value.
    #[serde(default)]
    pub unique: bool,
    /// Whether its column has an index. What is unique has one anyway.
    #[serde(default)]
    pub indexed: bool,
    /// The default value as typed; `None` for no default.
    #[serde(default)]
    pub default: Option<String>,
    /// Its column's name; empty to derive it from the field's.
    #[serde(default)]
    pub column: String,
}

impl FieldDraft {
    /// A plain field: optional, no default, names derived.
    pub fn new(id: FieldId, name: &str, field_type: FieldType) -> FieldDraft {
        FieldDraft {
            id,
            name: name.into(),
            field_type,
            primary_key: false,
            required: false,
            unique: false,
            indexed: false,
            default: None,
            column: String::new(),
        }
    }

    /// The integer key `id` that every new model starts with.
    pub fn key(id: FieldId) -> FieldDraft {
        FieldDraft { primary_key: true, ..FieldDraft::new(id, "id", FieldType::Integer) }
    }
}

/// How many objects may stand at each end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Shape {
    /// One on the left has one on the right.
    OneToOne,
    /// One on the left has many on the right.
    OneToMany,
    /// Many on the left have many on the right.
    ManyToMany,
}

/// A relationship as typed. Its sentence reads from the left model to the right one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelationshipDraft {
    /// Its identity.
    pub id: RelationshipId,
    /// How many at each end.
    pub shape: Shape,
    /// The end the sentence starts with.
    pub left: EndDraft,
    /// The other end.
    pub right: EndDraft,
    /// Which side's table holds the key of a one-to-one. A one-to-many's lies with the many, always.
    #[serde(default = "right")]
    pub key_side: Side,
    /// Whether the object that holds the key needs its target. Without meaning for many-to-many.
    #[serde(default)]
    pub required: bool,
    /// What the database does to the row that holds the key (or to the join row) when its target is deleted.
    #[serde(default)]
    pub on_delete: OnDelete,
    /// What the database does there when the key of the target changes.
    #[serde(default)]
    pub on_update: OnUpdate,
    /// The fields of the target that the key refers to: a unique one, or none for its primary key.
    #[serde(default)]
    pub references: Vec<FieldId>,
    /// Whether the key is, or is part of, the holder's own primary key. Then the holder needs its target.
    #[serde(default)]
    pub identifies: bool,
    /// What the targets are to the holder, such as `commentable`: the relationships of one holder with the same name
    /// share one key, which points to a row of any of their targets.
    #[serde(default)]
    pub polymorphic: Option<String>,
    /// Names for the foreign key's columns, one for each column of the target's primary key; missing or empty
    /// ones are derived. Of a polymorphic key, that of the first relationship with its name: the key's, then the type's.
    #[serde(default)]
    pub key_columns: Vec<String>,
    /// Whether its foreign keys have indexes, as far as no key or unique column serves as one.
    #[serde(default = "yes")]
    pub index: bool,
    /// Names for the join table of a many-to-many.
    #[serde(default)]
    pub join: JoinDraft,
    /// Whether a many-to-many of a model with itself goes both ways, as friendship does. It has one property, the left.
    #[serde(default)]
    pub symmetric: bool,
    /// The relationships that a many-to-many is read through; `None` if it has a join table of its own.
    #[serde(default)]
    pub through: Option<Through>,
}

fn yes() -> bool {
    true
}

fn right() -> Side {
    Side::Right
}

impl RelationshipDraft {
    /// A relationship with every name derived: optional, `NO ACTION`, the key on the right.
    pub fn new(id: RelationshipId, shape: Shape, left: ModelId, right: ModelId) -> RelationshipDraft {
        let end = |model| EndDraft {
            model: Some(model),
            name: String::new(),
            order: Vec::new(),
            cascades: Cascades::default(),
        };
        RelationshipDraft {
            id,
            shape,
            left: end(left),
            right: end(right),
            key_side: Side::Right,
            required: false,
            on_delete: OnDelete::default(),
            on_update: OnUpdate::default(),
            references: Vec::new(),
            identifies: false,
            polymorphic: None,
            key_columns: Vec::new(),
            index: true,
            join: JoinDraft::default(),
            symmetric: false,
            through: None,
        }
    }

    /// The end on this side.
    pub fn end(&self, side: Side) -> &EndDraft {
        match side {
            Side::Left => &self.left,
            Side::Right => &self.right,
        }
    }

    /// The end on this side, to change it.
    pub fn end_mut(&mut self, side: Side) -> &mut EndDraft {
        match side {
            Side::Left => &mut self.left,
            Side::Right => &mut self.right,
        }
    }

    /// Whether this model stands at either end.
    pub fn touches(&self, model: ModelId) -> bool {
        self.left.model == Some(model) || self.right.model == Some(model)
    }

    /// The side whose table holds the foreign key; `None` if a join table does.
    pub fn holder(&self) -> Option<Side> {
        match self.shape {
            Shape::OneToOne => Some(self.key_side),
            Shape::OneToMany => Some(Side::Right),
            Shape::ManyToMany => None,
        }
    }

    /// The holder of a polymorphic key and the key's name, in lower case.
    pub fn polymorphic_key(&self) -> Option<(ModelId, String)> {
        let name = self.polymorphic.as_ref()?.trim().to_lowercase();
        Some((self.end(self.holder()?).model?, name))
    }

    /// The model whose primary key the foreign key is part of.
    pub fn identified(&self) -> Option<ModelId> {
        self.holder().filter(|_| self.identifies).and_then(|holder| self.end(holder).model)
    }

    /// The relationships that it is read through. Only a many-to-many is.
    pub fn read_through(&self) -> Option<Through> {
        self.through.filter(|_| self.shape == Shape::ManyToMany)
    }

    /// Whether it goes both ways, so that the right end has no property of its own.
    pub fn is_symmetric(&self) -> bool {
        self.symmetric && self.shape == Shape::ManyToMany && self.through.is_none()
    }

    /// Whether foreign keys of its own hold it together: no key shared with others, and no join model.
    pub fn has_foreign_key(&self) -> bool {
        self.polymorphic_key().is_none() && self.read_through().is_none()
    }

    /// Whether the property at this side leads to many objects.
    pub fn is_collection(&self, side: Side) -> bool {
        match self.shape {
            Shape::OneToOne => false,
            Shape::OneToMany => side == Side::Left,
            Shape::ManyToMany => true,
        }
    }

    /// The id of the end on this side.
    pub fn end_id(&self, side: Side) -> EndId {
        EndId { relationship: self.id, side }
    }
}

/// One end of a relationship as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndDraft {
    /// The model at this end; `None` while none is chosen.
    pub model: Option<ModelId>,
    /// The name of the property on this model that leads to the other one; empty to derive it.
    #[serde(default)]
    pub name: String,
    /// The order of the property's targets, by their fields. Without meaning where it leads to one.
    #[serde(default)]
    pub order: Vec<EndOrder>,
    /// What the session does with the objects behind the property.
    #[serde(default)]
    pub cascades: Cascades,
}

/// One term of the order of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndOrder {
    /// A field of the target.
    pub field: FieldId,
    /// Whether the greatest comes first.
    #[serde(default)]
    pub descending: bool,
}

/// Two relationships that tie the models of a many-to-many to a third one, the join model, which holds both keys: the
/// many-to-many is read through the join model's rows and has no links of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Through {
    /// The relationship between the left model and the join model.
    pub left: RelationshipId,
    /// The relationship between the right model and the join model.
    pub right: RelationshipId,
}

impl Through {
    /// The relationship on this side.
    pub fn at(self, side: Side) -> RelationshipId {
        match side {
            Side::Left => self.left,
            Side::Right => self.right,
        }
    }
}

/// Names for a join table; empty ones are derived.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct JoinDraft {
    /// The table's name.
    pub table: String,
    /// Names of the columns that point to the left model, one for each column of its primary key.
    pub left_columns: Vec<String>,
    /// Names of the columns that point to the right model.
    pub right_columns: Vec<String>,
}
