//! What a script does to the rows: which go, are set to NULL, come, change or block, by whom, and the setting that
//! decided it. Read off what the engine told; the views only draw it.

mod in_sql;
mod telling;

pub use self::in_sql::in_sql;

use self::telling::Telling;
use super::script_changes::{ChangedTable, compared_tables};
use super::state::Good;
use crate::project::RowId;
use crate::protocol::ScriptOutcome;
use crate::schema::{EndId, ModelId};

/// What a script does to the rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// In one sentence.
    pub headline: String,
    /// How many rows come to what.
    pub tally: Tally,
    /// The rows to which the same happened for the same reason.
    pub groups: Vec<Group>,
    /// What decided it, and what would have decided about more of what hangs on a deleted row. In the order of the
    /// relationships, so that each stays where it is when one of them is switched.
    pub settings: Vec<Setting>,
    /// The tables that changed, before and after, with the row of the document that each row is.
    pub tables: Vec<ChangedTable>,
}

/// How many rows come to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that go.
    pub gone: usize,
    /// Rows whose key is set to NULL.
    pub cleared: usize,
    /// Rows with other values.
    pub changed: usize,
    /// New rows.
    pub added: usize,
    /// Rows whose key points nowhere.
    pub dangling: usize,
    /// Pairs of a many-to-many that go.
    pub unlinked: usize,
    /// Pairs that come.
    pub linked: usize,
}

impl Tally {
    /// The tally in words; empty if nothing changes.
    ///
    /// ```
    /// use relata::ui::consequences::Tally;
    /// let tally = Tally { gone: 2, cleared: 1, unlinked: 3, ..Tally::default() };
    /// assert_eq!(tally.words(), "2 rows go, 1 has its key set to NULL, 3 links go");
    /// ```
    pub fn words(&self) -> String {
        let rows = [
            (self.gone, "goes", "go"),
            (self.cleared, "has its key set to NULL", "have their key set to NULL"),
            (self.changed, "changes", "change"),
            (self.added, "comes", "come"),
            (self.dangling, "points nowhere", "point nowhere"),
        ];
        let links = [(self.unlinked, "goes", "go"), (self.linked, "comes", "come")];
        let mut parts: Vec<String> = Vec::new();
        for (noun, counts) in [(["row", "rows"], &rows[..]), (["link", "links"], &links[..])] {
            let mut named = false;
            for (count, one, many) in counts.iter().filter(|(count, ..)| *count > 0) {
                let verb = if *count == 1 { one } else { many };
                // The noun stands once.
                parts.push(match (named, *count) {
                    (true, count) => format!("{count} {verb}"),
                    (false, count) => format!("{count} {} {verb}", noun[usize::from(count != 1)]),
                });
                named = true;
            }
        }
        parts.join(", ")
    }

    /// How many rows and pairs something happens to.
    pub fn total(&self) -> usize {
        self.gone + self.cleared + self.changed + self.added + self.unlinked + self.linked
    }
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It stands in the way, so that nothing happens.
    Blocks,
    /// It goes.
    Gone,
    /// Its key is set to NULL.
    Cleared,
    /// It has other values.
    Changed,
    /// It comes.
    Added,
    /// Its key points to a row that is not there any more.
    Dangling,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The session, by a statement.
    Session {
        /// Its number among all that were sent, from 1.
        statement: usize,
        /// What it does.
        verb: &'static str,
        /// Why it was sent.
        why: String,
    },
    /// The database by itself, when a statement was sent.
    Database {
        /// What told it to.
        rule: String,
        /// That statement's number.
        statement: usize,
    },
    /// A foreign key that refuses: what told it to.
    Key(String),
    /// Nobody: no key guards it.
    Nobody,
}

/// Rows of one table to which the same happened for the same reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What becomes of them.
    pub fate: Fate,
    /// Who did it.
    pub by: By,
    /// The model whose rows they are; none for the pairs of a join table.
    pub model: Option<ModelId>,
    /// The name of the model, or of the join table.
    pub name: String,
    /// The first of them: their keys, and the rows of the document that they are.
    pub rows: Vec<(String, Option<RowId>)>,
    /// How many there are.
    pub count: usize,
    /// What decided it, if it was a setting.
    pub setting: Option<Setting>,
}

/// The settings that decide what becomes of what hangs on an object: the session's cascade of this property, and the
/// key's ON DELETE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The property along which the session cascades.
    pub end: EndId,
}

/// What a script did, told by what becomes of the rows.
pub fn told(outcome: &ScriptOutcome, good: &Good) -> Told {
    let telling = Telling { outcome, schema: &good.schema, relational: &good.relational };
    let tables = compared_tables(outcome, &good.relational);
    let mut groups = telling.blocking();
    groups.extend(telling.changed(&tables));
    groups.extend(telling.dangling());
    groups.sort_by_key(|group| (group.fate, statement_of(&group.by)));
    let tally = tally(&groups);
    let headline = telling.headline(&tally, &groups);
    Told { headline, tally, settings: telling.settings(&groups), groups, tables }
}

fn statement_of(by: &By) -> usize {
    match by {
        By::Session { statement, .. } | By::Database { statement, .. } => *statement,
        By::Key(_) | By::Nobody => 0,
    }
}

fn tally(groups: &[Group]) -> Tally {
    let count = |fate: Fate, pairs: bool| {
        let counted = groups.iter().filter(|group| group.fate == fate && group.model.is_none() == pairs);
        counted.map(|group| group.count).sum()
    };
    Tally {
        gone: count(Fate::Gone, false),
        cleared: count(Fate::Cleared, false),
        changed: count(Fate::Changed, false),
        added: count(Fate::Added, false),
        dangling: count(Fate::Dangling, false),
        unlinked: count(Fate::Gone, true),
        linked: count(Fate::Added, true),
    }
}
