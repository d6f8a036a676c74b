//! The identities that everything else refers to. They outlive renames, so data and queries do too.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $letter:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($letter, "{}"), self.0)
            }
        }
    };
}

id!(
    /// A model. Shown as `m1`.
    ModelId, "m"
);
id!(
    /// A field of a model, unique in the whole schema. Shown as `f1`.
    FieldId, "f"
);
id!(
    /// A relationship between two models. Shown as `r1`.
    RelationshipId, "r"
);

/// One of the two ends of a relationship, in the order in which its sentence names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Side {
    /// The end that the sentence names first.
    Left,
    /// The end that it names second.
    Right,
}

impl Side {
    /// Both sides, left first.
    pub const BOTH: [Side; 2] = [Side::Left, Side::Right];

    /// The opposite side.
    pub fn other(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

/// A relationship seen from one of its models: the property that leads from there to the other model.
///
/// For "an Author has many Books", `Author.books` is the left end and `Book.author` the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EndId {
    /// The relationship.
    pub relationship: RelationshipId,
    /// The side whose model carries the property.
    pub side: Side,
}

impl EndId {
    /// The same relationship seen from the other model.
    pub fn reverse(self) -> EndId {
        EndId { relationship: self.relationship, side: self.side.other() }
    }
}

/// What a piece of SQL, a column or a cell came from on the object side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Origin {
    /// A model: a table.
    Model(ModelId),
    /// A field of a model: a column that holds its value.
    Field(ModelId, FieldId),
    /// A relationship: a foreign key, a join table, a join.
    Relationship(RelationshipId),
}
