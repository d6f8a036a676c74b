//! What each edit of the session's form does to the script.

use super::action::ScriptEdit;
use crate::project::Project;
use crate::session::{ObjectDraft, ScriptDraft, StepDraft};

/// Makes an edit. A position that is not there changes nothing.
pub fn apply(project: &mut Project, edit: &ScriptEdit) {
    let steps = &mut project.script.steps;
    match edit {
        ScriptEdit::Add(step) => steps.push(step.clone()),
        ScriptEdit::Set(at, step) => {
            let Some(slot) = steps.get_mut(*at) else { return };
            let before = std::mem::replace(slot, step.clone());
            follow(&mut steps[at + 1..], &before, step);
        }
        ScriptEdit::Move(at, by) => {
            let to = at.checked_add_signed(*by as isize);
            if let Some(to) = to.filter(|to| *to < steps.len() && *at < steps.len()) {
                steps.swap(*at, to);
            }
        }
        ScriptEdit::Remove(at) if *at < steps.len() => drop(steps.remove(*at)),
        ScriptEdit::Remove(_) => {}
        ScriptEdit::Ask(subject) => ask(project, subject),
        ScriptEdit::Restore => {
            if let Some(written) = project.aside.pop() {
                project.script = written;
            }
        }
    }
}

/// Makes the script of a question: what if this object were deleted? What somebody wrote is put aside; another question
/// just gives way.
fn ask(project: &mut Project, subject: &ObjectDraft) {
    let steps = vec![StepDraft::Delete { object: subject.clone() }, StepDraft::Commit];
    let before = std::mem::replace(&mut project.script, ScriptDraft { steps });
    let is_question = matches!(before.steps.as_slice(), [StepDraft::Delete { .. }, StepDraft::Commit]);
    if before != project.script && (project.aside.is_empty() || !is_question) {
        project.aside.push(before);
    }
}

/// When an object gets another name, the steps after it call it so.
fn follow(steps: &mut [StepDraft], before: &StepDraft, after: &StepDraft) {
    let (StepDraft::New { name: old, .. }, StepDraft::New { name: new, .. }) = (before, after) else {
        return;
    };
    if old == new {
        return;
    }
    for object in steps.iter_mut().flat_map(objects_of) {
        if *object == ObjectDraft::New(old.clone()) {
            *object = ObjectDraft::New(new.clone());
        }
    }
}

fn objects_of(step: &mut StepDraft) -> Vec<&mut ObjectDraft> {
    match step {
        StepDraft::Add { object }
        | StepDraft::Set { object, .. }
        | StepDraft::Load { object, .. }
        | StepDraft::Delete { object } => vec![object],
        StepDraft::Link { object, target, .. } => vec![object, target],
        StepDraft::Unlink { object, target, .. } => std::iter::once(object).chain(target).collect(),
        StepDraft::New { .. } | StepDraft::Flush | StepDraft::Commit | StepDraft::Rollback => Vec::new(),
    }
}

/// The element to focus after an edit: the verb of what was added or moved, or of a neighbour of what was removed.
pub fn focus_after(edit: &ScriptEdit, after: &ScriptDraft) -> Option<String> {
    let last = after.steps.len().checked_sub(1);
    match edit {
        ScriptEdit::Add(_) => last.map(verb_id),
        ScriptEdit::Move(at, by) => at.checked_add_signed(*by as isize).map(verb_id),
        ScriptEdit::Remove(at) => Some(last.map_or(ADD.into(), |last| verb_id(last.min(*at)))),
        ScriptEdit::Ask(_) | ScriptEdit::Restore => last.map(|_| verb_id(0)),
        ScriptEdit::Set(..) => None,
    }
}

/// The id of the button that adds a step.
pub const ADD: &str = "script-add";

/// The id of the verb of a step.
pub fn verb_id(step: usize) -> String {
    format!("script-{step}")
}
