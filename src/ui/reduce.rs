//! The reducer: state and action in, state out. Pure; what has to happen outside the page is read off the new state
//! by `effects`.

use std::rc::Rc;

use yew::Reducible;

use super::action::{Action, Asked, Edit, Show};
use super::answers;
use super::comparing::Comparing;
use super::edit;
use super::first_error::Needed;
use super::keeping;
use super::parts::{self, sample_project};
use super::query_edit;
use super::scripting::Task;
use super::state::{EngineStatus, Focus, Notice, Panel, Past, ResultTab, State, UNDO_STEPS};
use crate::project::{Project, Sample};

/// What a project is called until somebody names it.
const NEW: &str = "New project";

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

impl State {
    /// The state after an action.
    pub fn after(self, action: Action) -> State {
        match action {
            Action::Edit(edit) => self.edited(&edit),
            Action::Undo => self.undone(),
            Action::Redo => self.redone(),
            Action::Open(project) => self.opened_document(*project),
            Action::OpenSample(sample) => self.opened_sample(sample),
            Action::NewProject => self.opened_document(Project { name: NEW.into(), ..Project::default() }),
            Action::Run => match self.view.task {
                Task::Query => self.run_asked(),
                Task::Session => self.script_asked(),
                Task::Sql => self.sql_asked(),
            },
            Action::Stop => self.stopped(),
            Action::Asked(id, asked) => answers::asked(self, id, asked),
            Action::WorkerLost(why) => answers::worker_lost(self, why),
            Action::WorkerFailed(why) => {
                let message = format!("The database cannot be started: {why}");
                State { engine: EngineStatus::Failed(why), ..answers::without_worker(self) }
                    .telling(bad(message))
            }
            Action::SaveFailed(why) => self.telling(bad(why)),
            Action::Scrolled(step, row) => {
                let mut next = self;
                next.scrolled.insert(step, row);
                next
            }
            Action::Show(show) => self.showing(show),
            Action::DismissNotice => State { notice: None, blocked: None, ..self },
            Action::Keep(what) => keeping::happened(self, what),
            Action::Part(part, arrival) => State { parts: self.parts.with(part, arrival), ..self },
            Action::Answered(..)
            | Action::DeleteRows(..)
            | Action::SqlScrolled(..)
            | Action::Recall(_)
            | Action::Generate(_)
            | Action::Compare
            | Action::Mend(_)
            | Action::WhatIf(_)
            | Action::CommitScript
            | Action::RollBackScript => match parts::answers() {
                Some(part) => (part.after)(self, action),
                // Nothing that is there can have sent it.
                None => self,
            },
        }
    }

    pub(super) fn telling(self, notice: Notice) -> State {
        State { notice: Some(notice), ..self }
    }

    /// Makes an edit and remembers the document before it. An edit that changes nothing is no step.
    pub(super) fn edited(self, edit: &Edit) -> State {
        let mut project = (*self.project).clone();
        edit::apply(&mut project, edit);
        if project == *self.project {
            return self;
        }
        let key = edit::typing_key(edit);
        let goes_on = key.is_some() && key == self.history.last;
        let focus = match edit {
            Edit::Query(edit) => query_edit::focus_after(edit, &self.project.query, &project.query),
            _ => edit::focus_after(edit, &project),
        };
        let lost = lost_links(&self.project, &project, edit);
        let mut next = self.remembering(!goes_on);
        next.history.last = key;
        let mut next = next.with_document(Rc::new(project));
        if let Some(element) = focus {
            next.focus = Some(Focus { revision: next.revision, element, if_lost: false });
        }
        if let Edit::AddModel = edit {
            next.view.grid = next.project.draft.models.last().map(|model| model.id);
        }
        if let Edit::Sql(_) = edit {
            next.console.recalled = None;
        }
        if lost > 0 {
            let text = format!(
                "{} did not fit any more and went.",
                if lost == 1 { "1 link".into() } else { format!("{lost} links") }
            );
            return next.telling(Notice { text, undoable: true, ..Notice::default() });
        }
        // What was told was about the document before.
        next.notice = None;
        next
    }

    /// Puts the document on the undo stack, if it is a step, and forgets what could be redone.
    fn remembering(mut self, step: bool) -> State {
        self.history.redo.clear();
        if step {
            let past = Past { project: self.project.clone(), document: self.history.document };
            self.history.undo.push(past);
            let surplus = self.history.undo.len().saturating_sub(UNDO_STEPS);
            self.history.undo.drain(..surplus);
        }
        self
    }

    fn opened_sample(self, sample: Sample) -> State {
        match sample_project(sample) {
            Some(project) => self.opened_document(project),
            None => self.telling(bad(format!(
                "“{}” is still being loaded. Choose it again in a moment.",
                sample.title()
            ))),
        }
    }

    fn opened_document(self, project: Project) -> State {
        // A sample that nobody touched is no work.
        let opened =
            Sample::all().find(|sample| sample.title() == self.project.name).and_then(sample_project);
        let work = opened.is_none_or(|sample| sample != *self.project);
        let notice = work.then(|| Notice {
            text: if project.name == self.project.name {
                format!(
                    "“{}” is open anew. Your changed version was replaced: Undo brings it back.",
                    project.name
                )
            } else {
                format!("“{}” is open. Undo brings “{}” back.", project.name, self.project.name)
            },
            undoable: true,
            ..Notice::default()
        });
        let mut next = self.remembering(true);
        next.history.last = None;
        next.history.document += 1;
        next.notice = notice;
        // A sample's ids are those of the next sample: the grid shown would be that of another model.
        next.view.grid = None;
        next.with_document(Rc::new(project)).without_outcome()
    }

    fn undone(mut self) -> State {
        let Some(past) = self.history.undo.pop() else { return self };
        let now = Past { project: self.project.clone(), document: self.history.document };
        self.history.redo.push(now);
        self.back_to(past)
    }

    fn redone(mut self) -> State {
        let Some(past) = self.history.redo.pop() else { return self };
        let now = Past { project: self.project.clone(), document: self.history.document };
        self.history.undo.push(now);
        self.back_to(past)
    }

    fn back_to(mut self, past: Past) -> State {
        let other = self.history.document != past.document;
        self.history.document = past.document;
        self.history.last = None;
        self.notice = None;
        let element = edit::focus_instead(&self.project, &past.project);
        let mut next = self.with_document(past.project);
        // What had the focus may be gone.
        next.focus = element.map(|element| Focus { revision: next.revision, element, if_lost: true });
        if other { next.without_outcome() } else { next }
    }

    /// Forgets what came of the last query: it was another document's.
    fn without_outcome(mut self) -> State {
        self.asked.retain(|_, asked| {
            !matches!(
                asked,
                Asked::Run
                    | Asked::Script
                    | Asked::Compare
                    | Asked::Sql
                    | Asked::SqlRows(_)
                    | Asked::Rows(_)
                    | Asked::Made
                    | Asked::Foresee(..)
            )
        });
        self.script.forget();
        self.comparing = Comparing::default();
        self.mended = None;
        self.console.forget();
        self.generating = Rc::default();
        self.run_wanted = false;
        self.delete_wanted = None;
        self.refusals = Rc::default();
        self.outcome = None;
        self.failure = None;
        self.rows_kept = false;
        self.rows.clear();
        self.scrolled.clear();
        // The last good schema of another document would explain nothing.
        self.good = self.compiled.good.clone();
        self
    }

    pub(super) fn run_asked(mut self) -> State {
        if self.compiled.planned.is_none() {
            return self.refusing(Needed::Query);
        }
        self.run_wanted = true;
        self = self.showing(Show::QueryFolded(true));
        if self.view.result == ResultTab::Compare {
            self = self.comparison_asked();
        }
        self.with_worker()
    }

    pub(super) fn script_asked(mut self) -> State {
        if self.compiled.script.is_none() || !self.has_something_to_run() {
            return self.refusing(Needed::Script);
        }
        self.script.wanted = true;
        self.with_worker()
    }

    fn sql_asked(mut self) -> State {
        if self.has_errors() && !self.keeping.is_apart() {
            return self.refusing(Needed::Schema);
        }
        let text = self.project.sql.trim().to_owned();
        if text.is_empty() {
            return self;
        }
        self.console.remember(&text);
        self.console.wanted = true;
        self.with_worker()
    }

    /// Another worker, if there is none any more, for what is about to run.
    pub(super) fn with_worker(mut self) -> State {
        if let EngineStatus::Failed(_) = self.engine {
            self = answers::without_worker(self);
            self.engine = EngineStatus::Starting;
            self.losses = 0;
        }
        self.history.last = None;
        self.notice = None;
        self
    }

    fn stopped(self) -> State {
        if !self.is_running() {
            return self;
        }
        let script = self.script.running.is_some() || self.script.wanted;
        let query = self.running.is_some() || self.run_wanted;
        let sql = self.console.running.is_some() || self.console.wanted;
        if sql && self.keeping.is_apart() {
            return keeping::stopped(self);
        }
        let mut next = answers::without_worker(self);
        let what = match () {
            () if script => "script",
            () if query => "query",
            () if sql => "SQL",
            () => "comparison",
        };
        next.run_wanted = false;
        next.comparing.wanted = false;
        next.script.wanted = false;
        next.script.held = next.revision;
        next.console.wanted = false;
        next.engine = EngineStatus::Restarting(format!("The {what} was stopped."));
        next.telling(Notice {
            text: format!(
                "The {what} was stopped. The database is made again from the project; nothing is lost."
            ),
            ..Notice::default()
        })
    }

    fn showing(mut self, show: Show) -> State {
        match show {
            Show::Panel(panel) => {
                self.view.panel = panel;
                // The form and the data are not there for a class to see.
                self.view.presenting &= matches!(panel, Panel::Schema | Panel::Query);
            }
            Show::Result(tab) => {
                self.view.result = tab;
                if tab == ResultTab::Compare {
                    return self.comparison_shown();
                }
            }
            Show::InPlace(yes) => self.view.in_place = yes,
            Show::Latency(millis) => self.view.latency = millis,
            Show::Grid(model) => {
                self.view.grid = Some(model);
                Rc::make_mut(&mut self.generating).seen = 0;
            }
            Show::Step(step) => self.view.step = step,
            Show::Task(task) => self.view.task = task,
            Show::Script(tab) => self.view.script = tab,
            Show::Language(language) => self.view.language = language,
            Show::Theme(theme) => self.view.theme = theme,
            Show::Diagram(look) => return self.looking(look),
            Show::OnDelete(relationship) => return self.at_on_delete(relationship),
            Show::Tips(shown) => self.view.tips = shown,
            Show::Presenting(yes) => return self.presented(yes),
            Show::QueryFolded(folded) => {
                self.view.query_folded = folded;
                let element = "query-root".into();
                self.focus = (!folded).then_some(Focus { revision: self.revision, element, if_lost: false });
            }
        }
        self
    }
}

/// How many links an edit of a relationship's ends or shape has cost.
fn lost_links(before: &Project, after: &Project, edit: &Edit) -> usize {
    use super::action::RelationshipEdit::{Many, Model, Shape, Turn};
    match edit {
        Edit::Relationship(id, Many(..) | Model(..) | Shape(_) | Turn) => {
            before.data.links_of(*id).len().saturating_sub(after.data.links_of(*id).len())
        }
        _ => 0,
    }
}

pub(super) fn bad(text: String) -> Notice {
    Notice { text, bad: true, ..Notice::default() }
}
