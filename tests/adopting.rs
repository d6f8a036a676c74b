//! A script in, the document's data out: a database made of them holds what the script left.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::engine::Database;
use relata::mapping::{Placement, Relational, map};
use relata::project::{Adopted, Data, Project, Sample, adopt};
use relata::protocol::{Answer, Ask, Limits, ScriptAsked, ScriptOutcome};
use relata::schema::{self, Cascades, OnDelete};
use relata::session::{ObjectDraft, ScriptDraft, StepDraft};
use relata::trace::Rows;
use relata::value::Value;
use relata::worker::Session;

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
    let has_kinds = |project: &Project| project.draft.models.iter().any(|model| model.kind.parent.is_some());
    Sample::all().map(|sample| sample.project()).filter(move |project| !has_kinds(project))
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
                    let table = relational.table(relational.table_of(model.id).unwrap());
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
