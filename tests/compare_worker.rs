//! A comparison asked of the worker: its numbers are those of the runs that it stands for.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::explain::{IndexOn, Remark};
use relata::project::{Project, Sample};
use relata::protocol::{Answer, Ask, Comparison, Failure, FailureKind, Limits, Outcome};
use relata::query::{GroupingDraft, QueryDraft, Strategy, Test};
use relata::schema::{FieldId, ModelId, RelationshipId};
use relata::worker::Session;

mod support;
use support::{all, joined, lazy, left, right, test};

const LINK: RelationshipId = RelationshipId(3);

fn opened(project: &Project) -> Session {
    let mut session = Session::default();
    session.answer(Ask::Open(project.draft.clone(), project.data.clone())).unwrap();
    session
}

fn compare(session: &mut Session, query: QueryDraft, limits: Limits) -> Result<Comparison, Failure> {
    match session.answer(Ask::Compare(query, limits))? {
        Answer::Compared(comparison) => Ok(*comparison),
        other => panic!("no comparison: {other:?}"),
    }
}

fn run(session: &mut Session, query: QueryDraft) -> Outcome {
    match session.answer(Ask::Run(query, Limits::default())) {
        Ok(Answer::Ran(outcome)) => *outcome,
        other => panic!("not an outcome: {other:?}"),
    }
}

#[test]
fn each_way_costs_what_a_run_of_it_does() {
    for sample in Sample::all() {
        let project = sample.project();
        let mut session = opened(&project);
        let comparison = compare(&mut session, project.query.clone(), Limits::default()).unwrap();
        let mut compared = 0;
        for way in &comparison.ways {
            let mut query = project.query.clone();
            way.strategy.into_iter().for_each(|strategy| query.load_every(strategy));
            let outcome = run(&mut session, query);
            assert_eq!(way.failure, outcome.failure);
            let figures = way.figures;
            assert_eq!((figures.statements, figures.rows), (outcome.sent(), outcome.rows()));
            let cells =
                outcome.results.iter().map(|shape| shape.columns.len() as u64 * u64::from(shape.rows));
            assert_eq!(figures.cells, cells.sum::<u64>());
            if way.failure.is_none() {
                assert_eq!(
                    (way.graph, way.objects),
                    (Some(0), outcome.graph.total),
                    "{sample:?} {:?}",
                    way.strategy
                );
                compared += 1;
            }
        }
        let (brought, _, equal) = comparison.graphs();
        assert!(equal && brought == compared && compared >= 5, "{sample:?}: {compared}");
    }
}

/// A query that loads one relationship in one way and another in another one is a way of its own.
#[test]
fn mixed_strategies_stand_first_as_asked() {
    let project = Sample::AuthorBook.project();
    let mut session = opened(&project);
    let mixed = all(ModelId(1), vec![lazy(left(LINK), vec![joined(right(LINK), vec![])])]);
    let comparison = compare(&mut session, mixed, Limits::default()).unwrap();
    let ways: Vec<Option<Strategy>> = comparison.ways.iter().map(|way| way.strategy).collect();
    let every: Vec<Option<Strategy>> = Strategy::all().map(Some).collect();
    assert_eq!(ways, [vec![None], every.clone()].concat());
    let plain = compare(&mut session, project.query, Limits::default()).unwrap();
    assert_eq!(plain.ways.iter().map(|way| way.strategy).collect::<Vec<_>>(), every);
    let alone = compare(&mut session, QueryDraft::all(ModelId(1)), Limits::default()).unwrap();
    assert_eq!(alone.ways.iter().map(|way| way.strategy).collect::<Vec<_>>(), [None]);
}

#[test]
fn what_fails_says_why_and_the_others_go_on() {
    let project = Sample::AuthorBook.project();
    let mut session = opened(&project);
    let few = Limits { rows: 9, ..Limits::default() };
    let comparison = compare(&mut session, project.query.clone(), few).unwrap();
    let kinds = comparison.ways.iter().map(|way| way.failure.as_ref().map(|failure| failure.kind));
    let (stopped, raised) = (Some(FailureKind::RowLimit), Some(FailureKind::Raised));
    // Twelve objects in as many rows; joined in eight, as JSON in five.
    assert_eq!(kinds.collect::<Vec<_>>(), [stopped, None, stopped, stopped, stopped, None, raised]);
    assert_eq!(comparison.graphs(), (2, 12, true));
    let grouped = QueryDraft { grouping: Some(GroupingDraft::default()), ..QueryDraft::all(ModelId(1)) };
    assert_eq!(compare(&mut session, grouped, few).unwrap_err().kind, FailureKind::Invalid);
    assert_eq!(compare(&mut Session::default(), project.query, few).unwrap_err().kind, FailureKind::Protocol);
}

/// Statements come with their plans; who follows the advice finds it come true.
#[test]
fn statements_explain_themselves() {
    let mut project = Sample::AuthorBook.project();
    project.query =
        QueryDraft { filters: vec![test(FieldId(7), Test::Equal, "Emma")], ..QueryDraft::all(ModelId(2)) };
    let outcome = run(&mut opened(&project), project.query.clone());
    let explained = &outcome.statements[0].explained;
    assert_eq!(explained.lines[0].1, Some(Remark::FullScan));
    assert_eq!(explained.advice[0].on, IndexOn::Field(ModelId(2), FieldId(7)));
    project.draft.models[1].fields[1].indexed = true;
    let mended = run(&mut opened(&project), project.query.clone());
    assert_eq!(mended.statements[0].explained.lines, explained.advice[0].after);
    assert!(mended.statements[0].explained.advice.is_empty());
}
