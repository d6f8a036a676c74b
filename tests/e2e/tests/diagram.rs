//! The diagram: drawn as the form is filled in, moved and chosen by keyboard, and as a table that says the same.

use relata_e2e::{Key, Page, Place, visit};

fn schema() -> Place {
    Place::panel("Schema")
}

/// A box or an edge, by what a screen reader says of it.
fn thing(said: &str) -> Place {
    schema().any(
        &format!("@role='img' and starts-with(@aria-label, '{said}')"),
        format!("“{said}…” in the diagram"),
    )
}

/// Where on the screen it is.
async fn place(page: &Page, of: &Place) -> (f64, f64) {
    let element = page.see(of).await;
    let script = "const area = arguments[0].getBoundingClientRect(); return [area.x, area.y]";
    let place = page.script(script, &element).await;
    (place[0].as_f64().unwrap_or_default(), place[1].as_f64().unwrap_or_default())
}

#[tokio::test]
async fn the_diagram_follows_the_form() {
    visit(async |page| {
        page.see(&thing("Model Author: id (key), name")).await;
        page.see(&thing("Author.books: any number of Book; Book.author: one or no Author")).await;
        page.add_field("Book", "pages").await;
        page.see(&thing("Model Book: id (key), title, pages")).await;
        page.rename_model("Author", "Writer").await;
        page.see(&thing("Model Writer: ")).await;
        page.click(&schema().button("keys")).await;
        page.see(&thing("Model Book: id (key), title, pages, writer_id (foreign key)")).await;
        page.rename_model("Writer", "").await;
        page.read("From before the errors").await;
        page.see(&thing("Model Writer: ")).await;

        page.open_sample("Student and Course").await;
        // What a many-to-many is about is there until it is switched off.
        page.see(&thing("Join table enrollments: student_id (key, foreign key)")).await;
        page.click(&schema().button("join tables")).await;
        page.see_no(&thing("Join table enrollments")).await;
        page.click(&schema().button("Table")).await;
        page.see(&schema().saying("Student.courses: any number of Course")).await;
        page.assert_console_is_empty().await;
    })
    .await;
}

#[tokio::test]
async fn a_box_is_chosen_moved_kept_and_put_back() {
    visit(async |page| {
        let (book, card) = (thing("Model Book"), Place::panel("Define").labelled("section", "Model Book"));
        page.click(&book).await;
        page.see(&book.that("@aria-current='true'", "is chosen")).await;
        page.see(&card.that("@aria-current='true'", "is chosen")).await;
        let before = place(page, &book).await;
        page.press_times(Key::Down, 3).await;
        let moved = async || Some(place(page, &book).await).filter(|now| now.1 > before.1 + 10.0);
        page.until("the box to have moved", moved).await;
        page.see(&schema().button("Arrange")).await;
        page.reload().await;
        page.see(&schema().button("Arrange")).await;
        page.click(&schema().button("Arrange")).await;
        page.see_no(&schema().button("Arrange")).await;

        // The form chooses, too.
        page.click(&Page::model_name("Author")).await;
        page.see(&thing("Model Author").that("@aria-current='true'", "is chosen")).await;
        // Enter leads from the diagram to the form.
        page.click(&book).await;
        page.press(&[Key::Enter]).await;
        page.until("the focus to be in the form", async || {
            (page.focused_value().await == "Book").then_some(())
        })
        .await;
        page.click(&schema().button("Enlarge the diagram")).await;
        page.see(&Place::page().any("self::dialog", "the large diagram".into())).await;
        page.press(&[Key::Escape]).await;
        page.see_no(&Place::page().any("self::dialog", "the large diagram".into())).await;
        page.see(&book).await;
        page.assert_console_is_empty().await;
    })
    .await;
}
