//! Databases apart from the project's, which the browser keeps: what the page asks, and what it is told.

use serde::{Deserialize, Serialize};

/// What the page can ask of the worker that has such a database. One thing at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeptAsk {
    /// Which there are.
    List,
    /// Open one, and close the one before. With a file beside the message it is made of that.
    Open {
        /// Its name.
        name: String,
        /// Whether a copy will do, in memory, if another tab has it.
        copy: bool,
    },
    /// Give it as a file, beside the answer.
    File,
    /// Close it.
    Close,
    /// Close it and delete it.
    Delete,
}

/// What the worker says of them, as an answer or by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeptTold {
    /// All there are, by name.
    Listed(Vec<KeptName>),
    /// How far reading or saving is.
    Progress {
        /// How many bytes have been read.
        read: u64,
        /// Of how many.
        of: u64,
    },
    /// This one is open, and stands so.
    Open(KeptNow),
    /// The file is beside this message.
    File,
    /// None is open.
    Closed,
    /// What was asked was not done.
    Refused {
        /// Whether another tab has it.
        taken: bool,
        /// Why, as a sentence.
        words: String,
    },
}

/// A database that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptName {
    /// Its name.
    pub name: String,
    /// How big it is, in bytes.
    pub bytes: u64,
}

/// How the open one stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptNow {
    /// Its name.
    pub name: String,
    /// How big it is, in bytes.
    pub bytes: u64,
    /// Whether it would be gone with the page.
    pub only_in_memory: bool,
    /// Whether a commit is kept as soon as it is told.
    pub at_once: bool,
    /// Where it is kept, as a sentence.
    pub words: String,
}
