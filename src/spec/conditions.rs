//! Conditions as a script writes them: `{ name: "Ursula", born: { ">=": 1900 }, books: { some: { title: "…" } } }`.

use super::Json;
use super::paths::{at, member};
use super::query::Reading;
use super::related::related;
use crate::query::{FilterDraft, Joiner, Path, Place, RelatedDraft, RelatedTest, Test, TestDraft};
use crate::schema::{FieldId, FieldType, ModelId};

/// Whose conditions are read.
#[derive(Clone)]
pub(super) struct Conditions {
    /// The model that they are on.
    pub(super) model: ModelId,
    /// The include that they belong to, if not to the query itself.
    pub(super) include: Option<Path>,
}

impl Conditions {
    pub(super) fn place(&self, path: &Path) -> Place {
        match &self.include {
            None => Place::Filter(path.clone()),
            Some(include) => Place::IncludeFilter(include.clone(), path.clone()),
        }
    }
}

/// The tests by their first names.
const TOLD: [&str; 12] =
    ["=", "!=", "<", "<=", ">", ">=", "between", "like", "notLike", "in", "notIn", "isNull"];

pub(super) const TESTS: [(&str, Test); 19] = [
    ("=", Test::Equal),
    ("!=", Test::NotEqual),
    ("<>", Test::NotEqual),
    ("≠", Test::NotEqual),
    ("<", Test::Less),
    ("<=", Test::LessOrEqual),
    ("≤", Test::LessOrEqual),
    (">", Test::Greater),
    (">=", Test::GreaterOrEqual),
    ("≥", Test::GreaterOrEqual),
    ("between", Test::Between),
    ("like", Test::Like),
    ("not like", Test::NotLike),
    ("notLike", Test::NotLike),
    ("in", Test::In),
    ("not in", Test::NotIn),
    ("notIn", Test::NotIn),
    ("is null", Test::IsNull),
    ("isNull", Test::IsNull),
];

/// Reads conditions that all have to hold.
pub(super) fn group(
    reading: &mut Reading<'_>,
    conditions: &Conditions,
    path: &str,
    json: &Json,
    place: &mut Path,
) -> Vec<FilterDraft> {
    let mut filters = Vec::new();
    if let Json::List(_) = json {
        let message = format!("Expected an object of conditions, not {}.", json.noun());
        reading.reader.error(path, message, "Write { and: […] } or { or: […] }.");
        return filters;
    }
    for (name, part) in reading.reader.map(path, json) {
        one(reading, conditions, &member(path, name), (name, part), place, &mut filters);
    }
    filters
}

/// Adds conditions in parentheses: those of an object, or of a list of objects. An `or` of nothing holds for nothing, and so
/// does the opposite of what holds for everything; the form would take both for unfinished.
fn nested(
    reading: &mut Reading<'_>,
    conditions: &Conditions,
    path: &str,
    json: &Json,
    place: &mut Path,
    filters: &mut Vec<FilterDraft>,
    around: Around,
) {
    place.push(filters.len());
    reading.paths.note(conditions.place(place), path);
    let mut inner = Vec::new();
    match json {
        Json::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = at(path, index);
                place.push(index);
                reading.paths.note(conditions.place(place), &path);
                inner.push(FilterDraft::Group(Joiner::And, group(reading, conditions, &path, item, place)));
                place.pop();
            }
        }
        Json::Map(_) => inner = group(reading, conditions, path, json, place),
        other => reading.reader.expected(path, "conditions, or a list of them", other),
    }
    place.pop();
    filters.push(match around {
        Around::Not if inner.iter().all(is_anything) => nothing(reading, conditions.model),
        Around::Not => FilterDraft::Not(Joiner::And, inner),
        Around::And => FilterDraft::Group(Joiner::And, inner),
        Around::Or if inner.is_empty() => nothing(reading, conditions.model),
        Around::Or if inner.iter().any(is_anything) => FilterDraft::Group(Joiner::And, Vec::new()),
        Around::Or => FilterDraft::Group(Joiner::Or, inner),
    });
}

/// What stands around conditions in parentheses.
#[derive(Clone, Copy)]
enum Around {
    And,
    Or,
    Not,
}

/// Whether a condition holds for every object.
fn is_anything(filter: &FilterDraft) -> bool {
    match filter {
        FilterDraft::Test(_) | FilterDraft::Not(..) => false,
        FilterDraft::Group(Joiner::And, inner) => inner.iter().all(is_anything),
        FilterDraft::Group(Joiner::Or, inner) => inner.iter().any(is_anything),
        FilterDraft::Related(related) => {
            related.test == RelatedTest::Every && related.filters.iter().all(is_anything)
        }
    }
}

/// What holds for no object of a model: that it has no key, or, if that is made of others' keys, both one of those and none.
fn nothing(reading: &Reading<'_>, model: ModelId) -> FilterDraft {
    let field = reading.schema.model(model).and_then(|model| model.key().next()).map(|field| field.id);
    if field.is_some() {
        return FilterDraft::Test(TestDraft { field, test: Test::IsNull, ..TestDraft::default() });
    }
    let end = reading.schema.ends_of(model).find(|end| !end.kind.is_collection()).map(|end| end.id);
    let test = |test| FilterDraft::Related(RelatedDraft { end, test, ..RelatedDraft::default() });
    FilterDraft::Group(Joiner::And, vec![test(RelatedTest::HasOne), test(RelatedTest::HasNone)])
}

/// Adds what a member says: a group, a test of a field, or a condition on what a relationship leads to.
fn one(
    reading: &mut Reading<'_>,
    conditions: &Conditions,
    path: &str,
    (name, json): (&str, &Json),
    place: &mut Path,
    filters: &mut Vec<FilterDraft>,
) {
    let schema = reading.schema;
    let model = schema.model(conditions.model);
    let field = model.and_then(|model| model.fields.values().find(|field| field.name == name));
    if let Some(field) = field {
        let at = (conditions, path);
        return tests(reading, at, (field.id, field.field_type), json, place, filters);
    }
    if let Some(end) = schema.ends_of(conditions.model).find(|end| end.name == name) {
        return related(reading, conditions, path, &end, json, place, filters);
    }
    match name {
        "and" => nested(reading, conditions, path, json, place, filters, Around::And),
        "or" => nested(reading, conditions, path, json, place, filters, Around::Or),
        "not" => nested(reading, conditions, path, json, place, filters, Around::Not),
        other => {
            let ends = reading.schema.ends_of(conditions.model).map(|end| end.name);
            let fields =
                model.into_iter().flat_map(|model| model.fields.values()).map(|field| field.name.as_str());
            let known: Vec<&str> = fields.chain(ends).collect();
            reading.reader.unknown(path, "field or relationship", other, known);
        }
    }
}

/// Adds the tests of a field.
fn tests(
    reading: &mut Reading<'_>,
    (conditions, path): (&Conditions, &str),
    (field, kind): (FieldId, FieldType),
    json: &Json,
    place: &mut Path,
    filters: &mut Vec<FilterDraft>,
) {
    for (path, test, part) in named_tests(reading, path, json) {
        place.push(filters.len());
        reading.paths.note(conditions.place(place), &path);
        let draft = test_of(reading, &path, kind, test, part);
        filters.extend(draft.map(|draft| FilterDraft::Test(TestDraft { field: Some(field), ..draft })));
        place.pop();
    }
}

/// The tests of a value: another that it equals, a list that it is in, or an object of tests.
pub(super) fn named_tests<'a>(
    reading: &mut Reading<'_>,
    path: &str,
    json: &'a Json,
) -> Vec<(String, Test, &'a Json)> {
    match json {
        Json::Map(members) if members.is_empty() => {
            let mend = "Write a value, null for none, or tests like { \">\": 1 }.";
            reading.reader.error(path, "Nothing is tested here.", mend);
            Vec::new()
        }
        Json::Map(members) => {
            let named = members.iter().filter_map(|(name, part)| {
                let path = member(path, name);
                let known = TESTS.iter().find(|(known, _)| known == name);
                if known.is_none() {
                    reading.reader.unknown(&path, "test", name, TOLD);
                }
                known.map(|(_, test)| (path, *test, part))
            });
            named.collect()
        }
        Json::List(_) => vec![(path.to_owned(), Test::In, json)],
        Json::Null => vec![(path.to_owned(), Test::IsNull, &Json::Bool(true))],
        value => vec![(path.to_owned(), Test::Equal, value)],
    }
}

/// A test, of no field as yet.
pub(super) fn test_of(
    reading: &mut Reading<'_>,
    path: &str,
    kind: FieldType,
    test: Test,
    json: &Json,
) -> Option<TestDraft> {
    let plain = |test, value, upper| TestDraft { field: None, test, value, upper };
    Some(match (test, json) {
        (Test::IsNull, json) => {
            let test = if reading.reader.truth(path, json) { Test::IsNull } else { Test::IsNotNull };
            plain(test, String::new(), String::new())
        }
        (Test::Equal, Json::Null) => plain(Test::IsNull, String::new(), String::new()),
        (Test::NotEqual, Json::Null) => plain(Test::IsNotNull, String::new(), String::new()),
        (Test::Between, Json::List(items)) if items.len() == 2 => {
            let mut value = |index: usize| typed(reading, &at(path, index), kind, &items[index]);
            let (lower, upper) = (value(0)?, value(1)?);
            plain(Test::Between, lower, upper)
        }
        (Test::Between, other) => {
            reading.reader.expected(path, "a list of two values", other);
            return None;
        }
        (Test::In | Test::NotIn, Json::List(items)) if items.is_empty() => {
            let mend = "Write a value into it, or { or: [] } for no object at all.";
            reading.reader.error(path, "The list is empty.", mend);
            return None;
        }
        (Test::In | Test::NotIn, json) => {
            let items = reading.reader.list(path, json).iter().enumerate();
            let values: Option<Vec<String>> =
                items.map(|(index, item)| typed(reading, &at(path, index), kind, item)).collect();
            let quoted = values?.iter().map(|value| quoted(value)).collect::<Vec<_>>();
            plain(test, quoted.join(","), String::new())
        }
        // A pattern is text whatever it is matched against.
        (Test::Like | Test::NotLike, json) => plain(test, reading.reader.text(path, json)?, String::new()),
        (test, json) => plain(test, typed(reading, path, kind, json)?, String::new()),
    })
}

/// A value as it is typed into a list, where commas separate.
pub(super) fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}

/// A value as it would be typed for a field of this type.
pub(super) fn typed(reading: &mut Reading<'_>, path: &str, kind: FieldType, json: &Json) -> Option<String> {
    reading.reader.value(path, kind, json).map(|(text, _)| text)
}
