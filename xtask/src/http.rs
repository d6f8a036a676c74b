//! A small server of static files on this machine's own address, for the end-to-end tests and the benchmarks.
//!
//! It serves one directory as a plain web server would, and nothing outside of it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use crate::line::{Line, Speed};
use crate::sizes;

/// Browsers ask for several files at once, six of one server.
const THREADS: usize = 6;

/// Serves until it is dropped.
pub(crate) struct StaticServer {
    server: Arc<Server>,
    threads: Vec<JoinHandle<()>>,
    port: u16,
}

impl StaticServer {
    /// Starts serving a directory at a free port of 127.0.0.1.
    pub(crate) fn start(directory: &Path) -> Result<Self> {
        Self::start_with(directory, BTreeMap::new(), None)
    }

    /// The same, with every file compressed by brotli, as the web server of a public page would send it.
    pub(crate) fn start_compressed(directory: &Path) -> Result<Self> {
        Self::start_with(directory, compressed(directory)?, None)
    }

    /// The same over a slow line.
    pub(crate) fn start_slow(directory: &Path, speed: Speed) -> Result<Self> {
        Self::start_with(directory, compressed(directory)?, Some(Line::new(speed)))
    }

    fn start_with(directory: &Path, compressed: Compressed, line: Option<Line>) -> Result<Self> {
        let compressed = Arc::new(compressed);
        let root = directory
            .canonicalize()
            .with_context(|| format!("{} is not there to be served", directory.display()))?;
        let server =
            Server::http("127.0.0.1:0").map_err(|error| anyhow!("no server could be started: {error}"))?;
        let port = server.server_addr().to_ip().context("the server has no port")?.port();
        let server = Arc::new(server);
        let threads = (0..THREADS)
            .map(|_| {
                let (server, root, compressed) = (Arc::clone(&server), root.clone(), Arc::clone(&compressed));
                let line = line.clone();
                thread::spawn(move || {
                    while let Ok(request) = server.recv() {
                        answer(request, &root, &compressed, line.as_ref());
                    }
                })
            })
            .collect();
        Ok(Self { server, threads, port })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.server.unblock();
        }
        for thread in self.threads.drain(..) {
            // A thread that panicked has already said so.
            drop(thread.join());
        }
    }
}

/// The compressed content of files.
type Compressed = BTreeMap<PathBuf, Vec<u8>>;

fn compressed(directory: &Path) -> Result<Compressed> {
    let mut paths = Vec::new();
    sizes::list(&directory.canonicalize()?, &mut paths)?;
    thread::scope(|scope| {
        let compress = |path: PathBuf| -> Result<(PathBuf, Vec<u8>)> {
            let content = sizes::brotli(&fs::read(&path)?)?;
            Ok((path, content))
        };
        let files: Vec<_> = paths.into_iter().map(|path| scope.spawn(move || compress(path))).collect();
        files
            .into_iter()
            .map(|file| file.join().unwrap_or_else(|_| Err(anyhow!("a file could not be compressed"))))
            .collect()
    })
}

fn answer(request: Request, root: &Path, compressed: &Compressed, line: Option<&Line>) {
    let takes_brotli = request
        .headers()
        .iter()
        .any(|header| header.field.equiv("Accept-Encoding") && header.value.as_str().contains("br"));
    let sent = match found(request.method(), request.url(), root) {
        Ok(Found { path, file, mime }) => {
            let small = takes_brotli.then(|| compressed.get(&path)).flatten();
            let mut headers = vec![
                ("Content-Type", mime),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ];
            headers.extend(small.map(|_| ("Content-Encoding", "br")));
            let content: Box<dyn Read + Send> = match small {
                Some(small) => Box::new(Cursor::new(small.clone())),
                None => Box::new(file),
            };
            let content: Box<dyn Read + Send> = match line {
                Some(line) => Box::new(line.carry(content)),
                None => content,
            };
            let length = small.map(Vec::len).or_else(|| usize::try_from(path.metadata().ok()?.len()).ok());
            let headers =
                headers.into_iter().filter_map(|(name, value)| Header::from_bytes(name, value).ok());
            request.respond(Response::new(StatusCode(200), headers.collect(), content, length, None))
        }
        Err(status) => {
            let status = StatusCode(status);
            request.respond(Response::from_string(status.default_reason_phrase()).with_status_code(status))
        }
    };
    // The browser may well have closed the connection: it is not waiting for an answer then.
    drop(sent);
}

/// A file that is served.
struct Found {
    path: PathBuf,
    file: File,
    mime: &'static str,
}

/// The file behind a request and its type, or the status that says why there is none.
fn found(method: &Method, url: &str, root: &Path) -> Result<Found, u16> {
    if !matches!(method, Method::Get | Method::Head) {
        return Err(405);
    }
    let relative = relative_path(url).ok_or(400_u16)?;
    // A link may lead out of the directory: what counts is where the file really lies.
    let path = root.join(relative).canonicalize().map_err(|_| 404_u16)?;
    if !path.starts_with(root) || !path.is_file() {
        return Err(404);
    }
    let file = File::open(&path).map_err(|_| 404_u16)?;
    Ok(Found { file, mime: mime_type(&path), path })
}

/// The path that a URL names below the served directory; nothing if it would lead out of it.
fn relative_path(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = percent_decoded(path)?;
    if path.contains(['\\', '\0']) {
        return None;
    }
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
    let path = PathBuf::from(path);
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

/// Text with `%41` for `A` turned back; nothing if it is not UTF-8 or an escape is broken.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn mime_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map" | "webmanifest") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::TcpStream;

    #[test]
    fn paths_stay_below_the_directory() {
        for (url, expected) in [
            ("/", Some("index.html")),
            ("/?model=1#x", Some("index.html")),
            ("/relata-page_bg.wasm", Some("relata-page_bg.wasm")),
            ("/a%20b.js", Some("a b.js")),
            ("/styles/", Some("styles/index.html")),
            ("/../secret", None),
            ("/a/../../secret", None),
            ("/%2e%2e/secret", None),
            ("/..%5csecret", None),
            ("//etc/passwd", None),
            ("/%00", None),
            ("/%zz", None),
            ("/%4", None),
            ("relative", None),
        ] {
            assert_eq!(relative_path(url), expected.map(PathBuf::from), "{url}");
        }
    }

    /// Serves a fresh directory and returns the answer to a raw request line, headers and all.
    fn ask(test: &str, request: &str, compressed: bool) -> Result<String> {
        let directory = std::env::temp_dir().join(format!("relata-http-{test}-{}", std::process::id()));
        let served = directory.join("served");
        fs::create_dir_all(served.join("folder"))?;
        fs::write(directory.join("secret"), "hidden")?;
        fs::write(served.join("index.html"), "<p>front</p>")?;
        fs::write(served.join("code.wasm"), "\0asm")?;
        #[cfg(unix)]
        std::os::unix::fs::symlink(directory.join("secret"), served.join("way-out"))?;

        let server =
            if compressed { StaticServer::start_compressed(&served)? } else { StaticServer::start(&served)? };
        let mut stream = TcpStream::connect(("127.0.0.1", server.port))?;
        write!(
            stream,
            "{request} HTTP/1.1\r\nHost: here\r\nAccept-Encoding: gzip, br\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        drop(server);
        fs::remove_dir_all(&directory)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    fn check(test: &str, request: &str, parts: &[&str]) -> Result<()> {
        let answer = ask(test, request, false)?;
        for part in parts {
            assert!(answer.contains(part), "{request}: {part:?} is not in\n{answer}");
        }
        assert!(!answer.contains("hidden"), "{request}: {answer}");
        Ok(())
    }

    #[test]
    fn files_are_compressed_where_that_is_wanted() -> Result<()> {
        let (plain, small) = (ask("plain", "GET /", false)?, ask("small", "GET /", true)?);
        assert!(small.contains("Content-Encoding: br") && !small.contains("<p>front</p>"), "{small}");
        assert!(!plain.contains("Content-Encoding"), "{plain}");
        Ok(())
    }

    #[test]
    fn the_front_page_is_html_that_is_not_kept() -> Result<()> {
        let parts = ["200 OK", "text/html", "Cache-Control: no-store", "nosniff", "<p>front</p>"];
        check("front", "GET /", &parts)
    }

    #[test]
    fn web_assembly_has_its_own_type() -> Result<()> {
        check(
            "wasm",
            "GET /code.wasm?v=1",
            &["200 OK", "Content-Type: application/wasm", "Content-Length: 4"],
        )
    }

    #[test]
    fn what_is_not_there_is_not_found() -> Result<()> {
        check("missing", "GET /missing.js", &["404 Not Found"])?;
        check("folder", "GET /folder", &["404 Not Found"])
    }

    #[test]
    fn nothing_leads_out() -> Result<()> {
        check("dots", "GET /../secret", &["400 Bad Request"])?;
        check("escaped", "GET /%2e%2e/secret", &["400 Bad Request"])?;
        check("link", "GET /way-out", &["404 Not Found"])
    }

    #[test]
    fn only_reading_is_allowed() -> Result<()> {
        check("post", "POST /", &["405 Method Not Allowed"])?;
        let answer = ask("head", "HEAD /", false)?;
        assert!(answer.contains("200 OK") && !answer.contains("front"), "{answer}");
        Ok(())
    }
}
