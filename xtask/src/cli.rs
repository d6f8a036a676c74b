//! What the command line says: text in, one `Command` out. It runs nothing.

use std::ffi::OsString;

use anyhow::{Result, anyhow, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt};

use crate::oracle::Cases;
use crate::stages::{self, Stage};

pub(crate) const HELP: &str = "\
Developer commands of Relata. Each does its own set-up: tools that are missing go into a cache of their own
(`~/.cache/relata/tools`), browsers and compilers come from the system's packages.

Usage: cargo xtask <command> [options]

  serve    Build the playground and serve it at a local address, again after each change
             --release      as it is shipped: small and fast, but slow to build
             --port <n>     another port than 8080
             --open         open it in a browser
  test     Every test, in stages
             --only <stage>[,<stage>]   format, lints, docs, native, xtask, oracle, lints-wasm, chrome, firefox,
                                        build, sizes, package, e2e
             --browser <name>           the browser of the stages package and e2e: chrome (the default) or firefox
  check    Format, lints, docs and native tests: what to run before each commit
  oracle   Compare with SQLAlchemy and Django, on random projects and scripts
             --cases <n>    how many of each (300)
             --seed <n>     which ones (1)
  bench    Figures, reported and never asserted: the JavaScript package beside sql.js, sqlite-wasm, Drizzle, Kysely and
           TypeORM, in one headless Chrome
             --quick        1,000 authors and few rounds, only work and graphs
             --smoke        every workload once, for its result alone
             --rounds <n>   how often each workload is run
             --authors <n>  another size than 10,000
             --only <part>[,<part>]   parts (work, sizes, memory, start), workloads or peers
             --as-built     with the `pkg/` and `dist/` that are there
             --write        put the figures into README.md and docs/bench.md
             page           instead: how the release build loads and answers: Lighthouse, keystrokes, scrolling, layout shift
  build    The release build in `dist/`, and the size of each of its files
  pack     The JavaScript package in `pkg/`

Environment:
  RELATA_WASM_TARGET=debian   take the compiler for WebAssembly from Debian's packages, not from rustup";

/// A command with everything it was told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Serve(Serve),
    Test { stages: Vec<Stage>, browser: Browser },
    Check,
    Oracle(Cases),
    Build,
    Bench(Bench),
    Pack,
}

/// What a benchmark measures.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Bench {
    Page,
    Package(Package),
}

/// How the JavaScript package is measured.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) as_built: bool,
    /// The options that the program in the tests' folder reads.
    pub(crate) options: Vec<String>,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Serve {
    pub(crate) release: bool,
    pub(crate) open: bool,
    pub(crate) port: Option<u16>,
}

/// The browser that the end-to-end tests drive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Browser {
    #[default]
    Chrome,
    Firefox,
}

impl Browser {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chrome => "chrome",
            Self::Firefox => "firefox",
        }
    }
}

/// Reads the arguments after the program's own name.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let Some(first) = parser.next()? else { return Ok(Command::Help) };
    let mut command = match first {
        Long("help") | Short('h') => return Ok(Command::Help),
        Value(name) => match name.to_str() {
            Some("help") => return Ok(Command::Help),
            Some("serve") => Command::Serve(Serve::default()),
            Some("test") => Command::Test { stages: stages::ALL.to_vec(), browser: Browser::default() },
            Some("check") => Command::Check,
            Some("oracle") => Command::Oracle(Cases::default()),
            Some("build") => Command::Build,
            Some("bench") => Command::Bench(bench_told(&mut parser)?),
            Some("pack") => Command::Pack,
            _ => bail!("there is no command {}", name.display()),
        },
        other => return Err(other.unexpected().into()),
    };
    while let Some(argument) = parser.next()? {
        match (&mut command, argument) {
            (_, Long("help") | Short('h')) => return Ok(Command::Help),
            (Command::Serve(serve), Long("release")) => serve.release = true,
            (Command::Serve(serve), Long("open")) => serve.open = true,
            (Command::Serve(serve), Long("port")) => serve.port = Some(parser.value()?.parse()?),
            (Command::Oracle(cases), Long("cases")) => cases.number = parser.value()?.parse()?,
            (Command::Oracle(cases), Long("seed")) => cases.seed = parser.value()?.parse()?,
            (Command::Test { stages, .. }, Long("only")) => *stages = stage_list(&parser.value()?.string()?)?,
            (Command::Test { browser, .. }, Long("browser")) => {
                *browser = browser_named(&parser.value()?.string()?)?
            }
            (_, other) => return Err(other.unexpected().into()),
        }
    }
    Ok(command)
}

/// The named stages, in the order in which they run, however they were listed.
fn stage_list(text: &str) -> Result<Vec<Stage>> {
    let named = text
        .split(',')
        .map(|name| Stage::named(name.trim()).ok_or_else(|| anyhow!("there is no stage {name:?}")))
        .collect::<Result<Vec<_>>>()?;
    Ok(stages::ALL.iter().copied().filter(|stage| named.contains(stage)).collect())
}

fn bench_told(parser: &mut lexopt::Parser) -> Result<Bench> {
    let mut package = Package::default();
    let mut first = true;
    while let Some(argument) = parser.next()? {
        match argument {
            Value(name) if first && name == "page" => return Ok(Bench::Page),
            Long("as-built") => package.as_built = true,
            Long(flag @ ("quick" | "smoke" | "write")) => package.options.push(format!("--{flag}")),
            Long("only") => package.options.push(format!("--only={}", parser.value()?.string()?)),
            Long("rounds") => package.options.push(format!("--rounds={}", parser.value()?.parse::<u32>()?)),
            Long("authors") => package.options.push(format!("--authors={}", parser.value()?.parse::<u32>()?)),
            other => return Err(other.unexpected().into()),
        }
        first = false;
    }
    Ok(Bench::Package(package))
}

fn browser_named(name: &str) -> Result<Browser> {
    [Browser::Chrome, Browser::Firefox]
        .into_iter()
        .find(|browser| browser.name() == name)
        .ok_or_else(|| anyhow!("the tests in a browser know chrome and firefox, not {name:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Command) {
        assert_eq!(parse(line.split_whitespace().map(OsString::from)).ok(), Some(expected), "{line}");
    }

    fn refused(line: &str, because: &str) {
        let message = parse(line.split_whitespace().map(OsString::from)).map_err(|error| error.to_string());
        assert!(message.as_ref().is_err_and(|text| text.contains(because)), "{line}: {message:?}");
    }

    #[test]
    fn commands_and_their_options() {
        check("", Command::Help);
        check("--help", Command::Help);
        check("test --help", Command::Help);
        check("serve", Command::Serve(Serve::default()));
        check(
            "serve --release --port 9000 --open",
            Command::Serve(Serve { release: true, open: true, port: Some(9000) }),
        );
        check("check", Command::Check);
        check("oracle", Command::Oracle(Cases::default()));
        check("oracle --cases 5000 --seed 7", Command::Oracle(Cases { number: 5000, seed: 7 }));
        check("build", Command::Build);
        check("pack", Command::Pack);
        check("bench page", Command::Bench(Bench::Page));
        check("bench", Command::Bench(Bench::Package(Package::default())));
        let options = vec!["--quick".to_owned(), "--only=graph,start".to_owned(), "--rounds=5".to_owned()];
        check(
            "bench --quick --as-built --only graph,start --rounds 5",
            Command::Bench(Bench::Package(Package { as_built: true, options })),
        );
    }

    #[test]
    fn test_runs_every_stage_unless_told_otherwise() {
        check("test", Command::Test { stages: stages::ALL.to_vec(), browser: Browser::Chrome });
        check(
            "test --only native,format --browser firefox",
            Command::Test { stages: vec![Stage::Format, Stage::Native], browser: Browser::Firefox },
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        refused("sing", "sing");
        refused("build --release", "--release");
        refused("bench --rounds many", "many");
        refused("bench pages", "pages");
        refused("serve --port many", "many");
        refused("oracle --cases -1", "-1");
        refused("test --only nativ", "nativ");
        refused("test --browser lynx", "lynx");
    }

    #[test]
    fn the_help_lists_every_stage() {
        for stage in stages::ALL {
            assert!(HELP.contains(stage.name()), "{} is missing", stage.name());
        }
    }
}
