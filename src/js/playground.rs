//! The ORM by script: what `Playground` of the JavaScript package calls.
//!
//! Specifications come in as JSON, and answers go out as JSON; but the objects of a query stay where they are until JavaScript
//! has read them out of memory, by the addresses that its answer gives.

#![allow(unreachable_pub, reason = "wasm-bindgen exports only what is public")]

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::{Value as Reply, json};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::answers::{failure, finding, key, model, refused, tables};
use super::groups::groups;
use super::outcome::told;
use super::registry::{Slab, share};
use crate::compare::same;
use crate::emit::{django, sqlalchemy};
use crate::engine::compact::Outcome;
use crate::engine::{Live, Stop};
use crate::graph::Canonical;
use crate::mapping::{Relational, TableId};
use crate::project::{Data, Project, Sample};
use crate::query::{self, Plan, QueryDraft, Strategy};
use crate::schema::Schema;
use crate::spec::{Finding, Json, QueryRead, SchemaRead, read_key, read_objects, read_query, read_schema};
use crate::sql::ddl;

/// A playground: a document, and the database that is made of it.
#[derive(Default)]
struct Playground {
    project: Project,
    compiled: Option<(Schema, Relational)>,
    findings: Vec<Finding>,
    live: Option<Live>,
    /// The last outcome, as long as it is read.
    outcome: Option<(Plan, Outcome)>,
    /// The graphs that differ, of a comparison.
    compared: Vec<Canonical>,
}

thread_local! {
    static PLAYGROUNDS: RefCell<Slab<Rc<RefCell<Playground>>>> = const { RefCell::new(Slab::new()) };
}

const BUSY: &str =
    "The playground is at work: a function or a hook that SQLite calls must not use it meanwhile.";

const SCHEMA_ERRORS: &str = "The schema has errors: see the diagnostics of define().";

/// Why something cannot be done at all, in a sentence.
type Answer = Result<String, JsValue>;

/// Lets the playground of that number do something. SQLite may call a script's functions meanwhile: those must not reach in.
fn reach<T>(id: u32, act: impl FnOnce(&mut Playground) -> Result<T, String>) -> Result<T, JsValue> {
    let playground = PLAYGROUNDS.with_borrow(|all| all.get(id).cloned());
    let playground = playground.ok_or_else(|| JsValue::from("The playground is closed."))?;
    let mut playground = playground.try_borrow_mut().map_err(|_| JsValue::from(BUSY))?;
    act(&mut playground).map_err(JsValue::from)
}

fn with(id: u32, act: impl FnOnce(&mut Playground) -> Result<Reply, String>) -> Answer {
    reach(id, |playground| act(playground).map(|reply| reply.to_string()))
}

/// Makes a playground: of a project as JSON, of a sample by its title, or an empty one.
#[wasm_bindgen]
pub fn pg_new(project: &str) -> Result<u32, JsValue> {
    let project = opened(project).map_err(JsValue::from)?;
    let mut playground = Playground { project, ..Playground::default() };
    playground.defined(SchemaRead::of_draft(&playground.project.draft));
    Ok(PLAYGROUNDS.with_borrow_mut(|all| all.add(Rc::new(RefCell::new(playground)))))
}

fn opened(text: &str) -> Result<Project, String> {
    if text.is_empty() {
        return Ok(Project::default());
    }
    if text.trim_start().starts_with('{') {
        return Project::from_json(text).map_err(|error| error.to_string());
    }
    let found = Sample::all().find(|sample| sample.title().eq_ignore_ascii_case(text));
    found.map(Sample::project).ok_or_else(|| {
        let titles: Vec<&str> = Sample::all().map(Sample::title).collect();
        format!("There is no sample “{text}”. There is {}.", titles.join(", "))
    })
}

/// Lets go of a playground.
#[wasm_bindgen]
pub fn pg_free(id: u32) {
    drop(PLAYGROUNDS.with_borrow_mut(|all| all.take(id)));
}

/// Takes a schema: as a script writes it, or that of a project. Without a text it tells of the one that is there.
#[wasm_bindgen]
pub fn pg_define(id: u32, spec: &str) -> Answer {
    with(id, |playground| {
        if !spec.is_empty() {
            playground.define(spec)?;
        }
        Ok(playground.schema_told())
    })
}

/// Makes the database anew: the tables, and the rows of the project if it has any.
#[wasm_bindgen]
pub fn pg_create(id: u32) -> Answer {
    with(id, Playground::create)
}

/// Shares the connection of the database, made if there is none yet; gives its number.
#[wasm_bindgen]
pub fn pg_database(id: u32) -> Result<u32, JsValue> {
    reach(id, |playground| Ok(share(playground.live()?.connection().clone())))
}

/// Inserts objects: those that are listed for each model, and all objects that these are made of.
#[wasm_bindgen]
pub fn pg_insert(id: u32, listed: &str, objects: &str) -> Answer {
    with(id, |playground| playground.insert(listed, objects))
}

/// Whether the row that an insertion made in a table, with this primary key, is there still.
#[wasm_bindgen]
pub fn pg_known(id: u32, insertion: u32, table: u32, key: &str) -> Result<bool, JsValue> {
    reach(id, |playground| {
        let live = playground.live()?;
        let key = read_key(&Json::parse(key)?, live.relational(), TableId(table));
        Ok(key.is_some_and(|key| live.is_still_there(insertion, TableId(table), &key)))
    })
}

/// Runs a query; with another strategy throughout, if one is named.
#[wasm_bindgen]
pub fn pg_query(id: u32, spec: &str, strategy: &str) -> Answer {
    with(id, |playground| playground.query(spec, strategy))
}

/// Which of the graphs that differ the last outcome is, counted since the last `first`.
#[wasm_bindgen]
pub fn pg_graph(id: u32, first: bool) -> Answer {
    with(id, |playground| Ok(json!(playground.number_of_graph(first))))
}

/// How long the statements of a query take alone, and the graph made of them.
#[wasm_bindgen]
pub fn pg_measure(id: u32, spec: &str) -> Answer {
    with(id, |playground| {
        let read = playground.read_query_of_objects(spec)?;
        let live = playground.live()?;
        let Some(query) = read.query else {
            return Ok(json!({ "diagnostics": told_findings(&read.findings) }));
        };
        let plan = query::plan(&query, live.schema(), live.relational());
        let [sqlite, graph] = live.measure(&plan).map_err(|error| error.to_string())?;
        Ok(json!({ "sqlite": sqlite as f64 / 1000.0, "graph": graph as f64 / 1000.0 }))
    })
}

/// Lets go of the last outcome.
#[wasm_bindgen]
pub fn pg_done(id: u32) {
    // One that is closed has none any more.
    let _ = reach(id, |playground| {
        playground.outcome = None;
        Ok(())
    });
}

/// The strategies that a query is compared in; none if it loads nothing.
#[wasm_bindgen]
pub fn pg_strategies(id: u32, spec: &str) -> Answer {
    with(id, |playground| {
        let read = playground.read_query_of_objects(spec)?;
        let ways = Strategy::all().filter(|_| !read.draft.includes.is_empty()).map(Strategy::label);
        Ok(json!({ "diagnostics": told_findings(&read.findings), "strategies": ways.collect::<Vec<_>>() }))
    })
}

/// The schema, and a query if one is given, as a program.
#[wasm_bindgen]
pub fn pg_emit(id: u32, language: &str, spec: &str) -> Answer {
    with(id, |playground| playground.emit(language, spec))
}

/// The document as it is now.
#[wasm_bindgen]
pub fn pg_project(id: u32) -> Answer {
    reach(id, |playground| playground.document())
}

fn told_findings(findings: &[Finding]) -> Vec<Reply> {
    findings.iter().map(finding).collect()
}

impl Playground {
    fn define(&mut self, spec: &str) -> Result<(), String> {
        let is_spec = spec.trim_start().starts_with(['{', '[']);
        let json = if is_spec { Json::parse(spec)? } else { Json::Null };
        let has_version =
            matches!(&json, Json::Map(members) if members.iter().any(|(name, _)| name == "relata"));
        let read = if !is_spec || has_version {
            self.project = opened(spec)?;
            SchemaRead::of_draft(&self.project.draft)
        } else {
            let read = read_schema(&json);
            let name = std::mem::take(&mut self.project.name);
            self.project = Project { name, draft: read.draft.clone(), ..Project::default() };
            read
        };
        self.live = None;
        self.defined(read);
        Ok(())
    }

    fn defined(&mut self, read: SchemaRead) {
        self.findings = read.findings;
        self.compiled = read.checked;
    }

    fn schema_told(&self) -> Reply {
        let mut told =
            json!({ "diagnostics": told_findings(&self.findings), "models": [], "tables": [], "ddl": [] });
        if let Some((schema, relational)) = &self.compiled {
            told["models"] = schema.models().map(|each| model(schema, each)).collect();
            told["tables"] = tables(schema, relational).into();
            told["ddl"] = ddl(relational).into_iter().map(|statement| Reply::from(statement.text)).collect();
        }
        told
    }

    fn create(&mut self) -> Result<Reply, String> {
        let Some((schema, relational)) = self.compiled.clone() else {
            return Err(SCHEMA_ERRORS.into());
        };
        // A document that is in use has its rows in the database.
        let (live, refusals) =
            Live::create(schema, relational, &self.project.data).map_err(|error| error.to_string())?;
        self.live = Some(live);
        let refusals =
            refusals.iter().map(|refusal| json!({ "message": refusal.message, "sqlite": refusal.sqlite }));
        Ok(json!({ "refused": refusals.collect::<Vec<_>>() }))
    }

    fn live(&mut self) -> Result<&Live, String> {
        if self.live.is_none() {
            self.create()?;
        }
        self.live.as_ref().ok_or_else(|| "There is no database.".into())
    }

    fn insert(&mut self, listed: &str, objects: &str) -> Result<Reply, String> {
        let live = self.live()?;
        let (listed, objects) = (Json::parse(listed)?, Json::parse(objects)?);
        let Json::List(objects) = objects else { return Err("The objects are no list.".into()) };
        let new = match read_objects(&listed, &objects, live.schema(), live.relational()) {
            Ok(new) => new,
            Err(findings) => return Ok(json!({ "diagnostics": told_findings(&findings) })),
        };
        let inserted = match live.insert(&new) {
            Ok(inserted) => inserted,
            Err(refusal) => {
                let object = new.objects.get(refusal.object);
                return Ok(json!({ "refused": refused(live.schema(), object, &refusal) }));
            }
        };
        let mut told = serde_json::Map::new();
        for (model, numbers) in &new.listed {
            let Some(model) = live.schema().model(*model) else { continue };
            let keys = numbers.iter().map(|at| key(&inserted.rows[*at].1));
            told.insert(model.name.clone(), keys.collect());
        }
        let all = new.objects.iter().zip(&inserted.rows);
        let all = all.map(|(object, (table, own))| json!([object.number, table.0, key(own)]));
        Ok(json!({ "keys": told, "insertion": inserted.number, "all": all.collect::<Vec<_>>() }))
    }

    fn read_query(&mut self, spec: &str) -> Result<QueryRead, String> {
        let json = Json::parse(spec)?;
        Ok(read_query(&json, self.live()?.schema()))
    }

    /// The same, of objects.
    fn read_query_of_objects(&mut self, spec: &str) -> Result<QueryRead, String> {
        let read = self.read_query(spec)?;
        if read.groups.is_some() {
            Err("Groups are loaded in one way: they can be queried, not compared or measured.".into())
        } else {
            Ok(read)
        }
    }

    fn query(&mut self, spec: &str, strategy: &str) -> Result<Reply, String> {
        let mut read = self.read_query(spec)?;
        let live = self.live()?;
        if let Some(grouping) = &read.groups {
            let mut told = match groups(live, grouping) {
                Ok(groups) => json!({ "groups": groups }),
                Err(error) => json!({ "failure": failure(live.schema(), &Stop::Failed(error)) }),
            };
            told["diagnostics"] = told_findings(&read.findings).into();
            self.project.query = read.draft;
            return Ok(told);
        }
        if let (Some(strategy), Some(_)) =
            (Strategy::all().find(|known| known.label() == strategy), &read.query)
        {
            let mut draft: QueryDraft = read.draft.clone();
            draft.load_every(strategy);
            read.query = query::check(&draft, live.schema()).value;
        }
        let Some(query) = read.query else {
            return Ok(json!({ "diagnostics": told_findings(&read.findings) }));
        };
        let plan = query::plan(&query, live.schema(), live.relational());
        let outcome = live.load(&plan);
        let told = told(&plan, &query, &outcome, live.schema(), live.relational());
        let failed = outcome.failure.as_ref().map(|stop| failure(live.schema(), stop));
        self.project.query = read.draft;
        self.outcome = Some((plan, outcome));
        Ok(json!({ "diagnostics": told_findings(&read.findings), "failure": failed, "told": told }))
    }

    fn number_of_graph(&mut self, first: bool) -> Option<usize> {
        if first {
            self.compared.clear();
        }
        let (plan, outcome) = self.outcome.as_ref()?;
        let graph = outcome.graph.canonical(plan);
        let known = self.compared.iter().position(|known| same(known, &graph));
        Some(known.unwrap_or_else(|| {
            self.compared.push(graph);
            self.compared.len() - 1
        }))
    }

    fn emit(&mut self, language: &str, spec: &str) -> Result<Reply, String> {
        let (mut asked, mut groups) = (None, None);
        if !spec.is_empty() {
            let read = self.read_query(spec)?;
            if read.query.is_none() && read.groups.is_none() {
                return Ok(json!({ "diagnostics": told_findings(&read.findings) }));
            }
            (asked, groups) = (read.query, read.groups);
        }
        let Some((schema, relational)) = &self.compiled else {
            return Err(SCHEMA_ERRORS.into());
        };
        let source = match (language, &groups) {
            ("sqlalchemy", Some(groups)) => sqlalchemy::grouped(schema, relational, groups),
            ("django", Some(_)) => return Err("Groups are written for sqlalchemy only.".into()),
            ("sqlalchemy", None) => sqlalchemy::program(schema, relational, asked.as_ref()),
            ("django", None) => django::program(schema, relational, asked.as_ref())?,
            ("sql", _) => {
                let texts: Vec<String> =
                    ddl(relational).into_iter().map(|statement| statement.text + ";\n").collect();
                return Ok(json!({ "program": texts.join("\n") }));
            }
            (other, _) => return Err(format!("There is no “{other}”. There is sqlalchemy, django, sql.")),
        };
        let query = if asked.is_some() || groups.is_some() { source.query() } else { String::new() };
        let text = [source.models(), query].join("\n");
        Ok(json!({ "program": format!("{}\n", text.trim_end()) }))
    }

    fn document(&self) -> Result<String, String> {
        let data: Data = match &self.live {
            Some(live) => live.data().map_err(|error| error.to_string())?,
            None => self.project.data.clone(),
        };
        Ok(Project { data, ..self.project.clone() }.to_json())
    }
}
