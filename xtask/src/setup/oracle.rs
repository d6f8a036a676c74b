//! A Python with the ORMs that Relata is compared with, in an environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::apt::Package;
use super::fill_directory;
use crate::process;

pub(super) const PACKAGE: Package = Package {
    names: &["python3", "python3-venv"],
    why: "runs SQLAlchemy and Django, which Relata is compared with",
};

/// What is installed, in exactly these versions: another one may send other statements.
const ORMS: &[(&str, &str)] = &[("SQLAlchemy", "2.1.9"), ("Django", "5.2.19")];

/// Whether a Python is here that can make environments.
pub(super) fn is_installable() -> bool {
    process::output(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_some()
}

/// The Python of the environment, if that is complete.
pub(super) fn find(tools: &Path) -> Option<PathBuf> {
    let python = directory(tools).join("bin/python");
    python.is_file().then_some(python)
}

/// Makes the environment where it is missing.
pub(super) fn provide(tools: &Path) -> Result<PathBuf> {
    if let Some(python) = find(tools) {
        return Ok(python);
    }
    let packages: Vec<String> = ORMS.iter().map(|(name, version)| format!("{name}=={version}")).collect();
    println!("Set-up: installing {} into the cache of tools: {}", packages.join(", "), PACKAGE.why);
    fill_directory(&directory(tools), |partial| {
        process::run(Command::new("python3").args(["-m", "venv"]).arg(partial))?;
        let mut pip = Command::new(partial.join("bin/python"));
        process::run(
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(&packages),
        )
    })?;
    Ok(directory(tools).join("bin/python"))
}

fn directory(tools: &Path) -> PathBuf {
    let versions: Vec<&str> = ORMS.iter().map(|(_, version)| *version).collect();
    tools.join(format!("oracle-{}", versions.join("-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_is_another_directory() {
        let directory = directory(Path::new("tools"));
        let name = directory.to_string_lossy();
        assert!(ORMS.iter().all(|(_, version)| name.contains(version)), "{name}");
    }

    #[test]
    fn an_environment_that_is_not_there_is_not_found() {
        assert_eq!(find(Path::new("no-such-directory")), None);
    }
}
