//! The grids: the rows of each model.

use crate::page::Page;
use crate::place::{Place, quoted};

fn panel() -> Place {
    Place::panel("Data")
}

/// A row of the grid that is shown, the first being 1.
fn row(number: usize) -> Place {
    panel().any(&format!("self::tr and @aria-rowindex='{}'", number + 1), format!("row {number}"))
}

impl Page {
    /// Shows the rows of a model.
    pub async fn grid(&self, model: &str) {
        let tab = panel().any(
            &format!("self::button and @aria-pressed and ./span[normalize-space(.)={}]", quoted(model)),
            format!("the tab “{model}”"),
        );
        self.click(&tab).await;
        self.see(&tab.that("@aria-pressed='true'", "is chosen")).await;
    }

    /// Adds a row to the model whose rows are shown.
    pub async fn add_row(&self) {
        self.click(&panel().button("Row")).await;
    }

    /// A cell of the grid that is shown.
    pub fn cell(field: &str, number: usize) -> Place {
        row(number).field(&format!("{field}, row {number}"))
    }

    /// Types into a cell.
    pub async fn set_cell(&self, field: &str, number: usize, text: &str) {
        self.fill(&Page::cell(field, number), text).await;
    }

    /// How many rows are shown.
    pub async fn rows_in_grid(&self) -> usize {
        self.count(&panel().any("self::tr and @aria-rowindex", "rows".into()).button_beginning("Delete "))
            .await
    }

    /// Links a row by a property that leads to one.
    pub async fn link(&self, property: &str, number: usize, to: &str) {
        self.choose(&row(number).field(property), to).await;
    }

    /// What a row is linked to by a property that leads to one.
    pub async fn linked(&self, property: &str, number: usize) -> String {
        self.value(&row(number).field(property)).await
    }

    /// Deletes a row.
    pub async fn delete_row(&self, number: usize) {
        self.click(&row(number).button(&format!("Delete row {number}: DELETE in SQL"))).await;
    }

    /// Waits until no row of the model shown is said not to be in the database.
    pub async fn see_no_refusal(&self) {
        self.see_no(&panel().saying("not in the database")).await;
        self.see_no(&panel().saying("Not in the database")).await;
    }

    /// What the page has to tell at its bottom.
    pub async fn notice(&self, part: &str) -> String {
        let notice = Place::page()
            .any("@role='status' and .//button[@aria-label='Dismiss']", "the notice".into())
            .that(&format!("contains(normalize-space(.), {})", quoted(part)), &format!("says “{part}”"));
        self.text(&notice).await
    }
}
