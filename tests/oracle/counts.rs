//! How many queries were compared, and how many were not or not whole, by the reason.

use std::collections::BTreeMap;
use std::fmt;

use relata::project::Project;
use relata::query::QueryDraft;

use super::known::{Compared, Known};
use super::python::Python;
use super::sqlalchemy::compare;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) compared: u32,
    pub(crate) groups: u32,
    pub(crate) known: BTreeMap<Known, u32>,
    pub(crate) too_many_rows: u32,
    pub(crate) too_slow: u32,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Counts) {
        self.compared += other.compared;
        self.groups += other.groups;
        self.too_many_rows += other.too_many_rows;
        self.too_slow += other.too_slow;
        other.known.into_iter().for_each(|(known, number)| *self.known.entry(known).or_default() += number);
    }

    /// How many queries were asked.
    pub(crate) fn all(&self) -> u32 {
        self.compared + self.known.values().sum::<u32>() + self.not_compared()
    }

    pub(crate) fn not_compared(&self) -> u32 {
        self.too_many_rows + self.too_slow
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {} queries compared whole", self.compared)?;
        writeln!(f, "  {} questions about groups compared", self.groups)?;
        for (known, number) in &self.known {
            writeln!(f, "  {number} as docs/differences.md has it: {}", known.name())?;
        }
        writeln!(f, "  {} not compared: too many rows", self.too_many_rows)?;
        write!(f, "  {} not compared: SQLAlchemy takes too long", self.too_slow)
    }
}

/// Fails at the first difference.
pub(crate) fn check(
    python: &mut Python,
    project: &Project,
    drafts: &[QueryDraft],
    seconds: u32,
) -> Result<Counts, String> {
    let mut counts = Counts::default();
    for result in compare(python, project, drafts, seconds)? {
        match result {
            Compared::Same => counts.compared += 1,
            Compared::Groups => counts.groups += 1,
            Compared::Known(known) => *counts.known.entry(known).or_default() += 1,
            Compared::TooManyRows => counts.too_many_rows += 1,
            Compared::TooSlow => counts.too_slow += 1,
            Compared::Different(error) => return Err(error),
        }
    }
    Ok(counts)
}
