//! A schema and a query as a SQLAlchemy 2 program: declarative classes with typed attributes, and a `select` with
//! loader options.

mod expressions;
mod kinds;
mod models;
mod order;
mod query;
mod relationships;
mod walk;

use super::python::{Names, Rules};
use super::source::Source;
use crate::mapping::Relational;
use crate::query::{Grouping, Query};
use crate::schema::Schema;

/// What the program calls its own things, and what SQLAlchemy keeps for itself on a class.
const RULES: Rules = Rules {
    reserved: &[
        "Base",
        "Column",
        "DATETIME",
        "Decimal",
        "DeclarativeBase",
        "ForeignKey",
        "ForeignKeyConstraint",
        "Index",
        "Integer",
        "LargeBinary",
        "Mapped",
        "REAL",
        "Session",
        "Table",
        "Text",
        "aliased",
        "UniqueConstraint",
        "and_",
        "bool",
        "bytes",
        "create_engine",
        "datetime",
        "engine",
        "exists",
        "float",
        "foreign",
        "func",
        "immediateload",
        "int",
        "joinedload",
        "lazyload",
        "list",
        "literal",
        "load_only",
        "main",
        "mapped_column",
        "metadata",
        "not_",
        "or_",
        "print",
        "query",
        "raiseload",
        "registry",
        "row",
        "relationship",
        "remote",
        "select",
        "selectinload",
        "session",
        "str",
        "subqueryload",
        "text",
        "type_coerce",
    ],
    suffix: "_",
    underscores: true,
};

/// What each part of a schema is called in the program.
pub fn names(schema: &Schema, relational: &Relational) -> Names {
    Names::new(schema, relational, &RULES)
}

/// Writes the program; without a query, only the classes.
///
/// ```
/// use relata::{emit::sqlalchemy, mapping::map, project::Sample, query, schema};
/// let project = Sample::AuthorBook.project();
/// let schema = schema::check(&project.draft).value.unwrap();
/// let relational = map(&schema).value.unwrap();
/// let query = query::check(&project.query, &schema).value;
/// let program = sqlalchemy::program(&schema, &relational, query.as_ref()).to_string();
/// assert!(program.contains("books: Mapped[list[\"Book\"]] = relationship(back_populates=\"author\")"));
/// assert!(program.contains("select(Author).options(lazyload(Author.books))"));
/// ```
pub fn program(schema: &Schema, relational: &Relational, query: Option<&Query>) -> Source {
    let names = names(schema, relational);
    let mut source = Source::default();
    models::write(schema, relational, &names, &mut source);
    if let Some(query) = query {
        query::write(query, schema, relational, &names, &mut source);
    }
    source
}

/// Writes the program for a question about groups.
pub fn grouped(schema: &Schema, relational: &Relational, grouping: &Grouping) -> Source {
    let names = names(schema, relational);
    let mut source = Source::default();
    models::write(schema, relational, &names, &mut source);
    query::write_groups(grouping, schema, relational, &names, &mut source);
    source
}
