//! Benchmarks: figures that are reported, never asserted.

use anyhow::Result;

use crate::cli::Browser;
use crate::http::StaticServer;
use crate::page;
use crate::process;
use crate::setup::{self, LIGHTHOUSE, Need};
use crate::webdriver::Driver;
use crate::workspace::Workspace;

const NEEDS: &[Need] = &[Need::Wasm, Need::Page, Need::Chrome, Need::Node(LIGHTHOUSE)];

/// How the page loads and answers: makes the release build, serves it compressed, and measures it in a headless Chrome.
/// Prints tables in Markdown.
pub(crate) fn page(workspace: &Workspace) -> Result<()> {
    let machine = setup::ready(workspace, NEEDS)?;
    page::build_with(workspace, &machine)?;
    println!("compressing the files as a web server would …");
    let server = StaticServer::start_compressed(&workspace.dist())?;
    let driver = Driver::start(&machine, Browser::Chrome)?;
    process::run(
        machine
            .command("cargo")?
            .args(["run", "--quiet", "--package", "relata-e2e", "--example", "page_speed"])
            .env("RELATA_URL", server.url())
            .env("WEBDRIVER_URL", driver.url())
            .env("RELATA_LIGHTHOUSE", machine.node_file(LIGHTHOUSE))
            .env("CHROME_PATH", machine.chrome()?),
    )
}
