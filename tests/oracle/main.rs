//! Real ORMs as the oracle: programs that Relata writes are run by SQLAlchemy on the same rows, and what they do is
//! compared with what Relata does.
//!
//! Needs a Python that has the ORMs, which `cargo xtask oracle` installs and names; without one each test says so and
//! passes. `RELATA_ORACLE_CASES` and `RELATA_ORACLE_SEED` choose the random cases.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it stands")]
#![allow(clippy::print_stdout, reason = "what was compared is told")]
#![allow(
    clippy::disallowed_methods,
    reason = "how long the comparison took is told; it never runs in a browser"
)]

mod case;
#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "the graphs are compared with another ORM's here")]
mod common;
mod compare;
mod counts;
mod differing;
mod django;
mod known;
mod python;
mod random;
mod shapes;
mod sqlalchemy;
mod statements;
#[path = "../support/mod.rs"]
mod support;
