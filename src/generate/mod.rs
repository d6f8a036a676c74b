//! Believable rows from a recipe: the same recipe for the same schema gives the same rows, on every machine.
//!
//! The document keeps the recipe ([`Data::generated`](crate::project::Data)), not the rows: so files, links and undo stay
//! small however many rows there are, and a change of the schema gives rows that fit it. The rows are the document's
//! kind of rows (cells by field, pairs by relationship), so that all of mapping and loading treats them as if
//! they had been typed. They come after the typed rows, are linked among themselves only, and are not edited one by one.
//!
//! What the page needs, to say beforehand whether a recipe can be followed, is here for everybody (`check`). What makes
//! the rows carries dictionaries of names; it is a worker of its own (`relata-generator`), loaded when rows are first
//! generated. It says what it makes part by part ([`Filling`](crate::protocol::Filling)), the page hands the parts on unread to the worker
//! with the database, and that one tells how far it is.

mod check;
#[cfg(feature = "generator")]
mod links;
#[cfg(all(feature = "generator", target_arch = "wasm32"))]
mod listen;
#[cfg(feature = "generator")]
mod make;
mod room;
#[cfg(feature = "generator")]
mod tuples;
#[cfg(feature = "generator")]
mod values;
#[cfg(feature = "generator")]
mod words;

pub use check::{Extent, MOST_LINKS, MOST_ROWS, Place, check, extent, has_spread, spread_of, suggest};
#[cfg(all(feature = "generator", target_arch = "wasm32"))]
pub use listen::listen;
#[cfg(feature = "generator")]
pub use make::{generate, make, preview};
