//! The page as one sees it: find, wait, click, type, choose, read.

use std::time::Duration;

use fantoccini::actions::{InputSource as _, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, Locator};
use serde_json::{Value as Json, json};
use tokio::time::{Instant, sleep};

use crate::place::{Place, quoted};
use crate::session::{Browser, console, page_url};

/// How long something may take to appear before a test fails. Long, for the machine may be busy with something else.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How long between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// The page in a session of the browser.
#[derive(Clone, Debug)]
pub struct Page {
    browser: Browser,
    client: Client,
}

/// Ends the test.
#[expect(clippy::panic, reason = "a test fails by a panic, as by an assertion")]
pub(crate) fn fail(message: String) -> ! {
    panic!("{message}")
}

impl Page {
    pub(crate) fn new(browser: Browser, client: Client) -> Page {
        Page { browser, client }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Which browser it is.
    pub fn browser(&self) -> Browser {
        self.browser
    }

    /// Opens the page and waits until it is drawn.
    pub async fn go(&self) {
        self.done("opening the page", self.client.goto(&page_url()).await);
        self.loaded().await;
    }

    /// Waits until the page and what it shows are there, and not only the frame that says that they will be.
    async fn loaded(&self) {
        self.see(&Place::page().element("h1")).await;
        self.see_no(&Place::page().saying("Loading …")).await;
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.done("loading the page again", self.client.refresh().await);
        self.loaded().await;
    }

    /// Waits until there is an answer, and gives it.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        self.within(PATIENCE, what, look).await
    }

    /// Waits no longer than this until there is an answer, and gives it.
    pub async fn within<T>(&self, patience: Duration, what: &str, look: impl AsyncFn() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = look().await {
                return found;
            }
            if start.elapsed() > patience {
                let console = console(self.browser, &self.client).await.join("\n");
                fail(format!("waited {} s in vain: {what}. Console: [{console}]", patience.as_secs()));
            }
            sleep(LOOK).await;
        }
    }

    /// The first visible element at a place, if there is one now.
    pub async fn look_for(&self, place: &Place) -> Option<Element> {
        for element in self.client.find_all(Locator::XPath(place.path())).await.ok()? {
            // One that vanished since it was found is not visible.
            if element.is_displayed().await.unwrap_or(false) {
                return Some(element);
            }
        }
        None
    }

    /// Waits until something is visible.
    pub async fn see(&self, place: &Place) -> Element {
        self.until(&format!("to see {place}"), async || self.look_for(place).await).await
    }

    /// Waits until a text is to be read somewhere on the page.
    pub async fn read(&self, text: &str) {
        self.see(&Place::page().saying(text)).await;
    }

    /// Waits until something is not visible any more.
    pub async fn see_no(&self, place: &Place) {
        self.until(&format!("{place} to go"), async || match self.look_for(place).await {
            Some(_) => None,
            None => Some(()),
        })
        .await;
    }

    /// How many visible elements there are at a place.
    pub async fn count(&self, place: &Place) -> usize {
        let mut count = 0;
        for element in self.client.find_all(Locator::XPath(place.path())).await.unwrap_or_default() {
            count += usize::from(element.is_displayed().await.unwrap_or(false));
        }
        count
    }

    /// Opens the SQL console, by its tab.
    pub async fn open_console(&self) {
        let tabs = Place::page().role("tablist", "Query, session or SQL");
        self.click(&tabs.any("@role='tab' and .='SQL'", "its tab".into())).await;
        self.see(&Place::panel("SQL").field("SQL")).await;
    }

    /// Clicks, as soon as it is there and nothing lies over it.
    pub async fn click(&self, place: &Place) {
        let click = async || self.look_for(place).await?.click().await.ok();
        self.until(&format!("to click {place}"), click).await;
    }

    /// Types a text in place of the one that is there.
    pub async fn fill(&self, place: &Place, text: &str) {
        let fill = async || {
            let field = self.look_for(place).await?;
            field.click().await.ok()?;
            Some(field)
        };
        let field = self.until(&format!("to type into {place}"), fill).await;
        self.press(&[crate::Key::Control, crate::Key::Char('a')]).await;
        if text.is_empty() {
            self.press(&[crate::Key::Delete]).await;
        } else {
            self.done(&format!("typing into {place}"), field.send_keys(text).await);
        }
    }

    async fn hover(&self, element: &Element) -> Result<(), CmdError> {
        let to = PointerAction::MoveToElement { element: element.clone(), duration: None, x: 0., y: 0. };
        self.client.perform_actions(MouseActions::new("mouse".into()).then(to)).await
    }

    /// Chooses an option of a list.
    pub async fn choose(&self, list: &Place, option: &str) {
        let choice = format!(
            "./option[normalize-space(.)={0}]|./optgroup/option[normalize-space(.)={0}]",
            quoted(option)
        );
        let choose = async || {
            let list = self.look_for(list).await?;
            // Some lists are filled only when somebody comes near.
            self.hover(&list).await.ok()?;
            list.find(Locator::XPath(&choice)).await.ok()?.click().await.ok()
        };
        self.until(&format!("to choose “{option}” in {list}"), choose).await;
    }

    /// The options of a list.
    pub async fn options(&self, list: &Place) -> Vec<String> {
        let list = self.see(list).await;
        let options =
            self.script("return [...arguments[0].options].map(option => option.text.trim())", &list).await;
        texts(&options)
    }

    /// What is chosen in a list or typed into a field.
    pub async fn value(&self, field: &Place) -> String {
        let field = self.see(field).await;
        let script = "const field = arguments[0]; \
            return field.tagName === 'SELECT' ? field.selectedOptions[0].text.trim() : field.value";
        self.script(script, &field).await.as_str().unwrap_or_default().to_owned()
    }

    /// What is to be read at a place.
    pub async fn text(&self, place: &Place) -> String {
        let read = async || self.look_for(place).await?.text().await.ok();
        self.until(&format!("to read {place}"), read).await
    }

    /// Takes something from the page by a script. For reading only: a person cannot run scripts.
    pub async fn script(&self, script: &str, element: &Element) -> Json {
        let element = json!(element);
        self.done("reading the page", self.client.execute(script, vec![element]).await)
    }

    /// Takes something from the whole page by a script.
    pub async fn script_on_page(&self, script: &str) -> Json {
        self.done("reading the page", self.client.execute(script, Vec::new()).await)
    }

    /// The same for a script that gives its answer later, to the function that is its last argument.
    pub async fn script_later(&self, script: &str) -> Json {
        self.done("reading the page", self.client.execute_async(script, Vec::new()).await)
    }

    pub(crate) fn done<T>(&self, what: &str, outcome: Result<T, CmdError>) -> T {
        outcome.unwrap_or_else(|error| fail(format!("{what}: {error}")))
    }

    /// Fails if anything was written to the console since this was last asked.
    pub async fn assert_console_is_empty(&self) {
        let messages = console(self.browser, &self.client).await;
        assert!(messages.is_empty(), "the console says: {messages:#?}");
    }
}

/// A list of texts that a script gave.
pub(crate) fn texts(json: &Json) -> Vec<String> {
    let items = json.as_array().map_or(&[][..], Vec::as_slice);
    items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect()
}

/// A table of texts that a script gave.
pub(crate) fn table(json: &Json) -> Vec<Vec<String>> {
    json.as_array().map_or(&[][..], Vec::as_slice).iter().map(texts).collect()
}
