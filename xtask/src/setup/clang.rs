//! The C compiler that builds SQLite for the browser: a clang that knows wasm32, and llvm's archiver.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use super::apt::Package;
use crate::process;

pub(super) const PACKAGE: Package =
    Package { names: &["clang", "llvm"], why: "the C compiler that builds SQLite for the browser" };

/// The variables by which the `cc` crate is told of a compiler that it would not find by itself.
const COMPILER: &str = "CC_wasm32_unknown_unknown";
const ARCHIVER: &str = "AR_wasm32_unknown_unknown";

/// The newest and the oldest clang that may be installed under a name with its version only.
const VERSIONS: std::ops::RangeInclusive<u32> = 14..=30;

/// What to tell the `cc` crate so that it finds a compiler, or `None` where there is none.
pub(super) fn find() -> Option<Vec<(String, OsString)>> {
    if env::var_os(COMPILER).is_some() || env::var_os("TARGET_CC").is_some() {
        return Some(Vec::new());
    }
    if is_usable("clang", "llvm-ar") {
        return Some(Vec::new());
    }
    VERSIONS.rev().find_map(|version| {
        let (compiler, archiver) = (format!("clang-{version}"), format!("llvm-ar-{version}"));
        is_usable(&compiler, &archiver)
            .then(|| vec![(COMPILER.to_owned(), compiler.into()), (ARCHIVER.to_owned(), archiver.into())])
    })
}

/// Apple's clang, for one, cannot compile for wasm32.
fn is_usable(compiler: &str, archiver: &str) -> bool {
    which::which(archiver).is_ok()
        && process::output(Command::new(compiler).arg("--print-targets"))
            .is_some_and(|targets| targets.contains("wasm32"))
}
