//! The Rust standard library for the browser: which toolchain has it. The one place where that is decided.
//!
//! The toolchain in use is best, and rustup adds the target to it. Where rustup gets nothing, or there is no
//! rustup, Debian's compiler with a standard library built from Debian's source takes over (`debian`).

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use super::debian;
use crate::process;
use crate::workspace::Workspace;

pub(super) const TARGET: &str = "wasm32-unknown-unknown";
const CHOICE: &str = "RELATA_WASM_TARGET";

/// The toolchain that builds for the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The one that builds everything else.
    OwnToolchain,
    /// Debian's, beside the other one.
    Debian,
}

/// Finds the target or has rustup add it; says which toolchain to build with.
pub(super) fn provide(workspace: &Workspace, tools: &Path) -> Result<Source> {
    match env::var(CHOICE).as_deref() {
        Ok("debian") => return Ok(Source::Debian),
        Ok(other) if !other.is_empty() => bail!("{CHOICE} is {other:?}; it can only be \"debian\""),
        _ => {}
    }
    if is_installed(workspace) {
        return Ok(Source::OwnToolchain);
    }
    if debian::is_ready(tools) {
        println!("Set-up: building for the browser with Debian's compiler, as rustup had no target before");
        return Ok(Source::Debian);
    }
    if which::which("rustup").is_ok() {
        println!("Set-up: adding the target {TARGET} by rustup: the Rust standard library for the browser");
        let mut rustup = Command::new("rustup");
        let added = process::run(rustup.args(["target", "add", TARGET]).current_dir(workspace.root()));
        if is_installed(workspace) {
            return Ok(Source::OwnToolchain);
        }
        if let Err(error) = added {
            println!("Set-up: {error:#}; trying Debian's compiler instead");
        }
    }
    Ok(Source::Debian)
}

fn is_installed(workspace: &Workspace) -> bool {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", TARGET]).current_dir(workspace.root());
    process::output(&mut rustc).is_some_and(|directory| has_std(Path::new(directory.trim())))
}

/// Whether a directory of libraries holds a compiled `std`.
pub(super) fn has_std(directory: &Path) -> bool {
    let Ok(entries) = fs::read_dir(directory) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        name.to_str().is_some_and(|name| name.starts_with("libstd-") && name.ends_with(".rlib"))
    })
}
