//! One field of a model in the form.

use yew::{
    AttrValue, Callback, Event, Html, KeyboardEvent, MouseEvent, Properties, function_component, html,
    use_state,
};

use super::Source;
use super::delete::{DeleteButton, Target};
use super::model::alt_arrow;
use super::words::{counted, named};
use crate::schema::{FieldDraft, FieldId, FieldPart, FieldType, ModelId, Place};
use crate::ui::action::{Action, Edit, FieldEdit};
use crate::ui::app::{Dispatch, use_dispatch};
use crate::ui::form::{Choice, Select, described, has_error, on_chosen, on_ticked, on_typed, told, told_at};
use crate::ui::glyph::{Glyph, IconButton};

/// Up to so many rows the values are looked through at every keystroke.
const FEW: usize = 500;

/// Properties of [`FieldRow`].
#[derive(Properties, PartialEq)]
pub(super) struct FieldRowProps {
    /// Its model.
    pub model: ModelId,
    /// The field.
    pub field: FieldId,
    /// What it is drawn from.
    pub source: Source,
}

/// What the parts of a row share.
pub(super) struct Row<'a> {
    /// Whether the values are few, or somebody is near: only then is it worth looking through all of them.
    counts: bool,
    model: ModelId,
    field: &'a FieldDraft,
    source: &'a Source,
    dispatch: Dispatch,
}

/// A field: name, type and what is asked of its values; the rest behind a button.
#[function_component]
pub(super) fn FieldRow(props: &FieldRowProps) -> Html {
    let dispatch = use_dispatch();
    let open = use_state(|| false);
    let near = use_state(|| false);
    let (model, source) = (props.model, &props.source);
    let found = source.project.draft.model(model).and_then(|model| model.field(props.field));
    let Some(field) = found else { return Html::default() };
    let id = field.id;
    let few = source.project.data.rows_of(model).len() <= FEW;
    let row = Row { counts: few || *near, model, field, source, dispatch };
    let come = {
        let near = near.setter();
        Callback::from(move |()| near.set(true))
    };
    let (onpointerenter, onfocusin) = (come.reform(|_| ()), come.reform(|_| ()));
    let onpointerleave = {
        let near = near.setter();
        Callback::from(move |_| near.set(false))
    };
    let onkeydown = {
        let dispatch = row.dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(by) = alt_arrow(&event) {
                dispatch.emit(Action::Edit(Edit::Field(model, id, FieldEdit::Move(by))));
            }
        })
    };
    let toggle = {
        let (setter, now) = (open.setter(), *open);
        Callback::from(move |_: MouseEvent| setter.set(!now))
    };
    let name = row.told(FieldPart::Name);
    let hidden_error = has_error(&row.told(FieldPart::Default)) || has_error(&row.told(FieldPart::Column));
    html! {
        <li class="field" data-of={id.to_string()} {onkeydown} {onpointerenter} {onpointerleave} {onfocusin}>
            <div class="field__row">
                { row.name() }
                { row.field_type() }
                { row.asked() }
                <IconButton
                    glyph={Glyph::More}
                    label={format!("More about {}", named(&field.name))}
                    expanded={*open}
                    onclick={toggle}
                />
            </div>
            { told(&format!("{id}-name"), &name) }
            { row.fit() }
            if *open || hidden_error {
                { row.source.behind(&row.dispatch, |behind| (behind.field)(&row)) }
            }
        </li>
    }
}

impl Row<'_> {
    fn told(&self, part: FieldPart) -> Vec<crate::schema::Diagnostic<Place>> {
        told_at(&self.source.compiled.schema_diagnostics, &Place::Field(self.model, self.field.id, part))
    }

    fn edit(&self, edit: FieldEdit) -> Edit {
        Edit::Field(self.model, self.field.id, edit)
    }

    fn on_tick(&self, edit: fn(bool) -> FieldEdit) -> Callback<Event> {
        let (model, field) = (self.model, self.field.id);
        on_ticked(&self.dispatch, move |yes| Edit::Field(model, field, edit(yes)))
    }

    fn name(&self) -> Html {
        let (model, field) = (self.model, self.field.id);
        let input = format!("{field}-name");
        let said = self.told(FieldPart::Name);
        html! {
            <input
                id={input.clone()}
                class="field__name"
                aria-label="Name of the field"
                autocomplete="off"
                spellcheck="false"
                value={self.field.name.clone()}
                aria-invalid={has_error(&said).then_some("true")}
                aria-describedby={described(&input, &said)}
                oninput={on_typed(&self.dispatch, move |name| Edit::Field(model, field, FieldEdit::Name(name)))}
            />
        }
    }

    /// The types; those that do not fit every value say so beforehand.
    fn field_type(&self) -> Html {
        let (model, field) = (self.model, self.field.id);
        let choice = |field_type: FieldType| {
            let misfits = if field_type == self.field.field_type || !self.counts {
                0
            } else {
                self.source.project.misfits_of_type(model, field, field_type)
            };
            let text = match misfits {
                0 => field_type.label().to_owned(),
                1 => format!("{} (1 value is none)", field_type.label()),
                many => format!("{} ({many} values are none)", field_type.label()),
            };
            Choice::new(field_type.label(), text)
        };
        let onchange = on_chosen(&self.dispatch, move |label| {
            let chosen = FieldType::ALL.into_iter().find(|field_type| field_type.label() == label)?;
            Some(Edit::Field(model, field, FieldEdit::Type(chosen)))
        });
        html! {
            <Select
                class="field__type"
                label={format!("Type of {}", named(&self.field.name))}
                value={self.field.field_type.label()}
                choices={FieldType::ALL.map(choice).to_vec()}
                {onchange}
            />
        }
    }

    /// What is asked of the values. A key is always required, and alone always unique.
    fn asked(&self) -> Html {
        if self.field.primary_key {
            return html! { <span class="field__key" title="Primary key: tells the rows apart">{ "key" }</span> };
        }
        let hint = self.fit_hint().map(|_| AttrValue::from(format!("{}-fit", self.field.id)));
        html! {
            <span class="field__asked">
                <label class="tick">
                    <input
                        type="checkbox"
                        checked={self.field.required}
                        aria-describedby={hint.clone()}
                        onchange={self.on_tick(FieldEdit::Required)}
                    />
                    { "required" }
                </label>
                <label class="tick">
                    <input
                        type="checkbox"
                        checked={self.field.unique}
                        aria-describedby={hint}
                        onchange={self.on_tick(FieldEdit::Unique)}
                    />
                    { "unique" }
                </label>
            </span>
        }
    }

    /// What the rows that are there say to being required or unique, and whether they are asked to be.
    fn fit_hint(&self) -> Option<(String, bool)> {
        if !self.counts {
            return None;
        }
        let fit = self.source.project.fit_of_field(self.model, self.field.id);
        let misfits = self.source.project.misfits_of_type(self.model, self.field.id, self.field.field_type);
        let mut parts = Vec::new();
        let required = self.field.required || self.field.primary_key;
        if misfits > 0 {
            let verb = if misfits == 1 { "value is not of this type" } else { "values are not of this type" };
            parts.push((format!("{misfits} {verb}"), true));
        }
        if fit.missing > 0 {
            let verb = if fit.missing == 1 { "has" } else { "have" };
            parts.push((format!("{} {verb} no value", counted(fit.missing, "row")), required));
        }
        if fit.repeated > 0 {
            let verb = if fit.repeated == 1 { "repeats" } else { "repeat" };
            parts.push((format!("{} {verb}", counted(fit.repeated, "value")), self.field.unique));
        }
        let refused = parts.iter().any(|(_, asked)| *asked);
        let shown: Vec<&str> =
            parts.iter().filter(|(_, asked)| *asked || !refused).map(|(text, _)| text.as_str()).collect();
        let end = if refused { ": refused by the database." } else { "." };
        (!shown.is_empty()).then(|| (format!("{}{end}", shown.join(", ")), refused))
    }

    fn fit(&self) -> Html {
        let Some((text, refused)) = self.fit_hint() else { return Html::default() };
        // What would not fit is said when somebody is about to ask for it; what does not fit, always.
        let class = if refused { "field__fit field__fit--refused" } else { "field__fit" };
        html! { <p {class} id={format!("{}-fit", self.field.id)}>{ text }</p> }
    }

    pub(super) fn more(&self) -> Html {
        let (model, field) = (self.model, self.field.id);
        let move_by = |by| {
            let edit = self.edit(FieldEdit::Move(by));
            self.dispatch.reform(move |_: MouseEvent| Action::Edit(edit.clone()))
        };
        html! {
            <div class="more">
                <label class="tick more__first">
                    <input
                        type="checkbox"
                        checked={self.field.primary_key}
                        onchange={self.on_tick(FieldEdit::PrimaryKey)}
                    />
                    { "key: tells the rows apart" }
                </label>
                <div class="more__tools">
                    <IconButton glyph={Glyph::Up} label="Move the field up" onclick={move_by(-1)} />
                    <IconButton glyph={Glyph::Down} label="Move the field down" onclick={move_by(1)} />
                    <DeleteButton
                        project={self.source.project.clone()}
                        target={Target::Field(model, field)}
                    />
                </div>
                { self.index() }
                { self.default_value() }
                { self.column() }
            </div>
        }
    }

    /// Keys and what is unique have an index anyway.
    fn index(&self) -> Html {
        let served = self.field.unique || self.field.primary_key;
        let why = match served {
            true => "its values are unique, so SQLite has one anyway",
            false => "finds rows by it without reading all; each write costs a little more",
        };
        html! {
            <label class="tick more__line">
                <input
                    type="checkbox"
                    checked={self.field.indexed || served}
                    disabled={served}
                    onchange={self.on_tick(FieldEdit::Indexed)}
                />
                <span>{ "index: " }{ why }</span>
            </label>
        }
    }

    /// A default is there or not: an empty text can be one.
    fn default_value(&self) -> Html {
        let (model, field) = (self.model, self.field.id);
        let input = format!("{field}-default");
        let said = self.told(FieldPart::Default);
        let on = on_ticked(&self.dispatch, move |yes| {
            Edit::Field(model, field, FieldEdit::Default(yes.then(String::new)))
        });
        let oninput =
            on_typed(&self.dispatch, move |text| Edit::Field(model, field, FieldEdit::Default(Some(text))));
        html! {
            <>
                <div class="more__line">
                    <label class="tick">
                        <input type="checkbox" checked={self.field.default.is_some()} onchange={on} />
                        { "default" }
                    </label>
                    if let Some(default) = &self.field.default {
                        <input
                            id={input.clone()}
                            aria-label="Default value"
                            autocomplete="off"
                            placeholder={self.default_example()}
                            value={default.clone()}
                            aria-invalid={has_error(&said).then_some("true")}
                            aria-describedby={described(&input, &said)}
                            {oninput}
                        />
                    }
                </div>
                { told(&input, &said) }
            </>
        }
    }

    fn default_example(&self) -> String {
        match self.field.field_type {
            FieldType::Text => "empty text".into(),
            FieldType::Date | FieldType::DateTime => format!("{}, or now", self.field.field_type.example()),
            other => other.example().into(),
        }
    }

    fn column(&self) -> Html {
        let (model, field) = (self.model, self.field.id);
        let input = format!("{field}-column");
        let said = self.told(FieldPart::Column);
        html! {
            <>
                <label class="more__line">
                    <span>{ "column" }</span>
                    <input
                        id={input.clone()}
                        class="mono"
                        autocomplete="off"
                        spellcheck="false"
                        placeholder={self.field.name.trim().to_owned()}
                        value={self.field.column.clone()}
                        aria-invalid={has_error(&said).then_some("true")}
                        aria-describedby={described(&input, &said)}
                        oninput={on_typed(&self.dispatch, move |name| Edit::Field(model, field, FieldEdit::Column(name)))}
                    />
                </label>
                { told(&input, &said) }
            </>
        }
    }
}
