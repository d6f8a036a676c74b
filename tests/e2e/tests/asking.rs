//! What a query can ask for beside objects and fields: conditions across relationships, computed values, some fields
//! only, groups; and how results tell it.

use relata_e2e::{Place, visit};

#[tokio::test]
async fn authors_with_at_least_two_books() {
    visit(async |page| {
        page.open_sample("Author and Book").await;
        page.press_in_form("+ condition").await;
        page.ask("Field", "books → Book").await;
        page.ask("What is asked of them", "count").await;
        page.ask_for("Number", "2").await;
        page.load("books", "joined").await;
        page.run().await;
        let objects = page.objects_in_table().await;
        let authors: Vec<&str> = objects
            .iter()
            .filter(|object| object.model == "Author")
            .map(|object| object.is.as_str())
            .collect();
        assert_eq!(authors, ["Ursula K. Le Guin", "Jorge Luis Borges"]);
    })
    .await;
}

#[tokio::test]
async fn objects_tell_what_was_computed_and_what_is_not_loaded() {
    visit(async |page| {
        page.open_sample("Author and Book").await;
        page.ask_more("+ computed value").await;
        page.ask_more("choose fields").await;
        page.click(&Place::panel("Query").field("name")).await;
        page.load("books", "select-in").await;
        page.run().await;
        let told = page.nested().await.join(" ");
        assert!(told.contains("name not loaded") && told.contains("books_count = 3"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn groups_are_rows_without_objects() {
    visit(async |page| {
        page.open_sample("Author and Book").await;
        page.query("Book").await;
        page.ask_more("group").await;
        page.press_in_form("+ having").await;
        page.run().await;
        assert_eq!((page.statements_sent().await, page.rows_returned().await), (1, 2));
        let rows: Vec<Vec<String>> = page.rows().await.into_iter().map(|row| row.cells).collect();
        assert_eq!(rows, [["Jorge Luis Borges", "2"], ["Ursula K. Le Guin", "3"]]);
        page.show("Objects").await;
        page.read("Groups are rows: no objects are made of them.").await;
    })
    .await;
}

#[tokio::test]
async fn a_cell_of_json_unfolds_and_a_forbidden_property_raises() {
    visit(async |page| {
        page.open_sample("Author and Book").await;
        page.load("books", "json").await;
        page.run().await;
        page.show("Rows").await;
        page.press_in_form("▸ 3 Book").await;
        page.read("\"title\": \"The Dispossessed\"").await;
        page.load("books", "raise").await;
        page.press_in_form("Run").await;
        let told = page.failure("The ORM raised an error.").await;
        assert!(told.contains("'Author.books' is not available due to lazy='raise'"), "{told}");
    })
    .await;
}
