//! The document: schema, data and query as typed, their save format, the samples and what editing them entails.
//!
//! The document is what a person typed, right or wrong, and nothing in it is lost because SQLite refuses it. The
//! database is made from it and can be made again at any time.

mod adopt;
mod data;
mod diagram;
mod edit;
mod file;
mod fit;
mod kinds;
mod load;
mod loading;
mod recipe;
mod reshape;
mod sample;

pub use adopt::{Adopted, adopt};
pub use data::{Data, Pair, Row, RowId};
pub use diagram::{Spot, Spots};
pub use edit::{Losses, RowLink, label, links_at, next_key, row_label};
pub use file::{OpenError, Project, VERSION};
pub use fit::Fit;
pub use load::{load, target_name};
pub use loading::{CellPlace, LoadRow, Loading, Need, Refusal, RowSource, TableRows};
pub use recipe::{Recipe, Spread};
pub use sample::Sample;
