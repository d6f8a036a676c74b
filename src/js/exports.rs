//! The functions that the JavaScript of the package calls. Numbers in, numbers out; what is longer lies in two areas: what
//! comes in is written to `input`, and the rows that go out are found by the `header`.

#![allow(unreachable_pub, reason = "wasm-bindgen exports only what is public")]

use std::cell::{Cell, RefCell};
use std::ffi::CString;
use std::rc::Rc;

use wasm_bindgen::prelude::wasm_bindgen;

use super::registry::{self, STATEMENTS, TEXTS};
use crate::engine::functions;
use crate::engine::packed::{Integers, Packed, Parameter, parameters};
use crate::engine::raw::{self, Code, Prepared, Statement};
use crate::engine::raw_function::Arguments;

/// The numbers that tell of the rows that were packed last.
#[derive(Default)]
struct Header {
    slots: Cell<u32>,
    text: Cell<u32>,
    text_length: Cell<u32>,
    bytes: Cell<u32>,
    columns: Cell<u32>,
    rows: Cell<u32>,
    wide: Cell<u32>,
    /// Where the text after the prepared statement begins.
    tail: Cell<u32>,
    code: Cell<i32>,
}

thread_local! {
    static HEADER: &'static Header = Box::leak(Box::default());
    static OUTPUT: RefCell<Packed> = RefCell::default();
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Where the header lies.
#[wasm_bindgen]
pub fn sq_header() -> *const u32 {
    HEADER.with(|header| std::ptr::from_ref(*header).cast())
}

/// Where at least so many bytes can be written, to be read by the next call.
#[wasm_bindgen]
pub fn sq_input(bytes: usize) -> *mut u8 {
    INPUT.with_borrow_mut(|input| {
        if input.len() < bytes {
            input.resize(bytes.next_power_of_two(), 0);
        }
        input.as_mut_ptr()
    })
}

/// Opens a database: of a file's bytes, or an empty one. 0 if it cannot be opened.
#[wasm_bindgen]
pub fn sq_open(file: Vec<u8>, old_extensions: bool) -> u32 {
    let Ok(connection) = raw::open(file) else { return 0 };
    if old_extensions && functions::register(&connection).is_err() {
        return 0;
    }
    registry::share(Rc::new(connection))
}

/// Lets go of a database.
#[wasm_bindgen]
pub fn sq_close(database: u32) {
    registry::close(database);
}

/// SQLite's words for the last error of a database.
#[wasm_bindgen]
pub fn sq_message(database: u32) -> String {
    registry::connection(database).map_or_else(raw::no_connection, |connection| raw::message(&connection))
}

/// How many rows the last statement changed.
#[wasm_bindgen]
pub fn sq_changes(database: u32) -> f64 {
    registry::connection(database).map_or(0.0, |connection| connection.changes() as f64)
}

/// The content of the main database as a file; nothing if it cannot be read: the header has the code, BUSY while a
/// transaction writes to it.
#[wasm_bindgen]
pub fn sq_save(database: u32) -> Option<Vec<u8>> {
    let saved =
        registry::connection(database).ok_or(Code(MISUSE)).and_then(|connection| raw::save(&connection));
    HEADER.with(|header| header.code.set(saved.as_ref().err().map_or(0, |code| code.0)));
    saved.ok()
}

/// How often the schema changed below a statement: its columns may be others then.
#[wasm_bindgen]
pub fn sq_repreparations(statement: u32) -> u32 {
    registry::statement(statement).map_or(0, |statement| statement.repreparations())
}

/// A statement's text with its literals replaced by `?`.
#[wasm_bindgen]
pub fn sq_normalized(statement: u32) -> String {
    registry::statement(statement).and_then(|statement| statement.normalized_sql()).unwrap_or_default()
}

/// Runs all statements of the text in the input.
#[wasm_bindgen]
pub fn sq_run(database: u32, length: usize) -> i32 {
    let Some(connection) = registry::connection(database) else { return MISUSE };
    // A copy: functions that are called meanwhile write to the input, too.
    let sql = INPUT.with_borrow(|input| input.get(..length).map(CString::new));
    let Some(Ok(sql)) = sql else { return MISUSE };
    raw::run_all(&connection, &sql).0
}

/// SQLite's code for a call that makes no sense, here: of something that is gone.
pub(super) const MISUSE: i32 = 21;

/// Prepares the first statement of the text in the input. 0 if there is none or an error: the header has the code.
#[wasm_bindgen]
pub fn sq_prepare(database: u32, end: usize) -> u32 {
    let prepared = registry::connection(database).ok_or(Code(MISUSE)).and_then(|connection| {
        INPUT.with_borrow(|input| raw::prepare(&connection, input.get(..end).unwrap_or_default()))
    });
    tell_prepared(prepared)
}

/// Keeps the text in the input, and gives its number. It must not have a zero byte.
#[wasm_bindgen]
pub fn sq_keep(length: usize) -> u32 {
    TEXTS.with_borrow_mut(|texts| texts.add(Rc::from(text(length))))
}

/// A copy of the text in the input, which must not have a zero byte: it need not be UTF-8.
pub(super) fn text(length: usize) -> CString {
    INPUT.with_borrow(|input| CString::new(input.get(..length).unwrap_or_default())).unwrap_or_default()
}

/// The same as [`sq_prepare`] for the statement that begins so many bytes into a text that is kept.
#[wasm_bindgen]
pub fn sq_prepare_kept(database: u32, text: u32, start: usize) -> u32 {
    let text = TEXTS.with_borrow(|texts| texts.get(text).cloned());
    let prepared = match (registry::connection(database), text) {
        (Some(connection), Some(text)) => raw::prepare_at(&connection, &text, start),
        _ => Err(Code(MISUSE)),
    };
    tell_prepared(prepared)
}

/// Lets go of a text.
#[wasm_bindgen]
pub fn sq_forget(text: u32) {
    TEXTS.with_borrow_mut(|texts| drop(texts.take(text)));
}

/// Gives a prepared statement its number, and tells where the text goes on after it.
fn tell_prepared(prepared: Result<Prepared, Code>) -> u32 {
    HEADER.with(|header| match prepared {
        Err(code) => {
            header.code.set(code.0);
            0
        }
        Ok(prepared) => {
            header.code.set(0);
            header.tail.set(prepared.tail as u32);
            prepared.statement.map_or(0, |statement| {
                STATEMENTS.with_borrow_mut(|statements| statements.add(Rc::new(statement)))
            })
        }
    })
}

/// Binds what lies in the input. Gives SQLite's code.
#[wasm_bindgen]
pub fn sq_bind(statement: u32, count: usize) -> i32 {
    registry::statement(statement).map_or(MISUSE, |statement| bind(&statement, count).0)
}

fn bind(statement: &Statement, count: usize) -> Code {
    INPUT.with_borrow(|input| {
        for (at, parameter) in (1..).zip(parameters(input, count)) {
            let code = statement.bind(at, parameter);
            // sql.js does not mind a NULL too many.
            if code != Code::OK && parameter != Parameter::Null {
                return code;
            }
        }
        Code::OK
    })
}

/// Hands packed rows over.
fn tell(packed: Packed, rows: u32, columns: usize) {
    HEADER.with(|header| {
        header.columns.set(columns as u32);
        header.slots.set(packed.slots.as_ptr() as u32);
        header.text.set(packed.text.as_ptr() as u32);
        header.text_length.set(packed.text.len() as u32);
        header.bytes.set(packed.bytes.as_ptr() as u32);
        header.wide.set(u32::from(packed.wide));
        header.rows.set(rows);
    });
    OUTPUT.set(packed);
}

/// Hands the arguments of a function over, as a row.
pub(super) fn pack_arguments(arguments: &Arguments<'_>) {
    let mut packed = OUTPUT.take();
    packed.clear();
    let count = arguments.pack(&mut packed);
    tell(packed, 1, count);
}

/// Reads the only parameter in the input.
pub(super) fn with_parameter(read: impl FnOnce(Parameter<'_>)) {
    INPUT.with_borrow(|input| {
        read(parameters(input, 1).next().unwrap_or(Parameter::Null));
    });
}

/// Packs the row that a statement stands on and hands it over.
fn tell_row(statement: &Statement, integers: Integers) {
    let mut packed = OUTPUT.take();
    packed.clear();
    let columns = statement.pack(&mut packed, integers);
    tell(packed, 1, columns);
}

fn integers(big: bool) -> Integers {
    if big { Integers::Big } else { Integers::Numbers }
}

/// Goes on to the next row and packs it. Gives SQLite's code.
#[wasm_bindgen]
pub fn sq_step(statement: u32) -> i32 {
    let Some(statement) = registry::statement(statement) else { return MISUSE };
    let code = statement.step();
    if code == Code::ROW {
        tell_row(&statement, Integers::Numbers);
    }
    code.0
}

/// Packs the row that a statement stands on once more.
#[wasm_bindgen]
pub fn sq_row(statement: u32, big: bool) {
    let Some(statement) = registry::statement(statement) else { return };
    tell_row(&statement, integers(big));
}

/// How many bytes of rows are handed over at a time.
const LOAD: usize = 1 << 16;

/// Steps on and packs many rows. Gives SQLite's code after the last step: there may be more after a row.
#[wasm_bindgen]
pub fn sq_rows(statement: u32, big: bool) -> i32 {
    let Some(statement) = registry::statement(statement) else { return MISUSE };
    let mut packed = OUTPUT.take();
    packed.clear();
    let (mut rows, mut columns) = (0, 0);
    let code = loop {
        let code = statement.step();
        if code != Code::ROW {
            break code;
        }
        columns = statement.pack(&mut packed, integers(big));
        rows += 1;
        if packed.len() > LOAD {
            break code;
        }
    };
    tell(packed, rows, columns);
    code.0
}

/// Lets a statement go back to its beginning, without its parameters.
#[wasm_bindgen]
pub fn sq_reset(statement: u32) -> bool {
    registry::statement(statement).is_some_and(|statement| statement.reset())
}

/// Resets, binds what lies in the input, steps once and resets. Gives SQLite's code of the step or of the binding.
#[wasm_bindgen]
pub fn sq_once(statement: u32, count: usize) -> i32 {
    let Some(statement) = registry::statement(statement) else { return MISUSE };
    let code = first_step(&statement, count);
    if code == Code::ROW || code == Code::DONE {
        statement.reset();
    }
    code.0
}

/// Resets, binds what lies in the input, steps once and packs the row. Gives SQLite's code of the step or of the binding.
#[wasm_bindgen]
pub fn sq_first(statement: u32, count: usize) -> i32 {
    let Some(statement) = registry::statement(statement) else { return MISUSE };
    let code = first_step(&statement, count);
    if code == Code::ROW {
        tell_row(&statement, Integers::Numbers);
    }
    code.0
}

fn first_step(statement: &Statement, count: usize) -> Code {
    statement.reset();
    match bind(statement, count) {
        Code::OK => statement.step(),
        code => code,
    }
}

/// The names of a statement's columns.
#[wasm_bindgen]
pub fn sq_columns(statement: u32) -> Vec<String> {
    registry::statement(statement).map(|statement| statement.column_names()).unwrap_or_default()
}

/// The names of a statement's parameters, from the first on; empty where one has none.
#[wasm_bindgen]
pub fn sq_parameters(statement: u32) -> Vec<String> {
    registry::statement(statement).map(|statement| statement.parameter_names()).unwrap_or_default()
}

/// A statement's text.
#[wasm_bindgen]
pub fn sq_sql(statement: u32) -> String {
    registry::statement(statement).map(|statement| statement.sql()).unwrap_or_default()
}

/// Frees a statement. Gives whether its last run went well.
#[wasm_bindgen]
pub fn sq_free(statement: u32) -> bool {
    let statement = STATEMENTS.with_borrow_mut(|statements| statements.take(statement));
    // One that is running goes when it has run.
    statement.and_then(Rc::into_inner).is_none_or(Statement::finish)
}
