//! The query form.

use crate::page::Page;
use crate::place::Place;

fn form() -> Place {
    Place::panel("Query")
}

impl Page {
    /// Asks for the objects of another model.
    pub async fn query(&self, model: &str) {
        self.choose(&form().field("all"), model).await;
    }

    /// Loads one more property of the queried model, or of one that is loaded with it.
    pub async fn include(&self, property: &str) {
        self.click(&form().button_beginning(&format!("+ {property}"))).await;
        self.see(&form().field(&format!("How {property} is loaded"))).await;
    }

    /// Does not load a property any more, nor what hangs on it.
    pub async fn do_not_load(&self, property: &str) {
        self.click(&form().button(&format!("Do not load {property}"))).await;
        self.see_no(&form().field(&format!("How {property} is loaded"))).await;
    }

    /// Adds a condition.
    pub async fn add_condition(&self, field: &str, test: &str, value: &str) {
        self.click(&form().button("+ condition")).await;
        self.choose(&form().field("Field"), field).await;
        self.choose(&form().field("Test"), test).await;
        self.fill(&form().field("Value"), value).await;
    }

    /// Chooses in one of the form's lists, by its label.
    pub async fn ask(&self, list: &str, option: &str) {
        self.choose(&form().field(list), option).await;
    }

    /// Types into one of the form's fields, by its label.
    pub async fn ask_for(&self, field: &str, text: &str) {
        self.fill(&form().field(field), text).await;
    }

    /// Presses one of the form's buttons.
    pub async fn press_in_form(&self, button: &str) {
        self.click(&form().button(button)).await;
    }

    /// Adds what is one click away.
    pub async fn ask_more(&self, what: &str) {
        self.press_in_form("more …").await;
        self.press_in_form(what).await;
        self.see_no(&form().button("less")).await;
    }

    /// Removes the only condition.
    pub async fn remove_condition(&self) {
        self.click(&form().button("Remove this condition")).await;
        self.see_no(&form().field("Value")).await;
    }

    /// Runs the query and waits only until it runs.
    pub async fn start(&self) {
        self.click(&form().button("Run")).await;
        self.see(&form().button("Stop")).await;
    }

    /// Stops the running query.
    pub async fn stop(&self) {
        self.click(&form().button("Stop")).await;
        self.see_no(&form().button("Stop")).await;
    }

    /// Whether the query is running.
    pub async fn is_running(&self) -> bool {
        self.look_for(&form().button("Stop")).await.is_some()
    }

    /// Waits until the query has ended before its end, and gives what is said of it.
    pub async fn failure(&self, beginning: &str) -> String {
        let what = form().saying(beginning);
        self.see(&what).await;
        self.text(&what.around("div")).await
    }

    /// Loads a property of the queried model, already included, in this way.
    pub async fn load(&self, property: &str, strategy: &str) {
        self.choose(&form().field(&format!("How {property} is loaded")), strategy).await;
    }

    /// Runs the query and waits until its result is there.
    pub async fn run(&self) {
        self.click(&form().button("Run")).await;
        self.await_result().await;
    }

    /// Waits until nothing is running and a result is shown that is of the page as it stands.
    pub async fn await_result(&self) {
        self.until("the query to end", async || {
            let running = self.look_for(&form().button("Stop")).await.is_some();
            let stale = self.look_for(&form().saying("From before the last change.")).await.is_some();
            let there = self.look_for(&form().saying("Run the query to see")).await.is_none();
            (there && !running && !stale).then_some(())
        })
        .await;
    }
}
