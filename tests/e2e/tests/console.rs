//! SQL written by hand: where its columns come from, what it changes, where it is wrong, and what was run before.

use relata_e2e::{Key, Page, Place, visit};

fn panel() -> Place {
    Place::panel("SQL")
}

fn text() -> Place {
    panel().field("SQL")
}

fn statement(number: usize) -> Place {
    panel().labelled("section", &format!("Statement {number}"))
}

/// The rows of a statement as they are to be read, heading first.
async fn rows(page: &Page, number: usize) -> Vec<String> {
    let table = page.see(&statement(number).element("table")).await;
    let script = "return [...arguments[0].querySelectorAll('tr')].map(row => [...row.cells].map(cell => cell.innerText.trim()).join(' | '))";
    let rows = page.script(script, &table).await;
    rows.as_array().into_iter().flatten().map(|row| row.as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_join_written_by_hand_lights_up_with_its_models() {
    visit(async |page| {
        page.open_console().await;
        page.click(&panel().button_beginning("A join along the first foreign key")).await;
        page.press(&[Key::Control, Key::Enter]).await;
        page.see(&statement(1).saying("7 rows")).await;
        let rows = rows(page, 1).await;
        assert_eq!(rows[1], "id | name | id | title");
        assert!(rows[2].ends_with("A Wizard of Earthsea"), "{rows:#?}");
        assert!(rows[0].contains("Author") && rows[0].contains("Book"), "{rows:#?}");
        // A cell, the field in the form and the column in the SQL are the same thing.
        let script = "const cell = [...document.querySelectorAll('td')].find(cell => cell.textContent === 'Beloved'); \
             const [object, ...more] = cell.dataset.of.split(' '); \
             const field = more.find(token => token[0] === 'f'); \
             return [object[0], document.querySelectorAll(`section[aria-label=Define] [data-of~=${field}]`).length]";
        let found = page.script_on_page(script).await;
        assert_eq!(found[0], "o", "the cell belongs to an object: {found}");
        assert!(found[1].as_u64() > Some(0), "its field stands in the form: {found}");
    })
    .await;
}

#[tokio::test]
async fn statements_run_in_order_nothing_stays_and_an_error_is_marked() {
    visit(async |page| {
        page.open_console().await;
        page.fill(&text(), "DELETE FROM books; SELECT count(*) FROM books;\nSELECT titel FROM books").await;
        page.click(&panel().button("Run")).await;
        page.see(&statement(1).saying("7 rows changed")).await;
        assert_eq!(rows(page, 2).await, ["no origin", "count(*)", "0"]);
        page.see(&panel().saying("no such column: titel")).await;
        page.see(&panel().saying("Line 2, column 8")).await;
        let selected = "const field = document.activeElement; \
             return field.value.slice(field.selectionStart, field.selectionEnd)";
        assert_eq!(page.script_on_page(selected).await, "titel");
        page.type_text("title").await;
        page.press(&[Key::Control, Key::Enter]).await;
        page.see(&statement(3).saying("0 rows")).await;
        page.see_no(&panel().saying("no such column")).await;
        page.fill(&text(), "SELECT count(*) FROM books").await;
        page.press(&[Key::Control, Key::Enter]).await;
        page.see_no(&statement(2)).await;
        assert_eq!(rows(page, 1).await[2], "7", "the document's rows are as they were");
    })
    .await;
}

#[tokio::test]
async fn what_was_run_comes_back_also_after_a_reload() {
    visit(async |page| {
        page.open_console().await;
        for number in ["1", "2"] {
            page.fill(&text(), &format!("SELECT {number} AS n")).await;
            page.press(&[Key::Control, Key::Enter]).await;
            page.until("its row", async || (rows(page, 1).await.last()? == number).then_some(())).await;
        }
        page.press(&[Key::Alt, Key::Up]).await;
        page.until("the first again", async || (page.focused_value().await == "SELECT 1 AS n").then_some(()))
            .await;
        page.press(&[Key::Alt, Key::Down]).await;
        page.until("the second", async || (page.focused_value().await == "SELECT 2 AS n").then_some(()))
            .await;
        page.reload().await;
        page.open_console().await;
        page.choose(&panel().field("What was run before"), "SELECT 1 AS n").await;
        page.until("it in the field", async || (page.value(&text()).await == "SELECT 1 AS n").then_some(()))
            .await;
        // Tab goes on, also from here.
        page.tab_to("What was run before").await;
    })
    .await;
}

#[tokio::test]
async fn a_recursion_without_end_is_ended() {
    visit(async |page| {
        page.open_console().await;
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
        page.fill(&text(), endless).await;
        page.press(&[Key::Control, Key::Enter]).await;
        page.see(&panel().saying("The query was stopped after 5 s")).await;
        page.fill(&text(), "SELECT 'still there' AS a").await;
        page.press(&[Key::Control, Key::Enter]).await;
        page.until("an answer", async || (rows(page, 1).await.last()? == "still there").then_some(())).await;
    })
    .await;
}
