//! The page shown to a class, on a small projector; the query as a sentence; and the line that a first visit is told.

use relata_e2e::{Key, Page, Place, visit, visit_in};

const PROJECTOR: (u32, u32) = (960, 600);

fn present() -> Place {
    Place::page().button("Present")
}

/// The diagram, the statements beside it and the rows are seen together; the form and the data are not there.
async fn see_everything_at_once(page: &Page) {
    page.see(&Place::page().labelled("section", "Diagram")).await;
    page.see(&Place::page().role("region", "Statements of the query").saying("LEFT OUTER JOIN")).await;
    page.see(&Place::page().role("region", "Rows").saying("Ursula K. Le Guin")).await;
    for panel in ["Define", "Data"] {
        page.see_no(&Place::panel(panel)).await;
    }
    page.see_no(&Place::page().role("group", "Zoom")).await;
}

#[tokio::test]
async fn a_class_sees_the_diagram_the_statements_and_the_rows_at_once() {
    visit_in(PROJECTOR, async |page| {
        page.load("books", "joined").await;
        page.run().await;
        page.show("Rows").await;
        page.tab_back_to("Present").await;
        page.press(&[Key::Enter]).await;
        see_everything_at_once(page).await;
        // What is shown beside the diagram is not shown twice.
        page.show("Statements").await;
        page.see_no(&Place::page().role("region", "Statements of the query")).await;
        page.ddl_says("CREATE TABLE books").await;

        page.reload().await;
        page.see(&present().that("@aria-pressed='true'", "is pressed")).await;
        page.see_no(&Place::panel("Define")).await;
        page.press(&[Key::Escape]).await;
        page.see(&Place::panel("Define")).await;
        page.see(&Place::panel("Data")).await;
        page.reload().await;
        page.see(&present().that("@aria-pressed='false'", "is not pressed")).await;
        page.assert_console_is_empty().await;
    })
    .await;
}

#[tokio::test]
async fn a_query_that_has_run_is_a_sentence_where_there_is_little_room() {
    visit_in(PROJECTOR, async |page| {
        let root = Place::panel("Query").field("all");
        let sentence = Place::panel("Query").button_beginning("all Author with books (lazy)");
        page.run().await;
        page.see_no(&root).await;
        page.click(&sentence).await;
        page.see(&root).await;
        page.see_no(&sentence).await;
        page.until("the model asked for to have the focus", async || {
            (page.focused().await == "all").then_some(())
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_first_visit_is_told_what_to_try_until_that_is_closed() {
    visit(async |page| {
        let line = Place::page().labelled("aside", "First steps");
        page.click(&line.button("load it joined instead")).await;
        page.await_result().await;
        page.see(&Place::page().role("region", "Rows").saying("Ursula K. Le Guin")).await;
        page.undo().await;
        page.click(&line.button("choose what deleting does")).await;
        page.until("ON DELETE to have the focus", async || {
            (page.focused().await == "What happens on delete").then_some(())
        })
        .await;
        page.click(&line.button("Close, and do not show this again")).await;
        page.see_no(&line).await;
        page.reload().await;
        page.see(&Place::panel("Define")).await;
        page.see_no(&line).await;
    })
    .await;
}
