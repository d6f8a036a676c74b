//! What every part of the session's form needs: the script, the schema, what there is to say, and the way up.

use web_sys::InputEvent;
use yew::{Callback, Html, MouseEvent, html};

use crate::schema::{Diagnostic, Model, ModelId, Severity};
use crate::session::{Part, Place, StepDraft};
use crate::ui::action::{Action, Edit, ScriptEdit};
use crate::ui::app::Dispatch;
use crate::ui::form::{Choice, Select, told, typed};
use crate::ui::legend::Legend;
use crate::ui::script_edit::verb_id;
use crate::ui::slice::Slice;
use crate::ui::state::{Good, State};

/// The session form's own view of the state.
#[derive(Clone)]
pub(super) struct Form {
    pub state: Slice<State>,
    /// The last good schema: what can be chosen from.
    pub good: Slice<Good>,
    /// The models' colours.
    pub legend: Legend,
    send: Dispatch,
}

impl Form {
    /// `None` while there is no schema whose objects could be changed.
    pub(super) fn new(state: &Slice<State>, send: Dispatch) -> Option<Form> {
        let good = Slice::from(state.good.as_ref()?);
        let legend = Legend::new(&good.schema, &state.project.draft);
        Some(Form { state: state.clone(), good, legend, send })
    }

    /// The steps as typed.
    pub(super) fn steps(&self) -> &[StepDraft] {
        &self.state.project.script.steps
    }

    /// A model by its id.
    pub(super) fn model(&self, model: Option<ModelId>) -> Option<&Model> {
        model.and_then(|id| self.good.schema.model(id))
    }

    /// A click that makes an edit.
    pub(super) fn on_click(&self, edit: ScriptEdit) -> Callback<MouseEvent> {
        self.send.reform(move |_| Action::Edit(Edit::Script(edit.clone())))
    }

    /// Something chosen that makes another step of the one at `at`, if it means one.
    pub(super) fn on_choice(
        &self,
        at: usize,
        step: impl Fn(&str) -> Option<StepDraft> + 'static,
    ) -> Callback<String> {
        let send = self.send.clone();
        Callback::from(move |value: String| {
            if let Some(step) = step(&value) {
                send.emit(Action::Edit(Edit::Script(ScriptEdit::Set(at, step))));
            }
        })
    }

    /// Something typed that makes another step of the one at `at`.
    pub(super) fn on_typed(
        &self,
        at: usize,
        step: impl Fn(String) -> StepDraft + 'static,
    ) -> Callback<InputEvent> {
        self.send.reform(move |event: InputEvent| {
            Action::Edit(Edit::Script(ScriptEdit::Set(at, step(typed(&event)))))
        })
    }

    fn diagnostics(&self, at: usize) -> Vec<Diagnostic<Place>> {
        let all = self.state.compiled.script_diagnostics.iter();
        all.filter(|found| found.place.step == at).cloned().collect()
    }

    /// Whether there is something wrong with this part of a step.
    pub(super) fn is_wrong(&self, at: usize, part: Part) -> bool {
        let place = Place { step: at, part };
        let all = self.state.compiled.script_diagnostics.iter();
        all.filter(|found| found.place == place).any(|found| found.severity == Severity::Error)
    }

    /// What there is to say about a step, below it.
    pub(super) fn said(&self, at: usize) -> Html {
        told(&verb_id(at), &self.diagnostics(at))
    }

    /// The id of what there is to say about a step.
    fn said_id(&self, at: usize, wrong: bool) -> Option<String> {
        wrong.then(|| format!("{}-told", verb_id(at)))
    }

    /// A list to choose from within a step.
    pub(super) fn select(
        &self,
        at: usize,
        part: Part,
        what: &str,
        value: String,
        choices: Vec<Choice>,
        onchange: Callback<String>,
    ) -> Html {
        let invalid = self.is_wrong(at, part);
        let mut choices = choices;
        if !choices.iter().any(|choice| choice.value == value) {
            choices.insert(0, Choice::new(value.clone(), "choose …"));
        }
        html! {
            <Select class="query__select" label={label(at, what)} {value} {choices} {onchange} {invalid}
                described={self.said_id(at, invalid)} />
        }
    }

    /// Something to type within a step.
    pub(super) fn input(
        &self,
        at: usize,
        part: Part,
        what: &str,
        value: &str,
        placeholder: &'static str,
        oninput: Callback<InputEvent>,
    ) -> Html {
        let wrong = self.is_wrong(at, part);
        html! {
            <input class="script__input" type="text" autocomplete="off" spellcheck="false" aria-label={label(at, what)}
                value={value.to_owned()} {placeholder} {oninput}
                aria-invalid={wrong.then_some("true")} aria-describedby={self.said_id(at, wrong)} />
        }
    }
}

/// What a part of a step is called: `Step 2: object`.
pub(super) fn label(at: usize, what: &str) -> String {
    format!("Step {}: {what}", at + 1)
}
