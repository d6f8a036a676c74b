//! What of a related object can be chosen: the fields of a model, and those of the one object that a property leads to.

use crate::schema::{EndId, Field, FieldId, FieldType, Model, Schema};

/// How many properties lie between a model and the fields that the form offers of others.
const DEEPEST: usize = 2;

/// A field of a model, or of an object that is reached from there through properties to one each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    /// The properties, from the model on.
    pub through: Vec<EndId>,
    /// The field.
    pub field: FieldId,
    /// What it holds.
    pub field_type: FieldType,
    /// `title`, `author.name`.
    pub name: String,
}

/// Everything that can be reached from a model: its own fields first, then the nearest.
pub(super) fn reachable(schema: &Schema, root: &Model) -> Vec<Reach> {
    let mut found = Vec::new();
    let mut here = vec![(Vec::new(), String::new(), root)];
    for depth in 0..=DEEPEST {
        let mut next = Vec::new();
        for (through, prefix, model) in here {
            let fields = model.fields.values().map(|field| Reach {
                through: through.clone(),
                field: field.id,
                field_type: field.field_type,
                name: format!("{prefix}{}", field.name),
            });
            found.extend(fields);
            if depth == DEEPEST {
                continue;
            }
            let to_one = schema.ends_of(model.id).filter(|end| !end.kind.is_collection());
            // The way one came leads to the object one came from.
            let back = |end: EndId| through.last().is_some_and(|last: &EndId| turned(*last) == end);
            for end in to_one.filter(|end| !back(end.id)) {
                let longer = through.iter().copied().chain([end.id]).collect();
                next.push((longer, format!("{prefix}{}.", end.name), end.target));
            }
        }
        here = next;
    }
    found
}

fn turned(end: EndId) -> EndId {
    EndId { side: end.side.other(), ..end }
}

/// The field that one most likely asks for: the first that is no key.
pub(super) fn first_field(model: &Model) -> Option<&Field> {
    model.fields.values().find(|field| !field.primary_key).or(model.fields.values().next())
}

#[cfg(test)]
mod tests {
    use super::reachable;
    use crate::project::Sample;
    use crate::schema;

    /// What can be reached from a model of a sample, by name.
    fn check(sample: Sample, model: &str, expected: &[&str]) {
        let Some(schema) = schema::check(&sample.project().draft).value else {
            return assert!(expected.is_empty());
        };
        let root = schema.models().find(|candidate| candidate.name == model);
        let names: Vec<String> = root
            .map(|root| reachable(&schema, root).into_iter().map(|reach| reach.name).collect())
            .unwrap_or_default();
        assert_eq!(names, expected);
    }

    #[test]
    fn own_fields_come_before_those_of_the_one_related_object() {
        check(Sample::AuthorBook, "Author", &["id", "name"]);
        check(Sample::AuthorBook, "Book", &["id", "title", "author.id", "author.name"]);
    }

    #[test]
    fn nothing_leads_back_the_way_it_came() {
        check(Sample::UserProfile, "User", &["id", "profile.id"]);
        let up = ["id", "name", "parent.id", "parent.name", "parent.parent.id", "parent.parent.name"];
        check(Sample::CategoryTree, "Category", &up);
    }
}
