//! Rows are generated from a recipe: many at once, with progress that can be stopped, and again after a reload.

use relata_e2e::{Key, Page, Place, visit, visit_in};

fn data() -> Place {
    Place::panel("Data")
}

fn dialog() -> Place {
    Place::page().any("self::dialog and @open", "the dialog".into())
}

/// The tab of a model with so many rows, thousands apart.
fn rows_of(model: &str, count: &str) -> Place {
    let said = format!("self::button and @aria-pressed and contains(., '{model}') and ./span[.='{count}']");
    data().any(&said, format!("{model} with {count} rows"))
}

/// Opens the dialog and confirms a preset.
async fn generate(page: &Page, preset: &str) {
    page.click(&data().button_beginning("Generate")).await;
    page.click(&dialog().button(preset)).await;
    page.click(&dialog().button("Generate")).await;
    page.see_no(&dialog()).await;
}

#[tokio::test]
async fn ten_thousand_rows_are_shown_asked_kept_and_taken_back() {
    visit(async |page| {
        generate(page, "10\u{202f}000").await;
        page.see(&rows_of("Author", "2\u{202f}005")).await;
        page.grid("Book").await;
        page.read("8\u{202f}000 generated rows, read only").await;
        // The last of them comes when it is scrolled to.
        let to_end = "const grid = document.querySelector('.grid'); grid.scrollTop = grid.scrollHeight";
        page.script_on_page(to_end).await;
        page.see(&data().any("self::td and normalize-space(.)='8007'", "the last book".into())).await;

        page.load("books", "select-in").await;
        page.run().await;
        page.see(
            &Place::page().any(
                "@role='tab' and starts-with(normalize-space(.), 'Statements 6')",
                "six statements".into(),
            ),
        )
        .await;
        page.show("Graph").await;
        page.read("The first 120 of ").await;

        page.reload().await;
        page.see(&rows_of("Book", "8\u{202f}007")).await;
        page.press(&[Key::Escape]).await;
        page.click(&data().button_beginning("Generate")).await;
        page.click(&dialog().button("Remove them")).await;
        page.see(&rows_of("Book", "7")).await;
        page.press(&[Key::Control, Key::Char('z')]).await;
        page.see(&rows_of("Book", "8\u{202f}007")).await;
    })
    .await;
}

#[tokio::test]
async fn a_hundred_thousand_rows_can_be_stopped_and_made_after_all() {
    visit(async |page| {
        generate(page, "100\u{202f}000").await;
        page.click(&data().button("Stop")).await;
        page.see(&data().saying("Generated rows are left out.")).await;
        page.see(&rows_of("Book", "7")).await;
        page.click(&data().button("Make them")).await;
        page.see(&data().any("self::progress", "how far it is".into())).await;
        page.see(&rows_of("Book", "80\u{202f}007")).await;
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_generated_is_told_beside_its_field() {
    visit(async |page| {
        page.click(&data().button_beginning("Generate")).await;
        // Three rows of each model show what is to come.
        page.see(&dialog().any("self::td and normalize-space(.)='10'", "the third book".into())).await;
        page.fill(&dialog().field("Fewest books of each Author"), "9").await;
        page.read("200 of Author with 9 each need 1800 of Book, and 800 are asked for.").await;
        page.fill(&dialog().field("Rows of Author"), "50").await;
        page.see_no(&Place::page().saying("are asked for")).await;
        page.fill(&dialog().field("Rows of Author"), "many").await;
        page.read("“many” is not a whole number.").await;
        page.fill(&dialog().field("Rows of Author"), "20").await;
        page.press(&[Key::Enter]).await;
        page.see(&rows_of("Author", "25")).await;
    })
    .await;
}

#[tokio::test]
async fn the_dialog_has_no_barriers_and_fits_a_phone() {
    visit(async |page| {
        page.click(&data().button_beginning("Generate")).await;
        page.see(&dialog().saying("1\u{202f}000 rows together")).await;
        page.assert_no_barriers("the recipe").await;
    })
    .await;
    visit_in((390, 844), async |page| {
        page.click(&Place::page().labelled("nav", "Panels").button("Data")).await;
        page.click(&data().button_beginning("Generate")).await;
        page.see(&dialog().saying("1\u{202f}000 rows together")).await;
        page.assert_no_barriers("the recipe on a phone").await;
        let over = page.script_on_page("return document.documentElement.scrollWidth - innerWidth").await;
        assert!(over.as_f64().is_some_and(|over| over <= 0.0), "{over} pixels too wide");
    })
    .await;
}
