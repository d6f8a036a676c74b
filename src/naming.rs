//! Snake case and English plurals, for deriving the names of tables, columns and properties; and `a` or `an`.

use heck::ToSnakeCase;

/// Nouns whose plural follows no rule, as far as people name models so.
const IRREGULAR: [(&str, &str); 16] = [
    ("analysis", "analyses"),
    ("bonus", "bonuses"),
    ("bus", "buses"),
    ("child", "children"),
    ("criterion", "criteria"),
    ("foot", "feet"),
    ("half", "halves"),
    ("leaf", "leaves"),
    ("life", "lives"),
    ("man", "men"),
    ("mouse", "mice"),
    ("person", "people"),
    ("shelf", "shelves"),
    ("status", "statuses"),
    ("virus", "viruses"),
    ("woman", "women"),
];

/// Nouns that are their own plural.
const UNCHANGED: [&str; 12] = [
    "data",
    "equipment",
    "feedback",
    "fish",
    "information",
    "media",
    "metadata",
    "money",
    "news",
    "series",
    "sheep",
    "species",
];

/// A model's or property's name as part of a table's or column's: `BlogPost` as `blog_post`. A name of which that would
/// leave nothing, such as one of pictures only, stays as it is.
///
/// ```
/// use relata::naming::snake;
/// assert_eq!(snake("BlogPost"), "blog_post");
/// assert_eq!(snake("📚"), "📚");
/// ```
#[inline(never)] // Or every caller carries a copy of the library's code.
pub fn snake(name: &str) -> String {
    let snake = name.to_snake_case();
    if snake.is_empty() { name.trim().to_owned() } else { snake }
}

/// The plural of an English noun in lower case; of several words joined by `_`, that of the last one.
///
/// ```
/// use relata::naming::pluralise;
/// assert_eq!(pluralise("author"), "authors");
/// assert_eq!(pluralise("blog_category"), "blog_categories");
/// assert_eq!(pluralise("person"), "people");
/// ```
pub fn pluralise(noun: &str) -> String {
    let (head, last) = noun.rfind('_').map_or(("", noun), |at| noun.split_at(at + 1));
    format!("{head}{}", plural_of_word(last))
}

fn plural_of_word(word: &str) -> String {
    if word.is_empty() || UNCHANGED.contains(&word) || IRREGULAR.iter().any(|(_, plural)| *plural == word) {
        return word.to_owned();
    }
    if let Some((_, plural)) = IRREGULAR.iter().find(|(singular, _)| *singular == word) {
        return (*plural).to_owned();
    }
    if let Some(stem) = word.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
        && !stem.is_empty()
    {
        return format!("{stem}ies");
    }
    if word.ends_with(['s', 'x', 'z']) || word.ends_with("ch") || word.ends_with("sh") {
        return format!("{word}es");
    }
    format!("{word}s")
}

/// `a` or `an`, as one says it before a noun. Where only the sound would tell, the common names of models decide.
///
/// ```
/// use relata::naming::article;
/// assert_eq!(["Author", "Book", "User", "Unit", "Umbrella", "Hour", "Event"].map(article), ["an", "a", "a", "a", "an", "an", "an"]);
/// ```
pub fn article(noun: &str) -> &'static str {
    let noun = noun.trim_start().to_lowercase();
    let begins = |with: &[&str]| with.iter().any(|with| noun.starts_with(with));
    let said_with_vowel = begins(&["hour", "honest", "honor", "honour", "heir"])
        || begins(&["um", "un", "up", "ul"]) && !begins(&["uni"])
        || begins(&["a", "e", "i", "o"]) && !begins(&["eu", "one", "once"]);
    if said_with_vowel { "an" } else { "a" }
}

/// A noun with its article: `an Author`.
pub fn one(noun: &str) -> String {
    format!("{} {noun}", article(noun))
}

/// With a capital letter, as the first word of a sentence.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::pluralise;

    #[test]
    fn the_common_endings() {
        let cases = [
            ("book", "books"),
            ("class", "classes"),
            ("box", "boxes"),
            ("branch", "branches"),
            ("key", "keys"),
            ("city", "cities"),
            ("child", "children"),
            ("children", "children"),
            ("news", "news"),
            ("order_item", "order_items"),
            ("", ""),
        ];
        for (singular, plural) in cases {
            assert_eq!(pluralise(singular), plural);
        }
    }
}
