//! What another ORM did beside what Relata did: schemas, graphs and statements. Every difference is a sentence.

use std::collections::{BTreeMap, BTreeSet};

use relata::emit::Names;
use relata::graph::{Canonical, Identity};
use relata::mapping::{Column, ColumnOrigin};
use relata::schema::{EndId, Link, ModelId, Schema};
use relata::trace::Rows;
use relata::value::Value;
use serde_json::Value as Json;

use super::case::{Case, Outcome, from_json};
use super::statements::tables_of;

/// Compares what PRAGMA says of each table after both have created it. In those that hold several kinds the order of
/// the columns is free: SQLAlchemy adds those of each class together.
pub(crate) fn schemas(case: &Case, own: &Json, other: &Json) -> Result<(), String> {
    for (table, own) in own.as_object().unwrap() {
        let (mut own, mut other) = (describe(own), describe(&other[table]));
        let kinds = |column: &Column| matches!(column.origin, ColumnOrigin::Kind(_));
        let mut mixed = case.relational.tables.iter().filter(|one| one.columns.iter().any(kinds));
        if mixed.any(|one| one.name == *table) {
            own.0.sort();
            other.0.sort();
        }
        if own != other {
            return Err(format!("table {table}\n  Relata: {own:#?}\n  other:  {other:#?}"));
        }
    }
    Ok(())
}

/// A table's description in an order that does not depend on how it was written.
fn describe(table: &Json) -> (Vec<String>, BTreeSet<String>, BTreeSet<String>) {
    let columns = table["columns"].as_array().unwrap().iter().map(|column| {
        // SQLite's integer key is never NULL, whether or not it was said.
        let not_null = column["notnull"] == 1 || column["pk"] != 0;
        let default = column["dflt_value"].as_str().map(bare);
        format!(
            "{} {} not null {not_null} default {default:?} key {}",
            column["name"], column["type"], column["pk"]
        )
    });
    let mut keys: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for key in table["keys"].as_array().unwrap() {
        let columns = format!(
            "{} -> {}.{} delete {} update {}",
            key["from"], key["table"], key["to"], key["on_delete"], key["on_update"]
        );
        keys.entry(key["id"].as_i64().unwrap()).or_default().push(columns);
    }
    let indexes = table["indexes"].as_array().unwrap().iter().map(|index| {
        let name = if index["origin"] == "c" { index["name"].to_string() } else { String::new() };
        format!("{name} unique {} origin {} on {}", index["unique"], index["origin"], index["columns"])
    });
    let keys = keys.into_values().map(|columns| columns.join(", ")).collect();
    (columns.collect(), keys, indexes.collect())
}

/// An expression without the parentheses around it.
fn bare(text: &str) -> &str {
    text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text)
}

/// How much of what Relata does another ORM has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counterpart {
    /// The same way to load.
    Whole,
    /// Another way to load the same.
    GraphOnly,
}

/// Compares the graphs and the statements of one query.
pub(crate) fn query(
    case: &Case,
    names: &Names,
    own: &Outcome,
    other: &Json,
    counterpart: Counterpart,
) -> Result<(), String> {
    if counterpart == Counterpart::Whole {
        raised(&case.schema, names, own, other)?;
    }
    if own.raised.is_none() && other["raised"].is_null() {
        graphs(&case.schema, names, own, other)?;
    }
    if counterpart == Counterpart::GraphOnly {
        return Ok(());
    }
    let tables = Tables { all: case.table_names(), of_kinds: case.tables_of_kinds() };
    statements(own, &sent(&other["statements"]), &tables)?;
    if other["printed"].is_null() {
        return Ok(());
    }
    let printed = sent(&other["printed"]);
    statements(own, &printed, &tables).map_err(|error| format!("the program's own loop: {error}"))
}

/// Compares the rows about groups, which are ordered.
pub(crate) fn groups(own: &Rows, other: &Json) -> Result<(), String> {
    let rows = other.as_array().ok_or_else(|| other["failed"].to_string())?.iter();
    let other: Rows = rows.map(|row| row.as_array().unwrap().iter().map(from_json).collect()).collect();
    if *own == other {
        return Ok(());
    }
    Err(format!("groups differ\n  Relata: {own:?}\n  other: {other:?}"))
}

/// Compares which property stopped the walk, if any did.
fn raised(schema: &Schema, names: &Names, own: &Outcome, other: &Json) -> Result<(), String> {
    let named = |end: EndId| {
        let model = schema.end(end).unwrap().model.id;
        format!("'{}.{}' is not available due to lazy='raise'", names.class(model), names.end(end))
    };
    let (own, other) = (own.raised.map(named), other["raised"].as_str().map(str::to_owned));
    if own == other {
        return Ok(());
    }
    Err(format!("raised here {own:?}, there {other:?}"))
}

/// The statements that a runner noted, each with the number of its rows.
pub(crate) fn sent(statements: &Json) -> Vec<(String, usize)> {
    let one =
        |sent: &Json| (sent["text"].as_str().unwrap().to_owned(), sent["rows"].as_u64().unwrap() as usize);
    statements.as_array().unwrap().iter().map(one).collect()
}

/// The names of tables.
struct Tables {
    all: Vec<String>,
    /// Of them, those in which rows go on that begin in another.
    of_kinds: Vec<String>,
}

impl Tables {
    /// Whether statements differ in nothing but that SQLAlchemy reads tables of kinds once more: where a statement names
    /// the parents, too, it reads all that they are, in a subquery, and Relata the table that has the key.
    fn more_of_kinds_alone(&self, own: &[(String, usize)], other: &[(String, usize)]) -> bool {
        let others: Vec<String> =
            self.all.iter().filter(|name| !self.of_kinds.contains(name)).cloned().collect();
        let of_kinds = |statements: &[(String, usize)]| -> usize {
            statements.iter().map(|(text, _)| tables_of(text, &self.of_kinds).len()).sum()
        };
        gist(own, &others) == gist(other, &others) && of_kinds(own) < of_kinds(other)
    }
}

/// Of each statement the tables and the number of rows. The order of statements beside each other is chance in SQLAlchemy.
fn gist(statements: &[(String, usize)], tables: &[String]) -> Vec<(Vec<String>, usize)> {
    let mut gist: Vec<_> = statements.iter().map(|(text, rows)| (tables_of(text, tables), *rows)).collect();
    gist.sort();
    gist
}

fn statements(own: &Outcome, other: &[(String, usize)], tables: &Tables) -> Result<(), String> {
    let (ours, theirs) = (gist(&own.statements, &tables.all), gist(other, &tables.all));
    if ours == theirs || tables.more_of_kinds_alone(&own.statements, other) {
        return Ok(());
    }
    let show = |statements: &[(String, usize)]| -> String {
        let line = |(text, rows): &(String, usize)| {
            format!("\n    {rows} rows: {}", text.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        statements.iter().map(line).collect()
    };
    let kind = if ours.len() == theirs.len() { "tables or rows" } else { "number of statements" };
    Err(format!(
        "{kind} differ: {} here, {} there\n  Relata:{}\n  other:{}",
        ours.len(),
        theirs.len(),
        show(&own.statements),
        show(other)
    ))
}

impl Outcome {
    /// Whether another strategy gave the same objects.
    pub(crate) fn same_graph(&self, other: &Outcome) -> bool {
        let (mut own, mut theirs) = (self.graph.clone(), other.graph.clone());
        if !self.ordered {
            own.roots.sort();
            theirs.roots.sort();
        }
        own == theirs
    }

    /// With the values of the fields that were not asked for, where the other ORM loaded them.
    pub(crate) fn with_fields_of(mut self, case: &Case, names: &Names, other: &Json) -> Outcome {
        let other = canonical(&case.schema, names, other);
        for (identity, places) in &self.unloaded {
            if let (Some((own, _)), Some((theirs, _))) =
                (self.graph.objects.get_mut(identity), other.objects.get(identity))
            {
                places.iter().for_each(|&at| own[at] = theirs[at].clone());
            }
        }
        self
    }
}

/// What another ORM did, with each target of a many-to-many through a join model once; `None` if it was.
pub(crate) fn tied_once(schema: &Schema, names: &Names, other: &Json) -> Option<Json> {
    let mut once = other.clone();
    let through = |name: &str| {
        let mut ends = schema.models().flat_map(|model| schema.ends_of(model.id));
        ends.any(|end| {
            let link = schema.relationship(end.id.relationship).map(|relationship| &relationship.link);
            names.end(end.id) == name && matches!(link, Some(Link::Through(_)))
        })
    };
    for object in once["objects"].as_array_mut()? {
        for (name, targets) in object["links"].as_object_mut()? {
            let targets = targets.as_array_mut()?;
            let mut met = BTreeSet::new();
            targets.retain(|target| !through(name) || met.insert(target.to_string()));
        }
    }
    (once != *other).then_some(once)
}

/// Compares the objects, their values and where their properties lead.
pub(crate) fn graphs(schema: &Schema, names: &Names, own: &Outcome, other: &Json) -> Result<(), String> {
    let mut own_graph = own.graph.clone();
    let mut other_graph = canonical(schema, names, other);
    if !own.ordered {
        // Without an order the database returns rows as it likes.
        own_graph.roots.sort();
        other_graph.roots.sort();
    }
    if own_graph == other_graph {
        return Ok(());
    }
    Err(format!(
        "graphs differ\n  Relata:{}\n  other:{}",
        apart(&own_graph, &other_graph),
        apart(&other_graph, &own_graph)
    ))
}

/// The objects of a model, named by that at its top, that fulfil a condition.
pub(crate) struct Passing {
    pub(crate) of: ModelId,
    pub(crate) objects: BTreeSet<Identity>,
}

/// Compares the objects where conditions on what is loaded may not have been applied: each property leads where it does
/// with them, or where it does without; or else to those of them that pass some of the conditions on their model.
pub(crate) fn between(
    schema: &Schema,
    names: &Names,
    own: &Outcome,
    unfiltered: &Outcome,
    conditions: &[Passing],
    other: &Json,
) -> Result<(), String> {
    if own.raised.is_some() || !other["raised"].is_null() {
        return Err("raised".into());
    }
    let other = canonical(schema, names, other);
    let sorted = |graph: &Canonical| {
        let mut roots = graph.roots.clone();
        roots.sort();
        (roots, graph.computed.clone())
    };
    if sorted(&own.graph) != sorted(&other) {
        return Err("roots differ".into());
    }
    let some = |end: &EndId, all: &[Identity], found: &[Identity]| {
        let of = schema.root_of(schema.end(*end).unwrap().target.id);
        let own: Vec<&Passing> = conditions.iter().filter(|condition| condition.of == of).collect();
        (0..1 << own.len()).any(|chosen: u32| {
            let applied = own.iter().enumerate().filter(|(at, _)| chosen & (1 << at) != 0);
            let applied: Vec<&Passing> = applied.map(|(_, condition)| *condition).collect();
            let passes = |object: &&Identity| applied.iter().all(|one| one.objects.contains(*object));
            all.iter().filter(passes).eq(found)
        })
    };
    let is_told = |identity: &Identity, told: &(Vec<Value>, BTreeMap<EndId, Vec<Identity>>)| {
        let known = [&own.graph, &unfiltered.graph].map(|graph| graph.objects.get(identity));
        let leads = |end: &EndId, to: &Vec<Identity>| {
            let mut links = known.iter().flatten().filter_map(|known| known.1.get(end));
            let target = schema.root_of(schema.end(*end).unwrap().target.id);
            let fails = |one: &Passing| one.of == target && !one.objects.contains(identity);
            // Beneath a subquery the condition may be asked of the object itself.
            let beneath = to.is_empty() && conditions.iter().any(fails);
            beneath || links.any(|link| link == to || some(end, link, to))
        };
        known.iter().flatten().any(|known| known.0 == told.0) && told.1.iter().all(|(end, to)| leads(end, to))
    };
    match other.objects.iter().find(|(identity, told)| !is_told(identity, told)) {
        Some((identity, told)) => Err(format!("{identity:?}: {told:?}")),
        None => Ok(()),
    }
}

/// Whether another ORM sent statements that Relata did not, and each of those while it was reading rows. They may load
/// what Relata loads later.
pub(crate) fn only_amid_rows(own: &Outcome, other: &Json, tables: &[String]) -> bool {
    let mut ours: Vec<_> =
        own.statements.iter().map(|(text, rows)| (tables_of(text, tables), *rows)).collect();
    let marks = other["statements"].as_array().unwrap().iter().map(|sent| sent["amid"] == true);
    let (mut amid, others): (Vec<_>, Vec<_>) =
        sent(&other["statements"]).into_iter().zip(marks).partition(|(_, amid)| *amid);
    let mut is_more = |((text, rows), _): &((String, usize), bool)| {
        let found = ours.iter().position(|own| *own == (tables_of(text, tables), *rows));
        found.map(|at| ours.remove(at)).is_none()
    };
    let more_otherwise = others.iter().any(&mut is_more);
    amid.retain(is_more);
    !more_otherwise && !amid.is_empty()
}

/// What of a graph another one has not.
fn apart(graph: &Canonical, other: &Canonical) -> String {
    let mut lines = Vec::new();
    if graph.roots != other.roots {
        lines.push(format!("roots {:?}", graph.roots));
    }
    let objects = graph.objects.iter().filter(|(identity, told)| other.objects.get(identity) != Some(told));
    lines.extend(objects.map(|object| format!("{object:?}")));
    let computed =
        graph.computed.iter().filter(|(identity, told)| other.computed.get(identity) != Some(told));
    lines.extend(computed.map(|computed| format!("computed {computed:?}")));
    lines.iter().map(|line| format!("\n    {line}")).collect()
}

/// The graph that a runner describes, in the terms of the schema.
fn canonical(schema: &Schema, names: &Names, answer: &Json) -> Canonical {
    let class = |name: &Json| -> ModelId {
        let name = name.as_str().unwrap();
        schema.models().find(|model| names.class(model.id) == name).unwrap().id
    };
    let identity = |json: &Json| -> Identity {
        (class(&json[0]), json[1].as_array().unwrap().iter().map(from_json).collect())
    };
    let identities =
        |json: &Json| -> Vec<Identity> { json.as_array().unwrap().iter().map(identity).collect() };
    let objects = answer["objects"].as_array().unwrap().iter().map(|object| {
        let identity = identity(&object["identity"]);
        let end = |name: &str| -> EndId {
            schema.ends_of(identity.0).find(|end| names.end(end.id) == name).unwrap().id
        };
        let links = object["links"].as_object().unwrap().iter().map(|(name, targets)| {
            let mut targets = identities(targets);
            targets.sort();
            (end(name), targets)
        });
        let values = object["columns"].as_array().unwrap().iter().map(from_json).collect();
        let links = links.collect();
        (identity, (values, links))
    });
    let roots = identities(&answer["roots"]);
    let values = answer["computed"].as_array().into_iter().flatten();
    let values = values.map(|row| row.as_array().unwrap().iter().map(from_json).collect());
    let computed = roots.iter().cloned().zip(values).filter(|(_, values): &(_, Vec<_>)| !values.is_empty());
    Canonical { objects: objects.collect(), computed: computed.collect(), roots }
}
