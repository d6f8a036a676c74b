//! Questions in, answers out: the worker's session as the page talks to it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::project::{Project, Sample};
use relata::protocol::{
    Answer, Ask, BUILD, Consequences, Failure, FailureKind, Limits, OBJECTS_SHOWN, ObjectView, Outcome,
    RUNS_SHOWN, RowShown, RowsWanted, ScriptAsked, StatementGroup,
};
use relata::query::{
    AggregateDraft, ComputedDraft, GroupKeyDraft, GroupValueDraft, GroupingDraft, QueryDraft, StepId, Test,
};
use relata::schema::FieldType::Text;
use relata::schema::{EndId, FieldId, ModelId, RelationshipId, Side};
use relata::session::{ObjectDraft, ScriptDraft, StepDraft};
use relata::trace::{ObjectId, Spared};
use relata::value::Value;
use relata::worker::Session;

mod support;
use support::{Sketch, all, joined, lazy, left, right, select_in, test};

const LINK: RelationshipId = RelationshipId(3);
const AUTHOR: ModelId = ModelId(1);

fn opened(project: &Project) -> Session {
    let mut session = Session::default();
    let answer = session.answer(Ask::Open(project.draft.clone(), project.data.clone()));
    assert_eq!(answer, Ok(Answer::Opened(vec![])));
    session
}

fn run(session: &mut Session, query: QueryDraft, limits: Limits) -> Outcome {
    match session.answer(Ask::Run(query, limits)) {
        Ok(Answer::Ran(outcome)) => *outcome,
        other => panic!("not an outcome: {other:?}"),
    }
}

fn rows(session: &mut Session, outcome: u32, step: u32, start: u32, count: u32) -> Vec<RowShown> {
    let wanted = RowsWanted { outcome, step: StepId(step), start, count };
    match session.answer(Ask::Rows(wanted)) {
        Ok(Answer::Rows(shown)) => {
            assert_eq!(shown.wanted, wanted);
            shown.rows
        }
        other => panic!("no rows: {other:?}"),
    }
}

/// What kind of failure comes of a question, and its words.
fn check_failure(session: &mut Session, ask: Ask, kind: FailureKind, message: &str) {
    let failure = Failure { kind, message: message.into(), sqlite: String::new() };
    assert_eq!(session.answer(ask), Err(failure));
}

/// A group in one line: its number, how often, the step, why it was spared, its rows, the runs told one by one.
fn line(group: &StatementGroup) -> String {
    let spared = group.spared.map_or(String::new(), |reason| format!(", {reason:?}"));
    let (first, count, step) = (group.first, group.count, group.step.0);
    format!("{first}: step {step} × {count}{spared}, {} rows, {} told", group.rows, group.runs.len())
}

fn lines(outcome: &Outcome) -> Vec<String> {
    outcome.statements.iter().map(line).collect()
}

fn wanted(outcome: u32, step: u32) -> Ask {
    Ask::Rows(RowsWanted { outcome, step: StepId(step), start: 0, count: 10 })
}

#[test]
fn the_worker_says_who_it_is() {
    let Ok(Answer::Hello { build, sqlite }) = Session::default().answer(Ask::Hello) else {
        panic!("it answers before a project is open")
    };
    assert_eq!(build, BUILD);
    assert!(sqlite.starts_with("3."), "{sqlite}");
}

#[test]
fn nothing_can_be_asked_before_a_project_is_open() {
    let mut session = Session::default();
    let closed = "No project is open.";
    let query = QueryDraft::all(AUTHOR);
    check_failure(&mut session, Ask::Run(query, Limits::default()), FailureKind::Protocol, closed);
    check_failure(&mut session, Ask::Foresee(AUTHOR, vec![]), FailureKind::Protocol, closed);
    let stale = "These rows are of an earlier run. Run the query again.";
    check_failure(&mut session, wanted(0, 0), FailureKind::Protocol, stale);
}

/// What should not have been sent changes nothing: the project before stays open.
#[test]
fn invalid_schemas_and_queries() {
    let project = Sample::AuthorBook.project();
    let mut session = opened(&project);
    let mut unnamed = project.draft.clone();
    unnamed.models[0].name.clear();
    let mut colliding = project.draft.clone();
    colliding.models[0].table = "books".into();
    for draft in [unnamed, colliding] {
        let ask = Ask::Open(draft, project.data.clone());
        check_failure(&mut session, ask, FailureKind::Invalid, "The schema has errors.");
    }
    let nonsense = QueryDraft { limit: "ten".into(), ..QueryDraft::all(AUTHOR) };
    let ask = Ask::Run(nonsense, Limits::default());
    check_failure(&mut session, ask, FailureKind::Invalid, "The query has errors.");
    assert_eq!(run(&mut session, project.query, Limits::default()).sent(), 6);
}

#[test]
fn refused_rows_are_told_when_a_project_is_opened() {
    let mut project = Sample::AuthorBook.project();
    let row = project.data.rows_of(AUTHOR)[0].id;
    project.data.set_cell(AUTHOR, row, FieldId(4), Some("one".into()));
    let answer = Session::default().answer(Ask::Open(project.draft, project.data));
    let Ok(Answer::Opened(refusals)) = answer else { panic!("{answer:?}") };
    assert_eq!(refusals.len(), 1 + 3, "the author and the three books that point to it");
}

#[test]
fn statements_of_a_step_are_folded() {
    let mut session = opened(&Sample::AuthorBook.project());
    let outcome = run(
        &mut session,
        all(AUTHOR, vec![lazy(left(LINK), vec![lazy(right(LINK), vec![])])]),
        Limits::default(),
    );
    let expected = [
        "1: step 0 × 1, 5 rows, 1 told",
        "2: step 1 × 5, 7 rows, 5 told",
        "3: step 2 × 7, Known, 0 rows, 0 told",
    ];
    assert_eq!(lines(&outcome), expected);
    assert_eq!((outcome.sent(), outcome.rows()), (6, 12));
    let params: Vec<&[Value]> = outcome.statements[1].runs.iter().map(|run| run.params.as_slice()).collect();
    assert_eq!(params, [1, 2, 3, 4, 5].map(|key| vec![Value::Integer(key)]));
    assert_eq!(outcome.statements[1].runs.iter().map(|run| run.rows).collect::<Vec<_>>(), [3, 2, 1, 1, 0]);
    assert_eq!(outcome.statements[0].statement.text, "SELECT authors.id, authors.name\nFROM authors");

    let mut session = opened(&Sample::UserProfile.project());
    let outcome = run(&mut session, all(AUTHOR, vec![select_in(left(LINK), vec![])]), Limits::default());
    assert_eq!(outcome.statements[1].spared, Some(Spared::NoKey));
    let expected = ["1: step 0 × 1, 4 rows, 1 told", "2: step 1 × 1, NoKey, 0 rows, 0 told"];
    assert_eq!(lines(&outcome)[..2], expected);
    assert_eq!(lines(&outcome)[2..], ["2: step 1 × 1, 3 rows, 1 told"]);
}

/// 620 authors with a book each.
fn many() -> (Sketch, ModelId, RelationshipId) {
    let mut sketch = Sketch::new();
    let author = sketch.model("Author", &[("name", Text)]);
    let book = sketch.model("Book", &[]);
    let books = sketch.one_to_many(author, book);
    for number in 1..=620 {
        let (one, two) = (sketch.row(author, &["", &format!("a{number}")]), sketch.row(book, &[""]));
        sketch.link(books, one, two);
    }
    (sketch, author, books)
}

#[test]
fn of_many_runs_the_first_are_told() {
    let (sketch, author, books) = many();
    let mut session = opened(&sketch.project);
    let outcome = run(&mut session, all(author, vec![lazy(left(books), vec![])]), Limits::default());
    let (first, second) =
        ("1: step 0 × 1, 620 rows, 1 told", format!("2: step 1 × 620, 620 rows, {RUNS_SHOWN} told"));
    assert_eq!(lines(&outcome), [first, &second]);
    // Chunks of another size have another text.
    let outcome = run(&mut session, all(author, vec![select_in(left(books), vec![])]), Limits::default());
    let expected = [first, "2: step 1 × 1, 500 rows, 1 told", "3: step 1 × 1, 120 rows, 1 told"];
    assert_eq!(lines(&outcome), expected);
}

#[test]
fn rows_by_the_window_over_all_statements() {
    let (sketch, author, books) = many();
    let mut session = opened(&sketch.project);
    let query = all(author, vec![select_in(left(books), vec![])]);
    let outcome = run(&mut session, query, Limits::default());
    assert_eq!(outcome.results.iter().map(|shape| shape.rows).collect::<Vec<_>>(), [620, 620]);
    let window = rows(&mut session, outcome.number, 1, 498, 4);
    let keys: Vec<(u32, Value)> = window.iter().map(|row| (row.statement, row.cells[0].clone())).collect();
    assert_eq!(keys, [(2, 499), (2, 500), (3, 501), (3, 502)].map(|(from, key)| (from, Value::Integer(key))));
    assert_eq!(rows(&mut session, outcome.number, 1, 618, 100).len(), 2);
    assert_eq!(rows(&mut session, outcome.number, 1, 620, 1), []);
    assert_eq!(rows(&mut session, outcome.number, 0, 0, 0), []);
    assert_eq!(rows(&mut session, outcome.number, 0, u32::MAX, u32::MAX), []);
}

/// A joined row names an object for each of its nodes, the same one wherever it is repeated; none where the outer
/// join found nothing.
#[test]
fn joined_rows_name_their_objects() {
    let mut session = opened(&Sample::AuthorBook.project());
    let outcome = run(&mut session, all(AUTHOR, vec![joined(left(LINK), vec![])]), Limits::default());
    let shape = &outcome.results[0];
    let models: Vec<(ModelId, bool)> =
        shape.nodes.iter().map(|node| (node.model, node.end.is_some())).collect();
    assert_eq!(models, [(AUTHOR, false), (ModelId(2), true)]);
    let labels: Vec<&str> = shape.columns.iter().map(|column| column.label.as_str()).collect();
    assert_eq!(labels, ["id", "name", "id_1", "title", "author_id"]);
    let found = rows(&mut session, outcome.number, 0, 0, 100);
    let objects: Vec<_> = found.iter().map(|row| row.objects.clone()).collect();
    let id = |number| Some(ObjectId(number));
    assert_eq!(objects[..3], [[id(0), id(1)], [id(0), id(2)], [id(0), id(3)]]);
    assert_eq!(objects[7], [id(11), None]);
    let ursula = &outcome.graph.objects[0];
    assert_eq!((ursula.id, ursula.seen, ursula.links[0].targets.len()), (ObjectId(0), 3, 3));
}

#[test]
fn rows_of_an_earlier_run_are_stale() {
    let project = Sample::AuthorBook.project();
    let mut session = opened(&project);
    let first = run(&mut session, project.query.clone(), Limits::default()).number;
    let second = run(&mut session, QueryDraft::all(AUTHOR), Limits::default()).number;
    assert_ne!(first, second);
    let stale = "These rows are of an earlier run. Run the query again.";
    check_failure(&mut session, wanted(first, 0), FailureKind::Protocol, stale);
    check_failure(&mut session, wanted(second, 1), FailureKind::Protocol, "There is no such statement.");
    assert_eq!(rows(&mut session, second, 0, 0, 10).len(), 5);
}

/// A run that was stopped is still an outcome: what came before is there, and the session goes on.
#[test]
fn stopped_runs_keep_what_came_before() {
    let mut session = opened(&Sample::AuthorBook.project());
    let query = all(AUTHOR, vec![lazy(left(LINK), vec![])]);
    let outcome = run(&mut session, query.clone(), Limits { rows: 8, ..Limits::default() });
    let failure = outcome.failure.clone().unwrap();
    assert_eq!((failure.kind, failure.sqlite.as_str()), (FailureKind::RowLimit, ""));
    assert_eq!(lines(&outcome), ["1: step 0 × 1, 5 rows, 1 told", "2: step 1 × 1, 3 rows, 1 told"]);
    assert_eq!(rows(&mut session, outcome.number, 1, 0, 10).len(), 3);
    assert_eq!(run(&mut session, query, Limits::default()).failure, None);
}

#[test]
fn what_sqlite_refuses_comes_with_its_own_words() {
    let mut session = opened(&Sample::AuthorBook.project());
    let list: Vec<String> = (0..40_000).map(|number| number.to_string()).collect();
    let filters = vec![test(FieldId(4), Test::In, &list.join(","))];
    let outcome = run(&mut session, QueryDraft { filters, ..QueryDraft::all(AUTHOR) }, Limits::default());
    let failure = outcome.failure.unwrap();
    assert_eq!(
        (failure.kind, failure.message.as_str()),
        (FailureKind::Sqlite, "SQLite refused the statement.")
    );
    assert_eq!(failure.sqlite, "too many SQL variables");
    assert_eq!((outcome.statements.len(), outcome.results.len()), (0, 0));
}

/// Of a large graph the objects nearest to the first roots are shown, and how many there are.
#[test]
fn a_part_of_a_large_graph_is_shown() {
    let (sketch, author, books) = many();
    let mut session = opened(&sketch.project);
    let query = all(author, vec![select_in(left(books), vec![])]);
    let graph = run(&mut session, query, Limits::default()).graph;
    assert_eq!((graph.total, graph.total_roots), (1240, 620));
    assert_eq!((graph.objects.len(), graph.roots.len()), (OBJECTS_SHOWN, OBJECTS_SHOWN / 2));
    for object in graph.objects.iter().filter(|object| object.model == author) {
        assert_eq!((object.links[0].targets.len(), object.links[0].total), (1, 1));
    }
}

#[test]
fn deletions_are_foreseen() {
    let project = Sample::AuthorBook.project();
    let mut session = opened(&project);
    let row = project.data.rows_of(AUTHOR)[0].id;
    let answer = session.answer(Ask::Foresee(AUTHOR, vec![row]));
    let Ok(Answer::Foreseen(Consequences::Blocked { by, .. })) = answer else { panic!("{answer:?}") };
    assert_eq!(by.len(), 3);
}

/// A script runs on a database of its own: the document's stays as it is, and needs not even be open.
#[test]
fn a_script_is_run_beside_the_document() {
    let project = Sample::AuthorBook.project();
    let asked = |steps| {
        Ask::Script(Box::new(ScriptAsked {
            draft: project.draft.clone(),
            data: project.data.clone(),
            script: ScriptDraft { steps },
            limits: Limits::default(),
        }))
    };
    let mut session = Session::default();
    let delete = StepDraft::Delete { object: ObjectDraft::Stored(Some(AUTHOR), vec!["1".into()]) };
    let Ok(Answer::Scripted(outcome)) = session.answer(asked(vec![delete, StepDraft::Commit])) else {
        panic!("it is a good script")
    };
    assert_eq!(outcome.failure, None);
    let left: Vec<usize> = outcome.tables.iter().map(Vec::len).collect();
    let rows = |model: usize| project.data.rows_of(project.draft.models[model].id).len();
    assert_eq!(left, [rows(0) - 1, rows(1)], "its books are kept, without an author");
    let flawed = asked(vec![StepDraft::Delete { object: ObjectDraft::New("nobody".into()) }]);
    check_failure(&mut session, flawed, FailureKind::Invalid, "The script has errors.");
}

/// Groups are rows: one statement, no objects, and rows that are fetched like any others.
#[test]
fn groups_come_as_rows() {
    let mut session = opened(&Sample::AuthorBook.project());
    let author = EndId { relationship: LINK, side: Side::Right };
    let key = GroupKeyDraft { through: vec![author], field: Some(FieldId(5)), descending: false };
    let count = GroupValueDraft { descending: Some(true), ..GroupValueDraft::default() };
    let grouping = Some(GroupingDraft { keys: vec![key], values: vec![count] });
    let query = QueryDraft { grouping, ..QueryDraft::all(ModelId(2)) };
    let outcome = run(&mut session, query.clone(), Limits::default());
    let labels: Vec<&str> = outcome.results[0].columns.iter().map(|column| column.label.as_str()).collect();
    assert_eq!(labels, ["author_name", "count"]);
    let lines: Vec<String> = outcome.statements.iter().map(line).collect();
    assert_eq!(lines, ["1: step 0 × 1, 4 rows, 1 told"]);
    assert_eq!((outcome.graph.total, outcome.results[0].rows, outcome.failure), (0, 4, None));
    let shown = rows(&mut session, outcome.number, 0, 0, 2);
    let cells: Vec<String> = shown.iter().map(|row| format!("{} {}", row.cells[0], row.cells[1])).collect();
    assert_eq!(cells, ["Ursula K. Le Guin 3", "Jorge Luis Borges 2"]);
    assert!(shown.iter().all(|row| row.objects.is_empty()));
    let wanted = RowsWanted { outcome: outcome.number, step: StepId(1), start: 0, count: 1 };
    check_failure(&mut session, Ask::Rows(wanted), FailureKind::Protocol, "There is no such statement.");
    let limits = Limits { rows: 1, ..Limits::default() };
    let Err(failure) = session.answer(Ask::Run(query, limits)) else { panic!("there are four groups") };
    assert_eq!(failure.kind, FailureKind::RowLimit);
}

#[test]
fn objects_say_what_was_computed_for_them_and_what_is_not_loaded() {
    let mut session = opened(&Sample::AuthorBook.project());
    let books = AggregateDraft { end: Some(left(LINK)), ..AggregateDraft::default() };
    let computed = vec![ComputedDraft { aggregate: books, name: String::new() }];
    let query = QueryDraft { computed, fields: vec![FieldId(4)], ..QueryDraft::all(AUTHOR) };
    let graph = run(&mut session, query, Limits::default()).graph;
    assert_eq!((graph.objects[0].unloaded.as_slice(), graph.objects[0].values.len()), ([1].as_slice(), 2));
    assert_eq!(graph.objects[0].computed, [Value::Integer(3)]);
}

/// An object in one line: the rows that named it, the loads that it saved, the row of the document that it is.
fn identity(object: &ObjectView) -> String {
    let rows: Vec<String> = object.named.iter().map(|at| format!("{}.{}", at.statement, at.row)).collect();
    let saves: Vec<String> = object.saves.iter().map(|(parent, _)| parent.0.to_string()).collect();
    let row = object.row.map_or("none".into(), |row| row.to_string());
    format!(
        "o{} {} × {}: {}; saved {}: {}",
        object.id.0,
        row,
        object.seen,
        rows.join(" "),
        object.saved,
        saves.join(" ")
    )
}

#[test]
fn the_identity_map_knows_which_rows_named_an_object_and_which_loads_it_saved() {
    let project = Sample::AuthorBook.project();
    let mut session = opened(&project);
    let query = all(ModelId(2), vec![lazy(right(LINK), vec![])]);
    let outcome = run(&mut session, query, Limits::default());
    let graph = &outcome.graph;
    let lines: Vec<String> = graph.objects.iter().map(identity).collect();
    assert_eq!(
        lines[..4],
        [
            "o0 w6 × 1: 1.1; saved 0: ",
            "o7 w1 × 1: 2.1; saved 2: 1 2",
            "o1 w7 × 1: 1.2; saved 0: ",
            "o2 w8 × 1: 1.3; saved 0: ",
        ]
    );
    let spared = outcome.statements.iter().filter(|group| group.spared == Some(Spared::Known));
    assert_eq!(graph.saved, spared.map(|group| group.count).sum::<u32>(), "each is told once");
    assert_eq!((graph.total, graph.named, graph.saved), (11, 11, 3));

    // Joined, the same author comes with each of its books.
    let query = all(ModelId(2), vec![joined(right(LINK), vec![])]);
    let graph = run(&mut session, query, Limits::default()).graph;
    assert_eq!(identity(&graph.objects[1]), "o1 w1 × 3: 1.1 1.2 1.3; saved 0: ");
    assert_eq!((graph.total, graph.named, graph.saved), (11, 14, 0));
}
