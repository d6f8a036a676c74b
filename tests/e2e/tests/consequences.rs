//! What would happen, told before it happens; and where an object came from, in words.

use relata_e2e::{Key, Page, Place, visit};

fn session() -> Place {
    Place::panel("Session")
}

#[tokio::test]
async fn what_if_an_author_goes_is_told_switched_committed_and_undone() {
    visit(async |page| {
        page.grid("Author").await;
        page.click(&Place::panel("Data").button("What if row 1 were deleted through the ORM …")).await;
        page.see(&session().saying("1 row goes, 3 have their key set to NULL; nothing blocks.")).await;
        page.choose(
            &session().field("What the session does with Author.books on delete"),
            "leaves them to the database",
        )
        .await;
        page.see(&session().saying("Nothing changes: 3 rows stand in the way.")).await;
        page.see(&session().saying("FOREIGN KEY constraint failed")).await;
        let database = session().field("What the database does with Author.books on delete");
        page.choose(&database, "CASCADE: delete the row too").await;
        page.see(&session().saying("4 rows go; nothing blocks.")).await;
        page.see(&database).await;
        page.see(&session().saying("The database itself")).await;
        assert_eq!(page.rows_in_grid().await, 5, "it was only told");
        page.click(&session().button("Commit")).await;
        page.notice("Committed: 4 rows go.").await;
        page.see(&session().saying("Committed: this is in your data now.")).await;
        assert_eq!(page.rows_in_grid().await, 4);
        page.click(&Place::page().button("Undo")).await;
        page.see(&Page::cell("name", 5)).await;
        page.see(&session().button("Commit")).await;
    })
    .await;
}

#[tokio::test]
async fn rolled_back_the_script_is_as_it_was() {
    visit(async |page| {
        page.grid("Author").await;
        page.click(&Place::panel("Data").button("What if row 2 were deleted through the ORM …")).await;
        page.see(&session().saying("1 row goes, 2 have their key set to NULL; nothing blocks.")).await;
        page.click(&session().button("Roll back")).await;
        page.notice("Rolled back: your rows are as they were.").await;
        page.see(&session().field("Step 1: name of the object")).await;
    })
    .await;
}

#[tokio::test]
async fn a_question_keeps_the_script_that_stood_there_and_gives_it_back() {
    visit(async |page| {
        page.grid("Author").await;
        page.click(&Place::panel("Data").button("What if row 1 were deleted through the ORM …")).await;
        page.see(&session().saying("1 row goes, 3 have their key set to NULL; nothing blocks.")).await;
        page.see(&session().saying("the script of 5 steps is kept.")).await;
        page.reload().await;
        page.click(&Place::page().any("@role='tab' and normalize-space(.)='Session'", "Session".into()))
            .await;
        page.click(&session().button("Back to the script")).await;
        page.see(&session().field("Step 1: name of the object")).await;
        page.see(&session().field("Step 5: what to do")).await;
        page.see_no(&session().button("Back to the script")).await;
    })
    .await;
}

#[tokio::test]
async fn an_object_is_found_by_arrow_keys_and_says_where_it_came_from() {
    visit(async |page| {
        let query = Place::panel("Query");
        page.press(&[Key::Control, Key::Enter]).await;
        page.show("Objects").await;
        page.see(&query.any("self::summary", "an object".into())).await;
        page.tab_until("the first object", |label| label.contains("authors[0]")).await;
        page.see(&query.saying("Author 1 came from row 1 of statement 1.")).await;
        page.press(&[Key::Down]).await;
        page.press(&[Key::Down]).await;
        page.see(&query.saying("Book 2 came from row 2 of statement 2.")).await;
        page.press(&[Key::Delete]).await;
        page.see(&session().saying("1 row goes; nothing blocks.")).await;
    })
    .await;
}

#[tokio::test]
async fn the_identity_map_tells_each_object_once() {
    visit(async |page| {
        let query = Place::panel("Query");
        page.query("Book").await;
        page.include("author").await;
        page.load("author", "lazy").await;
        page.press(&[Key::Control, Key::Enter]).await;
        page.show("Identity map").await;
        page.see(&query.saying("11 rows name 11 objects, each once.")).await;
        page.see(&query.saying("3 loads sent nothing: the map had the object.")).await;
        page.see(&query.saying("no statement: the identity map has it")).await;
    })
    .await;
}
