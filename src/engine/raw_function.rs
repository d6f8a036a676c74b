//! Functions, aggregates and an update hook that are kept elsewhere, as a script's are: SQLite is given a number for each and
//! hands it back to a [`Host`]. Beside `raw` and `raw_row`, the only file that calls SQLite's C interface.
#![allow(unsafe_code, reason = "SQLite's C interface; each block says why it may be called")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr;

use rusqlite::{Connection, ffi};

use super::packed::{Integers, Packed, Parameter};
use super::raw::{Code, handle, value_of};

/// What has the functions. It may use the connection that it is called from, but for [`Host::changed`], which must not.
pub trait Host {
    /// Calls a function with arguments, and hands its result on.
    fn scalar(id: u32, arguments: &Arguments<'_>, answer: Answer<'_>);
    /// Adds a row to an aggregate; `group` tells it from others that are computed at the same time.
    fn step(id: u32, group: u32, arguments: &Arguments<'_>, answer: Answer<'_>);
    /// Ends an aggregate. No row came before if `group` is 0.
    fn finish(id: u32, group: u32, answer: Answer<'_>);
    /// SQLite will not call this function again.
    fn forget(id: u32);
    /// A row was inserted, updated or deleted.
    fn changed(id: u32, change: Change, database: &str, table: &str, row: i64);
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Insert,
    /// It has other values.
    Update,
    /// It is gone.
    Delete,
}

/// What a function is called with.
pub struct Arguments<'a>(&'a [*mut ffi::sqlite3_value]);

/// Where a function's result goes.
pub struct Answer<'a>(&'a mut ffi::sqlite3_context);

impl Arguments<'_> {
    /// # Safety
    /// As SQLite calls a function: so many values, which live until it returns.
    unsafe fn new<'a>(count: c_int, values: *mut *mut ffi::sqlite3_value) -> Arguments<'a> {
        if count <= 0 || values.is_null() {
            return Arguments(&[]);
        }
        // SAFETY: as the caller promises.
        Arguments(unsafe { std::slice::from_raw_parts(values, count as usize) })
    }

    /// Packs the values as a row of their own, and gives how many there are.
    pub fn pack(&self, packed: &mut Packed) -> usize {
        for &value in self.0 {
            // SAFETY: the value lives as `Arguments::new` was promised.
            let value = unsafe { value_of(value) };
            packed.push(value, Integers::Numbers);
        }
        self.0.len()
    }
}

impl Answer<'_> {
    /// The result is this value; a number is a REAL, and `Unset` is NULL.
    pub fn value(self, value: Parameter<'_>) {
        // SAFETY: the context is SQLite's for this call, and what is handed over is copied.
        unsafe {
            match value {
                Parameter::Unset | Parameter::Null => ffi::sqlite3_result_null(self.0),
                Parameter::Integer(integer) => ffi::sqlite3_result_int64(self.0, integer),
                Parameter::Number(number) => ffi::sqlite3_result_double(self.0, number),
                Parameter::Text(text) => ffi::sqlite3_result_text64(
                    self.0,
                    text.as_ptr().cast(),
                    text.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                    ffi::SQLITE_UTF8 as u8,
                ),
                Parameter::Blob(bytes) => ffi::sqlite3_result_blob64(
                    self.0,
                    bytes.as_ptr().cast(),
                    bytes.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                ),
            }
        }
    }

    /// The result is an INTEGER.
    pub fn integer(self, integer: i32) {
        // SAFETY: as for `value`.
        unsafe { ffi::sqlite3_result_int(self.0, integer) }
    }

    /// There is an error instead.
    pub fn error(self, message: &[u8]) {
        let length = c_int::try_from(message.len()).unwrap_or(c_int::MAX);
        // SAFETY: as for `value`.
        unsafe { ffi::sqlite3_result_error(self.0, message.as_ptr().cast(), length) }
    }
}

/// Lets SQL call a function of the host.
pub fn define<H: Host>(connection: &Connection, name: &CStr, arguments: i32, id: u32) -> Code {
    create::<H>(connection, name, arguments, id, Some(scalar::<H>), None, None)
}

/// Lets SQL use an aggregate of the host.
pub fn define_aggregate<H: Host>(connection: &Connection, name: &CStr, arguments: i32, id: u32) -> Code {
    create::<H>(connection, name, arguments, id, None, Some(step::<H>), Some(finish::<H>))
}

type Call = unsafe extern "C" fn(*mut ffi::sqlite3_context, c_int, *mut *mut ffi::sqlite3_value);

fn create<H: Host>(
    connection: &Connection,
    name: &CStr,
    arguments: i32,
    id: u32,
    scalar: Option<Call>,
    step: Option<Call>,
    finish: Option<unsafe extern "C" fn(*mut ffi::sqlite3_context)>,
) -> Code {
    // SAFETY: SQLite copies the name; the number that stands for a pointer is only ever turned back into one.
    Code(unsafe {
        ffi::sqlite3_create_function_v2(
            handle(connection),
            name.as_ptr(),
            arguments,
            ffi::SQLITE_UTF8,
            id as usize as *mut c_void,
            scalar,
            step,
            finish,
            Some(forget::<H>),
        )
    })
}

/// The number that [`create`] was given.
///
/// # Safety
/// The context is that of a call of such a function.
unsafe fn id_of(context: *mut ffi::sqlite3_context) -> u32 {
    // SAFETY: promised by the caller.
    unsafe { ffi::sqlite3_user_data(context) as usize as u32 }
}

/// # Safety
/// Called by SQLite for a function that [`create`] defined.
unsafe extern "C" fn scalar<H: Host>(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: SQLite's promises for such a call.
    unsafe {
        let id = id_of(context);
        H::scalar(id, &Arguments::new(count, values), Answer(&mut *context));
    }
}

/// # Safety
/// As for [`scalar`].
unsafe extern "C" fn step<H: Host>(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: SQLite's promises for such a call.
    unsafe {
        let id = id_of(context);
        H::step(id, group(context, true), &Arguments::new(count, values), Answer(&mut *context));
    }
}

/// # Safety
/// As for [`scalar`].
unsafe extern "C" fn finish<H: Host>(context: *mut ffi::sqlite3_context) {
    // SAFETY: SQLite's promises for such a call.
    unsafe {
        let id = id_of(context);
        H::finish(id, group(context, false), Answer(&mut *context));
    }
}

/// The number of what is being aggregated: SQLite keeps room for it, which is zero at first. 0 if there was no row.
///
/// # Safety
/// The context is that of an aggregate's call.
unsafe fn group(context: *mut ffi::sqlite3_context, begin: bool) -> u32 {
    thread_local! {
        static LAST: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    }
    let room = if begin { size_of::<u32>() as c_int } else { 0 };
    // SAFETY: SQLite gives as much zeroed room as was asked for the first time, aligned for any number, or null.
    unsafe {
        let place: *mut u32 = ffi::sqlite3_aggregate_context(context, room).cast();
        let Some(place) = place.as_mut() else { return 0 };
        if *place == 0 {
            let next = LAST.get().wrapping_add(1).max(1);
            LAST.set(next);
            *place = next;
        }
        *place
    }
}

/// # Safety
/// Called by SQLite when it has no more use of a function that [`create`] defined.
unsafe extern "C" fn forget<H: Host>(id: *mut c_void) {
    H::forget(id as usize as u32);
}

/// Tells the host of each row that changes, or no longer.
pub fn watch_changes<H: Host>(connection: &Connection, id: Option<u32>) {
    let hook: Option<unsafe extern "C" fn(*mut c_void, c_int, *const c_char, *const c_char, i64)> =
        id.map(|_| changed::<H> as _);
    let id = id.map_or(ptr::null_mut(), |id| id as usize as *mut c_void);
    // SAFETY: as for `create`; the hook ends with the connection.
    unsafe { ffi::sqlite3_update_hook(handle(connection), hook, id) };
}

/// # Safety
/// Called by SQLite as an update hook.
unsafe extern "C" fn changed<H: Host>(
    id: *mut c_void,
    change: c_int,
    database: *const c_char,
    table: *const c_char,
    row: i64,
) {
    let change = match change {
        ffi::SQLITE_INSERT => Change::Insert,
        ffi::SQLITE_DELETE => Change::Delete,
        _ => Change::Update,
    };
    // SAFETY: SQLite gives two names that end in a zero and live until this returns.
    let (database, table) = unsafe { (CStr::from_ptr(database), CStr::from_ptr(table)) };
    H::changed(id as usize as u32, change, &database.to_string_lossy(), &table.to_string_lossy(), row);
}
