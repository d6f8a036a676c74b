//! The top bar: samples, undo and redo, files.

use std::path::Path;

use fantoccini::Locator;

use crate::page::Page;
use crate::place::{Place, quoted};

impl Page {
    /// Opens a sample by one click.
    pub async fn open_sample(&self, title: &str) {
        let button = Place::page().role("group", "Samples").button_beginning(&format!("{title}, "));
        self.click(&button).await;
        self.until(&format!("the sample “{title}” is open"), async || {
            (self.project_name().await == title).then_some(())
        })
        .await;
    }

    /// The project's name.
    pub async fn project_name(&self) -> String {
        self.value(&Place::page().field("Name of the project")).await
    }

    /// Takes the last change back.
    pub async fn undo(&self) {
        self.click(&Place::page().button("Undo")).await;
    }

    /// Makes it again.
    pub async fn redo(&self) {
        self.click(&Place::page().button("Redo")).await;
    }

    /// Opens a project file. What the browser's own dialog does cannot be driven: the file is given to the field that
    /// the dialog fills.
    pub async fn open_file(&self, path: &Path) {
        let field = format!("//input[@type='file' and @aria-label={}]", quoted("Project file"));
        let field = self.done("looking for the file field", self.client().find(Locator::XPath(&field)).await);
        self.done("giving a file", field.send_keys(&path.to_string_lossy()).await);
    }
}
