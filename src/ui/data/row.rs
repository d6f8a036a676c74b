//! A row of a grid: its cells, what SQLite says of them, and the way out of it.

use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};
use yew::{
    Callback, Event, Html, InputEvent, KeyboardEvent, MouseEvent, Properties, TargetCast, classes,
    function_component, html,
};

use super::columns::LinkColumn;
use super::grid::ColumnsRef;
use super::links::link_cell;
use crate::project::{CellPlace, Refusal, Row, RowId};
use crate::schema::{FieldDraft, FieldType, ModelId};
use crate::ui::action::{Action, DataEdit, Edit};
use crate::ui::app::{Dispatch, use_dispatch};
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::slice::Slice;

/// What a [`GridRow`] shows.
#[derive(Properties, PartialEq)]
pub(super) struct RowProps {
    /// The row.
    pub row: Slice<Row>,
    /// The columns.
    pub columns: ColumnsRef,
    /// What was refused of it.
    pub refusals: Vec<Refusal>,
    /// The row above it.
    pub above: Option<RowId>,
    /// The row below it.
    pub below: Option<RowId>,
    /// Its position.
    pub at: u32,
}

/// A row of a grid.
#[function_component]
pub(super) fn GridRow(props: &RowProps) -> Html {
    let dispatch = use_dispatch();
    let Some(columns) = props.columns.0.as_ref() else { return Html::default() };
    let (row, model) = (props.row.id, columns.model);
    let remove = dispatch.reform(move |_: MouseEvent| Action::DeleteRows(model, vec![row]));
    let refused = !props.refusals.is_empty();
    let field = |field: &FieldDraft| {
        let told = told(&props.refusals, CellPlace::Field(field.id), &format!("{row}-{}", field.id));
        let automatic = columns.automatic_key && field.primary_key && field.field_type == FieldType::Integer;
        field_cell(props, &dispatch, model, field, automatic, told)
    };
    let link = |link: &LinkColumn| {
        let id = format!("{row}-{}-{:?}", link.end.relationship, link.end.side);
        let told = told(&props.refusals, CellPlace::Link(link.end.relationship), &id);
        link_cell(link, row, &id, told, &dispatch)
    };
    html! {
        <tr class={classes!(refused.then_some("grid__row--refused"))} data-of={row.to_string()}
            aria-rowindex={(props.at + 2).to_string()} onkeydown={delete_key(&dispatch, model, row)}>
            <td class="grid__state">{ state_mark(props) }</td>
            { for columns.fields.iter().map(field) }
            { for columns.links.iter().map(link) }
            <td class="grid__delete">
                <IconButton glyph={Glyph::Bin} label={format!("Delete row {}", props.at + 1)} onclick={remove} />
            </td>
        </tr>
    }
}

/// Whether the row is in the database; what is wrong with it as a whole is said here.
fn state_mark(props: &RowProps) -> Html {
    if props.refusals.is_empty() {
        return html! { <span class="unseen">{ "in the database" }</span> };
    }
    let whole = props.refusals.iter().filter(|refusal| refusal.cell.is_none());
    html! {
        <>
            <span class="grid__refused" title="This row is not in the database">{ "not in the database" }</span>
            { for whole.map(refusal) }
        </>
    }
}

/// What is wrong with a cell, and the `id` under which the cell refers to it.
pub(super) struct Told {
    pub(super) id: Option<String>,
    pub(super) html: Html,
}

fn told(refusals: &[Refusal], cell: CellPlace, of: &str) -> Told {
    let here: Vec<&Refusal> = refusals.iter().filter(|refusal| refusal.cell == Some(cell)).collect();
    if here.is_empty() {
        return Told { id: None, html: Html::default() };
    }
    let id = format!("{of}-told");
    let html = html! { <div id={id.clone()} class="grid__told">{ for here.into_iter().map(refusal) }</div> };
    Told { id: Some(id), html }
}

fn refusal(refusal: &Refusal) -> Html {
    html! {
        <p>
            { &refusal.message }
            if !refusal.sqlite.is_empty() {
                <span class="grid__sqlite mono">{ &refusal.sqlite }</span>
            }
        </p>
    }
}

fn field_cell(
    props: &RowProps,
    dispatch: &Dispatch,
    model: ModelId,
    field: &FieldDraft,
    automatic: bool,
    told: Told,
) -> Html {
    let row = props.row.id;
    let id = format!("{row}-{}", field.id);
    let value = props.row.cells.get(&field.id);
    let label = format!("{}, row {}", field.name, props.at + 1);
    let set = {
        let field = field.id;
        dispatch.reform(move |text: Option<String>| {
            Action::Edit(Edit::Data(DataEdit::Cell(model, row, field, text)))
        })
    };
    let input = if field.field_type == FieldType::Boolean {
        boolean_input(id, label, value.map(String::as_str), &told, set)
    } else {
        let keys = cell_keys(props, dispatch, model, field, set.clone());
        text_input(id, label, field, value, automatic, &told, set, keys)
    };
    html! {
        <td key={field.id.0} class={classes!("grid__cell", told.id.is_some().then_some("grid__cell--refused"))}
            data-of={format!("{} {row}", field.id)}>
            { input }
            { told.html }
        </td>
    }
}

#[allow(clippy::too_many_arguments, reason = "the parts of one input, gathered by its only caller")]
fn text_input(
    id: String,
    label: String,
    field: &FieldDraft,
    value: Option<&String>,
    automatic: bool,
    told: &Told,
    set: Callback<Option<String>>,
    onkeydown: Callback<KeyboardEvent>,
) -> Html {
    let is_text = field.field_type == FieldType::Text;
    let oninput = set.reform(move |event: InputEvent| {
        let text = event.target_unchecked_into::<HtmlInputElement>().value();
        // Only a text can be empty and yet a value.
        (is_text || !text.is_empty()).then_some(text)
    });
    let placeholder = match value {
        Some(_) => "empty text",
        None if automatic => "automatic",
        None if field.default.is_some() => "default",
        None => "NULL",
    };
    let number = matches!(field.field_type, FieldType::Integer | FieldType::Real | FieldType::Decimal);
    html! {
        <input {id} type="text" aria-label={label} {placeholder} {oninput} {onkeydown}
            class={classes!("grid__input", number.then_some("grid__input--number"), value.is_none().then_some("grid__input--null"))}
            value={value.cloned().unwrap_or_default()}
            title={(!is_text).then(|| format!("{}, like {}", field.field_type.label(), field.field_type.example()))}
            aria-invalid={told.id.is_some().then_some("true")}
            aria-describedby={told.id.clone()} autocomplete="off" />
    }
}

fn boolean_input(
    id: String,
    label: String,
    value: Option<&str>,
    told: &Told,
    set: Callback<Option<String>>,
) -> Html {
    let parsed = value.and_then(|text| FieldType::Boolean.parse(text).ok());
    let shown = parsed.as_ref().and_then(|value| FieldType::Boolean.show(value));
    let onchange = set.reform(|event: Event| {
        let text = event.target_unchecked_into::<HtmlSelectElement>().value();
        (!text.is_empty()).then_some(text)
    });
    let option = |text: &'static str, shown_as: &'static str| {
        let selected = shown.as_deref().unwrap_or_default() == text;
        html! { <option value={text} {selected}>{ shown_as }</option> }
    };
    html! {
        <select {id} aria-label={label} {onchange} class={classes!("grid__input", value.is_none().then_some("grid__input--null"))}
            aria-invalid={told.id.is_some().then_some("true")} aria-describedby={told.id.clone()}>
            { option("", "NULL") }{ option("true", "true") }{ option("false", "false") }
        </select>
    }
}

/// Enter goes down a column and makes a new row at its end, Shift+Enter goes up; Delete in an empty cell takes the
/// value away.
fn cell_keys(
    props: &RowProps,
    dispatch: &Dispatch,
    model: ModelId,
    field: &FieldDraft,
    set: Callback<Option<String>>,
) -> Callback<KeyboardEvent> {
    let (above, below, field, dispatch) = (props.above, props.below, field.id, dispatch.clone());
    Callback::from(move |event: KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key() || event.alt_key();
        let go = |row: Option<RowId>| row.is_some_and(|row| focus(&format!("{row}-{field}")));
        let done = match (event.key().as_str(), event.shift_key()) {
            _ if command => false,
            ("Enter", true) | ("ArrowUp", false) => go(above),
            ("ArrowDown", false) => go(below),
            ("Enter", false) => {
                if !go(below) {
                    dispatch.emit(Action::Edit(Edit::Data(DataEdit::AddRow(model))));
                }
                true
            }
            ("Delete", false) if event.target_unchecked_into::<HtmlInputElement>().value().is_empty() => {
                set.emit(None);
                true
            }
            _ => false,
        };
        if done {
            event.prevent_default();
        }
    })
}

/// Puts the focus on an element and says whether it is there.
fn focus(id: &str) -> bool {
    let element = gloo::utils::document().get_element_by_id(id);
    let focused = element.and_then(|element| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(element).ok());
    focused.is_some_and(|element| element.focus().is_ok())
}

/// Ctrl+Delete anywhere in a row deletes it.
fn delete_key(dispatch: &Dispatch, model: ModelId, row: RowId) -> Callback<KeyboardEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        if (event.ctrl_key() || event.meta_key()) && event.key() == "Delete" {
            event.prevent_default();
            dispatch.emit(Action::DeleteRows(model, vec![row]));
        }
    })
}
