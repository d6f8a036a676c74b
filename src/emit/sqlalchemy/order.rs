//! What a query orders and groups by: fields, also of related objects, and functions.

use super::expressions::{Entity, Expressions};
use crate::query::{FieldPath, GroupKey, GroupValue, Grouping, Measure, OrderBy, OrderKey};
use crate::schema::{EndId, FieldType, Model};
use crate::sql::Function;

/// The aliases that a statement joins to reach fields of related objects. Paths that begin alike share them.
pub(super) struct Paths<'a> {
    root: Entity<'a>,
    reached: Vec<(Vec<EndId>, Entity<'a>)>,
    /// `.outerjoin(Book.author.of_type(author_1))`, in order.
    pub(super) joins: Vec<String>,
}

impl<'a> Paths<'a> {
    pub(super) fn from(root: &Entity<'a>) -> Paths<'a> {
        Paths { root: root.clone(), reached: Vec::new(), joins: Vec::new() }
    }

    fn place(&mut self, writer: &mut Expressions<'a>, through: &[EndId]) -> Entity<'a> {
        let Some((last, before)) = through.split_last() else { return self.root.clone() };
        if let Some((_, known)) = self.reached.iter().find(|(path, _)| path == through) {
            return known.clone();
        }
        let near = self.place(writer, before);
        let Some(end) = writer.schema.end(*last) else { return near };
        let there = writer.alias(end.target);
        self.joins.push(format!(".outerjoin({})", writer.property(&near, &end, &there)));
        self.reached.push((through.to_vec(), there.clone()));
        there
    }

    fn attribute(&mut self, writer: &mut Expressions<'a>, path: &FieldPath) -> String {
        let place = self.place(writer, &path.through);
        writer.attribute(&place, path.field)
    }
}

/// One term of an order. `computed` finds the variable that a function over a collection is kept in.
pub(super) fn term<'a>(
    writer: &mut Expressions<'a>,
    paths: &mut Paths<'a>,
    term: &OrderBy,
    computed: impl Fn(&crate::query::Aggregate) -> Option<String>,
) -> String {
    let by = match &term.by {
        OrderKey::Field(path) => paths.attribute(writer, path),
        OrderKey::Aggregate(aggregate) => computed(aggregate).unwrap_or_else(|| {
            let root = paths.root.clone();
            writer.aggregate(&root, aggregate, 8)
        }),
    };
    descending(by, term.descending)
}

fn descending(by: String, descending: bool) -> String {
    if descending { format!("{by}.desc()") } else { by }
}

/// The parts of a grouped `select`.
pub(super) struct Groups {
    pub(super) joins: Vec<String>,
    pub(super) outputs: Vec<String>,
    pub(super) keys: Vec<String>,
    pub(super) having: Vec<String>,
    pub(super) order: Vec<String>,
}

/// Writes what a grouped question asks of each group, ordered by values first and then by keys.
pub(super) fn groups<'a>(writer: &mut Expressions<'a>, root: &Entity<'a>, grouping: &Grouping) -> Groups {
    let mut paths = Paths::from(root);
    let mut groups = Groups { joins: vec![], outputs: vec![], keys: vec![], having: vec![], order: vec![] };
    let mut last = Vec::new();
    for GroupKey { name, path, descending: falls } in &grouping.keys {
        let attribute = paths.attribute(writer, path);
        groups.outputs.push(label(&attribute, name));
        last.push(descending(attribute.clone(), *falls));
        groups.keys.push(attribute);
    }
    for value in &grouping.values {
        let (function, result) = measured(writer, &mut paths, value);
        groups.outputs.push(label(&function, &value.name));
        groups.having.extend(value.having.iter().map(|test| writer.test(&function, result, test)));
        groups.order.extend(value.descending.map(|falls| descending(function.clone(), falls)));
    }
    groups.order.extend(last);
    groups.joins = paths.joins;
    groups
}

/// A function over the objects of a group, and the type of its result.
fn measured<'a>(
    writer: &mut Expressions<'a>,
    paths: &mut Paths<'a>,
    value: &GroupValue,
) -> (String, FieldType) {
    let Measure::Of(function, path) = &value.measure else {
        writer.imports.from("sqlalchemy", &["func"]);
        return ("func.count()".into(), FieldType::Integer);
    };
    let place = paths.place(writer, &path.through);
    let of = |model: &Model| model.fields.get(&path.field).map(|field| field.field_type);
    let result = match (function, of(place.model)) {
        (Function::Average, _) => FieldType::Real,
        (Function::Sum, Some(FieldType::Boolean)) => FieldType::Integer,
        (_, field_type) => field_type.unwrap_or(FieldType::Integer),
    };
    (writer.function(*function, &place, path.field), result)
}

fn label(expression: &str, name: &str) -> String {
    format!("{expression}.label({})", crate::emit::python::string(name))
}
