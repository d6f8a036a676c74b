//! Objects to insert as a script writes them: values of fields, and links to objects beside them or to rows by key.

use super::Json;
use super::paths::{Finding, Reader, are_fine, at, member};
use crate::mapping::{Column, Relational, Table, TableId};
use crate::schema::{EndId, Field, FieldId, FieldType, Model, ModelId, Schema};
use crate::value::Value;

/// What is to be inserted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewObjects {
    /// Every object once, in the order in which they were met.
    pub objects: Vec<NewObject>,
    /// The objects that were listed for each model, in order.
    pub listed: Vec<(ModelId, Vec<usize>)>,
}

/// An object to insert.
#[derive(Clone, Debug, PartialEq)]
pub struct NewObject {
    /// Its model.
    pub model: ModelId,
    /// Its number among those that were given.
    pub number: usize,
    /// Where it was written first: `Author[0].books[1]`.
    pub path: String,
    /// Whether it was listed itself. One that is only linked to may be a row that is there.
    pub listed: bool,
    /// The values of its fields.
    pub values: Vec<(FieldId, Value)>,
    /// What its relationships lead to.
    pub links: Vec<Link>,
}

impl NewObject {
    /// The value of a field, if one was given.
    pub fn value(&self, field: FieldId) -> Option<&Value> {
        self.values.iter().find(|(id, _)| *id == field).map(|(_, value)| value)
    }
}

/// A link from an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The property.
    pub end: EndId,
    /// Where it leads.
    pub target: Target,
    /// Where it was written.
    pub path: String,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// An object of the same insertion.
    New(usize),
    /// A row that is there, by its primary key.
    Key(Vec<Value>),
}

/// Reads what a script wants inserted: `listed` is `{Model: [objects]}`, where each object is one of `objects`, named by
/// its number. So an object that is written in two places, or in a ring, is one.
///
/// # Errors
/// What is wrong, with paths.
pub fn read_objects(
    listed: &Json,
    objects: &[Json],
    schema: &Schema,
    relational: &Relational,
) -> Result<NewObjects, Vec<Finding>> {
    let mut reading = Reading {
        reader: Reader::default(),
        schema,
        relational,
        objects,
        known: vec![None; objects.len()],
        found: NewObjects::default(),
    };
    for (name, list) in reading.reader.map("", listed) {
        let Some(model) = schema.models().find(|model| model.name == *name) else {
            reading.reader.unknown(name, "model", name, schema.models().map(|model| model.name.as_str()));
            continue;
        };
        let mut numbers = Vec::new();
        for (index, json) in reading.reader.list(name, list).iter().enumerate() {
            let path = at(name, index);
            let Json::Object(number) = json else {
                reading.reader.expected(&path, "an object", json);
                continue;
            };
            if let Some(number) = reading.object(model, *number, &path) {
                reading.found.objects[number].listed = true;
                numbers.push(number);
            }
        }
        reading.found.listed.push((model.id, numbers));
    }
    // More are found on the way. No recursion: a chain may be as long as there are objects.
    let mut at = 0;
    while at < reading.found.objects.len() {
        reading.members(at);
        at += 1;
    }
    let Reading { reader, found, .. } = reading;
    let findings = reader.into_findings();
    if are_fine(&findings) { Ok(found) } else { Err(findings) }
}

struct Reading<'a> {
    reader: Reader,
    schema: &'a Schema,
    relational: &'a Relational,
    objects: &'a [Json],
    /// Where each of the objects is among those found.
    known: Vec<Option<usize>>,
    found: NewObjects,
}

impl Reading<'_> {
    /// An object of a model, or of a kind of it, by its number; its position among those found.
    fn object(&mut self, model: &Model, number: usize, path: &str) -> Option<usize> {
        if let Some(known) = self.known.get(number).copied().flatten() {
            return self.fits(known, model, path);
        }
        self.objects.get(number)?;
        let at = self.found.objects.len();
        self.known[number] = Some(at);
        let (model, path) = (model.id, path.to_owned());
        let (values, links) = (Vec::new(), Vec::new());
        self.found.objects.push(NewObject { model, number, path, listed: false, values, links });
        Some(at)
    }

    fn members(&mut self, at: usize) {
        let path = self.found.objects[at].path.clone();
        let json: &Json = &self.objects[self.found.objects[at].number];
        for (name, part) in self.reader.map(&path, json) {
            self.member(at, &member(&path, name), name, part);
        }
    }

    /// Whether an object that is known can stand where one of a model is wanted; of two kinds of one model it is the
    /// narrower one.
    fn fits(&mut self, known: usize, wanted: &Model, path: &str) -> Option<usize> {
        let schema = self.schema;
        let object = &mut self.found.objects[known];
        if schema.is_kind_of(object.model, wanted.id) {
            return Some(known);
        }
        if schema.is_kind_of(wanted.id, object.model) {
            object.model = wanted.id;
            return Some(known);
        }
        let name = schema.model(object.model).map_or("", |model| &model.name);
        let message = format!("This object is {} already, as {}.", crate::naming::one(name), object.path);
        self.reader.error(path, message, format!("Write an object of {} here.", wanted.name));
        None
    }

    fn member(&mut self, at: usize, path: &str, name: &str, json: &Json) {
        let schema = self.schema;
        let Some(model) = schema.model(self.found.objects[at].model) else { return };
        if let Some(field) = model.fields.values().find(|field| field.name == name) {
            if let Some(value) = self.value(path, field, json) {
                self.found.objects[at].values.push((field.id, value));
            }
            return;
        }
        let Some(end) = schema.ends_of(model.id).find(|end| end.name == name) else {
            let known = model.fields.values().map(|field| field.name.as_str());
            let known: Vec<&str> = known.chain(schema.ends_of(model.id).map(|end| end.name)).collect();
            return self.reader.unknown(path, "field or relationship", name, known);
        };
        let targets: Vec<(String, &Json)> = match json {
            Json::Null => Vec::new(),
            Json::List(items) if end.kind.is_collection() => {
                items.iter().enumerate().map(|(index, item)| (super::paths::at(path, index), item)).collect()
            }
            other if end.kind.is_collection() => {
                return self.reader.expected(path, "a list of objects or keys", other);
            }
            one => vec![(path.to_owned(), one)],
        };
        for (path, json) in targets {
            if let Some(target) = self.target(end.target, &path, json) {
                self.found.objects[at].links.push(Link { end: end.id, target, path });
            }
        }
    }

    fn target(&mut self, model: &Model, path: &str, json: &Json) -> Option<Target> {
        if let Json::Object(number) = json {
            return self.object(model, *number, path).map(Target::New);
        }
        let table = self.relational.table_of(model.id).map(|id| self.relational.table(id));
        let columns = table.map_or(Vec::new(), key_columns);
        let values = key(&mut self.reader, &columns, path, json);
        if values.is_none() {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            let wanted = format!("an object of {}, or a key ({})", model.name, names.join(", "));
            self.reader.expected(path, &wanted, json);
        }
        values?.map(Target::Key)
    }

    fn value(&mut self, path: &str, field: &Field, json: &Json) -> Option<Value> {
        if *json == Json::Null {
            return Some(Value::Null);
        }
        self.reader.value(path, field.field_type, json).map(|(_, value)| value)
    }
}

/// Reads a primary key of a table: its value, or a list of them. `None` if it is none.
pub fn read_key(json: &Json, relational: &Relational, table: TableId) -> Option<Vec<Value>> {
    let table = relational.tables.get(table.0 as usize)?;
    key(&mut Reader::default(), &key_columns(table), "", json).flatten()
}

fn key_columns(table: &Table) -> Vec<&Column> {
    table.primary_key.iter().map(|at| &table.columns[*at]).collect()
}

/// A key of these columns; `None` if it has not as many parts, or one without a value, and nothing in it if what is wrong has been
/// told.
fn key(reader: &mut Reader, columns: &[&Column], path: &str, json: &Json) -> Option<Option<Vec<Value>>> {
    let parts = match json {
        Json::List(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    if parts.len() != columns.len() || parts.contains(&Json::Null) {
        return None;
    }
    let parts = columns.iter().zip(parts);
    Some(
        parts
            .map(|(column, part)| reader.value(path, column.field_type, part).map(|(_, value)| value))
            .collect(),
    )
}

/// A value as a person would type it into a field of this type; `None` if it is none.
pub(super) fn typed(kind: FieldType, json: &Json) -> Option<String> {
    Some(match (kind, json) {
        (FieldType::Date, Json::Date(iso)) => iso.get(..10)?.to_owned(),
        (FieldType::DateTime, Json::Date(iso)) => {
            let plain = iso.trim_end_matches('Z');
            plain.strip_suffix(".000").unwrap_or(plain).to_owned()
        }
        (FieldType::Text, Json::Text(text) | Json::Date(text)) => text.clone(),
        (FieldType::Date | FieldType::DateTime, Json::Text(text)) => text.clone(),
        (FieldType::Blob, Json::Blob(hex) | Json::Text(hex)) => hex.clone(),
        (FieldType::Boolean, Json::Bool(_) | Json::Integer(0 | 1)) => json.typed()?,
        (FieldType::Integer | FieldType::Real, Json::Integer(_)) => json.typed()?,
        (FieldType::Integer, Json::Real(real)) if real.fract() == 0.0 && real.abs() < 9.2e18 => {
            format!("{real:.0}")
        }
        (FieldType::Real, Json::Real(_)) => json.typed()?,
        (FieldType::Decimal, Json::Integer(_) | Json::Real(_) | Json::Text(_)) => json.typed()?,
        _ => return None,
    })
}
