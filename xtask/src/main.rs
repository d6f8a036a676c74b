//! The developer commands of Relata; `cargo xtask --help` lists them.
//!
//! Every command first sets up what it needs (`setup`), then calls the ordinary tools: cargo, Trunk and wasm-pack.
//! Nothing here is needed to build by hand with those tools.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program talks through its standard streams"
)]

mod bench;
mod check;
mod cli;
mod cut;
mod e2e;
mod http;
mod line;
mod oracle;
mod pack;
mod package;
mod page;
mod process;
mod setup;
mod sizes;
mod stages;
mod webdriver;
mod workspace;

use std::process::ExitCode;

use cli::Command;
use workspace::Workspace;

fn main() -> ExitCode {
    let command = match cli::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("error: {error:#}\n\n{}", cli::HELP);
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    let workspace = Workspace::locate()?;
    match command {
        Command::Help => {
            println!("{}", cli::HELP);
            Ok(())
        }
        Command::Serve(options) => page::serve(&workspace, &options),
        Command::Test { stages, browser } => check::run(&workspace, &stages, browser),
        Command::Check => check::run(&workspace, stages::QUICK, cli::Browser::Chrome),
        Command::Oracle(cases) => oracle::run(&workspace, cases),
        Command::Build => page::build(&workspace),
        Command::Bench(cli::Bench::Page) => bench::page(&workspace),
        Command::Bench(cli::Bench::Package(told)) => bench::package(&workspace, &told),
        Command::Pack => pack::run(&workspace),
    }
}
