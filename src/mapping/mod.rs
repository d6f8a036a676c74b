//! The bridge from the object side to the relational side: models and relationships to tables, columns, keys,
//! foreign keys and join tables.
//!
//! The rules are those that ORMs share. A foreign key lies with the model that has one of the other; a one-to-one
//! is the same key made unique; a many-to-many needs a join table whose primary key is the pair. Names follow
//! ActiveRecord and SQLAlchemy's documented conventions: tables in the plural, `<property>_<key>` for foreign keys,
//! `ix_<table>_<columns>` for indexes.

mod build;
mod collisions;
mod explain;
mod kinds;
mod order;
mod polymorphic;
mod tables;
mod whole;

pub use build::map;
pub use explain::{explain, explain_kinds};
pub use kinds::{KindAt, Kinds};
pub use tables::{
    Column, ColumnOrigin, Discriminator, ForeignKey, Index, Placement, Relational, Table, TableId,
    TableOrigin,
};
pub use whole::{Part, Whole};
