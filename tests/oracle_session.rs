//! The session against the real SQLAlchemy: random scripts on random schemas and data, with the same statements (verb, table
//! and number of rows, in order), the same rows and the same error in the end.
//!
//! Runs where `RELATA_ORACLE_PYTHON` names a Python that has SQLAlchemy, and says so where it does not.
//! `RELATA_SESSION_CASES` asks for another number of cases, `RELATA_SESSION_SEED` for others.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "a test that does not run says so")]

mod session_cases;
mod support;

use session_cases::{Case, Oracle};

/// Enough for a build.
const CASES: u32 = 400;

fn number(variable: &str, otherwise: u32) -> u32 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn a_script_leaves_what_sqlalchemy_leaves() {
    let Ok(python) = std::env::var("RELATA_ORACLE_PYTHON") else {
        println!("not run: RELATA_ORACLE_PYTHON names no Python with SQLAlchemy");
        return;
    };
    let mut oracle = Oracle::start(&python);
    let (cases, seed) = (number("RELATA_SESSION_CASES", CASES), number("RELATA_SESSION_SEED", 1));
    let mut differing = Vec::new();
    for case in 0..cases {
        let choices = session_cases::choices(u64::from(seed) << 32 | u64::from(case));
        if let Some(difference) = Case::new(&choices).compare(&mut oracle) {
            let (smallest, difference) = session_cases::shrink(choices, difference, &mut oracle);
            differing.push(format!("case {case}: {difference}\n{}", Case::new(&smallest).told()));
            if differing.len() >= number("RELATA_SESSION_MOST", 3) as usize {
                break;
            }
        }
    }
    println!("{}", session_cases::covered(cases, seed));
    assert!(differing.is_empty(), "{} differ:\n\n{}", differing.len(), differing.join("\n\n"));
}
