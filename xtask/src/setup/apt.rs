//! The system's own packages, where the system is Debian or one of its children.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Packages that belong together, and what they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) names: &'static [&'static str],
    pub(super) why: &'static str,
}

/// Who may install packages here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rights {
    Root,
    Sudo,
    /// This user may not.
    User,
    /// There is no apt.
    OtherSystem,
}

/// Installs packages, or says which are missing and how to get them.
pub(super) fn install(packages: &[Package]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let rights = rights();
    if matches!(rights, Rights::User | Rights::OtherSystem) {
        bail!("{}", missing_message(packages, rights));
    }
    for package in packages {
        println!(
            "Set-up: installing {} from the system's packages: {}",
            package.names.join(", "),
            package.why
        );
    }
    process::run(apt_get(rights).args(["update", "-q"]))?;
    process::run(
        apt_get(rights).args(["install", "-q", "--yes", "--no-install-recommends"]).args(names(packages)),
    )
    .with_context(|| missing_message(packages, Rights::User))
}

fn rights() -> Rights {
    if which::which("apt-get").is_err() {
        return Rights::OtherSystem;
    }
    if process::output(Command::new("id").arg("-u")).is_some_and(|user| user.trim() == "0") {
        return Rights::Root;
    }
    if process::output(Command::new("sudo").args(["-n", "true"])).is_some() {
        return Rights::Sudo;
    }
    Rights::User
}

/// `apt-get` that asks no questions; sudo passes no environment on, so `env` sets it behind sudo.
fn apt_get(rights: Rights) -> Command {
    let mut command = Command::new(if rights == Rights::Sudo { "sudo" } else { "env" });
    if rights == Rights::Sudo {
        command.args(["-n", "env"]);
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command
}

fn names(packages: &[Package]) -> impl Iterator<Item = &'static str> + '_ {
    packages.iter().flat_map(|package| package.names.iter().copied())
}

fn missing_message(packages: &[Package], rights: Rights) -> String {
    let mut message = String::from("these are missing and cannot be installed from here:\n");
    for package in packages {
        message.push_str(&format!("  {}: {}\n", package.names.join(", "), package.why));
    }
    let names = names(packages).collect::<Vec<_>>().join(" ");
    message.push_str(&match rights {
        Rights::OtherSystem => {
            format!("Install them in your system's way (the names are Debian's: {names}), then call this again.")
        }
        _ => format!("Run\n  sudo apt-get update && sudo apt-get install --no-install-recommends {names}\nand call this again."),
    });
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGES: &[Package] = &[
        Package { names: &["clang", "llvm"], why: "compiles SQLite" },
        Package { names: &["firefox-esr"], why: "a browser for tests" },
    ];

    #[test]
    fn the_message_names_every_package_its_use_and_one_command() {
        let message = missing_message(PACKAGES, Rights::User);
        assert!(message.contains("clang, llvm: compiles SQLite"), "{message}");
        assert!(message.contains("firefox-esr: a browser for tests"), "{message}");
        assert!(
            message.contains("apt-get install --no-install-recommends clang llvm firefox-esr\n"),
            "{message}"
        );
    }

    #[test]
    fn without_apt_no_apt_command_is_given() {
        let message = missing_message(PACKAGES, Rights::OtherSystem);
        assert!(!message.contains("apt-get") && message.contains("clang llvm firefox-esr"), "{message}");
    }

    #[test]
    fn nothing_to_install_asks_nobody() {
        assert!(install(&[]).is_ok());
    }
}
