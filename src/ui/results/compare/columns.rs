//! The figures that strategies are compared by: a column each, and which of its values is the least and the most.

use crate::compare::{Figures, over_network};
use crate::protocol::ComparedWay;
use crate::ui::results::words::{duration, grouped};

/// A column of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Statements,
    Network,
    Rows,
    Cells,
    Bytes,
    Measured,
}

/// The columns, in order: what one came to see first.
pub(super) const COLUMNS: [Column; 6] =
    [Column::Statements, Column::Network, Column::Rows, Column::Cells, Column::Bytes, Column::Measured];

impl Column {
    /// What stands above it, and what it means.
    pub(super) fn heading(self) -> [&'static str; 2] {
        match self {
            Column::Statements => ["Round trips", "Statements sent: each waits for the one before it"],
            Column::Network => ["With network", "Round trips × latency + time measured"],
            Column::Rows => ["Rows", "Rows that came back, over all statements"],
            Column::Cells => [
                "Cells",
                "Cells of these rows, and how many repeat what an earlier row said of the same object",
            ],
            Column::Bytes => ["Bytes", "Bytes of the cells: text in UTF-8, 8 for a number, none for NULL"],
            Column::Measured => ["Measured", "Time in SQLite, here: the median of several runs"],
        }
    }

    pub(super) fn value(self, figures: &Figures, latency: u32) -> u64 {
        match self {
            Column::Statements => figures.statements.into(),
            Column::Network => over_network(figures, latency),
            Column::Rows => figures.rows.into(),
            Column::Cells => figures.cells,
            Column::Bytes => figures.bytes,
            Column::Measured => figures.micros,
        }
    }

    pub(super) fn text(self, figures: &Figures, latency: u32) -> String {
        let value = self.value(figures, latency);
        match self {
            Column::Network | Column::Measured => duration(value),
            Column::Bytes => size(value),
            _ => grouped(whole(value)),
        }
    }
}

/// Where a figure stands among those of the same column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Least,
    Most,
}

/// Which of the ways that came to their end has the least and which the most, as far as the numbers shown tell. What most
/// of them share singles out nobody.
pub(super) fn mark(ways: &[ComparedWay], at: usize, column: Column, latency: u32) -> Option<Mark> {
    let there = || ways.iter().filter(|way| way.failure.is_none());
    let text = |way: &ComparedWay| column.text(&way.figures, latency);
    let value = |way: &&ComparedWay| column.value(&way.figures, latency);
    let own = ways.get(at).filter(|way| way.failure.is_none()).map(text)?;
    let (least, most) = (text(there().min_by_key(value)?), text(there().max_by_key(value)?));
    let sharing = there().filter(|way| text(way) == own).count();
    if least == most || sharing * 2 > there().count() {
        return None;
    }
    match own {
        own if own == least => Some(Mark::Least),
        own if own == most => Some(Mark::Most),
        _ => None,
    }
}

/// A number of bytes as one reads it: `812 B`, `12.3 kB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// As far as a number of cells is told.
fn whole(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// What stands below the picture of the cells: how many repeat, if any do.
pub(super) fn repeated(figures: &Figures) -> Option<String> {
    (figures.repeated > 0).then(|| format!("{} repeated", grouped(whole(figures.repeated))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(statements: u32, micros: u64) -> ComparedWay {
        let figures = Figures { statements, micros, ..Figures::default() };
        ComparedWay { strategy: None, figures, runs: 1, objects: 0, graph: Some(0), failure: None }
    }

    #[test]
    fn the_least_and_the_most_are_marked() {
        let ways = [way(6, 120), way(1, 500), way(2, 180)];
        let marks = |column, latency| [0, 1, 2].map(|at| mark(&ways, at, column, latency));
        assert_eq!(marks(Column::Statements, 0), [Some(Mark::Most), Some(Mark::Least), None]);
        assert_eq!(marks(Column::Rows, 0), [None; 3]);
        // In whole milliseconds, 60.1 and 60.2 are the same.
        let ways = [way(6, 120), way(1, 500), way(6, 180), way(2, 90)];
        let marks = [0, 1, 2, 3].map(|at| mark(&ways, at, Column::Network, 10));
        assert_eq!(marks, [Some(Mark::Most), Some(Mark::Least), Some(Mark::Most), None]);
        // Half of them may share a mark, more may not.
        let ways = [way(2, 0), way(2, 0), way(2, 0), way(9, 0)];
        let marks = [0, 1, 2, 3].map(|at| mark(&ways, at, Column::Statements, 0));
        assert_eq!(marks, [None, None, None, Some(Mark::Most)]);
    }

    #[test]
    fn sizes_keep_three_digits_or_so() {
        assert_eq!(size(812), "812 B");
        assert_eq!(size(12_345), "12.3 kB");
        assert_eq!(size(2_000_000), "2.0 MB");
    }
}
