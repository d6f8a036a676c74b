//! Conditions on what a relationship leads to, as a script writes them: `{ books: { some: { title: "…" } }, publisher: 3 }`.

use super::Json;
use super::conditions::{Conditions, TESTS, group, quoted, typed};
use super::paths::{at, member};
use super::query::Reading;
use crate::query::{FilterDraft, Path, RelatedDraft, RelatedTest, Test, TestDraft};
use crate::schema::{End, Field, Link, Model};

const OF_MANY: [(&str, RelatedTest); 4] = [
    ("some", RelatedTest::Some),
    ("every", RelatedTest::Every),
    ("none", RelatedTest::None),
    ("count", RelatedTest::Count),
];

const OF_ONE: [(&str, RelatedTest); 2] = [("is", RelatedTest::Is), ("isNot", RelatedTest::IsNot)];

/// Adds conditions on what a relationship leads to. `null` is that there is none, `true` that there is some. Of one that leads
/// to a single object the conditions may be said at once, or its key.
pub(super) fn related(
    reading: &mut Reading<'_>,
    conditions: &Conditions,
    path: &str,
    end: &End<'_>,
    json: &Json,
    place: &mut Path,
    filters: &mut Vec<FilterDraft>,
) {
    let there = Conditions { model: end.target.id, ..conditions.clone() };
    let mut asked =
        Asked { there, end: RelatedDraft { end: Some(end.id), ..RelatedDraft::default() }, place, filters };
    let collection = end.kind.is_collection();
    let known: &[(&str, RelatedTest)] = if collection { &OF_MANY } else { &OF_ONE };
    let is_known = |name: &str| known.iter().any(|(known, _)| *known == name);
    let (none, some) = if collection {
        (RelatedTest::None, RelatedTest::Some)
    } else {
        (RelatedTest::HasNone, RelatedTest::HasOne)
    };
    match json {
        Json::Null | Json::Bool(false) => asked.add(reading, path, none, |_, _, _| Some(Vec::new())),
        Json::Bool(true) => asked.add(reading, path, some, |_, _, _| Some(Vec::new())),
        Json::Map(members) if members.is_empty() => {
            let tests = known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            let mend = format!("Write true for any, null for none, or one of {tests}.");
            reading.reader.error(path, "Nothing is asked here.", mend);
        }
        Json::Map(members) if !collection && !members.iter().all(|(name, _)| is_known(name)) => {
            asked.conditions(reading, path, RelatedTest::Is, json)
        }
        Json::Map(members) => {
            for (name, part) in members {
                let path = member(path, name);
                match known.iter().find(|(known, _)| known == name) {
                    Some((_, RelatedTest::Count)) => asked.count(reading, &path, part),
                    Some((_, test)) => asked.conditions(reading, &path, *test, part),
                    None => unknown(reading, &path, end, name),
                }
            }
        }
        key if !collection => asked
            .add(reading, path, RelatedTest::Is, |reading, path, _| is_key(reading, path, end.target, key)),
        other => {
            let mend = "Write it as { some: { … } }, true for any or null for none.";
            reading.reader.error(
                path,
                format!("Expected what is asked of many objects, not {}.", other.noun()),
                mend,
            );
        }
    }
}

/// Says that a collection is not asked so; conditions on its objects are often forgotten to be asked of some.
fn unknown(reading: &mut Reading<'_>, path: &str, end: &End<'_>, name: &str) {
    let target = end.target;
    let is_theirs = target.fields.values().any(|field| field.name == name)
        || reading.schema.ends_of(target.id).any(|end| end.name == name);
    if is_theirs {
        let message =
            format!("{} leads to many objects, and it is not said which of them are meant.", end.name);
        let mend = format!("Write {{ some: {{ {name}: … }} }}, or every, none or count instead of some.");
        return reading.reader.error(path, message, mend);
    }
    reading.reader.unknown(path, "test of many objects", name, OF_MANY.map(|(name, _)| name));
}

/// What is asked of the objects at an end, and where that is added.
struct Asked<'a> {
    there: Conditions,
    end: RelatedDraft,
    place: &'a mut Path,
    filters: &'a mut Vec<FilterDraft>,
}

impl Asked<'_> {
    fn add(
        &mut self,
        reading: &mut Reading<'_>,
        path: &str,
        test: RelatedTest,
        conditions: impl FnOnce(&mut Reading<'_>, &str, &mut Path) -> Option<Vec<FilterDraft>>,
    ) {
        self.place.push(self.filters.len());
        reading.paths.note(self.there.place(self.place), path);
        let conditions = conditions(reading, path, self.place);
        self.place.pop();
        if let Some(filters) = conditions {
            self.filters.push(FilterDraft::Related(RelatedDraft { test, filters, ..self.end.clone() }));
        }
    }

    fn conditions(&mut self, reading: &mut Reading<'_>, path: &str, test: RelatedTest, json: &Json) {
        let there = self.there.clone();
        self.add(reading, path, test, |reading, path, place| Some(group(reading, &there, path, json, place)));
    }

    /// `count: 2`, or `count: { ">": 2, where: { … } }`: all comparisons have to hold.
    fn count(&mut self, reading: &mut Reading<'_>, path: &str, json: &Json) {
        let equal = [("=".to_owned(), json.clone())];
        let members = if matches!(json, Json::Integer(_)) { &equal } else { reading.reader.map(path, json) };
        let mut counts = Vec::new();
        for (name, part) in members.iter().filter(|(name, _)| name != "where") {
            let path = if matches!(json, Json::Integer(_)) { path.to_owned() } else { member(path, name) };
            let known = TESTS
                .iter()
                .find(|(known, test)| known == name && Test::compares().any(|compares| compares == *test));
            match (known, part) {
                (Some((_, compare)), Json::Integer(count @ 0..)) => {
                    counts.push((*compare, count.to_string()))
                }
                (Some(_), other) => reading.reader.expected(&path, "a number of objects", other),
                (None, _) => {
                    let known = ["=", "!=", "<", "<=", ">", ">=", "where"];
                    reading.reader.unknown(&path, "test of a number", name, known);
                }
            }
        }
        if matches!(json, Json::Map(_)) && !members.iter().any(|(name, _)| name != "where") {
            reading.reader.error(path, "It is not said how many.", "Write it as { \">\": 2, where: { … } }.");
        }
        let on_which = members.iter().find(|(name, _)| name == "where").map(|(_, conditions)| conditions);
        for (at, (compare, count)) in counts.into_iter().enumerate() {
            (self.end.compare, self.end.count) = (compare, count);
            let there = self.there.clone();
            let known = self.filters.last().and_then(FilterDraft::inner).map(|(_, filters)| filters.to_vec());
            self.add(reading, path, RelatedTest::Count, |reading, path, place| match on_which {
                // What is wrong with the conditions has been told.
                _ if at > 0 => known,
                Some(json) => Some(group(reading, &there, &member(path, "where"), json, place)),
                None => Some(Vec::new()),
            });
        }
    }
}

/// The conditions that an object has this key; one of these, if it is a list of keys of one value each.
fn is_key(reading: &mut Reading<'_>, path: &str, target: &Model, json: &Json) -> Option<Vec<FilterDraft>> {
    let schema = reading.schema;
    let identifies = |end: &End<'_>| {
        let link = schema.relationship(end.id.relationship).map(|relationship| &relationship.link);
        matches!(link, Some(Link::Key(key)) if key.identifies && key.holder == end.id.side)
    };
    let borrowed = schema.ends_of(target.id).any(|end| identifies(&end));
    let key: Vec<&Field> = target.key().collect();
    let wanted = |names: &str| match borrowed {
        true => format!("conditions on {}, whose key is made of others' keys", target.name),
        false => format!("conditions on {}, or its key ({names})", target.name),
    };
    let names = key.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ");
    let test = |field: &Field, test, value| {
        FilterDraft::Test(TestDraft { field: Some(field.id), test, value, ..TestDraft::default() })
    };
    let one_of = |reading: &mut Reading<'_>, field: &Field, items: &[Json]| -> Option<Vec<FilterDraft>> {
        let values = items
            .iter()
            .enumerate()
            .map(|(index, item)| typed(reading, &at(path, index), field.field_type, item));
        let values: Vec<String> = values.collect::<Option<_>>()?;
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        Some(vec![test(field, Test::In, values.join(","))])
    };
    match (key.as_slice(), json) {
        _ if borrowed => {}
        ([field], Json::List(items)) if !items.is_empty() => return one_of(reading, field, items),
        ([_], Json::List(_)) => {}
        ([field], value) => {
            return Some(vec![test(field, Test::Equal, typed(reading, path, field.field_type, value)?)]);
        }
        (fields, Json::List(parts)) if fields.len() == parts.len() => {
            let parts = fields.iter().zip(parts).enumerate();
            return parts
                .map(|(index, (field, part))| {
                    Some(test(field, Test::Equal, typed(reading, &at(path, index), field.field_type, part)?))
                })
                .collect();
        }
        _ => {}
    }
    reading.reader.expected(path, &wanted(&names), json);
    None
}
