//! A cell in which links are chosen: one of the rows that exist, or several.

use web_sys::HtmlSelectElement;
use yew::{Callback, Event, Html, MouseEvent, TargetCast, classes, html};

use super::columns::LinkColumn;
use super::row::Told;
use crate::project::RowId;
use crate::schema::EndId;
use crate::ui::action::{Action, DataEdit, Edit};
use crate::ui::app::Dispatch;

/// The cell of a relationship property.
pub(super) fn link_cell(link: &LinkColumn, row: RowId, id: &str, told: Told, dispatch: &Dispatch) -> Html {
    let inner = if link.many {
        html! { <>{ chips(link, row, dispatch) }{ adder(link, row, id, dispatch) }</> }
    } else {
        chooser(link, row, id, &told, dispatch)
    };
    html! {
        <td key={id.to_owned()} class={classes!("grid__cell", "grid__cell--link", link.tone, told.id.is_some().then_some("grid__cell--refused"))}
            data-of={format!("{} {row}", link.end.relationship)}>
            <div class="grid__links">{ inner }</div>
            { told.html }
        </td>
    }
}

/// The row chosen in a `<select>`, whose options carry the rows' numbers.
fn chosen(event: &Event) -> Option<RowId> {
    event.target_unchecked_into::<HtmlSelectElement>().value().parse().ok().map(RowId)
}

fn option(row: RowId, name: &str, selected: bool) -> Html {
    html! { <option value={row.0.to_string()} {selected}>{ name.to_owned() }</option> }
}

fn chooser(link: &LinkColumn, row: RowId, id: &str, told: &Told, dispatch: &Dispatch) -> Html {
    let target = link.targets(row).first().copied();
    let end = link.end;
    let onchange = dispatch
        .reform(move |event: Event| Action::Edit(Edit::Data(DataEdit::Link(end, row, chosen(&event)))));
    html! {
        <select id={id.to_owned()} aria-label={link.name.clone()} {onchange}
            class={classes!("grid__input", target.is_none().then_some("grid__input--null"))}
            aria-invalid={told.id.is_some().then_some("true")} aria-describedby={told.id.clone()}>
            <option value="" selected={target.is_none()}>{ "none" }</option>
            { for link.options.iter().map(|(id, name)| option(*id, name, target == Some(*id))) }
        </select>
    }
}

fn chips(link: &LinkColumn, row: RowId, dispatch: &Dispatch) -> Html {
    let chip = |target: &RowId| {
        let name = link.option(*target).to_owned();
        let label = format!("Unlink {name}");
        html! {
            <span class="chip" key={target.0} data-of={target.to_string()}>
                { name }
                <button type="button" class="chip__away" aria-label={label.clone()} title={label}
                    onclick={toggle(link.end, row, *target, dispatch)}>{ "×" }</button>
            </span>
        }
    };
    link.targets(row).iter().map(chip).collect()
}

fn toggle(end: EndId, row: RowId, target: RowId, dispatch: &Dispatch) -> Callback<MouseEvent> {
    dispatch.reform(move |_: MouseEvent| Action::Edit(Edit::Data(DataEdit::Toggle(end, row, target))))
}

/// Chooses one more. The list goes back to its first line each time.
fn adder(link: &LinkColumn, row: RowId, id: &str, dispatch: &Dispatch) -> Html {
    let end = link.end;
    let linked = link.targets(row);
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            if let Some(target) = chosen(&event) {
                dispatch.emit(Action::Edit(Edit::Data(DataEdit::Toggle(end, row, target))));
            }
            event.target_unchecked_into::<HtmlSelectElement>().set_selected_index(0);
        })
    };
    let left = link.options.iter().filter(|(id, _)| !linked.contains(id));
    html! {
        <select id={id.to_owned()} class="grid__adder" aria-label={format!("Link another {} as {}", link.target, link.name)} {onchange}>
            <option value="" selected=true>{ "+ link" }</option>
            { for left.map(|(id, name)| option(*id, name, false)) }
        </select>
    }
}
