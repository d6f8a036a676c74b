//! How SQLite calls a function written here: its arguments in, its answer out. The only file here with unsafe code.
//!
//! rusqlite's own way to define functions hides SQLite's conversions (a number as text, a text as number), which are
//! what these functions are made of; so they are called directly.
#![allow(unsafe_code, reason = "SQLite's C interface; each block says why it may be called")]

use std::ffi::{CStr, c_int, c_void};
use std::marker::PhantomData;
use std::{ptr, slice};

use rusqlite::{Connection, Result, ffi};

/// What a function gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    Null,
    Integer(i64),
    /// NULL if it is no number.
    Real(f64),
    Text(Vec<u8>),
    /// The statement fails with these words.
    Fail(&'static CStr),
    /// The statement fails: the text would be longer than SQLite takes.
    TooBig,
}

/// How SQLite stores a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Integer,
    /// A real number, a text or a blob.
    Other,
}

/// An argument, for as long as the call lasts.
#[repr(transparent)]
pub(super) struct Argument<'call> {
    value: *mut ffi::sqlite3_value,
    call: PhantomData<&'call ()>,
}

impl Argument<'_> {
    fn kind_of(code: c_int) -> Kind {
        match code {
            ffi::SQLITE_NULL => Kind::Null,
            ffi::SQLITE_INTEGER => Kind::Integer,
            _ => Kind::Other,
        }
    }

    /// How it is stored.
    pub(super) fn kind(&self) -> Kind {
        // SAFETY: SQLite keeps the value for as long as the call lasts; so for all methods here.
        Self::kind_of(unsafe { ffi::sqlite3_value_type(self.value) })
    }

    /// How it would be stored in a column of numbers: a text `'5'` is an integer.
    pub(super) fn kind_as_number(&self) -> Kind {
        // SAFETY: as for `kind`.
        Self::kind_of(unsafe { ffi::sqlite3_value_numeric_type(self.value) })
    }

    /// As an integer of 64 bits; 0 for what does not begin with one.
    pub(super) fn integer(&self) -> i64 {
        // SAFETY: as for `kind`.
        unsafe { ffi::sqlite3_value_int64(self.value) }
    }

    /// As a real number; 0.0 for what does not begin with one.
    pub(super) fn real(&self) -> f64 {
        // SAFETY: as for `kind`.
        unsafe { ffi::sqlite3_value_double(self.value) }
    }

    /// How long it is as text, in bytes, with what follows a zero byte.
    pub(super) fn length(&self) -> usize {
        // SAFETY: as for `kind`; the length is that of the text made by the first call.
        let length = unsafe {
            ffi::sqlite3_value_text(self.value);
            ffi::sqlite3_value_bytes(self.value)
        };
        usize::try_from(length).unwrap_or(0)
    }

    /// As text, to its first zero byte; empty for NULL. It need not be valid UTF-8.
    pub(super) fn text(&self) -> &[u8] {
        // SAFETY: as for `kind`. What SQLite gives is null or ends in a zero, and stays until the value is converted
        // again: to text alone, which changes nothing, as `kind`, `integer` and `real` leave the text where it is.
        unsafe {
            let text = ffi::sqlite3_value_text(self.value);
            if text.is_null() { &[] } else { CStr::from_ptr(text.cast()).to_bytes() }
        }
    }
}

/// A call of a function: its arguments, as many as were declared.
pub(super) struct Call<'call> {
    pub(super) arguments: &'call [Argument<'call>],
    /// How long a text may be, in bytes.
    pub(super) longest: usize,
}

impl Call<'_> {
    /// Whether one of the arguments is NULL.
    pub(super) fn has_null(&self) -> bool {
        self.arguments.iter().any(|argument| argument.kind() == Kind::Null)
    }
}

/// A function of one row's values.
pub(super) struct Scalar {
    pub(super) name: &'static CStr,
    /// How many arguments it takes.
    pub(super) takes: c_int,
    pub(super) call: fn(&Call<'_>) -> Answer,
}

/// What gathers the values of many rows. It is made by `default` before the first.
pub(super) trait Gather: Default {
    /// Takes one more value, which may be NULL.
    fn take(&mut self, value: &Argument<'_>);
}

/// A function of one value from each of many rows.
pub(super) struct Aggregate<State> {
    pub(super) name: &'static CStr,
    /// The answer; of the untouched state where there were no rows.
    pub(super) answer: fn(State) -> Answer,
}

/// Adds a function to a connection.
pub(super) fn add_scalar(connection: &Connection, function: &'static Scalar) -> Result<()> {
    let data = ptr::from_ref(function).cast_mut().cast();
    // SAFETY: `call_scalar` takes a static `Scalar` for its data.
    unsafe {
        add(connection, function.name, function.takes, data, Functions { scalar: Some(call_scalar), ..NONE })
    }
}

/// Adds an aggregate to a connection.
pub(super) fn add_aggregate<State: Gather>(
    connection: &Connection,
    function: &'static Aggregate<State>,
) -> Result<()> {
    let data = ptr::from_ref(function).cast_mut().cast();
    let functions = Functions { step: Some(call_step::<State>), last: Some(call_last::<State>), ..NONE };
    // SAFETY: `call_last` takes a static `Aggregate` of the same state for its data, and `call_step` none.
    unsafe { add(connection, function.name, 1, data, functions) }
}

type Values = unsafe extern "C" fn(*mut ffi::sqlite3_context, c_int, *mut *mut ffi::sqlite3_value);

/// What SQLite calls: `scalar`, or `step` and `last`.
struct Functions {
    scalar: Option<Values>,
    step: Option<Values>,
    last: Option<unsafe extern "C" fn(*mut ffi::sqlite3_context)>,
}

const NONE: Functions = Functions { scalar: None, step: None, last: None };

/// # Safety
/// The functions take these data.
unsafe fn add(
    connection: &Connection,
    name: &CStr,
    takes: c_int,
    data: *mut c_void,
    functions: Functions,
) -> Result<()> {
    let Functions { scalar, step, last } = functions;
    // SAFETY: the handle is used while `connection` is borrowed; SQLite copies the name; the data are static, so that
    // nothing need be let go.
    let code = unsafe {
        let handle = connection.handle();
        ffi::sqlite3_create_function_v2(
            handle,
            name.as_ptr(),
            takes,
            ffi::SQLITE_UTF8,
            data,
            scalar,
            step,
            last,
            None,
        )
    };
    if code == ffi::SQLITE_OK {
        return Ok(());
    }
    Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
}

unsafe extern "C" fn call_scalar(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: SQLite calls with a valid context, as many values as it says, and the data that `add_scalar` gave it.
    unsafe {
        let function: &Scalar = &*ffi::sqlite3_user_data(context).cast();
        let longest =
            ffi::sqlite3_limit(ffi::sqlite3_context_db_handle(context), ffi::SQLITE_LIMIT_LENGTH, -1);
        let call =
            Call { arguments: arguments(count, values), longest: usize::try_from(longest).unwrap_or(0) };
        give(context, (function.call)(&call));
    }
}

/// # Safety
/// There are as many values as said, for as long as the call lasts.
unsafe fn arguments<'call>(count: c_int, values: *mut *mut ffi::sqlite3_value) -> &'call [Argument<'call>] {
    match usize::try_from(count) {
        // SAFETY: as the caller promises; `Argument` is nothing but the pointer.
        Ok(count) if count > 0 => unsafe { slice::from_raw_parts(values.cast(), count) },
        _ => &[],
    }
}

unsafe extern "C" fn call_step<State: Gather>(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: SQLite keeps a place, zeroed at first, for each aggregate that it computes; nothing but a boxed state of
    // this type is put there, and only `call_last` takes it away.
    unsafe {
        let place: *mut *mut State =
            ffi::sqlite3_aggregate_context(context, size_of::<*mut State>() as c_int).cast();
        if place.is_null() {
            return ffi::sqlite3_result_error_nomem(context);
        }
        if (*place).is_null() {
            *place = Box::into_raw(Box::default());
        }
        for value in arguments(count, values) {
            (**place).take(value);
        }
    }
}

unsafe extern "C" fn call_last<State: Gather>(context: *mut ffi::sqlite3_context) {
    // SAFETY: as for `call_step`, whose place is null where there was no row; SQLite calls this once, and nothing for
    // the same aggregate after it. The data are what `add_aggregate` gave.
    unsafe {
        let function: &Aggregate<State> = &*ffi::sqlite3_user_data(context).cast();
        let place: *mut *mut State = ffi::sqlite3_aggregate_context(context, 0).cast();
        let state = if place.is_null() || (*place).is_null() {
            State::default()
        } else {
            *Box::from_raw(ptr::replace(place, ptr::null_mut()))
        };
        give(context, (function.answer)(state));
    }
}

/// # Safety
/// The context is that of the running call.
unsafe fn give(context: *mut ffi::sqlite3_context, answer: Answer) {
    // SAFETY: as the caller promises; SQLite copies texts before it returns, and is told the length.
    unsafe {
        match answer {
            Answer::Null => ffi::sqlite3_result_null(context),
            Answer::Integer(integer) => ffi::sqlite3_result_int64(context, integer),
            Answer::Real(real) => ffi::sqlite3_result_double(context, real),
            Answer::Text(text) => ffi::sqlite3_result_text64(
                context,
                text.as_ptr().cast(),
                text.len() as u64,
                ffi::SQLITE_TRANSIENT(),
                ffi::SQLITE_UTF8 as u8,
            ),
            Answer::Fail(words) => ffi::sqlite3_result_error(context, words.as_ptr(), -1),
            Answer::TooBig => ffi::sqlite3_result_error_toobig(context),
        }
    }
}
