//! A script of changes: what it sends and why, and that the data stay as they are.

use relata_e2e::{Key, Page, Place, visit};

fn panel() -> Place {
    Place::panel("Session")
}

async fn tab(page: &Page, name: &str) {
    let test = format!("@role='tab' and starts-with(normalize-space(.), '{name}')");
    page.click(&Place::page().any(&test, format!("the tab “{name}”"))).await;
}

async fn open(page: &Page) {
    tab(page, "Session").await;
    page.see(&panel()).await;
}

#[tokio::test]
async fn the_sample_s_script_tells_each_statement_and_its_reason() {
    visit(async |page| {
        open(page).await;
        page.click(&panel().button("Run")).await;
        page.see(&panel().saying("8 statements by the ORM")).await;
        page.see(&panel().saying("Author deleted: key of its books set to NULL")).await;
        page.see(&panel().saying("− goes")).await;
        page.see(&panel().saying("your data change only if you commit.")).await;
        tab(page, "Statements").await;
        page.see(&panel().saying("Author deleted: key of its books set to NULL")).await;
        page.grid("Author").await;
        page.see(&Page::cell("name", 1)).await;
    })
    .await;
}

#[tokio::test]
async fn a_script_is_written_by_keyboard_and_its_errors_stand_beside_the_step() {
    visit(async |page| {
        open(page).await;
        for _ in 0..5 {
            page.click(&panel().button("Step 1: remove")).await;
        }
        page.tab_to("+ step").await;
        page.press(&[Key::Enter]).await;
        page.choose(&panel().field("Step 1: model"), "Book").await;
        page.fill(&panel().field("Step 1: name of the object"), "").await;
        page.see(&panel().saying("This object has no name.")).await;
        page.fill(&panel().field("Step 1: name of the object"), "emma").await;
        page.fill(&panel().field("Step 1: title"), "Emma").await;
        page.see_no(&panel().saying("This object has no name.")).await;
        page.click(&panel().button("+ step")).await;
        page.see(&panel().field("Step 2: what to do")).await;
        page.press(&[Key::Control, Key::Enter]).await;
        page.see(&panel().saying("1 statement by the ORM")).await;
        tab(page, "Statements").await;
        page.see(&panel().saying("Committed: the changes are kept.")).await;
    })
    .await;
}
