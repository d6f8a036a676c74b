//! Starts a browser's driver at a free port and ends it, with the browsers it has opened, when dropped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::cli::Browser;
use crate::setup::Machine;

const START_LIMIT: Duration = Duration::from_secs(60);
const END_LIMIT: Duration = Duration::from_secs(10);

/// A running driver.
pub(crate) struct Driver {
    child: Child,
    browser: Browser,
    port: u16,
}

impl Driver {
    pub(crate) fn start(machine: &Machine, browser: Browser) -> Result<Self> {
        let (mut command, announcement) = match browser {
            Browser::Chrome => {
                let mut command = driver_command(machine, "chromedriver")?;
                command.arg("--port=0");
                (command, "started successfully on port ")
            }
            Browser::Firefox => {
                let mut command = driver_command(machine, "geckodriver")?;
                command.args(["--port", "0"]);
                (command, "Listening on 127.0.0.1:")
            }
        };
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("the driver of {} could not be started", browser.name()))?;
        let stdout = child.stdout.take().context("the driver has no output")?;
        // The port is known only once the driver says it; from here on `Drop` ends the driver.
        let mut driver = Self { child, browser, port: 0 };
        driver.port = announced_port(stdout, announcement)
            .with_context(|| format!("the driver of {} did not start", browser.name()))?;
        Ok(driver)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Asks the driver to close its browsers and end. Killed at once, it would leave them behind.
    fn ask_to_end(&self) {
        match self.browser {
            Browser::Chrome => {
                let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return };
                let request = "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
                if stream.write_all(request.as_bytes()).is_ok() {
                    drop(stream.set_read_timeout(Some(END_LIMIT)));
                    drop(stream.read(&mut [0; 64]));
                }
            }
            Browser::Firefox => {
                drop(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status());
            }
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if self.port != 0 {
            self.ask_to_end();
            let start = Instant::now();
            while start.elapsed() < END_LIMIT {
                if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                    return;
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn driver_command(machine: &Machine, program: &str) -> Result<Command> {
    let path = machine.program(program)?;
    machine.command(&path.to_string_lossy())
}

/// Reads what a driver prints until it tells its port, and goes on reading so that it is never held up.
fn announced_port(output: impl Read + Send + 'static, announcement: &'static str) -> Result<u16> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(port) = port_in(&line, announcement) {
                // After the first port nobody listens any more.
                let _ = sender.send(port);
            }
        }
    });
    match receiver.recv_timeout(START_LIMIT) {
        Ok(port) => Ok(port),
        Err(mpsc::RecvTimeoutError::Disconnected) => bail!("it ended without telling its port"),
        Err(mpsc::RecvTimeoutError::Timeout) => bail!("it told no port in {} s", START_LIMIT.as_secs()),
    }
}

fn port_in(line: &str, announcement: &str) -> Option<u16> {
    let (_, rest) = line.split_once(announcement)?;
    let end = rest.find(|other: char| !other.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_what_drivers_print() {
        let chrome = "ChromeDriver was started successfully on port 41317.";
        assert_eq!(port_in(chrome, "started successfully on port "), Some(41317));
        let firefox = "1700000000000\tgeckodriver\tINFO\tListening on 127.0.0.1:35353";
        assert_eq!(port_in(firefox, "Listening on 127.0.0.1:"), Some(35353));
        assert_eq!(port_in("Starting ChromeDriver 156 on port 0", "started successfully on port "), None);
    }

    #[test]
    fn a_driver_that_ends_early_is_an_error() {
        let printed = "Starting\nno luck\n".as_bytes();
        assert!(announced_port(printed, "port ").is_err_and(|error| error.to_string().contains("ended")));
        assert_eq!(announced_port("on port 12\nmore\n".as_bytes(), "port ").ok(), Some(12));
    }
}
