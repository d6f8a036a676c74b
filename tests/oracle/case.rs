//! A project as a case for another ORM, and what Relata itself does with it.

use std::collections::BTreeMap;

use relata::emit::{Names, Source};
use relata::engine::{Database, SqlError, Stop};
use relata::graph::{Canonical, Identity};
use relata::mapping::{Relational, map};
use relata::project::Project;
use relata::protocol::Limits;
use relata::query::{self, Grouping, Include, OrderKey, Query, QueryDraft, Question};
use relata::schema::{self, EndId, ModelId, Schema};
use relata::sql::{Statement, ddl, quote, render};
use relata::trace::Rows;
use relata::value::Value;
use serde_json::{Value as Json, json};

/// Joined collections multiply: what brings back more than this would only take time.
const MOST_ROWS: u32 = 20_000;

/// A project with its database, filled with the rows that SQLite took.
pub(crate) struct Case {
    pub(crate) schema: Schema,
    pub(crate) relational: Relational,
    database: Database,
}

/// What Relata did for a query.
#[derive(Clone)]
pub(crate) struct Outcome {
    pub(crate) graph: Canonical,
    /// Each statement that was sent, with the number of its rows.
    pub(crate) statements: Vec<(String, usize)>,
    /// The property that must not be loaded and was touched.
    pub(crate) raised: Option<EndId>,
    /// Whether the order of the roots is decided by the query alone.
    pub(crate) ordered: bool,
    /// The columns of each object that were not asked for.
    pub(crate) unloaded: BTreeMap<Identity, Vec<usize>>,
}

impl Case {
    pub(crate) fn new(project: &Project) -> Case {
        let report = schema::check(&project.draft);
        let schema = report.value.unwrap_or_else(|| panic!("{:?}", report.diagnostics));
        let report = map(&schema);
        let relational = report.value.unwrap_or_else(|| panic!("{:?}", report.diagnostics));
        let (database, _) = Database::open(schema.clone(), relational.clone(), &project.data).unwrap();
        Case { schema, relational, database }
    }

    pub(crate) fn query(&self, draft: &QueryDraft) -> Query {
        let report = query::check(draft, &self.schema);
        report.value.unwrap_or_else(|| panic!("{:?}", report.diagnostics))
    }

    /// Runs a query as the playground does. `None` if it is stopped for its many rows.
    pub(crate) fn run(&mut self, query: &Query) -> Option<Outcome> {
        let plan = query::plan(query, &self.schema, &self.relational);
        let execution = self.database.run(&plan, Limits { millis: 20_000, rows: MOST_ROWS });
        let raised = match execution.failure {
            None => None,
            Some(Stop::Raised(end)) => Some(end),
            Some(Stop::Failed(SqlError::RowLimit(_))) => return None,
            Some(Stop::Failed(error)) => panic!("{error}"),
        };
        let statements =
            execution.trace.sent().map(|(_, sent)| (sent.statement.text.clone(), sent.rows.len())).collect();
        let root = self.schema.model(query.root).unwrap();
        let by_field = |id| {
            let is_it = |by: &OrderKey| matches!(by, OrderKey::Field(path) if path.through.is_empty() && path.field == id);
            query.order.iter().any(|term| is_it(&term.by))
        };
        let whole = root.key().count() == self.relational.table(plan.nodes[0].table).primary_key.len();
        let ordered = whole && root.key().all(|key| by_field(key.id));
        let objects = execution.graph.objects.iter().filter(|object| !object.unloaded.is_empty());
        let unloaded = objects.map(|object| ((object.model, object.key.clone()), object.unloaded.clone()));
        let unloaded = unloaded.collect();
        Some(Outcome { graph: execution.graph.canonical(), statements, raised, ordered, unloaded })
    }

    /// What a question about groups asks, if a draft asks one, and the rows that answer it.
    pub(crate) fn groups(&mut self, draft: &QueryDraft) -> Option<(Grouping, Rows)> {
        let report = query::ask(draft, &self.schema);
        let Question::Groups(grouping) = report.value.unwrap_or_else(|| panic!("{:?}", report.diagnostics))
        else {
            return None;
        };
        let plan = query::group(&grouping, &self.schema, &self.relational);
        let rows = self.database.query(&render(&plan.select, &[]), Limits::default()).unwrap();
        Some((grouping, rows))
    }

    /// The model that a model is a kind of in the end: the identity map knows objects under it.
    pub(crate) fn root_of(&self, model: ModelId) -> ModelId {
        self.relational.kinds_of(model).map_or(model, |kinds| kinds.root)
    }

    pub(crate) fn table_names(&self) -> Vec<String> {
        self.relational.tables.iter().map(|table| table.name.clone()).collect()
    }

    /// The names of the tables in which rows go on that begin in another: those of kinds.
    pub(crate) fn tables_of_kinds(&self) -> Vec<String> {
        let tables = self.relational.tables.iter().filter(|table| table.extends.is_some());
        tables.map(|table| table.name.clone()).collect()
    }

    /// The rows of all tables, in the order in which they lie there.
    fn rows(&mut self) -> Vec<Json> {
        let mut tables = Vec::new();
        for table in &self.relational.tables {
            // A join table's rows would otherwise come in the order of its key, out of the index.
            let text = format!("SELECT * FROM {} NOT INDEXED", quote(&table.name));
            let statement = Statement { text, ..Statement::default() };
            let rows: Rows = self.database.query(&statement, Limits::default()).unwrap();
            let rows: Vec<Json> = rows.iter().map(|row| row.iter().map(to_json).collect()).collect();
            let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            tables.push(json!({ "table": table.name, "columns": columns, "rows": rows }));
        }
        tables
    }

    /// The keys of all objects of a model whose key is a single column.
    pub(crate) fn keys(&mut self, model: ModelId) -> Vec<Value> {
        let table = self.relational.table(self.relational.table_of(model).unwrap());
        let key = quote(&table.columns[table.primary_key[0]].name);
        let text = format!("SELECT {key} FROM {}", quote(&table.name));
        let statement = Statement { text, ..Statement::default() };
        let rows = self.database.query(&statement, Limits::default()).unwrap();
        rows.into_iter().map(|mut row| row.remove(0)).collect()
    }

    /// The rows of every table, sorted, after SQLite has deleted an object; `None` if it refuses.
    pub(crate) fn delete(&mut self, model: ModelId, key: &Value) -> Option<BTreeMap<String, Vec<String>>> {
        let table = self.relational.table(self.relational.table_of(model).unwrap()).clone();
        let key_column = quote(&table.columns[table.primary_key[0]].name);
        let mut execute = |text: &str, params: Vec<Value>| {
            let statement = Statement { text: text.into(), params, ..Statement::default() };
            self.database.query(&statement, Limits::default())
        };
        execute("BEGIN", vec![]).unwrap();
        let text = format!("DELETE FROM {} WHERE {key_column} = ?", quote(&table.name));
        let deleted = execute(&text, vec![key.clone()]).is_ok();
        let rows = self.rows();
        let statement = Statement { text: "ROLLBACK".into(), ..Statement::default() };
        self.database.query(&statement, Limits::default()).unwrap();
        let sorted = |table: &Json| {
            let mut rows: Vec<String> =
                table["rows"].as_array().unwrap().iter().map(Json::to_string).collect();
            rows.sort();
            (table["table"].as_str().unwrap().to_owned(), rows)
        };
        deleted.then(|| rows.iter().map(sorted).collect())
    }

    /// The case as its runner takes it. Each query is a source with what to walk.
    pub(crate) fn json(&mut self, names: &Names, models: &str, queries: &[(&Query, Source)]) -> Json {
        let classes: Vec<Json> = self
            .schema
            .models()
            .map(|model| {
                let table = self.relational.table(self.relational.table_of(model.id).unwrap());
                let columns = names.columns(table.id);
                let key: Vec<&String> = table.primary_key.iter().map(|&at| &columns[at]).collect();
                let kind = self.relational.kinds_of(model.id).map(|kinds| &kinds.of[0]);
                // What only other kinds have is no attribute of the class.
                let has = |at: &usize| kind.is_none_or(|kind| !kind.lacks.contains(at));
                let columns = columns.iter().enumerate().map(|(at, name)| has(&at).then_some(name));
                json!({ "class": names.class(model.id), "key": key, "columns": columns.collect::<Vec<_>>() })
            })
            .collect();
        let queries: Vec<Json> = queries
            .iter()
            .map(|(query, source)| {
                json!({
                    "source": source.query(),
                    "walk": self.walk(names, &query.includes),
                    // The program's own loop goes every way again, which takes long where there are many.
                    "loop": queries.len() < 100 && depth(&query.includes) < 3,
                })
            })
            .collect();
        let ddl: Vec<String> = ddl(&self.relational).into_iter().map(|statement| statement.text).collect();
        json!({
            "models": models,
            "ddl": ddl,
            "tables": self.table_names(),
            "classes": classes,
            "rows": self.rows(),
            "queries": queries,
        })
    }

    fn walk(&self, names: &Names, includes: &[Include]) -> Vec<Json> {
        let one = |include: &Include| {
            let end = self.schema.end(include.end).unwrap();
            json!({
                "attribute": names.end(end.id),
                "many": end.kind.is_collection(),
                "includes": self.walk(names, &include.includes),
            })
        };
        includes.iter().map(one).collect()
    }
}

fn depth(includes: &[Include]) -> usize {
    includes.iter().map(|include| 1 + depth(&include.includes)).max().unwrap_or(0)
}

/// A value as the runners read and write it.
pub(crate) fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(integer) => json!(integer),
        Value::Real(real) => json!(real),
        Value::Text(text) => json!(text),
        Value::Blob(bytes) => {
            json!({ "blob": bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() })
        }
    }
}

/// The value that a runner wrote.
pub(crate) fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Real(number.as_f64().unwrap()), Value::Integer)
        }
        Json::String(text) => Value::Text(text.clone()),
        Json::Object(blob) => relata::schema::FieldType::Blob.parse(blob["blob"].as_str().unwrap()).unwrap(),
        other => panic!("no value: {other}"),
    }
}
