//! The names taken in one statement: aliases of tables, labels of columns.

use std::collections::{BTreeMap, BTreeSet};

/// The names taken in one statement.
#[derive(Default)]
pub(super) struct Names {
    pub(super) aliases: BTreeSet<String>,
    labels: BTreeSet<String>,
    /// How often each column name was labelled, so that `id_2` follows `id_1`.
    counts: BTreeMap<String, u32>,
}

impl Names {
    /// The column's own name the first time, then `<column>_1`, `<column>_2`, …
    pub(super) fn label(&mut self, column: &str) -> String {
        let mut label = column.to_owned();
        while !self.labels.insert(label.to_ascii_lowercase()) {
            let count = self.counts.entry(column.to_ascii_lowercase()).or_default();
            *count += 1;
            label = format!("{column}_{count}");
        }
        label
    }
}
