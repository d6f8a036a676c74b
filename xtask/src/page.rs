//! The page: served while it is worked on, and built as it is shipped.

use anyhow::{Result, bail};
use std::process::Command;

use crate::cli;
use crate::cut;
use crate::process;
use crate::setup::{self, Machine, Need};
use crate::sizes;
use crate::workspace::Workspace;

const NEEDS: &[Need] = &[Need::Wasm, Need::Page];
/// Trunk.toml names the same port.
const PORT: u16 = 8080;

/// Builds and serves the page until interrupted.
pub(crate) fn serve(workspace: &Workspace, options: &cli::Serve) -> Result<()> {
    let machine = setup::ready(workspace, NEEDS)?;
    let port = options.port.unwrap_or(PORT);
    let mut command = trunk(&machine)?;
    command.args(["serve", "--port", &port.to_string()]);
    command.args(options.release.then_some("--release"));
    command.args(options.open.then_some("--open"));
    println!("\nRelata will be at http://127.0.0.1:{port}/ once the first build is done; Ctrl+C ends it.\n");
    process::serve(&mut command)
}

/// Sets up, makes the release build in `dist/`, and weighs it.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let machine = setup::ready(workspace, NEEDS)?;
    build_with(workspace, &machine)?;
    weigh(workspace)
}

/// Makes the release build on a machine that is set up.
pub(crate) fn build_with(workspace: &Workspace, machine: &Machine) -> Result<()> {
    cut::frame(workspace, |markup| process::run(trunk(machine)?.arg("build").arg(markup).arg("--release")))?;
    cut::programs(workspace, machine)
}

/// Prints the size of each file of the release build, and fails if a part has outgrown its budget.
pub(crate) fn weigh(workspace: &Workspace) -> Result<()> {
    let files = sizes::measure(&workspace.dist())?;
    print!("\n{}", sizes::table(&files));
    let over = sizes::over_budget(&files);
    if !over.is_empty() {
        bail!("over budget: {}", over.join("; "));
    }
    Ok(())
}

fn trunk(machine: &Machine) -> Result<Command> {
    let mut command = machine.web_command("trunk")?;
    command.env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Any value of NO_COLOR means "no colour" everywhere else; Trunk understands only this one.
    if std::env::var_os("NO_COLOR").is_some() {
        command.env("NO_COLOR", "true");
    }
    Ok(command)
}
