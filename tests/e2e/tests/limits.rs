//! A query that does not end is ended, and the page is usable all the while.

use std::time::{Duration, Instant};

use relata::project::{Data, Pair, Project};
use relata::query::{FilterDraft, IncludeDraft, OrderDraft, QueryDraft, Strategy, Test, TestDraft};
use relata::schema::{
    Draft, EndId, FieldDraft, FieldId, FieldType, ModelDraft, ModelId, RelationshipDraft, RelationshipId,
    Shape, Side,
};
use relata_e2e::{Page, Place, visit};

const THING: ModelId = ModelId(1);
const KNOWS: RelationshipId = RelationshipId(2);
const NAME: FieldId = FieldId(4);

/// Things that each know some others.
fn things(names: &[String], links: impl IntoIterator<Item = (usize, usize)>, query: QueryDraft) -> Project {
    let fields = vec![FieldDraft::key(FieldId(3)), FieldDraft::new(NAME, "name", FieldType::Text)];
    let model = ModelDraft::new(THING, "Thing", fields);
    let mut knows = RelationshipDraft::new(KNOWS, Shape::ManyToMany, THING, THING);
    knows.left.name = "knows".into();
    knows.right.name = "known_by".into();
    let mut data = Data::default();
    let rows: Vec<_> = (1..)
        .zip(names)
        .map(|(key, name)| {
            let row = data.add_row(THING);
            data.set_cell(THING, row, FieldId(3), Some(key.to_string()));
            data.set_cell(THING, row, NAME, Some(name.clone()));
            row
        })
        .collect();
    // Not by `link`, which looks through all of them each time.
    let pairs = links.into_iter().map(|(left, right)| Pair { left: rows[left], right: rows[right] });
    data.links.insert(KNOWS, pairs.collect());
    let draft = Draft { models: vec![model], relationships: vec![knows], last_id: 4 };
    Project { name: "Things".into(), draft, data, query, ..Project::default() }
}

/// Forty things of which each knows every one: four levels of that are a hundred million rows.
fn crowd(query: QueryDraft) -> Project {
    let names: Vec<String> = (1..=40).map(|number| format!("Thing {number}")).collect();
    let all = (0..40).flat_map(|left| (0..40).map(move |right| (left, right)));
    things(&names, all, query)
}

/// All that is known, joined to this depth.
fn joined(depth: usize) -> Vec<IncludeDraft> {
    let end = EndId { relationship: KNOWS, side: Side::Left };
    (0..depth).fold(Vec::new(), |includes, _| vec![IncludeDraft::new(end, Strategy::Joined, includes)])
}

/// One comparison without an end in sight, in which SQLite cannot even be interrupted: a long text against a long
/// pattern, letter by letter, and again from each letter on.
fn endless() -> Project {
    let value = format!("%{}b", "a".repeat(40_000));
    let test = TestDraft { field: Some(NAME), test: Test::Like, value, ..TestDraft::default() };
    let query = QueryDraft { filters: vec![FilterDraft::Test(test)], ..QueryDraft::all(THING) };
    things(&["a".repeat(500_000)], [], query)
}

/// Types a new model's name while the query runs, and fails if a letter takes long to reach the SQL.
async fn assert_usable(page: &Page) {
    page.add_model("N").await;
    let mut name = String::from("N");
    let mut slowest = Duration::ZERO;
    for letter in ["o", "t", "e"] {
        name.push_str(letter);
        let start = Instant::now();
        page.type_text(letter).await;
        page.ddl_says(&format!("CREATE TABLE {}s (", name.to_lowercase())).await;
        slowest = slowest.max(start.elapsed());
    }
    assert!(page.is_running().await, "the query still runs");
    // It takes some hundredths of a second; a page that waits for the query would take several seconds.
    assert!(slowest < Duration::from_secs(2), "a letter took {slowest:?} to reach the SQL");
}

/// The same data answer an ordinary query, the models made meanwhile are there too.
async fn assert_sound(page: &Page, objects: usize) {
    page.run().await;
    assert_eq!(page.objects_made().await, objects);
    page.ddl_says("CREATE TABLE notes").await;
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_ended_and_the_page_stays_usable() {
    visit(async |page| {
        // The order is that of all rows: none comes back before the last one is made.
        let order = vec![OrderDraft { field: Some(NAME), descending: true, ..OrderDraft::default() }];
        page.open_project(&crowd(QueryDraft { includes: joined(4), order, ..QueryDraft::all(THING) })).await;
        page.start().await;
        let start = Instant::now();
        assert_usable(page).await;
        let told = page.failure("Stopped: it took too long.").await;
        assert!(start.elapsed() < Duration::from_secs(8), "it ended after {:?}", start.elapsed());
        assert!(told.contains("5 s"), "it says the limit: {told}");
        page.do_not_load("knows").await;
        assert_sound(page, 40).await;
    })
    .await;
}

#[tokio::test]
async fn a_query_that_returns_too_much_is_ended() {
    visit(async |page| {
        page.open_project(&crowd(QueryDraft { includes: joined(4), ..QueryDraft::all(THING) })).await;
        page.click(&Place::panel("Query").button("Run")).await;
        let told = page.failure("Stopped: too many rows.").await;
        assert!(told.contains("200"), "it says the limit: {told}");
        page.do_not_load("knows").await;
        page.run().await;
        assert_eq!(page.objects_made().await, 40);
    })
    .await;
}

#[tokio::test]
async fn a_running_query_is_stopped_by_its_button() {
    visit(async |page| {
        page.open_project(&endless()).await;
        page.start().await;
        page.add_model("Note").await;
        let start = Instant::now();
        page.stop().await;
        assert!(start.elapsed() < Duration::from_secs(2), "it stopped after {:?}", start.elapsed());
        page.notice("The query was stopped").await;
        page.remove_condition().await;
        assert_sound(page, 1).await;
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_does_not_answer_is_replaced() {
    visit(async |page| {
        page.open_project(&endless()).await;
        page.start().await;
        assert_usable(page).await;
        page.notice("The database stopped and is made again").await;
        page.remove_condition().await;
        assert_sound(page, 1).await;
    })
    .await;
}
