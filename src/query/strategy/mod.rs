//! The loading strategies: one file each, one line each in the table below.
//!
//! A strategy is told the object that asks and the property to load. It either widens the statement that reads the
//! parents, or adds a step of its own.

mod joined;
mod lazy;
mod select_in;

use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator};

use super::plan::NodeId;
use super::planner::Planner;
use crate::schema::End;

pub use select_in::CHUNK;

/// How a relationship is loaded. The names are SQLAlchemy's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter)]
pub enum Strategy {
    /// When code touches the property, once per object.
    #[default]
    Lazy,
    /// In the parents' own statement, by an outer join.
    Joined,
    /// In a statement of its own for all parents together.
    SelectIn,
}

/// What a strategy does and says.
pub(super) trait Loader {
    /// Its name in the form.
    fn label(&self) -> &'static str;

    /// What it does, in one sentence.
    fn summary(&self) -> &'static str;

    /// Plans the loading of a property of the objects at `parent`, and gives the node where its targets are.
    fn load(&self, planner: &mut Planner<'_>, parent: NodeId, end: &End<'_>) -> NodeId;
}

impl Strategy {
    pub(super) fn loader(self) -> &'static dyn Loader {
        match self {
            Strategy::Lazy => &lazy::Lazy,
            Strategy::Joined => &joined::Joined,
            Strategy::SelectIn => &select_in::SelectIn,
        }
    }

    /// All strategies, in the order in which the form offers them.
    pub fn all() -> impl Iterator<Item = Strategy> {
        Strategy::iter()
    }

    /// Its name in the form.
    pub fn label(self) -> &'static str {
        self.loader().label()
    }

    /// What it does, in one sentence.
    pub fn summary(self) -> &'static str {
        self.loader().summary()
    }
}
