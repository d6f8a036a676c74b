//! What can go wrong in a session, by the name and in the terms of SQLAlchemy's exceptions.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::trace::RowName;

/// Why a script stopped.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum SessionError {
    /// A constraint of the database was violated.
    #[error("The database refused: {sqlite}.{}", explained(.blocked))]
    Integrity {
        /// SQLite's own words.
        sqlite: String,
        /// Which rows stand in the way of a deletion.
        blocked: Option<Blocked>,
    },
    /// The database refused for another reason, or a limit was reached. In its own words.
    #[error("{0}")]
    Database(String),
    /// Rows need each other, so that none can come first.
    #[error("{} need each other: none of their rows can be written first. Let one of the links be written afterwards (post-update).", .0.join(" and "))]
    CircularDependency(Vec<String>),
    /// A row that was to be changed is not there any more, or more of them are.
    #[error("{verb} on {table}: {expected} rows expected, {matched} matched.")]
    StaleData {
        /// `UPDATE` or `DELETE`.
        verb: String,
        /// The table.
        table: String,
        /// How many rows there should be.
        expected: usize,
        /// How many there were.
        matched: usize,
    },
    /// A link that is part of an object's own key was taken away.
    #[error("{column} is part of the key of {object}: taking the link away would blank it out.")]
    BlankedKey {
        /// The column.
        column: String,
        /// The object.
        object: String,
    },
    /// The operation does not fit where the object stands.
    #[error("{0}")]
    InvalidRequest(String),
    /// The object belongs to no session, so nothing can be loaded for it.
    #[error("{0} belongs to no session any more: its properties cannot be loaded.")]
    Detached(String),
    /// The object's row is gone.
    #[error("The row of {0} is not there any more.")]
    ObjectDeleted(String),
    /// What was to be removed is not in the collection.
    #[error("{0} is not in the collection.")]
    NotLinked(String),
    /// The script asked for an object that is not there.
    #[error("There is no {0}.")]
    NotFound(String),
    /// An object has no key to be known by.
    #[error("{0} got no key: it cannot be told from others.")]
    NoKey(String),
}

/// Rows that stand in the way of a deletion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    /// Why, in plain words.
    pub message: String,
    /// The rows.
    pub by: Vec<RowName>,
}

fn explained(blocked: &Option<Blocked>) -> String {
    blocked.as_ref().map_or(String::new(), |blocked| format!(" {}", blocked.message))
}

impl SessionError {
    /// The name of the exception that SQLAlchemy or Python would raise.
    pub fn exception(&self) -> &'static str {
        match self {
            SessionError::Integrity { .. } => "IntegrityError",
            SessionError::Database(_) => "OperationalError",
            SessionError::CircularDependency(_) => "CircularDependencyError",
            SessionError::StaleData { .. } => "StaleDataError",
            SessionError::BlankedKey { .. } => "AssertionError",
            SessionError::InvalidRequest(_) => "InvalidRequestError",
            SessionError::Detached(_) => "DetachedInstanceError",
            SessionError::ObjectDeleted(_) => "ObjectDeletedError",
            SessionError::NotLinked(_) => "ValueError",
            SessionError::NotFound(_) => "LookupError",
            SessionError::NoKey(_) => "FlushError",
        }
    }
}
