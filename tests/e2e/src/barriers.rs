//! What keeps people out who do not see the page or do not use a mouse, as far as a program can tell: axe-core, with all
//! of its rules and on everything that is shown.

use std::fs;

use serde_json::json;

use crate::page::{Page, fail, texts};
use crate::session::setting;

/// Runs axe and gives each violation as one line: the rule, what is wrong, and where.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const line = (rule, node) =>
        `${rule.id} (${rule.impact}): ${node.target.join(' ')}: ${node.failureSummary.replace(/\\s+/g, ' ')}`;
    axe.run(document, { resultTypes: ['violations'] }).then(
        found => done(found.violations.flatMap(rule => rule.nodes.map(node => line(rule, node)))),
        error => done([String(error)]))";

impl Page {
    /// Fails if axe finds a violation in the page as it is shown now. `state` says in words what that is.
    pub async fn assert_no_barriers(&self, state: &str) {
        self.until("transitions to end", async || {
            let script = "return document.getAnimations().every(one => one.playState === 'finished')";
            (self.script_on_page(script).await == json!(true)).then_some(())
        })
        .await;
        let found = self.barriers().await;
        assert!(found.is_empty(), "{state}:\n{}", found.join("\n"));
    }

    /// What axe finds after a script has spoilt the page: to see that it looks at all.
    pub async fn barriers_after(&self, script: &str) -> Vec<String> {
        self.script_on_page(script).await;
        self.barriers().await
    }

    async fn barriers(&self) -> Vec<String> {
        let path = setting("RELATA_AXE");
        let axe = fs::read_to_string(&path).unwrap_or_else(|error| fail(format!("{path}: {error}")));
        self.done("bringing axe", self.client().execute(&axe, Vec::new()).await);
        let found = self.script_later(RUN).await;
        if !found.is_array() {
            fail(format!("axe gave {found}"));
        }
        texts(&found)
    }
}
