//! The button that deletes a part of the schema. What would go with it is said beforehand.

use yew::{Callback, Html, MouseEvent, Properties, function_component, html, use_state};

use super::words::named;
use crate::project::{Losses, Project};
use crate::schema::{FieldId, ModelId, RelationshipId};
use crate::ui::action::{Action, Edit, FieldEdit, ModelEdit, RelationshipEdit};
use crate::ui::app::use_dispatch;
use crate::ui::dialog::Dialog;
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::slice::Slice;

/// What is to be deleted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    /// A model.
    Model(ModelId),
    /// A field.
    Field(ModelId, FieldId),
    /// A relationship.
    Relationship(RelationshipId),
}

impl Target {
    fn edit(self) -> Edit {
        match self {
            Target::Model(model) => Edit::Model(model, ModelEdit::Delete),
            Target::Field(model, field) => Edit::Field(model, field, FieldEdit::Delete),
            Target::Relationship(relationship) => Edit::Relationship(relationship, RelationshipEdit::Delete),
        }
    }

    fn losses(self, project: &Project) -> Losses {
        match self {
            Target::Model(model) => project.losses_of_model(model),
            Target::Field(model, field) => project.losses_of_field(model, field),
            Target::Relationship(relationship) => project.losses_of_relationship(relationship),
        }
    }

    fn name(self, project: &Project) -> String {
        let model_name = |id| project.draft.model(id).map_or("", |model| model.name.as_str());
        match self {
            Target::Model(model) => format!("the model {}", named(model_name(model))),
            Target::Field(model, id) => {
                let field = project.draft.model(model).and_then(|model| model.field(id));
                format!("the field {}", named(field.map_or("", |field| field.name.as_str())))
            }
            Target::Relationship(id) => {
                let ends = project.draft.relationship(id).map(|link| [link.left.model, link.right.model]);
                let [left, right] = ends.unwrap_or_default().map(|end| end.map_or("", model_name));
                format!("the relationship between {} and {}", named(left), named(right))
            }
        }
    }
}

/// Properties of [`DeleteButton`].
#[derive(Properties, PartialEq)]
pub(super) struct DeleteProps {
    /// The document.
    pub project: Slice<Project>,
    /// What is to be deleted.
    pub target: Target,
}

/// The button. Without anything to lose it deletes at once: undo brings it back.
#[function_component]
pub(super) fn DeleteButton(props: &DeleteProps) -> Html {
    let dispatch = use_dispatch();
    let asking = use_state(|| None::<Losses>);
    let (project, target) = (&props.project, props.target);
    let name = target.name(project);
    let ask = {
        let (dispatch, asking, project) = (dispatch.clone(), asking.setter(), project.clone());
        Callback::from(move |_: MouseEvent| match target.losses(&project) {
            losses if losses.is_empty() => dispatch.emit(Action::Edit(target.edit())),
            losses => asking.set(Some(losses)),
        })
    };
    let close = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(None))
    };
    let delete = dispatch.reform(move |_: MouseEvent| Action::Edit(target.edit()));
    html! {
        <>
            <IconButton glyph={Glyph::Bin} label={format!("Delete {name}")} onclick={ask} />
            if let Some(losses) = &*asking {
                <Dialog title={format!("Delete {name}?")} onclose={close.clone()}>
                    <p>{ format!("With it go {}.", losses.sentence()) }</p>
                    <p class="faint">{ "Undo brings everything back." }</p>
                    <div class="sheet__actions">
                        <button type="button" class="button" onclick={close.reform(|_: MouseEvent| ())}>{ "Keep" }</button>
                        <button type="button" class="button button--bad" onclick={delete}>{ "Delete" }</button>
                    </div>
                </Dialog>
            }
        </>
    }
}
