//! The repository keeps its own rules: modules use only those above them, files stay small and say what they are for,
//! and what is left lying about is found. Every message says where.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};

/// Files that may be longer than [`MOST_LINES`], each with its reason.
const LONG: [(&str, &str); 0] = [];
const MOST_LINES: usize = 400;

/// Words that must not stay. Written so that this file does not find itself.
const LEFTOVERS: [&str; 4] =
    [concat!("dbg", "!("), concat!("todo", "!("), concat!("FIX", "ME"), concat!("unimplemented", "!(")];

/// What only some modules may name: SQLite, the browser, the page's own libraries.
const CONFINED: [(&[&str], &[&str]); 6] = [
    (&["rusqlite"], &["engine", "kept", "js"]),
    (&["postcard"], &["wire"]),
    (
        &["web_sys", "js_sys", "wasm_bindgen"],
        &["wire", "generate", "layout", "engine", "kept", "worker", "js", "ui"],
    ),
    (&["dagre"], &["layout"]),
    (&["fake", "rand", "rand_pcg"], &["generate"]),
    (&["yew", "gloo"], &["ui"]),
];

struct File {
    /// Relative to the repository, with forward slashes.
    path: String,
    text: String,
}

impl File {
    /// The library's module that it belongs to: `schema` for `src/schema/check.rs`.
    fn module(&self) -> Option<&str> {
        let inner = self.path.strip_prefix("src/")?;
        let first = inner.split('/').next()?.trim_end_matches(".rs");
        (!matches!(first, "lib" | "bin")).then_some(first)
    }

    /// The lines of code with their numbers; comments are left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let bare = |line| str::split(line, "//").next().unwrap_or_default();
        (1..).zip(self.text.lines().map(bare)).filter(|(_, line)| !line.trim().is_empty())
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All files below these folders, sorted.
fn files(folders: &[&str], wanted: fn(&Path) -> bool) -> Vec<File> {
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if wanted(&path) {
                let short = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push(File { path: short, text: std::fs::read_to_string(&path).unwrap_or_default() });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!found.is_empty(), "nothing found below {folders:?}");
    found
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn sources() -> Vec<File> {
    files(&["src"], is_rust)
}

/// Fails with everything that is wrong, a line each.
fn check(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The modules in the order of the table in `src/lib.rs`.
fn module_order() -> Vec<String> {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let name = |line: &str| {
        let cell = line.strip_prefix("//! |")?.split('|').next()?.trim();
        let name = cell.trim_start_matches('[').trim_end_matches(']').strip_prefix('`')?.strip_suffix('`')?;
        Some(name.to_owned())
    };
    lib.lines().filter_map(name).collect()
}

/// The modules of this library that a line of code names: `crate::a::…`, and `crate::{a, b::c}` on one line.
fn named(line: &str) -> Vec<&str> {
    let word = |text| str::split(text, |letter: char| !letter.is_alphanumeric() && letter != '_').next();
    let mut names = Vec::new();
    for part in line.split("crate::").skip(1) {
        match part.strip_prefix('{') {
            None => names.extend(word(part)),
            Some(group) => {
                let mut depth = 0;
                let parts = group.split(|letter| {
                    depth += i32::from(letter == '{') - i32::from(letter == '}');
                    letter == ',' && depth == 0
                });
                names.extend(parts.filter_map(|part| word(part.trim())));
            }
        }
    }
    names.retain(|name| !name.is_empty() && !name.starts_with(char::is_uppercase));
    names
}

#[test]
fn the_scanner_finds_what_it_looks_for() {
    assert_eq!(named("use crate::schema::{check, Draft};"), ["schema"]);
    assert_eq!(named("    crate::ui::state::f(crate::sql::quote(\"\"))"), ["ui", "sql"]);
    assert_eq!(named("use crate::{query, schema::{self, Draft}, ui};"), ["query", "schema", "ui"]);
    assert!(named("pub(crate) fn f() {}").is_empty());
    let order = module_order();
    assert_eq!(order.first().map(String::as_str), Some("value"));
    assert_eq!(order.last().map(String::as_str), Some("ui"));
}

#[test]
fn every_module_stands_in_the_table_and_uses_only_those_above_it() {
    let order = module_order();
    let place = |module: &str| order.iter().position(|name| name == module);
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(module) = file.module() else { continue };
        let Some(here) = place(module) else {
            wrong.push(format!("{}: {module} is not in the table of src/lib.rs", file.path));
            continue;
        };
        for (number, line) in file.code() {
            if line.trim_end().ends_with("crate::{") {
                wrong.push(format!("{}:{number}: name one module a line, for this test to see", file.path));
            }
            for used in named(line) {
                let allowed = place(used).is_some_and(|there| there <= here);
                if !allowed {
                    wrong.push(format!(
                        "{}:{number}: {module} must not use {used}: {}",
                        file.path,
                        line.trim()
                    ));
                }
            }
        }
    }
    let files = sources();
    for name in &order {
        if !files.iter().any(|file| file.module() == Some(name.as_str())) {
            wrong.push(format!("src/lib.rs: the table names {name}, which is not there"));
        }
    }
    check(&wrong);
}

#[test]
fn only_some_modules_know_sqlite_and_the_browser() {
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(module) = file.module() else { continue };
        for (names, modules) in CONFINED.iter().filter(|(_, modules)| !modules.contains(&module)) {
            for (number, line) in file.code() {
                let words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
                for word in words.filter(|word| names.contains(word)) {
                    let reason = format!("{word} is for {} only", modules.join(", "));
                    wrong.push(format!("{}:{number}: {reason}: {}", file.path, line.trim()));
                }
            }
        }
    }
    check(&wrong);
}

#[test]
fn files_are_small_enough_to_read() {
    let mut wrong = Vec::new();
    for file in files(&["src", "tests", "xtask"], is_rust) {
        let (lines, exempt) = (file.text.lines().count(), LONG.iter().any(|(path, _)| *path == file.path));
        if lines > MOST_LINES && !exempt {
            wrong.push(format!("{}:{MOST_LINES}: {lines} lines, more than {MOST_LINES}", file.path));
        }
        if lines <= MOST_LINES && exempt {
            wrong.push(format!("{}: {lines} lines need no exemption any more", file.path));
        }
    }
    check(&wrong);
}

#[test]
fn files_say_what_they_are_for() {
    let silent = |file: &File| !file.text.starts_with("//! ");
    let wrong = files(&["src", "tests", "xtask"], is_rust).into_iter().filter(silent);
    let wrong: Vec<String> =
        wrong.map(|file| format!("{}:1: no //! that says what the file is for", file.path)).collect();
    check(&wrong);
}

#[test]
fn nothing_is_left_lying_about() {
    let mut wrong = Vec::new();
    for file in files(&["src", "tests", "xtask"], is_rust) {
        for (number, line) in (1..).zip(file.text.lines()) {
            for word in LEFTOVERS.iter().filter(|word| line.contains(**word)) {
                wrong.push(format!("{}:{number}: {word} is left: {}", file.path, line.trim()));
            }
        }
    }
    let snapshots = files(&["src", "tests", "xtask"], |path| {
        let name = path.to_string_lossy();
        name.ends_with(".snap.new") || name.ends_with(".pending-snap") || name.ends_with(".snap")
    });
    let undecided = snapshots.iter().filter(|file| !file.path.ends_with(".snap"));
    wrong.extend(undecided.map(|file| format!("{}:1: a snapshot that nobody has read", file.path)));
    check(&wrong);
}
