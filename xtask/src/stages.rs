//! The stages of the tests: their names, what each needs, and what each runs.

use std::process::Command;

use anyhow::Result;

use crate::cli::Browser;
use crate::e2e;
use crate::oracle;
use crate::package;
use crate::page;
use crate::process;
use crate::setup::{AXE, Machine, Need};
use crate::workspace::Workspace;

/// One part of the tests, reported by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Format,
    Lints,
    LintsWasm,
    Docs,
    Native,
    Xtask,
    Oracle,
    Chrome,
    Firefox,
    Build,
    Sizes,
    Package,
    EndToEnd,
}

/// All of them, in the order in which they run: what fails soonest comes first.
pub(crate) const ALL: &[Stage] = &[
    Stage::Format,
    Stage::Lints,
    Stage::Docs,
    Stage::Native,
    Stage::Xtask,
    Stage::Oracle,
    Stage::LintsWasm,
    Stage::Chrome,
    Stage::Firefox,
    Stage::Build,
    Stage::Sizes,
    Stage::Package,
    Stage::EndToEnd,
];

/// What the quick check runs: no browser, nothing built for one.
pub(crate) const QUICK: &[Stage] = &[Stage::Format, Stage::Lints, Stage::Docs, Stage::Native, Stage::Xtask];

impl Stage {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Lints => "lints",
            Self::LintsWasm => "lints-wasm",
            Self::Docs => "docs",
            Self::Native => "native",
            Self::Xtask => "xtask",
            Self::Oracle => "oracle",
            Self::Chrome => "chrome",
            Self::Firefox => "firefox",
            Self::Build => "build",
            Self::Sizes => "sizes",
            Self::Package => "package",
            Self::EndToEnd => "e2e",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|stage| stage.name() == name)
    }

    pub(crate) fn needs(self, browser: Browser) -> &'static [Need] {
        match self {
            Self::Format | Self::Lints | Self::Docs | Self::Native | Self::Xtask | Self::Sizes => &[],
            Self::Oracle => &[Need::Oracle],
            Self::LintsWasm => &[Need::Wasm],
            Self::Chrome => &[Need::Wasm, Need::WasmPack, Need::Chrome],
            Self::Firefox => &[Need::Wasm, Need::WasmPack, Need::Firefox],
            Self::Build => &[Need::Wasm, Need::Page],
            Self::Package => match browser {
                Browser::Chrome => &[Need::Wasm, Need::WasmPack, Need::JavaScriptTests, Need::Chrome],
                Browser::Firefox => {
                    &[Need::Wasm, Need::WasmPack, Need::JavaScriptTests, Need::Chrome, Need::Firefox]
                }
            },
            Self::EndToEnd => match browser {
                Browser::Chrome => &[Need::Wasm, Need::Page, Need::Chrome, Need::Node(AXE)],
                Browser::Firefox => &[Need::Wasm, Need::Page, Need::Firefox, Need::Node(AXE)],
            },
        }
    }

    /// The stage without whose result this one makes no sense.
    pub(crate) fn rests_on(self) -> Option<Self> {
        matches!(self, Self::Sizes | Self::EndToEnd).then_some(Self::Build)
    }

    pub(crate) fn run(
        self,
        workspace: &Workspace,
        machine: &Machine,
        browser: Browser,
        built: bool,
    ) -> Result<()> {
        match self {
            Self::Format => process::run(machine.command("cargo")?.args(["fmt", "--all", "--check"])),
            Self::Lints => process::run(machine.command("cargo")?.args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ])),
            Self::LintsWasm => lints_wasm(machine),
            Self::Docs => process::run(
                machine
                    .command("cargo")?
                    .args(["doc", "--package", "relata", "--no-deps"])
                    .env("RUSTDOCFLAGS", "-D warnings"),
            ),
            Self::Native => process::run(machine.command("cargo")?.args([
                "test",
                "--package",
                "relata",
                "--no-fail-fast",
            ])),
            Self::Xtask => process::run(machine.command("cargo")?.args(["test", "--package", "xtask"])),
            Self::Oracle => oracle::compare(machine, oracle::Cases::default()),
            Self::Chrome => browser_tests(machine, Browser::Chrome),
            Self::Firefox => browser_tests(machine, Browser::Firefox),
            Self::Build => page::build_with(workspace, machine),
            Self::Sizes => page::weigh(workspace),
            Self::Package => package::test(workspace, machine, browser),
            Self::EndToEnd => {
                if !built {
                    page::build_with(workspace, machine)?;
                }
                e2e::run(workspace, machine, browser)
            }
        }
    }
}

/// Each binary with its own feature, as it is shipped, then everything together, tests included.
fn lints_wasm(machine: &Machine) -> Result<()> {
    // Debian's toolchain brings no clippy; the code is at least compiled.
    let (subcommand, strictness): (_, &[&str]) =
        if machine.lints_for_web() { ("clippy", &["--", "-D", "warnings"]) } else { ("check", &[]) };
    let selections: [&[&str]; 5] = [
        &["--lib", "--bin", "relata-page", "--no-default-features", "--features", "page,split"],
        &["--lib", "--bin", "relata-worker", "--no-default-features", "--features", "worker,split"],
        &["--lib", "--bin", "relata-layout", "--no-default-features", "--features", "layout"],
        &["--lib", "--bin", "relata-generator", "--no-default-features", "--features", "generator"],
        &["--all-targets"],
    ];
    for selection in selections {
        let mut command = machine.web_command("cargo")?;
        command.args([subcommand, "--package", "relata", "--target", "wasm32-unknown-unknown"]);
        process::run(command.args(selection).args(strictness))?;
    }
    Ok(())
}

fn browser_tests(machine: &Machine, browser: Browser) -> Result<()> {
    let mut command: Command = machine.web_command("wasm-pack")?;
    command.args(["test", "--headless"]);
    match browser {
        Browser::Chrome => command.args(["--chrome", "--chromedriver"]).arg(machine.program("chromedriver")?),
        Browser::Firefox => command.args(["--firefox", "--geckodriver"]).arg(machine.program("geckodriver")?),
    };
    // Seconds; the test runner's own 20 are short for a busy machine.
    command.args(["--mode", "no-install"]).env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    process::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_is_found_by_its_name() {
        for &stage in ALL {
            assert_eq!(Stage::named(stage.name()), Some(stage));
        }
        assert_eq!(Stage::named("everything"), None);
    }

    #[test]
    fn a_stage_runs_after_the_one_it_rests_on() {
        let position = |stage| ALL.iter().position(|&other| other == stage);
        for &stage in ALL {
            if let Some(base) = stage.rests_on() {
                assert!(position(base) < position(stage), "{stage:?}");
            }
        }
    }

    #[test]
    fn the_quick_check_needs_nothing_installed() {
        assert!(QUICK.iter().all(|stage| stage.needs(Browser::Chrome).is_empty()));
    }
}
