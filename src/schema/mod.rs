//! What the user defines, on the object side: models, fields and relationships.
//!
//! A [`Draft`] is whatever the form holds; [`check`] makes a [`Schema`] of it, in which every name is there,
//! every reference leads somewhere and every relationship is refined to what it is. Nothing here knows of tables
//! or columns: `mapping` is the only bridge to those.

mod cascade;
mod check;
mod draft;
mod ids;
mod keywords;
mod kinds;
mod links;
mod model;
mod names;
mod polymorphic;
mod report;
mod rings;
mod types;
mod ways;

pub use cascade::{Cascades, PassiveDeletes};
pub use check::{FieldPart, ModelPart, Place, RelationshipPart, check};
pub use draft::{
    Draft, EndDraft, EndOrder, FieldDraft, JoinDraft, KindDraft, KindTables, ModelDraft, RelationshipDraft,
    Shape, Through,
};
pub use ids::{EndId, FieldId, ModelId, Origin, RelationshipId, Side};
pub use keywords::is_keyword;
pub use kinds::KIND_COLUMN;
pub use model::{
    DefaultValue, End, EndKind, Field, JoinLink, KeyLink, Kind, Link, Model, PolymorphicKey, Relationship,
    Schema, ThroughLink,
};
pub use report::{Diagnostic, Findings, Report, Severity};
pub(crate) use types::shorten;
pub use types::{FieldType, OnDelete, OnUpdate, ReferentialAction, ValueError};
pub use ways::ways_through;
