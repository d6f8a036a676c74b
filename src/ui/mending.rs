//! Advice that was followed: the index is made, the query run again, and what came before it kept beside what came then.

use std::rc::Rc;

use super::action::{Edit, FieldEdit, RelationshipEdit};
use super::state::{Notice, Ran, State};
use crate::explain::IndexOn;
use crate::protocol::StatementGroup;

/// What there was before an index.
#[derive(Clone, Debug, PartialEq)]
pub struct Mended {
    /// The result without it.
    pub before: Rc<Ran>,
    /// What was indexed.
    pub on: IndexOn,
    /// The document's revision with it.
    pub revision: u64,
}

impl Mended {
    /// How a statement of a result fared before, if it is of the document with the index and SQLite now goes about it in
    /// another way.
    pub fn before(&self, ran: &Ran, group: &StatementGroup) -> Option<&StatementGroup> {
        let mut groups = self.before.outcome.statements.iter();
        let known =
            groups.find(|known| known.step == group.step && known.statement.text == group.statement.text);
        let plan = |group: &StatementGroup| {
            let lines = group.explained.lines.iter();
            lines.map(|(line, _)| line.detail.clone()).collect::<Vec<_>>()
        };
        known.filter(|known| ran.revision == self.revision && plan(known) != plan(group))
    }
}

impl State {
    /// Makes an index, as if it had been chosen in the form, and runs the query with it.
    pub(super) fn mended_by(self, on: IndexOn) -> State {
        let edit = match on {
            IndexOn::Field(model, field) => Edit::Field(model, field, FieldEdit::Indexed(true)),
            IndexOn::Key(relationship) => Edit::Relationship(relationship, RelationshipEdit::Index(true)),
        };
        let before = self.outcome.clone();
        let mut next = self.edited(&edit);
        let revision = next.revision;
        next.mended = before.map(|before| Rc::new(Mended { before, on, revision }));
        let next = next.run_asked();
        let text = "The schema has one more index. The query runs with it.".into();
        next.telling(Notice { text, undoable: true, ..Notice::default() })
    }
}
