//! The rows of a step as a table of which only the part on screen is drawn.

use std::collections::BTreeMap;
use std::ops::Range;

use gloo::events::EventListener;
use web_sys::{Element, Event, KeyboardEvent};
use yew::{
    Callback, Html, NodeRef, Properties, UseStateHandle, classes, function_component, html, use_effect_with,
    use_memo, use_mut_ref, use_node_ref, use_state_eq,
};

use super::columns::{Group, Repeat, groups, keys_and_values, repeats, widths};
use super::json::{self, is_json};
use super::walk::by_id;
use super::words::grouped;
use super::{badge, token};
use crate::protocol::{ObjectView, ResultShape, RowShown, RowsShown};
use crate::schema::{EndKind, ModelId};
use crate::trace::ObjectId;
use crate::ui::action::Action;
use crate::ui::app::use_dispatch;
use crate::ui::arrows;
use crate::ui::legend::Legend;
use crate::ui::slice::Slice;
use crate::ui::sql_view::tokens;
use crate::ui::state::{Planned, Ran};
use crate::ui::window::visible_range;
use crate::value::Value;

/// The height of a row in pixels, as in the style sheet.
const ROW: f64 = 28.0;
/// How many rows are drawn beyond those on screen.
const AROUND: u32 = 12;
/// No screen is higher than this: a frame that grows with what is in it must not draw everything.
const HIGHEST: f64 = 4_000.0;
/// Scrolling is told in steps of so many rows: the rows at hand reach much further.
const TOLD: u32 = 40;
/// The width in pixels of a number of a statement or a row.
const NUMBER_WIDTH: u32 = 52;

/// What a [`RowsTable`] shows.
#[derive(Properties, PartialEq)]
pub(super) struct RowsTableProps {
    /// The run.
    pub ran: Slice<Ran>,
    /// Which of its results.
    pub at: usize,
    /// The rows at hand.
    pub shown: Option<Slice<RowsShown>>,
    /// The models' colours.
    pub legend: Legend,
}

/// The rows of a step.
#[function_component]
pub(super) fn RowsTable(props: &RowsTableProps) -> Html {
    let frame = use_node_ref();
    let result = props.ran.outcome.results.get(props.at);
    let (total, step) = (result.map_or(0, |shape| shape.rows), result.map(|shape| shape.step));
    let dispatch = use_dispatch();
    let tell = Callback::from(move |first| {
        if let Some(step) = step {
            dispatch.emit(Action::Scrolled(step, first));
        }
    });
    let range = use_scrolling(&frame, total, tell);
    let layout = use_memo((props.ran.clone(), props.at), |(ran, at)| {
        let Some(shape) = ran.outcome.results.get(*at) else { return Vec::new() };
        match &*ran.planned {
            Planned::Objects { .. } => groups(shape, &ran.good.schema),
            Planned::Groups(grouping) => keys_and_values(grouping.keys.len(), shape.columns.len()),
        }
    });
    let unfolded = use_state_eq(|| None);
    let marks = use_memo(props.shown.clone(), |shown| {
        let nodes = props.ran.outcome.results.get(props.at).map_or(0, |shape| shape.nodes.len());
        shown.as_ref().map(|shown| repeats(&shown.rows, nodes)).unwrap_or_default()
    });
    // Columns grow with what is scrolled into view but never shrink: the table does not jump.
    let widest = use_mut_ref(Vec::<u32>::new);
    let Some(shape) = props.ran.outcome.results.get(props.at) else { return Html::default() };
    let rows = props.shown.as_ref().map_or(&[][..], |shown| shown.rows.as_slice());
    let mut widest = widest.borrow_mut();
    let wanted = widths(shape, &layout, rows);
    widest.resize(wanted.len(), 0);
    widest.iter_mut().zip(wanted).for_each(|(widest, wanted)| *widest = wanted.max(*widest));

    let table = Table {
        shape,
        groups: &layout,
        marks: &marks,
        numbered: is_numbered(props, shape),
        props,
        unfolded: &unfolded,
        known: by_id(&props.ran.outcome.graph),
    };
    html! {
        <>
        <div class="rows__frame" ref={frame.clone()} tabindex="0" role="region" aria-label="Rows"
            onkeydown={|event: KeyboardEvent| arrows::go(&event, ".rows__frame", "td[data-of]")}>
            <table class="rows__table" width={(widest.iter().sum::<u32>() + table.number_width()).to_string()}
                aria-rowcount={(shape.rows + 2).to_string()}>
                <colgroup>
                    <col width={table.number_width().to_string()} />
                    { for widest.iter().map(|width| html! { <col width={width.to_string()} /> }) }
                </colgroup>
                { table.head() }
                <tbody>
                    { spacer(range.start, table.columns()) }
                    { for range.clone().map(|row| table.row(row)) }
                    { spacer(shape.rows - range.end, table.columns()) }
                </tbody>
            </table>
        </div>
        { table.unfolded_cell() }
        </>
    }
}

/// Follows the scrolling: gives the rows to draw, and tells when others come into view.
#[yew::hook]
pub(super) fn use_scrolling(frame: &NodeRef, total: u32, tell: Callback<u32>) -> Range<u32> {
    let seen = use_state_eq(|| (0_u32, 24_u32));
    {
        let (frame, seen) = (frame.clone(), seen.clone());
        use_effect_with(total, move |_| {
            let listener = frame.cast::<Element>().map(|element| {
                let look = {
                    let element = element.clone();
                    move || {
                        let top = f64::from(element.scroll_top());
                        let range = visible_range(
                            top,
                            f64::from(element.client_height()).min(HIGHEST),
                            ROW,
                            total,
                            0,
                        );
                        seen.set((range.start, range.end));
                        tell.emit(range.start / TOLD * TOLD);
                    }
                };
                look();
                let resized = look.clone();
                [
                    EventListener::new(&element, "scroll", move |_: &Event| look()),
                    EventListener::new(&gloo::utils::window(), "resize", move |_: &Event| resized()),
                ]
            });
            move || drop(listener)
        });
    }
    let (first, last) = *seen;
    first.saturating_sub(AROUND).min(total)..last.saturating_add(AROUND).min(total)
}

/// Whether the rows come from several statements, so that each row says from which.
fn is_numbered(props: &RowsTableProps, shape: &ResultShape) -> bool {
    let sent = props
        .ran
        .outcome
        .statements
        .iter()
        .filter(|group| group.step == shape.step && group.spared.is_none());
    sent.map(|group| group.count).sum::<u32>() > 1
}

/// Room for rows that are not drawn.
pub(super) fn spacer(rows: u32, columns: usize) -> Html {
    let height = (f64::from(rows) * ROW).to_string();
    html! {
        if rows > 0 {
            <tr class="rows__spacer" aria-hidden="true"><td colspan={columns.to_string()} {height}></td></tr>
        }
    }
}

struct Table<'a> {
    shape: &'a ResultShape,
    groups: &'a [Group],
    marks: &'a [Vec<Repeat>],
    numbered: bool,
    props: &'a RowsTableProps,
    unfolded: &'a UseStateHandle<Option<Folded>>,
    known: BTreeMap<ObjectId, &'a ObjectView>,
}

/// A cell with JSON in it: its row and its column.
type Folded = (u32, usize);

impl Table<'_> {
    /// The model that columns belong to.
    fn model(&self, group: &Group) -> Option<ModelId> {
        match &*self.props.ran.planned {
            Planned::Groups(grouping) => Some(grouping.root),
            Planned::Objects { .. } => group.node.map(|node| self.shape.nodes[node].model),
        }
    }

    fn columns(&self) -> usize {
        self.shape.columns.len() + 1
    }

    fn number_width(&self) -> u32 {
        if self.numbered { 2 * NUMBER_WIDTH } else { NUMBER_WIDTH }
    }

    fn head(&self) -> Html {
        html! {
            <thead class="rows__head">
                <tr aria-rowindex="1">
                    <th class="rows__number-head" rowspan="2" scope="col"
                        title={if self.numbered { "Statement and row" } else { "Row" }}>{ "row" }</th>
                    { for self.groups.iter().map(|group| self.group_head(group)) }
                </tr>
                <tr aria-rowindex="2">{ for self.groups.iter().flat_map(|group| self.labels(group)) }</tr>
            </thead>
        }
    }

    fn group_head(&self, group: &Group) -> Html {
        let colspan = group.width.to_string();
        let legend = &self.props.legend;
        if let Planned::Groups(grouping) = &*self.props.ran.planned {
            let what = if group.first < grouping.keys.len() { "grouped by" } else { "computed" };
            let class = classes!("rows__group", legend.class(grouping.root));
            return html! { <th {class} {colspan} scope="colgroup" data-of={grouping.root.to_string()}>{ what }</th> };
        }
        let Some(node) = group.node.map(|at| &self.shape.nodes[at]) else {
            return html! {
                <th class="rows__group rows__group--key" {colspan} scope="colgroup" title="Says to whom the row belongs">
                    { "key" }
                </th>
            };
        };
        let end = node.end.and_then(|end| self.props.ran.good.schema.end(end));
        let (of, property) = match end {
            Some(end) => {
                let one = matches!(end.kind, EndKind::BelongsTo | EndKind::HasOne);
                let of = format!("{} {}", end.id.relationship, node.model);
                (of, format!("{}.{}{}", end.model.name, end.name, if one { "" } else { "[]" }))
            }
            None => (node.model.to_string(), "root".to_owned()),
        };
        html! {
            <th class={classes!("rows__group", legend.class(node.model))} {colspan} scope="colgroup" data-of={of}>
                <span class="rows__model">{ legend.name(node.model) }</span>
                <span class="rows__property">{ property }</span>
            </th>
        }
    }

    fn labels(&self, group: &Group) -> Vec<Html> {
        let model = self.model(group);
        let class = model.map_or("tone-none", |model| self.props.legend.class(model));
        let columns = self.shape.columns[group.first..group.first + group.width].iter().enumerate();
        let labels = columns.map(|(at, column)| {
            let class = classes!("rows__label", class, (at == 0).then_some("rows__label--first"));
            html! {
                <th {class} key={group.first + at} scope="col" data-of={tokens(&[column.origin])}>{ &column.label }</th>
            }
        });
        labels.collect()
    }

    fn row(&self, number: u32) -> Html {
        let at_hand = self.props.shown.as_ref().and_then(|shown| {
            let at = number.checked_sub(shown.wanted.start)? as usize;
            Some((at, shown.rows.get(at)?))
        });
        let index = (number + 3).to_string();
        let Some((at, row)) = at_hand else {
            return html! {
                <tr key={number} class="rows__row rows__row--waiting" aria-rowindex={index}>
                    <td colspan={self.columns().to_string()}>{ format!("row {} …", grouped(number + 1)) }</td>
                </tr>
            };
        };
        let above = at.checked_sub(1).and_then(|above| self.props.shown.as_ref()?.rows.get(above));
        let starts = self.numbered && above.is_none_or(|above| above.statement != row.statement);
        html! {
            <tr key={number} class={classes!("rows__row", starts.then_some("rows__row--starts"))} aria-rowindex={index}>
                <td class="rows__number" title={format!("Row {} of statement {}", row.row, row.statement)}>
                    if starts { <b>{ row.statement }{ " · " }</b> }
                    { grouped(row.row) }
                </td>
                { for self.groups.iter().flat_map(|group| self.cells(group, row, (number, at))) }
            </tr>
        }
    }

    /// The cells of a row, by its number and its place among those at hand.
    fn cells(&self, group: &Group, row: &RowShown, (number, at): (u32, usize)) -> Vec<Html> {
        let object = group.node.and_then(|node| row.objects.get(node).copied().flatten());
        let model = self.model(group);
        let repeat = group.node.and_then(|node| self.marks.get(at)?.get(node).copied()).unwrap_or_default();
        let tone = model.map_or("tone-none", |model| self.props.legend.class(model));
        let again = (repeat != Repeat::First).then_some("rows__cell--again");
        let columns = group.first..group.first + group.width;
        let cells = columns.map(|column| {
            let mut of = tokens(&[self.shape.columns[column].origin]);
            if let Some(model) =
                model.map(|model| model.to_string()).filter(|model| !of.split(' ').any(|own| own == model))
            {
                of = format!("{of} {model}");
            }
            if let Some(object) = object {
                let known = self.known.get(&object).and_then(|object| object.row);
                of = format!("{}{} {of}", token(object), known.map_or(String::new(), |row| format!(" {row}")));
            }
            let first = column == group.first;
            let class = classes!("rows__cell", tone, again, first.then_some("rows__cell--first"));
            let json = is_json(&self.props.ran, self.shape, column);
            let badge = (first && group.leads && !json).then(|| self.badge(group, row, repeat));
            let fold = json.then(|| self.fold(group, row, (number, column)));
            html! {
                <td {class} key={column} data-of={of} tabindex="-1">{ badge }{ fold }{ row.cells.get(column).map(value) }</td>
            }
        });
        cells.collect()
    }

    /// How many objects there are in a cell, and the way to see them.
    fn fold(&self, group: &Group, row: &RowShown, cell: Folded) -> Html {
        let Some(Value::Text(text)) = row.cells.get(cell.1) else { return Html::default() };
        let open = **self.unfolded == Some(cell);
        let unfolded = (*self.unfolded).clone();
        let onclick = Callback::from(move |_| unfolded.set((!open).then_some(cell)));
        let model = group.node.map(|node| self.shape.nodes[node].model);
        let name = model.map_or("", |model| self.props.legend.name(model));
        let what = format!("{} {name}", grouped(json::count(text)));
        let class = classes!("object-badge", "rows__fold", model.map(|model| self.props.legend.class(model)));
        html! {
            <button type="button" {class} {onclick} aria-expanded={open.to_string()}
                title={if open { "Fold it again" } else { "Show all that is in the cell" }}>
                { if open { "▾ " } else { "▸ " } }{ what }
            </button>
        }
    }

    /// The cell that is unfolded, as a whole.
    fn unfolded_cell(&self) -> Html {
        let Some((number, column)) = **self.unfolded else { return Html::default() };
        let row = self
            .props
            .shown
            .as_ref()
            .and_then(|shown| shown.rows.get(number.checked_sub(shown.wanted.start)? as usize));
        let (Some(Value::Text(text)), Some(shape)) =
            (row.and_then(|row| row.cells.get(column)), self.shape.columns.get(column))
        else {
            return Html::default();
        };
        let what = format!("{} of row {}", shape.label, grouped(number + 1));
        html! {
            <section class="rows__json" aria-label={what.clone()}>
                <p class="rows__json-head"><strong>{ what }</strong>{ ", one cell" }</p>
                <pre class="rows__json-text" tabindex="0"><code>{ for json::by_line(text).split_inclusive('\n').map(|line| html! { <span class="rows__json-line">{ line.to_owned() }</span> }) }</code></pre>
            </section>
        }
    }

    /// The object's badge, and on its first row how often it was seen.
    fn badge(&self, group: &Group, row: &RowShown, repeat: Repeat) -> Html {
        let Some(node) = group.node else { return Html::default() };
        let (Some(Some(object)), model) = (row.objects.get(node), self.shape.nodes[node].model) else {
            return html! { <span class="rows__nobody" title="The outer join found none">{ "∅" }</span> };
        };
        let key: Vec<Value> = group.key.iter().filter_map(|&at| row.cells.get(at).cloned()).collect();
        let seen = self.known.get(object).map_or(1, |object| object.seen);
        let (mark, title) = match repeat {
            Repeat::First => ("", format!("Seen in {seen} rows")),
            Repeat::Ditto => ("object-badge--again", "The same object as in the row above".to_owned()),
            Repeat::Again => ("object-badge--again", "The same object as further up".to_owned()),
        };
        html! {
            <span class="rows__badge" {title}>
                { badge(&self.props.legend, model, &key, mark) }
                if repeat == Repeat::First && seen > 1 {
                    <span class="rows__times">{ format!("×{seen}") }</span>
                }
                if repeat != Repeat::First {
                    <span class="rows__ditto" aria-label="again">{ if repeat == Repeat::Ditto { "″" } else { "↑" } }</span>
                }
            </span>
        }
    }
}

pub(super) fn value(value: &Value) -> Html {
    match value {
        Value::Null => html! { <span class="rows__null">{ "NULL" }</span> },
        Value::Integer(_) | Value::Real(_) => {
            html! { <span class="rows__numeric">{ value.to_string() }</span> }
        }
        other => html! { { other.to_string() } },
    }
}
