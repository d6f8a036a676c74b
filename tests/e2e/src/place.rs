//! Where something is on the page, in the words of somebody who points at it.

use std::fmt;

/// A place on the page: an XPath, and words for the person who reads why a test failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    path: String,
    words: String,
}

/// A button's words in XPath, without the signs that are decoration beside them.
fn words_of_button() -> &'static str {
    "normalize-space(translate(., '▶■', ''))"
}

impl Place {
    /// The whole page.
    pub fn page() -> Place {
        Place { path: String::new(), words: String::new() }
    }

    /// A panel: “Define”, “Schema”, “Query” or “Data”.
    pub fn panel(name: &str) -> Place {
        Place::page().labelled("section", name)
    }

    /// A button by its name, which is its label, or its text where it has none.
    pub fn button(&self, name: &str) -> Place {
        let (label, text) = (quoted(name), words_of_button());
        let test = format!("self::button and (@aria-label={label} or (not(@aria-label) and {text}={label}))");
        self.any(&test, format!("the button “{name}”"))
    }

    /// A button whose name begins so.
    pub fn button_beginning(&self, name: &str) -> Place {
        let (label, text) = (quoted(name), words_of_button());
        let test = format!(
            "self::button and (starts-with(@aria-label, {label}) or (not(@aria-label) and starts-with({text}, {label})))"
        );
        self.any(&test, format!("the button “{name}…”"))
    }

    /// Something to type into or to choose from, by its label.
    pub fn field(&self, label: &str) -> Place {
        let name = quoted(label);
        let test = format!(
            "(self::input or self::select or self::textarea) and (@aria-label={name} \
             or @id=//label[normalize-space(.)={name}]/@for or ancestor::label[normalize-space(text())={name}])"
        );
        self.any(&test, format!("the field “{label}”"))
    }

    /// An element of this kind with this label.
    pub fn labelled(&self, tag: &str, label: &str) -> Place {
        self.any(&format!("self::{tag} and @aria-label={}", quoted(label)), format!("the {tag} “{label}”"))
    }

    /// An element of this role with this label.
    pub fn role(&self, role: &str, label: &str) -> Place {
        let test = format!("@role={} and @aria-label={}", quoted(role), quoted(label));
        self.any(&test, format!("the {role} “{label}”"))
    }

    /// The innermost element whose text is this.
    pub fn text(&self, text: &str) -> Place {
        let test = format!("normalize-space(.)={0} and not(.//*[normalize-space(.)={0}])", quoted(text));
        self.any(&test, format!("the text “{text}”"))
    }

    /// The innermost element in whose text this occurs.
    pub fn saying(&self, text: &str) -> Place {
        let test = format!(
            "contains(normalize-space(.), {0}) and not(.//*[contains(normalize-space(.), {0})]) \
             and not(self::script or self::style)",
            quoted(text)
        );
        self.any(&test, format!("“{text}”"))
    }

    /// An element of this kind.
    pub fn element(&self, tag: &str) -> Place {
        self.any(&format!("self::{tag}"), format!("a <{tag}>"))
    }

    /// The element around this one that is of the given kind and says this.
    pub fn around(&self, tag: &str) -> Place {
        Place {
            path: format!("{}/ancestor::{tag}[1]", self.path),
            words: format!("the <{tag}> around {}", self.words),
        }
    }

    /// Any element within this place that passes a test in XPath.
    pub fn any(&self, test: &str, words: String) -> Place {
        let words = if self.words.is_empty() { words } else { format!("{words} in {}", self.words) };
        Place { path: format!("{}//*[{test}]", self.path), words }
    }

    /// The one at this position among all that are like this one, the first being 1.
    pub fn nth(&self, position: usize) -> Place {
        Place {
            path: format!("({})[{position}]", self.path),
            words: format!("no. {position} of {}", self.words),
        }
    }

    /// Only if it passes a test in XPath as well.
    pub fn that(&self, test: &str, words: &str) -> Place {
        Place { path: format!("{}[{test}]", self.path), words: format!("{} that {words}", self.words) }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

/// A text as XPath takes it, which knows no escapes: one that has both quotes is put together.
pub(crate) fn quoted(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    if !text.contains('"') {
        return format!("\"{text}\"");
    }
    format!("concat('{}')", text.replace('\'', "', \"'\", '"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_are_put_together() {
        assert_eq!(quoted("plain"), "'plain'");
        assert_eq!(quoted("it's"), "\"it's\"");
        assert_eq!(quoted("'\""), "concat('', \"'\", '\"')");
    }
}
