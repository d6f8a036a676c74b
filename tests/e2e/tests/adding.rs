//! A relationship that is added as it is offered works at once; what keeps Run from running is one click away.

use relata_e2e::{Page, Place, visit};

fn name(page: &str) -> Place {
    Place::panel("Define").field(&format!("Name of the property of {page} that leads to many"))
}

async fn add(page: &Page) {
    page.click(&Place::panel("Define").button("+ Relationship")).await;
    page.click(&Place::panel("Define").button("Add")).await;
}

#[tokio::test]
async fn a_second_relationship_between_two_models_breaks_nothing() {
    visit(async |page| {
        add(page).await;
        page.ddl_says("author_2_id INTEGER REFERENCES authors (id)").await;
        assert_eq!(page.value(&name("Author").nth(2)).await, "books_2");
        page.see(&Place::panel("Define").saying("as books_2")).await;
        page.run().await;
        assert_eq!(page.statements_sent().await, 6);
    })
    .await;
}

#[tokio::test]
async fn run_names_the_first_error_and_leads_to_it() {
    visit(async |page| {
        add(page).await;
        page.ddl_says("author_2_id").await;
        page.fill(&name("Author").nth(2), "books").await;
        page.click(&Place::panel("Query").button("Run")).await;
        let told = page.notice("Author already has something called “books”.").await;
        assert!(told.starts_with("The schema has an error:"), "{told}");
        page.click(&Place::page().button("Show it")).await;
        page.until("the wrong name to have the focus", async || {
            let name = page.focused().await == "Name of the property of Author that leads to many";
            (name && page.focused_value().await == "books").then_some(())
        })
        .await;
        page.see_no(&Place::page().button("Show it")).await;
    })
    .await;
}
