//! A script in, the document's data out: a database made of them holds what the script left.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use relata::engine::Database;
use relata::mapping::{Placement, Relational, map};
use relata::project::{Adopted, Data, Pair, Project, Sample, adopt};
use relata::protocol::{Answer, Ask, Limits, ScriptAsked, ScriptOutcome};
use relata::schema::{self, Cascades, FieldId, KindTables, ModelId, OnDelete, RelationshipId};
use relata::session::{ObjectDraft, ScriptDraft, StepDraft};
use relata::trace::Rows;
use relata::value::Value;
use relata::worker::Session;

mod session_lines;
mod support;
use session_lines::{delete, link, named, stored};
use support::{Sketch, left, right};

fn outcome(project: &Project, script: ScriptDraft) -> ScriptOutcome {
    let (draft, data, limits) = (project.draft.clone(), project.data.clone(), Limits::default());
    let asked = Ask::Script(Box::new(ScriptAsked { draft, data, script, limits }));
    match Session::default().answer(asked) {
        Ok(Answer::Scripted(outcome)) => *outcome,
        other => unreachable!("{other:?}"),
    }
}

/// The rows as the document can hold them: it has no links that lead nowhere.
fn held(outcome: &ScriptOutcome, relational: &Relational) -> Vec<Rows> {
    let mut tables = outcome.tables.clone();
    for (relationship, row) in &outcome.dangling {
        let placement = relational.placement(*relationship).unwrap();
        let Placement::Key { columns, discriminator: Some(kind), .. } = placement else { unreachable!() };
        let table = relational.table(row.table);
        for cells in &mut tables[row.table.0 as usize] {
            if table.primary_key.iter().zip(&row.key).all(|(at, key)| cells[*at] == *key) {
                columns.iter().chain([&kind.column]).for_each(|at| cells[*at] = Value::Null);
            }
        }
    }
    tables
}

fn sorted(tables: &[Rows]) -> Vec<Rows> {
    let mut tables = tables.to_vec();
    tables.iter_mut().for_each(|rows| rows.sort());
    tables
}

/// Runs a script, adopts what it left, and makes a database of that: its rows are those that the script left.
fn check(project: &Project, script: ScriptDraft) -> (Data, ScriptOutcome) {
    let schema = schema::check(&project.draft).value.unwrap();
    let relational = map(&schema).value.unwrap();
    let outcome = outcome(project, script);
    let (before, sources) = (outcome.before.as_slice(), outcome.sources.as_slice());
    let mut data = project.data.clone();
    adopt(&schema, &relational, &mut data, Adopted { before, sources, after: &outcome.tables });
    let (mut database, refusals) = Database::open(schema, relational.clone(), &data).unwrap();
    assert_eq!(refusals, Vec::new(), "{}", project.name);
    let rows = database.all_rows(Limits::default()).unwrap();
    assert_eq!(sorted(&rows), sorted(&held(&outcome, &relational)), "{}", project.name);
    (data, outcome)
}

fn scriptable() -> impl Iterator<Item = Project> {
    Sample::all().map(|sample| sample.project())
}

#[test]
fn the_scripts_of_the_samples() {
    let mut changed = 0;
    for project in scriptable() {
        let (data, _) = check(&project, project.script.clone());
        changed += usize::from(data != project.data);
    }
    assert!(changed >= 4, "{changed} of the samples' scripts change something");
}

#[test]
fn nothing_changes_when_nothing_is_committed() {
    for project in scriptable() {
        let (data, _) = check(&project, ScriptDraft { steps: vec![StepDraft::Flush] });
        assert_eq!(data, project.data);
    }
}

/// Each row of each model deleted, under each ON DELETE and with and without a cascade of the session.
#[test]
fn every_deletion_under_every_setting() {
    let (mut blocked, mut went) = (0, 0);
    for sample in scriptable() {
        for on_delete in OnDelete::ALL {
            for delete in [false, true] {
                let mut project = sample.clone();
                for relationship in &mut project.draft.relationships {
                    relationship.on_delete = on_delete;
                    let cascades = Cascades { delete, ..Cascades::default() };
                    (relationship.left.cascades, relationship.right.cascades) = (cascades, cascades);
                }
                let Some(schema) = schema::check(&project.draft).value else { continue };
                let relational = map(&schema).value.unwrap();
                for model in schema.models() {
                    let table = relational.table(relational.own_table_of(model.id).unwrap());
                    let (mut database, _) =
                        Database::open(schema.clone(), relational.clone(), &project.data).unwrap();
                    let rows = database.all_rows(Limits::default()).unwrap();
                    let Some(row) = rows[table.id.0 as usize].first() else { continue };
                    let key = table.primary_key.iter().map(|at| row[*at].to_string()).collect();
                    let object = ObjectDraft::Stored(Some(model.id), key);
                    let steps = vec![StepDraft::Delete { object }, StepDraft::Commit];
                    let (data, outcome) = check(&project, ScriptDraft { steps });
                    if outcome.failure.is_some() {
                        assert_eq!(data, project.data);
                        blocked += 1;
                    } else {
                        assert!(data.row_count() < project.data.row_count());
                        went += 1;
                    }
                }
            }
        }
    }
    assert!(blocked > 10 && went > 50, "{blocked} blocked, {went} went");
}

/// An object has a row in the table of its kind and in those above it, or one row in one table: in the document it is one
/// row of its own model.
#[test]
fn objects_of_kinds_are_made_changed_linked_and_deleted() {
    let [author, book, article, publisher] = [1, 8, 10, 12].map(ModelId);
    let [title, isbn] = [6, 9].map(FieldId);
    let [wrote, published] = [15, 16].map(RelationshipId);
    let set = |field, value: &str| StepDraft::Set {
        object: stored(book, "2"),
        field: Some(field),
        value: Some(value.into()),
    };
    for tables in [KindTables::Each, KindTables::One] {
        let mut sketch = Sketch::of(Sample::Publications);
        sketch.model_mut(ModelId(4)).kind.tables = tables;
        let values = BTreeMap::from([(title, "New".to_owned()), (isbn, "1".to_owned())]);
        let steps = vec![
            StepDraft::New { name: "new".into(), model: Some(book), values, add: true },
            link(named("new"), right(wrote), stored(author, "3")),
            link(stored(author, "1"), left(wrote), stored(book, "3")),
            link(stored(publisher, "1"), left(published), named("new")),
            set(title, "Changed"),
            set(isbn, "2"),
            delete(stored(article, "5")),
            StepDraft::Commit,
        ];
        let (before, (data, outcome)) = (&sketch.project.data, check(&sketch.project, ScriptDraft { steps }));
        assert_eq!(outcome.failure, None);
        let count = |data: &Data| [1, 4, 8, 10, 12].map(|model| data.rows_of(ModelId(model)).len());
        assert_eq!((count(before), count(&data)), ([3, 1, 2, 2, 1], [3, 1, 3, 1, 1]));
        let books = data.rows_of(book);
        assert_eq!(books[0].id, before.rows_of(book)[0].id);
        let cells = |at: usize| [title, isbn].map(|field| books[at].cells[&field].as_str());
        assert_eq!((cells(0), cells(2)), (["Changed", "2"], ["New", "1"]));
        let pair = |left, right| Pair { left, right };
        let links = [
            (wrote, pair(data.rows_of(author)[2].id, books[2].id)),
            (wrote, pair(data.rows_of(author)[0].id, books[1].id)),
            (published, pair(data.rows_of(publisher)[0].id, books[2].id)),
        ];
        for (relationship, pair) in links {
            assert!(data.links_of(relationship).contains(&pair), "{relationship} {pair:?}");
        }
    }
}
