//! SQLAlchemy beside Relata: random projects, and the samples.

use std::cell::{Cell, RefCell};
use std::time::Instant;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use relata::emit::sqlalchemy;
use relata::project::{Project, Sample};
use relata::query::{IncludeDraft, QueryDraft, Strategy};

use super::case::Case;
use super::compare;
use super::projects::project;
use super::python::Python;

const RUNNER: &str = "sqlalchemy_runner.py";

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn with_every(strategy: Strategy, query: &QueryDraft) -> QueryDraft {
    fn set(strategy: Strategy, includes: &mut [IncludeDraft]) {
        for include in includes {
            include.strategy = strategy;
            set(strategy, &mut include.includes);
        }
    }
    let mut query = query.clone();
    set(strategy, &mut query.includes);
    query
}

/// Compares the tables, and the query as it is and with every strategy throughout. Gives the number of queries.
fn check(python: &mut Python, project: &Project) -> Result<u32, String> {
    let mut case = Case::new(project);
    let names = sqlalchemy::names(&case.schema, &case.relational);
    let mut drafts = vec![("as it is".to_owned(), project.query.clone())];
    if !project.query.includes.is_empty() {
        let uniform = Strategy::all()
            .map(|strategy| (strategy.label().to_owned(), with_every(strategy, &project.query)));
        drafts.extend(uniform);
    }
    let queries: Vec<_> = drafts.iter().map(|(_, draft)| case.query(draft)).collect();
    let program = |query| sqlalchemy::program(&case.schema, &case.relational, query);
    let models = program(None).models();
    let sources: Vec<_> = queries.iter().map(|query| (query, program(Some(query)))).collect();
    let question = case.to_json(&names, &models, &sources);
    let answer =
        python.ask(&question).map_err(|error| format!("{error}\n{models}\n{}", sources[0].1.query()))?;
    compare::schemas(&answer["own"], &answer["schema"])?;
    for (((label, _), (query, source)), other) in
        drafts.iter().zip(&sources).zip(answer["queries"].as_array().unwrap())
    {
        let own = case.run(query)?;
        compare::query(&case, &names, &own, other)
            .map_err(|error| format!("{label}: {error}\n\n{}", source.query()))?;
    }
    Ok(queries.len() as u32)
}

#[test]
fn samples() {
    let Some(mut python) = Python::start(RUNNER) else { return };
    for sample in Sample::all() {
        check(&mut python, &sample.project()).unwrap_or_else(|error| panic!("{sample:?}: {error}"));
    }
}

#[test]
fn random_projects() {
    let Some(python) = Python::start(RUNNER) else { return };
    let (cases, seed) = (number("RELATA_ORACLE_CASES", 300), number("RELATA_ORACLE_SEED", 1));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: cases as u32, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let (python, start, queries) = (RefCell::new(python), Instant::now(), Cell::new(0));
    let result = runner.run(&project(), |project| {
        let compared = check(&mut python.borrow_mut(), &project).map_err(TestCaseError::fail)?;
        queries.set(queries.get() + compared);
        Ok(())
    });
    match result {
        Ok(()) => println!(
            "seed {seed}: {cases} projects and {} queries compared, none skipped, none different, in {:.1} s",
            queries.get(),
            start.elapsed().as_secs_f64()
        ),
        Err(TestError::Fail(reason, project)) => {
            panic!("seed {seed}: {reason}\n\nOpen this project in the playground:\n{}", project.to_json())
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}
