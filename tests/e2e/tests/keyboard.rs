//! A new one-to-many by keyboard alone: models, relationship, rows, links, query.

use relata_e2e::{Key, Page, visit};

#[tokio::test]
async fn a_one_to_many_is_made_and_queried_without_a_mouse() {
    visit(async |page| {
        define(page).await;
        page.ddl_says("CREATE TABLE teams").await;
        page.ddl_says("name TEXT NOT NULL").await;
        page.ddl_says("REFERENCES teams (id)").await;

        fill(page).await;
        page.see_no_refusal().await;

        query(page).await;
        page.await_result().await;
        let objects = page.objects_in_table().await;
        let told: Vec<String> = objects
            .iter()
            .map(|object| format!("{} {} {}", object.object, object.is, object.links))
            .collect();
        assert_eq!(
            told.iter().map(|line| line.trim()).collect::<Vec<_>>(),
            ["P1 Ann", "P2 Bob", "P3 Cid", "T1 Reds players → P1 P3", "T2 Blues players → P2"]
        );
    })
    .await;
}

async fn define(page: &Page) {
    for model in ["Team", "Player"] {
        page.tab_to("+ Model").await;
        page.press(&[Key::Enter]).await;
        focus(page, "Name of the model").await;
        page.type_text(model).await;
        page.tab_to(&format!("Add a field to {model}")).await;
        page.press(&[Key::Enter]).await;
        focus(page, "Name of the field").await;
        page.type_text("name").await;
        page.tab_to("Type of name").await;
        page.press(&[Key::Tab]).await;
        assert_eq!(page.focused().await, "required");
        if model == "Team" {
            page.press(&[Key::Space]).await;
        }
    }
    page.tab_to("+ Relationship").await;
    page.press(&[Key::Enter]).await;
    focus(page, "Model at the first end").await;
    page.type_text("Team").await;
    page.tab_to("Model at the second end").await;
    page.type_text("Player").await;
    page.tab_to("Add").await;
    page.press(&[Key::Enter]).await;
    focus(page, "Model at the first end").await;
}

async fn fill(page: &Page) {
    show_grid(page, "Team", 0).await;
    page.tab_to("Row").await;
    page.press(&[Key::Enter]).await;
    for (row, name) in [(1, "Reds"), (2, "Blues")] {
        new_row(page, row).await;
        page.type_text(name).await;
        if row == 1 {
            page.press(&[Key::Enter]).await;
        }
    }
    page.tab_back_until("the rows of Player", |label| is_tab(label, "Player", 0)).await;
    page.press(&[Key::Enter]).await;
    page.tab_to("Row").await;
    page.press(&[Key::Enter]).await;
    for (row, name) in [(1, "Ann"), (2, "Bob"), (3, "Cid")] {
        new_row(page, row).await;
        page.type_text(name).await;
        if row < 3 {
            page.press(&[Key::Enter]).await;
        }
    }
    // From the last row upwards: the first team is one step down the list, the second two.
    page.tab_to("team").await;
    for (row, steps) in [(3, 1), (2, 2), (1, 1)] {
        focus(page, "team").await;
        page.press_times(Key::Down, steps).await;
        if row > 1 {
            page.press(&[Key::Shift, Key::Enter]).await;
        }
    }
}

async fn query(page: &Page) {
    page.tab_back_to("all").await;
    page.type_text("Team").await;
    page.tab_until("the button that loads the players", |label| label.starts_with("+ players")).await;
    page.press(&[Key::Enter]).await;
    page.press(&[Key::Control, Key::Enter]).await;
    page.await_result().await;
    page.tab_until("the tabs of the results", |label| label.starts_with("Statements")).await;
    page.press_times(Key::Right, 3).await;
    focus(page, "Graph").await;
    page.tab_to("Table").await;
    page.press(&[Key::Enter]).await;
}

async fn show_grid(page: &Page, model: &str, rows: usize) {
    page.tab_until(&format!("the rows of {model}"), |label| is_tab(label, model, rows)).await;
    page.press(&[Key::Enter]).await;
}

/// A tab says the model's name and how many rows there are.
fn is_tab(label: &str, model: &str, rows: usize) -> bool {
    label.replace(' ', "") == format!("{model}{rows}")
}

async fn focus(page: &Page, name: &str) {
    page.until(&format!("“{name}” to have the focus"), async || {
        (page.focused().await == name).then_some(())
    })
    .await;
}

/// Waits until the name of a row that was just added has the focus.
async fn new_row(page: &Page, row: usize) {
    focus(page, &format!("name, row {row}")).await;
    page.until("the cell to be empty", async || page.focused_value().await.is_empty().then_some(())).await;
}
