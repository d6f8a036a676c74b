//! The cell of a property that leads to other rows: one is chosen, many are gathered.

use std::cell::RefCell;
use std::rc::Rc;

use yew::{Callback, Html, MouseEvent, Properties, classes, function_component, html, use_state};

use super::view::{LinkColumn, MOST_OPTIONS, options};
use crate::project::{Project, RowId};
use crate::ui::action::{Action, DataEdit, Edit};
use crate::ui::app::use_dispatch;
use crate::ui::form::{Choice, Select};
use crate::ui::slice::Slice;

/// How many linked rows a cell shows before it says how many more there are.
const MOST_CHIPS: usize = 6;

/// So many rows are offered from the start; more only to whoever comes near.
const FEW: usize = 50;

/// The document as it is now, for what is read only when somebody opens a select: a list of all rows in every cell
/// would make each keystroke slow.
#[derive(Clone)]
pub(super) struct Latest(pub Rc<RefCell<Slice<Project>>>);

impl PartialEq for Latest {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Properties of [`LinkCell`].
#[derive(Properties, PartialEq, Clone)]
pub(super) struct LinkCellProps {
    pub row: RowId,
    pub column: LinkColumn,
    pub linked: Vec<(RowId, String)>,
    pub latest: Latest,
    pub refused: bool,
    pub described: Option<String>,
}

/// The cell.
#[function_component]
pub(super) fn LinkCell(props: &LinkCellProps) -> Html {
    let offered = use_state(|| {
        let project = props.latest.0.borrow();
        let few = project.rows_of_kinds(props.column.link.target).nth(FEW).is_none();
        if few { options(&project, props.column.link, props.row) } else { Vec::new() }
    });
    let load = {
        let (latest, setter, link, row) =
            (props.latest.clone(), offered.setter(), props.column.link, props.row);
        Callback::from(move |()| setter.set(options(&latest.0.borrow(), link, row)))
    };
    // Offered as soon as somebody comes near, by pointer, finger or keyboard.
    let (onpointerenter, onfocusin) = (load.reform(|_| ()), load.reform(|_| ()));
    html! {
        <div class="cell cell--links" {onpointerenter} {onfocusin}>
            if props.column.link.many {
                <Many props={props.clone()} offered={(*offered).clone()} />
            } else {
                <One props={props.clone()} offered={(*offered).clone()} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct InnerProps {
    props: LinkCellProps,
    offered: Vec<(RowId, String)>,
}

fn choice((row, text): &(RowId, String)) -> Choice {
    Choice::new(row.0.to_string(), text.clone())
}

fn more(offered: &[(RowId, String)]) -> Option<Choice> {
    (offered.len() >= MOST_OPTIONS).then(|| Choice::new("more", format!("… the first {MOST_OPTIONS} rows")))
}

/// A property to one: a select.
#[function_component]
fn One(inner: &InnerProps) -> Html {
    let dispatch = use_dispatch();
    let props = &inner.props;
    let (end, row) = (props.column.link.end, props.row);
    let current = props.linked.first();
    let mut choices = vec![Choice::new("", "NULL")];
    choices.extend(current.map(choice));
    choices
        .extend(inner.offered.iter().filter(|(id, _)| Some(*id) != current.map(|(id, _)| *id)).map(choice));
    choices.extend(more(&inner.offered));
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |value: String| {
            let target = value.parse().ok().map(RowId);
            if target.is_some() || value.is_empty() {
                dispatch.emit(Action::Edit(Edit::Data(DataEdit::Link(end, row, target))));
            }
        })
    };
    html! {
        <Select
            class={classes!("cell__select", current.is_none().then_some("cell__input--null"))}
            label={props.column.name.clone()}
            value={current.map_or(String::new(), |(id, _)| id.0.to_string())}
            {choices}
            {onchange}
            invalid={props.refused}
            described={props.described.clone()}
        />
    }
}

/// A property to many: a chip for each, and a select to add one.
#[function_component]
fn Many(inner: &InnerProps) -> Html {
    let dispatch = use_dispatch();
    let all = use_state(|| false);
    let props = &inner.props;
    let (end, row) = (props.column.link.end, props.row);
    let shown = if *all { props.linked.len() } else { MOST_CHIPS };
    let chip = |(target, text): &(RowId, String)| {
        let target = *target;
        let unlink = dispatch
            .reform(move |_: MouseEvent| Action::Edit(Edit::Data(DataEdit::Toggle(end, row, target))));
        html! {
            <span class={classes!("chip", props.column.tone)} key={target.to_string()} data-of={target.to_string()}>
                <span class="chip__text">{ text }</span>
                <button type="button" class="chip__cross" aria-label={format!("Unlink {text}")} title="Unlink" onclick={unlink}>
                    { "×" }
                </button>
            </span>
        }
    };
    let mut choices = vec![Choice::new("", "+")];
    let linked = |id: RowId| props.linked.iter().any(|(linked, _)| *linked == id);
    choices.extend(inner.offered.iter().filter(|(id, _)| !linked(*id)).map(choice));
    choices.extend(more(&inner.offered));
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |value: String| {
            if let Ok(target) = value.parse() {
                dispatch.emit(Action::Edit(Edit::Data(DataEdit::Toggle(end, row, RowId(target)))));
            }
        })
    };
    let show_all = {
        let setter = all.setter();
        Callback::from(move |_: MouseEvent| setter.set(true))
    };
    html! {
        <>
            { for props.linked.iter().take(shown).map(chip) }
            if props.linked.len() > shown {
                <button type="button" class="chip chip--more" onclick={show_all}>
                    { format!("and {} more", props.linked.len() - shown) }
                </button>
            }
            <Select
                class="chip__add"
                label={format!("Add to {}", props.column.name)}
                value=""
                {choices}
                {onchange}
                invalid={props.refused}
                described={props.described.clone()}
            />
        </>
    }
}
