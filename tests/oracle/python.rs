//! A Python process that is asked one question a line and answers one line, in JSON.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value as Json;

/// The variable that names a Python which has the ORMs.
pub(crate) const PYTHON: &str = "RELATA_ORACLE_PYTHON";

/// The process.
pub(crate) struct Python {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Python {
    /// Starts a script of this folder. `None`, after saying so, where no Python with the ORMs is named.
    pub(crate) fn start(script: &str) -> Option<Python> {
        let Some(python) = std::env::var_os(PYTHON) else {
            println!(
                "not compared: {PYTHON} names no Python that has the ORMs; `cargo xtask oracle` provides one"
            );
            return None;
        };
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle").join(script);
        let mut child = Command::new(&python)
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{} could not be started: {error}", python.display()));
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Some(Python { child, input, output })
    }

    /// Asks one question.
    ///
    /// # Errors
    /// What Python raised.
    pub(crate) fn ask(&mut self, question: &Json) -> Result<Json, String> {
        writeln!(self.input, "{question}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let answer: Json = serde_json::from_str(&line).map_err(|error| format!("no answer: {error}"))?;
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer),
        }
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // It waits for its next question for ever.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
