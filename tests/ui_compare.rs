//! The page's reducer, the comparison of strategies and the advice: what is asked when, and what makes it stale.
#![cfg(all(feature = "page", feature = "worker", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod page;

use std::cell::RefCell;

use page::{
    AUTHOR, AUTHOR_NAME, BOOK, BOOK_TITLE, LINK, after, edit, failure, outcome, rename, served, start, yes,
};
use relata::explain::{Access, Explained, IndexOn, PlanLine, Remark, Way};
use relata::protocol::{Answer, Ask, Comparison, Failure, Outcome, StatementGroup};
use relata::query::{IncludeDraft, Strategy};
use relata::schema::{EndId, Side};
use relata::ui::action::{Action, Edit, FieldEdit, QueryEdit, RelationshipEdit, Show};
use relata::ui::state::{ResultTab, State};
use relata::worker::Session;

const SHOW: Action = Action::Show(Show::Result(ResultTab::Compare));

/// The state once a real worker has answered all that was asked.
fn really_served(state: State, worker: &RefCell<Session>) -> State {
    served(state, |ask| worker.borrow_mut().answer(ask.clone()))
}

fn every(strategy: Strategy) -> Action {
    Action::Edit(Edit::Query(QueryEdit::EveryStrategy(strategy)))
}

#[test]
fn whoever_opens_the_tab_gets_a_comparison() {
    let worker = RefCell::default();
    let state = really_served(start().after(SHOW), &worker);
    let done = state.comparing.done.clone().unwrap();
    assert_eq!(done.comparison.ways.len(), Strategy::all().count());
    assert_eq!(done.comparison.graphs(), (6, 12, true));
    assert!(!state.comparison_is_stale() && !state.is_running());
    assert!(state.outcome.is_none(), "the query itself was not run");
    // To come back to it asks for nothing.
    let back = after(state.clone(), [Action::Show(Show::Result(ResultTab::Rows)), SHOW]);
    assert!(!back.comparing.wanted);
    // To run where it is shown makes it anew.
    assert!(state.after(Action::Run).comparing.wanted);
}

/// Another strategy is one of those compared; other rows, another query and a mixture are not.
#[test]
fn what_makes_it_stale() {
    let worker = RefCell::default();
    let state = really_served(start().after(SHOW), &worker);
    let done = state.comparing.done.clone().unwrap();
    let asked = |state: &State| -> Vec<Strategy> {
        let query = &state.project.query;
        Strategy::all().filter(|strategy| done.is_asked(Some(*strategy), query)).collect()
    };
    assert_eq!(asked(&state), [Strategy::Lazy]);
    let joined = state.clone().after(every(Strategy::Joined));
    assert!(!joined.comparison_is_stale());
    assert_eq!(asked(&joined), [Strategy::Joined]);
    let limited = edit(state.clone(), Edit::Query(QueryEdit::Limit("2".into())));
    assert!(limited.comparison_is_stale() && limited.clone().after(SHOW).comparing.wanted);
    assert!(!limited.after(Action::Undo).comparison_is_stale());
    assert!(state.clone().after(rename(AUTHOR, "Writer")).comparison_is_stale());
    let back = EndId { relationship: LINK, side: Side::Right };
    let below = IncludeDraft::new(back, Strategy::Joined, vec![]);
    let mixed = edit(state.clone(), Edit::Query(QueryEdit::Include(vec![0], below)));
    assert!(mixed.comparison_is_stale());
    let mixed = really_served(mixed.after(Action::Compare), &worker);
    assert!(!mixed.comparison_is_stale());
    assert_eq!(mixed.comparing.done.as_ref().unwrap().comparison.ways[0].strategy, None);
    // Another document's comparison is forgotten.
    assert!(state.after(Action::OpenSample(relata::project::Sample::UserProfile)).comparing.done.is_none());
}

#[test]
fn a_comparison_fails_and_is_stopped() {
    let failing = |ask: &Ask| match ask {
        Ask::Compare(..) => Err(failure("no")),
        other => yes(other),
    };
    let failed = served(start().after(SHOW), failing);
    assert_eq!(failed.comparing.failure.as_ref().unwrap().message, "no");
    assert!(!failed.is_running());
    let asked = served(start(), yes).after(Action::Compare);
    assert!(asked.is_running());
    let stopped = asked.after(Action::Stop);
    assert!(!stopped.is_running());
    assert!(stopped.notice.unwrap().text.starts_with("The comparison was stopped."));
    let again = served(failed.after(Action::Compare), |ask| match ask {
        Ask::Compare(..) => Ok(Answer::Compared(Box::new(Comparison { ways: Vec::new() }))),
        other => yes(other),
    });
    assert!(again.comparing.failure.is_none() && again.comparing.done.is_some());
}

#[test]
fn without_a_database_nothing_is_compared_until_it_is_run() {
    let failed = start().after(Action::WorkerFailed("no".into())).after(SHOW);
    assert!(!failed.is_running());
    assert!(failed.after(Action::Run).comparing.wanted);
}

#[test]
fn groups_and_errors_are_not_compared() {
    let broken = start().after(rename(AUTHOR, "")).after(SHOW);
    assert!(!broken.comparing.wanted);
    let grouped = edit(start(), Edit::Query(QueryEdit::Groups(Some(Default::default())))).after(SHOW);
    assert!(!grouped.comparing.wanted);
}

/// An outcome with one statement that a scan or an index answers.
fn explained(way: Way) -> Outcome {
    let access = Access::Scan { source: "books".into(), way };
    let line = PlanLine { depth: 0, detail: format!("{access:?}"), access };
    let group = StatementGroup {
        first: 1,
        count: 1,
        step: relata::query::StepId(0),
        statement: Default::default(),
        spared: None,
        rows: 1,
        micros: 10,
        runs: Vec::new(),
        explained: Explained { lines: vec![(line, Some(Remark::FullScan))], advice: Vec::new() },
    };
    Outcome { statements: vec![group], ..outcome(1, 1) }
}

fn answering(way: Way) -> impl Fn(&Ask) -> Result<Answer, Failure> {
    move |ask| match ask {
        Ask::Run(..) => Ok(Answer::Ran(Box::new(explained(way.clone())))),
        other => yes(other),
    }
}

#[test]
fn advice_is_followed_and_can_be_undone() {
    let before = served(start().after(Action::Run), answering(Way::Table));
    let on = IndexOn::Field(BOOK, BOOK_TITLE);
    let mended = served(before.after(Action::Mend(on)), answering(Way::RowId));
    assert!(mended.project.draft.model(BOOK).unwrap().field(BOOK_TITLE).unwrap().indexed);
    let ran = mended.outcome.clone().unwrap();
    assert!(!mended.outcome_is_stale());
    let kept = mended.mended.clone().unwrap();
    let shown = kept.before(&ran, &ran.outcome.statements[0]).unwrap();
    assert_eq!(shown.explained, explained(Way::Table).statements[0].explained);
    // After another change, what was before is no longer what the index changed.
    let undone = served(mended.after(Action::Undo).after(Action::Run), answering(Way::Table));
    assert!(!undone.project.draft.model(BOOK).unwrap().field(BOOK_TITLE).unwrap().indexed);
    let ran = undone.outcome.clone().unwrap();
    assert!(undone.mended.unwrap().before(&ran, &ran.outcome.statements[0]).is_none());
}

#[test]
fn indexes_are_edits_like_others() {
    let indexed = edit(start(), Edit::Field(AUTHOR, AUTHOR_NAME, FieldEdit::Indexed(true)));
    let ddl = |state: &State| -> Vec<String> {
        state.good.as_ref().unwrap().ddl.iter().map(|statement| statement.text.clone()).collect()
    };
    assert!(ddl(&indexed).contains(&"CREATE INDEX ix_authors_name ON authors (name)".to_owned()));
    let bare = edit(start(), Edit::Relationship(LINK, RelationshipEdit::Index(false)));
    assert!(!ddl(&bare).iter().any(|text| text.starts_with("CREATE INDEX")));
    let back = bare.after(Action::Mend(IndexOn::Key(LINK)));
    assert!(back.project.draft.relationship(LINK).unwrap().index && back.run_wanted);
}
