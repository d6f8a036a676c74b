//! Django beside Relata: shapes loaded by `select_related` and `prefetch_related`, and what deletions do.

use std::collections::BTreeMap;

use relata::emit::django;
use relata::project::Project;
use relata::query::{IncludeDraft, QueryDraft, Strategy};
use relata::schema::{EndKind, Link, ModelId, OnDelete, Schema, Side};
use serde_json::{Value as Json, json};

use super::case::Case;
use super::compare;
use super::python::Python;
use super::shapes;
use super::statements::tables_of;

const RUNNER: &str = "django_runner.py";

/// Asks Django about a project. `edit` may change its program.
fn ask(
    python: &mut Python,
    case: &mut Case,
    drafts: &[QueryDraft],
    deletes: &[Json],
    edit: impl Fn(String) -> String,
) -> Result<Json, String> {
    let names = django::names(&case.schema, &case.relational);
    let queries: Vec<_> = drafts.iter().map(|draft| case.query(draft)).collect();
    let models = edit(django::program(&case.schema, &case.relational, None)?.models());
    let mut sources = Vec::new();
    for query in &queries {
        sources.push((query, django::program(&case.schema, &case.relational, Some(query))?));
    }
    let mut question = case.json(&names, &models, &sources);
    question["deletes"] = json!(deletes);
    python.ask(&question).map_err(|error| format!("{error}\n{models}"))
}

/// Whether Django loads each of these properties in the same way: it joins no collections; it does not read the rows
/// again to which a key to another column than the primary key belongs; what it loads lazily it loads
/// again for each object, since it has no identity map; and straight back along a key it knows the way.
fn has_counterpart(schema: &Schema, includes: &[IncludeDraft], roots: bool) -> bool {
    includes.iter().all(|include| {
        let kind = schema.end(include.end).unwrap().kind;
        let link = &schema.relationship(include.end.relationship).unwrap().link;
        let to_primary_key = !matches!(link, Link::Key(key) if key.references.is_some());
        let same = match include.strategy {
            Strategy::SelectIn => to_primary_key,
            Strategy::Joined => !kind.is_collection(),
            Strategy::Subquery | Strategy::Immediate | Strategy::Json | Strategy::Raise => false,
            Strategy::Lazy => roots && kind.is_collection() && include.includes.is_empty(),
        };
        let back = |inner: &IncludeDraft| inner.end == include.end.reverse() && kind != EndKind::ManyToMany;
        same && !include.includes.iter().any(back) && has_counterpart(schema, &include.includes, false)
    })
}

#[test]
fn shapes_are_loaded_with_as_many_statements() {
    let Some(mut python) = Python::start(RUNNER) else { return };
    let (mut compared, mut without, mut inexpressible, mut different) = (0, 0, Vec::new(), Vec::new());
    for shape in shapes::all() {
        let mut case = Case::new(&shape.project);
        if let Err(reason) = django::program(&case.schema, &case.relational, None) {
            inexpressible.push(format!("{}: {reason}", shape.name));
            continue;
        }
        let (drafts, others): (Vec<_>, Vec<_>) = shapes::ways(&case.schema)
            .into_iter()
            .map(|way| way.query)
            .partition(|query| has_counterpart(&case.schema, &query.includes, true));
        without += others.len();
        let answer = ask(&mut python, &mut case, &drafts, &[], |text| text)
            .unwrap_or_else(|error| panic!("{}: {error}", shape.name));
        for (draft, other) in drafts.iter().zip(answer["queries"].as_array().unwrap()) {
            match query(&mut case, draft, other) {
                Ok(()) => compared += 1,
                Err(error) => different.push(format!("{}: {error}", shape.name)),
            }
        }
    }
    println!("Django: {compared} queries compared; {without} load in a way that Django has not");
    println!("Django cannot say:\n  {}", inexpressible.join("\n  "));
    assert!(
        different.is_empty(),
        "{} different\n{}",
        different.len(),
        different[..different.len().min(4)].join("\n")
    );
    assert!(compared >= 30, "{compared}");
}

/// Compares the graph, and the tables of each statement.
fn query(case: &mut Case, draft: &QueryDraft, other: &Json) -> Result<(), String> {
    let query = case.query(draft);
    let source = django::program(&case.schema, &case.relational, Some(&query))?.query();
    let own = case.run(&query).unwrap();
    let names = django::names(&case.schema, &case.relational);
    compare::graphs(&case.schema, &names, &own, other).map_err(|error| format!("{error}\n{source}"))?;
    let tables = case.table_names();
    // Of a model with itself Django reads the far table once, SQLAlchemy both.
    let tables_of = |text: &str| {
        let mut found = tables_of(text, &tables);
        found.dedup();
        found
    };
    let mut ours: Vec<_> = own.statements.iter().map(|(text, _)| tables_of(text)).collect();
    ours.sort();
    for which in ["statements", "printed"] {
        let texts = || other[which].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
        let mut theirs: Vec<_> = texts().map(tables_of).collect();
        theirs.sort();
        if ours != theirs {
            let own: Vec<&str> = own.statements.iter().map(|(text, _)| text.as_str()).collect();
            let other: Vec<&str> = texts().collect();
            return Err(format!(
                "{which} differ\n  Relata:\n    {}\n  Django:\n    {}\n{source}",
                own.join("\n    "),
                other.join("\n    ")
            ));
        }
    }
    Ok(())
}

/// What a deletion did: the rows of every table, sorted, or nothing where it was refused.
type Deleted = Option<BTreeMap<String, Vec<String>>>;

fn django_deleted(answer: &Json) -> Deleted {
    let tables = answer["rows"].as_object()?;
    let sorted = |rows: &Json| {
        let mut rows: Vec<String> = rows.as_array().unwrap().iter().map(Json::to_string).collect();
        rows.sort();
        rows
    };
    Some(tables.iter().map(|(table, rows)| (table.clone(), sorted(rows))).collect())
}

/// Deletes each object of each model of a project whose key is one column by itself, here and there.
fn deletions(
    python: &mut Python,
    project: &Project,
    edit: fn(String) -> String,
) -> Vec<(String, Deleted, Deleted)> {
    let mut case = Case::new(project);
    let names = django::names(&case.schema, &case.relational);
    let mut deletes = Vec::new();
    let mut own = Vec::new();
    let of_one_column = |model: ModelId| {
        let table = case.relational.table_of(model).map(|id| case.relational.table(id));
        table.is_some_and(|table| table.primary_key.len() == 1)
    };
    let models: Vec<ModelId> =
        case.schema.models().map(|model| model.id).filter(|id| of_one_column(*id)).collect();
    for model in models {
        for key in case.keys(model) {
            deletes.push(json!({ "class": names.class(model), "key": super::case::to_json(&key) }));
            own.push((format!("{} {key}", names.class(model)), case.delete(model, &key)));
        }
    }
    let answer = ask(python, &mut case, &[], &deletes, edit).unwrap_or_else(|error| panic!("{error}"));
    let theirs = answer["deletes"].as_array().unwrap().iter().map(django_deleted);
    own.into_iter().zip(theirs).map(|((what, own), theirs)| (what, own, theirs)).collect()
}

/// Django's `on_delete` does before the deletion what `ON DELETE` does in it.
#[test]
fn deletions_leave_the_same_rows() {
    let Some(mut python) = Python::start(RUNNER) else { return };
    let (mut compared, mut refused, mut different) = (0, 0, Vec::new());
    for action in OnDelete::ALL {
        for shape in shapes::all() {
            let mut project = shape.project.clone();
            for relationship in &mut project.draft.relationships {
                let join = relationship.shape == relata::schema::Shape::ManyToMany;
                let clears = matches!(action, OnDelete::SetNull | OnDelete::SetDefault);
                relationship.on_delete =
                    if clears && (join || relationship.required || relationship.identifies) {
                        OnDelete::Cascade
                    } else {
                        action
                    };
            }
            let case = Case::new(&project);
            if django::program(&case.schema, &case.relational, None).is_err() {
                continue;
            }
            for (what, own, theirs) in deletions(&mut python, &project, |text| text) {
                compared += 1;
                refused += u32::from(own.is_none());
                if own != theirs {
                    different.push(format!(
                        "{} {}: {what}: {own:?} here, {theirs:?} there",
                        action.sql(),
                        shape.name
                    ));
                }
            }
        }
    }
    println!("Django: {compared} deletions compared, {refused} of them refused on both sides");
    assert!(different.is_empty(), "{} different\n{}", different.len(), different.join("\n"));
    assert!(compared >= 30 && refused > 0, "{compared} {refused}");
}

/// `PROTECT` has no counterpart in SQL: it refuses what `RESTRICT` refuses, and a row that points to itself.
#[test]
fn protect_refuses_as_restrict() {
    let Some(mut python) = Python::start(RUNNER) else { return };
    let (mut compared, mut different) = (0, Vec::new());
    for shape in shapes::all() {
        let mut project = shape.project.clone();
        project.draft.relationships.iter_mut().for_each(|one| one.on_delete = OnDelete::Restrict);
        let case = Case::new(&project);
        if django::program(&case.schema, &case.relational, None).is_err() {
            continue;
        }
        let protect = |text: String| text.replace("models.RESTRICT", "models.PROTECT");
        for (what, own, theirs) in deletions(&mut python, &project, protect) {
            compared += 1;
            if own != theirs {
                different.push(format!("{}: {what}, refused here: {}", shape.name, own.is_none()));
            }
        }
    }
    println!("Django: {compared} deletions compared under PROTECT");
    assert_eq!(different, ["one-to-one with itself: Step 4, refused here: false"]);
}

/// The names by which Django reaches a relationship from its far end are those of the schema.
#[test]
fn related_names_are_the_schemas() {
    for shape in shapes::all() {
        let case = Case::new(&shape.project);
        let Ok(program) = django::program(&case.schema, &case.relational, None) else { continue };
        let (names, text) = (django::names(&case.schema, &case.relational), program.to_string());
        for relationship in case.schema.relationships().filter(|one| !one.is_symmetric()) {
            let far = Side::BOTH.into_iter().find(|side| match relationship.kind(*side) {
                EndKind::BelongsTo => false,
                EndKind::ManyToMany => *side == Side::Right,
                _ => true,
            });
            let end = relata::schema::EndId { relationship: relationship.id, side: far.unwrap() };
            assert!(text.contains(&format!("related_name=\"{}\"", names.end(end))), "{}: {text}", shape.name);
        }
    }
}
