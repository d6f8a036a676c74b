//! Debian's Rust compiler for browsers' packages, with a standard library for wasm32 built from Debian's source.
//!
//! Debian ships a recent compiler and the source of its standard library, but not that library compiled for the
//! browser. It is built once and laid into a toolchain directory of its own in the cache: links to Debian's
//! host libraries and scripts for its programs beside the new ones. Nothing is written into the system or into rustup's directory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt::Package;
use super::wasm_target::{self, TARGET};
use super::{fill_directory, joined_path};
use crate::process;

pub(super) const PACKAGE: Package = Package {
    names: &["rustc-web", "cargo-web", "rust-web-src", LLD],
    why: "Rust for the browser, since rustup has no wasm32 target here (by hand: rustup target add wasm32-unknown-unknown)",
};

/// The linker of the same LLVM that Debian's compiler uses.
const LLD: &str = "lld-22";
const LINKER: &str = "wasm-ld-22";
const RUSTC: &str = "/usr/bin/rustc";
const LIBRARIES: &str = "/usr/lib/rustlib";
const PROGRAMS: &[&str] = &["cargo", "rustc", "rustdoc"];

/// Built with what an optimised build for the browser (`std`, `panic_abort`) and its tests (`test`) link.
const BUILT_CRATES: &str = "-Zbuild-std=std,panic_abort,test";
const SCRATCH_CRATE: &str = "standard-library-for-the-browser";

/// A complete Rust toolchain that can build for the browser.
pub(super) struct Toolchain {
    pub(super) bin: PathBuf,
}

impl Toolchain {
    /// Makes a command whose PATH starts with this toolchain really use it.
    pub(super) fn configure(&self, command: &mut Command) {
        command
            .env_remove("RUSTUP_TOOLCHAIN")
            .env_remove("LD_LIBRARY_PATH")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", LINKER);
    }
}

pub(super) fn packages_are_installed() -> bool {
    let source = Path::new(LIBRARIES).join("src/rust/library/std/Cargo.toml");
    source.is_file()
        && which::which(LINKER).is_ok()
        && PROGRAMS.iter().all(|program| Path::new("/usr/bin").join(program).is_file())
}

/// Whether the toolchain was made before, by the compiler that is still installed.
pub(super) fn is_ready(tools: &Path) -> bool {
    version().is_ok_and(|version| wasm_target::has_std(&libraries(&directory(tools, &version))))
        && packages_are_installed()
}

/// The toolchain, made now if it was not before.
pub(super) fn toolchain(tools: &Path) -> Result<Toolchain> {
    let version = version()?;
    let directory = directory(tools, &version);
    if !wasm_target::has_std(&libraries(&directory)) {
        println!(
            "Set-up: building the standard library for the browser with Debian's rustc {version}, about a minute"
        );
        fill_directory(&directory, make)?;
    }
    Ok(Toolchain { bin: directory.join("bin") })
}

/// Debian's rustc in full, such as `1.96.0-ac68faa20`: a library serves exactly the compiler that built it.
fn version() -> Result<String> {
    let printed = process::output(Command::new(RUSTC).arg("--version"))
        .with_context(|| format!("{RUSTC} does not run"))?;
    let mut words = printed.split_whitespace().skip(1);
    let (Some(number), Some(commit)) = (words.next(), words.next()) else {
        bail!("{RUSTC} prints no version: {printed}");
    };
    Ok(format!("{number}-{}", commit.trim_matches(['(', ')'])))
}

fn directory(tools: &Path, version: &str) -> PathBuf {
    tools.join(format!("debian-web-{version}"))
}

fn libraries(toolchain: &Path) -> PathBuf {
    toolchain.join("lib/rustlib").join(TARGET).join("lib")
}

/// Lays out scripts and links, then builds the standard library with them.
fn make(toolchain: &Path) -> Result<()> {
    let bin = toolchain.join("bin");
    fs::create_dir_all(&bin)?;
    for program in PROGRAMS {
        wrap(program, &bin.join(program))?;
    }
    let rustlib = toolchain.join("lib/rustlib");
    fs::create_dir_all(&rustlib)?;
    for entry in fs::read_dir(LIBRARIES)? {
        let entry = entry?;
        if entry.file_name() != TARGET {
            link(&entry.path(), &rustlib.join(entry.file_name()))?;
        }
    }

    let scratch = toolchain.join("scratch");
    fs::create_dir_all(scratch.join("src"))?;
    let manifest = format!("[package]\nname = \"{SCRATCH_CRATE}\"\nedition = \"2024\"\n[workspace]\n");
    fs::write(scratch.join("Cargo.toml"), manifest)?;
    fs::write(scratch.join("src/lib.rs"), "")?;
    let mut cargo = Command::new("cargo");
    process::forget_cargo(&mut cargo);
    Toolchain { bin: bin.clone() }.configure(&mut cargo);
    cargo
        .args(["build", "--release", BUILT_CRATES, "--target", TARGET])
        .current_dir(&scratch)
        .env("PATH", joined_path([&bin])?)
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .env("RUSTC_BOOTSTRAP", "1")
        // Builds with link-time optimisation need the bitcode.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    process::run(&mut cargo)?;

    let destination = libraries(toolchain);
    fs::create_dir_all(&destination)?;
    let own = format!("lib{}", SCRATCH_CRATE.replace('-', "_"));
    for entry in fs::read_dir(scratch.join("target").join(TARGET).join("release/deps"))? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        if name.ends_with(".rlib") && !name.starts_with(&own) {
            fs::copy(entry.path(), destination.join(name))?;
        }
    }
    fs::remove_dir_all(&scratch)?;
    Ok(())
}

/// Writes a script that calls one of Debian's programs; the compilers then look for libraries beside the script.
fn wrap(program: &str, script: &Path) -> Result<()> {
    let sysroot = if program == "cargo" { "" } else { "--sysroot \"${bin%/*}\" " };
    fs::write(script, format!("#!/bin/sh\nbin=${{0%/*}}\nexec /usr/bin/{program} {sysroot}\"$@\"\n"))?;
    #[cfg(unix)]
    fs::set_permissions(script, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(())
}

fn link(original: &Path, link: &Path) -> Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::symlink(original, link)
        .with_context(|| format!("{} cannot be linked to {}", link.display(), original.display()))?;
    #[cfg(not(unix))]
    bail!("{} cannot be linked to {} on this system", link.display(), original.display());
    Ok(())
}
