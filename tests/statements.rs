//! Statements, functions and files as scripts use them: what is prepared by itself, packed rows, parameters, and what may happen
//! while a statement runs.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cell::RefCell;
use std::rc::Rc;

use relata::engine::packed::{Integers, Packed, Parameter, parameters};
use relata::engine::raw::{self, Code, Statement};
use relata::engine::raw_function::{self, Answer, Arguments, Change, Host};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

fn empty() -> Rc<Connection> {
    Rc::new(raw::open(Vec::new()).unwrap())
}

fn prepare(connection: &Rc<Connection>, sql: &str) -> Statement {
    raw::prepare(connection, sql.as_bytes()).ok().unwrap().statement.unwrap()
}

fn run(connection: &Rc<Connection>, sql: &str) -> Code {
    raw::run_all(connection, &std::ffi::CString::new(sql).unwrap())
}

/// The slots of all rows, as a reader without JavaScript would see them: numbers, and the lengths of all else.
fn rows(connection: &Rc<Connection>, sql: &str) -> Packed {
    let statement = prepare(connection, sql);
    let mut packed = Packed::default();
    while statement.step() == Code::ROW {
        statement.pack(&mut packed, Integers::Numbers);
    }
    packed
}

#[test]
fn a_row_is_packed_with_its_text_and_bytes_beside_it() {
    let packed = rows(&empty(), "SELECT 7, 1.5, NULL, 'Grüße 👋', x'0102', ''");
    let number = |at: usize| f64::from_bits(packed.slots[at]);
    assert_eq!((number(0), number(1)), (7.0, 1.5));
    assert!(packed.slots[2..].iter().all(|slot| f64::from_bits(*slot).is_nan()));
    let parts = |at: usize| (packed.slots[at] >> 32 & 7, packed.slots[at] as u32);
    assert_eq!(
        [parts(2), parts(3), parts(4), parts(5)],
        [(0, 0), (1, 8), (2, 2), (1, 0)],
        "UTF-16 units, bytes"
    );
    assert_eq!((packed.text.as_slice(), packed.bytes.as_slice()), ("Grüße 👋".as_bytes(), [1, 2].as_slice()));
    assert!(packed.wide);
}

#[test]
fn integers_leave_in_full_where_that_is_asked_for() {
    let mut packed = Packed::default();
    packed.push(ValueRef::Integer(i64::MAX), Integers::Big);
    packed.push(ValueRef::Integer(i64::MAX), Integers::Numbers);
    assert_eq!(packed.bytes, i64::MAX.to_le_bytes());
    assert_eq!(f64::from_bits(packed.slots[1]), i64::MAX as f64);
    packed.clear();
    assert!(packed.is_empty());
}

#[test]
fn parameters_end_where_they_do_not_fit() {
    let text = 0x7FF8_0001_0000_0002_u64;
    let mut input = [2.5_f64.to_le_bytes(), text.to_le_bytes()].concat();
    input.extend(b"ab");
    let all: Vec<_> = parameters(&input, 2).collect();
    assert_eq!(all, [Parameter::Number(2.5), Parameter::Text(b"ab")]);
    assert_eq!(parameters(&input[..17], 2).count(), 1, "a text that is cut off");
    assert_eq!(parameters(&input, usize::MAX).count(), 0);
}

#[test]
fn a_number_is_an_integer_where_it_has_32_bits() {
    let connection = empty();
    let statement = prepare(&connection, "SELECT typeof(?1), typeof(?2), typeof(?3)");
    for (at, number) in [(1, 5.0), (2, 2_147_483_648.0), (3, 0.5)] {
        assert_eq!(statement.bind(at, Parameter::Number(number)), Code::OK);
    }
    assert_eq!(statement.step(), Code::ROW);
    let mut packed = Packed::default();
    statement.pack(&mut packed, Integers::Numbers);
    assert_eq!(packed.text, b"integerrealreal");
    assert_ne!(statement.bind(4, Parameter::Null), Code::OK, "there is no fourth, and it stands on a row");
}

#[test]
fn a_statement_keeps_its_connection_open() {
    let connection = empty();
    let statement = prepare(&connection, "SELECT 1 AS one");
    drop(connection);
    assert_eq!(statement.step(), Code::ROW);
    assert_eq!(statement.column_names(), ["one"]);
    assert_eq!(Rc::strong_count(statement.connection()), 1);
    assert!(statement.finish());
}

#[test]
fn a_text_is_prepared_statement_by_statement() {
    let connection = empty();
    let first = raw::prepare(&connection, b"SELECT 1; SELECT 2").ok().unwrap();
    assert_eq!(first.statement.unwrap().sql(), "SELECT 1;");
    assert_eq!(first.tail, "SELECT 1;".len());
    assert!(raw::prepare(&connection, b" -- nothing").ok().unwrap().statement.is_none());
    assert!(raw::prepare(&connection, b"SELECT nope").is_err());
    assert_eq!(raw::message(&connection), "no such column: nope");
}

#[test]
fn what_is_saved_can_be_opened_again() {
    let connection = empty();
    assert_eq!(
        run(&connection, "CREATE TABLE t (a); INSERT INTO t VALUES (3), (4); BEGIN; DELETE FROM t"),
        Code::OK
    );
    assert_eq!(raw::save(&connection), Err(Code(rusqlite::ffi::SQLITE_BUSY)));
    assert_eq!(run(&connection, "ROLLBACK"), Code::OK);
    let mut file = raw::save(&connection).unwrap();
    // As a program with a write-ahead log leaves it.
    file[18..20].fill(2);
    let copy = Rc::new(raw::open(file).unwrap());
    assert_eq!(f64::from_bits(rows(&copy, "SELECT sum(a) FROM t").slots[0]), 7.0);
}

#[test]
fn what_is_no_database_is_told_by_the_first_statement() {
    let connection = Rc::new(raw::open(b"not a database ".repeat(99)).unwrap());
    assert_eq!(run(&connection, "SELECT * FROM sqlite_schema"), Code(rusqlite::ffi::SQLITE_NOTADB));
    assert!(raw::save(&connection).is_err());
}

thread_local! {
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static HELD: RefCell<Option<Rc<Statement>>> = const { RefCell::new(None) };
}

/// Function 1 sums its arguments; function 2 lets go of a statement while it runs; 3 counts rows.
struct Tester;

impl Host for Tester {
    fn scalar(id: u32, arguments: &Arguments<'_>, answer: Answer<'_>) {
        let mut packed = Packed::default();
        let count = arguments.pack(&mut packed);
        match id {
            1 => answer.value(Parameter::Number(packed.slots.iter().map(|slot| f64::from_bits(*slot)).sum())),
            2 => {
                HELD.take();
                answer.integer(count as i32);
            }
            _ => answer.error(b"not today"),
        }
    }

    fn step(_: u32, group: u32, _: &Arguments<'_>, _: Answer<'_>) {
        SEEN.with_borrow_mut(|seen| seen.push(format!("row of {group}")));
    }

    fn finish(_: u32, group: u32, answer: Answer<'_>) {
        let mine = format!("row of {group}");
        let rows = SEEN.with_borrow(|seen| seen.iter().filter(|row| **row == mine).count());
        answer.integer(rows as i32);
    }

    fn forget(id: u32) {
        SEEN.with_borrow_mut(|seen| seen.push(format!("{id} is forgotten")));
    }

    fn changed(id: u32, change: Change, database: &str, table: &str, row: i64) {
        SEEN.with_borrow_mut(|seen| seen.push(format!("{id}: {change:?} {database}.{table} {row}")));
    }
}

#[test]
fn functions_are_called_by_their_numbers() {
    let connection = empty();
    raw_function::define::<Tester>(&connection, c"total_of", 2, 1);
    raw_function::define::<Tester>(&connection, c"fail", 0, 9);
    raw_function::define_aggregate::<Tester>(&connection, c"counted", 1, 3);
    let packed = rows(
        &connection,
        "SELECT total_of(2, 3.5), counted(a), counted(a) FROM (SELECT 1 AS a UNION SELECT 2)",
    );
    let numbers: Vec<f64> = packed.slots.iter().map(|slot| f64::from_bits(*slot)).collect();
    assert_eq!(numbers, [5.5, 2.0, 2.0], "two aggregates at once");
    assert_eq!(f64::from_bits(rows(&connection, "SELECT counted(1) WHERE 0").slots[0]), 0.0);
    assert_ne!(prepare(&connection, "SELECT fail()").step(), Code::ROW);
    assert_eq!(raw::message(&connection), "not today");
    drop(connection);
    SEEN.with_borrow(|seen| assert!(seen.contains(&"1 is forgotten".to_owned()), "{seen:?}"));
}

#[test]
fn a_statement_may_be_let_go_of_while_it_runs() {
    let connection = empty();
    raw_function::define::<Tester>(&connection, c"let_go", 1, 2);
    let statement = Rc::new(prepare(&connection, "SELECT let_go(1)"));
    HELD.set(Some(Rc::clone(&statement)));
    assert_eq!(statement.step(), Code::ROW);
    assert_eq!(Rc::strong_count(&statement), 1);
}

#[test]
fn changes_are_told_until_they_are_no_longer_watched() {
    let connection = empty();
    raw_function::watch_changes::<Tester>(&connection, Some(4));
    run(
        &connection,
        "CREATE TABLE t (a); INSERT INTO t VALUES (1); UPDATE t SET a = 2; DELETE FROM t WHERE a = 2",
    );
    raw_function::watch_changes::<Tester>(&connection, None);
    run(&connection, "INSERT INTO t VALUES (1)");
    let told: Vec<String> = SEEN.take().into_iter().filter(|seen| seen.contains("main.t")).collect();
    assert_eq!(told, ["4: Insert main.t 1", "4: Update main.t 1", "4: Delete main.t 1"]);
}
