//! The release build of page and worker, cut into parts: the first is all that is needed before the form can be used, or a
//! query answered; the others are loaded behind it.
//!
//! Trunk knows nothing of parts, so these two are built here, and Trunk makes the rest of `dist/`. In debug builds, with
//! plain `trunk`, and in the browser tests the programs are whole. Between cargo and wasm-bindgen, `wasm-split-cli` reads
//! off the linker's relocations (`build.rs` has them kept) which functions and data only a part leads to; where to cut,
//! the source says by `#[wasm_split(…)]` (`src/ui/parts`, `src/worker/seldom.rs`).

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::process;
use crate::setup::Machine;
use crate::sizes;
use crate::workspace::Workspace;

const TARGET: &str = "wasm32-unknown-unknown";

/// The programs that are cut: what each is called, and cargo's feature for it.
const PROGRAMS: [(&str, &str); 2] = [("relata-page", "page"), ("relata-worker", "worker")];

/// The page's markup for Trunk, which is to skip these programs, and its style sheets in one: who is far away would wait for each of
/// them. Beside `index.html`, for Trunk finds files from there.
const FRAME: &str = "frame.html";
const STYLES: &str = "frame.css";

/// The script that starts the worker. Trunk's, which the other workers have, asks for the program at once; this one waits until it is
/// greeted, so as not to take the line from the page's program, which is needed first.
const WORKER_LOADER: &str = "\
import init from './relata-worker.js';
await new Promise((greeted) => addEventListener('message', greeted, { once: true }));
await init();
";

/// How the markup names a style sheet.
const STYLE_SHEET: &str = "<link data-trunk rel=\"css\" href=\"";

/// What `wasm-split-cli` calls the script that loads parts.
const LOADER: &str = "__wasm_split.js";

/// What rustc emits beyond the first version of WebAssembly. The parts do not say it themselves.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Has Trunk make everything but the programs that are cut.
pub(crate) fn frame(workspace: &Workspace, trunk: impl FnOnce(&OsStr) -> Result<()>) -> Result<()> {
    let index = fs::read_to_string(workspace.root().join("index.html")).context("index.html is not there")?;
    let styles: Vec<String> = style_sheets(&index)
        .map(|sheet| fs::read_to_string(workspace.root().join(sheet)).with_context(|| format!("no {sheet}")))
        .collect::<Result<_>>()?;
    let files = [(FRAME, frame_of(&index)), (STYLES, styles.concat())];
    for (name, text) in &files {
        fs::write(workspace.root().join(name), text)?;
    }
    let made = trunk(OsStr::new(FRAME));
    for (name, _) in &files {
        fs::remove_file(workspace.root().join(name))?;
    }
    made
}

/// Builds, cuts and joins the programs in `dist/`, which Trunk has made.
pub(crate) fn programs(workspace: &Workspace, machine: &Machine) -> Result<()> {
    let target = workspace.root().join("target");
    for (name, feature) in PROGRAMS {
        process::run(
            machine
                .web_command("cargo")?
                .args(["build", "--release", "--target", TARGET, "--bin", name])
                .args(["--no-default-features", "--features", &format!("{feature},split")])
                .arg("--target-dir")
                .arg(&target),
        )?;
        let whole = target.join(TARGET).join("release").join(name).with_extension("wasm");
        cut(machine, name, &whole, &workspace.dist())?;
    }
    fs::write(workspace.dist().join("relata-worker_loader.js"), WORKER_LOADER)
        .context("the script that starts the worker cannot be written")
}

/// Cuts a program: `NAME.js` with the first part, and a folder with the others.
fn cut(machine: &Machine, name: &str, whole: &Path, dist: &Path) -> Result<()> {
    let parts = dist.join(format!("{name}-parts"));
    let first = dist.join(name).with_extension("wasm");
    process::run(
        machine
            .command("wasm-split-cli")?
            .args([whole, &parts])
            // From the folder of the parts, the first one lies above.
            .args(["--out-name", &format!("../{name}")]),
    )?;
    process::run(
        machine
            .command("wasm-bindgen")?
            // The other parts link to what the linker exports.
            .args([
                "--target",
                "web",
                "--no-typescript",
                "--keep-lld-exports",
                "--out-name",
                name,
                "--out-dir",
            ])
            .args([dist, &first]),
    )?;
    fs::remove_file(&first)?;
    let script = dist.join(name).with_extension("js");
    fs::write(&script, loading_from_parts(&fs::read_to_string(&script)?, name))?;
    let loader = parts.join(LOADER);
    fs::write(&loader, waiting_for_program(&fs::read_to_string(&loader)?, name)?)?;

    let mut programs = Vec::new();
    sizes::list(&parts, &mut programs)?;
    programs.retain(|file| file.extension() == Some(OsStr::new("wasm")));
    programs.push(dist.join(format!("{name}_bg.wasm")));
    programs.iter().try_for_each(|file| shrink(machine, file))
}

fn shrink(machine: &Machine, file: &PathBuf) -> Result<()> {
    process::run(machine.command("wasm-opt")?.arg("-Oz").args(FEATURES).arg(file).arg("-o").arg(file))
}

/// The style sheets that the markup names, in their order.
fn style_sheets(index: &str) -> impl Iterator<Item = &str> {
    index.lines().filter_map(|line| {
        let (_, sheet) = line.split_once(STYLE_SHEET)?;
        sheet.split('"').next()
    })
}

/// The markup with the programs that are cut left to this module, with one style sheet, and with the script that loads the
/// page's parts asked for at once: the page's program needs it to start.
fn frame_of(index: &str) -> String {
    let mut frame: String =
        index.lines().filter(|line| !line.contains(STYLE_SHEET)).map(|line| format!("{line}\n")).collect();
    for (name, _) in PROGRAMS {
        // Without any link to the page, Trunk would build all there is.
        let bin = format!("data-bin=\"{name}\"");
        frame = frame.replace(&bin, &format!("data-trunk-skip {bin}"));
    }
    let (page, _) = PROGRAMS[0];
    let links = format!(
        "    {STYLE_SHEET}{STYLES}\" />\n    <link rel=\"modulepreload\" href=\"{page}-parts/{LOADER}\" />\n  </head>"
    );
    frame.replacen("  </head>", &links, 1)
}

/// wasm-bindgen's script, with the loader of parts taken from their folder, and lent what that needs of it. The name by which
/// the program asks for the loader stays.
fn loading_from_parts(script: &str, name: &str) -> String {
    let there = format!("from \"./{name}-parts/{LOADER}\"");
    let script = script.replace(&format!("from \"./{LOADER}\""), &there);
    format!("{script}\nimport {{ lend }} {there};\nlend(initSync);\n")
}

/// The loader of parts, which waits for what it would import from the program's script: that imports the loader, and of two
/// scripts that import each other and are both preloaded, browsers have been seen to start neither.
fn waiting_for_program(loader: &str, name: &str) -> Result<String> {
    let import = format!("import {{ initSync }} from \"./../{name}.js\";");
    let lent = "let initSync;\nexport function lend(init) {\n    initSync = init;\n}";
    ensure!(loader.contains(&import), "{LOADER} begins in another way than expected");
    Ok(loader.replacen(&import, lent, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trunk_is_left_everything_but_the_programs_that_are_cut() -> Result<()> {
        let index = fs::read_to_string(Workspace::locate()?.root().join("index.html"))?;
        let frame = frame_of(&index);
        assert_eq!(frame.matches("data-trunk-skip").count(), PROGRAMS.len());
        assert!(frame.contains("data-trunk-skip data-bin=\"relata-page\""));
        assert_eq!(style_sheets(&frame).collect::<Vec<_>>(), [STYLES]);
        assert_eq!(style_sheets(&index).next(), Some("static/style/tokens.css"));
        assert!(frame.contains("href=\"relata-page-parts/__wasm_split.js\" />\n  </head>"));
        Ok(())
    }

    #[test]
    fn no_two_scripts_import_each_other() -> Result<()> {
        let loader = waiting_for_program("import { initSync } from \"./../a.js\";\nrest", "a")?;
        assert!(
            !loader.contains("import") && loader.contains("export function lend") && loader.ends_with("rest")
        );
        assert!(waiting_for_program("import { initSync } from \"./a.js\";", "a").is_err());
        Ok(())
    }

    #[test]
    fn only_where_the_loader_lies_is_changed() {
        let script =
            "import * as import1 from \"./__wasm_split.js\"\nreturn { \"./__wasm_split.js\": import1 };\n";
        let expected = "import * as import1 from \"./a-parts/__wasm_split.js\"\nreturn { \"./__wasm_split.js\": import1 };\n";
        let lent = "\nimport { lend } from \"./a-parts/__wasm_split.js\";\nlend(initSync);\n";
        assert_eq!(loading_from_parts(script, "a"), format!("{expected}{lent}"));
    }
}
