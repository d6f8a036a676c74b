//! How models are told apart where something is shown that was made of them: colour, letter and name.
//!
//! Results may be of an earlier schema: names are those of that schema, colours those that the form has now.

use std::rc::Rc;

use super::tone::{letter, tone};
use crate::schema::{Draft, ModelId, Schema};
use crate::value::Value;

/// Colours, letters and names of all models. Small and quick to compare, unlike the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Legend(Rc<Vec<Entry>>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    model: ModelId,
    class: &'static str,
    letter: String,
    name: String,
}

/// How many letters of a key a badge shows.
const KEY_SHOWN: usize = 8;

impl Legend {
    /// The legend of a checked schema, in the colours of the form.
    pub fn new(schema: &Schema, draft: &Draft) -> Legend {
        let entries = schema.models().map(|model| Entry {
            model: model.id,
            class: tone(draft, model.id),
            letter: match draft.model(model.id) {
                Some(_) => letter(draft, model.id),
                None => model.name.chars().take(1).flat_map(char::to_uppercase).collect(),
            },
            name: model.name.clone(),
        });
        Legend(Rc::new(entries.collect()))
    }

    fn entry(&self, model: ModelId) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.model == model)
    }

    /// The class that sets a model's colours.
    pub fn class(&self, model: ModelId) -> &'static str {
        self.entry(model).map_or("tone-none", |entry| entry.class)
    }

    /// A model's letter.
    pub fn letter(&self, model: ModelId) -> &str {
        self.entry(model).map_or("?", |entry| &entry.letter)
    }

    /// A model's name.
    pub fn name(&self, model: ModelId) -> &str {
        self.entry(model).map_or("", |entry| &entry.name)
    }

    /// What an object is called in few letters: its model's letter and its key, as `A1`.
    pub fn object(&self, model: ModelId, key: &[Value]) -> String {
        let key: Vec<String> = key.iter().map(Value::to_string).collect();
        let key = key.join("·");
        let shown: String = key.chars().take(KEY_SHOWN).collect();
        // Where the key is a word, a blank keeps it from running into the letter.
        let gap = if key.starts_with(|first: char| first.is_ascii_digit()) { "" } else { " " };
        let more = if shown.len() < key.len() { "…" } else { "" };
        format!("{}{gap}{shown}{more}", self.letter(model))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Sample;
    use crate::schema::check;

    #[test]
    fn objects_are_called_by_letter_and_key() {
        let draft = Sample::AuthorBook.project().draft;
        let schema = check(&draft).value.unwrap_or_default();
        let legend = Legend::new(&schema, &draft);
        let author = draft.models[0].id;
        assert_eq!(legend.object(author, &[Value::Integer(12)]), "A12");
        assert_eq!(legend.object(author, &[Value::Integer(1), Value::Text("x".into())]), "A1·x");
        assert_eq!(legend.object(author, &[Value::Text("Ursula K.".into())]), "A Ursula K…");
        assert_eq!((legend.class(author), legend.name(author)), ("tone-0", "Author"));
        assert_eq!(legend.class(ModelId(99)), "tone-none");
    }
}
