//! The schema as a program for an ORM.

use relata_e2e::{Key, Page, Place, visit};

fn tab(name: &str) -> Place {
    Place::panel("Schema")
        .any(&format!("@role='tab' and normalize-space(.)='{name}'"), format!("the tab “{name}”"))
}

/// The program, its blanks as one.
async fn program(page: &Page) -> String {
    let text = page.text(&Place::panel("Schema").any("@role='tabpanel'", "the program".into())).await;
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_schema_and_the_query_become_programs_and_follow_the_form() {
    visit(async |page| {
        page.click(&tab("SQLAlchemy")).await;
        page.see(&Place::panel("Schema").saying("relationship(back_populates")).await;
        assert!(program(page).await.contains("select(Author).options(lazyload(Author.books))"));
        page.load("books", "select-in").await;
        page.see(&Place::panel("Schema").saying("selectinload(")).await;

        page.click(&tab("SQLAlchemy")).await;
        page.press(&[Key::Right]).await;
        page.see(&Place::panel("Schema").saying("models.ForeignKey(")).await;
        assert!(program(page).await.contains("class Author(models.Model):"));
    })
    .await;
}
