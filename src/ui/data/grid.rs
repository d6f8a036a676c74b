//! The grid of a model. Of many rows only those on screen are drawn.

use std::rc::Rc;

use yew::{Html, Properties, function_component, html, use_memo, use_node_ref};

use super::columns::{Columns, LinkColumn, columns, refusals_by_row};
use super::row::GridRow;
use crate::schema::{FieldDraft, ModelId};
use crate::ui::slice::Slice;
use crate::ui::state::State;
use crate::ui::tone::Badge;
use crate::ui::window::use_window;

/// The height in pixels that a row has as a rule. One with many links is higher.
const ROW: f64 = 35.0;
/// Up to so many rows, all are drawn: rows of different height then cannot make the scrolling jump.
const ALL_DRAWN: u32 = 100;

/// What a [`Grid`] shows.
#[derive(Properties, PartialEq)]
pub(super) struct GridProps {
    /// The state as it is.
    pub state: Slice<State>,
    /// The model.
    pub model: ModelId,
}

/// The rows of a model.
#[function_component]
pub(super) fn Grid(props: &GridProps) -> Html {
    let frame = use_node_ref();
    let project = &props.state.project;
    let rows = project.data.rows_of(props.model);
    let total = rows.len() as u32;
    let range = use_window(&frame, total, ROW);
    let range = if total <= ALL_DRAWN { 0..total } else { range };
    let good = props.state.good.as_ref().map(Slice::from);
    let columns =
        use_memo((Slice::from(project), good, props.model), |(.., model)| columns(&props.state, *model));
    let refusals = use_memo(Slice::from(&props.state.refusals), |refusals| refusals_by_row(refusals));
    let Some(shared) = columns.as_ref() else { return Html::default() };
    let row_at = |at: u32| rows.get(at as usize).map(|row| row.id);
    let draw = |at: u32| {
        let row = &rows[at as usize];
        html! {
            <GridRow key={row.id.0} row={Slice::from(row)} columns={ColumnsRef(Rc::clone(&columns))}
                refusals={refusals.get(&row.id).cloned().unwrap_or_default()}
                above={at.checked_sub(1).and_then(row_at)} below={row_at(at + 1)} at={at} />
        }
    };
    let width = shared.fields.len() + shared.links.len() + 2;
    html! {
        <div class="grid" ref={frame}>
            <table class="grid__table" aria-rowcount={(total + 1).to_string()}>
                { head(shared) }
                <tbody>
                    { spacer(range.start, width) }
                    { for range.clone().map(draw) }
                    { spacer(total - range.end, width) }
                </tbody>
            </table>
            if total == 0 {
                <p class="data__empty">{ "No rows yet. Add one with the button above; it goes into the database as soon as SQLite takes it." }</p>
            }
        </div>
    }
}

/// The columns, shared by all rows and compared by pointer.
#[derive(Clone)]
pub(super) struct ColumnsRef(pub(super) Rc<Option<Columns>>);

impl PartialEq for ColumnsRef {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn head(columns: &Columns) -> Html {
    html! {
        <thead>
            <tr>
                <th scope="col" class="grid__corner"><span class="unseen">{ "In the database" }</span></th>
                { for columns.fields.iter().map(field_head) }
                { for columns.links.iter().map(link_head) }
                <th scope="col"><span class="unseen">{ "Delete" }</span></th>
            </tr>
        </thead>
    }
}

fn field_head(field: &FieldDraft) -> Html {
    let more = match (field.primary_key, field.required) {
        (true, _) => "key",
        (false, true) => "required",
        _ => "",
    };
    html! {
        <th scope="col" key={field.id.0} data-of={field.id.to_string()}>
            { &field.name }<span class="grid__type">{ format!(" {} {more}", field.field_type.label()) }</span>
        </th>
    }
}

fn link_head(link: &LinkColumn) -> Html {
    html! {
        <th scope="col" data-of={link.end.relationship.to_string()} class={link.tone}>
            { &link.name }<span class="grid__type">{ " → " }</span>
            <Badge tone={link.tone} letter={link.letter.clone()} />
            <span class="grid__type">{ if link.required { " required" } else { "" } }</span>
        </th>
    }
}

/// Room for rows that are not drawn.
fn spacer(rows: u32, columns: usize) -> Html {
    html! {
        if rows > 0 {
            <tr aria-hidden="true"><td colspan={columns.to_string()} height={(f64::from(rows) * ROW).to_string()}></td></tr>
        }
    }
}
