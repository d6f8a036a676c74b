//! The browsers that run tests, and the driver of Chrome. (Firefox's driver is a tool that cargo installs.)

use std::path::PathBuf;

use super::apt::Package;

const CHROMES: &[&str] = &["chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome"];
const FIREFOXES: &[&str] = &["firefox", "firefox-esr"];

pub(super) fn missing_for_chrome() -> Option<Package> {
    let found = one_of(CHROMES) && one_of(&["chromedriver"]);
    (!found).then_some(Package {
        names: &["chromium", "chromium-driver"],
        why: "a browser and its driver, for the browser tests and the end-to-end tests",
    })
}

pub(super) fn missing_for_firefox() -> Option<Package> {
    (!one_of(FIREFOXES))
        .then_some(Package { names: &["firefox-esr"], why: "the second browser of the browser tests" })
}

/// The browser of the Chrome family, if there is one.
pub(super) fn chrome() -> Option<PathBuf> {
    CHROMES.iter().find_map(|program| which::which(program).ok())
}

fn one_of(programs: &[&str]) -> bool {
    programs.iter().any(|program| which::which(program).is_ok())
}
