//! SQLite's way to [`Files`]: a VFS, and connections through it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::OnceLock;

use rsqlite_vfs::{
    AccessMode, DeviceCharacteristics, FileKind, LockLevel, MemChunksFile, OpenOptions, OpenRequest,
    OpenedFile, SQLiteIoMethods, SQLiteVfs, SyncOptions, VfsError, VfsErrorCode, VfsFile, VfsResult,
    VfsStore,
};
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, OpenFlags};

use super::files::{Files, Part, SlotError};
use super::host::Host;

const NAME: &str = "relata-kept";
const JOURNAL: &str = "-journal";

thread_local! {
    /// The files that can be opened, by the name that SQLite knows them by.
    static FILES: RefCell<BTreeMap<String, Rc<Files>>> = const { RefCell::new(BTreeMap::new()) };
    static OPENED: Cell<u64> = const { Cell::new(0) };
}

/// A name for these files that a connection can be opened by, as long as the name lives.
pub struct Named {
    name: String,
}

impl Named {
    /// Makes the files known to SQLite.
    ///
    /// # Errors
    /// SQLite's, if it takes no more of them.
    pub fn new(files: &Rc<Files>) -> rusqlite::Result<Named> {
        register()?;
        let number = OPENED.get() + 1;
        OPENED.set(number);
        let name = format!("{NAME}-{number}");
        FILES.with_borrow_mut(|all| all.insert(name.clone(), Rc::clone(files)));
        Ok(Named { name })
    }

    /// The name of the file.
    pub fn file(&self) -> &str {
        &self.name
    }

    /// The name of the VFS to open it with.
    pub fn vfs(&self) -> &'static str {
        NAME
    }

    /// Opens the database, mends what a crash left, and has every commit be certain before it is told.
    ///
    /// # Errors
    /// SQLite's: it is open already, or no database.
    pub fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut connection = Connection::open_with_flags_and_vfs(&self.name, flags, NAME)?;
        prepare(&mut connection)?;
        Ok(connection)
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        FILES.with_borrow_mut(|all| all.remove(&self.name));
    }
}

/// Sets a connection through this VFS up: no other one can come between, so SQLite need not look for it; a commit is
/// the emptying of the journal. Pages come from a disk, so many are kept in memory. Reads once, for what a crash left is to be
/// mended now.
///
/// # Errors
/// SQLite's: what is there is no database.
pub fn prepare(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL;
         PRAGMA cache_size = -16384;
         SELECT count(*) FROM sqlite_schema",
    )?;
    connection.authorizer(Some(guard))
}

/// What would have commits be lost in a crash, or cannot be here, does nothing: programs that ask for it go on.
fn guard(context: AuthContext<'_>) -> Authorization {
    let settings = ["journal_mode", "locking_mode", "synchronous", "mmap_size"];
    match context.action {
        AuthAction::Pragma { pragma_name, pragma_value: Some(_) }
            if settings.iter().any(|setting| pragma_name.eq_ignore_ascii_case(setting)) =>
        {
            Authorization::Ignore
        }
        _ => Authorization::Allow,
    }
}

#[allow(unsafe_code, reason = "SQLite takes a VFS as a table of C functions only")]
fn register() -> rusqlite::Result<()> {
    static DONE: OnceLock<bool> = OnceLock::new();
    // SAFETY: The table of functions is the one that the crate makes of the store's own types, is registered once, and
    // is never given back. Its shared data is empty; the files it reaches belong to the thread that asks.
    let done = || match unsafe { rsqlite_vfs::register_vfs::<Store, Store>(NAME, Host, false) } {
        Ok(registration) => !registration.into_raw().is_null(),
        Err(_) => false,
    };
    let refused = || rusqlite::Error::InvalidPath(NAME.into());
    DONE.get_or_init(done).then_some(()).ok_or_else(refused)
}

/// What SQLite has open.
enum Handle {
    File(Rc<Files>, Part),
    /// A file that lives as long as it is open.
    Temporary(MemChunksFile),
}

struct Store;

impl SQLiteIoMethods for Store {
    type Store = Store;
}

impl SQLiteVfs<Store> for Store {
    type Os = Host;

    fn os(data: &Host) -> &Host {
        data
    }
}

/// The files of a name and which of them it means.
fn find(name: &str) -> Option<(Rc<Files>, Part)> {
    FILES.with_borrow(|all| match name.strip_suffix(JOURNAL) {
        Some(main) => all.get(main).map(|files| (Rc::clone(files), Part::Journal)),
        None => all.get(name).map(|files| (Rc::clone(files), Part::Main)),
    })
}

fn error(code: VfsErrorCode) -> impl Fn(SlotError) -> VfsError {
    move |why| VfsError::new(if why.full { VfsErrorCode::Full } else { code }, why.words.into())
}

impl VfsStore for Store {
    type File = Handle;
    type AppData = Host;

    fn open_file(_: &Host, request: OpenRequest<'_>) -> VfsResult<OpenedFile<Handle>> {
        let OpenRequest { filename, options } = request;
        let refused = |why: &'static str| Err(VfsError::new(VfsErrorCode::CantOpen, why.into()));
        let file = match (filename, options.kind()) {
            (Some(name), Some(FileKind::MainDb | FileKind::MainJournal)) => match find(name.path()) {
                Some((files, Part::Main)) if files.open.replace(true) => {
                    return refused("it is open already");
                }
                Some((files, part)) => Handle::File(files, part),
                None => return refused("there is no such file"),
            },
            (_, Some(FileKind::Wal | FileKind::SuperJournal)) => {
                return refused("there are no such files here");
            }
            _ => Handle::Temporary(MemChunksFile::default()),
        };
        Ok(OpenedFile { file, access: options.access() })
    }

    fn close_file(_: &Host, _: Option<&str>, file: Handle, options: OpenOptions) -> VfsResult<()> {
        let Handle::File(files, part) = file else { return Ok(()) };
        if part == Part::Main {
            files.open.set(false);
        }
        if options.delete_on_close() {
            files.truncate(part, 0).map_err(error(VfsErrorCode::IoDelete))?;
        }
        Ok(())
    }

    fn access(_: &Host, name: &str, _: AccessMode) -> VfsResult<bool> {
        let Some((files, part)) = find(name) else { return Ok(false) };
        files.size(part).map(|size| size > 0).map_err(error(VfsErrorCode::IoAccess))
    }

    fn full_pathname(_: &Host, name: &str) -> VfsResult<String> {
        Ok(name.to_owned())
    }

    fn delete_file(_: &Host, name: &str, _: bool) -> VfsResult<()> {
        let Some((files, part)) = find(name) else { return Ok(()) };
        let failed = error(VfsErrorCode::IoDelete);
        files.truncate(part, 0).and_then(|()| files.flush(part)).map_err(failed)
    }
}

impl VfsFile for Handle {
    fn device_characteristics(&self) -> DeviceCharacteristics {
        DeviceCharacteristics::UNDELETABLE_WHEN_OPEN
    }

    fn read(&mut self, into: &mut [u8], at: u64) -> VfsResult<usize> {
        match self {
            Handle::File(files, part) => files.read(*part, at, into).map_err(error(VfsErrorCode::IoRead)),
            Handle::Temporary(memory) => memory.read(into, at),
        }
    }

    fn write(&mut self, bytes: &[u8], at: u64) -> VfsResult<()> {
        match self {
            Handle::File(files, part) => files.write(*part, at, bytes).map_err(error(VfsErrorCode::IoWrite)),
            Handle::Temporary(memory) => memory.write(bytes, at),
        }
    }

    fn truncate(&mut self, size: u64) -> VfsResult<()> {
        match self {
            Handle::File(files, part) => files.truncate(*part, size).map_err(error(VfsErrorCode::IoTruncate)),
            Handle::Temporary(memory) => memory.truncate(size),
        }
    }

    fn sync(&mut self, _: SyncOptions) -> VfsResult<()> {
        match self {
            Handle::File(files, part) => files.flush(*part).map_err(error(VfsErrorCode::IoSync)),
            Handle::Temporary(_) => Ok(()),
        }
    }

    fn size(&self) -> VfsResult<u64> {
        match self {
            Handle::File(files, part) => files.size(*part).map_err(error(VfsErrorCode::IoStat)),
            Handle::Temporary(memory) => memory.size(),
        }
    }

    // One connection only, so there is nobody to lock out.
    fn lock(&mut self, _: LockLevel) -> VfsResult<()> {
        Ok(())
    }

    fn unlock(&mut self, _: LockLevel) -> VfsResult<()> {
        Ok(())
    }

    fn check_reserved_lock(&self) -> VfsResult<bool> {
        Ok(false)
    }
}
