//! The tests of the JavaScript package: `tests/js` by Node, on the package as it is shipped, and in a browser.

use anyhow::Result;

use crate::cli::Browser;
use crate::http::StaticServer;
use crate::pack;
use crate::process;
use crate::setup::Machine;
use crate::webdriver::Driver;
use crate::workspace::Workspace;

/// Makes the package and runs the tests; server and driver end with them, whatever their result.
pub(crate) fn test(workspace: &Workspace, machine: &Machine, browser: Browser) -> Result<()> {
    pack::build_with(workspace, machine)?;
    let server = StaticServer::start(workspace.root())?;
    let driver = Driver::start(machine, browser)?;
    println!("{} at {}, its driver at {}", browser.name(), server.url(), driver.url());
    process::run(
        machine
            .command("node")?
            // One after the other: Firefox's driver has one session, and memory is measured.
            .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
            .current_dir(workspace.root().join("tests/js"))
            .env("RELATA_URL", server.url())
            .env("RELATA_BROWSER", browser.name())
            // Some tests need more of a browser than a driver gives: they kill it.
            .env("CHROMIUM", machine.chrome()?)
            .env("WEBDRIVER_URL", driver.url()),
    )
}
