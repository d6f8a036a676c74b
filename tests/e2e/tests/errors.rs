//! What goes wrong is told where it is, and costs nothing else.

use relata_e2e::{Page, Place, visit};

const STALE: &str = "From before the errors.";

#[tokio::test]
async fn a_duplicate_name_is_told_beside_it_and_the_last_good_sql_stays() {
    visit(async |page| {
        page.run().await;
        page.rename_model("Book", "Author").await;
        let second = Place::panel("Define").field("Name of the model").nth(2);
        let told = page.told_beside(&second).await;
        assert!(told.contains("another model called “Author”"), "{told}");
        page.see(&Place::panel("Schema").saying(STALE)).await;
        // The last good name was that of one letter before.
        page.ddl_says("CREATE TABLE authos").await;
        assert_eq!(page.statements_sent().await, 6, "the last good result stays too");

        page.fill(&second, "Volume").await;
        page.told_nothing_beside(&second).await;
        page.see_no(&Place::panel("Schema").saying(STALE)).await;
        page.ddl_says("CREATE TABLE volumes").await;
    })
    .await;
}

#[tokio::test]
async fn what_sqlite_refuses_is_told_at_its_cell_in_its_own_words() {
    visit(async |page| {
        page.tick("Author", "name", "required").await;
        page.tick("Author", "name", "unique").await;
        page.ddl_says("name TEXT NOT NULL UNIQUE").await;
        page.grid("Author").await;
        page.add_row().await;
        let told = page.told_beside(&Page::cell("name", 6)).await;
        assert!(told.contains("name is required"), "{told}");
        assert!(told.contains("NOT NULL constraint failed: authors.name"), "{told}");

        page.set_cell("name", 6, "Homer").await;
        page.until("the name to be told as taken", async || {
            page.told_beside(&Page::cell("name", 6))
                .await
                .contains("UNIQUE constraint failed: authors.name")
                .then_some(())
        })
        .await;
        assert_eq!(page.rows_in_grid().await, 6);
        page.run().await;
        assert_eq!(page.objects_made().await, 5 + 7, "the other rows are there");

        page.set_cell("name", 6, "Hesiod").await;
        page.see_no_refusal().await;
        page.run().await;
        assert_eq!(page.objects_made().await, 6 + 7);
    })
    .await;
}

#[tokio::test]
async fn an_author_with_books_stays_until_they_may_go_with_it() {
    visit(async |page| {
        page.grid("Author").await;
        page.delete_row(1).await;
        let told = page.deletion_refused().await;
        assert!(told.contains("cannot be deleted"), "{told}");
        assert!(told.contains("A Wizard of Earthsea"), "it names the rows in the way: {told}");
        assert!(told.contains("FOREIGN KEY constraint failed"), "{told}");
        assert_eq!(page.rows_in_grid().await, 5);

        page.on_delete("CASCADE").await;
        page.ddl_says("ON DELETE CASCADE").await;
        page.delete_row(1).await;
        let told = page.notice("deleted, and with it").await;
        assert!(told.contains("3 rows of Book"), "{told}");
        assert_eq!(page.rows_in_grid().await, 4);
        page.grid("Book").await;
        assert_eq!(page.rows_in_grid().await, 4);

        page.undo().await;
        page.until("the books to be there again", async || (page.rows_in_grid().await == 7).then_some(()))
            .await;
    })
    .await;
}

#[tokio::test]
async fn hostile_names_are_shown_as_text() {
    const MODEL: &str = "<img src=x onerror=alert(1)>";
    const FIELD: &str = "<b onmouseover=alert(3)>\"x\"</b>";
    const COLUMN: &str = "\"<b onmouseover=alert(3)>\"\"x\"\"</b>\" TEXT";
    const CELL: &str = "'\"; DROP TABLE books; --<script>alert(2)</script>";
    visit(async |page| {
        page.rename_model("Author", MODEL).await;
        page.add_field(MODEL, FIELD).await;
        page.ddl_says(COLUMN).await;
        page.grid(MODEL).await;
        page.set_cell("name", 1, CELL).await;
        page.run().await;
        assert_eq!(page.statements_sent().await, 6);
        let rows = page.rows().await;
        assert!(rows.iter().any(|row| row.cells.iter().any(|cell| cell == CELL)), "{rows:#?}");
        let nested = page.nested().await;
        assert!(nested.iter().any(|line| line.contains(CELL)), "{nested:#?}");
        page.show("Graph").await;
        page.reload().await;
        page.ddl_says(COLUMN).await;
        let made = page
            .script_on_page(
                "return document.querySelectorAll('img, script:not([src]), b[onmouseover]').length",
            )
            .await;
        assert_eq!(made.as_u64(), Some(0), "nothing was made of the text");
    })
    .await;
}
