//! Runs stages one after the other, whatever becomes of each, and sums them up in the end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::cli::Browser;
use crate::setup;
use crate::stages::Stage;
use crate::workspace::Workspace;

/// What became of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    /// The stage that this one rests on failed.
    NotRun,
}

#[derive(Debug)]
struct Report {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

/// Sets up everything that the stages need, then runs all of them; an error if any failed.
pub(crate) fn run(workspace: &Workspace, stages: &[Stage], browser: Browser) -> Result<()> {
    let start = Instant::now();
    let mut needs = Vec::new();
    for need in stages.iter().flat_map(|stage| stage.needs(browser)) {
        if !needs.contains(need) {
            needs.push(*need);
        }
    }
    let machine = setup::ready(workspace, &needs)?;
    let mut reports = vec![Report { name: "set-up", outcome: Outcome::Passed, took: start.elapsed() }];

    for stage in stages {
        let base = stage.rests_on().and_then(|base| outcome_of(&reports, base.name()));
        if base.is_some_and(|base| base != Outcome::Passed) {
            reports.push(Report { name: stage.name(), outcome: Outcome::NotRun, took: Duration::ZERO });
            continue;
        }
        println!("\n=== {}", stage.name());
        let began = Instant::now();
        let result = stage.run(workspace, &machine, browser, base.is_some());
        let took = began.elapsed();
        let outcome = match &result {
            Ok(()) => Outcome::Passed,
            Err(error) => {
                println!("{} failed: {error:#}", stage.name());
                Outcome::Failed
            }
        };
        println!("=== {} {} in {:.1} s", stage.name(), word(outcome), took.as_secs_f64());
        reports.push(Report { name: stage.name(), outcome, took });
    }

    print!("\n{}", summary(&reports, start.elapsed()));
    let failed: Vec<_> =
        reports.iter().filter(|report| report.outcome != Outcome::Passed).map(|report| report.name).collect();
    if !failed.is_empty() {
        bail!("not passed: {}", failed.join(", "));
    }
    Ok(())
}

fn outcome_of(reports: &[Report], name: &str) -> Option<Outcome> {
    reports.iter().find(|report| report.name == name).map(|report| report.outcome)
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "FAILED",
        Outcome::NotRun => "not run",
    }
}

fn summary(reports: &[Report], total: Duration) -> String {
    let mut table = format!("{:<12}{:<9}{:>9}\n", "stage", "result", "seconds");
    for report in reports {
        table.push_str(&format!(
            "{:<12}{:<9}{:>9.1}\n",
            report.name,
            word(report.outcome),
            report.took.as_secs_f64()
        ));
    }
    table.push_str(&format!("{:<21}{:>9.1}\n", "all", total.as_secs_f64()));
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_shows_each_stage_and_the_whole() {
        let reports = [
            Report { name: "format", outcome: Outcome::Passed, took: Duration::from_millis(1250) },
            Report { name: "build", outcome: Outcome::Failed, took: Duration::from_secs(90) },
            Report { name: "e2e", outcome: Outcome::NotRun, took: Duration::ZERO },
        ];
        assert_eq!(
            summary(&reports, Duration::from_secs(92)),
            "stage       result     seconds\n\
             format      passed         1.2\n\
             build       FAILED        90.0\n\
             e2e         not run        0.0\n\
             all                       92.0\n"
        );
        assert_eq!(outcome_of(&reports, "build"), Some(Outcome::Failed));
        assert_eq!(outcome_of(&reports, "docs"), None);
    }
}
