//! The figures that strategies are compared by: a column each, and which of its values is the least and the most.

use super::super::words::{count, duration, grouped};
use crate::compare::{Figures, over_network};
use crate::protocol::ComparedWay;

/// A column of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Statements,
    Network,
    Rows,
    Cells,
    Repeated,
    Bytes,
    Measured,
}

/// The columns, in order: what one came to see first.
pub(super) const COLUMNS: [Column; 7] = [
    Column::Statements,
    Column::Network,
    Column::Rows,
    Column::Cells,
    Column::Repeated,
    Column::Bytes,
    Column::Measured,
];

impl Column {
    /// What stands above it, and what it means.
    pub(super) fn heading(self) -> [&'static str; 2] {
        match self {
            Column::Statements => ["Round trips", "Statements sent: each waits for the one before it"],
            Column::Network => ["With network", "Round trips × latency + time measured"],
            Column::Rows => ["Rows", "Rows that came back, over all statements"],
            Column::Cells => ["Cells", "Cells of these rows"],
            Column::Repeated => ["Repeated", "Cells that say again what an earlier row said of the same object"],
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
            Column::Repeated => figures.repeated,
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

    /// The picture beside the number, in words of its own: how the cells fall apart.
    pub(super) fn has_picture(self) -> bool {
        matches!(self, Column::Network | Column::Cells)
    }
}

/// Where a figure stands among those of the same column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Least,
    Most,
}

/// Which of the ways that came to their end has the least and which the most; no mark where all are alike.
pub(super) fn mark(ways: &[ComparedWay], at: usize, column: Column, latency: u32) -> Option<Mark> {
    let of = |way: &ComparedWay| shown(column, column.value(&way.figures, latency));
    let there = || ways.iter().filter(|way| way.failure.is_none()).map(of);
    let (least, most) = (there().min()?, there().max()?);
    let way = ways.get(at).filter(|way| way.failure.is_none() && least < most)?;
    match of(way) {
        value if value == least => Some(Mark::Least),
        value if value == most => Some(Mark::Most),
        _ => None,
    }
}

/// A time is told no more exactly than it is shown: one way is not faster by what nobody sees.
fn shown(column: Column, value: u64) -> u64 {
    if matches!(column, Column::Network | Column::Measured) { value / 100 } else { value }
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

/// What the picture of the cells says.
pub(super) fn cells_in_words(figures: &Figures) -> String {
    let first = figures.cells.saturating_sub(figures.repeated);
    format!("{}, {} of them repeated", count(whole(first + figures.repeated), "cell"), grouped(whole(figures.repeated)))
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
        // Told to a tenth of a millisecond, 0.12 and 0.18 are the same.
        assert_eq!(marks(Column::Network, 0), [Some(Mark::Least), Some(Mark::Most), Some(Mark::Least)]);
        assert_eq!(marks(Column::Network, 10), [Some(Mark::Most), Some(Mark::Least), None]);
    }

    #[test]
    fn sizes_keep_three_digits_or_so() {
        assert_eq!(size(812), "812 B");
        assert_eq!(size(12_345), "12.3 kB");
        assert_eq!(size(2_000_000), "2.0 MB");
    }
}
