//! The loop that walks what a query brings back.

use std::collections::BTreeSet;

use super::RULES;
use super::expressions::Expressions;
use crate::emit::python::Taken;
use crate::query::{Include, Query, Strategy};
use crate::schema::{End, Field, FieldId, FieldType, Model, ModelId};

/// A function that prints each object, with what was computed for it, and below it those that its properties lead to.
pub(super) fn main(writer: &Expressions<'_>, query: &Query, root: &Model, computed: &[&str]) -> String {
    let chosen = (query.root, &query.fields);
    let mut walk = Walk { writer, chosen, taken: Taken::new(&RULES) };
    let unique = if walk.joins_collection(&query.includes) { ".unique()" } else { "" };
    let roots = walk.taken.variable(&crate::naming::pluralise(&crate::naming::snake(&root.name)));
    let variable = walk.taken.variable(writer.names.class(root.id));
    let values: Vec<String> = computed.iter().map(|value| walk.taken.attribute(value, "value")).collect();
    let (call, targets) = match values.as_slice() {
        [] => ("scalars", variable.clone()),
        values => ("execute", format!("{variable}, {}", values.join(", "))),
    };
    let mut text = format!(
        "def main(session: Session) -> None:\n    {roots} = session.{call}(query){unique}.all()\n    for {targets} in {roots}:\n"
    );
    text += &walk.print(root, &variable, &values, 8, 0);
    text += &walk.below(&query.includes, &variable, 8, 1);
    text
}

struct Walk<'a, 'b> {
    writer: &'a Expressions<'b>,
    /// The model of which only these fields are loaded, unless there are none.
    chosen: (ModelId, &'a BTreeSet<FieldId>),
    taken: Taken<'static>,
}

impl Walk<'_, '_> {
    fn below(&mut self, includes: &[Include], from: &str, indent: usize, depth: usize) -> String {
        let margin = " ".repeat(indent);
        let mut text = String::new();
        for include in includes {
            let Some(end) = self.writer.schema.end(include.end) else { continue };
            let property = format!("{from}.{}", self.writer.names.end(end.id));
            let variable = self.taken.variable(self.writer.names.class(end.target.id));
            text += &if end.kind.is_collection() {
                format!("{margin}for {variable} in {property}:\n")
            } else {
                format!("{margin}{variable} = {property}\n{margin}if {variable} is not None:\n")
            };
            text += &self.print(end.target, &variable, &[], indent + 4, depth);
            text += &self.below(&include.includes, &variable, indent + 4, depth + 1);
        }
        text
    }

    /// Prints what a person would know an object by: its first text, else its key, of what is loaded.
    fn print(&self, model: &Model, variable: &str, values: &[String], indent: usize, depth: usize) -> String {
        let text = |field: &&Field| field.field_type == FieldType::Text && !field.primary_key;
        let (chosen, wanted) = self.chosen;
        let all = chosen != model.id || wanted.is_empty();
        let is_loaded = |field: &&Field| all || field.primary_key || wanted.contains(&field.id);
        let mut fields = model.fields.values().filter(is_loaded);
        let field = fields.clone().find(text).or_else(|| fields.next());
        let column = field.map_or("", |field| self.writer.column(model, field.id));
        let title = format!("\"{}{}\"", "  ".repeat(depth), self.writer.names.class(model.id));
        let own = (!column.is_empty()).then(|| format!("{variable}.{column}"));
        let shown: Vec<String> = std::iter::once(title).chain(own).chain(values.iter().cloned()).collect();
        format!("{}print({})\n", " ".repeat(indent), shown.join(", "))
    }

    /// Whether rows of the query's own statement repeat an object for each member of a collection.
    fn joins_collection(&self, includes: &[Include]) -> bool {
        includes.iter().filter(|include| include.strategy == Strategy::Joined).any(|include| {
            let collection = |end: End<'_>| end.kind.is_collection();
            self.writer.schema.end(include.end).is_some_and(collection)
                || self.joins_collection(&include.includes)
        })
    }
}
