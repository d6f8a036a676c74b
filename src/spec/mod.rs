//! What a script says, in words rather than ids: models and relationships, queries, and objects to insert.
//!
//! Each is JSON that became a draft, as the form would have made it, with the path of every part. All that is wrong is a
//! diagnostic which names that path; nothing is guessed and nothing unknown is passed over.

mod conditions;
mod functions;
mod grouping;
mod json;
mod objects;
mod paths;
mod query;
mod related;
mod relationships;
mod schema;
mod sentence;

pub use json::Json;
pub use objects::{Link, NewObject, NewObjects, Target, read_key, read_objects};
pub use paths::{Finding, Paths, Reader};
pub use query::{QueryRead, read_query};
pub use schema::{SchemaRead, read_schema};
