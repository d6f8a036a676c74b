//! The loading strategies: one file each, one line each in the table below.
//!
//! A strategy is told the object that asks and the property to load. It either widens the statement that reads the
//! parents, or adds a step of its own. What else there is to know of it, it says itself: nothing outside asks which
//! strategy it is.

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

/// Makes the enum of the strategies, and says which file plans each.
macro_rules! strategies {
    ($($(#[$doc:meta])* $name:ident = $loader:expr;)*) => {
        /// How a relationship is loaded. The names are SQLAlchemy's, but for JSON, which Drizzle and Prisma do.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter)]
        pub enum Strategy {
            $($(#[$doc])* $name,)*
        }

        impl Strategy {
            pub(super) fn loader(self) -> &'static dyn Loader {
                match self {
                    $(Strategy::$name => &$loader,)*
                }
            }
        }
    };
}

// In the order in which the form offers them.
strategies! {
    /// When code touches the property, once per object.
    #[default]
    Lazy = lazy::Lazy;
    /// In the parents' own statement, by a join.
    Joined = joined::Joined;
    /// In a statement of its own for all parents together, by their keys.
    SelectIn = select_in::SelectIn;
    /// In a statement of its own for all parents together, which repeats the one that read them.
    Subquery = subquery::Subquery;
    /// Once per object, right after the parents were read.
    Immediate = immediate::Immediate;
    /// In the parents' own statement, as JSON.
    Json = json::JsonAggregate;
    /// Not at all: touching the property is an error.
    Raise = raise::Raise;
}

/// What a strategy does and says.
pub(super) trait Loader {
    /// Its name in the form.
    fn label(&self) -> &'static str;

    /// What it does, in one sentence.
    fn summary(&self) -> &'static str;

    /// Plans the loading of a property, and gives the node where its targets are.
    fn load(&self, planner: &mut Planner<'_>, asked: &Asked<'_>) -> NodeId;

    /// Whether it brings the targets at all.
    fn loads(&self) -> bool {
        true
    }

    /// Whether nothing happens until code touches the property.
    fn waits(&self) -> bool {
        false
    }

    /// Whether it sends nothing for objects that are known already, or have the property loaded.
    fn passes_over(&self) -> bool {
        false
    }

    /// What it does to the statement that reads the parents.
    fn uses_statement(&self) -> StatementUse {
        StatementUse::None
    }
}

/// What a strategy does with the statement that reads the parents.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StatementUse {
    /// Nothing.
    None,
    /// It joins the targets' rows to it: a collection repeats the parents'.
    Joins,
    /// It adds to its columns only.
    Widens,
    /// It repeats it, to find the same parents once more.
    Repeats,
}

impl Strategy {
    /// All strategies, in the order in which the form offers them.
    pub fn all() -> impl Iterator<Item = Strategy> {
        Strategy::iter()
    }

    /// Those that load something: all but [`Strategy::Raise`].
    pub fn loading() -> impl Iterator<Item = Strategy> {
        Strategy::iter().filter(|strategy| strategy.loader().loads())
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
        self.loader().waits()
    }

    /// Whether it joins the targets' rows to the parents'.
    pub fn joins(self) -> bool {
        self.loader().uses_statement() == StatementUse::Joins
    }
}
