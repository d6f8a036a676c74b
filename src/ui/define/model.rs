//! One model in the form.

use yew::{
    AttrValue, Callback, Html, KeyboardEvent, MouseEvent, Properties, classes, function_component, html,
    use_state,
};

use super::Source;
use super::delete::{DeleteButton, Target};
use super::field::FieldRow;
use super::words::named;
use crate::mapping::explain_kinds;
use crate::naming::snake;
use crate::schema::{Draft, KIND_COLUMN, KindTables, ModelDraft, ModelId, ModelPart, Place};
use crate::ui::action::{Action, Edit, ModelEdit};
use crate::ui::app::{Dispatch, use_dispatch};
use crate::ui::form::{Choice, Select, described, has_error, on_chosen, on_typed, told, told_at};
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::schema::diagram::{Thing, card_id, on_card_focus};
use crate::ui::tone::{Badge, letter, tone};

/// Properties of [`ModelCard`].
#[derive(Properties)]
pub(super) struct ModelCardProps {
    /// The model.
    pub model: ModelId,
    /// What it is drawn from.
    pub source: Source,
    /// Whether it is chosen, here or in the diagram.
    pub chosen: bool,
}

impl PartialEq for ModelCardProps {
    fn eq(&self, before: &Self) -> bool {
        let concerns = |place: &Place| match *place {
            Place::Model(model, _) | Place::Field(model, ..) => model == self.model,
            Place::Relationship(..) => false,
        };
        (self.model, self.chosen) == (before.model, before.chosen)
            && self.source.looks_like(&before.source, [Some(self.model)], concerns)
    }
}

/// Alt with an arrow key: one place up or down.
pub(super) fn alt_arrow(event: &KeyboardEvent) -> Option<i32> {
    let by = match event.key().as_str() {
        "ArrowUp" => -1,
        "ArrowDown" => 1,
        _ => return None,
    };
    event.alt_key().then(|| {
        event.prevent_default();
        // What moves is the innermost thing that can.
        event.stop_propagation();
        by
    })
}

/// A model with its fields.
#[function_component]
pub(super) fn ModelCard(props: &ModelCardProps) -> Html {
    let dispatch = use_dispatch();
    let open = use_state(|| false);
    let (id, source) = (props.model, &props.source);
    let draft = &source.project.draft;
    let Some(model) = draft.model(id) else { return Html::default() };
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(by) = alt_arrow(&event) {
                dispatch.emit(Action::Edit(Edit::Model(id, ModelEdit::Move(by))));
            }
        })
    };
    let toggle = {
        let (setter, now) = (open.setter(), *open);
        Callback::from(move |_: MouseEvent| setter.set(!now))
    };
    let add_field = dispatch.reform(move |_: MouseEvent| Action::Edit(Edit::Model(id, ModelEdit::AddField)));
    let fields_told = told_at(&source.compiled.schema_diagnostics, &Place::Model(id, ModelPart::Fields));
    html! {
        <section
            id={card_id(Thing::Model(id))}
            class={classes!("model-card", tone(draft, id), props.chosen.then_some("card--chosen"))}
            aria-current={props.chosen.then_some("true")}
            onfocusin={on_card_focus(&dispatch, Thing::Model(id), props.chosen)}
            data-of={id.to_string()}
            aria-label={card_label(draft, model)}
            {onkeydown}
        >
            <div class="model-card__head">
                <Badge tone={tone(draft, id)} letter={letter(draft, id)} />
                { name_input(source, model, &dispatch) }
                <IconButton
                    glyph={Glyph::More}
                    label={format!("More about {}", named(&model.name))}
                    expanded={*open}
                    onclick={toggle}
                />
                <DeleteButton project={source.project.clone()} target={Target::Model(id)} />
            </div>
            { name_told(source, id) }
            if *open || has_hidden_error(source, id) {
                { source.behind(&dispatch, |behind| (behind.model)(source, model, &dispatch)) }
            }
            <ul class="model-card__fields">
                { for model.fields.iter().map(|field| html! {
                    <FieldRow key={field.id.to_string()} model={id} field={field.id} source={source.clone()} />
                }) }
            </ul>
            { told(&format!("{id}-fields"), &fields_told) }
            <button
                type="button"
                id={format!("{id}-add-field")}
                class="button button--add model-card__add"
                aria-label={format!("Add a field to {}", named(&model.name))}
                onclick={add_field}
            >
                { "+ field" }
            </button>
        </section>
    }
}

/// What the card is called: two models of one name, which is an error, are still two cards.
fn card_label(draft: &Draft, model: &ModelDraft) -> String {
    let before = draft.models.iter().take_while(|other| other.id != model.id);
    match before.filter(|other| other.name == model.name).count() {
        0 => format!("Model {}", named(&model.name)),
        twins => format!("Model {} ({})", named(&model.name), twins + 1),
    }
}

fn name_input(source: &Source, model: &ModelDraft, dispatch: &Dispatch) -> Html {
    let id = model.id;
    let input = format!("{id}-name");
    let said = told_at(&source.compiled.schema_diagnostics, &Place::Model(id, ModelPart::Name));
    html! {
        <input
            id={input.clone()}
            class="model-card__name"
            aria-label="Name of the model"
            autocomplete="off"
            spellcheck="false"
            value={model.name.clone()}
            aria-invalid={has_error(&said).then_some("true")}
            aria-describedby={described(&input, &said)}
            oninput={on_typed(dispatch, move |name| Edit::Model(id, ModelEdit::Name(name)))}
        />
    }
}

fn name_told(source: &Source, id: ModelId) -> Html {
    let said = told_at(&source.compiled.schema_diagnostics, &Place::Model(id, ModelPart::Name));
    told(&format!("{id}-name"), &said)
}

fn has_hidden_error(source: &Source, id: ModelId) -> bool {
    let parts = [ModelPart::Table, ModelPart::Parent, ModelPart::Kind, ModelPart::KindColumn];
    let said = |part| told_at(&source.compiled.schema_diagnostics, &Place::Model(id, part));
    parts.into_iter().any(|part| has_error(&said(part)))
}

/// What it is a kind of, and how its rows are told from those of other kinds.
fn kind(source: &Source, model: &ModelDraft, dispatch: &Dispatch) -> Html {
    let (id, project) = (model.id, &source.project);
    let said = |part| told_at(&source.compiled.schema_diagnostics, &Place::Model(id, part));
    let parent = model.kind.parent.filter(|parent| project.draft.model(*parent).is_some());
    let mut choices = vec![Choice::new("", "no other")];
    let parents = project.possible_parents(id);
    choices
        .extend(parents.map(|parent| Choice::new(parent.id.0.to_string(), named(&parent.name).to_owned())));
    let onchange = on_chosen(dispatch, move |value| {
        Some(Edit::Model(id, ModelEdit::Parent(value.parse().ok().map(ModelId))))
    });
    let (element, parent_said) = (format!("{id}-parent"), said(ModelPart::Parent));
    let good = source.good.as_ref();
    let explained = good.and_then(|good| explain_kinds(&good.schema, &good.relational, id));
    let is_root = project.draft.root_of(id) == id;
    let has_kinds = project.draft.kinds_of(id).nth(1).is_some();
    let line = |part, label: &str, value: &str, derived: String, edit: fn(String) -> ModelEdit| {
        let (input, said) = (format!("{id}-{part:?}").to_lowercase(), said(part));
        html! {
            <>
                <label class="more__line">
                    <span>{ label.to_owned() }</span>
                    <input
                        id={input.clone()}
                        class="mono"
                        autocomplete="off"
                        spellcheck="false"
                        placeholder={derived}
                        value={value.to_owned()}
                        aria-invalid={has_error(&said).then_some("true")}
                        aria-describedby={described(&input, &said)}
                        oninput={on_typed(dispatch, move |text| Edit::Model(id, edit(text)))}
                    />
                </label>
                { told(&input, &said) }
            </>
        }
    };
    html! {
        <>
            <label class="more__line">
                <span>{ "a kind of" }</span>
                <Select
                    id={Some(AttrValue::from(element.clone()))}
                    value={parent.map_or(String::new(), |parent| parent.0.to_string())}
                    {choices}
                    {onchange}
                    invalid={has_error(&parent_said)}
                    described={described(&element, &parent_said)}
                />
            </label>
            { told(&element, &parent_said) }
            if is_root && (has_kinds || model.kind.tables != KindTables::default()) {
                { kind_tables(model, dispatch) }
            }
            { for explained.map(|words| html! { <p class="more__first">{ words }</p> }) }
            if has_kinds || !is_root {
                { line(ModelPart::Kind, "rows marked", &model.kind.name, snake(model.name.trim()), ModelEdit::Kind) }
            }
            if is_root && (has_kinds || !model.kind.column.is_empty()) {
                { line(ModelPart::KindColumn, "in column", &model.kind.column, KIND_COLUMN.into(), ModelEdit::KindColumn) }
            }
        </>
    }
}

/// Which tables the rows of its kinds stand in.
fn kind_tables(model: &ModelDraft, dispatch: &Dispatch) -> Html {
    let id = model.id;
    let choices = vec![Choice::new("one", "all in one table"), Choice::new("each", "a table for each kind")];
    let value = match model.kind.tables {
        KindTables::One => "one",
        KindTables::Each => "each",
    };
    let onchange = on_chosen(dispatch, move |value| {
        let tables = if value == "each" { KindTables::Each } else { KindTables::One };
        Some(Edit::Model(id, ModelEdit::KindTables(tables)))
    });
    html! {
        <label class="more__line">
            <span>{ "rows stand" }</span>
            <Select
                id={Some(AttrValue::from(format!("{id}-tables")))}
                value={value.to_owned()}
                {choices}
                {onchange}
            />
        </label>
    }
}

/// The table's name, and the model's place.
pub(super) fn more(source: &Source, model: &ModelDraft, dispatch: &Dispatch) -> Html {
    let id = model.id;
    let input = format!("{id}-table");
    let said = told_at(&source.compiled.schema_diagnostics, &Place::Model(id, ModelPart::Table));
    let derived = source.good.as_ref().and_then(|good| {
        let table = good.relational.own_table_of(id)?;
        Some(good.relational.table(table).name.clone())
    });
    let move_by =
        |by| dispatch.reform(move |_: MouseEvent| Action::Edit(Edit::Model(id, ModelEdit::Move(by))));
    html! {
        <div class="more">
            <label class="more__line more__first">
                <span>{ "table" }</span>
                <input
                    id={input.clone()}
                    class="mono"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder={derived}
                    value={model.table.clone()}
                    aria-invalid={has_error(&said).then_some("true")}
                    aria-describedby={described(&input, &said)}
                    oninput={on_typed(dispatch, move |name| Edit::Model(id, ModelEdit::Table(name)))}
                />
            </label>
            <div class="more__tools">
                <IconButton glyph={Glyph::Up} label="Move the model up" onclick={move_by(-1)} />
                <IconButton glyph={Glyph::Down} label="Move the model down" onclick={move_by(1)} />
            </div>
            { told(&input, &said) }
            { kind(source, model, dispatch) }
        </div>
    }
}
