//! SQLAlchemy beside Relata: random projects, every shape in every way, and the samples.

use std::collections::BTreeMap;
use std::time::Instant;

use relata::emit::sqlalchemy;
use relata::project::{Project, Sample};
use relata::query::{IncludeDraft, QueryDraft, Strategy};
use serde_json::json;

use super::case::Case;
use super::compare;
use super::counts::check;
use super::differing;
use super::known::{Compared, Known, dies_of_condition, judge};
use super::python::Python;
use super::shapes;

pub(crate) const RUNNER: &str = "sqlalchemy_runner.py";

/// What a query may take that has to be compared, on a machine that has much else to do.
const SECONDS: u32 = 60;

/// What one of many random queries may take.
pub(crate) const A_FEW_SECONDS: u32 = 5;

pub(crate) fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn with_every(strategy: Strategy, query: &QueryDraft) -> QueryDraft {
    fn set(strategy: Strategy, includes: &mut [IncludeDraft]) {
        for include in includes {
            include.strategy = strategy;
            include.inner &= strategy == Strategy::Joined;
            set(strategy, &mut include.includes);
        }
    }
    let mut query = query.clone();
    set(strategy, &mut query.includes);
    query
}

/// A query whose properties are followed fewer times: in SQLAlchemy, subqueries of a model with itself go on by
/// themselves.
pub(crate) fn shallow(includes: &mut [IncludeDraft], depth: u32) {
    for include in includes {
        include.depth =
            if include.strategy == Strategy::Subquery || depth > 1 { 1 } else { include.depth.min(2) };
        shallow(&mut include.includes, depth + 1);
    }
}

/// A project's query as it is and with every strategy throughout.
pub(crate) fn uniform(project: &Project) -> Vec<QueryDraft> {
    let mut queries = vec![project.query.clone()];
    if !project.query.includes.is_empty() {
        queries.extend(Strategy::loading().map(|strategy| with_every(strategy, &project.query)));
    }
    queries
}

/// Compares the tables, then each query, which may take so many seconds.
pub(crate) fn compare(
    python: &mut Python,
    project: &Project,
    drafts: &[QueryDraft],
    seconds: u32,
) -> Result<Vec<Compared>, String> {
    let mut case = Case::new(project);
    let names = sqlalchemy::names(&case.schema, &case.relational);
    let program = |case: &Case, query| sqlalchemy::program(&case.schema, &case.relational, query);
    let (mut queries, mut outcomes) = (Vec::new(), Vec::new());
    for draft in drafts {
        let query = case.query(draft);
        if let Some(outcome) = case.run(&query) {
            queries.push(query);
            outcomes.push(outcome);
        }
    }
    let models = program(&case, None).models();
    let sources: Vec<_> = queries.iter().map(|query| (query, program(&case, Some(query)))).collect();
    let groups = drafts.first().and_then(|draft| case.groups(draft));
    let grouped = groups
        .iter()
        .map(|(grouping, _)| sqlalchemy::grouped(&case.schema, &case.relational, grouping).query());
    let grouped: Vec<String> = grouped.collect();
    let mut question = case.json(&names, &models, &sources);
    question["groups"] = json!(grouped);
    question["seconds"] = seconds.into();
    let answer = python.ask(&question).map_err(|error| format!("{error}\n{models}"))?;
    compare::schemas(&case, &answer["own"], &answer["schema"])?;
    let answers = answer["queries"].as_array().unwrap();
    let mut results = Vec::new();
    for (((query, source), own), other) in sources.iter().zip(&outcomes).zip(answers) {
        let judged = match other["failed"].as_str() {
            _ if other["slow"] == true => Compared::TooSlow,
            Some(failed) if dies_of_condition(&case, query, failed) => Compared::Known(Known::Spread),
            Some(failed) => Compared::Different(failed.to_owned()),
            None => judge(&mut case, &names, query, own, other),
        };
        results.push(match judged {
            Compared::Different(error) => Compared::Different(format!("{error}\n\n{}", source.query())),
            compared => compared,
        });
    }
    for ((_, own), source) in groups.iter().zip(&grouped) {
        // After a query that was stopped there is nobody to answer.
        results.push(match answer["groups"].get(0).map(|other| compare::groups(own, other)) {
            None => Compared::TooSlow,
            Some(Ok(())) => Compared::Groups,
            Some(Err(error)) => Compared::Different(format!("{error}\n\n{source}")),
        });
    }
    results.extend(drafts.iter().skip(queries.len()).map(|_| Compared::TooManyRows));
    Ok(results)
}

#[test]
fn samples() {
    let Some(mut python) = Python::start(RUNNER) else { return };
    for sample in Sample::all() {
        let project = sample.project();
        check(&mut python, &project, &uniform(&project), SECONDS)
            .unwrap_or_else(|error| panic!("{sample:?}: {error}"));
    }
}

/// The table of the documentation: for each shape and strategy, how many queries were compared.
#[test]
fn every_shape_in_every_way() {
    let Some(mut python) = Python::start(RUNNER) else { return };
    let (start, mut proved, mut different) = (Instant::now(), Vec::new(), Vec::new());
    let mut graph_only: BTreeMap<&str, u32> = BTreeMap::new();
    for shape in shapes::all() {
        let schema = relata::schema::check(&shape.project.draft).value.unwrap();
        let ways = shapes::ways(&schema);
        let drafts: Vec<QueryDraft> = ways.iter().map(|way| way.query.clone()).collect();
        let results = compare(&mut python, &shape.project, &drafts, SECONDS)
            .unwrap_or_else(|error| panic!("{}: {error}", shape.name));
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for (way, result) in ways.iter().zip(results) {
            match result {
                Compared::Known(known) => {
                    *counts.entry(way.strategy.label()).or_default() += 1;
                    *graph_only.entry(known.name()).or_default() += 1;
                }
                Compared::Same | Compared::Groups => *counts.entry(way.strategy.label()).or_default() += 1,
                Compared::TooManyRows | Compared::TooSlow => panic!("{}: not compared", shape.name),
                Compared::Different(error) => different.push(format!("{}: {error}", shape.name)),
            }
        }
        proved.push((shape.name, counts));
    }
    println!("{}", table(&proved));
    println!("by graph only: {graph_only:?}");
    println!("{:.1} s, {} different", start.elapsed().as_secs_f64(), different.len());
    assert!(different.is_empty(), "{}", different[..different.len().min(3)].join("\n"));
}

fn table(proved: &[(&str, BTreeMap<&str, u32>)]) -> String {
    let labels: Vec<&str> = Strategy::all().map(Strategy::label).collect();
    let mut lines = vec![format!("| shape | {} |", labels.join(" | "))];
    lines.push(format!("|---{}|", "|---".repeat(labels.len())));
    for (shape, counts) in proved {
        let cells: Vec<String> =
            labels.iter().map(|label| counts.get(label).copied().unwrap_or(0).to_string()).collect();
        lines.push(format!("| {shape} | {} |", cells.join(" | ")));
    }
    lines.join("\n")
}

#[test]
fn more_parents_than_one_statement_takes_keys() {
    let Some(mut python) = Python::start(RUNNER) else { return };
    let project = shapes::large();
    let schema = relata::schema::check(&project.draft).value.unwrap();
    let ways = shapes::ways(&schema).into_iter().filter(|way| way.query.limit.is_empty());
    // Lazily, there would be thousands of statements.
    let queries: Vec<QueryDraft> =
        ways.map(|way| way.query).filter(|query| *query == with_every(Strategy::SelectIn, query)).collect();
    let counts = check(&mut python, &project, &queries, SECONDS).unwrap_or_else(|error| panic!("{error}"));
    assert!(counts.compared > 4 && counts.too_many_rows == 0, "{counts:?}");
}

/// Each row of the documentation's table of differences has its case, and it does differ.
#[test]
fn the_documentation_lists_what_differs() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/differences.md");
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.starts_with("| In the statements"))
        .skip(2)
        .map_while(|line| line.strip_prefix("| ")?.split(" |").next())
        .collect();
    assert_eq!(rows, Known::ALL.map(Known::name));
    let Some(mut python) = Python::start(RUNNER) else { return };
    for known in Known::ALL {
        let (project, query) = differing::that_differs(known.name());
        let results =
            compare(&mut python, &project, &[query], SECONDS).unwrap_or_else(|error| panic!("{error}"));
        let by_chance = known == Known::Beside && matches!(results[0], Compared::Same);
        assert!(by_chance || matches!(results[0], Compared::Known(found) if found == known), "{known:?}");
    }
}
