//! The words of a relationship's sentence.

use crate::naming::{self, pluralise};

/// `a` or `an`, as the first word of a sentence or within it.
pub(super) fn article(name: &str, capital: bool) -> &'static str {
    match (naming::article(name), capital) {
        ("an", true) => "An",
        ("an", false) => "an",
        (_, true) => "A",
        (_, false) => "a",
    }
}

/// A model's name for several objects: `Books`, `People`.
pub(in crate::ui) fn plural(name: &str) -> String {
    let name = name.trim();
    if name == NO_NAME {
        return name.to_owned();
    }
    if !name.is_ascii() {
        return pluralise(name);
    }
    let lower = name.to_lowercase();
    let plural = pluralise(&lower);
    let same = lower.bytes().zip(plural.bytes()).take_while(|(one, many)| one == many).count();
    // Irregular plurals begin like their singular; the rest keeps the capitals as typed.
    format!("{}{}", &name[..same], &plural[same..])
}

/// A name, or what stands in for one that is not typed yet.
pub(super) fn named(name: &str) -> &str {
    if name.trim().is_empty() { NO_NAME } else { name.trim() }
}

const NO_NAME: &str = "(no name)";

/// `1 link`, `2 links`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_keep_the_capitals() {
        let plurals = ["Book", "Person", "OrderItem", "Category", "Éclair", ""].map(plural);
        assert_eq!(plurals, ["Books", "People", "OrderItems", "Categories", "Éclairs", ""]);
    }

    #[test]
    fn the_article_follows_the_letter() {
        assert_eq!((article("Author", true), article("Book", false), article("", true)), ("An", "a", "A"));
    }
}
