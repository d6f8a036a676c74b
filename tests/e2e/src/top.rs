//! The top bar: samples, undo and redo, files.

use fantoccini::Locator;
use relata::project::Project;

use crate::page::{Page, fail};
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

    /// Saves a project as a file and opens that. The browser's own dialog cannot be driven: the file is given to the
    /// field that the dialog fills.
    pub async fn open_project(&self, project: &Project) {
        let name = format!("relata-e2e-{}-{:?}.json", std::process::id(), std::thread::current().id());
        let path = std::env::temp_dir().join(name);
        if let Err(error) = std::fs::write(&path, project.to_json()) {
            fail(format!("{} could not be written: {error}", path.display()));
        }
        let field = format!("//input[@type='file' and @aria-label={}]", quoted("Project file"));
        let field = self.done("looking for the file field", self.client().find(Locator::XPath(&field)).await);
        self.done("giving a file", field.send_keys(&path.to_string_lossy()).await);
        self.until("the file to be open", async || (self.project_name().await == project.name).then_some(()))
            .await;
        // What is left of it goes with the other temporary files.
        let _ = std::fs::remove_file(path);
    }
}
