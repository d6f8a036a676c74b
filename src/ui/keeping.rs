//! The console's database where that is not the project's: which there are, which is open, what is under way.

use std::rc::Rc;

use super::action::Asked;
use super::compiled::Compiled;
use super::state::{Good, Notice, State};
use crate::project::Project;
use crate::protocol::{Failure, FailureKind, KeptAsk, KeptName, KeptNow, KeptTold, RequestId};

/// What can happen to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Keep {
    /// The console is shown: which databases are there?
    Shown,
    /// SQL is to run on the database of this name, or on copies of the project's.
    Choose(Option<String>),
    /// A file of this name was picked and waits beside; a database is to be made of it.
    File(String),
    /// The database that another tab has is to be opened as a copy.
    Copy,
    /// It is to be saved as a file.
    Save,
    /// Whether to delete it is to be asked, or no longer.
    Delete(bool),
    /// It is to be deleted.
    DeleteNow,
    /// What was chosen is to be done, although it loses what is only in memory; or it is not.
    Leave(bool),
    /// Reading or saving is to end.
    Stop,
    /// What was wanted was asked.
    Asked(RequestId),
    /// Its worker was lost.
    Lost(String),
}

/// How it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keeping {
    /// Counts its workers, which are others than the project's; 0 while none is needed.
    pub worker: u32,
    /// The databases there are.
    pub all: Rc<Vec<KeptName>>,
    /// Which is in use.
    pub status: Status,
    /// How far reading or saving is, in bytes, and of how many.
    pub progress: Option<(u64, u64)>,
    /// What is to be asked next.
    pub wanted: Option<KeptAsk>,
    /// What was asked and is not answered yet.
    pub asked: Option<RequestId>,
    /// Counts how often reading or saving was to end.
    pub stops: u32,
    /// What was refused.
    pub trouble: Option<Trouble>,
    /// Whether it is asked if the open one is to be deleted.
    pub deleting: bool,
    /// What was chosen while the open one is only in memory, so that it is asked first.
    pub leaving: Option<Box<Keep>>,
    /// The one that is opened again with the page.
    pub remembered: Option<String>,
}

/// Which database SQL runs on.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Status {
    /// A copy of the project's.
    #[default]
    Project,
    /// The one of this name, as soon as it is open.
    Opening(String),
    /// This one.
    Open(KeptNow),
}

/// What was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// The database.
    pub name: String,
    /// Why, as a sentence.
    pub words: String,
    /// Whether another tab has it, so that a copy can be had.
    pub taken: bool,
}

impl Keeping {
    /// Whether SQL runs on another database than the project's.
    pub fn is_apart(&self) -> bool {
        self.status != Status::Project
    }

    /// The one that is open.
    pub fn open(&self) -> Option<&KeptNow> {
        match &self.status {
            Status::Open(now) => Some(now),
            _ => None,
        }
    }

    /// The name of the one that is chosen.
    pub fn name(&self) -> Option<&str> {
        match &self.status {
            Status::Project => None,
            Status::Opening(name) => Some(name),
            Status::Open(now) => Some(&now.name),
        }
    }
}

/// A schema without models: the columns of another database are not the project's.
pub(super) fn nothing() -> Option<Rc<Good>> {
    Compiled::of(&Project::default()).good
}

pub(super) fn happened(mut state: State, what: Keep) -> State {
    let keeping = &mut state.keeping;
    let goes = matches!(what, Keep::Choose(_) | Keep::File(_) | Keep::Copy);
    if goes && keeping.open().is_some_and(|now| now.only_in_memory) {
        keeping.leaving = Some(Box::new(what));
        return state;
    }
    done(state, what)
}

fn done(mut state: State, what: Keep) -> State {
    let keeping = &mut state.keeping;
    match what {
        Keep::Shown if keeping.worker == 0 => {
            keeping.worker = 1;
            keeping.wanted = Some(KeptAsk::List);
        }
        Keep::Shown => {}
        Keep::Choose(None) => {
            keeping.remembered = None;
            return turned_to(state, Status::Project, KeptAsk::Close);
        }
        Keep::Choose(Some(name)) => return opening(state, name, false),
        Keep::File(file) => {
            let name = free_name(&file, &keeping.all);
            return opening(state, name, false);
        }
        Keep::Copy => {
            if let Some(trouble) = keeping.trouble.take() {
                return opening(state, trouble.name, true);
            }
        }
        Keep::Save => keeping.wanted = Some(KeptAsk::File),
        Keep::Delete(asked) => keeping.deleting = asked,
        Keep::DeleteNow => {
            keeping.remembered = None;
            return turned_to(state, Status::Project, KeptAsk::Delete);
        }
        Keep::Leave(yes) => {
            if let Some(what) = keeping.leaving.take().filter(|_| yes) {
                return done(state, *what);
            }
        }
        Keep::Stop => keeping.stops += 1,
        Keep::Asked(id) => {
            state.last_request = id.0;
            keeping.asked = Some(id);
            keeping.wanted = None;
        }
        Keep::Lost(why) => return lost(state, &why),
    }
    state
}

fn opening(state: State, name: String, copy: bool) -> State {
    let ask = KeptAsk::Open { name: name.clone(), copy };
    turned_to(state, Status::Opening(name), ask)
}

/// Another database is chosen: what came of SQL on the one before goes.
fn turned_to(mut state: State, status: Status, ask: KeptAsk) -> State {
    state.asked.retain(|_, asked| !matches!(asked, Asked::Sql | Asked::SqlRows(_)));
    state.console.forget();
    let keeping = &mut state.keeping;
    keeping.worker = keeping.worker.max(1);
    keeping.status = status;
    keeping.wanted = Some(ask);
    keeping.trouble = None;
    keeping.progress = None;
    keeping.deleting = false;
    keeping.leaving = None;
    state
}

/// The file's name without its ending, and with a number if there is a database of that name.
fn free_name(file: &str, all: &[KeptName]) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).trim();
    let stem: String = if stem.is_empty() { "database" } else { stem }.chars().take(90).collect();
    let names = (2..).map(|number| format!("{stem} {number}"));
    let mut names = std::iter::once(stem.clone()).chain(names);
    names.find(|name| all.iter().all(|kept| kept.name != *name)).unwrap_or(stem)
}

/// Takes in what the worker says.
pub(super) fn told(mut state: State, id: RequestId, told: KeptTold) -> State {
    let keeping = &mut state.keeping;
    let answers = keeping.asked == Some(id);
    match told {
        // How the open one stands, after something was run on it.
        KeptTold::Open(now) if id.0 == 0 => {
            if keeping.name() == Some(&now.name) && keeping.open().is_some() {
                keeping.status = Status::Open(now);
            }
        }
        // Of a worker that was given up.
        _ if !answers => {}
        KeptTold::Progress { read, of } => keeping.progress = Some((read, of)),
        told => {
            keeping.asked = None;
            keeping.progress = None;
            return answered(state, told);
        }
    }
    state
}

fn answered(mut state: State, told: KeptTold) -> State {
    let keeping = &mut state.keeping;
    match told {
        KeptTold::Listed(all) => {
            let again = keeping.remembered.clone().filter(|name| all.iter().any(|kept| kept.name == *name));
            keeping.all = Rc::new(all);
            if let Some(name) = again.filter(|_| !keeping.is_apart() && keeping.wanted.is_none()) {
                return opening(state, name, false);
            }
        }
        // Meanwhile another one may have been chosen.
        KeptTold::Open(now) if keeping.name() == Some(&now.name) => {
            if !now.only_in_memory {
                keeping.remembered = Some(now.name.clone());
                let kept = KeptName { name: now.name.clone(), bytes: now.bytes };
                let all = Rc::make_mut(&mut keeping.all);
                match all.binary_search_by(|other| other.name.cmp(&kept.name)) {
                    Ok(at) => all[at] = kept,
                    Err(at) => all.insert(at, kept),
                }
            }
            keeping.status = Status::Open(now);
        }
        KeptTold::Refused { taken, words } => {
            let name = keeping.name().unwrap_or_default().to_owned();
            keeping.trouble = Some(Trouble { name, words, taken });
            if let Status::Opening(_) = keeping.status {
                keeping.status = Status::Project;
                state.console.wanted = false;
            }
        }
        KeptTold::Closed if keeping.wanted.is_none() => keeping.wanted = Some(KeptAsk::List),
        _ => {}
    }
    state
}

/// The worker is gone, and with it what was in memory only.
fn lost(mut state: State, why: &str) -> State {
    state.asked.retain(|_, asked| !matches!(asked, Asked::Sql | Asked::SqlRows(_)));
    let message = format!("The database was lost while it ran the SQL: {why}");
    if state.console.running.take().is_some() {
        state.console.failure = Some(Failure { kind: FailureKind::Protocol, message, sqlite: String::new() });
    }
    state.console.rows_kept = false;
    let keeping = &mut state.keeping;
    keeping.worker += 1;
    keeping.asked = None;
    keeping.progress = None;
    keeping.deleting = false;
    keeping.leaving = None;
    match std::mem::take(&mut keeping.status) {
        Status::Open(now) if now.at_once => {
            keeping.status = Status::Opening(now.name.clone());
            keeping.wanted = Some(KeptAsk::Open { name: now.name, copy: false });
        }
        Status::Open(KeptNow { name, .. }) | Status::Opening(name) => {
            let words = format!("“{name}” was lost ({why}). What had been kept in this browser still is.");
            keeping.trouble = Some(Trouble { name, words, taken: false });
            keeping.wanted = Some(KeptAsk::List);
        }
        Status::Project => {}
    }
    state
}

/// The running SQL is to be stopped: where commits are in files another worker goes on; elsewhere it must end by
/// itself, for what is in memory would go with the worker.
pub(super) fn stopped(mut state: State) -> State {
    state.console.wanted = false;
    match state.keeping.open() {
        Some(now) if now.at_once => {
            let mut next = lost(state, "it was stopped");
            next.console.failure = None;
            next
        }
        _ => state.telling(Notice {
            text: "This ends by itself after 5 seconds at most: stopped at once, it would take with it what is only in memory."
                .into(),
            ..Notice::default()
        }),
    }
}
