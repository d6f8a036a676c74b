//! What came back: statements, rows, objects, each read off the page.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::page::{Page, table, texts};
use crate::place::Place;

/// A statement as the page tells it, equal ones folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// How many of them were sent.
    pub times: usize,
    /// The SQL.
    pub sql: String,
}

/// A row of the result: what each cell says, and the objects that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The values.
    pub cells: Vec<String>,
    /// The objects that the row names, as `A1`.
    pub objects: Vec<String>,
}

/// An object of the graph and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Links {
    /// The object, as `A1`.
    pub object: String,
    /// Its model.
    pub model: String,
    /// What it is called.
    pub is: String,
    /// Its loaded properties, as `books → B1 B2`.
    pub links: String,
}

fn results() -> Place {
    Place::panel("Query")
}

impl Page {
    /// Shows a tab of the results.
    pub async fn show(&self, tab: &str) {
        let place = results().any(
            &format!("@role='tab' and starts-with(normalize-space(.), '{tab}')"),
            format!("the tab “{tab}”"),
        );
        self.click(&place).await;
    }

    async fn total(&self, tab: &str) -> usize {
        let place = results().any(
            &format!("@role='tab' and starts-with(normalize-space(.), '{tab} ')"),
            format!("the number on the tab “{tab}”"),
        );
        let text = self.text(&place).await;
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(usize::MAX)
    }

    /// How many statements were sent, as the tab says.
    pub async fn statements_sent(&self) -> usize {
        self.total("Statements").await
    }

    /// How many rows came back, as the tab says.
    pub async fn rows_returned(&self) -> usize {
        self.total("Rows").await
    }

    /// How many objects were made, as the tab says.
    pub async fn objects_made(&self) -> usize {
        self.total("Objects").await
    }

    /// The statements that were sent.
    pub async fn statements(&self) -> Vec<Group> {
        self.show("Statements").await;
        let panel = self.see(&results().any("@role='tabpanel'", "the results".into())).await;
        let script = "
            const items = [...arguments[0].querySelectorAll('ol > li')].filter(item => item.querySelector('pre'));
            return items.map(item => [
                item.querySelector('p').innerText.replace(/\\s+/g, ' '), item.querySelector('pre').innerText,
            ])";
        let items = table(&self.script(script, &panel).await);
        items.into_iter().filter_map(|item| group(&item)).collect()
    }

    /// The rows of every statement that is shown by the rows tab, step by step.
    pub async fn rows(&self) -> Vec<Seen> {
        self.show("Rows").await;
        let steps = results().role("group", "Rows of").element("button");
        let mut rows = Vec::new();
        if self.look_for(&results().role("region", "Rows")).await.is_none() {
            self.see(&results().any("@role='tabpanel'", "the results".into())).await;
        }
        let count = self.count(&steps).await;
        if count == 0 {
            return self.rows_on_screen().await;
        }
        for step in 1..=count {
            self.click(&steps.nth(step)).await;
            self.see(&steps.nth(step).that("@aria-pressed='true'", "is chosen")).await;
            rows.extend(self.rows_on_screen().await);
        }
        rows
    }

    /// The rows that are on screen, once they have come.
    pub async fn rows_on_screen(&self) -> Vec<Seen> {
        let script = "
            const rows = [...document.querySelectorAll('[role=region][aria-label=Rows] tbody tr[aria-rowindex]')];
            if (rows.some(row => row.cells.length === 1 && row.cells[0].colSpan > 1)) return null;
            return rows.map(row => [
                // The value comes last in a cell, after the badge of the object; the statement's number has a title.
                [...row.cells].filter(cell => !cell.title)
                    .map(cell => cell.lastChild ? cell.lastChild.textContent : ''),
                [...row.cells].flatMap(cell => (cell.dataset.of || '').split(' ')[0].startsWith('o')
                    ? [...cell.querySelectorAll('[title]')].map(badge => badge.firstElementChild.innerText) : []),
            ])";
        let rows = self
            .until("the rows to come", async || match self.script_on_page(script).await {
                Json::Array(rows) if !rows.is_empty() => Some(rows),
                _ => None,
            })
            .await;
        rows.iter().map(|row| Seen { cells: texts(&row[0]), objects: texts(&row[1]) }).collect()
    }

    /// The objects, as the table beside the drawing tells them.
    pub async fn objects(&self) -> BTreeSet<Links> {
        self.show("Graph").await;
        self.click(&results().role("group", "Show as").button("Table")).await;
        self.objects_in_table().await
    }

    /// The objects, once that table is shown.
    pub async fn objects_in_table(&self) -> BTreeSet<Links> {
        let table_ = self.see(&results().any("self::table[caption]", "the table of objects".into())).await;
        let script = "
            const text = cell => cell.innerText.replace(/\\s+/g, ' ').trim();
            return [...arguments[0].tBodies[0].rows].map(row => [...row.cells].map(text))";
        let rows = table(&self.script(script, &table_).await);
        rows.into_iter()
            .map(|row| {
                let mut cells = row.into_iter();
                let mut next = || cells.next().unwrap_or_default();
                Links { object: next(), model: next(), is: next(), links: next() }
            })
            .collect()
    }

    /// The lines of the nested objects, in order, each as one text.
    pub async fn nested(&self) -> Vec<String> {
        self.show("Objects").await;
        let panel = self.see(&results().any("@role='tabpanel'", "the results".into())).await;
        let text = self.script("return arguments[0].innerText", &panel).await;
        text.as_str()
            .unwrap_or_default()
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(Into::into)
            .collect()
    }
}

/// `2–6 × 5 Author.books 7 rows · 0.2 ms` and the SQL.
fn group(item: &[String]) -> Option<Group> {
    let [head, sql] = item else { return None };
    let times = head.split_once('×').and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
    Some(Group { times: times.unwrap_or(1), sql: sql.trim().to_owned() })
}
