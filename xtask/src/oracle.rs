//! Relata beside real ORMs: programs that it writes are run by SQLAlchemy and Django (`tests/oracle`), and scripts by
//! SQLAlchemy's session (`tests/oracle_session.rs`).

use anyhow::Result;

use crate::process;
use crate::setup::{self, Machine, Need};
use crate::workspace::Workspace;

/// Which random projects and scripts are compared: as many of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cases {
    pub(crate) number: u32,
    pub(crate) seed: u64,
}

impl Default for Cases {
    fn default() -> Self {
        Self { number: 300, seed: 1 }
    }
}

/// Sets up the ORMs and compares.
pub(crate) fn run(workspace: &Workspace, cases: Cases) -> Result<()> {
    compare(&setup::ready(workspace, &[Need::Oracle])?, cases)
}

/// Compares on a machine that has the ORMs. What was compared is printed.
pub(crate) fn compare(machine: &Machine, cases: Cases) -> Result<()> {
    process::run(
        machine
            .command("cargo")?
            .args(["test", "--package", "relata", "--test", "oracle", "--test", "oracle_session"])
            .args(["--", "--nocapture"])
            .env("RELATA_ORACLE_PYTHON", machine.python()?)
            .env("RELATA_ORACLE_CASES", cases.number.to_string())
            .env("RELATA_ORACLE_SEED", cases.seed.to_string())
            .env("RELATA_SESSION_CASES", cases.number.to_string())
            .env("RELATA_SESSION_SEED", cases.seed.to_string()),
    )
}
