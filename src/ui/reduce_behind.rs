//! The reducer of what only the part behind the form can cause: answers of the worker, and what is done with rows,
//! results, scripts and generated rows.

use super::action::{Action, Edit};
use super::answers;
use super::edit;
use super::generating;
use super::script_edit;
use super::state::State;
use super::what_if;
use crate::project::Project;

/// The state after such an action.
pub(super) fn after(state: State, action: Action) -> State {
    match action {
        Action::Answered(id, answer) => answers::answered(state, id, answer),
        Action::DeleteRows(model, rows) => answers::delete_rows(state, model, rows),
        Action::SqlScrolled(statement, row) => {
            let mut next = state;
            next.console.scrolled.insert(statement, row);
            next
        }
        Action::Recall(recall) => recalled(state, recall),
        Action::Generate(what) => generating::happened(state, what),
        Action::Compare => state.comparison_asked().with_worker(),
        Action::Mend(on) => state.mended_by(on),
        Action::WhatIf(subject) => what_if::asked(state, &subject),
        Action::CommitScript => what_if::committed(state),
        Action::RollBackScript => what_if::rolled_back(state),
        other => state.after(other),
    }
}

/// Makes an edit of that kind.
pub(super) fn apply(project: &mut Project, change: &Edit) {
    match change {
        Edit::Data(change) => edit::edit_data(project, change),
        Edit::Script(change) => script_edit::apply(project, change),
        Edit::Diagram(change) => change.apply(&mut project.diagram),
        other => edit::apply(project, other),
    }
}

/// Puts what was run before into the console: a step of the history by itself.
fn recalled(mut state: State, recall: super::action::Recall) -> State {
    let Some((recalled, text)) = state.console.recall(recall, &state.project.sql) else { return state };
    state.history.last = None;
    let mut next = state.edited(&Edit::Sql(text));
    next.history.last = None;
    next.console.recalled = recalled;
    next
}
