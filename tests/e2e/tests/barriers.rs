//! No barriers: axe finds no violation in any main state of the page, in light, in dark and on a phone.

use relata_e2e::{Key, Page, Place, visit, visit_in};

/// How the page is looked at.
#[derive(Clone, Copy, Debug)]
struct Look {
    colours: &'static str,
    phone: bool,
}

/// Shows a panel, by the bar where not all of them fit.
async fn show_panel(page: &Page, look: Look, name: &str) {
    if look.phone {
        page.click(&Place::page().labelled("nav", "Panels").button(name)).await;
    }
}

/// Changes the colours until they are those wanted.
async fn colour(page: &Page, look: Look) {
    let wanted = Place::page().button_beginning(&format!("Colours: {}", look.colours));
    while page.look_for(&wanted).await.is_none() {
        page.click(&Place::page().button_beginning("Colours: ")).await;
    }
}

async fn tab(page: &Page, name: &str) {
    let test = format!("@role='tab' and starts-with(normalize-space(.), '{name}')");
    page.click(&Place::page().any(&test, format!("the tab “{name}”"))).await;
}

async fn visit_as(look: Look, test: impl AsyncFnOnce(&Page)) {
    let size = if look.phone { (390, 844) } else { (1440, 900) };
    visit_in(size, async |page| {
        colour(page, look).await;
        test(page).await;
    })
    .await;
}

/// The sample as it first comes up, what is beside the SQL, and the data.
async fn definitions(page: &Page, look: Look) {
    page.assert_no_barriers(&format!("{look:?}: Define")).await;
    show_panel(page, look, "Schema").await;
    for shown in ["keys", "join tables", "Table", "Table"] {
        page.click(&Place::panel("Schema").button(shown)).await;
        page.assert_no_barriers(&format!("{look:?}: the diagram, {shown}")).await;
    }
    page.click(&Place::panel("Schema").button("Enlarge the diagram")).await;
    page.assert_no_barriers(&format!("{look:?}: the diagram, enlarged")).await;
    page.press(&[Key::Escape]).await;
    for language in ["SQL", "SQLAlchemy", "Django"] {
        tab(page, language).await;
        page.assert_no_barriers(&format!("{look:?}: the schema in {language}")).await;
    }
    show_panel(page, look, "Data").await;
    page.grid("Book").await;
    page.assert_no_barriers(&format!("{look:?}: Data")).await;
}

/// Each view of what comes back.
async fn results(page: &Page, look: Look) {
    show_panel(page, look, "Query").await;
    page.assert_no_barriers(&format!("{look:?}: before the first result")).await;
    page.run().await;
    for view in ["Statements", "Rows", "Objects", "Graph", "Identity map"] {
        page.show(view).await;
        page.assert_no_barriers(&format!("{look:?}: {view}")).await;
    }
    page.show("Compare").await;
    page.see(&Place::panel("Query").element("table")).await;
    page.assert_no_barriers(&format!("{look:?}: Compare")).await;
}

/// What changes objects: a script, a question, SQL by hand.
async fn changes(page: &Page, look: Look) {
    show_panel(page, look, "Data").await;
    page.click(&Place::panel("Data").button("What if row 1 were deleted through the ORM …")).await;
    show_panel(page, look, "Query").await;
    page.see(&Place::panel("Session").saying("nothing blocks")).await;
    page.assert_no_barriers(&format!("{look:?}: Consequences")).await;
    page.click(&Place::panel("Session").button("Roll back")).await;
    page.click(&Place::panel("Session").button("Run")).await;
    page.see(&Place::panel("Session").saying("8 statements by the ORM")).await;
    for view in ["Consequences", "Statements", "Objects"] {
        tab(page, view).await;
        page.assert_no_barriers(&format!("{look:?}: Session, {view}")).await;
    }
    console(page, look).await;
}

/// SQL by hand: before it runs, and what came of it.
async fn console(page: &Page, look: Look) {
    page.open_console().await;
    let panel = Place::panel("SQL");
    page.see(&panel.saying("Or start from one of these")).await;
    page.assert_no_barriers(&format!("{look:?}: SQL, before it runs")).await;
    page.fill(&panel.field("SQL"), "SELECT id, name, 1 FROM authors; SELECT nobody").await;
    page.press(&[Key::Control, Key::Enter]).await;
    page.see(&panel.saying("no such column")).await;
    page.assert_no_barriers(&format!("{look:?}: SQL, with rows and an error")).await;
}

/// Dialogs, errors and emptiness.
async fn edges(page: &Page, look: Look) {
    page.click(&Place::page().button("Help and keys")).await;
    page.assert_no_barriers(&format!("{look:?}: help")).await;
    page.press(&[Key::Escape]).await;
    page.press(&[Key::Control, Key::Char('k')]).await;
    page.see(&Place::page().field("Command")).await;
    page.assert_no_barriers(&format!("{look:?}: commands")).await;
    page.press(&[Key::Escape]).await;
    show_panel(page, look, "Data").await;
    page.click(&Place::panel("Data").button_beginning("Generate")).await;
    page.assert_no_barriers(&format!("{look:?}: the recipe of generated rows")).await;
    page.press(&[Key::Escape]).await;
    show_panel(page, look, "Define").await;
    page.rename_model("Book", "Author").await;
    page.assert_no_barriers(&format!("{look:?}: two models of one name")).await;
    show_panel(page, look, "Schema").await;
    page.see(&Place::panel("Schema").saying("From before the errors.")).await;
    page.assert_no_barriers(&format!("{look:?}: the SQL from before the errors")).await;
}

async fn every_state(look: Look) {
    visit_as(look, async |page| definitions(page, look).await).await;
    visit_as(look, async |page| results(page, look).await).await;
    visit_as(look, async |page| changes(page, look).await).await;
    visit_as(look, async |page| edges(page, look).await).await;
}

#[tokio::test]
async fn in_light() {
    every_state(Look { colours: "light", phone: false }).await;
}

#[tokio::test]
async fn in_dark() {
    every_state(Look { colours: "dark", phone: false }).await;
}

#[tokio::test]
async fn on_a_phone_in_light() {
    every_state(Look { colours: "light", phone: true }).await;
}

#[tokio::test]
async fn on_a_phone_in_dark() {
    every_state(Look { colours: "dark", phone: true }).await;
}

#[tokio::test]
async fn a_barrier_would_be_found() {
    visit(async |page| {
        let axe = page
            .barriers_after(
                "document.querySelector('main, #app, body').append(document.createElement('img'))",
            )
            .await;
        assert!(axe.iter().any(|line| line.starts_with("image-alt")), "{axe:#?}");
    })
    .await;
}
