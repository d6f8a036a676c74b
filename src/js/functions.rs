//! Functions, aggregates and update hooks of a script: SQLite calls here, and from here it goes on into JavaScript.
//!
//! What JavaScript throws never passes through SQLite: there it becomes the error of the statement, or waits until it is over.

#![allow(unreachable_pub, reason = "wasm-bindgen exports only what is public")]

use std::cell::OnceCell;

use wasm_bindgen::prelude::wasm_bindgen;

use super::exports::{self, MISUSE};
use super::registry;
use crate::engine::packed::Parameter;
use crate::engine::raw_function::{self, Answer, Arguments, Change, Host};

#[wasm_bindgen]
extern "C" {
    /// The functions, on the side of JavaScript. Their arguments are the rows packed last, what they give is a [`Kind`], and the
    /// result lies in the input.
    pub type Callbacks;
    #[wasm_bindgen(method)]
    fn scalar(this: &Callbacks, id: u32) -> u32;
    #[wasm_bindgen(method)]
    fn step(this: &Callbacks, id: u32, group: u32) -> u32;
    #[wasm_bindgen(method)]
    fn finish(this: &Callbacks, id: u32, group: u32) -> u32;
    #[wasm_bindgen(method)]
    fn forget(this: &Callbacks, id: u32);
    #[wasm_bindgen(method)]
    fn changed(this: &Callbacks, id: u32, change: u32, database: &str, table: &str, row: i64);
}

thread_local! {
    static CALLBACKS: OnceCell<Callbacks> = const { OnceCell::new() };
}

/// Tells once where the functions are.
#[wasm_bindgen]
pub fn sq_callbacks(callbacks: Callbacks) {
    CALLBACKS.with(|all| all.set(callbacks).unwrap_or_default());
}

/// Lets SQL call the function of that number by the name that lies in the input, so many bytes long. Gives SQLite's code.
#[wasm_bindgen]
pub fn sq_function(database: u32, name: usize, arguments: i32, id: u32) -> i32 {
    let Some(connection) = registry::connection(database) else { return MISUSE };
    raw_function::define::<Script>(&connection, &exports::text(name), arguments, id).0
}

/// The same for an aggregate.
#[wasm_bindgen]
pub fn sq_aggregate(database: u32, name: usize, arguments: i32, id: u32) -> i32 {
    let Some(connection) = registry::connection(database) else { return MISUSE };
    raw_function::define_aggregate::<Script>(&connection, &exports::text(name), arguments, id).0
}

/// Calls the hook of that number for each row that changes; none if it is 0.
#[wasm_bindgen]
pub fn sq_hook(database: u32, id: u32) {
    if let Some(connection) = registry::connection(database) {
        raw_function::watch_changes::<Script>(&connection, (id != 0).then_some(id));
    }
}

/// What a function gives.
enum Kind {
    Value,
    Integer,
    Error,
}

struct Script;

fn call(call: impl FnOnce(&Callbacks) -> u32) -> Kind {
    match CALLBACKS.with(|all| all.get().map(call)) {
        Some(0) => Kind::Value,
        Some(1) => Kind::Integer,
        _ => Kind::Error,
    }
}

fn reply(kind: &Kind, answer: Answer<'_>) {
    exports::with_parameter(|parameter| match (kind, parameter) {
        (Kind::Error, Parameter::Text(words)) => answer.error(words),
        (Kind::Error, _) => answer.error(b"a function failed"),
        (Kind::Integer, Parameter::Number(number)) => answer.integer(number as i32),
        (_, value) => answer.value(value),
    });
}

impl Host for Script {
    fn scalar(id: u32, arguments: &Arguments<'_>, answer: Answer<'_>) {
        exports::pack_arguments(arguments);
        reply(&call(|all| all.scalar(id)), answer);
    }

    fn step(id: u32, group: u32, arguments: &Arguments<'_>, answer: Answer<'_>) {
        exports::pack_arguments(arguments);
        let kind = call(|all| all.step(id, group));
        // A step has no result, but for an error.
        if matches!(kind, Kind::Error) {
            reply(&kind, answer);
        }
    }

    fn finish(id: u32, group: u32, answer: Answer<'_>) {
        reply(&call(|all| all.finish(id, group)), answer);
    }

    fn forget(id: u32) {
        CALLBACKS.with(|all| all.get().map(|all| all.forget(id)).unwrap_or_default());
    }

    fn changed(id: u32, change: Change, database: &str, table: &str, row: i64) {
        CALLBACKS
            .with(|all| all.get().map(|all| all.changed(id, change as u32, database, table, row)))
            .unwrap_or_default();
    }
}
