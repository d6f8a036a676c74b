//! The schema and the query in the languages in which they can be shown.

use super::state::{Good, Planned};
use crate::emit::{django, sqlalchemy};
use crate::schema::ModelId;

/// The languages in which the schema can be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// The statements that create the tables.
    #[default]
    Sql,
    /// A SQLAlchemy program.
    SqlAlchemy,
    /// A Django program.
    Django,
}

impl Language {
    /// All of them, in the order of their tabs.
    pub const ALL: [Language; 3] = [Language::Sql, Language::SqlAlchemy, Language::Django];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Language::Sql => "SQL",
            Language::SqlAlchemy => "SQLAlchemy",
            Language::Django => "Django",
        }
    }
}

/// A program, in the two parts that can be used by themselves, and what each model is called in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// All of it, to be copied.
    pub whole: String,
    /// The classes.
    pub models: String,
    /// The query, if there is one.
    pub query: Option<String>,
    /// The name of each model's class.
    pub classes: Vec<(String, ModelId)>,
}

/// Writes the program. `Err` says what the ORM cannot say; there is none in SQL, which `Good::ddl` has.
///
/// # Errors
/// A sentence that names the first thing in the schema that the ORM has no words for.
pub fn program(language: Language, good: &Good, planned: Option<&Planned>) -> Result<Program, String> {
    let Good { schema, relational, .. } = good;
    let query = match planned {
        Some(Planned::Objects { query, .. }) => Some(query),
        Some(Planned::Groups(_)) | None => None,
    };
    let (source, names) = match language {
        Language::Sql => return Err("SQL is shown statement by statement.".into()),
        Language::SqlAlchemy => {
            let source = match planned {
                Some(Planned::Groups(grouping)) => sqlalchemy::grouped(schema, relational, grouping),
                _ => sqlalchemy::program(schema, relational, query),
            };
            (source, sqlalchemy::names(schema, relational))
        }
        Language::Django => (django::program(schema, relational, query)?, django::names(schema, relational)),
    };
    Ok(Program {
        whole: source.to_string(),
        models: source.models(),
        query: Some(source.query()).filter(|query| !query.trim().is_empty()),
        classes: schema.models().map(|model| (names.class(model.id).to_owned(), model.id)).collect(),
    })
}
