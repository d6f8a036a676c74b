//! The form: models, fields, relationships.

use crate::page::Page;
use crate::place::Place;

/// The card of a model.
fn card(model: &str) -> Place {
    Place::panel("Define").labelled("section", &format!("Model {model}"))
}

impl Page {
    /// Adds a model and names it.
    pub async fn add_model(&self, name: &str) {
        self.click(&Place::panel("Define").button("+ Model")).await;
        // The name that it was given is selected.
        self.until("the new model's name to have the focus", async || {
            (self.focused().await == "Name of the model").then_some(())
        })
        .await;
        self.type_text(name).await;
        self.see(&card(name)).await;
    }

    /// Names a model otherwise.
    pub async fn rename_model(&self, model: &str, name: &str) {
        self.fill(&Page::model_name(model), name).await;
    }

    /// The name of a model, to be typed.
    pub fn model_name(model: &str) -> Place {
        card(model).field("Name of the model")
    }

    /// Adds a field to a model and names it.
    pub async fn add_field(&self, model: &str, name: &str) {
        self.click(&card(model).button(&format!("Add a field to {model}"))).await;
        self.until("the new field's name to have the focus", async || {
            (self.focused().await == "Name of the field").then_some(())
        })
        .await;
        self.type_text(name).await;
        self.see(&Page::field_row(model, name)).await;
    }

    /// The line of a field.
    pub fn field_row(model: &str, field: &str) -> Place {
        card(model).field(&format!("Type of {field}")).around("li")
    }

    /// Asks for a field to be “required” or “unique”, or no longer.
    pub async fn tick(&self, model: &str, field: &str, what: &str) {
        self.click(&Page::field_row(model, field).field(what)).await;
    }

    /// What is told beside a model's name.
    pub async fn told_of_model(&self, model: &str) -> String {
        self.told_beside(&Page::model_name(model)).await
    }

    /// What is told of a field of the page, by the reference that screen readers follow.
    pub async fn told_beside(&self, place: &Place) -> String {
        let script = "
            const ids = (arguments[0].getAttribute('aria-describedby') || '').split(' ').filter(id => id);
            return ids.map(id => document.getElementById(id)?.innerText ?? '').join(' ').trim()";
        self.until(&format!("something to be told beside {place}"), async || {
            let field = self.look_for(place).await?;
            let told = self.script(script, &field).await;
            told.as_str().filter(|told| !told.is_empty()).map(str::to_owned)
        })
        .await
    }

    /// Whether nothing is told of a field any more.
    pub async fn told_nothing_beside(&self, place: &Place) {
        self.until(&format!("nothing to be told beside {place}"), async || {
            let field = self.look_for(place).await?;
            let described = field.attr("aria-describedby").await.ok()?;
            described.unwrap_or_default().is_empty().then_some(())
        })
        .await;
    }

    /// Chooses what happens to the other end of the only relationship on delete.
    pub async fn on_delete(&self, choice: &str) {
        let list = Place::panel("Define").field("What happens on delete");
        let options = self.options(&list).await;
        let option = options.iter().find(|option| option.starts_with(choice));
        self.choose(&list, option.map_or(choice, String::as_str)).await;
    }
}
