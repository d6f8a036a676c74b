//! Benchmarks: figures that are reported, never asserted.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::cli::{self, Browser};
use crate::http::StaticServer;
use crate::line::Speed;
use crate::pack;
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

const PACKAGE_NEEDS: &[Need] = &[Need::Wasm, Need::WasmPack, Need::Page, Need::Chrome, Need::JavaScriptTests];

/// Where the peers are bundled, below the build directory.
const OUT: &str = "target/bench";

/// The line over which starting is measured.
const SLOW: Speed = Speed { latency: Duration::from_millis(40), bits_per_second: 10_000_000 };

/// The JavaScript package beside what people would use instead. Prints tables in Markdown.
pub(crate) fn package(workspace: &Workspace, told: &cli::Package) -> Result<()> {
    let machine = setup::ready(workspace, PACKAGE_NEEDS)?;
    if !told.as_built {
        pack::build_with(workspace, &machine)?;
        page::build_with(workspace, &machine)?;
    }
    let (pkg, dist) = (workspace.root().join("pkg"), workspace.dist());
    if !pkg.is_dir() {
        bail!("there is no pkg/ yet: leave --as-built out");
    }
    let folder = workspace.root().join("tests/js");
    let modules = folder.join("node_modules");
    let out = workspace.root().join(OUT);
    let bench = folder.join("bench");
    process::run(machine.command("node")?.arg(bench.join("bundle.mjs")).args([&modules, &out, &pkg]))?;

    let peers = StaticServer::start(&out.join("peers"))?;
    println!("compressing the files as a web server would …");
    let start = StaticServer::start_slow(&out.join("start"), SLOW)?;
    let page = if dist.is_dir() { Some(StaticServer::start_slow(&dist, SLOW)?) } else { None };
    let driver = Driver::start(&machine, Browser::Chrome)?;
    let mut command = machine.command("node")?;
    command.arg(bench.join("run.mjs")).args(&told.options);
    command.env("BENCH_PEERS", peers.url()).env("BENCH_START", start.url()).env("BENCH_OUT", &out);
    command.env("WEBDRIVER_URL", driver.url()).env("CHROME_PATH", machine.chrome()?);
    command.env("BENCH_ROOT", workspace.root());
    command.envs(page.as_ref().map(|page| ("BENCH_PAGE", page.url())));
    process::run(&mut command)
}
