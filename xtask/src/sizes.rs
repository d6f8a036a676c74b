//! How large the release build is, as a web server would send it, and how large it may be.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow};

/// The parts of the page that a budget is set for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// What is needed before the form can be used.
    Page,
    /// What the page loads behind that.
    PageParts,
    /// What is needed before a query can be answered.
    Worker,
    /// What the worker loads when it is first needed.
    WorkerParts,
    /// What lays drawings out, loaded when something is first drawn.
    Layout,
    /// What makes rows, loaded when some are first generated.
    Generator,
    /// Markup, pictures and the like.
    Other,
}

/// What a part may weigh, brotli-compressed, in KiB.
struct Budget {
    part: Part,
    /// More fails the build: what it weighs today, and room for what is to come.
    limit: usize,
    /// What it is meant to weigh. Not reached yet; the table says by how much.
    goal: usize,
}

const BUDGETS: &[Budget] = &[
    Budget { part: Part::Page, limit: 360, goal: 160 },
    Budget { part: Part::PageParts, limit: 395, goal: 320 },
    Budget { part: Part::Worker, limit: 470, goal: 360 },
    Budget { part: Part::WorkerParts, limit: 150, goal: 135 },
    Budget { part: Part::Layout, limit: 95, goal: 80 },
    Budget { part: Part::Generator, limit: 140, goal: 120 },
];

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::PageParts => "page, later",
            Self::Worker => "worker",
            Self::WorkerParts => "worker, later",
            Self::Layout => "layout",
            Self::Generator => "generator",
            Self::Other => "other",
        }
    }

    /// The part to which a file of `dist/` belongs, by its name there.
    fn of(name: &str) -> Self {
        let counted = [".js", ".wasm", ".css"].iter().any(|ending| name.ends_with(ending));
        match name {
            _ if !counted => Self::Other,
            // The scripts that load the parts are needed from the start.
            _ if name.contains("relata-page-parts") && name.ends_with(".wasm") => Self::PageParts,
            _ if name.contains("relata-worker-parts") && name.ends_with(".wasm") => Self::WorkerParts,
            _ if name.contains("relata-worker") => Self::Worker,
            _ if name.contains("relata-layout") => Self::Layout,
            _ if name.contains("relata-generator") => Self::Generator,
            _ => Self::Page,
        }
    }
}

/// A file of the release build with its sizes in bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct File {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Measures every file below a directory.
pub(crate) fn measure(directory: &Path) -> Result<Vec<File>> {
    let mut paths = Vec::new();
    list(directory, &mut paths)?;
    paths.sort();
    // Brotli is slow at its best; the two large files go side by side.
    thread::scope(|scope| {
        let workers: Vec<_> =
            paths.iter().map(|path| scope.spawn(move || measure_file(directory, path))).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| Err(anyhow!("a file could not be compressed"))))
            .collect()
    })
}

/// As small as brotli makes it.
pub(crate) fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    brotli.write_all(content)?;
    brotli.flush()?;
    Ok(brotli.into_inner())
}

pub(crate) fn list(directory: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(directory).with_context(|| format!("{} cannot be read", directory.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

fn measure_file(directory: &Path, path: &Path) -> Result<File> {
    let content = fs::read(path)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&content)?;
    Ok(File {
        name: path.strip_prefix(directory)?.to_string_lossy().into_owned(),
        raw: content.len(),
        gzip: gzip.finish()?.len(),
        brotli: brotli(&content)?.len(),
    })
}

/// The files and, below, the parts with their budgets, in KiB.
pub(crate) fn table(files: &[File]) -> String {
    let mut table =
        format!("{:<34}{:>9}{:>9}{:>9}{:>9}{:>9}\n", "KiB", "raw", "gzip", "brotli", "limit", "goal");
    for file in files {
        table.push_str(&row(&file.name, [file.raw, file.gzip, file.brotli], None));
    }
    for budget in BUDGETS {
        table.push_str(&row(budget.part.name(), total(files, budget.part), Some(budget)));
    }
    table
}

fn row(name: &str, sizes: [usize; 3], budget: Option<&Budget>) -> String {
    let mut row = format!("{name:<34}");
    for size in sizes {
        row.push_str(&format!("{:>9.1}", kib(size)));
    }
    for figure in budget.into_iter().flat_map(|budget| [budget.limit, budget.goal]) {
        row.push_str(&format!("{figure:>9}"));
    }
    row.push('\n');
    row
}

/// A sentence for each part that is larger than its limit.
pub(crate) fn over_budget(files: &[File]) -> Vec<String> {
    let over = |budget: &&Budget| total(files, budget.part)[2] > budget.limit * 1024;
    let sentence = |budget: &Budget| {
        let brotli = kib(total(files, budget.part)[2]);
        format!("the {} has {brotli:.1} KiB of {} (brotli)", budget.part.name(), budget.limit)
    };
    BUDGETS.iter().filter(over).map(sentence).collect()
}

/// Raw, gzip and brotli size of a part.
fn total(files: &[File], part: Part) -> [usize; 3] {
    files
        .iter()
        .filter(|file| Part::of(&file.name) == part)
        .fold([0; 3], |[raw, gzip, brotli], file| [raw + file.raw, gzip + file.gzip, brotli + file.brotli])
}

#[allow(clippy::cast_precision_loss, reason = "no file is that large")]
fn kib(bytes: usize) -> f64 {
    bytes as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, brotli: usize) -> File {
        File { name: name.to_owned(), raw: 4 * brotli, gzip: 2 * brotli, brotli }
    }

    #[test]
    fn each_file_counts_for_its_part() {
        assert_eq!(Part::of("relata-page_bg.wasm"), Part::Page);
        assert_eq!(Part::of("boot.js"), Part::Page);
        assert_eq!(Part::of("styles/page.css"), Part::Page);
        assert_eq!(Part::of("relata-worker_bg.wasm"), Part::Worker);
        assert_eq!(Part::of("relata-worker_loader.js"), Part::Worker);
        assert_eq!(Part::of("relata-page-parts/split_tools.wasm"), Part::PageParts);
        assert_eq!(Part::of("relata-page-parts/__wasm_split.js"), Part::Page);
        assert_eq!(Part::of("relata-worker-parts/split_seldom.wasm"), Part::WorkerParts);
        assert_eq!(Part::of("relata-worker-parts/__wasm_split.js"), Part::Worker);
        assert_eq!(Part::of("relata-layout_bg.wasm"), Part::Layout);
        assert_eq!(Part::of("index.html"), Part::Other);
    }

    #[test]
    fn a_part_may_be_as_large_as_its_budget_and_no_larger() {
        let limit = BUDGETS[0].limit * 1024;
        let page = |brotli| [file("relata-page_bg.wasm", limit - 1024), file("relata-page.js", brotli)];
        assert_eq!(over_budget(&page(1024)), Vec::<String>::new());
        let over = over_budget(&page(1024 + 1));
        assert!(matches!(over.as_slice(), [one] if one.starts_with("the page has ")), "{over:?}");
    }

    #[test]
    fn the_table_shows_files_and_parts() {
        let text = table(&[file("relata-worker_bg.wasm", 1024), file("relata-worker.js", 512)]);
        let lines: Vec<_> = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
        assert_eq!(
            lines[..3],
            [
                vec!["KiB", "raw", "gzip", "brotli", "limit", "goal"],
                vec!["relata-worker_bg.wasm", "4.0", "2.0", "1.0"],
                vec!["relata-worker.js", "2.0", "1.0", "0.5"],
            ]
        );
        let budgets: Vec<_> = lines[3..].iter().map(|line| line[line.len() - 2..].join(" ")).collect();
        let set = BUDGETS.iter().map(|Budget { limit, goal, .. }| format!("{limit} {goal}"));
        assert_eq!(budgets, set.collect::<Vec<_>>());
        assert_eq!(lines[5][..4], ["worker", "6.0", "3.0", "1.5"]);
        assert_eq!(lines[4][..5], ["page,", "later", "0.0", "0.0", "0.0"]);
    }

    #[test]
    fn files_are_measured_below_a_directory() -> Result<()> {
        let files = measure(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))?;
        let this = files.iter().find(|file| file.name == "sizes.rs").context("this file is not there")?;
        assert!(this.brotli < this.gzip && this.gzip < this.raw, "{this:?}");
        assert!(files.iter().any(|file| file.name.starts_with("setup")));
        Ok(())
    }
}
