//! A plan as text, for people and for snapshots.

use std::fmt::Write;

use super::plan::{Cells, JsonAt, Plan, Role, Runs, Step, When};
use crate::mapping::Relational;
use crate::schema::Schema;
use crate::sql::render;
use crate::value::Value;

impl Plan {
    /// The plan as text: for each step what it loads, how often it runs and its statement, rendered for one key.
    pub fn print(&self, schema: &Schema, relational: &Relational) -> String {
        let mut text = String::new();
        for step in &self.steps {
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "step {}: {}, {}",
                step.id.0,
                self.print_target(step, schema),
                self.print_runs(step, relational)
            );
            for line in render(&step.select, &[one_key(step)]).text.lines() {
                let _ = writeln!(text, "  {line}");
            }
            let _ = writeln!(text, "  -> {}", self.print_outputs(step, schema));
        }
        text
    }

    fn print_target(&self, step: &Step, schema: &Schema) -> String {
        let node = self.node(step.node);
        let name = schema.model(node.model).map_or("?", |model| &model.name);
        match node.parent.and_then(|(_, end)| schema.end(end)) {
            None => name.to_owned(),
            Some(end) if node.role == Role::Plain => {
                format!("{}.{} where it was not asked for", end.model.name, end.name)
            }
            Some(end) => format!("{}.{}", end.model.name, end.name),
        }
    }

    fn print_runs(&self, step: &Step, relational: &Relational) -> String {
        let key = |columns: &[usize]| {
            let parent = self.node(step.node).parent.map(|(parent, _)| self.node(parent).table);
            let names: Vec<String> = parent
                .into_iter()
                .flat_map(|id| {
                    let table = relational.table(id);
                    columns.iter().map(move |&at| format!("{}.{}", table.name, table.columns[at].name))
                })
                .collect();
            names.join(", ")
        };
        match &step.runs {
            Runs::Once => "once".into(),
            Runs::PerObject { key: columns, to_one, when, .. } => {
                let which = if *to_one { " not in the identity map" } else { "" };
                let at_once = if *when == When::AtOnce { ", at once" } else { "" };
                format!("once per object{which}, by {}{at_once}", key(columns))
            }
            Runs::PerChunk { key: columns, size } => format!("once per {size} keys, by {}", key(columns)),
            Runs::ForAll { key: columns } => format!("once for all objects, by {}", key(columns)),
            Runs::Raises { key: columns } => format!("never: an error when touched, by {}", key(columns)),
        }
    }

    fn print_outputs(&self, step: &Step, schema: &Schema) -> String {
        let mut parts: Vec<String> = Vec::new();
        if !step.parent_outputs.is_empty() {
            parts.push(format!("parent by {:?}", step.parent_outputs));
        }
        for node in self.nodes_of(step.id) {
            let name = schema.model(node.model).map_or("?", |model| &model.name);
            parts.push(match &node.cells {
                Cells::Columns { first, width, .. } => format!("{name} in {first}..{}", first + width),
                Cells::Json { at: JsonAt::Cell(cell), .. } => format!("{name} as JSON in {cell}"),
                Cells::Json { at: JsonAt::Member(member), .. } => format!("{name} in that JSON's {member}"),
            });
        }
        parts.join(", ")
    }
}

fn one_key(step: &Step) -> Vec<Value> {
    vec![Value::Null; step.runs.key().len()]
}
