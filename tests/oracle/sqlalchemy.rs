//! SQLAlchemy beside Relata: random projects, every shape in every way, and the samples.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Instant;

use proptest::strategy::Strategy as _;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use relata::emit::{Names, sqlalchemy};
use relata::project::{Project, Sample};
use relata::query::{Include, IncludeDraft, Query, QueryDraft, Strategy};
use relata::schema::ModelId;

use serde_json::{Value as Json, json};

use super::case::{Case, Outcome};
use super::common::projects::project;
use super::compare::{self, Counterpart};
use super::python::Python;
use super::shapes;

const RUNNER: &str = "sqlalchemy_runner.py";

/// What a query may take that has to be compared, on a machine that has much else to do.
const SECONDS: u32 = 60;

/// What one of many random queries may take.
const A_FEW_SECONDS: u32 = 5;

fn number(variable: &str, otherwise: u64) -> u64 {
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
fn shallow(includes: &mut [IncludeDraft], depth: u32) {
    for include in includes {
        include.depth =
            if include.strategy == Strategy::Subquery || depth > 1 { 1 } else { include.depth.min(2) };
        shallow(&mut include.includes, depth + 1);
    }
}

/// A project's query as it is and with every strategy throughout.
fn uniform(project: &Project) -> Vec<QueryDraft> {
    let mut queries = vec![project.query.clone()];
    if !project.query.includes.is_empty() {
        queries.extend(Strategy::loading().map(|strategy| with_every(strategy, &project.query)));
    }
    queries
}

/// Where Relata differs on purpose, in the words of `docs/differences.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    /// SQLAlchemy has no such loader.
    Json,
    /// When what hangs on a subquery goes out.
    BehindSubquery,
    /// An object has its own home, and a property there with a condition or without.
    Filtered,
    /// A plain load brings all fields.
    Chosen,
}

impl Known {
    /// The first column of the table in the documentation.
    fn name(self) -> &'static str {
        match self {
            Known::Json => "JSON aggregate",
            Known::BehindSubquery => "Behind a subquery",
            Known::Filtered => "A condition where an object is met twice",
            Known::Chosen => "Chosen fields of an object loaded by itself",
        }
    }
}

/// What is known to differ about the statements of a query, whatever the data.
fn known(includes: &[Include], depth: u32) -> Option<Known> {
    includes.iter().find_map(|include| match include.strategy {
        Strategy::Json => Some(Known::Json),
        Strategy::Subquery if depth > 0 || !include.includes.is_empty() => Some(Known::BehindSubquery),
        _ => known(&include.includes, depth + 1),
    })
}

/// What became of a query.
enum Compared {
    Same,
    /// The rows about groups are the same.
    Groups,
    /// The graph is the same; the statements differ for this reason, or may.
    Known(Known),
    /// With what differs.
    Different(String),
    /// It would have brought back too many rows.
    TooManyRows,
    /// SQLAlchemy took too long and was stopped.
    TooSlow,
}

/// Compares the tables, then each query, which may take so many seconds.
fn compare(
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
        if other["slow"] == true {
            results.push(Compared::TooSlow);
            continue;
        }
        results.push(
            judge(&case, &names, (query, own), other)
                .unwrap_or_else(|error| Compared::Different(format!("{error}\n\n{}", source.query()))),
        );
    }
    for (((_, own), source), other) in groups.iter().zip(&grouped).zip(answer["groups"].as_array().unwrap()) {
        let compared = compare::groups(own, other).map(|()| Compared::Groups);
        results.push(compared.unwrap_or_else(|error| Compared::Different(format!("{error}\n\n{source}"))));
    }
    results.extend(drafts.iter().skip(queries.len()).map(|_| Compared::TooManyRows));
    Ok(results)
}

fn judge(case: &Case, names: &Names, own: (&Query, &Outcome), other: &Json) -> Result<Compared, String> {
    let (query, own) = own;
    let known = known(&query.includes, 0);
    let counterpart = if known.is_some() { Counterpart::GraphOnly } else { Counterpart::Whole };
    let difference = compare::query(case, names, own, other, counterpart);
    let fields =
        || compare::query(case, names, &own.clone().with_fields_of(case, names, other), other, counterpart);
    match (difference, known) {
        (Ok(()), None) => Ok(Compared::Same),
        (Ok(()), Some(known)) => Ok(Compared::Known(known)),
        (Err(_), _) if !query.fields.is_empty() && fields().is_ok() => Ok(Compared::Known(Known::Chosen)),
        (Err(_), _) if filtered_elsewhere(case, query) => Ok(Compared::Known(Known::Filtered)),
        (Err(error), _) => Err(error),
    }
}

/// Whether a property is loaded with a condition, of a model whose objects are met in more than one place: SQLAlchemy
/// keeps to the place where it met the object first, and may know of no condition there.
fn filtered_elsewhere(case: &Case, query: &Query) -> bool {
    fn count(
        case: &Case,
        includes: &[Include],
        met: &mut BTreeMap<ModelId, u32>,
        filtered: &mut Vec<ModelId>,
    ) {
        for include in includes {
            let end = case.schema.end(include.end).unwrap();
            *met.entry(end.target.id).or_default() += 1;
            filtered.extend((!include.filter.is_anything()).then_some(end.model.id));
            count(case, &include.includes, met, filtered);
        }
    }
    let (mut met, mut filtered) = (BTreeMap::from([(query.root, 1)]), Vec::new());
    count(case, &query.includes, &mut met, &mut filtered);
    filtered.iter().any(|model| met[model] > 1)
}

/// How many queries were compared, and how many were not, by the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counts {
    compared: u32,
    groups: u32,
    known: BTreeMap<Known, u32>,
    too_many_rows: u32,
    too_slow: u32,
}

/// Fails at the first difference.
fn check(
    python: &mut Python,
    project: &Project,
    drafts: &[QueryDraft],
    seconds: u32,
) -> Result<Counts, String> {
    let mut counts = Counts::default();
    for result in compare(python, project, drafts, seconds)? {
        match result {
            Compared::Same => counts.compared += 1,
            Compared::Groups => counts.groups += 1,
            Compared::Known(known) => *counts.known.entry(known).or_default() += 1,
            Compared::TooManyRows => counts.too_many_rows += 1,
            Compared::TooSlow => counts.too_slow += 1,
            Compared::Different(error) => return Err(error),
        }
    }
    Ok(counts)
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

fn has_no_kinds(project: &Project) -> bool {
    project.draft.models.iter().all(|model| model.kind.parent.is_none())
}

#[test]
fn random_projects() {
    let Some(python) = Python::start(RUNNER) else { return };
    let (cases, seed) = (number("RELATA_ORACLE_CASES", 300), number("RELATA_ORACLE_SEED", 1));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config =
        Config { cases: cases as u32, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let (python, start, total) = (RefCell::new(python), Instant::now(), RefCell::new(Counts::default()));
    let without_kinds =
        project().prop_filter("programs say kinds of models for the sample only", has_no_kinds);
    let result = runner.run(&without_kinds, |mut project| {
        shallow(&mut project.query.includes, 1);
        let counts = check(&mut python.borrow_mut(), &project, &uniform(&project), A_FEW_SECONDS)
            .map_err(TestCaseError::fail)?;
        let mut total = total.borrow_mut();
        total.compared += counts.compared;
        total.groups += counts.groups;
        total.too_many_rows += counts.too_many_rows;
        total.too_slow += counts.too_slow;
        counts.known.into_iter().for_each(|(known, number)| *total.known.entry(known).or_default() += number);
        Ok(())
    });
    match result {
        Ok(()) => {
            let total = total.borrow();
            println!(
                "seed {seed}: {cases} projects: {} queries compared, none different; {:.1} s",
                total.compared,
                start.elapsed().as_secs_f64()
            );
            println!("  and {} questions about groups", total.groups);
            for (known, number) in &total.known {
                println!("  by graph only: {number} ({})", known.name());
            }
            println!("  not compared: {} for more than 20,000 rows", total.too_many_rows);
            println!(
                "  not compared: {} for SQLAlchemy's taking more than {A_FEW_SECONDS} s",
                total.too_slow
            );
        }
        Err(TestError::Fail(reason, project)) => {
            panic!("seed {seed}: {reason}\n\nOpen this project in the playground:\n{}", project.to_json())
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
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
    let cases = [Known::Json, Known::BehindSubquery, Known::Filtered, Known::Chosen];
    assert_eq!(rows, cases.map(Known::name));
    let Some(mut python) = Python::start(RUNNER) else { return };
    for known in cases {
        let (project, query) = shapes::that_differs(known.name());
        let results =
            compare(&mut python, &project, &[query], SECONDS).unwrap_or_else(|error| panic!("{error}"));
        assert!(matches!(results[0], Compared::Known(found) if found == known), "{known:?}");
    }
}
