//! The end-to-end tests: the release build on a server, a browser's driver, and the package that uses both.

use anyhow::Result;

use crate::cli::Browser;
use crate::http::StaticServer;
use crate::process;
use crate::setup::{AXE, Machine};
use crate::webdriver::Driver;
use crate::workspace::Workspace;

/// Runs the tests on what lies in `dist/`; server and driver end with them, whatever their result.
pub(crate) fn run(workspace: &Workspace, machine: &Machine, browser: Browser) -> Result<()> {
    let server = StaticServer::start(&workspace.dist())?;
    let driver = Driver::start(machine, browser)?;
    println!("{} at {}, its driver at {}", browser.name(), server.url(), driver.url());
    process::run(
        machine
            .command("cargo")?
            .args(["test", "--package", "relata-e2e", "--no-fail-fast"])
            .env("RELATA_URL", server.url())
            .env("RELATA_BROWSER", browser.name())
            .env("RELATA_AXE", machine.node_file(AXE))
            .env("WEBDRIVER_URL", driver.url()),
    )
}
