//! Where a database is kept, in words that are true at the moment they are said.

/// Where a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In files of the browser: a commit is there as soon as it is told.
    Files,
    /// In memory, with a copy in IndexedDB that is written after each commit.
    Snapshot,
    /// In memory only.
    Memory,
}

impl Place {
    /// Its name for programs: `opfs`, `snapshot` or `memory`.
    pub fn name(self) -> &'static str {
        match self {
            Place::Files => "opfs",
            Place::Snapshot => "snapshot",
            Place::Memory => "memory",
        }
    }
}

/// How a database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where it is.
    pub place: Place,
    /// Whether everything that was committed is kept.
    pub saved: bool,
    /// Why it is not in files: a sentence's second half. Empty if it is.
    pub why: String,
    /// How big it is, in bytes.
    pub bytes: u64,
}

impl Standing {
    /// The same as a sentence.
    ///
    /// ```
    /// use relata::kept::{Place, Standing};
    /// let standing = Standing { place: Place::Memory, saved: false, why: "there is no more room".into(), bytes: 0 };
    /// assert_eq!(standing.words(), "Only in memory: there is no more room. Save it as a file to keep it.");
    /// ```
    pub fn words(&self) -> String {
        match (self.place, self.saved) {
            (Place::Files, _) => "Kept in this browser.".into(),
            (Place::Snapshot, true) => "Kept in this browser, as a copy made after each change.".into(),
            (Place::Snapshot, false) => "In memory; the copy in this browser is being made.".into(),
            (Place::Memory, _) => format!("Only in memory: {}. Save it as a file to keep it.", self.why),
        }
    }
}

/// A database that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// How big it is, in bytes.
    pub bytes: u64,
}

/// Why a database could not be opened, filled, saved or deleted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeptError {
    /// Another tab has it.
    #[error("“{0}” is open in another tab. Two tabs cannot write to it: use it there, or open a copy here.")]
    Taken(String),
    /// The other tab is writing.
    #[error("The other tab is in the middle of a transaction on “{0}”. Try again when that is over.")]
    Busy(String),
    /// The other tab does not answer.
    #[error("The other tab, in which “{0}” is open, did not answer. Try again, or close it.")]
    Silent(String),
    /// It has no name, or one that is too long.
    #[error("A database needs a name of 1 to 100 characters.")]
    Name,
    /// There is one of that name, which a file would replace.
    #[error("There is a database “{0}” already. Choose another name, or delete that one first.")]
    Exists(String),
    /// The file is something else.
    #[error("This is not an SQLite database.")]
    NotADatabase,
    /// Whoever asked for it no longer wants it.
    #[error("Stopped. Nothing was changed.")]
    Cancelled,
    /// A transaction is open.
    #[error("A transaction is not over yet. Commit it or roll it back first.")]
    Transaction,
    /// SQLite refused. Its own words.
    #[error("{0}")]
    Sqlite(String),
    /// The browser refused. Its own words.
    #[error("The browser did not do it ({0}).")]
    Browser(String),
}

impl KeptError {
    /// A name for programs, which stays the same whatever the words are.
    pub fn code(&self) -> &'static str {
        match self {
            KeptError::Taken(_) => "taken",
            KeptError::Busy(_) => "busy",
            KeptError::Silent(_) => "silent",
            KeptError::Name => "name",
            KeptError::Exists(_) => "exists",
            KeptError::NotADatabase => "not-a-database",
            KeptError::Cancelled => "cancelled",
            KeptError::Transaction => "transaction",
            KeptError::Sqlite(_) => "sqlite",
            KeptError::Browser(_) => "browser",
        }
    }
}

impl From<rusqlite::Error> for KeptError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => KeptError::NotADatabase,
            _ => KeptError::Sqlite(error.to_string()),
        }
    }
}
