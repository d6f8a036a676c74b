//! One row of a grid.

use web_sys::Element;
use yew::{
    Html, MouseEvent, NodeRef, Properties, classes, function_component, hook, html, use_effect_with,
    use_node_ref,
};

use super::cell::FieldCell;
use super::links::{Latest, LinkCell};
use super::view::{Columns, RowView};
use crate::project::{CellPlace, Refusal, RowId, RowSource};
use crate::ui::action::{Action, Subject};
use crate::ui::app::use_dispatch;
use crate::ui::form::bring_into_sight;
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::slice::Slice;

/// Properties of [`GridRow`].
#[derive(Properties, PartialEq)]
pub(super) struct GridRowProps {
    pub columns: Slice<Columns>,
    pub view: RowView,
    /// Whether all rows have to have the same height.
    pub long: bool,
    pub latest: Latest,
}

/// A row, and below it why it is not in the database.
#[function_component]
pub(super) fn GridRow(props: &GridRowProps) -> Html {
    let dispatch = use_dispatch();
    let (columns, view) = (&props.columns, &props.view);
    let (id, model) = (view.row.id, columns.model);
    let why = (!view.refusals.is_empty()).then(|| format!("{id}-why"));
    let below = use_why_in_view(id, why.is_some());
    let delete = dispatch.reform(move |_: MouseEvent| Action::DeleteRows(model, vec![id]));
    let ask = dispatch.reform(move |_: MouseEvent| Action::WhatIf(Subject::Row(model, id)));
    let cell = |at: usize| format!("{}:{at}", view.at);
    let fields = columns.fields.iter().enumerate().map(|(at, column)| {
        let refused = view.at_cell(CellPlace::Field(column.id));
        html! {
            <td
                key={column.id.to_string()}
                data-cell={cell(at)}
                data-of={format!("{id} {}", column.id)}
                class={classes!("grid__cell", (!refused.is_empty()).then_some("grid__cell--refused"))}
                title={title(&refused)}
            >
                <FieldCell
                    {model}
                    row={id}
                    column={column.clone()}
                    number={view.at + 1}
                    text={view.row.cells.get(&column.id).cloned()}
                    refused={!refused.is_empty()}
                    described={why.clone()}
                />
            </td>
        }
    });
    let links = columns.links.iter().zip(&view.links).enumerate().map(|(at, (column, linked))| {
        let relationship = column.link.end.relationship;
        let refused = view.at_cell(CellPlace::Link(relationship));
        html! {
            <td
                key={format!("{relationship}-{:?}", column.link.end.side)}
                data-cell={cell(columns.fields.len() + at)}
                data-of={format!("{id} {relationship}")}
                class={classes!("grid__cell", (!refused.is_empty()).then_some("grid__cell--refused"))}
                title={title(&refused)}
            >
                <LinkCell
                    row={id}
                    column={column.clone()}
                    linked={linked.clone()}
                    latest={props.latest.clone()}
                    refused={!refused.is_empty()}
                    described={why.clone()}
                />
            </td>
        }
    });
    html! {
        <>
            <tr
                class={classes!("grid__row", view.is_refused().then_some("grid__row--refused"))}
                data-row={id.0.to_string()}
                data-of={id.to_string()}
                aria-rowindex={(view.at + 2).to_string()}
            >
                { for fields }
                { for links }
                <td class="grid__cell grid__cell--tool">
                    <IconButton glyph={Glyph::Fork} label={format!("What if row {} were deleted through the ORM …", view.at + 1)} onclick={ask} />
                    <IconButton glyph={Glyph::Bin} label={format!("Delete row {}: DELETE in SQL", view.at + 1)} onclick={delete} />
                    if view.is_refused() {
                        <span class="grid__mark">{ "not in the database" }</span>
                    }
                </td>
            </tr>
            if let Some(why) = why {
                if props.long {
                    // Each row of a long grid is as high as the others: the reason is told when pointed at.
                    <tr class="unseen" id={why}><td>{ told(view) }</td></tr>
                } else {
                    <tr ref={below} class="grid__why" id={why}><td colspan={columns.width().to_string()}>{ told(view) }</td></tr>
                }
            }
        </>
    }
}

/// Somebody who is typing in a row sees at once why it is refused, even in the last row on screen.
#[hook]
fn use_why_in_view(row: RowId, told: bool) -> NodeRef {
    let below = use_node_ref();
    let node = below.clone();
    use_effect_with(told, move |_| {
        let focused = gloo::utils::document().active_element();
        let here =
            focused.and_then(|element| element.closest(&format!("[data-row='{}']", row.0)).ok().flatten());
        if let (Some(_), Some(why)) = (here, node.cast::<Element>()) {
            bring_into_sight(&why);
        }
    });
    below
}

fn title(refused: &[&Refusal]) -> Option<String> {
    let texts: Vec<&str> = refused.iter().map(|refusal| refusal.message.as_str()).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

/// Why the row or links of it are not in the database: in plain words, then in SQLite's own. What holds for several
/// links is said once.
fn told(view: &RowView) -> Html {
    let mut told: Vec<(&Refusal, usize)> = Vec::new();
    for refusal in &view.refusals {
        let same = |(other, _): &&mut (&Refusal, usize)| {
            is_link(other)
                && is_link(refusal)
                && other.message == refusal.message
                && other.cell == refusal.cell
        };
        match told.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => told.push((refusal, 1)),
        }
    }
    let one = |(refusal, count): (&Refusal, usize)| {
        let links = match (is_link(refusal), count) {
            (false, _) => String::new(),
            (true, 1) => "A link is not in the database: ".into(),
            (true, many) => format!("{many} links are not in the database: "),
        };
        html! {
            <p>
                { links }{ &refusal.message }
                if !refusal.sqlite.is_empty() {
                    <>{ " SQLite: " }<span class="mono">{ &refusal.sqlite }</span></>
                }
            </p>
        }
    };
    html! { <>{ for told.into_iter().map(one) }</> }
}

fn is_link(refusal: &Refusal) -> bool {
    matches!(refusal.source, RowSource::Link(..))
}
