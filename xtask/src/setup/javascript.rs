//! What the JavaScript tests run on, in the versions that `tests/js/package-lock.json` holds.
//!
//! The packages lie in the cache of tools, once for every checkout with the same lock; a link beside the tests leads
//! there, where Node looks for them.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::fill_directory;
use crate::process;

const MANIFEST: &str = "package.json";
const LOCK: &str = "package-lock.json";
/// Where Node looks for packages, below the directory of what asks for them.
const MODULES: &str = "node_modules";

/// The oldest Node that the package is for, and that runs its tests.
const NODE: u32 = 20;

/// The packages of one lock.
pub(super) struct Packages {
    tests: PathBuf,
    /// Where in the cache they are.
    directory: PathBuf,
}

impl Packages {
    pub(super) fn locked(root: &Path, tools: &Path) -> Result<Self> {
        let tests = root.join("tests/js");
        let lock = tests.join(LOCK);
        let lock = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
        let directory = tools.join(format!("javascript-tests-{:016x}", fingerprint(&lock)));
        Ok(Self { tests, directory })
    }

    /// Whether they are installed, linked or not.
    pub(super) fn are_present(&self) -> bool {
        self.directory.join(MODULES).is_dir()
    }

    /// Installs what is missing, and links it to the tests.
    pub(super) fn provide(&self) -> Result<()> {
        check_node(process::output(Command::new("node").arg("--version")).as_deref())?;
        if !self.are_present() {
            println!(
                "Set-up: installing the packages of tests/js: sql.js, and the libraries that run on it and on Relata"
            );
            fill_directory(&self.directory, |directory| self.install(directory))?;
        }
        self.link()
    }

    fn install(&self, directory: &Path) -> Result<()> {
        for file in [MANIFEST, LOCK] {
            fs::copy(self.tests.join(file), directory.join(file))?;
        }
        let mut command = Command::new("npm");
        process::run(command.args(["ci", "--no-audit", "--no-fund"]).current_dir(directory))
    }

    /// A directory of the user's own, made by `npm ci` beside the tests, stays and is used.
    fn link(&self) -> Result<()> {
        let link = self.tests.join(MODULES);
        let target = self.directory.join(MODULES);
        match fs::symlink_metadata(&link) {
            Ok(found) if !found.is_symlink() => return Ok(()),
            Ok(_) if fs::read_link(&link)? == target => return Ok(()),
            Ok(_) => fs::remove_file(&link)?,
            Err(_) => {}
        }
        make_link(&target, &link).with_context(|| format!("{} cannot be made", link.display()))
    }
}

/// Nothing is installed in place of an older Node: which one to use is the user's choice.
fn check_node(printed: Option<&str>) -> Result<()> {
    let printed = printed.context("Node is not on PATH, or does not run")?.trim();
    let major =
        printed.trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        bail!("the tests of the JavaScript package need Node {NODE} or newer; the one on PATH is {printed}");
    }
    Ok(())
}

#[cfg(unix)]
fn make_link(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn make_link(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_dir(target, link)
}

fn fingerprint(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A checkout with a lock, and what is installed for it in its own cache.
    fn installed(test: &str, lock: &str) -> Result<(PathBuf, Packages)> {
        let root = std::env::temp_dir().join(format!("relata-javascript-{test}-{}", std::process::id()));
        fs::create_dir_all(root.join("tests/js"))?;
        fs::write(root.join("tests/js").join(LOCK), lock)?;
        let packages = Packages::locked(&root, &root.join("tools"))?;
        fs::create_dir_all(packages.directory.join(MODULES))?;
        Ok((root, packages))
    }

    #[test]
    fn another_lock_is_another_directory_and_the_link_follows() -> Result<()> {
        let (root, first) = installed("lock", "one")?;
        first.provide()?;
        let (_, second) = installed("lock", "two")?;
        assert_ne!(first.directory, second.directory);
        second.provide()?;
        assert_eq!(fs::read_link(root.join("tests/js").join(MODULES))?, second.directory.join(MODULES));
        fs::remove_dir_all(root)?;
        Ok(())
    }

    #[test]
    fn an_older_node_is_refused() {
        assert!(check_node(Some("v20.20.2\n")).is_ok() && check_node(Some("v22.0.0")).is_ok());
        for printed in [None, Some("v18.19.0"), Some("none")] {
            assert!(check_node(printed).is_err(), "{printed:?}");
        }
    }

    #[test]
    fn what_the_user_installed_stays() -> Result<()> {
        let (root, packages) = installed("own", "one")?;
        fs::create_dir(root.join("tests/js").join(MODULES))?;
        packages.provide()?;
        assert!(!root.join("tests/js").join(MODULES).is_symlink());
        fs::remove_dir_all(root)?;
        Ok(())
    }

    #[test]
    fn the_lock_names_no_registry() -> Result<()> {
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/js").join(LOCK);
        assert!(!fs::read_to_string(lock)?.contains("\"resolved\""));
        Ok(())
    }
}
