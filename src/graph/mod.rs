//! Rows to objects, with an identity map: each database row becomes one object, however often it comes back.

mod build;
pub(crate) mod json;
mod object;

pub use build::{Batch, Builder, build};
pub use object::{Canonical, CanonicalLinks, Edge, Identity, Linked, Object, ObjectGraph, RowAt};
