//! The source of a program in Python, with the imports that it needs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::schema::FieldType;

/// Names to import, by module. `import module` for an empty set.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Imports(BTreeMap<String, BTreeSet<String>>);

impl Imports {
    pub(super) fn module(&mut self, module: &str) {
        self.0.entry(module.into()).or_default();
    }

    pub(super) fn from(&mut self, module: &str, names: &[&str]) {
        self.0.entry(module.into()).or_default().extend(names.iter().map(|name| (*name).to_owned()));
    }

    /// What the literals and annotations of a field's type need.
    pub(super) fn for_type(&mut self, field_type: FieldType) {
        match field_type {
            FieldType::Date | FieldType::DateTime => self.module("datetime"),
            FieldType::Decimal => self.from("decimal", &["Decimal"]),
            _ => {}
        }
    }

    pub(super) fn merged(&self, other: &Imports) -> Imports {
        let mut merged = self.clone();
        for (module, names) in &other.0 {
            merged.0.entry(module.clone()).or_default().extend(names.iter().cloned());
        }
        merged
    }
}

impl fmt::Display for Imports {
    /// The standard library first, then the rest, as is the custom.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let standard = |module: &str| matches!(module, "datetime" | "decimal");
        let groups = [true, false].map(|wanted| {
            let lines =
                self.0.iter().filter(|(module, _)| standard(module) == wanted).map(|(module, names)| {
                    let names: Vec<String> = names.iter().cloned().collect();
                    match names.as_slice() {
                        [] => format!("import {module}\n"),
                        _ => import(module, &names),
                    }
                });
            lines.collect::<String>()
        });
        let groups: Vec<&str> = groups.iter().map(String::as_str).filter(|group| !group.is_empty()).collect();
        f.write_str(&groups.join("\n"))
    }
}

fn import(module: &str, names: &[String]) -> String {
    let line = format!("from {module} import {}\n", names.join(", "));
    if line.chars().count() <= 88 {
        return line;
    }
    let names: String = names.iter().map(|name| format!("    {name},\n")).collect();
    format!("from {module} import (\n{names})\n")
}

/// The source of a program, in the two parts that can be used by themselves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    pub(super) model_imports: Imports,
    pub(super) models: String,
    pub(super) query_imports: Imports,
    pub(super) query: String,
}

impl Source {
    /// The classes, with the imports that they need.
    pub fn models(&self) -> String {
        format!("{}\n\n{}", self.model_imports, self.models)
    }

    /// The query and the loop that walks what it brings back, with the imports that they need.
    pub fn query(&self) -> String {
        format!("{}\n\n{}", self.query_imports, self.query)
    }
}

/// The whole program.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{}", self.model_imports.merged(&self.query_imports), self.models)?;
        if !self.query.is_empty() {
            write!(f, "\n\n{}", self.query)?;
        }
        Ok(())
    }
}
