//! Runs a query with every strategy and compares what came of it.

use super::session::{failure, invalid};
use crate::compare::{figures, median, same};
use crate::engine::Database;
use crate::graph::Canonical;
use crate::protocol::{ComparedWay, Comparison, Failure, Limits, TIMED};
use crate::query::{self, QueryDraft, Question, Strategy};

/// A way that took longer than this, in microseconds over all its runs, is not run again.
const PATIENCE: u64 = 200_000;
/// Nor is one that brought more rows: to make objects of them takes its time, too.
const MANY_ROWS: u32 = 20_000;

/// Compares the ways to load what a query asks for, each within the limits.
pub(super) fn compare(
    database: &mut Database,
    draft: &QueryDraft,
    limits: Limits,
) -> Result<Comparison, Failure> {
    let mut graphs = Vec::new();
    let mut ways = Vec::new();
    for (strategy, draft) in drafts(draft) {
        ways.push(way(database, strategy, &draft, limits, &mut graphs)?);
    }
    Ok(Comparison { ways })
}

/// The query in each way.
fn drafts(asked: &QueryDraft) -> Vec<(Option<Strategy>, QueryDraft)> {
    let every = |strategy| {
        let mut draft = asked.clone();
        draft.load_every(strategy);
        (Some(strategy), draft)
    };
    let mut drafts: Vec<_> = Strategy::all().map(every).collect();
    if asked.includes.is_empty() {
        drafts.clear();
    }
    if !drafts.iter().any(|(_, draft)| draft == asked) {
        drafts.insert(0, (None, asked.clone()));
    }
    drafts
}

fn way(
    database: &mut Database,
    strategy: Option<Strategy>,
    draft: &QueryDraft,
    limits: Limits,
    graphs: &mut Vec<Canonical>,
) -> Result<ComparedWay, Failure> {
    let question = query::ask(draft, database.schema()).value;
    let query = match question.ok_or_else(|| invalid("The query has errors."))? {
        Question::Objects(query) => query,
        Question::Groups(_) => return Err(invalid("Groups are rows: no strategy loads them.")),
    };
    let plan = query::plan(&query, database.schema(), database.relational());
    let execution = database.run(&plan, limits);
    let mut figures = figures(&plan, &execution.trace, &execution.graph);
    let failure = failure(&execution, database.schema());
    let objects = execution.graph.objects.len() as u32;
    let graph = failure.is_none().then(|| number_of(execution.graph.canonical(), graphs));
    drop(execution.graph);
    let mut times = vec![figures.micros];
    let again = failure.is_none() && figures.rows <= MANY_ROWS;
    while again && times.len() < TIMED as usize && times.iter().sum::<u64>() < PATIENCE {
        let again = database.run(&plan, limits);
        times.push(again.trace.sent().map(|(_, sent)| sent.micros).sum());
    }
    figures.micros = median(&times);
    Ok(ComparedWay { strategy, figures, runs: times.len() as u32, objects, graph, failure })
}

/// The number of a graph among those that differ.
fn number_of(graph: Canonical, graphs: &mut Vec<Canonical>) -> u32 {
    let known = graphs.iter().position(|known| same(known, &graph));
    known.unwrap_or_else(|| {
        graphs.push(graph);
        graphs.len() - 1
    }) as u32
}
