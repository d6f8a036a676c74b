//! What a query on a sample has to give, made from the sample's rows and links without any SQL.

use std::collections::{BTreeMap, BTreeSet};

use relata::project::{Row, RowId, Sample};
use relata::schema::{FieldType, ModelDraft, RelationshipDraft, Side};

use crate::results::{Links, Seen};

/// What all objects of a sample's first model with its one relationship come to.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Every object with the property that the query loads, if it is of the first model.
    pub objects: BTreeSet<Links>,
    /// The objects of the first model.
    pub roots: Vec<String>,
    /// The linked ones: an object of the first model and one of the other.
    pub pairs: Vec<(String, String)>,
    /// The texts of each object.
    texts: BTreeMap<String, Vec<String>>,
}

/// What a sample's query has to give, whatever the strategy. `property` is the name of what it loads.
pub fn expected(sample: Sample, property: &str) -> Expected {
    let project = sample.project();
    let [left, right] = &project.draft.models[..] else { unreachable_sample() };
    let Some(relationship) = project.draft.relationships.first() else { unreachable_sample() };
    let left_names = names(left, project.data.rows_of(left.id));
    let right_names = names(right, project.data.rows_of(right.id));
    let links = project.data.links_of(relationship.id);
    let pairs: Vec<(String, String)> = links
        .iter()
        .map(|pair| (left_names[&pair.at(Side::Left)].clone(), right_names[&pair.at(Side::Right)].clone()))
        .collect();

    let mut texts = BTreeMap::new();
    let mut objects = BTreeSet::new();
    for (model, names) in [(left, &left_names), (right, &right_names)] {
        for row in project.data.rows_of(model.id) {
            let name = names[&row.id].clone();
            let texts_ = texts_of(model, row);
            let reached = model.id == left.id || pairs.iter().any(|(_, target)| *target == name);
            if reached {
                let links = if model.id == left.id {
                    told(relationship, property, &name, &pairs)
                } else {
                    String::new()
                };
                let is = shortened(texts_.first().map_or("", String::as_str));
                objects.insert(Links { object: name.clone(), model: model.name.clone(), is, links });
            }
            texts.insert(name, texts_);
        }
    }
    Expected { objects, roots: left_names.into_values().collect(), pairs, texts }
}

#[expect(clippy::panic, reason = "a sample of another make needs another test")]
fn unreachable_sample() -> ! {
    panic!("a sample has two models and a relationship")
}

/// The rows of a model by the names that their objects have on the page: `A1`.
fn names<'a>(
    model: &ModelDraft,
    rows: impl IntoIterator<Item = &'a std::rc::Rc<Row>>,
) -> BTreeMap<RowId, String> {
    let letter = model.name.chars().next().unwrap_or('?');
    let key = model.fields.first().map(|field| field.id);
    let name = |row: &Row| key.and_then(|key| row.cells.get(&key)).cloned().unwrap_or_default();
    rows.into_iter().map(|row| (row.id, format!("{letter}{}", name(row)))).collect()
}

fn texts_of(model: &ModelDraft, row: &Row) -> Vec<String> {
    let texts = model.fields.iter().filter(|field| field.field_type == FieldType::Text);
    texts.filter_map(|field| row.cells.get(&field.id).cloned()).collect()
}

/// A text as the page calls an object by it: not more than 24 letters.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(24) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `books → B1 B2`, as the table of objects says it.
fn told(relationship: &RelationshipDraft, property: &str, name: &str, pairs: &[(String, String)]) -> String {
    let targets: Vec<&str> =
        pairs.iter().filter(|(from, _)| from == name).map(|(_, to)| to.as_str()).collect();
    let nothing = if relationship.shape == relata::schema::Shape::OneToOne { "None" } else { "[]" };
    let targets = if targets.is_empty() { nothing.to_owned() } else { targets.join(" ") };
    format!("{property} → {targets}")
}

impl Expected {
    /// The objects of each row that one joined statement returns.
    pub fn joined(&self) -> Vec<Vec<String>> {
        let mut rows: Vec<Vec<String>> =
            self.pairs.iter().map(|(from, to)| vec![from.clone(), to.clone()]).collect();
        let alone = self.roots.iter().filter(|root| !self.pairs.iter().any(|(from, _)| from == *root));
        rows.extend(alone.map(|root| vec![root.clone()]));
        rows.sort();
        rows
    }

    /// The objects of each row where the targets are loaded by statements of their own.
    pub fn apart(&self) -> Vec<Vec<String>> {
        let targets = self.pairs.iter().map(|(_, to)| to);
        let mut rows: Vec<Vec<String>> =
            self.roots.iter().chain(targets).map(|name| vec![name.clone()]).collect();
        rows.sort();
        rows
    }

    /// Fails unless each row names these objects, and says their texts.
    pub fn assert_rows(&self, rows: &[Seen], objects: &[Vec<String>]) {
        let mut named: Vec<Vec<String>> = rows.iter().map(|row| row.objects.clone()).collect();
        named.sort();
        assert_eq!(named, objects, "the objects of the rows");
        for row in rows {
            for object in &row.objects {
                let key: String = object.chars().skip(1).collect();
                for text in self.texts[object].iter().chain([&key]) {
                    assert!(row.cells.contains(text), "the row of {object} does not say “{text}”: {row:?}");
                }
            }
        }
    }
}
