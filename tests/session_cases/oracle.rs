//! The real SQLAlchemy in a process of its own: cases go in as JSON, what they left comes out.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use relata::mapping::{Placement, Relational, Table};
use relata::schema::{Cascades, EndId, FieldType, ModelId, Schema, Side};
use relata::session::{Happening, ObjectRef, Step, Verb, What};
use relata::sql::ddl;
use relata::value::Value;
use serde_json::{Value as Json, json};

use super::judged::Theirs;
use super::{Case, Left};
use crate::support::dump;

pub(crate) struct Oracle {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It ends by itself with its input; nothing hangs on how.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Oracle {
    pub(crate) fn start(python: &str) -> Oracle {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/session.py");
        let mut child = Command::new(python)
            .arg(script)
            .env("PYTHONHASHSEED", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{python} cannot be run: {error}"));
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Oracle { child, input, output: BufReader::new(output) }
    }

    /// What SQLAlchemy makes of a case. It leaves some orders to chance: `order` is 0
    /// for that in which objects were made, or any other.
    pub(crate) fn run(&mut self, case: &Case, order: u32) -> Theirs {
        let mut described = described(case);
        described["order"] = json!(order);
        writeln!(self.input, "{described}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let answer: Json =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("no answer to\n{}", case.told()));
        let rows = |rows: &Json| {
            let row = |row: &Json| row.as_array().unwrap().iter().map(value).collect::<Vec<Value>>();
            let mut rows: Vec<Vec<Value>> = rows.as_array().unwrap().iter().map(row).collect();
            rows.sort();
            rows
        };
        let tables = answer["tables"].as_object().unwrap();
        let tables: BTreeMap<_, _> = tables.iter().map(|(name, found)| (name.clone(), rows(found))).collect();
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        let sent = answer["sent"].as_array().unwrap().iter();
        let sent =
            sent.map(|sent| (text(&sent[0]), text(&sent[1]), sent[2].as_u64().unwrap() as usize)).collect();
        let error = answer["error"].as_str().map(str::to_owned);
        let (said, place) = (answer["failed"].to_string(), text(&answer["place"]));
        Theirs { left: Left { tables, error, sent }, said, place }
    }
}

/// The statements of a run: verb, table, and how many sets of parameters.
pub(crate) fn sent(happenings: &[Happening]) -> Vec<(String, String, usize)> {
    let mut all = Vec::new();
    for happening in happenings {
        let What::Sent(sent) = &happening.what else { continue };
        let words: Vec<&str> = sent.statement.text.split_whitespace().collect();
        let table = match sent.verb {
            Verb::Select => words[words.iter().position(|word| *word == "FROM").unwrap() + 1],
            Verb::Update => words[1],
            Verb::Insert | Verb::Delete => words[2],
        };
        all.push((words[0].to_owned(), table.trim_end_matches(',').to_owned(), sent.sets.len()));
    }
    all
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Number(number) => Value::Integer(number.as_i64().unwrap()),
        other => Value::Text(other.as_str().unwrap().to_owned()),
    }
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(number) => json!(number),
        other => json!(other.to_string()),
    }
}

pub(super) fn described(case: &Case) -> Json {
    let (schema, relational) = case.sketch.compile();
    let mut database = case.sketch.open();
    let mut rows = Vec::new();
    for (table, found) in relational.tables.iter().zip(dump(&mut database)) {
        for row in found {
            let values: Vec<Json> = row.iter().map(to_json).collect();
            rows.push(json!({"table": table.name, "values": values}));
        }
    }
    let models: Vec<ModelId> = schema.models().map(|model| model.id).collect();
    let describe = Describe { schema: &schema, relational: &relational, models };
    json!({
        "order": 0,
        "ddl": ddl(&relational).iter().map(|statement| statement.text.clone()).collect::<Vec<_>>(),
        "tables": relational.tables.iter().map(|table| describe.table(table)).collect::<Vec<_>>(),
        "rows": rows,
        "models": schema.models().map(|model| json!({
            "name": model.name, "table": describe.table_of(model.id).name,
        })).collect::<Vec<_>>(),
        "relationships": schema.relationships().map(|found| describe.relationship(found.id)).collect::<Vec<_>>(),
        "steps": case.script.steps.iter().map(|step| describe.step(case, step)).collect::<Vec<_>>(),
    })
}

struct Describe<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    models: Vec<ModelId>,
}

impl Describe<'_> {
    fn table_of(&self, model: ModelId) -> &Table {
        self.relational.table(self.relational.table_of(model).unwrap())
    }

    fn number(&self, model: ModelId) -> usize {
        self.models.iter().position(|other| *other == model).unwrap()
    }

    fn table(&self, table: &Table) -> Json {
        let names = |table: &Table, columns: &[usize]| -> Vec<String> {
            columns.iter().map(|at| table.columns[*at].name.clone()).collect()
        };
        let columns = table.columns.iter().enumerate().map(|(at, column)| {
            let kind = if column.field_type == FieldType::Integer { "INTEGER" } else { "TEXT" };
            json!({
                "name": column.name, "type": kind, "key": table.primary_key.contains(&at),
                "default": column.default.is_some(),
            })
        });
        let keys = table.foreign_keys.iter().map(|key| {
            let target = self.relational.table(key.target);
            json!({
                "columns": names(table, &key.columns), "target": target.name,
                "target_columns": names(target, &key.target_columns),
            })
        });
        let (columns, keys): (Vec<Json>, Vec<Json>) = (columns.collect(), keys.collect());
        json!({"name": table.name, "columns": columns, "keys": keys})
    }

    fn relationship(&self, id: relata::schema::RelationshipId) -> Json {
        let placement = self.relational.placement(id).unwrap();
        let pairs = |one: &Table, ones: &[usize], two: &Table, twos: &[usize]| -> Vec<Json> {
            ones.iter()
                .zip(twos)
                .map(|(first, second)| json!([one.columns[*first].name, two.columns[*second].name]))
                .collect()
        };
        let end = |side: Side| {
            let end = self.schema.end(EndId { relationship: id, side }).unwrap();
            let own = self.table_of(end.model.id);
            let joined = match placement {
                Placement::Join { table, columns, target_columns, .. } => {
                    let join = self.relational.table(*table);
                    pairs(own, &target_columns[side as usize], join, &columns[side as usize])
                }
                Placement::Key { .. } => Vec::new(),
            };
            json!({
                "model": self.number(end.model.id), "table": own.name, "name": end.name,
                "many": end.kind.is_collection(), "cascade": cascade(end.cascades), "pairs": joined,
                "passive_deletes": format!("{:?}", end.cascades.passive_deletes),
                "single_parent": end.cascades.single_parent, "post_update": end.cascades.post_update,
            })
        };
        let ends = [end(Side::Left), end(Side::Right)];
        match placement {
            Placement::Join { table, .. } => {
                json!({"ends": ends, "join": self.relational.table(*table).name})
            }
            Placement::Key { holder, table, columns, target, target_columns, .. } => {
                let (table, target) = (self.relational.table(*table), self.relational.table(*target));
                let pairs = pairs(table, columns, target, target_columns);
                json!({"ends": ends, "join": null, "holder": *holder as usize, "pairs": pairs})
            }
        }
    }

    fn object(&self, case: &Case, object: &ObjectRef) -> Json {
        match object {
            ObjectRef::New(at) => json!({"new": case.script.news[*at].name}),
            ObjectRef::Stored(model, key) => {
                let key: Vec<Json> = key.iter().map(to_json).collect();
                json!({"model": self.number(*model), "key": key})
            }
        }
    }

    fn step(&self, case: &Case, step: &Step) -> Json {
        let object = |found| self.object(case, found);
        let end = |id: &EndId| self.schema.end(*id).unwrap();
        match step {
            Step::New { object, values, add } => {
                let new = &case.script.news[*object];
                let table = self.table_of(new.model);
                let values: Vec<Json> = values
                    .iter()
                    .map(|(field, value)| json!([table.field_column(*field), to_json(value)]))
                    .collect();
                let model = self.number(new.model);
                json!({"op": "new", "name": new.name, "model": model, "values": values, "add": add})
            }
            Step::Add(found) => json!({"op": "add", "object": object(found)}),
            Step::Set(found, field, value) => {
                let column = self.relational.tables.iter().find_map(|table| table.field_column(*field));
                json!({"op": "set", "object": object(found), "column": column, "value": to_json(value)})
            }
            Step::Link(found, id, target) => json!({
                "op": "link", "object": object(found), "end": end(id).name,
                "many": end(id).kind.is_collection(), "target": object(target),
            }),
            Step::Clear(found, id) => json!({"op": "clear", "object": object(found), "end": end(id).name}),
            Step::Remove(found, id, target) => json!({
                "op": "remove", "object": object(found), "end": end(id).name, "target": object(target),
            }),
            Step::Load(found, id) => json!({"op": "load", "object": object(found), "end": end(id).name}),
            Step::Delete(found) => json!({"op": "delete", "object": object(found)}),
            Step::Flush => json!({"op": "flush"}),
            Step::Commit => json!({"op": "commit"}),
            Step::Rollback => json!({"op": "rollback"}),
        }
    }
}

fn cascade(cascades: Cascades) -> String {
    let named = [
        (cascades.save_update, "save-update"),
        (cascades.delete, "delete"),
        (cascades.delete_orphan, "delete-orphan"),
    ];
    let words: Vec<&str> = named.iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect();
    words.join(", ")
}
