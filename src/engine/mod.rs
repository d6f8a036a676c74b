//! Runs plans on SQLite. The only module that touches it.
//!
//! The database is in memory and made from the document: it can be made again at any time, so no query can lose
//! anything.

mod adopting;
mod clock;
pub mod compact;
mod console;
mod dangling;
mod database;
mod execution;
mod explain;
mod foresee;
pub mod functions;
mod inserting;
mod live;
mod opening;
mod origins;
pub mod packed;
pub mod raw;
pub mod raw_function;
mod raw_row;
mod tracing;
mod unit_of_work;
mod words;

pub use adopting::NotAdopted;
pub use console::{Apart, SqlRun, SqlStop};
pub use database::{Database, SqlError};
pub use execution::Stop;
pub use inserting::{Inserted, Refused};
pub use live::Live;
pub use tracing::{Execution, SendStatement, execute};
