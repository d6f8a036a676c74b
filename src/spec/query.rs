//! A query as a script writes it, as a draft.

use super::Json;
use super::conditions::{Conditions, group};
use super::paths::{Finding, Paths, Reader, are_fine, at, member};
use super::relationships::descending;
use crate::query::{
    AggregateDraft, ComputedDraft, IncludeDraft, OrderDraft, Path, Place, Query, QueryDraft, Strategy, check,
};
use crate::schema::{EndId, FieldId, ModelId, Schema};
use crate::sql::Function;

/// What reading a query gave.
#[derive(Clone, Debug)]
pub struct QueryRead {
    /// The query as the form would hold it, as far as it could be read.
    pub draft: QueryDraft,
    /// What there is to say, in order.
    pub findings: Vec<Finding>,
    /// The query; `None` if there are errors.
    pub query: Option<Query>,
}

const PARTS: [&str; 10] =
    ["model", "include", "strategy", "where", "fields", "compute", "distinct", "order", "limit", "offset"];

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
    let report = check(&draft, schema);
    let paths = reading.paths;
    if readable {
        findings.extend(report.diagnostics.into_iter().map(|said| Finding {
            severity: said.severity,
            place: path_of(&paths, &said.place),
            message: said.message,
            mend: said.mend,
        }));
    }
    QueryRead { draft, findings, query: report.value.filter(|_| readable) }
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
        Place::Groups | Place::GroupKey(_) | Place::GroupValue(_) | Place::Having(_) => "",
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
                    (draft.joiner, draft.filters) = group(self, &conditions, name, part, &mut Path::new());
                }
                "fields" => draft.fields = self.fields(root, name, part),
                "compute" => draft.computed = self.computed(root, name, part),
                "distinct" => draft.distinct = self.reader.truth(name, part),
                "order" => draft.order = self.order(root, name, part),
                "limit" => draft.limit = self.count(name, part),
                "offset" => draft.offset = self.count(name, part),
                other => self.reader.unknown(other, "part of a query", other, PARTS),
            }
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
                for name in self.reader.texts(path, json) {
                    let names: Vec<&str> = name.split('.').collect();
                    self.follow(model, path, &names, &mut includes, place);
                }
            }
            other => {
                for (name, part) in self.reader.map(path, other) {
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
                "depth" => draft.depth = self.count(&path, part).parse().unwrap_or(1),
                "where" => {
                    let conditions = Conditions { model: target, include: Some(place.clone()) };
                    (draft.joiner, draft.filters) = group(self, &conditions, &path, part, &mut Path::new());
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
        for (index, name) in self.reader.texts(path, json).iter().enumerate() {
            let path = at(path, index);
            if let Some(field) = self.field(&path, model, name) {
                self.paths.note(Place::Field(fields.len()), &path);
                fields.push(field);
            }
        }
        fields
    }

    fn computed(&mut self, model: ModelId, path: &str, json: &Json) -> Vec<ComputedDraft> {
        let mut computed = Vec::new();
        for (name, part) in self.reader.map(path, json) {
            let path = member(path, name);
            self.paths.note(Place::Computed(computed.len()), &path);
            let aggregate = self.reader.map(&path, part).first().map(|(function, of)| {
                let known = FUNCTIONS.iter().find(|(name, _)| name == function);
                if known.is_none() {
                    self.reader.unknown(&path, "function", function, FUNCTIONS.map(|(name, _)| name));
                }
                self.aggregate(
                    model,
                    &member(&path, function),
                    known.map_or(Function::Count, |known| known.1),
                    of,
                )
            });
            computed.push(ComputedDraft {
                aggregate: aggregate.flatten().unwrap_or_default(),
                name: name.clone(),
            });
        }
        computed
    }

    /// A function over a collection: `books` for a count, `books.price` for the others.
    fn aggregate(
        &mut self,
        model: ModelId,
        path: &str,
        function: Function,
        of: &Json,
    ) -> Option<AggregateDraft> {
        let name = self.reader.text(path, of)?;
        let (collection, field) =
            name.split_once('.').map_or((name.as_str(), None), |(end, field)| (end, Some(field)));
        let end = self.end(path, model, collection)?;
        let field = match field {
            Some(field) => Some(self.field(path, self.target(end)?, field)?),
            None => None,
        };
        Some(AggregateDraft { function, end: Some(end), field })
    }

    fn order(&mut self, model: ModelId, path: &str, json: &Json) -> Vec<OrderDraft> {
        let terms = match json {
            Json::List(terms) => {
                terms.iter().enumerate().map(|(index, term)| (at(path, index), term)).collect()
            }
            one => vec![(path.to_owned(), one)],
        };
        let mut order = Vec::new();
        for (path, term) in terms {
            self.paths.note(Place::Order(order.len()), &path);
            order.extend(self.order_term(model, &path, term));
        }
        order
    }

    /// `name`, `-born`, `author.name`, or `{ count: "books", descending: true }`.
    fn order_term(&mut self, model: ModelId, path: &str, json: &Json) -> Option<OrderDraft> {
        let Json::Map(members) = json else {
            let term = self.reader.text(path, json)?;
            let (names, descending) = descending(&term);
            let mut names: Vec<&str> = names.split('.').collect();
            let field = names.pop()?;
            let (mut here, mut through) = (model, Vec::new());
            for name in names {
                let end = self.end(path, here, name)?;
                through.push(end);
                here = self.target(end)?;
            }
            let field = self.field(path, here, field)?;
            return Some(OrderDraft { field: Some(field), descending, through, aggregate: None });
        };
        let mut draft = OrderDraft::default();
        for (name, part) in members {
            let path = member(path, name);
            match FUNCTIONS.iter().find(|(known, _)| known == name) {
                Some((_, function)) => draft.aggregate = Some(self.aggregate(model, &path, *function, part)?),
                None if name == "descending" => draft.descending = self.reader.truth(&path, part),
                None => self.reader.unknown(
                    &path,
                    "part of an order",
                    name,
                    ["count", "sum", "average", "min", "max", "descending"],
                ),
            }
        }
        Some(draft)
    }

    fn count(&mut self, path: &str, json: &Json) -> String {
        match json {
            Json::Null => String::new(),
            Json::Integer(number) => number.to_string(),
            other => {
                self.reader.expected(path, "a whole number", other);
                String::new()
            }
        }
    }
}

const FUNCTIONS: [(&str, Function); 5] = [
    ("count", Function::Count),
    ("sum", Function::Sum),
    ("average", Function::Average),
    ("min", Function::Min),
    ("max", Function::Max),
];
