//! The unit of work: what a script does to objects becomes ordered statements, as in SQLAlchemy's `Session`.
//!
//! A [`ScriptDraft`] is what a person typed; [`check`] makes a [`Script`] of it, and [`run`] runs it against a
//! database that `engine` provides. The session keeps an identity map of objects with their values and links, and what
//! these were before; a flush compares the two. Attribute events keep both ends of a relationship alike and follow the
//! cascades; dependency processors draw in the objects that a change concerns; a topological sort puts the
//! actions in order. Names and behaviour are SQLAlchemy's: `tests/oracle_session.rs` compares the two.

mod action;
mod attributes;
mod cascade;
mod dependency;
mod draft;
mod error;
mod flush;
mod history;
mod kinds;
mod load;
mod persist;
mod run;
mod script;
mod state;
mod topology;
mod trace;
mod transaction;
mod work;

pub use draft::{ObjectDraft, ScriptDraft, StepDraft};
pub use error::{Blocked, SessionError};
pub use run::{ScriptRun, run};
pub use script::{NewObject, ObjectRef, Part, Place, Script, Step, check};
pub use trace::{Deed, Doing, FinalObject, Happening, Reason, RowName, Sent, SentSet, Status, Verb, What};
pub use work::{Command, Reply, Talk};
