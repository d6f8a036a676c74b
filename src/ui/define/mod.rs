//! The form: models with their fields, relationships as sentences.

mod add;
mod choice;
mod delete;
mod field;
mod model;
mod more;
mod names;
mod order;
mod outline;
mod relationship;
mod sentence;
mod session;
pub(super) mod words;

use yew::{Html, MouseEvent, Properties, function_component, html};

use super::action::{Action, Edit};
use super::app::{Dispatch, PanelProps, use_dispatch};
use super::parts::{Answers, Arrivals, answer};
use super::schema::diagram::Thing;
use super::slice::Slice;
use super::state::{Compiled, Good};
use crate::project::Project;
use crate::schema::{Draft, ModelDraft, Severity};
use add::AddRelationship;
use model::ModelCard;
use outline::use_outline;
use relationship::RelationshipCard;

/// What the parts of the form are drawn from.
#[derive(Clone, PartialEq)]
pub(super) struct Source {
    /// The document.
    pub project: Slice<Project>,
    /// What it compiles to.
    pub compiled: Slice<Compiled>,
    /// The last good schema.
    pub good: Option<Slice<Good>>,
    /// The part of the draft that more than one card shows.
    pub outline: Slice<Draft>,
    /// Which parts of the page's program are there.
    pub parts: Arrivals,
}

/// What stands behind the buttons “more about …”, and comes with [`Answers`].
pub(super) struct Behind {
    model: fn(&Source, &ModelDraft, &Dispatch) -> Html,
    field: fn(&field::Row<'_>) -> Html,
    relationship: fn(&sentence::Sentence<'_>, bool) -> Html,
}

/// What it is.
pub(super) static BEHIND: Behind =
    Behind { model: model::more, field: |row| row.more(), relationship: relationship::more };

impl Source {
    /// What is behind such a button, when it is there.
    fn behind(&self, dispatch: &Dispatch, draw: impl FnOnce(&'static Behind) -> Html) -> Html {
        answer(self.parts, dispatch, |answers: &'static Answers| draw(answers.define))
    }
}

/// The form's panel.
#[function_component]
pub fn DefinePanel(props: &PanelProps) -> Html {
    let state = &props.state;
    let source = Source {
        project: Slice::from(&state.project),
        compiled: Slice::from(&state.compiled),
        good: state.good.as_ref().map(Slice::from),
        outline: use_outline(&Slice::from(&state.project)),
        parts: state.parts,
    };
    html! { <Form {source} chosen={state.view.diagram.chosen} /> }
}

#[derive(Properties, PartialEq)]
struct FormProps {
    source: Source,
    chosen: Option<Thing>,
}

#[function_component]
fn Form(props: &FormProps) -> Html {
    let source = &props.source;
    let draft = &source.project.draft;
    let dispatch = use_dispatch();
    let add_model = dispatch.reform(|_: MouseEvent| Action::Edit(Edit::AddModel));
    html! {
        <div class="define">
            { errors(source) }
            if draft.models.is_empty() {
                <p class="define__start">
                    { "Start with a model: one kind of thing that your program knows, such as an Author. Then give it \
                       fields, and say how models relate." }
                </p>
            }
            { for draft.models.iter().map(|model| html! {
                <ModelCard key={model.id.to_string()} model={model.id} source={source.clone()}
                    chosen={props.chosen == Some(Thing::Model(model.id))} />
            }) }
            <button type="button" id="add-model" class="button button--add" onclick={add_model}>{ "+ Model" }</button>
            if !draft.models.is_empty() {
                <h3 class="define__heading">{ "Relationships" }</h3>
                { for draft.relationships.iter().map(|relationship| html! {
                    <RelationshipCard
                        key={relationship.id.to_string()}
                        relationship={relationship.id}
                        source={source.clone()}
                        chosen={props.chosen == Some(Thing::Relationship(relationship.id))}
                    />
                }) }
                <AddRelationship source={source.clone()} />
            }
        </div>
    }
}

/// While there are errors: how many, and that what is shown elsewhere is from before them.
fn errors(source: &Source) -> Html {
    let diagnostics = &source.compiled.schema_diagnostics;
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    html! {
        <div class="define__errors" aria-live="polite">
            if errors > 0 {
                <p class="banner banner--bad">
                    <strong>{ words::counted(errors, "error") }{ " below. " }</strong>
                    if source.good.is_some() {
                        { "The SQL and the results are still those of the last schema without errors." }
                    } else {
                        { "Nothing can be made of the schema until this is mended." }
                    }
                </p>
            }
        </div>
    }
}
