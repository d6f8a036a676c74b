//! Relata: an ORM playground in a browser tab.
//!
//! People define models and relationships in a form; Relata compiles them to SQL, runs it on SQLite and shows what
//! came back twice: as joined rows and as the graph of objects that an ORM makes of them.
//!
//! Data flows down this list of modules and never back; a module may use only those above it:
//!
//! | module | its one job |
//! |---|---|
//! | [`value`] | SQLite's values |
//! | [`naming`] | snake case and English plurals for derived names |
//! | [`schema`] | what the user defines, on the object side: models, fields, relationships |
//! | [`mapping`] | the object side to the relational side: tables, columns, keys |
//! | [`sql`] | SQL as a syntax tree, rendered to text, parameters and spans |
//! | [`explain`] | how SQLite goes about a statement, and the index that would mend it |
//! | [`query`] | what the user asks, and the plan of statements that answers it |
//! | [`trace`] | what happened when a plan ran |
//! | [`graph`] | rows to objects, with an identity map |
//! | [`compare`] | what a run cost, so that ways to load can be put side by side |
//! | [`session`] | the unit of work: changes of objects to ordered statements |
//! | [`emit`] | schema and query as programs for other ORMs |
//! | [`project`] | the document: save format, samples, data |
//! | [`protocol`] | typed messages between page and worker |
//! | `wire` | those messages as bytes |
//! | [`spec`] | models, queries and objects as scripts write them |
//! | [`generate`] | believable rows from a recipe |
//! | [`layout`] | where the boxes and edges of a drawing lie |
//! | `engine` | runs plans on SQLite |
//! | `kept` | databases kept in the browser |
//! | `worker` | the engine behind the protocol |
//! | `js` | the JavaScript package |
//! | `ui` | the page |

pub mod compare;
pub mod emit;
pub mod explain;
pub mod generate;
pub mod graph;
pub mod layout;
pub mod mapping;
pub mod naming;
pub mod project;
pub mod protocol;
pub mod query;
pub mod schema;
pub mod session;
pub mod spec;
pub mod sql;
pub mod trace;
pub mod value;

#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "js")]
pub mod js;
#[cfg(feature = "kept")]
pub mod kept;
#[cfg(feature = "page")]
pub mod ui;
#[cfg(feature = "browser")]
pub mod wire;
#[cfg(feature = "worker")]
pub mod worker;
