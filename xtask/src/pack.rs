//! The JavaScript package in `pkg/`: the engine, made by wasm-pack, and the modules of `package/` over it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::process;
use crate::setup::{self, Machine, Need};
use crate::workspace::Workspace;

const NEEDS: &[Need] = &[Need::Wasm, Need::WasmPack];

/// Where it is built: with SQLite made otherwise than for the page, neither must undo the other's work.
const TARGET: &str = "target/pack";

/// What every engine that runs the package knows, and not every clang uses unasked. Without the first, SQLite copies byte by byte.
/// The last: clang 14 fails over a variable for each thread, where there is one only.
const INSTRUCTIONS: &str = "-mbulk-memory -msign-ext -mnontrapping-fptoint -D_Thread_local=";

/// How SQLite is made for the package: for speed, and with what sql.js has in it. Temporary files, not lists in memory, are what
/// its sorter is quick with: their records come in blocks, sorted one by one. Those are as large as the page cache may be, so it is
/// sql.js's: with 16 MiB, grouping 600,000 rows took nearly twice as long.
const SQLITE: &str = "\
    -DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_FTS3_PARENTHESIS -DSQLITE_ENABLE_NORMALIZE \
    -USQLITE_ENABLE_FTS5 -USQLITE_ENABLE_RTREE -USQLITE_ENABLE_SESSION -USQLITE_ENABLE_PREUPDATE_HOOK \
    -USQLITE_ENABLE_BYTECODE_VTAB -USQLITE_ENABLE_DBPAGE_VTAB -USQLITE_ENABLE_DBSTAT_VTAB -USQLITE_ENABLE_STMTVTAB \
    -USQLITE_ENABLE_UNLOCK_NOTIFY -USQLITE_ENABLE_API_ARMOR -USQLITE_ENABLE_OFFSET_SQL_FUNC \
    -USQLITE_ENABLE_UNKNOWN_SQL_FUNCTION -USQLITE_DEFAULT_PAGE_SIZE -USQLITE_DEFAULT_CACHE_SIZE \
    -USQLITE_OMIT_DEPRECATED -USQLITE_TEMP_STORE -DSQLITE_TEMP_STORE=1 \
    -DSQLITE_DEFAULT_PAGE_SIZE=4096 -DSQLITE_DEFAULT_CACHE_SIZE=-2000 -DSQLITE_DEFAULT_MEMSTATUS=0";

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    build_with(workspace, &setup::ready(workspace, NEEDS)?)
}

/// Makes the package on a machine that is set up.
pub(crate) fn build_with(workspace: &Workspace, machine: &Machine) -> Result<()> {
    let out = workspace.root().join("pkg");
    let mut command = machine.web_command("wasm-pack")?;
    command
        .env("CARGO_TARGET_DIR", workspace.root().join(TARGET))
        .env("SQLITE_WASM_RS_FLAGS", SQLITE)
        .env("CFLAGS_wasm32_unknown_unknown", INSTRUCTIONS)
        .args(["build", "--profile", "pack", "--target", "web", "--mode", "no-install", "--no-pack"])
        .args(["--out-dir", "pkg", "--out-name", "relata_engine", "."])
        .args(["--", "--no-default-features", "--features", "js,kept"]);
    process::run(&mut command)?;
    copy(&workspace.root().join("package"), &out)
}

/// Lays the package's own files beside the engine.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            fs::copy(&path, to.join(name)).with_context(|| format!("{} cannot be copied", path.display()))?;
        }
    }
    Ok(())
}
