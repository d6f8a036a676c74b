//! Running other programs: say which, stream what they print, give up in the end.

use std::env;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Longer than any healthy step takes on a slow machine; a hung test must not hold a build machine for ever.
const LIMIT: Duration = Duration::from_secs(25 * 60);
const HEARTBEAT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);

/// Runs a command with its output streamed; an error if it fails or takes longer than any step should.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = describe(command);
    println!("$ {line}");
    let mut child =
        command.stdin(Stdio::null()).spawn().with_context(|| format!("`{line}` could not be started"))?;
    let status = wait(&mut child, &line)?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs a command until it is interrupted, as a server is.
pub(crate) fn serve(command: &mut Command) -> Result<()> {
    let line = describe(command);
    println!("$ {line}");
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("`{line}` could not be started"))?;
    if !status.success() {
        bail!("`{line}` ended ({status})");
    }
    Ok(())
}

/// What a quick command prints on its standard output, or nothing where it cannot run or fails.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Takes out what cargo and rustup told this program about itself, which a child would take for its own.
pub(crate) fn forget_cargo(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if text == "CARGO" || text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(text);
        }
    }
}

fn wait(child: &mut Child, line: &str) -> Result<ExitStatus> {
    let start = Instant::now();
    let mut next_beat = HEARTBEAT;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        let elapsed = start.elapsed();
        if elapsed > LIMIT {
            child.kill()?;
            child.wait()?;
            bail!("`{line}` took longer than {} minutes and was stopped", LIMIT.as_secs() / 60);
        }
        if elapsed > next_beat {
            println!("  … {} min: {line}", elapsed.as_secs() / 60);
            next_beat += HEARTBEAT;
        }
        thread::sleep(POLL);
    }
}

/// A command as one would type it, with the program's bare name.
fn describe(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program).chain(arguments).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_described_as_it_would_be_typed() {
        assert_eq!(
            describe(Command::new("/a/b/trunk").args(["build", "--release"])),
            "trunk build --release"
        );
    }

    #[test]
    fn failure_is_an_error_that_names_the_command() {
        let result = run(Command::new("cargo").arg("no-such-subcommand").stderr(Stdio::null()));
        assert!(result.is_err_and(|error| error.to_string().contains("cargo no-such-subcommand")));
    }

    #[test]
    fn a_program_that_is_not_there_has_no_output() {
        assert_eq!(output(&mut Command::new("no-such-program")), None);
    }
}
