//! Texts by what their field is called.

use fake::faker::address::en::{CityName, CountryName, StateName, StreetName, ZipCode};
use fake::faker::company::en::{BsAdj, BsNoun, BsVerb, CatchPhrase, CompanyName, Industry, Profession};
use fake::faker::job::en::Title;
use fake::faker::phone_number::en::CellNumber;

use super::values::{Luck, Persona};

/// The words of a model's and of a field's name.
pub(super) struct Hint {
    model: Vec<String>,
    field: Vec<String>,
}

impl Hint {
    pub(super) fn new(model: &str, field: &str) -> Hint {
        let words = |name: &str| name.split('_').map(str::to_owned).collect();
        Hint { model: words(model), field: words(field) }
    }

    /// Whether one of these words is in the field's name.
    pub(super) fn has(&self, words: &[&str]) -> bool {
        self.field.iter().any(|word| words.contains(&word.as_str()))
    }

    fn is_of(&self, words: &[&str]) -> bool {
        self.model.iter().any(|word| words.contains(&word.as_str()))
    }

    /// What stands beside the first words of which one is in the field's name.
    pub(super) fn first<T: Copy>(&self, choices: &[(&[&str], T)]) -> Option<T> {
        choices.iter().find(|(words, _)| self.has(words)).map(|(_, choice)| *choice)
    }
}

const PEOPLE: [&str; 24] = [
    "actor", "author", "client", "contact", "customer", "director", "doctor", "driver", "editor", "employee",
    "friend", "guest", "manager", "member", "owner", "parent", "patient", "person", "player", "student",
    "teacher", "user", "worker", "writer",
];
const FIRMS: [&str; 9] = [
    "company",
    "organization",
    "organisation",
    "publisher",
    "supplier",
    "brand",
    "vendor",
    "employer",
    "team",
];
const WORKS: [&str; 12] =
    ["album", "article", "blog", "book", "film", "movie", "page", "post", "song", "story", "track", "paper"];
const STATUSES: [&str; 5] = ["new", "open", "active", "paused", "closed"];
const COLOURS: [&str; 8] = ["black", "blue", "brown", "green", "grey", "red", "white", "yellow"];
const LANGUAGES: [&str; 8] = ["ar", "de", "en", "es", "fr", "hi", "ja", "pt"];
const NOUNS: [&str; 32] = [
    "Archive", "Bridge", "Circle", "Door", "Echo", "Field", "Garden", "Harbour", "Island", "Journey", "Key",
    "Lantern", "Map", "Night", "Ocean", "Promise", "Question", "River", "Shadow", "Tower", "Umbrella",
    "Valley", "Window", "Year", "Atlas", "Clock", "Forest", "Letter", "Mirror", "Mountain", "Silence",
    "Winter",
];
const QUALITIES: [&str; 24] = [
    "Ancient",
    "Broken",
    "Clear",
    "Distant",
    "Early",
    "First",
    "Golden",
    "Hidden",
    "Invisible",
    "Last",
    "Little",
    "Long",
    "Lost",
    "Modern",
    "Open",
    "Quiet",
    "Secret",
    "Second",
    "Silver",
    "Small",
    "Strange",
    "Summer",
    "White",
    "Wild",
];
const THINGS: [&str; 20] = [
    "Bag", "Bottle", "Chair", "Clock", "Cup", "Desk", "Hat", "Jacket", "Kettle", "Knife", "Lamp", "Mug",
    "Notebook", "Pen", "Phone", "Plate", "Shirt", "Shoes", "Table", "Watch",
];
const MATERIALS: [&str; 12] = [
    "Bamboo", "Bronze", "Cotton", "Glass", "Granite", "Leather", "Linen", "Oak", "Paper", "Rubber", "Steel",
    "Wool",
];

/// A believable text. `at` is the row's place among those of its model.
pub(super) fn text_of(hint: &Hint, persona: &Persona, at: u32, luck: &mut Luck) -> String {
    let is = |words: &[&str]| hint.has(words);
    let (first, last) = (&persona.first, &persona.last);
    if is(&["email", "mail"]) {
        format!("{}@example.{}", handle(persona), luck.of(&["com", "org", "net"]))
    } else if is(&["username", "login", "nick", "nickname", "handle", "slug"]) && !hint.is_of(&WORKS) {
        handle(persona)
    } else if is(&["first", "given", "forename"]) {
        first.clone()
    } else if is(&["last", "family", "surname"]) {
        last.clone()
    } else if is(&["phone", "tel", "telephone", "mobile", "fax"]) {
        luck.made(CellNumber())
    } else if let Some(text) = place(hint, luck) {
        text
    } else if is(&["url", "website", "link", "homepage", "site"]) {
        format!("https://{}.example.com/{}", handle(persona), luck.between(1, 999))
    } else if is(&["code", "sku", "isbn", "key", "number", "token", "uuid", "hash", "password"]) {
        code(hint, at, luck)
    } else if is(&["status", "state", "phase"]) {
        luck.of(&STATUSES).to_owned()
    } else if is(&["color", "colour"]) {
        luck.of(&COLOURS).to_owned()
    } else if is(&["language", "lang", "locale"]) {
        luck.of(&LANGUAGES).to_owned()
    } else if is(&[
        "description",
        "summary",
        "bio",
        "body",
        "content",
        "text",
        "comment",
        "note",
        "notes",
        "message",
    ]) {
        sentence(luck)
    } else if is(&["job", "position", "role", "profession", "occupation"]) {
        luck.made(Title())
    } else if is(&["genre", "category", "industry", "department", "topic", "field", "subject"]) {
        luck.made(Industry())
    } else {
        called(hint, persona, luck)
    }
}

fn handle(persona: &Persona) -> String {
    let plain =
        |name: &str| -> String { name.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect() };
    format!("{}.{}", plain(&persona.first), plain(&persona.last))
}

fn place(hint: &Hint, luck: &mut Luck) -> Option<String> {
    let is = |words: &[&str]| hint.has(words);
    Some(if is(&["city", "town", "birthplace", "location", "place"]) {
        luck.made(CityName())
    } else if is(&["country", "nation", "nationality"]) {
        luck.made(CountryName())
    } else if is(&["region", "province", "county"]) {
        luck.made(StateName())
    } else if is(&["street", "address"]) {
        format!("{} {}", luck.between(1, 999), luck.made(StreetName()))
    } else if is(&["zip", "zipcode", "postcode", "postal"]) {
        luck.made(ZipCode())
    } else {
        return None;
    })
}

/// `BOO-00042`: told apart by the row's place, so that it makes a key.
fn code(hint: &Hint, at: u32, luck: &mut Luck) -> String {
    if hint.has(&["isbn"]) {
        return format!("978-{}-{:06}-{}", luck.between(0, 9), luck.between(0, 999_999), luck.between(0, 9));
    }
    if hint.has(&["uuid", "hash", "token", "password"]) {
        return (0..16).map(|_| format!("{:02x}", luck.below(256))).collect();
    }
    let letters = hint.model.iter().flat_map(|word| word.chars()).filter(char::is_ascii_alphabetic).take(3);
    let letters: String = letters.map(|letter| letter.to_ascii_uppercase()).collect();
    format!("{}-{:05}", if letters.is_empty() { "X" } else { &letters }, at + 1)
}

/// What somebody or something is called.
fn called(hint: &Hint, persona: &Persona, luck: &mut Luck) -> String {
    let titled = hint.has(&["title"]);
    if hint.is_of(&WORKS) || (titled && !hint.is_of(&PEOPLE)) {
        title(luck)
    } else if titled {
        luck.made(Title())
    } else if hint.is_of(&PEOPLE) || hint.has(&PEOPLE) {
        format!("{} {}", persona.first, persona.last)
    } else if hint.is_of(&FIRMS) || hint.has(&FIRMS) {
        luck.made(CompanyName())
    } else if hint.is_of(&["city", "town"]) {
        luck.made(CityName())
    } else if hint.is_of(&["country", "nation"]) {
        luck.made(CountryName())
    } else if hint.is_of(&["product", "item", "article", "part", "good"]) {
        format!("{} {}", luck.of(&MATERIALS), luck.of(&THINGS))
    } else if hint.is_of(&["job", "position", "role", "profession"]) {
        luck.made(Profession())
    } else if hint.is_of(&[
        "course",
        "department",
        "category",
        "genre",
        "subject",
        "industry",
        "topic",
        "group",
    ]) {
        luck.made(Industry())
    } else if hint.is_of(&["tag", "keyword", "label", "skill"]) {
        luck.made(BsAdj())
    } else if hint.is_of(&["task", "project", "ticket", "issue", "comment", "review", "message", "note"]) {
        sentence(luck)
    } else {
        format!("{} {}", luck.of(&QUALITIES), luck.of(&NOUNS))
    }
}

fn title(luck: &mut Luck) -> String {
    let (quality, noun) = (luck.of(&QUALITIES), luck.of(&NOUNS));
    match luck.below(5) {
        0 => format!("The {noun}"),
        1 => format!("The {quality} {noun}"),
        2 => format!("{noun} of the {quality} {}", luck.of(&NOUNS)),
        3 => format!("A {noun} in {}", luck.made(CityName())),
        _ => format!("{quality} {noun}"),
    }
}

fn sentence(luck: &mut Luck) -> String {
    if luck.one_in(2) {
        return luck.made(CatchPhrase());
    }
    let text = format!("{} {} {}", luck.made(BsVerb()), luck.made(BsAdj()), luck.made(BsNoun()));
    let mut letters = text.chars();
    letters.next().map_or(text.clone(), |first| first.to_uppercase().chain(letters).collect())
}
