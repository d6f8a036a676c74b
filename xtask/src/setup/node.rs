//! Packages of npm that are read or run by Node, each in a directory of its own: no program of theirs goes onto PATH.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::fill_directory;
use crate::process;

/// A package, and the file of it that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodePackage {
    name: &'static str,
    version: &'static str,
    file: &'static str,
    why: &'static str,
}

/// Finds what keeps people out who do not see the page, or do not use a mouse.
pub(crate) const AXE: NodePackage = NodePackage {
    name: "axe-core",
    version: "4.14.1",
    file: "axe.min.js",
    why: "looks for barriers in the end-to-end tests",
};

/// Judges how a page loads.
pub(crate) const LIGHTHOUSE: NodePackage = NodePackage {
    name: "lighthouse",
    version: "13.5.0",
    file: "cli/index.js",
    why: "judges how the page loads, for `bench page`",
};

impl NodePackage {
    /// Where the file lies once the package is installed.
    pub(super) fn path(self, tools: &Path) -> PathBuf {
        self.directory(tools).join("node_modules").join(self.name).join(self.file)
    }

    /// Installs the package where it is missing.
    pub(super) fn provide(self, tools: &Path) -> Result<()> {
        if self.path(tools).is_file() {
            return Ok(());
        }
        println!("Set-up: installing {} {}: {}", self.name, self.version, self.why);
        fill_directory(&self.directory(tools), |directory| {
            install(&format!("{}@{}", self.name, self.version), directory)
        })?;
        if !self.path(tools).is_file() {
            bail!("{} {} brought no file {}", self.name, self.version, self.file);
        }
        Ok(())
    }

    fn directory(self, tools: &Path) -> PathBuf {
        tools.join(format!("{}-{}", self.name, self.version))
    }
}

/// Installs `name@version` with what it needs below a directory.
pub(super) fn install(package: &str, directory: &Path) -> Result<()> {
    let mut command = Command::new("npm");
    command
        .args(["install", "--no-audit", "--no-fund", package, "--prefix"])
        .arg(directory)
        .current_dir(directory);
    process::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_kept_by_name_and_version() {
        assert_eq!(
            AXE.path(Path::new("tools")),
            Path::new("tools/axe-core-4.14.1/node_modules/axe-core/axe.min.js")
        );
    }
}
