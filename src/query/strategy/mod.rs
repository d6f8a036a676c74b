//! The loading strategies: one file each, one line each in the table below.
//!
//! A strategy is told the object that asks and the property to load. It either widens the statement that reads the
//! parents, or adds a step of its own.

mod immediate;
mod joined;
mod json;
mod lazy;
mod raise;
mod select_in;
mod subquery;

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator};

use super::plan::NodeId;
use super::planner::{Asked, Planner};

pub use select_in::CHUNK;

/// How a relationship is loaded. The names are SQLAlchemy's, but for JSON, which Drizzle and Prisma do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter)]
pub enum Strategy {
    /// When code touches the property, once per object.
    #[default]
    Lazy,
    /// In the parents' own statement, by a join.
    Joined,
    /// In a statement of its own for all parents together, by their keys.
    SelectIn,
    /// In a statement of its own for all parents together, which repeats the one that read them.
    Subquery,
    /// Once per object, right after the parents were read.
    Immediate,
    /// In the parents' own statement, as JSON.
    Json,
    /// Not at all: touching the property is an error.
    Raise,
}

/// What a strategy does and says.
pub(super) trait Loader {
    /// Its name in the form.
    fn label(&self) -> &'static str;

    /// What it does, in one sentence.
    fn summary(&self) -> &'static str;

    /// Plans the loading of a property, and gives the node where its targets are.
    fn load(&self, planner: &mut Planner<'_>, asked: &Asked<'_>) -> NodeId;
}

impl Strategy {
    pub(super) fn loader(self) -> &'static dyn Loader {
        match self {
            Strategy::Lazy => &lazy::Lazy,
            Strategy::Joined => &joined::Joined,
            Strategy::SelectIn => &select_in::SelectIn,
            Strategy::Subquery => &subquery::Subquery,
            Strategy::Immediate => &immediate::Immediate,
            Strategy::Json => &json::JsonAggregate,
            Strategy::Raise => &raise::Raise,
        }
    }

    /// All strategies, in the order in which the form offers them.
    pub fn all() -> impl Iterator<Item = Strategy> {
        Strategy::iter()
    }

    /// Those that load something: all but [`Strategy::Raise`].
    pub fn loading() -> impl Iterator<Item = Strategy> {
        Strategy::iter().filter(|strategy| *strategy != Strategy::Raise)
    }

    /// Its name in the form.
    pub fn label(self) -> &'static str {
        self.loader().label()
    }

    /// What it does, in one sentence.
    pub fn summary(self) -> &'static str {
        self.loader().summary()
    }

    /// Whether nothing happens until code touches the property.
    pub fn waits(self) -> bool {
        matches!(self, Strategy::Lazy | Strategy::Raise)
    }

    /// Whether it sends nothing for objects that are known already, or have the property loaded.
    pub(super) fn passes_over(self) -> bool {
        matches!(self, Strategy::Lazy | Strategy::Immediate | Strategy::Subquery)
    }
}
