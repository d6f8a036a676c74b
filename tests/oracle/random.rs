//! Random projects, each of which can be made again from the seed and its number.

use std::time::Instant;

use proptest::strategy::{Strategy as _, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use relata::project::Project;
use relata::schema::KindTables;

use super::common::projects::project;
use super::counts::{Counts, check};
use super::known::Known;
use super::python::Python;
use super::sqlalchemy::{A_FEW_SECONDS, RUNNER, number, shallow, uniform};

/// How many smaller projects are tried in place of one that differs.
const SMALLER: u64 = 200;

fn tree(seed: u64, case: u64) -> impl ValueTree<Value = Project> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&case.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    project().new_tree(&mut runner).unwrap()
}

/// A difference, and the project that it was found in.
type Found = Box<(String, Project)>;

fn compared(python: &mut Python, mut project: Project) -> Result<Counts, Found> {
    shallow(&mut project.query.includes, 1);
    // Kinds in tables of their own are compared in their shapes.
    project.draft.models.iter_mut().for_each(|model| model.kind.tables = KindTables::One);
    check(python, &project, &uniform(&project), A_FEW_SECONDS).map_err(|error| Box::new((error, project)))
}

/// The smallest project that is found to differ as well.
fn smallest(python: &mut Python, mut tree: impl ValueTree<Value = Project>, mut found: Found) -> Found {
    let mut differs = true;
    for _ in 0..number("RELATA_ORACLE_SMALLER", SMALLER) {
        if !(if differs { tree.simplify() } else { tree.complicate() }) {
            break;
        }
        let result = compared(python, tree.current());
        differs = result.is_err();
        found = result.err().unwrap_or(found);
    }
    found
}

#[test]
fn random_projects() {
    let Some(mut python) = Python::start(RUNNER) else { return };
    let (cases, seed) = (number("RELATA_ORACLE_CASES", 300), number("RELATA_ORACLE_SEED", 1));
    let most = number("RELATA_ORACLE_MOST", 3) as usize;
    let (start, mut total, mut different) = (Instant::now(), Counts::default(), Vec::new());
    let first = number("RELATA_ORACLE_FIRST", 0);
    for case in first..first + cases {
        let tree = tree(seed, case);
        match compared(&mut python, tree.current()) {
            Ok(counts) => total.add(counts),
            Err(found) => {
                println!("case {case} differs: {}", found.0.lines().next().unwrap_or_default());
                let (error, project) = *smallest(&mut python, tree, found);
                let project = project.to_json();
                different
                    .push(format!("case {case}: {error}\n\nOpen this project in the playground:\n{project}"));
            }
        }
        if different.len() >= most {
            break;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("seed {seed}: {cases} projects, {} different; {seconds:.1} s\n{total}", different.len());
    assert!(different.is_empty(), "seed {seed}\n{}", different.join("\n\n"));
    // Few enough that a new kind of difference cannot hide among them; of a few projects that says nothing.
    if cases < 100 {
        return;
    }
    let known = |known| total.known.get(&known).copied().unwrap_or(0);
    assert!(total.not_compared() * 20 <= total.all(), "too much is not compared\n{total}");
    assert!(total.compared * 10 >= total.all() * 7, "too much is compared in part\n{total}");
    assert!(known(Known::AfterSubquery) * 50 <= total.all(), "too much differs after a subquery\n{total}");
}
