//! The engine where it really runs: on SQLite compiled to WebAssembly, in a dedicated worker.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it stands")]

use relata::engine::{Database, SqlError};
use relata::mapping::map;
use relata::project::{RowId, Sample};
use relata::protocol::{
    Answer, Ask, BUILD, Consequences, FailureKind, Limits, Outcome, Request, RequestId, Response, RowsWanted,
};
use relata::query::{QueryDraft, Strategy};
use relata::schema;
use relata::sql::Statement;
use relata::value::Value;
use relata::wire::{from_js, to_js};
use relata::worker::Session;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn open(sample: Sample) -> (Session, QueryDraft) {
    let project = sample.project();
    let mut session = Session::default();
    let opened = session.answer(Ask::Open(project.draft, project.data)).unwrap();
    assert_eq!(opened, Answer::Opened(Vec::new()), "every row of a sample is taken");
    (session, project.query)
}

fn run(session: &mut Session, query: &QueryDraft) -> Outcome {
    match session.answer(Ask::Run(query.clone(), Limits::default())).unwrap() {
        Answer::Ran(outcome) => *outcome,
        other => panic!("asked to run, got {other:?}"),
    }
}

#[wasm_bindgen_test]
fn each_sample_sends_what_its_strategy_says() {
    let expected = [
        (Sample::UserProfile, [4, 1, 2]),
        (Sample::AuthorBook, [6, 1, 2]),
        (Sample::StudentCourse, [5, 1, 2]),
    ];
    for (sample, statements) in expected {
        let (mut session, mut query) = open(sample);
        let mut graphs = Vec::new();
        for (strategy, sent) in
            [Strategy::Lazy, Strategy::Joined, Strategy::SelectIn].into_iter().zip(statements)
        {
            query.includes[0].strategy = strategy;
            let outcome = run(&mut session, &query);
            assert_eq!(outcome.failure, None);
            assert_eq!(outcome.sent(), sent, "{} {}", sample.title(), strategy.label());
            graphs.push(outcome.graph.total);
        }
        assert!(graphs.iter().all(|total| *total == graphs[0]), "all strategies bring the same objects");
    }
}

#[wasm_bindgen_test]
fn rows_come_by_the_window_and_name_their_objects() {
    let (mut session, mut query) = open(Sample::AuthorBook);
    query.includes[0].strategy = Strategy::Joined;
    let outcome = run(&mut session, &query);
    let wanted = RowsWanted { outcome: outcome.number, step: outcome.results[0].step, start: 1, count: 2 };
    let Answer::Rows(shown) = session.answer(Ask::Rows(wanted)).unwrap() else { panic!("asked for rows") };
    assert_eq!(shown.rows.len(), 2);
    assert_eq!(shown.rows[0].objects[0], shown.rows[1].objects[0], "the same author twice");
    assert_ne!(shown.rows[0].objects[1], shown.rows[1].objects[1], "two different books");
}

#[wasm_bindgen_test]
fn an_endless_query_ends_and_the_database_goes_on() {
    let project = Sample::AuthorBook.project();
    let schema = schema::check(&project.draft).value.unwrap();
    let relational = map(&schema).value.unwrap();
    let (mut database, _) = Database::open(schema, relational, &project.data).unwrap();
    let sql = |text: &str| Statement { text: text.into(), ..Statement::default() };
    let endless = sql("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c");
    let limits = Limits { millis: 200, rows: 10 };
    assert_eq!(database.query(&endless, limits), Err(SqlError::TimeLimit(200)));
    let books = database.query(&sql("SELECT count(*) FROM books"), limits);
    assert_eq!(books, Ok(vec![vec![Value::Integer(7)]]));
    let too_many = database.query(&sql("SELECT 1 FROM books, authors"), limits);
    assert_eq!(too_many, Err(SqlError::RowLimit(10)));
}

#[wasm_bindgen_test]
fn foreign_keys_are_on() {
    let (mut session, _) = open(Sample::AuthorBook);
    let project = Sample::AuthorBook.project();
    let author = project.draft.models[0].id;
    let rows: Vec<RowId> = project.data.rows_of(author).iter().map(|row| row.id).collect();
    let Answer::Foreseen(first) = session.answer(Ask::Foresee(author, vec![rows[0]])).unwrap() else {
        panic!("asked to foresee")
    };
    let Consequences::Blocked { sqlite, by, .. } = first else { panic!("an author with books was let go") };
    assert_eq!((sqlite.as_str(), by.len()), ("FOREIGN KEY constraint failed", 3));
    let Answer::Foreseen(last) = session.answer(Ask::Foresee(author, vec![rows[4]])).unwrap() else {
        panic!("asked to foresee")
    };
    assert!(matches!(last, Consequences::Allowed(changes) if changes.deleted == [rows[4]]));
}

#[wasm_bindgen_test]
fn messages_cross_as_they_are() {
    let project = Sample::StudentCourse.project();
    let asks =
        [Ask::Hello, Ask::Open(project.draft, project.data), Ask::Run(project.query, Limits::default())];
    for ask in asks {
        let request = Request { id: RequestId(7), ask };
        assert_eq!(from_js::<Request>(to_js(&request).unwrap()).unwrap(), request);
    }
    let reals = [0.1, f64::INFINITY, f64::MIN_POSITIVE].map(Value::Real);
    let mut big = vec![Value::Integer(i64::MAX), Value::Integer(-9_007_199_254_740_993), Value::Null];
    big.extend(reals);
    let wired: Vec<Value> = from_js(to_js(&big).unwrap()).unwrap();
    assert_eq!(wired, big, "neither integers beyond 2^53 nor reals are rounded");
    let (mut session, query) = open(Sample::AuthorBook);
    let answer = Answer::Ran(Box::new(run(&mut session, &query)));
    let response = Response { id: RequestId(8), answer: Ok(answer) };
    assert_eq!(from_js::<Response>(to_js(&response).unwrap()).unwrap(), response);
}

#[wasm_bindgen_test]
fn the_worker_says_who_it_is_and_what_it_cannot_do() {
    let mut session = Session::default();
    let Answer::Hello { build, sqlite } = session.answer(Ask::Hello).unwrap() else {
        panic!("asked for its name")
    };
    assert_eq!(build, BUILD);
    assert!(sqlite.starts_with("3."));
    let failure = session.answer(Ask::Run(QueryDraft::default(), Limits::default())).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Protocol);
}
