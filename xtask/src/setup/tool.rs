//! Tools that cargo and npm install: which, in which version, and where they are kept.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt::Package;
use super::{fill_directory, node};
use crate::process;

pub(super) const NPM_PACKAGE: Package = Package {
    names: &["nodejs", "npm"],
    why: "brings and runs wasm-opt, and what the end-to-end tests look for barriers with",
};

/// The release of binaryen whose wasm-opt understands what rustc emits; Trunk.toml names the same.
const BINARYEN: &str = "132";

/// A program and the package that brings it.
#[derive(Debug)]
pub(super) struct Tool {
    program: &'static str,
    package: &'static str,
    version: String,
    accept: Accept,
    source: Source,
    why: &'static str,
}

/// Which other versions on PATH will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Accept {
    Exactly,
    /// The same or a later one that cargo would call compatible.
    Compatible,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// `locked`: with the package's own lock file. `opt_level`: 0 builds fastest; the tool's own speed rarely counts.
    /// `features`: what the program needs beyond the package's defaults.
    Cargo {
        locked: bool,
        opt_level: &'static str,
        features: &'static str,
    },
    Npm,
}

impl Tool {
    /// The version must be exactly that of the library: what the two say to each other has no stable form.
    pub(super) fn wasm_bindgen(version: &str) -> Self {
        Self {
            program: "wasm-bindgen",
            package: "wasm-bindgen-cli",
            version: version.to_owned(),
            accept: Accept::Exactly,
            source: Source::Cargo { locked: false, opt_level: "1", features: "" },
            why: "joins WebAssembly and JavaScript",
        }
    }

    pub(super) fn trunk() -> Self {
        Self {
            program: "trunk",
            package: "trunk",
            version: "0.21.14".to_owned(),
            accept: Accept::Compatible,
            source: Source::Cargo { locked: true, opt_level: "0", features: "" },
            why: "builds and serves the page",
        }
    }

    pub(super) fn wasm_split() -> Self {
        Self {
            program: "wasm-split-cli",
            package: "wasm_split_cli_support",
            version: "0.2.4".to_owned(),
            accept: Accept::Exactly,
            source: Source::Cargo { locked: false, opt_level: "1", features: "build-binary" },
            why: "cuts the programs of page and worker into parts",
        }
    }

    pub(super) fn wasm_pack() -> Self {
        Self {
            program: "wasm-pack",
            package: "wasm-pack",
            version: "0.15.1".to_owned(),
            accept: Accept::Compatible,
            source: Source::Cargo { locked: false, opt_level: "0", features: "" },
            why: "runs tests in browsers and makes the JavaScript package",
        }
    }

    pub(super) fn geckodriver() -> Self {
        Self {
            program: "geckodriver",
            package: "geckodriver",
            version: "0.37.1".to_owned(),
            accept: Accept::Any,
            source: Source::Cargo { locked: false, opt_level: "0", features: "" },
            why: "drives Firefox in tests",
        }
    }

    pub(super) fn wasm_opt() -> Self {
        Self {
            program: "wasm-opt",
            package: "binaryen",
            version: BINARYEN.to_owned(),
            accept: Accept::Exactly,
            source: Source::Npm,
            why: "makes the WebAssembly smaller",
        }
    }

    pub(super) fn needs_npm(&self) -> bool {
        self.source == Source::Npm
    }

    pub(super) fn is_present(&self, tools: &Path) -> bool {
        self.is_on_path() || self.kept_program(tools).is_file()
    }

    /// The directory to put in front of PATH, unless PATH already leads to the right version.
    pub(super) fn directory_to_add(&self, tools: &Path) -> Option<PathBuf> {
        (!self.is_on_path()).then(|| self.program_directory(&self.directory(tools)))
    }

    fn is_on_path(&self) -> bool {
        which::which(self.program).is_ok()
            && process::output(Command::new(self.program).arg("--version"))
                .is_some_and(|printed| self.accepts(&printed))
    }

    /// Judges what `--version` printed.
    fn accepts(&self, printed: &str) -> bool {
        let (Some(found), Some(wanted)) = (Version::find(printed), Version::find(&self.version)) else {
            return false;
        };
        match self.accept {
            Accept::Exactly => found == wanted,
            Accept::Compatible => found.breaking() == wanted.breaking() && found >= wanted,
            Accept::Any => true,
        }
    }

    fn directory(&self, tools: &Path) -> PathBuf {
        tools.join(format!("{}-{}", self.package, self.version))
    }

    fn kept_program(&self, tools: &Path) -> PathBuf {
        self.program_directory(&self.directory(tools)).join(self.program)
    }

    fn program_directory(&self, directory: &Path) -> PathBuf {
        match self.source {
            Source::Cargo { .. } => directory.join("bin"),
            Source::Npm => directory.join("node_modules").join(".bin"),
        }
    }

    fn install(&self, tools: &Path, build: &Path) -> Result<()> {
        println!("Set-up: installing {} {}: {}", self.package, self.version, self.why);
        fill_directory(&self.directory(tools), |directory| match self.source {
            Source::Cargo { locked, opt_level, features } => {
                self.cargo_install(directory, build, locked, opt_level, features)
            }
            Source::Npm => node::install(&format!("{}@{}", self.package, self.version), directory),
        })?;
        if !self.kept_program(tools).is_file() {
            bail!("{} {} brought no program {}", self.package, self.version, self.program);
        }
        Ok(())
    }

    fn cargo_install(
        &self,
        root: &Path,
        build: &Path,
        locked: bool,
        opt_level: &str,
        features: &str,
    ) -> Result<()> {
        let mut command = Command::new("cargo");
        process::forget_cargo(&mut command);
        command
            .args(["install", self.package, "--version", &format!("={}", self.version)])
            .args([OsStr::new("--root"), root.as_os_str()])
            .args(locked.then_some("--locked"))
            .args(["--features", features])
            // Outside of the repository, whose settings are for its own code.
            .current_dir(build)
            .env("CARGO_TARGET_DIR", build)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level);
        process::run(&mut command)
    }
}

/// Installs tools that are missing, one after the other; their common dependencies are built once.
pub(super) fn install(missing: &[&Tool], tools: &Path) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    fs::create_dir_all(tools).with_context(|| format!("{} cannot be made", tools.display()))?;
    // Two commands at once must not build the same tool twice, nor clean up under each other.
    let lock = fs::File::create(tools.join("lock"))?;
    lock.lock()?;
    let build = tools.join("build");
    fs::create_dir_all(&build)?;
    for tool in missing.iter().filter(|tool| !tool.is_present(tools)) {
        tool.install(tools, &build)?;
    }
    fs::remove_dir_all(&build)?;
    Ok(())
}

/// Up to three numbers with dots between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version([u64; 3]);

impl Version {
    /// The first version in a text such as `wasm-opt version 132 (version_132)` or `trunk 0.21.14`.
    fn find(text: &str) -> Option<Self> {
        let word =
            text.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
        let end = word.find(|other: char| !other.is_ascii_digit() && other != '.').unwrap_or(word.len());
        let mut numbers = word.get(..end)?.split('.');
        let mut next = || numbers.next().and_then(|number| number.parse().ok());
        Some(Self([next()?, next().unwrap_or(0), next().unwrap_or(0)]))
    }

    /// The part that differs between incompatible versions.
    fn breaking(self) -> [u64; 2] {
        let Self([major, minor, _]) = self;
        if major == 0 { [0, minor] } else { [major, 0] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_print() {
        for (text, expected) in [
            ("trunk 0.21.14", Some([0, 21, 14])),
            ("wasm-opt version 132 (version_132)", Some([132, 0, 0])),
            ("geckodriver 0.37.1 (abcdef 2026-01-01)\nmore", Some([0, 37, 1])),
            ("wasm-bindgen 0.2.130-beta", Some([0, 2, 130])),
            ("no number here", None),
        ] {
            assert_eq!(Version::find(text), expected.map(Version), "{text}");
        }
    }

    #[test]
    fn each_tool_accepts_the_versions_that_will_do() {
        let bindgen = Tool::wasm_bindgen("0.2.130");
        assert!(bindgen.accepts("wasm-bindgen 0.2.130"));
        assert!(!bindgen.accepts("wasm-bindgen 0.2.131"));
        assert!(!bindgen.accepts("wasm-bindgen"));

        let trunk = Tool::trunk();
        assert!(trunk.accepts("trunk 0.21.14") && trunk.accepts("trunk 0.21.20"));
        assert!(!trunk.accepts("trunk 0.21.2") && !trunk.accepts("trunk 0.22.1"));

        assert!(!Tool::wasm_opt().accepts("wasm-opt version 108"));
        assert!(Tool::geckodriver().accepts("geckodriver 0.36.0"));
    }

    #[test]
    fn tools_are_kept_by_name_and_version() {
        let tools = Path::new("tools");
        assert_eq!(Tool::trunk().kept_program(tools), Path::new("tools/trunk-0.21.14/bin/trunk"));
        assert_eq!(
            Tool::wasm_opt().kept_program(tools),
            Path::new("tools/binaryen-132/node_modules/.bin/wasm-opt")
        );
    }

    #[test]
    fn trunk_is_told_the_same_wasm_opt() -> Result<()> {
        let settings = fs::read_to_string(crate::workspace::Workspace::locate()?.root().join("Trunk.toml"))?;
        assert!(settings.contains(&format!("wasm_opt = \"version_{BINARYEN}\"")), "{settings}");
        Ok(())
    }
}
