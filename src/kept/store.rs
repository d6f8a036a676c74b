//! Opening, filling, saving and deleting databases, wherever this browser lets them be kept.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, StorageEstimate};

use super::browser::{done, sleep, storage, words};
use super::files::{Files, SlotError};
use super::locks::{Giving, Lock, Locked, NoCopy, ask_for_copy, give, lock};
use super::standing::{KeptError, Listed, Place, Standing};
use super::vfs::Named;
use super::{MAGIC, opfs, snapshot};

/// How much of a file is read at once, in bytes.
const PIECE: f64 = (4 << 20) as f64;
const LONGEST_NAME: usize = 100;

/// How to open a database.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The content of a new one: an SQLite file.
    pub content: Option<Blob>,
    /// Open a copy, in memory, if another tab has it.
    pub copy: bool,
    /// Do not keep it in files even where there are some: for trying out what other browsers do.
    pub no_files: bool,
    /// Do not keep it at all.
    pub no_keeping: bool,
}

/// A database, open in this tab alone.
pub struct Kept {
    name: String,
    files: Rc<Files>,
    named: Named,
    place: Cell<Place>,
    why: RefCell<String>,
    /// What [`Files::writes`] was when the last snapshot was made.
    kept: Cell<u64>,
    _lock: Option<Lock>,
    _giving: Option<Giving>,
}

impl Kept {
    /// Opens the database of that name, or makes one. `tell` hears how many bytes of how many have been read of the
    /// content, and answers whether to go on.
    ///
    /// # Errors
    /// [`KeptError`]; where nothing can be kept, it opens in memory and says so in [`Kept::standing`].
    pub async fn open(name: &str, wish: Wish, tell: &dyn Fn(u64, u64) -> bool) -> Result<Kept, KeptError> {
        if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(KeptError::Name);
        }
        if let Some(content) = &wish.content {
            check(content).await?;
        }
        if wish.no_keeping {
            return Kept::in_memory(name, "nothing else was asked for", wish.content.as_ref(), tell).await;
        }
        match lock(name).await {
            Locked::Yes(lock) => Kept::with_lock(name, lock, wish, tell).await,
            Locked::Taken if wish.copy => Kept::copy(name, tell).await,
            Locked::Taken => Err(KeptError::Taken(name.into())),
            Locked::Unknown => {
                let why = "this browser, or this page without https, has no way to keep two tabs apart";
                Kept::in_memory(name, why, wish.content.as_ref(), tell).await
            }
        }
    }

    async fn with_lock(
        name: &str,
        lock: Lock,
        wish: Wish,
        tell: &dyn Fn(u64, u64) -> bool,
    ) -> Result<Kept, KeptError> {
        let before = snapshot::read(name).await;
        if let Ok(Some(snapshot)) = &before {
            if wish.content.is_some() {
                return Err(KeptError::Exists(name.into()));
            }
            // It was kept so when there were no files, and stays so.
            let files = loaded(snapshot, &|_, _| true).await?;
            let kept =
                Kept::of(name, files, Place::Snapshot, "it was kept so from the beginning", Some(lock))?;
            kept.kept.set(kept.files.writes());
            return Ok(kept);
        }
        let why = match opfs::open(name).await {
            _ if wish.no_files => "nothing else was asked for".to_owned(),
            Ok([main, journal]) => {
                let files = Files::on(Box::new(main), Box::new(journal));
                return Kept::in_files(name, files, lock, wish.content.as_ref(), tell).await;
            }
            Err(why) => why,
        };
        let files = match &wish.content {
            Some(content) => loaded(content, tell).await?,
            None => Files::in_memory(&[]),
        };
        let (place, why) = match before {
            Ok(_) => (Place::Snapshot, why),
            Err(also) => (Place::Memory, format!("{why}, and {also}")),
        };
        let kept = Kept::of(name, files, place, &why, Some(lock))?;
        kept.save().await;
        Ok(kept)
    }

    async fn in_files(
        name: &str,
        files: Files,
        lock: Lock,
        content: Option<&Blob>,
        tell: &dyn Fn(u64, u64) -> bool,
    ) -> Result<Kept, KeptError> {
        let start = files.piece_of_header();
        let there = start.is_some_and(|start| start == *MAGIC);
        if start.is_some_and(|start| start == [0; MAGIC.len()]) {
            // The page went while it was being filled.
            files.clear().map_err(browser)?;
        }
        let Some(content) = content else {
            return Kept::of(name, files, Place::Files, "", Some(lock));
        };
        if there {
            return Err(KeptError::Exists(name.into()));
        }
        files.clear().map_err(browser)?;
        match fill(&files, content, tell).await {
            Ok(()) => {
                let kept = Kept::of(name, files, Place::Files, "", Some(lock))?;
                if let Err(error) = kept.named.connect() {
                    let _ = kept.files.clear();
                    drop(kept);
                    let _ = opfs::remove(name).await;
                    return Err(error.into());
                }
                Ok(kept)
            }
            Err(Unfilled::Slot(error)) => {
                // What was written goes, and makes room for others.
                let _ = files.clear();
                let why = refused(&error);
                let files = loaded(content, tell).await?;
                Kept::of(name, files, Place::Memory, &why, Some(lock))
            }
            Err(Unfilled::Other(error)) => {
                let _ = files.clear();
                drop(files);
                let _ = opfs::remove(name).await;
                Err(error)
            }
        }
    }

    async fn copy(name: &str, tell: &dyn Fn(u64, u64) -> bool) -> Result<Kept, KeptError> {
        let copy = ask_for_copy(name).await.map_err(|why| match why {
            NoCopy::Busy => KeptError::Busy(name.into()),
            NoCopy::Silent => KeptError::Silent(name.into()),
        })?;
        let why = "it is a copy, for another tab has the database open";
        let content = (copy.size() > 0.0).then_some(&copy);
        Kept::in_memory(name, why, content, tell).await
    }

    async fn in_memory(
        name: &str,
        why: &str,
        content: Option<&Blob>,
        tell: &dyn Fn(u64, u64) -> bool,
    ) -> Result<Kept, KeptError> {
        let files = match content {
            Some(content) => loaded(content, tell).await?,
            None => Files::in_memory(&[]),
        };
        Kept::of(name, files, Place::Memory, why, None)
    }

    fn of(name: &str, files: Files, place: Place, why: &str, lock: Option<Lock>) -> Result<Kept, KeptError> {
        let files = Rc::new(files);
        let named = Named::new(&files).map_err(|error| KeptError::Sqlite(error.to_string()))?;
        // Without a line nobody can ask, which is what the other tabs will be told.
        let giving = lock.as_ref().and_then(|_| give(name, Rc::clone(&files)).ok());
        Ok(Kept {
            name: name.into(),
            files,
            named,
            place: Cell::new(place),
            why: RefCell::new(why.into()),
            kept: Cell::new(0),
            _lock: lock,
            _giving: giving,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What to open it by.
    pub fn named(&self) -> &Named {
        &self.named
    }

    /// How it stands now.
    pub fn standing(&self) -> Standing {
        let bytes = self.files.bytes().unwrap_or(0);
        if let Some(why) = &*self.files.frozen()
            && self.place.get() == Place::Files
        {
            let why = format!("{}; what was committed before that is kept in this browser", refused(why));
            return Standing { place: Place::Memory, saved: false, why, bytes };
        }
        let place = self.place.get();
        let saved = match place {
            Place::Files => true,
            Place::Snapshot => self.kept.get() == self.files.writes(),
            Place::Memory => false,
        };
        Standing { place, saved, why: self.why.borrow().clone(), bytes }
    }

    /// Whether there is anything new that [`Kept::save`] would keep.
    pub fn unsaved(&self) -> bool {
        self.place.get() == Place::Snapshot && self.kept.get() != self.files.writes() && self.files.settled()
    }

    /// Keeps a snapshot of what was committed, where that is how it is kept. Afterwards [`Kept::standing`] tells
    /// whether it is.
    pub async fn save(&self) {
        if !self.unsaved() {
            return;
        }
        let writes = self.files.writes();
        match snapshot::write(&self.name, &self.files).await {
            Ok(()) => self.kept.set(writes),
            Err(error) => {
                self.place.set(Place::Memory);
                let earlier =
                    if self.kept.get() == 0 { "" } else { "; an earlier state is kept in this browser" };
                *self.why.borrow_mut() = format!("{}{earlier}", refused(&error));
            }
        }
    }

    /// The database's file, as it was committed last: for saving it elsewhere. `tell` hears how many bytes of how many
    /// have been read, and answers whether to go on. Nothing must be written to the database meanwhile.
    ///
    /// # Errors
    /// If a transaction is not over, or the browser does not read it.
    pub async fn file(&self, tell: &dyn Fn(u64, u64) -> bool) -> Result<Blob, KeptError> {
        if !self.files.settled() {
            return Err(KeptError::Transaction);
        }
        let (parts, writes) = (Array::new(), self.files.writes());
        loop {
            let bytes = snapshot::bytes_of(&parts);
            if !tell(bytes, self.files.bytes().unwrap_or(bytes)) {
                return Err(KeptError::Cancelled);
            }
            // What is to stop it is heard only between two parts.
            sleep(0).await;
            if self.files.writes() != writes {
                return Err(KeptError::Transaction);
            }
            match snapshot::part(&self.files, bytes).map_err(browser)? {
                Some(part) => drop(parts.push(&part)),
                None => return snapshot::joined(&parts).map_err(browser),
            }
        }
    }
}

/// All databases that are kept in this browser, by name.
pub async fn list() -> Vec<Listed> {
    let mut all = opfs::list().await;
    all.extend(snapshot::list().await);
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all.dedup_by(|one, other| one.name == other.name);
    all
}

/// Deletes a database. One that is not there is no mistake.
///
/// # Errors
/// If a tab has it open, or the browser does not delete it.
pub async fn remove(name: &str) -> Result<(), KeptError> {
    let lock = lock(name).await;
    if let Locked::Taken = lock {
        return Err(KeptError::Taken(name.into()));
    }
    opfs::remove(name).await.map_err(KeptError::Browser)?;
    // Where there is no IndexedDB there is nothing in it.
    let _ = snapshot::remove(name).await;
    drop(lock);
    Ok(())
}

/// How many bytes this page keeps, how many it may, and whether the browser has promised not to clear them away
/// when it runs short. Nothing where the browser does not say.
pub async fn room() -> Option<(f64, f64, bool)> {
    let storage = storage()?;
    let estimate: StorageEstimate = done(storage.estimate().ok()?).await.ok()?.unchecked_into();
    let promised = match storage.persisted() {
        Ok(promise) => done(promise).await.is_ok_and(|promised| promised.is_truthy()),
        Err(_) => false,
    };
    Some((estimate.get_usage()?, estimate.get_quota()?, promised))
}

fn browser(error: SlotError) -> KeptError {
    KeptError::Browser(error.words)
}

/// A sentence's second half.
fn refused(error: &SlotError) -> String {
    if error.full {
        "the browser has no more room for this page".into()
    } else {
        format!("the browser did not keep it ({})", error.words)
    }
}

/// Whether a file is a database, as far as its beginning tells.
async fn check(content: &Blob) -> Result<(), KeptError> {
    let unread = |error: JsValue| KeptError::Browser(words(&error));
    let start = content.slice_with_i32_and_i32(0, 100).map_err(unread)?;
    let start = Uint8Array::new(&done(start.array_buffer()).await.map_err(unread)?).to_vec();
    let is_database = start.len() == 100 && start.starts_with(MAGIC) && content.size() % 512.0 == 0.0;
    is_database.then_some(()).ok_or(KeptError::NotADatabase)
}

/// A file's content in memory.
async fn loaded(content: &Blob, tell: &dyn Fn(u64, u64) -> bool) -> Result<Files, KeptError> {
    let files = Files::in_memory(&[]);
    fill(&files, content, tell).await.map_err(|error| match error {
        Unfilled::Slot(error) => browser(error),
        Unfilled::Other(error) => error,
    })?;
    Ok(files)
}

/// Why a database was not filled: it could not be written, or anything else.
enum Unfilled {
    Slot(SlotError),
    Other(KeptError),
}

/// Fills an empty database from a file, a piece at a time.
async fn fill(files: &Files, content: &Blob, tell: &dyn Fn(u64, u64) -> bool) -> Result<(), Unfilled> {
    let unread = |error: JsValue| Unfilled::Other(KeptError::Browser(words(&error)));
    let (size, mut at) = (content.size(), 0.0);
    while at < size {
        if !tell(at as u64, size as u64) {
            return Err(Unfilled::Other(KeptError::Cancelled));
        }
        let end = size.min(at + PIECE);
        let piece = content.slice_with_f64_and_f64(at, end).map_err(unread)?;
        let buffer = done(piece.array_buffer()).await.map_err(unread)?;
        files.fill(at as u64, &mut Uint8Array::new(&buffer).to_vec()).map_err(Unfilled::Slot)?;
        at = end;
    }
    files.finish().map_err(Unfilled::Slot)?;
    tell(size as u64, size as u64);
    Ok(())
}
