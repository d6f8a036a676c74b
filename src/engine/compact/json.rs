//! Takes in objects that come as JSON, in one go through the text: no tree of it is made.

use std::borrow::Cow;
use std::fmt;

use rusqlite::types::ValueRef;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::identity::Key;
use super::reading::Now;
use super::shape::JsonObjects;
use super::{Compact, Haul};
use crate::engine::database::borrowed;
use crate::graph::json::literal;
use crate::trace::ObjectId;
use crate::value::Value;

impl Compact<'_> {
    /// Takes in the objects that a cell says hang on a parent, and what hangs on them in turn.
    pub(super) fn read_json(
        &mut self,
        shape: &JsonObjects,
        cell: ValueRef<'_>,
        parent: ObjectId,
        now: Now,
        haul: &mut Haul,
    ) {
        self.graph.links[shape.links].1.open(parent);
        let ValueRef::Text(bytes) = cell else { return };
        let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        let objects = Objects { compact: self, haul, now, shape, parent };
        // SQLite has made it, so it is JSON.
        let _ = objects.deserialize(&mut serde_json::Deserializer::from_str(&text));
    }

    /// Takes in one object, and gives it.
    fn json_object(
        &mut self,
        shape: &JsonObjects,
        cells: &[Cell<'_>],
        parent: ObjectId,
        now: Now,
        haul: &mut Haul,
    ) -> ObjectId {
        let part = &shape.part;
        let key = Key::read(&part.key, |at| cells[at].get());
        let known = self.graph.identities[part.identities].1.find(&key);
        let object = known.unwrap_or_else(|| self.make(part, key, |at| cells[at].get()));
        self.brought(part.node, part.is_parent, object, now, haul);
        self.graph.links[shape.links].1.link(parent, object, known.is_none());
        object
    }
}

/// The value of a member.
#[derive(Clone)]
enum Cell<'de> {
    /// A text as it stands in the JSON.
    Text(&'de str),
    Value(Value),
}

impl Cell<'_> {
    fn get(&self) -> ValueRef<'_> {
        match self {
            Cell::Text(text) => ValueRef::Text(text.as_bytes()),
            Cell::Value(value) => borrowed(value),
        }
    }
}

/// The objects at a place in the JSON: an array's, the only one, or none.
struct Objects<'a, 'c> {
    compact: &'a mut Compact<'c>,
    haul: &'a mut Haul,
    now: Now,
    shape: &'a JsonObjects,
    parent: ObjectId,
}

impl<'c> Objects<'_, 'c> {
    fn take(&mut self, cells: &[Cell<'_>]) -> ObjectId {
        self.compact.json_object(self.shape, cells, self.parent, self.now, self.haul)
    }

    /// What stands further in: the objects there, and what they hang on.
    fn inner<'a>(&'a mut self, shape: &'a JsonObjects, parent: ObjectId) -> Objects<'a, 'c> {
        Objects { compact: self.compact, haul: self.haul, now: self.now, shape, parent }
    }
}

impl<'de> DeserializeSeed<'de> for Objects<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Objects<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("objects")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let (shape, parent) = (self.shape, self.parent);
        while items.next_element_seed(self.inner(shape, parent))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let shape = self.shape;
        let mut cells = vec![Cell::Value(Value::Null); shape.members.len()];
        // The members with values come first.
        let mut object = None;
        let mut next = 0;
        while let Some(member) = members.next_key_seed(Name { shape, next })? {
            match member {
                Member::Value(at) => {
                    cells[at] = members.next_value_seed(Quoted(shape.members[at].quoted))?;
                    next = at + 1;
                }
                Member::Objects(below) => {
                    let object = *object.get_or_insert_with(|| self.take(&cells));
                    self.compact.graph.links[below.links].1.open(object);
                    members.next_value_seed(self.inner(below, object))?;
                }
                Member::Unknown => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        object.get_or_insert_with(|| self.take(&cells));
        Ok(())
    }
}

/// What a member of an object holds.
enum Member<'a> {
    Value(usize),
    Objects(&'a JsonObjects),
    Unknown,
}

/// The name of a member, which is probably the next one.
struct Name<'a> {
    shape: &'a JsonObjects,
    next: usize,
}

impl<'de, 'a> DeserializeSeed<'de> for Name<'a> {
    type Value = Member<'a>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Member<'a>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Name<'a> {
    type Value = Member<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Member<'a>, E> {
        let JsonObjects { members, below, .. } = self.shape;
        let is_next = members.get(self.next).is_some_and(|member| member.name == name);
        let at =
            if is_next { Some(self.next) } else { members.iter().position(|member| member.name == name) };
        let objects = || below.iter().find(|(known, _)| known == name).map(|(_, objects)| objects);
        Ok(at.map(Member::Value).or_else(|| objects().map(Member::Objects)).unwrap_or(Member::Unknown))
    }
}

/// A column's value, and whether it is an SQL literal in a string.
struct Quoted(bool);

impl<'de> DeserializeSeed<'de> for Quoted {
    type Value = Cell<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cell<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Quoted {
    type Value = Cell<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Value(Value::Null))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Value(Value::Integer(i64::from(truth))))
    }

    fn visit_i64<E>(self, integer: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Value(Value::Integer(integer)))
    }

    fn visit_u64<E>(self, integer: u64) -> Result<Cell<'de>, E> {
        Ok(Cell::Value(i64::try_from(integer).map_or(Value::Real(integer as f64), Value::Integer)))
    }

    fn visit_f64<E>(self, real: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Value(Value::Real(real)))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cell<'de>, E> {
        Ok(if self.0 { Cell::Value(literal(text)) } else { Cell::Text(text) })
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Value(if self.0 { literal(text) } else { Value::Text(text.to_owned()) }))
    }
}
