//! The save format: JSON with a version. Older versions still open.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::data::Data;
use super::diagram::Spots;
use crate::query::QueryDraft;
use crate::schema::Draft;
use crate::session::ScriptDraft;

/// The version of the save format that is written.
pub const VERSION: u32 = 1;

/// The highest id that a file may have given: as many again are left for what is added to it.
const MOST_ID: u32 = u32::MAX / 2;

/// A whole document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// What the project is called.
    pub name: String,
    /// The schema as typed.
    pub draft: Draft,
    /// The rows as typed.
    #[serde(default)]
    pub data: Data,
    /// The query as typed.
    #[serde(default)]
    pub query: QueryDraft,
    /// The session's script as typed.
    #[serde(default)]
    pub script: ScriptDraft,
    /// Scripts that a question about an object has taken the place of, the latest last.
    #[serde(default)]
    pub aside: Vec<ScriptDraft>,
    /// Where the boxes of the diagram were put by hand.
    #[serde(default)]
    pub diagram: Spots,
    /// The SQL as typed.
    #[serde(default)]
    pub sql: String,
}

/// Why a text could not be opened as a project.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The text is not JSON.
    #[error("This is not a Relata project: it is not JSON ({0}).")]
    NotJson(serde_json::Error),
    /// It is JSON, but not of this format.
    #[error("This is not a Relata project: it says no version.")]
    NoVersion,
    /// It comes from a newer Relata.
    #[error(
        "This project was saved by a newer Relata (format {0}; this one reads up to {VERSION}). Reload the page to update."
    )]
    TooNew(u64),
    /// A part of it is not as it should be.
    #[error("This project is damaged: {0}.")]
    Damaged(serde_json::Error),
    /// Its ids leave too few for what is to come.
    #[error("This project is damaged: its ids go up to {0}, and {MOST_ID} is the most there may be.")]
    IdsUsedUp(u32),
}

/// The file as it is written: the project with its format's version in front.
#[derive(Serialize)]
struct File<'a> {
    relata: u32,
    name: &'a str,
    draft: &'a Draft,
    data: &'a Data,
    query: &'a QueryDraft,
    script: &'a ScriptDraft,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aside: &'a [ScriptDraft],
    #[serde(skip_serializing_if = "Spots::is_empty")]
    diagram: &'a Spots,
    sql: &'a str,
}

/// What has to be known of a file before the rest of it is read.
#[derive(Deserialize)]
struct Header {
    relata: u64,
}

impl Project {
    /// The project as JSON, for a file or the browser's storage.
    ///
    /// ```
    /// use relata::project::{Project, Sample};
    /// let project = Sample::StudentCourse.project();
    /// assert_eq!(Project::from_json(&project.to_json()).unwrap(), project);
    /// ```
    pub fn to_json(&self) -> String {
        // Maps have integer keys and nothing here can fail to serialise; an empty text would only fail to open.
        let Project { name, draft, data, query, script, aside, diagram, sql } = self;
        let file = File { relata: VERSION, name, draft, data, query, script, aside, diagram, sql };
        serde_json::to_string(&file).unwrap_or_default()
    }

    /// Opens a project from JSON.
    ///
    /// # Errors
    /// [`OpenError`], whose message is for the person who chose the file.
    pub fn from_json(text: &str) -> Result<Project, OpenError> {
        let header: Header = serde_json::from_str(text).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => OpenError::NoVersion,
            _ => OpenError::NotJson(error),
        })?;
        match header.relata {
            // serde would read the version from a bare list, too.
            _ if !text.trim_start().starts_with('{') => return Err(OpenError::NoVersion),
            0 => return Err(OpenError::NoVersion),
            version if version > u64::from(VERSION) => return Err(OpenError::TooNew(version)),
            _ => {}
        }
        let mut project: Project = serde_json::from_str(text).map_err(OpenError::Damaged)?;
        project.raise_counters();
        match project.draft.last_id.max(project.data.last_id) {
            last if last > MOST_ID => Err(OpenError::IdsUsedUp(last)),
            _ => Ok(project),
        }
    }

    /// Lifts the counters of ids above every id there is: a file written by hand may say less, and two things of one
    /// id would become one.
    fn raise_counters(&mut self) {
        let models = self.draft.models.iter();
        let ids = models.flat_map(|model| model.fields.iter().map(|field| field.id.0).chain([model.id.0]));
        let ids = ids.chain(self.draft.relationships.iter().map(|relationship| relationship.id.0));
        self.draft.last_id = ids.fold(self.draft.last_id, u32::max);
        let rows = self.data.rows.values().flatten().map(|row| row.id.0);
        self.data.last_id = rows.fold(self.data.last_id, u32::max);
    }
}
