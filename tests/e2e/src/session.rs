//! A session of the browser: opened with nothing kept from before, closed again, and asked at its end what the console
//! says.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::pin::pin;
use std::task::Poll;

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value as Json, json};
use tokio::sync::Mutex;
use url::{ParseError, Url};

use crate::page::{Page, fail};

/// A browser that the tests can drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Chrome or Chromium.
    Chrome,
    /// Firefox.
    Firefox,
}

/// The size of the window in most tests.
const WINDOW: (u32, u32) = (1440, 900);
/// Held by the test that has the browser, where only one can have it.
static TURN: Mutex<()> = Mutex::const_new(());

/// Opens the page in a new session and tests it. At the end the console must be empty.
///
/// If the test fails, a screenshot lies in `target/e2e/`, under the name of the test.
pub async fn visit(test: impl AsyncFnOnce(&Page)) {
    visit_in(WINDOW, test).await;
}

/// The same in a window whose inside has this width and height.
pub async fn visit_in((width, height): (u32, u32), test: impl AsyncFnOnce(&Page)) {
    let browser = browser();
    // Firefox's driver has one session at a time.
    let _turn = if browser == Browser::Firefox { Some(TURN.lock().await) } else { None };
    let client = open(browser).await;
    let page = Page::new(browser, client.clone());
    let visit = async {
        resize(browser, &client, width, height).await;
        page.go().await;
        test(&page).await;
        page.assert_console_is_empty().await;
    };
    let outcome = caught(visit).await;
    if outcome.is_err() {
        keep_picture(&page).await;
    }
    // A session that cannot be closed ends with the driver.
    let _ = client.close().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// What a future comes to, or the panic in which it ended.
async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}

pub(crate) fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        fail(format!("{name} is not set. Run these tests by `cargo xtask test --only e2e`."))
    })
}

/// Where the page is served.
pub(crate) fn page_url() -> String {
    setting("RELATA_URL")
}

fn browser() -> Browser {
    match std::env::var("RELATA_BROWSER").as_deref() {
        Ok("firefox") => Browser::Firefox,
        _ => Browser::Chrome,
    }
}

async fn open(browser: Browser) -> Client {
    let capabilities = match browser {
        Browser::Chrome => json!({
            "goog:chromeOptions": { "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--no-first-run",
            ] },
            "goog:loggingPrefs": { "browser": "ALL" },
        }),
        Browser::Firefox => json!({ "moz:firefoxOptions": { "args": ["-headless"] } }),
    };
    let capabilities: Capabilities = capabilities.as_object().cloned().unwrap_or_default();
    let driver = setting("WEBDRIVER_URL");
    let mut builder = ClientBuilder::new(HttpConnector::new());
    match builder.capabilities(capabilities).connect(&driver).await {
        Ok(client) => client,
        Err(error) => fail(format!("no session at the driver {driver}: {error}")),
    }
}

/// Makes the inside of the window so large. Chrome's windows have a smallest width that is more than a phone's, so its
/// screen is emulated.
async fn resize(browser: Browser, client: &Client, width: u32, height: u32) {
    let resized = match browser {
        Browser::Chrome => {
            let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
            let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": size });
            client.issue_cmd(Extension::post("goog/cdp/execute", command)).await.map(drop)
        }
        Browser::Firefox => client.set_window_size(width, height).await,
    };
    if let Err(error) = resized {
        fail(format!("the window did not become {width} × {height}: {error}"));
    }
}

/// What the console has said since this was last asked, one message a line. Firefox's driver cannot be asked.
pub(crate) async fn console(browser: Browser, client: &Client) -> Vec<String> {
    if browser == Browser::Firefox {
        return Vec::new();
    }
    let log = client.issue_cmd(Extension::post("se/log", json!({ "type": "browser" }))).await;
    let entries = match log {
        Ok(Json::Array(entries)) => entries,
        other => fail(format!("the console could not be read: {other:?}")),
    };
    entries.iter().map(|entry| format!("{} {}", entry["level"], entry["message"])).collect()
}

#[expect(clippy::print_stderr, reason = "a test that fails says where its picture lies")]
async fn keep_picture(page: &Page) {
    let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/e2e"));
    let Ok(picture) = page.client().screenshot().await else { return };
    let path = folder.join(format!("{test}.png"));
    if std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&path, picture)).is_ok() {
        eprintln!("What the page looked like: {}", path.display());
    }
}

/// A command beyond those that every driver knows.
#[derive(Debug)]
pub(crate) struct Extension {
    path: String,
    body: Option<String>,
}

impl Extension {
    pub(crate) fn get(path: impl Into<String>) -> Extension {
        Extension { path: path.into(), body: None }
    }

    fn post(path: &str, body: Json) -> Extension {
        Extension { path: path.into(), body: Some(body.to_string()) }
    }
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        match &self.body {
            Some(body) => (Method::POST, Some(body.clone())),
            None => (Method::GET, None),
        }
    }
}
