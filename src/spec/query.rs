//! A query as a script writes it, as a draft.

use super::Json;
use super::conditions::{Conditions, group};
use super::paths::{Finding, Paths, Reader, are_fine, member, said};
use crate::query::{Grouping, IncludeDraft, Path, Place, Query, QueryDraft, Question, Strategy, ask};
use crate::schema::{EndId, FieldId, ModelId, Schema};

/// What reading a query gave.
#[derive(Clone, Debug)]
pub struct QueryRead {
    /// The query as the form would hold it, as far as it could be read.
    pub draft: QueryDraft,
    /// What there is to say, in order.
    pub findings: Vec<Finding>,
    /// The query for objects; `None` if there are errors, or groups are asked for.
    pub query: Option<Query>,
    /// The groups that are asked for; `None` if there are errors, or objects are.
    pub groups: Option<Grouping>,
}

const PARTS: [&str; 11] = [
    "model", "include", "strategy", "where", "fields", "compute", "distinct", "order", "limit", "offset",
    "group",
];

/// What is asked of groups beside what they are.
const OF_GROUPS: [&str; 5] = ["model", "where", "limit", "offset", "group"];

/// Reads a query and checks it against a schema.
///
/// ```
/// use relata::{project::Sample, schema::check, spec::{Json, read_query}};
/// let schema = check(&Sample::AuthorBook.project().draft).value.unwrap();
/// let spec = r#"{"model": "Author", "include": {"books": "joined"}, "where": {"name": {"like": "U%"}}, "order": "-name"}"#;
/// let read = read_query(&Json::parse(spec).unwrap(), &schema);
/// assert!(read.findings.is_empty());
/// assert!(read.query.is_some());
/// ```
pub fn read_query(json: &Json, schema: &Schema) -> QueryRead {
    let mut reading =
        Reading { reader: Reader::default(), schema, paths: Paths::default(), strategy: Strategy::SelectIn };
    let draft = reading.query(json);
    let mut findings = reading.reader.into_findings();
    let readable = are_fine(&findings);
    let report = ask(&draft, schema);
    let paths = reading.paths;
    if readable {
        findings.extend(report.diagnostics.into_iter().map(|finding| {
            let path = path_of(&paths, &finding.place);
            said(finding, path)
        }));
    }
    let (query, groups) = match report.value.filter(|_| readable) {
        None => (None, None),
        Some(Question::Objects(query)) => (Some(query), None),
        Some(Question::Groups(groups)) => (None, Some(groups)),
    };
    QueryRead { draft, findings, query, groups }
}

fn path_of(paths: &Paths<Place>, place: &Place) -> String {
    if let Some(path) = paths.get(place) {
        return path.to_owned();
    }
    match place {
        Place::Root => "model",
        Place::Include(_) | Place::IncludeFilter(..) => "include",
        Place::Filter(_) => "where",
        Place::Field(_) => "fields",
        Place::Computed(_) => "compute",
        Place::Distinct => "distinct",
        Place::Order(_) => "order",
        Place::Limit => "limit",
        Place::Offset => "offset",
        Place::Groups | Place::GroupKey(_) | Place::GroupValue(_) | Place::Having(_) => "group",
    }
    .to_owned()
}

pub(super) struct Reading<'a> {
    pub(super) reader: Reader,
    pub(super) schema: &'a Schema,
    pub(super) paths: Paths<Place>,
    /// How to load what says nothing of it.
    strategy: Strategy,
}

impl Reading<'_> {
    fn query(&mut self, json: &Json) -> QueryDraft {
        let mut draft = QueryDraft::default();
        let members = self.reader.map("", json);
        let part = |name: &str| members.iter().find(|(known, _)| known == name).map(|(_, part)| part);
        if let Some(strategy) = part("strategy") {
            self.strategy = self.strategy("strategy", strategy);
        }
        let Some(model) = part("model") else {
            if matches!(json, Json::Map(_)) {
                self.reader.error("model", "No model is named.", "Write it as { model: \"Author\" }.");
            }
            return draft;
        };
        let Some(root) = self.model("model", model) else { return draft };
        draft.root = Some(root);
        for (name, part) in members {
            match name.as_str() {
                "model" | "strategy" => {}
                "include" => draft.includes = self.includes(root, name, part, &mut Path::new()),
                "where" => {
                    let conditions = Conditions { model: root, include: None };
                    draft.filters = group(self, &conditions, name, part, &mut Path::new());
                }
                "fields" => draft.fields = self.fields(root, name, part),
                "compute" => draft.computed = self.computed(root, name, part),
                "distinct" => draft.distinct = self.reader.truth(name, part),
                // What is computed may be ordered by, wherever it stands.
                "order" => {}
                "limit" => draft.limit = self.count(name, part),
                "offset" => draft.offset = self.count(name, part),
                "group" => draft.grouping = Some(self.grouping(root, name, part)),
                other => self.reader.unknown(other, "part of a query", other, PARTS),
            }
        }
        for (name, _) in members.iter().filter(|_| part("group").is_some()) {
            if PARTS.contains(&name.as_str()) && !OF_GROUPS.contains(&name.as_str()) {
                let message = format!("Groups have no {name}: they are rows, not objects.");
                self.reader.error(name, message, "Write by, compute, having and order into group.");
            }
        }
        if let Some(order) = part("order") {
            draft.order = self.order(root, "order", order, &draft.computed);
        }
        draft
    }

    fn model(&mut self, path: &str, json: &Json) -> Option<ModelId> {
        let name = self.reader.text(path, json)?;
        let found = self.schema.models().find(|model| model.name == name).map(|model| model.id);
        if found.is_none() {
            self.reader.unknown(path, "model", &name, self.schema.models().map(|model| model.name.as_str()));
        }
        found
    }

    /// The property of a model with this name.
    pub(super) fn end(&mut self, path: &str, model: ModelId, name: &str) -> Option<EndId> {
        let schema = self.schema;
        let found = schema.ends_of(model).find(|end| end.name == name).map(|end| end.id);
        if found.is_none() {
            self.reader.unknown(path, "relationship", name, schema.ends_of(model).map(|end| end.name));
        }
        found
    }

    pub(super) fn target(&self, end: EndId) -> Option<ModelId> {
        self.schema.end(end).map(|end| end.target.id)
    }

    /// The field of a model with this name.
    pub(super) fn field(&mut self, path: &str, model: ModelId, name: &str) -> Option<FieldId> {
        let fields = &self.schema.model(model)?.fields;
        let found = fields.values().find(|field| field.name == name).map(|field| field.id);
        if found.is_none() {
            self.reader.unknown(path, "field", name, fields.values().map(|field| field.name.as_str()));
        }
        found
    }

    fn strategy(&mut self, path: &str, json: &Json) -> Strategy {
        let choices: Vec<(&str, Strategy)> =
            Strategy::all().map(|strategy| (strategy.label(), strategy)).collect();
        self.reader.choice(path, json, &choices).unwrap_or(Strategy::SelectIn)
    }

    /// What to load with the objects of a model: an object by property, or a list of properties like `books.tags`.
    fn includes(&mut self, model: ModelId, path: &str, json: &Json, place: &mut Path) -> Vec<IncludeDraft> {
        let mut includes = Vec::new();
        match json {
            Json::Text(_) | Json::List(_) => {
                for (path, name) in self.reader.texts_at(path, json) {
                    let names: Vec<&str> = name.split('.').collect();
                    self.follow(model, &path, &names, &mut includes, place);
                }
            }
            Json::Map(members) => {
                for (name, part) in members {
                    if *part == Json::Bool(false) {
                        continue;
                    }
                    let path = member(path, name);
                    let Some(end) = self.end(&path, model, name) else { continue };
                    place.push(includes.len());
                    self.paths.note(Place::Include(place.clone()), &path);
                    includes.push(self.include(end, &path, part, place));
                    place.pop();
                }
            }
            other => self.reader.expected(path, "properties by name, or a list of paths", other),
        }
        includes
    }

    /// Adds what a path like `books.tags` names, beside what others have named.
    fn follow(
        &mut self,
        model: ModelId,
        path: &str,
        names: &[&str],
        includes: &mut Vec<IncludeDraft>,
        place: &mut Path,
    ) {
        let [name, rest @ ..] = names else { return };
        let Some(end) = self.end(path, model, name) else { return };
        let at = includes.iter().position(|include| include.end == end).unwrap_or_else(|| {
            includes.push(IncludeDraft::new(end, self.strategy, Vec::new()));
            includes.len() - 1
        });
        place.push(at);
        self.paths.note(Place::Include(place.clone()), path);
        if let Some(target) = self.target(end) {
            self.follow(target, path, rest, &mut includes[at].includes, place);
        }
        place.pop();
    }

    fn include(&mut self, end: EndId, path: &str, json: &Json, place: &mut Path) -> IncludeDraft {
        let mut draft = IncludeDraft::new(end, self.strategy, Vec::new());
        let (Json::Map(members), Some(target)) = (json, self.target(end)) else {
            match json {
                Json::Bool(_) => {}
                Json::Text(_) => draft.strategy = self.strategy(path, json),
                other => self.reader.expected(path, "true, a strategy or an object", other),
            }
            return draft;
        };
        for (name, part) in members {
            let path = member(path, name);
            match name.as_str() {
                "strategy" => draft.strategy = self.strategy(&path, part),
                "inner" => draft.inner = self.reader.truth(&path, part),
                "depth" => match part {
                    Json::Integer(depth @ 0..=99) => draft.depth = *depth as u32,
                    other => self.reader.expected(&path, "a depth from 1 to 10", other),
                },
                "where" => {
                    let conditions = Conditions { model: target, include: Some(place.clone()) };
                    draft.filters = group(self, &conditions, &path, part, &mut Path::new());
                }
                "include" => draft.includes = self.includes(target, &path, part, place),
                other => {
                    let known = ["strategy", "include", "where", "inner", "depth"];
                    self.reader.unknown(&path, "part of an include", other, known);
                }
            }
        }
        draft
    }

    fn fields(&mut self, model: ModelId, path: &str, json: &Json) -> Vec<FieldId> {
        let mut fields = Vec::new();
        for (path, name) in self.reader.texts_at(path, json) {
            if let Some(field) = self.field(&path, model, &name) {
                self.paths.note(Place::Field(fields.len()), &path);
                fields.push(field);
            }
        }
        fields
    }

    pub(super) fn count(&mut self, path: &str, json: &Json) -> String {
        match json {
            Json::Null => String::new(),
            Json::Integer(number @ 0..) => number.to_string(),
            other => {
                self.reader.expected(path, "a number of objects", other);
                String::new()
            }
        }
    }
}
