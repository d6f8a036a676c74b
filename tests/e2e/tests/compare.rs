//! One query with every strategy, and statements that explain themselves: what is told is what happened.

use relata_e2e::{Key, Page, Place, visit};

const TRIPS: usize = 0;
const NETWORK: usize = 1;
const ROWS: usize = 2;
const CELLS: usize = 3;
const MEASURED: usize = 5;

/// Every number of the comparison is that of the tabs when the strategy is really chosen.
#[tokio::test]
async fn each_way_tells_what_its_statements_do() {
    visit(async |page| {
        for sample in ["Author and Book", "Student and Course"] {
            page.open_sample(sample).await;
            let ways = page.comparison().await;
            assert_eq!(ways.len(), 7, "{ways:?}");
            for way in ways.iter().filter(|way| way.ended()) {
                page.open_way(&way.name).await;
                let told = (page.statements_sent().await, page.rows_returned().await);
                assert_eq!((way.number(TRIPS), way.number(ROWS)), told, "{sample}: {way:?}");
                let cells: usize = page.rows().await.iter().map(|row| row.cells.len()).sum();
                assert_eq!(way.number(CELLS), cells, "{sample}: {way:?}");
            }
            let refused: Vec<&str> =
                ways.iter().filter(|way| !way.ended()).map(|way| way.name.as_str()).collect();
            assert_eq!(refused, ["raise"]);
            // To choose a strategy leaves the comparison as it is.
            let after = page.comparison().await;
            assert_eq!(after.len(), ways.len());
            page.see_no(&Place::panel("Query").button("Compare again")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_far_database_makes_round_trips_count() {
    visit(async |page| {
        page.open_sample("Author and Book").await;
        page.comparison().await;
        page.latency(Key::Home).await;
        page.read("0 ms").await;
        for way in page.compared().await.iter().filter(|way| way.ended()) {
            assert_eq!(way.figures[NETWORK], way.figures[MEASURED], "{way:?}");
        }
        page.latency(Key::End).await;
        page.read("200 ms").await;
        let ways = page.compared().await;
        let network = |name: &str| {
            let way = ways.iter().find(|way| way.name == name);
            way.map(|way| way.figures[NETWORK].clone()).unwrap_or_default()
        };
        assert_eq!(network("lazy"), "1.2 s", "{ways:?}");
        assert!(network("joined").starts_with("20"), "{ways:?}");
    })
    .await;
}

#[tokio::test]
async fn a_change_of_the_rows_makes_it_stale() {
    visit(async |page| {
        page.open_sample("Author and Book").await;
        page.comparison().await;
        page.rename_model("Author", "Writer").await;
        page.click(&Place::panel("Query").button("Compare again")).await;
        page.see_no(&Place::panel("Query").button("Compare again")).await;
        assert_eq!(page.comparison().await.len(), 7);
    })
    .await;
}

async fn without_index(page: &Page) {
    page.open_sample("Author and Book").await;
    let define = Place::panel("Define");
    page.click(&define.button("More about the relationship")).await;
    page.click(&define.field("has an index")).await;
}

#[tokio::test]
async fn a_full_scan_is_marked_and_mended_by_one_click() {
    visit(async |page| {
        without_index(page).await;
        page.run().await;
        page.read("full scan of books").await;
        let query = Place::panel("Query");
        page.click(&query.any("self::summary and contains(., 'full scan')", "the plan".into())).await;
        page.click(&query.button("Index books.author_id")).await;
        page.read("With the index").await;
        page.read("SEARCH books USING INDEX ix_books_author_id (author_id=?)").await;
        page.see_no(&query.button("Index books.author_id")).await;
        page.read("CREATE INDEX").await;
    })
    .await;
}

#[tokio::test]
async fn parameters_stand_in_place_if_one_likes() {
    visit(async |page| {
        page.open_sample("Author and Book").await;
        page.load("books", "select-in").await;
        page.run().await;
        let asks = async || page.statements().await.last().map(|group| group.sql.clone()).unwrap_or_default();
        assert!(asks().await.contains("IN (?, ?, ?, ?, ?)"));
        page.click(&Place::panel("Query").field("parameters in place")).await;
        page.until("the keys in the statement", async || {
            asks().await.contains("IN (1, 2, 3, 4, 5)").then_some(())
        })
        .await;
    })
    .await;
}
