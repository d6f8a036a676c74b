//! Statements that live by themselves: what a script holds cannot borrow from a connection, as rusqlite's statements do.
//!
//! The only files that call SQLite's C interface are this one, `raw_row` and `raw_function`. The interface is safe: a statement
//! keeps its connection open, and what runs is kept by its caller, whatever a function that SQLite calls back lets go.
#![allow(unsafe_code, reason = "SQLite's C interface; each block says why it may be called")]

use std::ffi::{CStr, c_char, c_int};
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, TransactionState, ffi};

use super::packed::{Integers, Packed, Parameter};

/// SQLite's result code, extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(pub i32);

impl Code {
    /// All went well.
    pub const OK: Code = Code(ffi::SQLITE_OK);
    /// There is a row.
    pub const ROW: Code = Code(ffi::SQLITE_ROW);
    /// There is none any more.
    pub const DONE: Code = Code(ffi::SQLITE_DONE);
}

/// A statement with its connection.
pub struct Statement {
    connection: Rc<Connection>,
    raw: NonNull<ffi::sqlite3_stmt>,
}

/// What came of preparing a text.
pub struct Prepared {
    /// The statement, or nothing where there were only spaces and comments.
    pub statement: Option<Statement>,
    /// Where the next one begins, in bytes.
    pub tail: usize,
}

pub(super) fn handle(connection: &Connection) -> *mut ffi::sqlite3 {
    // SAFETY: the handle is used while `connection` is borrowed and never closed through it.
    unsafe { connection.handle() }
}

/// A C string of SQLite's as text; empty for a null pointer.
///
/// # Safety
/// The pointer is null, or leads to a string that ends in a zero and stays as it is meanwhile.
unsafe fn text_of(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: as the caller promises.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

/// SQLite's words for the last error on a connection.
pub fn message(connection: &Connection) -> String {
    // SAFETY: the connection is open, and the text is copied before anything else is called.
    unsafe { text_of(ffi::sqlite3_errmsg(handle(connection))) }
}

/// SQLite's words for the last error where there is no connection.
pub fn no_connection() -> String {
    // SAFETY: SQLite has a static text for a null pointer.
    unsafe { text_of(ffi::sqlite3_errmsg(ptr::null_mut())) }
}

/// SQLite's words for a result code.
pub fn words(code: Code) -> String {
    // SAFETY: gives a static string for any number.
    unsafe { text_of(ffi::sqlite3_errstr(code.0)) }
}

/// Prepares the first statement of a text, which ends at its first zero byte.
///
/// # Errors
/// SQLite's code; [`message`] has its words.
pub fn prepare(connection: &Rc<Connection>, sql: &[u8]) -> Result<Prepared, Code> {
    let sql = &sql[..sql.iter().position(|byte| *byte == 0).unwrap_or(sql.len())];
    let length = c_int::try_from(sql.len()).map_err(|_| Code(ffi::SQLITE_TOOBIG))?;
    // SAFETY: there are as many bytes as are told.
    unsafe { prepare_text(connection, sql, length) }
}

/// Prepares the statement that begins so many bytes into a text. The tail is counted from there. However long the text is, no more
/// of it is looked at than the statement.
///
/// # Errors
/// SQLite's code; [`message`] has its words.
pub fn prepare_at(connection: &Rc<Connection>, sql: &CStr, start: usize) -> Result<Prepared, Code> {
    let sql = sql.to_bytes_with_nul().get(start..).filter(|rest| !rest.is_empty()).unwrap_or(&[0]);
    // SAFETY: the text ends in a zero byte.
    unsafe { prepare_text(connection, sql, -1) }
}

/// # Safety
/// The text has so many bytes, or ends in a zero byte if that is negative.
unsafe fn prepare_text(connection: &Rc<Connection>, sql: &[u8], length: c_int) -> Result<Prepared, Code> {
    let (mut raw, mut tail) = (ptr::null_mut(), ptr::null());
    // SAFETY: the text lives throughout the call and ends as the caller promises; both results are written to locals.
    let code = unsafe {
        ffi::sqlite3_prepare_v2(handle(connection), sql.as_ptr().cast(), length, &mut raw, &mut tail)
    };
    if code != ffi::SQLITE_OK {
        return Err(Code(code));
    }
    let tail = if tail.is_null() { sql.len() } else { tail as usize - sql.as_ptr() as usize };
    let statement = NonNull::new(raw).map(|raw| Statement { connection: Rc::clone(connection), raw });
    Ok(Prepared { statement, tail })
}

impl Statement {
    fn raw(&self) -> *mut ffi::sqlite3_stmt {
        self.raw.as_ptr()
    }

    /// The connection that it was prepared on.
    pub fn connection(&self) -> &Rc<Connection> {
        &self.connection
    }

    /// Goes on to the next row. Functions that SQLite calls back may use the same connection, but must keep the statement.
    pub fn step(&self) -> Code {
        // SAFETY: the statement lives as long as `self`.
        Code(unsafe { ffi::sqlite3_step(self.raw()) })
    }

    /// Lets go of its row and of what was bound. Gives whether its last run went well.
    pub fn reset(&self) -> bool {
        // SAFETY: as for `step`. Content that was bound is SQLite's own copy.
        unsafe {
            ffi::sqlite3_clear_bindings(self.raw()) == ffi::SQLITE_OK
                && ffi::sqlite3_reset(self.raw()) == ffi::SQLITE_OK
        }
    }

    /// Binds one parameter, counted from 1.
    pub fn bind(&self, at: usize, parameter: Parameter<'_>) -> Code {
        let at = c_int::try_from(at).unwrap_or(c_int::MAX);
        // SAFETY: as for `step`; SQLite copies what it is given before it returns, and is told the length.
        Code(unsafe {
            match parameter {
                Parameter::Unset => ffi::SQLITE_OK,
                Parameter::Null => ffi::sqlite3_bind_null(self.raw(), at),
                Parameter::Integer(integer) => ffi::sqlite3_bind_int64(self.raw(), at, integer),
                Parameter::Number(number) if f64::from(number as i32) == number => {
                    ffi::sqlite3_bind_int(self.raw(), at, number as i32)
                }
                Parameter::Number(number) => ffi::sqlite3_bind_double(self.raw(), at, number),
                Parameter::Text(text) => ffi::sqlite3_bind_text64(
                    self.raw(),
                    at,
                    text.as_ptr().cast(),
                    text.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                    ffi::SQLITE_UTF8 as u8,
                ),
                Parameter::Blob(bytes) => ffi::sqlite3_bind_blob64(
                    self.raw(),
                    at,
                    bytes.as_ptr().cast(),
                    bytes.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                ),
            }
        })
    }

    /// The names of its parameters in order, with their `:`, `@`, `$` or `?`; empty where one has none.
    pub fn parameter_names(&self) -> Vec<String> {
        // SAFETY: as for `step`; each name is copied at once.
        let count = unsafe { ffi::sqlite3_bind_parameter_count(self.raw()) };
        let name = |at| unsafe { text_of(ffi::sqlite3_bind_parameter_name(self.raw(), at)) };
        (1..=count).map(name).collect()
    }

    /// How many columns its rows have.
    pub fn column_count(&self) -> usize {
        // SAFETY: as for `step`.
        unsafe { ffi::sqlite3_column_count(self.raw()) as usize }
    }

    /// The names of its columns.
    pub fn column_names(&self) -> Vec<String> {
        let name = |at: usize| {
            // SAFETY: as for `step`; each name is copied at once.
            unsafe { text_of(ffi::sqlite3_column_name(self.raw(), at as c_int)) }
        };
        (0..self.column_count()).map(name).collect()
    }

    /// How often the schema changed below it, so that it was prepared anew; its columns may be others then.
    pub fn repreparations(&self) -> u32 {
        // SAFETY: as for `step`.
        unsafe { ffi::sqlite3_stmt_status(self.raw(), ffi::SQLITE_STMTSTATUS_REPREPARE, 0) as u32 }
    }

    /// Adds the cells of the row that it stands on, and gives how many there are: none where it stands on no row.
    pub fn pack(&self, packed: &mut Packed, integers: Integers) -> usize {
        // SAFETY: as for `step`.
        let count = unsafe { ffi::sqlite3_data_count(self.raw()) } as usize;
        let row = self.row(self.layout(count));
        for at in 0..count {
            packed.push(row.get(at), integers);
        }
        count
    }

    /// Where SQLite has a cell of the row.
    pub(super) fn value(&self, at: usize) -> *mut ffi::sqlite3_value {
        // SAFETY: as for `step`; of what is not there it gives a static `NULL`.
        unsafe { ffi::sqlite3_column_value(self.raw(), at as c_int) }
    }

    /// Its text.
    pub fn sql(&self) -> String {
        // SAFETY: as for `step`; the text is copied at once.
        unsafe { text_of(ffi::sqlite3_sql(self.raw())) }
    }

    /// Its text as SQLite normalises it: without spaces and comments, with `?` for each literal. Nothing where SQLite is
    /// built without that, as it is for the host.
    pub fn normalized_sql(&self) -> Option<String> {
        #[cfg(not(target_arch = "wasm32"))]
        return None;
        #[cfg(target_arch = "wasm32")]
        {
            unsafe extern "C" {
                // Not among the bindings, which were made without SQLITE_ENABLE_NORMALIZE; Relata's build has it.
                fn sqlite3_normalized_sql(statement: *mut ffi::sqlite3_stmt) -> *const c_char;
            }
            // SAFETY: as for `step`; the text is copied at once.
            Some(unsafe { text_of(sqlite3_normalized_sql(self.raw())) })
        }
    }

    /// Ends it. Gives whether its last run went well.
    pub fn finish(self) -> bool {
        // SAFETY: as for `step`. Resetting tells the same as finalising, which follows when `self` is dropped.
        unsafe { ffi::sqlite3_reset(self.raw()) == ffi::SQLITE_OK }
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: nobody else has this statement, and its connection is still open, for it is a field of it.
        unsafe { ffi::sqlite3_finalize(self.raw()) };
    }
}

/// What is in a value of SQLite's.
///
/// # Safety
/// The value lives as long as what is given, and nobody converts it meanwhile.
#[inline]
pub(super) unsafe fn value_of<'a>(value: *mut ffi::sqlite3_value) -> ValueRef<'a> {
    // SAFETY: as the caller promises. Text and blob are asked for before their length, as SQLite demands, and a null
    // pointer, which is an empty blob, is not read.
    unsafe {
        let bytes = |pointer: *const u8| {
            let length = ffi::sqlite3_value_bytes(value) as usize;
            if pointer.is_null() { &[] } else { std::slice::from_raw_parts(pointer, length) }
        };
        match ffi::sqlite3_value_type(value) {
            ffi::SQLITE_INTEGER => ValueRef::Integer(ffi::sqlite3_value_int64(value)),
            ffi::SQLITE_FLOAT => ValueRef::Real(ffi::sqlite3_value_double(value)),
            ffi::SQLITE_TEXT => ValueRef::Text(bytes(ffi::sqlite3_value_text(value))),
            ffi::SQLITE_BLOB => ValueRef::Blob(bytes(ffi::sqlite3_value_blob(value).cast())),
            _ => ValueRef::Null,
        }
    }
}

/// Runs all statements of a text, as far as there is no error.
pub fn run_all(connection: &Rc<Connection>, sql: &CStr) -> Code {
    let connection = Rc::clone(connection);
    // SAFETY: the text ends in a zero, the connection is kept, and neither rows nor a message are asked for.
    Code(unsafe {
        ffi::sqlite3_exec(handle(&connection), sql.as_ptr(), None, ptr::null_mut(), ptr::null_mut())
    })
}

/// Opens a database in memory: the content of a file, or an empty one. Whether it is one turns out when it is used.
///
/// # Errors
/// When there is no memory for it.
pub fn open(mut file: Vec<u8>) -> Result<Connection, rusqlite::Error> {
    let mut connection = Connection::open_in_memory()?;
    connection.busy_timeout(Duration::ZERO)?;
    // SQLite takes a file of one byte for an empty one.
    if file.len() < 2 {
        return Ok(connection);
    }
    // A database in memory has no write-ahead log; a file that was made with one, and closed, needs none to be read.
    for version in file.iter_mut().skip(18).take(2).filter(|version| **version == 2) {
        *version = 1;
    }
    if copy_pages(&file, &mut connection).is_err() {
        connection = Connection::open_in_memory()?;
        connection.busy_timeout(Duration::ZERO)?;
        keep_as_it_is(&file, &connection)?;
    }
    Ok(connection)
}

/// Copies the pages of a file into a database in memory, which reads them where they lie.
fn copy_pages(file: &[u8], connection: &mut Connection) -> Result<(), rusqlite::Error> {
    let source = Connection::open_in_memory()?;
    let length = file.len() as i64;
    let flags = ffi::SQLITE_DESERIALIZE_READONLY;
    // SAFETY: SQLite only reads the bytes, through `source`, which ends before this function does.
    let code = unsafe {
        let bytes = file.as_ptr().cast_mut();
        ffi::sqlite3_deserialize(handle(&source), c"main".as_ptr(), bytes, length, length, flags as _)
    };
    check(code)?;
    Backup::new(&source, connection)?.step(-1).map(|_| ())
}

/// Lets a database be a file, even one that is damaged: what is wrong with it is told by the statements that meet it.
fn keep_as_it_is(file: &[u8], connection: &Connection) -> Result<(), rusqlite::Error> {
    let flags = ffi::SQLITE_DESERIALIZE_FREEONCLOSE | ffi::SQLITE_DESERIALIZE_RESIZEABLE;
    let length = file.len() as i64;
    // SAFETY: SQLite gets memory of its own allocator, filled in full, and frees it, also if this fails.
    let code = unsafe {
        let copy: *mut u8 = ffi::sqlite3_malloc64(file.len() as u64).cast();
        if copy.is_null() {
            return check(ffi::SQLITE_NOMEM);
        }
        ptr::copy_nonoverlapping(file.as_ptr(), copy, file.len());
        ffi::sqlite3_deserialize(handle(connection), c"main".as_ptr(), copy, length, length, flags as _)
    };
    check(code)
}

/// Whether a database is a file that [`keep_as_it_is`] kept, and no pages in memory.
fn is_kept(connection: &Connection) -> bool {
    let mut length = 0;
    let flags = ffi::SQLITE_SERIALIZE_NOCOPY;
    // SAFETY: SQLite tells where such a file lies, which is not read here, and a null pointer for any other database.
    !unsafe { ffi::sqlite3_serialize(handle(connection), c"main".as_ptr(), &mut length, flags as _) }
        .is_null()
}

fn check(code: c_int) -> Result<(), rusqlite::Error> {
    if code == ffi::SQLITE_OK {
        return Ok(());
    }
    Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
}

/// The main database as the content of a file; empty for an empty one.
///
/// # Errors
/// SQLite's code: BUSY while a transaction writes to it; NOTADB if its pages cannot be read; otherwise what is wrong with it,
/// of which [`message`] has the words.
pub fn save(connection: &Rc<Connection>) -> Result<Vec<u8>, Code> {
    if matches!(connection.transaction_state(Some("main")), Ok(TransactionState::Write)) {
        return Err(Code(ffi::SQLITE_BUSY));
    }
    let pages = prepare(connection, b"PRAGMA main.page_count")?.statement.ok_or(Code(ffi::SQLITE_ERROR))?;
    match pages.step() {
        Code::ROW => {}
        code => return Err(code),
    }
    if is_kept(connection) {
        let copied = Connection::open_in_memory()
            .and_then(|mut copy| Backup::new(connection, &mut copy)?.step(-1).map(|_| ()));
        copied.map_err(|_| Code(ffi::SQLITE_NOTADB))?;
    }
    let mut length = 0;
    // SAFETY: what SQLite gives is as long as it says, copied at once and freed by its own allocator.
    unsafe {
        let file = ffi::sqlite3_serialize(handle(connection), c"main".as_ptr(), &mut length, 0);
        if file.is_null() {
            return Ok(Vec::new());
        }
        let copy = std::slice::from_raw_parts(file, length as usize).to_vec();
        ffi::sqlite3_free(file.cast());
        Ok(copy)
    }
}
