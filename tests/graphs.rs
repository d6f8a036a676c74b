//! Plan and trace in, graph out: how many statements each strategy sends on real SQLite, and that the graph made of
//! their rows knows each object once and each edge's row.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use relata::engine::{Execution, SqlError, Stop};
use relata::graph::{Canonical, Linked, RowAt, build};
use relata::project::{RowId, Sample};
use relata::protocol::Limits;
use relata::query::{Cells, IncludeDraft, Plan, QueryDraft, Strategy};
use relata::schema::FieldType::{Blob, Decimal, Integer, Real, Text};
use relata::schema::{EndId, ModelId, RelationshipId};
use relata::trace::{Event, ObjectId, Spared};
use relata::value::Value;

mod support;
use support::{Sketch, all, joined, lazy, left, right, select_in};

/// Runs a query: nothing fails, the trace alone gives the same graph, and that graph is true to the rows.
fn check(sketch: &Sketch, query: &QueryDraft) -> (Plan, Execution<SqlError>) {
    let plan = sketch.plan(query);
    let mut database = sketch.open();
    let execution = database.run(&plan, Limits::default());
    assert_eq!(execution.failure, None);
    let schema = database.schema();
    let collections = |end| schema.end(end).unwrap().kind.is_collection();
    assert_eq!(build(&plan, &collections, &execution.trace), execution.graph);
    check_graph(&plan, &execution);
    (plan, execution)
}

/// Objects are there once, with the values of the first row that named them; edges say truly which row led to their
/// target, and that of one object there is none but by the identity map.
fn check_graph(plan: &Plan, execution: &Execution<SqlError>) {
    let graph = &execution.graph;
    let cells = |at: RowAt, outputs: &mut dyn Iterator<Item = usize>| -> Vec<Value> {
        let Event::Sent(sent) = &execution.trace.runs[at.run as usize].event else {
            unreachable!("a run that sent nothing has no rows")
        };
        assert_eq!(execution.trace.runs[at.run as usize].step, plan.node(at.node).step);
        outputs.map(|output| sent.rows[at.row as usize][output].clone()).collect()
    };
    let key = |at: RowAt| match &plan.node(at.node).cells {
        Cells::Columns { key, .. } => Some(cells(at, &mut key.iter().copied())),
        Cells::Json { .. } => None,
    };
    let mut identities = BTreeSet::new();
    for (position, object) in graph.objects.iter().enumerate() {
        assert_eq!(object.id.0 as usize, position);
        assert!(identities.insert((object.model, object.key.clone())), "{:?} is there twice", object.key);
        let node = plan.node(object.seen[0].node);
        assert_eq!(graph.find(node, &object.key), Some(object.id));
        if let Cells::Columns { first, width, .. } = node.cells {
            assert_eq!(cells(object.seen[0], &mut (first..first + width)), object.values);
        }
        for &at in &object.seen {
            assert!(plan.node(at.node).takes(object.model));
            assert_eq!(key(at).unwrap_or_else(|| object.key.clone()), object.key);
        }
        for edge in object.links.values().flat_map(Linked::edges) {
            let target = graph.object(edge.target);
            match edge.from {
                Some(at) => assert!(target.seen.contains(&at), "{at:?} names {:?}", target.key),
                None => {
                    let node = plan.node(target.seen[0].node);
                    assert_eq!(graph.find(node, &target.key), Some(edge.target));
                }
            }
        }
    }
}

fn sent(execution: &Execution<SqlError>) -> usize {
    execution.trace.statements()
}

/// The step of each statement sent, and its number of parameters.
fn order(execution: &Execution<SqlError>) -> Vec<(u32, usize)> {
    execution.trace.sent().map(|(run, sent)| (run.step.0, sent.statement.params.len())).collect()
}

/// How often each strategy sends something for one relationship (lazy, joined, select-in); the graph is the same.
///
/// Subquery loading sends as much as select-in here, immediate as lazy, JSON as joined.
fn check_counts(sketch: &Sketch, root: ModelId, end: EndId, expected: [usize; 3]) -> Canonical {
    let mut graphs = Vec::new();
    let [one_by_one, once, twice] = expected;
    let expected = [one_by_one, once, twice, twice, one_by_one, once];
    for (strategy, expected) in Strategy::loading().zip(expected) {
        let include = IncludeDraft::new(end, strategy, vec![]);
        let (_, execution) = check(sketch, &all(root, vec![include]));
        assert_eq!(sent(&execution), expected, "statements of {}", strategy.label());
        graphs.push(execution.graph.canonical());
    }
    for graph in &graphs {
        assert_eq!(*graph, graphs[0]);
    }
    graphs.remove(0)
}

const LINK: RelationshipId = RelationshipId(3);

/// Three of four users have a profile of their own; four of five authors a book; the join table is never in the way.
#[test]
fn the_three_examples_under_each_strategy() {
    let (one, other) = (ModelId(1), ModelId(2));
    let users = Sketch::of(Sample::UserProfile);
    check_counts(&users, one, left(LINK), [1 + 3, 1, 2]);
    check_counts(&users, other, right(LINK), [1 + 3, 1, 2]);
    let books = Sketch::of(Sample::AuthorBook);
    check_counts(&books, one, left(LINK), [1 + 5, 1, 2]);
    check_counts(&books, other, right(LINK), [1 + 4, 1, 2]);
    let courses = Sketch::of(Sample::StudentCourse);
    check_counts(&courses, one, left(LINK), [1 + 4, 1, 2]);
    check_counts(&courses, other, right(LINK), [1 + 4, 1, 2]);
}

#[test]
fn the_graph_of_authors_and_books() {
    let sketch = Sketch::of(Sample::AuthorBook);
    let graph = check_counts(&sketch, ModelId(1), left(LINK), [6, 1, 2]);
    let keys = |numbers: &[i64], model: ModelId| -> Vec<_> {
        numbers.iter().map(|&number| (model, vec![Value::Integer(number)])).collect()
    };
    assert_eq!(graph.roots, keys(&[1, 2, 3, 4, 5], ModelId(1)));
    let books: Vec<_> =
        graph.roots.iter().map(|author| graph.objects[author].1[&left(LINK)].clone()).collect();
    let expected: [&[i64]; 5] = [&[1, 2, 3], &[4, 5], &[6], &[7], &[]];
    assert_eq!(books, expected.map(|numbers| keys(numbers, ModelId(2))));
    let homer = &graph.objects[&(ModelId(1), vec![Value::Integer(5)])];
    assert_eq!(homer.0, [Value::Integer(5), Value::Text("Homer".into())]);
}

/// A run for which nothing was sent says why, and its edge has no row.
#[test]
fn lazy_to_one_sends_nothing_for_what_is_known_or_not_there() {
    let sketch = Sketch::of(Sample::AuthorBook);
    let query = all(ModelId(1), vec![lazy(left(LINK), vec![lazy(right(LINK), vec![])])]);
    let (_, execution) = check(&sketch, &query);
    assert_eq!(sent(&execution), 1 + 5, "every book's author is known");
    let spared: Vec<Spared> = execution
        .trace
        .runs
        .iter()
        .filter_map(|run| match run.event {
            Event::Spared(reason) => Some(reason),
            Event::Sent(_) => None,
        })
        .collect();
    assert_eq!(spared, [Spared::Known; 7]);
    for book in execution.graph.objects.iter().filter(|object| object.model == ModelId(2)) {
        let Linked::One(Some(edge)) = &book.links[&right(LINK)] else { unreachable!("it has an author") };
        assert_eq!(edge.from, None);
    }

    let users = Sketch::of(Sample::UserProfile);
    let (_, execution) = check(&users, &all(ModelId(1), vec![lazy(left(LINK), vec![])]));
    let last = execution.trace.runs.last().unwrap();
    assert_eq!((&last.event, &last.parents[..]), (&Event::Spared(Spared::NoKey), &[ObjectId(3)][..]));
    assert_eq!(execution.graph.object(ObjectId(3)).links[&left(LINK)], Linked::One(None));
}

/// A tree whose every row is a root: parents are known, children are asked for one by one.
#[test]
fn a_tree() {
    let mut sketch = Sketch::new();
    let node = sketch.model("Node", &[]);
    let tree = sketch.one_to_many(node, node);
    let rows: Vec<RowId> = (1..=4).map(|key| sketch.row(node, &[&key.to_string()])).collect();
    [(0, 1), (0, 2), (2, 3)].into_iter().for_each(|(up, down)| sketch.link(tree, rows[up], rows[down]));
    check_counts(&sketch, node, right(tree), [1, 1, 2]);
    check_counts(&sketch, node, left(tree), [1 + 4, 1, 2]);
}

/// A row that is its own parent, and two that are each other's: walking ends.
#[test]
fn rings() {
    let mut sketch = Sketch::new();
    let node = sketch.model("Node", &[]);
    let tree = sketch.one_to_many(node, node);
    let rows: Vec<RowId> = (1..=3).map(|key| sketch.row(node, &[&key.to_string()])).collect();
    [(0, 0), (1, 2), (2, 1)].into_iter().for_each(|(up, down)| sketch.link(tree, rows[up], rows[down]));
    check_counts(&sketch, node, right(tree), [1, 1, 2]);
    let graph = check_counts(&sketch, node, left(tree), [1 + 3, 1, 2]);
    let first = (node, vec![Value::Integer(1)]);
    assert_eq!(graph.objects[&first].1[&left(tree)], std::slice::from_ref(&first));
}

#[test]
fn no_parents_and_no_keys_send_nothing_more() {
    let mut sketch = Sketch::new();
    let (author, book) = (sketch.model("Author", &[]), sketch.model("Book", &[]));
    let books = sketch.one_to_many(author, book);
    check_counts(&sketch, author, left(books), [1, 1, 1]);
    check_counts(&sketch, book, right(books), [1, 1, 1]);
    sketch.row(book, &["1"]);
    sketch.row(book, &["2"]);
    for (strategy, expected) in Strategy::loading().zip([1, 1, 1, 2, 1, 1]) {
        let query = all(book, vec![IncludeDraft::new(right(books), strategy, vec![])]);
        // The subquery does not look at the keys before it asks; SQLAlchemy's does not either.
        assert_eq!(sent(&check(&sketch, &query).1), expected, "{}", strategy.label());
    }
}

/// Immediate loading sends as much as lazy loading, but before any object is touched; what is to be loaded behind it for
/// all together is then loaded once.
#[test]
fn immediate_does_not_wait() {
    let mut sketch = Sketch::new();
    let (author, book) = (sketch.model("Author", &[]), sketch.model("Book", &[]));
    let page = sketch.model("Page", &[]);
    let (books, pages) = (sketch.one_to_many(author, book), sketch.one_to_many(book, page));
    for key in ["1", "2", "3"] {
        let (one, two) = (sketch.row(author, &[key]), sketch.row(book, &[key]));
        let three = sketch.row(page, &[key]);
        sketch.link(books, one, two);
        sketch.link(pages, two, three);
    }
    let nest = |first, second| {
        let below = IncludeDraft::new(left(pages), second, vec![]);
        all(author, vec![IncludeDraft::new(left(books), first, vec![below])])
    };
    let steps = |first, second| -> Vec<u32> {
        let (_, execution) = check(&sketch, &nest(first, second));
        execution.trace.sent().map(|(run, _)| run.step.0).collect()
    };
    assert_eq!(steps(Strategy::Immediate, Strategy::SelectIn), [0, 1, 1, 1, 2]);
    assert_eq!(steps(Strategy::Immediate, Strategy::Immediate), [0, 1, 1, 1, 2, 2, 2]);
    assert_eq!(steps(Strategy::Immediate, Strategy::Subquery), [0, 1, 2, 1, 2, 1, 2]);
    assert_eq!(
        steps(Strategy::Lazy, Strategy::SelectIn),
        [0, 1, 2, 1, 2, 1, 2],
        "a stand-in runs for none of them"
    );
    assert_eq!(steps(Strategy::Subquery, Strategy::Subquery), [0, 1, 2]);
    assert_eq!(steps(Strategy::SelectIn, Strategy::Subquery), [0, 1, 2]);
}

/// The walk ends at the first object whose property must not be loaded, and says which property that was.
#[test]
fn raise_ends_the_walk() {
    let sketch = Sketch::of(Sample::AuthorBook);
    let ending = IncludeDraft::new(right(LINK), Strategy::Raise, vec![]);
    let plan = sketch.plan(&all(ModelId(1), vec![lazy(left(LINK), vec![ending.clone()])]));
    let execution = sketch.open().run(&plan, Limits::default());
    assert_eq!(execution.failure, Some(Stop::Raised(right(LINK))));
    assert_eq!(sent(&execution), 2, "the authors, and the first one's books");
    let unseen = sketch.plan(&all(ModelId(2), vec![ending]));
    let mut sketch = sketch;
    sketch.project.data = relata::project::Data::default();
    assert_eq!(sketch.open().run(&unseen, Limits::default()).failure, None, "nobody touched it");
}

/// What JSON cannot hold comes through it as it is: bytes, and reals to their last digit.
#[test]
fn json_keeps_every_value() {
    let mut sketch = Sketch::new();
    let shelf = sketch.model("Shelf", &[]);
    let kinds = [("text", Text), ("real", Real), ("blob", Blob), ("decimal", Decimal), ("whole", Integer)];
    let thing = sketch.model("Thing", &kinds);
    let things = sketch.one_to_many(shelf, thing);
    let one = sketch.row(shelf, &["1"]);
    let rows: [&[&str]; 3] = [
        &["1", "it's \"quoted\" \\ and\nbroken ☃", "0.1", "00ff", "9.90", "9223372036854775807"],
        &["2", "", "1.7976931348623157e308", "", "12", "-9223372036854775808"],
        &["3"],
    ];
    for row in rows {
        let row = sketch.row(thing, row);
        sketch.link(things, one, row);
    }
    let graph = |strategy| {
        let query = all(shelf, vec![IncludeDraft::new(left(things), strategy, vec![])]);
        check(&sketch, &query).1.graph.canonical()
    };
    assert_eq!(graph(Strategy::Json), graph(Strategy::SelectIn));
}

/// 1,203 groups, each with a member, which has a badge and is one of seven teams'.
struct Crowd {
    sketch: Sketch,
    group: ModelId,
    member: ModelId,
    members: RelationshipId,
    badges: RelationshipId,
    teams: RelationshipId,
    clubs: RelationshipId,
}

fn crowd() -> Crowd {
    let mut sketch = Sketch::new();
    let group = sketch.model("Group", &[]);
    let member = sketch.keyed("Member", &[("a", Integer), ("b", Text)], &[]);
    let badge = sketch.model("Badge", &[]);
    let team = sketch.model("Team", &[]);
    let (members, badges) = (sketch.one_to_many(group, member), sketch.one_to_many(member, badge));
    let (teams, clubs) = (sketch.one_to_many(team, member), sketch.many_to_many(group, team));
    let of: Vec<RowId> = (1..=7).map(|key| sketch.row(team, &[&key.to_string()])).collect();
    for number in 1..=1203_usize {
        let key = number.to_string();
        let (one, two) = (sketch.row(group, &[&key]), sketch.row(member, &[&key, &key]));
        let three = sketch.row(badge, &[&key]);
        sketch.link(members, one, two);
        sketch.link(badges, two, three);
        sketch.link(teams, of[number % 7], two);
        sketch.link(clubs, one, of[number % 7]);
    }
    Crowd { sketch, group, member, members, badges, teams, clubs }
}

#[test]
fn select_in_takes_five_hundred_keys_at_a_time() {
    let crowd = crowd();
    let one_level = |root, end| order(&check(&crowd.sketch, &all(root, vec![select_in(end, vec![])])).1);
    let chunks = [(0, 0), (1, 500), (1, 500), (1, 203)];
    assert_eq!(one_level(crowd.group, left(crowd.members)), chunks);
    assert_eq!(one_level(crowd.group, left(crowd.clubs)), chunks);
    let composite = [(0, 0), (1, 1000), (1, 1000), (1, 406)];
    assert_eq!(one_level(crowd.member, left(crowd.badges)), composite);
    assert_eq!(one_level(crowd.member, right(crowd.members)), chunks);
    assert_eq!(one_level(crowd.member, right(crowd.teams)), [(0, 0), (1, 7)], "keys are distinct");
}

/// Each level is read whole before the next one is cut into chunks anew.
#[test]
fn nested_select_in_goes_level_by_level() {
    let crowd = crowd();
    let below = vec![select_in(left(crowd.badges), vec![]), select_in(right(crowd.teams), vec![])];
    let query = all(crowd.group, vec![select_in(left(crowd.members), below)]);
    let (_, execution) = check(&crowd.sketch, &query);
    let expected = [(0, 0), (1, 500), (1, 500), (1, 203), (2, 1000), (2, 1000), (2, 406), (3, 7)];
    assert_eq!(order(&execution), expected);
    assert_eq!(execution.graph.objects.len(), 3 * 1203 + 7);
    assert_eq!(execution.graph.roots.len(), 1203);
}

/// Below a joined collection one statement serves all; below a lazy one it goes out once for each lazy load.
#[test]
fn select_in_below_other_strategies() {
    let sketch = Sketch::of(Sample::StudentCourse);
    let back = |include: fn(_, _) -> _| {
        let query = all(ModelId(1), vec![include(left(LINK), vec![select_in(right(LINK), vec![])])]);
        check(&sketch, &query).1
    };
    assert_eq!(order(&back(joined)), [(0, 0), (1, 3)], "three courses have students");
    assert_eq!(order(&back(select_in)), [(0, 0), (1, 4), (2, 3)]);
    // Ada takes courses 1 and 2, Edgar 1 and 3, Grace 1 and 2, Linus none.
    // What a lazy load finds in the identity map brings nothing with it.
    let expected = [(0, 0), (1, 1), (2, 2), (1, 1), (2, 1), (1, 1), (1, 1)];
    assert_eq!(order(&back(lazy)), expected);
}
