//! The console on a database of its own: opened from a file, there after a reload, saved, deleted, and in one tab only.

use relata_e2e::{Key, Page, Place, visit};

/// A file with the table `notes` and the rows `milk` and `bread`.
const FILE: &[u8] = include_bytes!("notes.sqlite");

fn panel() -> Place {
    Place::panel("SQL")
}

fn database() -> Place {
    panel().field("Database")
}

/// Picks the file, as a person does in the browser's dialog.
async fn pick(page: &Page) {
    let script = format!(
        "const input = document.querySelector('input[aria-label=\"Open a database file\"]'); \
         const files = new DataTransfer(); \
         files.items.add(new File([new Uint8Array({FILE:?})], 'notes.sqlite')); \
         input.files = files.files; \
         input.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    );
    page.script_on_page(&script).await;
    page.see(&panel().saying("Kept in this browser")).await;
}

async fn run(page: &Page, sql: &str) {
    page.fill(&panel().field("SQL"), sql).await;
    page.press(&[Key::Control, Key::Enter]).await;
}

#[tokio::test]
async fn a_file_is_opened_written_to_and_there_after_a_reload() {
    visit(async |page| {
        page.open_console().await;
        pick(page).await;
        run(page, "INSERT INTO notes VALUES ('eggs'); SELECT * FROM notes").await;
        page.see(&panel().saying("3 rows")).await;
        page.assert_no_barriers("a database of its own").await;
        page.reload().await;
        page.open_console().await;
        page.see(&panel().saying("Kept in this browser")).await;
        run(page, "SELECT count(*), max(text) FROM notes").await;
        page.see(&panel().saying("milk")).await;
        // The project's is one choice away, and is deleted by no one.
        page.choose(&database(), "This project, a copy").await;
        page.see(&panel().saying("Runs on a copy")).await;
        run(page, "SELECT count(*) FROM books").await;
        page.see(&panel().saying("1 row")).await;
        page.choose(&database(), "notes · 2 KB").await;
        page.click(&panel().button("Delete…")).await;
        page.click(&panel().button("Delete")).await;
        page.see(&panel().saying("Runs on a copy")).await;
        page.until("the database to go", async || (page.options(&database()).await.len() == 1).then_some(()))
            .await;
    })
    .await;
}

#[tokio::test]
async fn what_another_tab_has_is_told_and_given_as_a_copy() {
    visit(async |page| {
        page.open_console().await;
        pick(page).await;
        page.choose(&database(), "This project, a copy").await;
        page.see(&panel().saying("Runs on a copy")).await;
        // What another tab does that has it open.
        let script = format!(
            "navigator.locks.request('relata-kept notes', () => new Promise(() => {{}})); \
             window.line = new BroadcastChannel('relata-kept notes'); \
             line.onmessage = () => line.postMessage(new Blob([new Uint8Array({FILE:?})]));"
        );
        page.script_on_page(&script).await;
        page.choose(&database(), "notes · 2 KB").await;
        page.see(&panel().saying("is open in another tab")).await;
        page.click(&panel().button("Open a copy")).await;
        page.see(&panel().saying("Only in memory: it is a copy")).await;
        run(page, "DELETE FROM notes WHERE text = 'milk'; SELECT * FROM notes").await;
        page.see(&panel().saying("bread")).await;
    })
    .await;
}
