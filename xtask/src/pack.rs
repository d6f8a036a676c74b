//! The JavaScript package in `pkg/`, made by wasm-pack.

use anyhow::Result;

use crate::process;
use crate::setup::{self, Need};
use crate::workspace::Workspace;

const NEEDS: &[Need] = &[Need::Wasm, Need::WasmPack];

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let machine = setup::ready(workspace, NEEDS)?;
    let mut command = machine.web_command("wasm-pack")?;
    command
        .args(["build", "--release", "--target", "web", "--mode", "no-install", "--out-dir", "pkg", "."])
        .args(["--", "--no-default-features", "--features", "worker"]);
    process::run(&mut command)
}
