//! Reading a project, from the browser's storage or a file: what a first visit does without.

use crate::project::Project;

/// Why a project was not read, for the person whose it is.
#[derive(Debug)]
pub struct Unread(pub String);

/// Reads a project.
///
/// # Errors
/// It is no project, or what reads it could not be loaded.
#[cfg(feature = "split")]
pub async fn read_project(text: &str) -> Result<Project, Unread> {
    split::read(text).await
}

/// Reads a project.
///
/// # Errors
/// It is no project.
#[cfg(not(feature = "split"))]
pub async fn read_project(text: &str) -> Result<Project, Unread> {
    now(text)
}

fn now(text: &str) -> Result<Project, Unread> {
    Project::from_json(text).map_err(|error| Unread(error.to_string()))
}

/// The function at which the program is cut.
#[cfg(feature = "split")]
#[allow(unsafe_code, reason = "wasm_split declares the foreign function that is in the other file")]
mod split {
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::{Project, Unread, now};

    impl From<SplitLoaderError> for Unread {
        fn from(_: SplitLoaderError) -> Unread {
            Unread("The part of the page that reads projects could not be loaded. Reload the page.".into())
        }
    }

    #[wasm_split(reading, fallible)]
    pub(super) fn read(text: &str) -> Result<Project, Unread> {
        now(text)
    }
}
