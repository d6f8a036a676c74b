//! Conditions as a script writes them: `{ name: "Ursula", born: { ">=": 1900 }, books: { some: { title: "…" } } }`.

use super::Json;
use super::paths::{at, member};
use super::query::Reading;
use crate::query::{FilterDraft, Joiner, Path, Place, RelatedDraft, RelatedTest, Test, TestDraft};
use crate::schema::{EndId, FieldId, FieldType, ModelId};

/// Whose conditions are read.
#[derive(Clone)]
pub(super) struct Conditions {
    /// The model that they are on.
    pub(super) model: ModelId,
    /// The include that they belong to, if not to the query itself.
    pub(super) include: Option<Path>,
}

impl Conditions {
    fn place(&self, path: &Path) -> Place {
        match &self.include {
            None => Place::Filter(path.clone()),
            Some(include) => Place::IncludeFilter(include.clone(), path.clone()),
        }
    }
}

const TESTS: [(&str, Test); 19] = [
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

/// Reads conditions that all have to hold; a list of them, of which all have to.
pub(super) fn group(
    reading: &mut Reading<'_>,
    conditions: &Conditions,
    path: &str,
    json: &Json,
    place: &mut Path,
) -> (Joiner, Vec<FilterDraft>) {
    let mut filters = Vec::new();
    match json {
        Json::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let path = at(path, index);
                nested(reading, conditions, &path, item, place, &mut filters, Joiner::And);
            }
        }
        other => {
            for (name, part) in reading.reader.map(path, other) {
                one(reading, conditions, &member(path, name), (name, part), place, &mut filters);
            }
        }
    }
    (Joiner::And, filters)
}

/// Adds conditions in parentheses.
fn nested(
    reading: &mut Reading<'_>,
    conditions: &Conditions,
    path: &str,
    json: &Json,
    place: &mut Path,
    filters: &mut Vec<FilterDraft>,
    joiner: Joiner,
) {
    place.push(filters.len());
    reading.paths.note(conditions.place(place), path);
    let inner = match (joiner, json) {
        (Joiner::Or, Json::List(items)) => {
            let mut inner = Vec::new();
            for (index, item) in items.iter().enumerate() {
                nested(reading, conditions, &at(path, index), item, place, &mut inner, Joiner::And);
            }
            inner
        }
        _ => group(reading, conditions, path, json, place).1,
    };
    filters.push(FilterDraft::Group(joiner, inner));
    place.pop();
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
    let model = reading.schema.model(conditions.model);
    let field = model.and_then(|model| model.fields.values().find(|field| field.name == name));
    if let Some(field) = field {
        let at = (conditions, path);
        return tests(reading, at, (field.id, field.field_type), json, place, filters);
    }
    let end =
        reading.schema.ends_of(conditions.model).find(|end| end.name == name).map(|end| (end.id, end.kind));
    if let Some((end, kind)) = end {
        let test = Related { end, collection: kind.is_collection() };
        return related(reading, conditions, path, test, json, place, filters);
    }
    match name {
        "and" => nested(reading, conditions, path, json, place, filters, Joiner::And),
        "or" => nested(reading, conditions, path, json, place, filters, Joiner::Or),
        "not" => {
            nested(reading, conditions, path, json, place, filters, Joiner::And);
            if let Some(FilterDraft::Group(joiner, inner)) = filters.pop() {
                filters.push(FilterDraft::Not(joiner, inner));
            }
        }
        other => {
            let ends = reading.schema.ends_of(conditions.model).map(|end| end.name);
            let fields =
                model.into_iter().flat_map(|model| model.fields.values()).map(|field| field.name.as_str());
            let known: Vec<&str> = fields.chain(ends).collect();
            reading.reader.unknown(path, "field or relationship", other, known);
        }
    }
}

/// Adds the tests of a field: a value that it equals, a list that it is in, or an object of tests.
fn tests(
    reading: &mut Reading<'_>,
    (conditions, path): (&Conditions, &str),
    (field, kind): (FieldId, FieldType),
    json: &Json,
    place: &mut Path,
    filters: &mut Vec<FilterDraft>,
) {
    let members = match json {
        Json::Map(members) => {
            members.iter().map(|(name, part)| (member(path, name), name.as_str(), part)).collect()
        }
        Json::List(_) => vec![(path.to_owned(), "in", json)],
        Json::Null => vec![(path.to_owned(), "is null", &Json::Bool(true))],
        value => vec![(path.to_owned(), "=", value)],
    };
    for (path, name, part) in members {
        let Some((_, test)) = TESTS.iter().find(|(known, _)| *known == name) else {
            reading.reader.unknown(&path, "test", name, TESTS.map(|(name, _)| name));
            continue;
        };
        place.push(filters.len());
        reading.paths.note(conditions.place(place), &path);
        filters.extend(test_of(reading, &path, (field, kind), *test, part));
        place.pop();
    }
}

fn test_of(
    reading: &mut Reading<'_>,
    path: &str,
    (field, kind): (FieldId, FieldType),
    test: Test,
    json: &Json,
) -> Option<FilterDraft> {
    let plain = |test, value, upper| FilterDraft::Test(TestDraft { field: Some(field), test, value, upper });
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
        (Test::In | Test::NotIn, json) => {
            let items = reading.reader.list(path, json).iter().enumerate();
            let values: Option<Vec<String>> =
                items.map(|(index, item)| typed(reading, &at(path, index), kind, item)).collect();
            is_one_of(field, test, &values?)
        }
        (test, json) => plain(test, typed(reading, path, kind, json)?, String::new()),
    })
}

/// A test against several values. What cannot stand in a list as it is typed is said one by one.
fn is_one_of(field: FieldId, test: Test, values: &[String]) -> FilterDraft {
    if !values.iter().any(|value| value.contains('"')) {
        let quoted: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        return FilterDraft::Test(TestDraft {
            field: Some(field),
            test,
            value: quoted.join(","),
            ..TestDraft::default()
        });
    }
    let (joiner, each) =
        if test == Test::In { (Joiner::Or, Test::Equal) } else { (Joiner::And, Test::NotEqual) };
    let one = |value: &String| {
        FilterDraft::Test(TestDraft {
            field: Some(field),
            test: each,
            value: value.clone(),
            ..TestDraft::default()
        })
    };
    FilterDraft::Group(joiner, values.iter().map(one).collect())
}

/// A value as it would be typed for a field of this type.
fn typed(reading: &mut Reading<'_>, path: &str, kind: FieldType, json: &Json) -> Option<String> {
    let typed = super::objects::typed(kind, json);
    if typed.is_none() {
        reading.reader.expected(path, &format!("a value of type {}", kind.label()), json);
    }
    typed
}

/// What is asked of a relationship.
#[derive(Clone, Copy)]
struct Related {
    end: EndId,
    collection: bool,
}

const RELATED: [(&str, RelatedTest); 10] = [
    ("some", RelatedTest::Some),
    ("every", RelatedTest::Every),
    ("none", RelatedTest::None),
    ("count", RelatedTest::Count),
    ("is", RelatedTest::Is),
    ("is not", RelatedTest::IsNot),
    ("isNot", RelatedTest::IsNot),
    ("has one", RelatedTest::HasOne),
    ("has none", RelatedTest::HasNone),
    ("hasNone", RelatedTest::HasNone),
];

/// Adds conditions on what a relationship leads to. Of one that leads to a single object the conditions may be said at
/// once; `null` is that there is none, `true` that there is some.
fn related(
    reading: &mut Reading<'_>,
    conditions: &Conditions,
    path: &str,
    asked: Related,
    json: &Json,
    place: &mut Path,
    filters: &mut Vec<FilterDraft>,
) {
    let empty = Json::Map(Vec::new());
    let (none, some) = if asked.collection { ("none", "some") } else { ("has none", "has one") };
    let says_test = |members: &[(String, Json)]| {
        members.iter().all(|(name, _)| RELATED.iter().any(|(known, _)| known == name))
    };
    let tests: Vec<(String, &str, &Json)> = match json {
        Json::Null | Json::Bool(false) => vec![(path.to_owned(), none, &empty)],
        Json::Bool(true) => vec![(path.to_owned(), some, &empty)],
        Json::Map(members) if !asked.collection && !says_test(members) => vec![(path.to_owned(), "is", json)],
        other => {
            let members = reading.reader.map(path, other).iter();
            members.map(|(name, part)| (member(path, name), name.as_str(), part)).collect()
        }
    };
    let Some(target) = reading.target(asked.end) else { return };
    for (path, name, part) in tests {
        let Some((_, test)) = RELATED.iter().find(|(known, _)| *known == name) else {
            let known = ["some", "every", "none", "count", "is", "is not", "has one", "has none"];
            reading.reader.unknown(&path, "test of a relationship", name, known);
            continue;
        };
        place.push(filters.len());
        reading.paths.note(conditions.place(place), &path);
        let mut draft = RelatedDraft { end: Some(asked.end), test: *test, ..RelatedDraft::default() };
        let there = Conditions { model: target, ..conditions.clone() };
        match (test, part) {
            (RelatedTest::Count, part) => count(reading, &there, &path, part, place, &mut draft),
            (RelatedTest::HasOne | RelatedTest::HasNone, _) => {}
            (_, part) => (draft.joiner, draft.filters) = group(reading, &there, &path, part, place),
        }
        filters.push(FilterDraft::Related(draft));
        place.pop();
    }
}

/// `count: 2`, or `count: { ">": 2, where: { … } }`.
fn count(
    reading: &mut Reading<'_>,
    there: &Conditions,
    path: &str,
    json: &Json,
    place: &mut Path,
    draft: &mut RelatedDraft,
) {
    if let Json::Integer(number) = json {
        draft.count = number.to_string();
        return;
    }
    for (name, part) in reading.reader.map(path, json) {
        let path = member(path, name);
        if name == "where" {
            (draft.joiner, draft.filters) = group(reading, there, &path, part, place);
            continue;
        }
        match TESTS.iter().find(|(known, _)| known == name) {
            Some((_, test)) => {
                draft.compare = *test;
                draft.count = part.typed().unwrap_or_default();
            }
            None => reading.reader.unknown(
                &path,
                "test of a number",
                name,
                ["=", "!=", "<", "<=", ">", ">=", "where"],
            ),
        }
    }
}
