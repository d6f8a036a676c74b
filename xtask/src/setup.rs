//! Set-up: what a command needs of the machine, what of it is missing, and how to get that.
//!
//! What is on PATH in the right version is used as it is. Other tools go into a cache of their own, which only the
//! children of this program see; the user's PATH and files stay as they are. A second run finds everything without
//! asking the network.

mod apt;
mod browser;
mod clang;
mod debian;
mod javascript;
mod node;
mod oracle;
mod tool;
mod wasm_target;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::process;
use crate::workspace::{self, Workspace};
pub(crate) use node::{AXE, LIGHTHOUSE, NodePackage};
use tool::Tool;

/// Something that a command cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The Rust standard library for the browser, and a C compiler for SQLite there.
    Wasm,
    /// wasm-bindgen, Trunk, wasm-split and wasm-opt, which make the page.
    Page,
    /// wasm-bindgen, wasm-pack and wasm-opt, which make the JavaScript package and run the browser tests.
    WasmPack,
    /// A browser of the Chrome family and its driver.
    Chrome,
    /// Firefox and its driver.
    Firefox,
    /// A Python with the ORMs that Relata is compared with.
    Oracle,
    /// A package that Node reads or runs.
    Node(NodePackage),
    /// What the tests of the JavaScript package run on.
    JavaScriptTests,
}

impl Need {
    fn node(self) -> Option<NodePackage> {
        match self {
            Self::Node(package) => Some(package),
            _ => None,
        }
    }
}

/// A machine that has what was needed: makes commands that find it.
pub(crate) struct Machine {
    root: PathBuf,
    /// Where tools are kept.
    tools: PathBuf,
    path: Vec<PathBuf>,
    compiler: Vec<(String, OsString)>,
    /// Another Rust toolchain for everything that is built for the browser.
    web: Option<debian::Toolchain>,
    /// The Python with the ORMs.
    python: Option<PathBuf>,
}

impl Machine {
    /// A command that runs at the root of the repository and finds the tools.
    pub(crate) fn command(&self, program: &str) -> Result<Command> {
        self.command_with(program, &[])
    }

    /// The same for a command that builds for the browser, perhaps with a Rust toolchain of its own.
    pub(crate) fn web_command(&self, program: &str) -> Result<Command> {
        let Some(web) = &self.web else { return self.command(program) };
        let mut command = self.command_with(program, std::slice::from_ref(&web.bin))?;
        web.configure(&mut command);
        Ok(command)
    }

    /// Whether the toolchain for the browser brings clippy.
    pub(crate) fn lints_for_web(&self) -> bool {
        self.web.is_none()
    }

    /// Where a program lies that set-up has provided.
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf> {
        let path = joined_path(&self.path)?;
        which::which_in(name, Some(path), &self.root).with_context(|| format!("{name} is not on PATH"))
    }

    /// The Python with the ORMs, where it was needed.
    pub(crate) fn python(&self) -> Result<&Path> {
        self.python.as_deref().context("no Python with the ORMs was asked for")
    }

    /// The browser of the Chrome family.
    pub(crate) fn chrome(&self) -> Result<PathBuf> {
        browser::chrome().context("there is no browser of the Chrome family")
    }

    /// Where the file of a package lies, if that was needed.
    pub(crate) fn node_file(&self, package: NodePackage) -> PathBuf {
        package.path(&self.tools)
    }

    fn command_with(&self, program: &str, first: &[PathBuf]) -> Result<Command> {
        let mut command = Command::new(program);
        process::forget_cargo(&mut command);
        command
            .current_dir(&self.root)
            .env("PATH", joined_path(first.iter().chain(&self.path))?)
            .envs(self.compiler.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }
}

/// Provides everything in `needs`, says what it installs and why, and fails if something cannot be had.
pub(crate) fn ready(workspace: &Workspace, needs: &[Need]) -> Result<Machine> {
    let start = Instant::now();
    let tools_directory = workspace::cache()?.join("tools");
    let tools = tools(workspace, needs)?;
    let missing: Vec<&Tool> = tools.iter().filter(|tool| !tool.is_present(&tools_directory)).collect();

    let target = if needs.contains(&Need::Wasm) {
        wasm_target::provide(workspace, &tools_directory)?
    } else {
        wasm_target::Source::OwnToolchain
    };

    // All of the system's packages at once: one answer to wait for, or one complete message.
    let mut packages = Vec::new();
    if needs.contains(&Need::Wasm) && clang::find().is_none() {
        packages.push(clang::PACKAGE);
    }
    if target == wasm_target::Source::Debian && !debian::packages_are_installed() {
        packages.push(debian::PACKAGE);
    }
    let node: Vec<NodePackage> = needs.iter().filter_map(|need| need.node()).collect();
    let javascript = needs
        .contains(&Need::JavaScriptTests)
        .then(|| javascript::Packages::locked(workspace.root(), &tools_directory))
        .transpose()?;
    let npm_is_needed = missing.iter().any(|tool| tool.needs_npm())
        || javascript.as_ref().is_some_and(|packages| !packages.are_present())
        || node.iter().any(|package| !package.path(&tools_directory).is_file());
    if npm_is_needed && which::which("npm").is_err() {
        packages.push(tool::NPM_PACKAGE);
    }
    if needs.contains(&Need::Chrome) {
        packages.extend(browser::missing_for_chrome());
    }
    if needs.contains(&Need::Firefox) {
        packages.extend(browser::missing_for_firefox());
    }
    let oracle = needs.contains(&Need::Oracle);
    if oracle && oracle::find(&tools_directory).is_none() && !oracle::is_installable() {
        packages.push(oracle::PACKAGE);
    }
    apt::install(&packages)?;

    tool::install(&missing, &tools_directory)?;
    node.into_iter().try_for_each(|package| package.provide(&tools_directory))?;
    javascript.as_ref().map_or(Ok(()), javascript::Packages::provide)?;
    let python = if oracle { Some(oracle::provide(&tools_directory)?) } else { None };
    let web = match target {
        wasm_target::Source::OwnToolchain => None,
        wasm_target::Source::Debian => Some(debian::toolchain(&tools_directory)?),
    };
    let compiler = if needs.contains(&Need::Wasm) {
        clang::find().context("no clang that compiles for wasm32 was found, even after installing it")?
    } else {
        Vec::new()
    };
    let path = tools.iter().filter_map(|tool| tool.directory_to_add(&tools_directory)).collect();
    println!("Set-up: everything is here ({:.1} s)", start.elapsed().as_secs_f64());
    Ok(Machine { root: workspace.root().to_path_buf(), tools: tools_directory, path, compiler, web, python })
}

/// The tools behind the needs, each once.
fn tools(workspace: &Workspace, needs: &[Need]) -> Result<Vec<Tool>> {
    let page = needs.contains(&Need::Page);
    let wasm_pack = needs.contains(&Need::WasmPack);
    let mut tools = Vec::new();
    if page || wasm_pack {
        tools.push(Tool::wasm_bindgen(&workspace.locked_version("wasm-bindgen")?));
        tools.push(Tool::wasm_opt());
    }
    if page {
        tools.push(Tool::trunk());
        tools.push(Tool::wasm_split());
    }
    if wasm_pack {
        tools.push(Tool::wasm_pack());
    }
    if needs.contains(&Need::Firefox) {
        tools.push(Tool::geckodriver());
    }
    Ok(tools)
}

/// PATH with more directories in front of it.
fn joined_path<'path>(first: impl IntoIterator<Item = &'path PathBuf>) -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let all = first.into_iter().cloned().chain(env::split_paths(&old));
    env::join_paths(all).context("a directory of the tools has a name that PATH cannot hold")
}

/// A directory of this name that is there only when whatever fills it has come to its end.
fn fill_directory(directory: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let mut partial = directory.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    if partial.exists() {
        std::fs::remove_dir_all(&partial)?;
    }
    std::fs::create_dir_all(&partial)?;
    fill(&partial)?;
    if directory.exists() {
        std::fs::remove_dir_all(directory)?;
    }
    std::fs::rename(&partial, directory)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn what_is_filled_halfway_is_not_there() -> Result<()> {
        let directory = env::temp_dir().join(format!("relata-fill-{}", std::process::id()));
        let halfway = fill_directory(&directory, |partial| {
            std::fs::write(partial.join("first"), "1")?;
            bail!("no luck")
        });
        assert!(halfway.is_err() && !directory.exists());

        fill_directory(&directory, |partial| Ok(std::fs::write(partial.join("second"), "2")?))?;
        assert!(directory.join("second").is_file() && !directory.join("first").exists());
        std::fs::remove_dir_all(&directory)?;
        Ok(())
    }

    #[test]
    fn directories_of_tools_come_first_on_the_path() -> Result<()> {
        let first = PathBuf::from("tools-of-relata");
        let path = joined_path([&first])?;
        assert_eq!(env::split_paths(&path).next(), Some(first));
        Ok(())
    }
}
