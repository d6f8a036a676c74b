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

use relata::project::Sample;
use session_cases::{Case, Counts, Judged, Oracle, Stumble, judge};

/// Enough for a build.
const CASES: u32 = 400;

/// SQLAlchemy, where there is one.
fn oracle() -> Option<Oracle> {
    let python = std::env::var("RELATA_ORACLE_PYTHON").ok();
    if python.is_none() {
        println!("not run: RELATA_ORACLE_PYTHON names no Python with SQLAlchemy");
    }
    python.map(|python| Oracle::start(&python))
}

fn number(variable: &str, otherwise: u32) -> u32 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn a_script_leaves_what_sqlalchemy_leaves() {
    let Some(mut oracle) = oracle() else { return };
    let (cases, seed) = (number("RELATA_SESSION_CASES", CASES), number("RELATA_SESSION_SEED", 1));
    let (mut counts, mut differing) = (Counts::default(), Vec::new());
    for number_of_case in 0..cases {
        let choices = u64::from(seed) << 32 | u64::from(number_of_case);
        let case = Case::new(&session_cases::choices(choices));
        let judged = judge(&case, &mut oracle);
        if let Some(difference) = counts.add(&case, judged) {
            let (smallest, difference) = session_cases::shrink(choices, difference, &mut oracle);
            differing.push(format!("case {number_of_case}: {difference}\n{}", smallest.told()));
            if differing.len() >= number("RELATA_SESSION_MOST", 3) as usize {
                break;
            }
        }
    }
    println!("{cases} scripts from seed {seed}:\n{counts}");
    assert!(differing.is_empty(), "{} differ:\n\n{}", differing.len(), differing.join("\n\n"));
    let stumbled: u32 = counts.stumbled.values().sum();
    assert!(
        stumbled * 50 <= cases.max(50),
        "SQLAlchemy fails at itself too often to compare much:\n{counts}"
    );
}

/// What a learner runs first. Those whose relationships the random cases have not either are left out.
#[test]
fn the_samples_scripts_leave_what_sqlalchemy_leaves() {
    let Some(mut oracle) = oracle() else { return };
    let beyond = [Sample::Friends, Sample::Comments, Sample::Enrollment];
    for sample in Sample::all().filter(|sample| !beyond.contains(sample)) {
        if let Judged::Different(difference) = judge(&Case::of(sample), &mut oracle) {
            panic!("{sample:?}: {difference}");
        }
    }
}

/// `tests/session_differences.rs` shows what Relata does in these cases.
#[test]
fn the_documentation_lists_where_sqlalchemy_fails_at_itself() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/differences.md");
    let text = std::fs::read_to_string(path).unwrap();
    for stumble in Stumble::ALL {
        assert!(text.contains(&format!("\n| {} | ", stumble.name())), "{stumble:?}");
    }
}
