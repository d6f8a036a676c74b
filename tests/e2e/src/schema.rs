//! What the schema becomes.

use crate::page::Page;
use crate::place::Place;

fn sql() -> Place {
    Place::panel("Schema")
        .any("@aria-label='SQL that creates the tables'", "the SQL that creates the tables".into())
}

impl Page {
    /// The SQL that creates the tables, in one line.
    pub async fn ddl(&self) -> String {
        let section = self.see(&sql()).await;
        let script = "return [...arguments[0].querySelectorAll('pre')].map(text => text.innerText).join(' ')";
        let text = self.script(script, &section).await;
        text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Waits until this is in the SQL that creates the tables.
    pub async fn ddl_says(&self, text: &str) {
        self.until(&format!("“{text}” in the SQL that creates the tables"), async || {
            self.ddl().await.contains(text).then_some(())
        })
        .await;
    }
}
