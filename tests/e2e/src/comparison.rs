//! The comparison of strategies, read off the page.

use crate::keyboard::Key;
use crate::page::{Page, table};
use crate::place::Place;

/// What the page tells of one way to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The strategy's name.
    pub name: String,
    /// Each figure as it is written, in the order of the columns; one sentence if it failed.
    pub figures: Vec<String>,
}

impl Way {
    /// A figure as a whole number.
    pub fn number(&self, column: usize) -> usize {
        let digits: String = self.figures[column].chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(usize::MAX)
    }

    /// Whether it came to its end.
    pub fn ended(&self) -> bool {
        self.figures.len() > 1
    }
}

impl Page {
    /// Shows the comparison, waits until it is made, and gives its rows.
    pub async fn comparison(&self) -> Vec<Way> {
        self.show("Compare").await;
        self.read("bring the same graph").await;
        self.compared().await
    }

    /// The rows of the comparison as they are now: of each cell the number that it begins with, and its unit.
    pub async fn compared(&self) -> Vec<Way> {
        let region = self.see(&Place::panel("Query").role("region", "Strategies compared")).await;
        let script = "
            const figure = cell => (cell.innerText.match(/(< )?\\d[\\d\\u202f.]*( ms| s| B| kB)?/) ?? [''])[0];
            return [...arguments[0].querySelectorAll('tbody tr')].map(row => {
                const cells = [...row.querySelectorAll('td')];
                const name = row.querySelector('th button').innerText;
                return [name, ...(cells.length > 1 ? cells.map(figure) : cells.map(cell => cell.innerText))];
            })";
        let rows = table(&self.script(script, &region).await);
        let way = |mut row: Vec<String>| {
            let figures = row.split_off(1);
            Way { name: row.remove(0), figures }
        };
        rows.into_iter().map(way).collect()
    }

    /// Opens the statements of a way.
    pub async fn open_way(&self, name: &str) {
        self.show("Compare").await;
        self.click(&Place::panel("Query").button_beginning(&format!("{name}: show"))).await;
        self.await_result().await;
    }

    /// Sets the latency to its least or its most.
    pub async fn latency(&self, end: Key) {
        self.click(&Place::panel("Query").field("Latency of the network")).await;
        self.press(&[end]).await;
    }
}
