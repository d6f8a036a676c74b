//! On small screens every panel can be reached and the query run.

use relata_e2e::{Page, Place, visit_in};

const PANELS: [&str; 4] = ["Define", "Schema", "Data", "Query"];

/// Shows a panel, by the bar where not all of them fit.
async fn show_panel(page: &Page, name: &str) {
    if page.look_for(&Place::panel(name)).await.is_none() {
        page.click(&Place::page().labelled("nav", "Panels").button(name)).await;
    }
    page.see(&Place::panel(name)).await;
}

/// Fails if the page is wider than the window. Firefox's windows are not as narrow as a phone.
async fn assert_fits(page: &Page, panel: &str) {
    let script =
        "return Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth";
    let over = page.script_on_page(script).await;
    assert!(over.as_f64().is_some_and(|over| over <= 0.0), "with {panel} the page is {over} pixels too wide");
}

async fn check(width: u32, height: u32) {
    visit_in((width, height), async |page| {
        for panel in PANELS {
            show_panel(page, panel).await;
            assert_fits(page, panel).await;
        }
        show_panel(page, "Schema").await;
        assert!(page.ddl().await.contains("CREATE TABLE authors"));
        show_panel(page, "Data").await;
        page.grid("Book").await;
        assert_eq!(page.rows_in_grid().await, 7);
        show_panel(page, "Define").await;
        page.add_field("Book", "pages").await;
        show_panel(page, "Query").await;
        page.run().await;
        assert_eq!(page.statements_sent().await, 6);
        assert_eq!(page.rows().await.len(), 12);
        assert_eq!(page.objects().await.len(), 12);
        page.show("Objects").await;
        assert_fits(page, "Query").await;
    })
    .await;
}

#[tokio::test]
async fn on_a_phone() {
    check(390, 844).await;
}

#[tokio::test]
async fn on_a_small_laptop() {
    check(1024, 768).await;
}

#[tokio::test]
async fn on_a_phone_samples_are_in_a_list() {
    visit_in((390, 844), async |page| {
        page.choose(&Place::page().field("Sample or project"), "Student and Course · many-to-many").await;
        show_panel(page, "Query").await;
        page.run().await;
        assert_eq!(page.statements_sent().await, 2);
        assert_eq!(page.objects_made().await, 7);
    })
    .await;
}
