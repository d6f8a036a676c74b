//! The cell of a field: typed in place, with no value shown as what it is.

use yew::{
    Callback, Html, InputEvent, KeyboardEvent, MouseEvent, Properties, classes, function_component, html,
};

use super::view::FieldColumn;
use crate::project::RowId;
use crate::schema::{FieldType, ModelId};
use crate::ui::action::{Action, DataEdit, Edit};
use crate::ui::app::{Dispatch, use_dispatch};
use crate::ui::form::{Choice, Select, typed};
use crate::ui::glyph::{Glyph, IconButton};

/// Properties of [`FieldCell`].
#[derive(Properties, PartialEq)]
pub(super) struct FieldCellProps {
    pub model: ModelId,
    pub row: RowId,
    pub column: FieldColumn,
    /// The row's place in the grid, from 1.
    pub number: usize,
    /// What was typed; `None` for no value.
    pub text: Option<String>,
    pub refused: bool,
    /// The `id` of what is told about the row.
    pub described: Option<String>,
}

/// The cell.
#[function_component]
pub(super) fn FieldCell(props: &FieldCellProps) -> Html {
    let dispatch = use_dispatch();
    let set = setter(props, &dispatch);
    if props.column.field_type == FieldType::Boolean {
        return boolean(props, &set);
    }
    let (field_type, text) = (props.column.field_type, props.text.clone());
    let oninput = set.reform(move |event: InputEvent| {
        let text = typed(&event);
        // Only a text can be empty and still be a value.
        (!text.is_empty() || field_type == FieldType::Text).then_some(text)
    });
    let onkeydown = {
        let (set, empty) = (set.clone(), text.as_deref() == Some(""));
        Callback::from(move |event: KeyboardEvent| {
            let plain = !(event.ctrl_key() || event.meta_key());
            if empty && plain && matches!(event.key().as_str(), "Delete" | "Backspace") {
                event.prevent_default();
                set.emit(None);
            }
        })
    };
    let clear = set.reform(|_: MouseEvent| None);
    let numeric = matches!(field_type, FieldType::Integer | FieldType::Real | FieldType::Decimal);
    let placeholder = if text.is_some() { "empty text".to_owned() } else { props.column.empty.clone() };
    html! {
        <div class="cell">
            <input
                id={format!("{}-{}", props.row, props.column.id)}
                class={classes!(
                    "cell__input",
                    numeric.then_some("cell__input--number"),
                    text.is_none().then_some("cell__input--null"),
                )}
                aria-label={label(props)}
                aria-invalid={props.refused.then_some("true")}
                aria-describedby={props.described.clone()}
                autocomplete="off"
                spellcheck="false"
                {placeholder}
                title={format!("{}, like {}", field_type.label(), field_type.example())}
                value={text.clone().unwrap_or_default()}
                {oninput}
                {onkeydown}
            />
            if text.is_some() {
                <IconButton
                    class="cell__clear"
                    passed_by=true
                    glyph={Glyph::Null}
                    label={format!("No value ({}) for {}", props.column.empty, props.column.name)}
                    onclick={clear}
                />
            }
        </div>
    }
}

/// Names the cell for whoever does not see the headings.
fn label(props: &FieldCellProps) -> String {
    format!("{}, row {}", props.column.name, props.number)
}

fn setter(props: &FieldCellProps, dispatch: &Dispatch) -> Callback<Option<String>> {
    let (model, row, field) = (props.model, props.row, props.column.id);
    dispatch.reform(move |text| Action::Edit(Edit::Data(DataEdit::Cell(model, row, field, text))))
}

/// True, false or no value; and whatever was typed before the field became a boolean.
fn boolean(props: &FieldCellProps, set: &Callback<Option<String>>) -> Html {
    let value = match props.text.as_deref().map(|text| FieldType::Boolean.parse(text)) {
        None => String::new(),
        Some(Ok(value)) => FieldType::Boolean.show(&value).unwrap_or_default(),
        Some(Err(_)) => props.text.clone().unwrap_or_default(),
    };
    let mut choices = vec![
        Choice::new("", props.column.empty.clone()),
        Choice::new("true", "true"),
        Choice::new("false", "false"),
    ];
    if !choices.iter().any(|choice| choice.value == value.as_str()) {
        choices.push(Choice::new(value.clone(), value.clone()));
    }
    html! {
        <Select
            id={Some(yew::AttrValue::from(format!("{}-{}", props.row, props.column.id)))}
            class={classes!("cell__select", value.is_empty().then_some("cell__input--null"))}
            label={label(props)}
            {value}
            {choices}
            onchange={set.reform(|chosen: String| (!chosen.is_empty()).then_some(chosen))}
            invalid={props.refused}
            described={props.described.clone()}
        />
    }
}
