//! A schema and a query as the source of a program for another ORM, such as a person would be glad to copy.
//!
//! Only text is made here; nothing runs it. That the programs are right is proved by running them: see
//! `tests/oracle.rs`.

pub mod django;
mod python;
mod source;
pub mod sqlalchemy;

pub use python::Names;
pub use source::Source;
