//! The palette of commands: everything is found by a part of its name and done by Enter.

use relata_e2e::{Key, Page, Place, visit, visit_in};

fn palette() -> Place {
    Place::page().labelled("dialog", "Commands")
}

async fn open(page: &Page) {
    page.press(&[Key::Control, Key::Char('k')]).await;
    page.see(&palette().field("Command")).await;
}

/// Does what is found first.
async fn do_it(page: &Page, typed: &str, name: &str) {
    open(page).await;
    page.type_text(typed).await;
    let first = palette().any("@role='option' and @aria-selected='true'", "the first".into());
    page.until(&format!("“{name}” to be found by “{typed}”"), async || {
        page.text(&first).await.contains(name).then_some(())
    })
    .await;
    page.press(&[Key::Enter]).await;
    page.see_no(&palette()).await;
}

async fn focus(page: &Page, name: &str) {
    page.until(&format!("“{name}” to have the focus"), async || {
        (page.focused().await == name).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_n_plus_1_is_seen_and_mended_by_commands_alone() {
    visit(async |page| {
        do_it(page, "run", "Run").await;
        page.await_result().await;
        assert_eq!(page.statements_sent().await, 6);
        do_it(page, "relationships select-in", "Load all relationships select-in").await;
        page.press(&[Key::Control, Key::Enter]).await;
        page.until("two statements", async || (page.statements_sent().await == 2).then_some(())).await;
        do_it(page, "undo", "Undo").await;
        page.see(&Place::panel("Query").saying("From before the last change.")).await;
    })
    .await;
}

#[tokio::test]
async fn commands_lead_to_places_and_the_focus_goes_along() {
    visit(async |page| {
        do_it(page, "model bo", "Model Book").await;
        focus(page, "Name of the model").await;
        assert_eq!(page.focused_value().await, "Book");
        do_it(page, "add a row book", "Add a row to Book").await;
        focus(page, "title, row 8").await;
        do_it(page, "add rel", "Add a relationship").await;
        focus(page, "Model at the first end").await;
        do_it(page, "django", "Schema in Django").await;
        page.see(&Place::panel("Schema").saying("models.Model")).await;
        open(page).await;
        page.press(&[Key::Escape]).await;
        page.see_no(&palette()).await;
        focus(page, "Django").await;
        do_it(page, "help", "Help and keys").await;
        page.see(&Place::page().saying("How Relata works")).await;
        page.press(&[Key::Escape]).await;
        page.see_no(&Place::page().saying("How Relata works")).await;
        do_it(page, "tree", "Tree of categories").await;
        page.until("the sample", async || (page.project_name().await == "Tree of categories").then_some(()))
            .await;
    })
    .await;
}

#[tokio::test]
async fn it_is_there_on_a_phone_too() {
    visit_in((390, 844), async |page| {
        page.click(&Place::page().button_beginning("Commands")).await;
        page.fill(&palette().field("Command"), "sql").await;
        page.click(
            &palette().any("@role='option' and contains(., 'Schema in SQLAlchemy')", "SQLAlchemy".into()),
        )
        .await;
        page.see(&Place::panel("Schema").saying("DeclarativeBase")).await;
        page.click(&Place::page().button_beginning("Commands")).await;
        page.fill(&palette().field("Command"), "no such thing").await;
        page.see(&palette().saying("Nothing is called so.")).await;
    })
    .await;
}
