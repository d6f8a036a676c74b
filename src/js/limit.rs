//! The limit that a loader is measured against: its statements stepped, every cell read, and nothing made of them.
//!
//! Only the benchmark (`cargo xtask bench`) calls this. Statements and keys are laid ready before the clock starts.

#![allow(unreachable_pub, reason = "wasm-bindgen exports only what is public")]

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::wasm_bindgen;

use super::exports::INPUT;
use super::registry;
use crate::engine::packed::Parameter;
use crate::engine::raw::{Code, Statement};

thread_local! {
    static RUNS: RefCell<Vec<(Rc<Statement>, Vec<f64>)>> = const { RefCell::new(Vec::new()) };
}

/// Lays one run of a statement ready, with the numbers in the input for parameters.
#[wasm_bindgen]
pub fn limit_add(statement: u32, count: usize) {
    let numbers = INPUT.with_borrow(|input| {
        let (slots, _) = input.as_chunks::<8>();
        slots.iter().take(count).map(|slot| f64::from_le_bytes(*slot)).collect()
    });
    let statement = registry::statement(statement).map(|statement| (statement, numbers));
    RUNS.with_borrow_mut(|runs| runs.extend(statement));
}

/// Runs all that was laid ready and gives how many rows there were.
#[wasm_bindgen]
pub fn limit_run() -> u32 {
    RUNS.with_borrow(|runs| runs.iter().map(|(statement, parameters)| rows(statement, parameters)).sum())
}

/// Lets go of all that was laid ready.
#[wasm_bindgen]
pub fn limit_clear() {
    drop(RUNS.take());
}

fn rows(statement: &Statement, parameters: &[f64]) -> u32 {
    statement.reset();
    for (at, number) in (1..).zip(parameters) {
        statement.bind(at, Parameter::Number(*number));
    }
    let (mut rows, mut bytes) = (0, 0);
    while statement.step() == Code::ROW {
        rows += 1;
        bytes += statement.read();
    }
    statement.reset();
    // What was read has to count for something, or reading it could be left out.
    std::hint::black_box(bytes);
    rows
}
