//! The sentence of a relationship: “an Author has many Books; each Book has one Author, required”.

use crate::naming::{pluralise, snake};
use crate::schema::{OnDelete, Shape};

/// What a sentence says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sentence {
    /// How many at each end, the left model's first.
    pub(super) shape: Shape,
    /// The models, by position among the names that were told.
    pub(super) models: [usize; 2],
    /// The names of the properties of the left and of the right model; empty to derive them.
    pub(super) names: [String; 2],
    /// Whether what holds the key needs its target.
    pub(super) required: bool,
    /// What happens to it when its target is deleted.
    pub(super) on_delete: OnDelete,
}

const HOW: &str = "Write it as in “an Author has many Books; each Book has one Author, required”.";

/// Reads a sentence about models with these names.
///
/// # Errors
/// What is wrong, and how to mend it.
pub(super) fn read(sentence: &str, models: &[&str]) -> Result<Sentence, (String, String)> {
    let mut clauses = sentence.split(';').map(str::trim);
    let first = clause(clauses.next().unwrap_or_default(), models)?;
    let second = match clauses.next().filter(|rest| !rest.is_empty()) {
        Some(second) => clause(second, models)?,
        None if first.many => Clause { from: first.to, to: first.from, many: false, ..Clause::default() },
        None => {
            let (one, other) = (models[first.from], models[first.to]);
            let message =
                format!("It is not said whether {} has one {one} or many.", crate::naming::one(other));
            return Err((
                message,
                format!("Go on with “; each {other} has many {one}” or “; each {other} has one {one}”."),
            ));
        }
    };
    if clauses.any(|rest| !rest.is_empty()) {
        return Err(("A relationship has two halves, with one semicolon between them.".into(), HOW.into()));
    }
    if (first.from, first.to) != (second.to, second.from) {
        return Err((
            format!("The second half has to lead back from {} to {}.", models[first.to], models[first.from]),
            HOW.into(),
        ));
    }
    let (required, on_delete) = (first.required || second.required, first.on_delete.or(second.on_delete));
    // One-to-many reads from the one that has many.
    let turned = !first.many && second.many;
    let (left, right) = if turned { (second, first) } else { (first, second) };
    let shape = match (left.many, right.many) {
        (true, true) => Shape::ManyToMany,
        (true, false) => Shape::OneToMany,
        (false, _) => Shape::OneToOne,
    };
    let on_delete = on_delete.unwrap_or_default();
    Ok(Sentence { shape, models: [left.from, left.to], names: [left.name, right.name], required, on_delete })
}

/// One half of a sentence.
#[derive(Default)]
struct Clause {
    from: usize,
    to: usize,
    many: bool,
    name: String,
    required: bool,
    on_delete: Option<OnDelete>,
}

fn clause(text: &str, models: &[&str]) -> Result<Clause, (String, String)> {
    let mut parts = text.trim_end_matches('.').split(',').map(str::trim);
    let said = parts.next().unwrap_or_default();
    let mut words = said.split_whitespace().peekable();
    words.next_if(|word| ["a", "an", "each", "every"].contains(&word.to_lowercase().as_str()));
    let from = words.next().unwrap_or_default();
    let from = model(from, models).ok_or_else(|| no_model(from, models))?;
    let is_has = words.next().is_some_and(|word| word.eq_ignore_ascii_case("has"));
    let many = match words.next().map(str::to_lowercase).as_deref() {
        Some("many") if is_has => true,
        Some("one") if is_has => false,
        _ => return Err((format!("“{said}” does not say “has one” or “has many”."), HOW.into())),
    };
    let to = words.next().unwrap_or_default();
    let to = model(to, models).ok_or_else(|| no_model(to, models))?;
    let rest: Vec<&str> = words.collect();
    let name = match rest.as_slice() {
        [] => String::new(),
        ["as", name] => (*name).to_owned(),
        _ => {
            return Err((
                format!("“{}” is not understood.", rest.join(" ")),
                "After the model only “as” and a name may follow.".into(),
            ));
        }
    };
    let mut clause = Clause { from, to, many, name, ..Clause::default() };
    for part in parts {
        match part.to_lowercase().as_str() {
            "required" => clause.required = true,
            "optional" => clause.required = false,
            other => match other.strip_prefix("on delete ").and_then(action) {
                Some(action) => clause.on_delete = Some(action),
                None => {
                    let mend = "After a comma “required”, “optional” or “on delete cascade” may follow.";
                    return Err((format!("“{part}” is not understood."), mend.into()));
                }
            },
        }
    }
    Ok(clause)
}

fn action(words: &str) -> Option<OnDelete> {
    OnDelete::ALL.into_iter().find(|action| action.sql().eq_ignore_ascii_case(words))
}

fn no_model(word: &str, models: &[&str]) -> (String, String) {
    (format!("There is no model “{word}”."), format!("There is {}.", models.join(", ")))
}

/// The model that a word names, in the singular or in the plural.
fn model(word: &str, models: &[&str]) -> Option<usize> {
    let position = |fits: &dyn Fn(&str) -> bool| models.iter().position(|name| fits(name));
    position(&|name| name == word)
        .or_else(|| position(&|name| name.eq_ignore_ascii_case(word)))
        .or_else(|| position(&|name| pluralise(&snake(name)) == snake(word)))
        .or_else(|| {
            position(&|name| word.strip_suffix('s').is_some_and(|stem| stem.eq_ignore_ascii_case(name)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODELS: [&str; 3] = ["Author", "Book", "Category"];

    #[test]
    fn shapes_and_words() {
        let both =
            read("an Author has many Books; each Book has one Author, required, on delete cascade", &MODELS);
        let both = both.unwrap();
        assert_eq!((both.shape, both.models, both.required), (Shape::OneToMany, [0, 1], true));
        assert_eq!(both.on_delete, OnDelete::Cascade);
        let turned =
            read("each Book has one Author as writer; an Author has many Books as works", &MODELS).unwrap();
        assert_eq!((turned.shape, turned.models), (Shape::OneToMany, [0, 1]));
        assert_eq!(turned.names, ["works", "writer"]);
        let short = read("a Category has many categories as children", &MODELS).unwrap();
        assert_eq!((short.shape, short.models), (Shape::OneToMany, [2, 2]));
        let many = read("a Book has many Categories; a Category has many Books", &MODELS).unwrap();
        assert_eq!(many.shape, Shape::ManyToMany);
        let one = read("a Book has one Category; a Category has one Book", &MODELS).unwrap();
        assert_eq!(one.shape, Shape::OneToOne);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let message = |text| read(text, &MODELS).unwrap_err().0;
        assert_eq!(message("an Autor has many Books"), "There is no model “Autor”.");
        assert_eq!(
            message("an Author owns many Books"),
            "“an Author owns many Books” does not say “has one” or “has many”."
        );
        assert!(message("a Book has one Author").starts_with("It is not said whether an Author has"));
        assert_eq!(message("an Author has many Books, always"), "“always” is not understood.");
        assert!(message("an Author has many Books; a Category has one Book").contains("lead back"));
    }
}
