//! The real SQLAlchemy in a process of its own: cases go in as JSON, what they left comes out.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use relata::mapping::{ForeignKey, Placement, Relational, Table};
use relata::schema::{Cascades, EndId, FieldType, Model, ModelId, RelationshipId, Schema, Side};
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
        "models": schema.models().map(|model| describe.model(model)).collect::<Vec<_>>(),
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

    /// A class: of what it is a kind, and which columns of its table are its attributes, by their places in the whole.
    fn model(&self, model: &Model) -> Json {
        let table = self.relational.table(self.relational.own_table_of(model.id).unwrap());
        let kinds = self.relational.kinds_of(model.id);
        let lacks = kinds.map_or(&[][..], |kinds| &kinds.of[0].lacks);
        let place = |at: usize| self.relational.in_whole(table.id, at).1;
        let columns = (0..table.columns.len()).map(|at| (place(at), &table.columns[at].name));
        let columns: Vec<Json> =
            columns.filter(|(at, _)| !lacks.contains(at)).map(|(at, name)| json!([at, name])).collect();
        let kind = model.kind.as_ref();
        json!({
            "name": model.name, "table": table.name, "columns": columns,
            "parent": model.parent.map(|parent| self.number(parent)),
            "own_table": model.parent.is_none() || table.extends.is_some(),
            "on": kind.map(|kind| &kind.column), "mark": kind.map(|kind| &kind.value),
            "has_kinds": kinds.is_some_and(|kinds| kinds.of.len() > 1),
        })
    }

    /// A column by the name of its table and its own.
    fn column(&self, table: &Table, at: usize) -> Json {
        json!([table.name, table.columns[at].name])
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
        let (columns, mut keys): (Vec<Json>, Vec<Json>) = (columns.collect(), keys.collect());
        keys.extend(table.extends.map(|above| {
            let above = self.relational.table(above);
            json!({
                "columns": names(table, &table.primary_key), "target": above.name,
                "target_columns": names(above, &above.primary_key),
            })
        }));
        json!({"name": table.name, "columns": columns, "keys": keys})
    }

    fn relationship(&self, id: relata::schema::RelationshipId) -> Json {
        let placement = self.relational.placement(id).unwrap();
        // The columns of a key and those that it points to, in the tables that are there.
        let pairs = |table: &Table, key: &ForeignKey| -> Vec<Json> {
            let target = self.relational.table(key.target);
            let pairs = key.columns.iter().zip(&key.target_columns);
            pairs.map(|(held, own)| json!([self.column(table, *held), self.column(target, *own)])).collect()
        };
        let end = |side: Side| {
            let end = self.schema.end(EndId { relationship: id, side }).unwrap();
            let joined = match placement {
                Placement::Join { table, .. } => {
                    let join = self.relational.table(*table);
                    pairs(join, join.foreign_keys.iter().find(|key| key.side == side).unwrap())
                }
                Placement::Key { .. } => Vec::new(),
            };
            json!({
                "model": self.number(end.model.id), "name": end.name,
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
            Placement::Key { holder, .. } => {
                let held = ends_model(self.schema, id, *holder);
                let table = self.relational.table(self.relational.own_table_of(held).unwrap());
                let pairs =
                    pairs(table, table.foreign_keys.iter().find(|key| key.relationship == id).unwrap());
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
                let column = self.relational.model_tables().find_map(|table| table.field_column(*field));
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

fn ends_model(schema: &Schema, relationship: RelationshipId, side: Side) -> ModelId {
    schema.relationship(relationship).unwrap().model(side)
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
