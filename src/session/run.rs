//! Runs a script, step by step.

use super::error::SessionError;
use super::script::{ObjectRef, Script, Step};
use super::state::{Obj, Passive};
use super::trace::{FinalObject, Happening, Status};
use super::work::{Command, Outcome, Session, Talk};
use crate::mapping::Relational;
use crate::schema::{FieldId, Schema};
use crate::value::Value;

/// What running a script gave.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptRun {
    /// Everything that happened, in order.
    pub happenings: Vec<Happening>,
    /// The objects as the script leaves them, before its end takes back what was not committed.
    pub objects: Vec<FinalObject>,
    /// The step that failed, by position, and why. Nothing after it was run.
    pub failure: Option<(usize, SessionError)>,
}

/// Runs a script. `talk` reaches the database. What is not committed at the end is rolled back, as at the end of
/// `with Session(engine) as session:`; so is everything since the last commit when a step fails.
pub fn run(script: &Script, schema: &Schema, relational: &Relational, talk: &mut Talk<'_>) -> ScriptRun {
    let mut runner =
        Runner { session: Session::new(schema, relational, talk), news: vec![None; script.news.len()] };
    let failure = runner.run(script).err();
    let objects = runner.final_objects();
    let mut failure = failure.map(|error| (runner.session.step, error));
    runner.session.step = script.steps.len();
    if let Err(error) = runner.close() {
        failure.get_or_insert((script.steps.len(), error));
    }
    ScriptRun { happenings: runner.session.happenings, objects, failure }
}

struct Runner<'a> {
    session: Session<'a>,
    /// The script's own objects, once they are made.
    news: Vec<Option<Obj>>,
}

impl Runner<'_> {
    fn run(&mut self, script: &Script) -> Outcome<()> {
        self.session.say(Command::Begin)?;
        for (number, step) in script.steps.iter().enumerate() {
            self.session.step = number;
            self.session.autoflush = false;
            self.session.flushing = false;
            self.step(script, step)?;
        }
        Ok(())
    }

    fn close(&mut self) -> Outcome<()> {
        let wrote = self.session.happenings.iter().rev().take_while(|happening| {
            !matches!(happening.what, super::trace::What::Committed | super::trace::What::RolledBack)
        });
        let wrote = wrote.count() > 0;
        self.session.say(Command::Rollback)?;
        if wrote {
            self.session.note(super::trace::What::RolledBack);
        }
        Ok(())
    }

    fn step(&mut self, script: &Script, step: &Step) -> Outcome<()> {
        match step {
            Step::New { object, values, add } => self.make(script, *object, values, *add),
            Step::Add(object) => {
                let object = self.object(object)?;
                self.session.add(object)
            }
            Step::Set(object, field, value) => {
                let object = self.object(object)?;
                self.set(object, *field, value)
            }
            Step::Link(object, end, target) => {
                let (object, target) = (self.object(object)?, self.object(target)?);
                if self.session.kind(*end).is_collection() {
                    self.session.append(object, *end, target)
                } else {
                    self.session.set_one(object, *end, Some(target))
                }
            }
            Step::Clear(object, end) => {
                let object = self.object(object)?;
                self.session.set_one(object, *end, None)
            }
            Step::Remove(object, end, target) => {
                let (object, target) = (self.object(object)?, self.object(target)?);
                self.session.remove(object, *end, target)
            }
            Step::Load(object, end) => {
                let object = self.object(object)?;
                self.session.link_value(object, *end, Passive::OFF).map(|_| ())
            }
            Step::Delete(object) => {
                let object = self.object(object)?;
                self.session.delete(object)
            }
            Step::Flush => self.session.flush(),
            Step::Commit => self.session.commit(),
            Step::Rollback => self.session.rollback(),
        }
    }

    fn make(&mut self, script: &Script, at: usize, values: &[(FieldId, Value)], add: bool) -> Outcome<()> {
        let new = &script.news[at];
        let object = self.session.make_new(new.model);
        self.session.at_mut(object).name = Some(new.name.clone());
        self.news[at] = Some(object);
        for (field, value) in values {
            self.set(object, *field, value)?;
        }
        if add { self.session.add(object) } else { Ok(()) }
    }

    fn set(&mut self, object: Obj, field: FieldId, value: &Value) -> Outcome<()> {
        match self.session.table(object).field_column(field) {
            Some(at) => self.session.set_column(object, at, value.clone()),
            None => Ok(()),
        }
    }

    fn object(&mut self, object: &ObjectRef) -> Outcome<Obj> {
        match object {
            ObjectRef::New(at) => {
                let made = self.news.get(*at).copied().flatten();
                made.ok_or_else(|| SessionError::NotFound("object of this name".into()))
            }
            ObjectRef::Stored(model, key) => {
                let found = self.session.get(*model, key)?;
                found.ok_or_else(|| SessionError::NotFound(self.session.called_by_key(*model, key)))
            }
        }
    }

    fn final_objects(&self) -> Vec<FinalObject> {
        self.session
            .objects
            .iter()
            .map(|state| {
                let status = match (state.deleted, state.attached, &state.key) {
                    (true, true, _) => Status::Deleted,
                    (_, false, Some(_)) => Status::Detached,
                    (_, false, None) => Status::Transient,
                    (_, true, None) => Status::Pending,
                    (_, true, Some(_)) => Status::Persistent,
                };
                FinalObject {
                    name: state.name.clone(),
                    model: state.model,
                    key: state.key.clone(),
                    status,
                    values: state.values.clone(),
                }
            })
            .collect()
    }
}
