//! The page by keyboard alone.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key as Code;
use serde_json::Value as Json;

use crate::page::{Page, fail};
use crate::session::Extension;

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A letter, digit or sign.
    Char(char),
    /// Held down with the keys after it.
    Control,
    /// Held down with the keys after it.
    Shift,
    /// Held down with the keys after it.
    Alt,
    /// Enter.
    Enter,
    /// Tab.
    Tab,
    /// Escape.
    Escape,
    /// Space.
    Space,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
}

impl Key {
    fn code(self) -> char {
        let code = match self {
            Key::Char(character) => return character,
            Key::Control => Code::Control,
            Key::Shift => Code::Shift,
            Key::Alt => Code::Alt,
            Key::Enter => Code::Enter,
            Key::Tab => Code::Tab,
            Key::Escape => Code::Escape,
            Key::Space => return ' ',
            Key::Delete => Code::Delete,
            Key::Up => Code::Up,
            Key::Down => Code::Down,
            Key::Left => Code::Left,
            Key::Right => Code::Right,
            Key::Home => Code::Home,
            Key::End => Code::End,
        };
        code.chars().next().unwrap_or('\0')
    }
}

/// So many times Tab and there is no such thing on the page.
const MOST_TABS: usize = 250;

impl Page {
    /// Presses keys together: all go down in this order, and up again in the other one.
    pub async fn press(&self, keys: &[Key]) {
        let down = keys.iter().map(|key| KeyAction::Down { value: key.code() });
        let up = keys.iter().rev().map(|key| KeyAction::Up { value: key.code() });
        let actions =
            down.chain(up).fold(KeyActions::new("keyboard".into()), |actions, action| actions.then(action));
        self.done("pressing keys", self.client().perform_actions(actions).await);
    }

    /// Presses a key several times.
    pub async fn press_times(&self, key: Key, times: usize) {
        for _ in 0..times {
            self.press(&[key]).await;
        }
    }

    /// Types into whatever has the focus.
    pub async fn type_text(&self, text: &str) {
        let keys = text.chars().flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]);
        let actions = keys.fold(KeyActions::new("keyboard".into()), |actions, action| actions.then(action));
        self.done("typing", self.client().perform_actions(actions).await);
    }

    /// Types in place of what the focused field holds.
    pub async fn type_over(&self, text: &str) {
        self.press(&[Key::Control, Key::Char('a')]).await;
        self.type_text(text).await;
    }

    /// What a screen reader calls the element with the focus.
    pub async fn focused(&self) -> String {
        let element = self.done("looking for the focus", self.client().active_element().await);
        let path = format!("element/{}/computedlabel", &*element.element_id());
        match self.client().issue_cmd(Extension::get(path)).await {
            Ok(Json::String(label)) => label,
            // It was drawn anew just now.
            _ => String::new(),
        }
    }

    /// What the focused field holds.
    pub async fn focused_value(&self) -> String {
        let value = self.script_on_page("return document.activeElement.value ?? ''").await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Goes on with Tab until something has the focus whose name passes.
    pub async fn tab_until(&self, what: &str, is_it: impl Fn(&str) -> bool) {
        self.walk(what, &[Key::Tab], is_it).await;
    }

    /// Goes on with Tab until the thing of this name has the focus.
    pub async fn tab_to(&self, name: &str) {
        self.tab_until(&format!("“{name}”"), |label| label == name).await;
    }

    /// Goes back with Shift and Tab until the thing of this name has the focus.
    pub async fn tab_back_to(&self, name: &str) {
        self.walk(&format!("“{name}”"), &[Key::Shift, Key::Tab], |label| label == name).await;
    }

    /// Goes back with Shift and Tab until something has the focus whose name passes.
    pub async fn tab_back_until(&self, what: &str, is_it: impl Fn(&str) -> bool) {
        self.walk(what, &[Key::Shift, Key::Tab], is_it).await;
    }

    async fn walk(&self, what: &str, keys: &[Key], is_it: impl Fn(&str) -> bool) {
        let mut passed = Vec::new();
        for _ in 0..MOST_TABS {
            self.press(keys).await;
            let label = self.focused().await;
            if is_it(&label) {
                return;
            }
            passed.push(label);
        }
        fail(format!("{what} cannot be reached by Tab; passed: {passed:?}"))
    }
}
