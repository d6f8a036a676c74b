//! The work is kept: over a reload, by undo, and when another project is opened.

use relata_e2e::{Page, Place, visit};

/// A change of each part of the document.
async fn work(page: &Page) {
    page.add_field("Book", "pages").await;
    page.ddl_says("pages TEXT").await;
    page.grid("Author").await;
    page.set_cell("name", 5, "Homer of Chios").await;
    page.load("books", "select-in").await;
}

async fn assert_worked(page: &Page) {
    page.ddl_says("pages TEXT").await;
    page.grid("Author").await;
    assert_eq!(page.value(&Page::cell("name", 5)).await, "Homer of Chios");
    assert_eq!(page.value(&Place::panel("Query").field("How books is loaded")).await, "select-in");
}

async fn assert_untouched(page: &Page) {
    page.until("the pages to go", async || (!page.ddl().await.contains("pages")).then_some(())).await;
    page.grid("Author").await;
    assert_eq!(page.value(&Page::cell("name", 5)).await, "Homer");
    assert_eq!(page.value(&Place::panel("Query").field("How books is loaded")).await, "lazy");
}

#[tokio::test]
async fn a_reload_keeps_the_work() {
    visit(async |page| {
        work(page).await;
        // At once: what was typed last is not written yet.
        page.reload().await;
        assert_worked(page).await;
        page.run().await;
        assert_eq!(page.statements_sent().await, 2);
        assert!(page.objects().await.iter().any(|object| object.is == "Homer of Chios"));
    })
    .await;
}

#[tokio::test]
async fn undo_takes_every_change_back_and_redo_makes_it_again() {
    visit(async |page| {
        work(page).await;
        let undo = Place::page().button("Undo").that("not(@disabled)", "can be clicked");
        while page.look_for(&undo).await.is_some() {
            page.undo().await;
        }
        assert_untouched(page).await;
        let redo = Place::page().button("Redo").that("not(@disabled)", "can be clicked");
        while page.look_for(&redo).await.is_some() {
            page.redo().await;
        }
        assert_worked(page).await;
    })
    .await;
}

#[tokio::test]
async fn another_sample_loses_nothing() {
    visit(async |page| {
        work(page).await;
        page.open_sample("Student and Course").await;
        page.run().await;
        page.open_sample("User and Profile").await;
        page.run().await;
        page.undo().await;
        page.undo().await;
        assert_eq!(page.project_name().await, "Author and Book");
        assert_worked(page).await;
        page.run().await;
        assert_eq!(page.statements_sent().await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_stored_project_that_is_broken_is_told_and_put_aside() {
    visit(async |page| {
        page.script_on_page("localStorage.setItem('relata.project', '{\"relata\": 1, \"name\": ')").await;
        page.reload().await;
        page.notice("could not be opened").await;
        assert_eq!(page.project_name().await, "Author and Book");
        page.run().await;
        assert_eq!(page.statements_sent().await, 6);
        let kept = page.script_on_page("return localStorage.getItem('relata.project.broken')").await;
        assert_eq!(kept.as_str(), Some("{\"relata\": 1, \"name\": "));
    })
    .await;
}
