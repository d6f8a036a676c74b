//! The grid of one model: headings, the rows that are on screen, and the keys that go from cell to cell.

use std::ops::Range;

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::{
    Callback, Event, Html, KeyboardEvent, Properties, classes, function_component, hook, html,
    use_effect_with, use_memo, use_mut_ref, use_node_ref, use_state,
};

use super::links::Latest;
use super::made;
use super::row::GridRow;
use super::view::{Columns, LinkColumn, Links, rows};
use crate::project::{Project, Refusal, RowId};
use crate::protocol::MadeShown;
use crate::schema::ModelId;
use crate::ui::action::{Action, DataEdit, Edit};
use crate::ui::app::{Dispatch, use_dispatch};
use crate::ui::generating::Generate;
use crate::ui::slice::Slice;
use crate::ui::state::{Blocked, Good};
use crate::ui::tone::{Badge, letter, tone};
use crate::ui::window::visible_range;

/// From how many rows on only those on screen are drawn.
pub(in crate::ui) const LONG: usize = 200;
/// The height of a row in a long grid, in pixels. The style sheet says the same.
const ROW: f64 = 36.0;
/// No screen is higher than this, in pixels. Without a style sheet a grid would take all its rows to be seen.
const MOST_SEEN: f64 = 3000.0;
/// How many rows more are drawn above and below.
const AROUND: u32 = 12;
/// After how many generated rows it is told again which one is the first on screen.
const TOLD: u32 = 30;

/// Properties of [`Grid`].
#[derive(Properties, PartialEq)]
pub(super) struct GridProps {
    pub model: ModelId,
    pub project: Slice<Project>,
    pub good: Option<Slice<Good>>,
    pub refusals: Slice<Vec<Refusal>>,
    /// How many rows were generated on top of those typed.
    pub made: u32,
    /// Those of them that are at hand.
    pub shown: Option<Slice<MadeShown>>,
    /// The row that was not deleted, and why.
    pub blocked: Option<Slice<Blocked>>,
}

/// The grid.
#[function_component]
pub(super) fn Grid(props: &GridProps) -> Html {
    let dispatch = use_dispatch();
    let frame = use_node_ref();
    let seen = use_state(|| (0.0_f64, 600.0_f64));
    let latest = use_mut_ref(|| props.project.clone());
    *latest.borrow_mut() = props.project.clone();
    let columns = use_mut_ref(|| None::<Slice<Columns>>);
    let links =
        use_memo((props.project.clone(), props.model), |(project, model)| Links::of_model(project, *model));
    let typed = props.project.data.rows_of(props.model).len();
    // The generated rows have a heading of their own.
    let total = typed + if props.made > 0 { 1 + props.made as usize } else { 0 };
    let onscroll = {
        let (frame, seen) = (frame.clone(), seen.setter());
        Callback::from(move |_: Event| {
            if let Some(frame) = frame.cast::<Element>().filter(|_| total > LONG) {
                seen.set((f64::from(frame.scroll_top()), f64::from(frame.client_height()).min(MOST_SEEN)));
            }
        })
    };
    {
        // A long grid has to know how much of it is seen from the start.
        let onscroll = onscroll.clone();
        use_effect_with(total > LONG, move |_| {
            if let Ok(event) = Event::new("scroll") {
                onscroll.emit(event);
            }
        });
    }
    let long = total > LONG;
    let range = if long {
        let range = visible_range(seen.0, seen.1, ROW, total as u32, AROUND);
        range.start as usize..range.end as usize
    } else {
        0..total
    };
    let made = use_made(range.clone(), typed, props.made, &dispatch);
    let Some(model) = props.project.draft.model(props.model) else { return Html::default() };
    let current = Columns::of(&props.project, props.good.as_deref(), model);
    let columns = kept(&mut columns.borrow_mut(), current);
    let spacer = |rows: usize| {
        let height = (rows as f64 * ROW).to_string();
        html! {
            if rows > 0 {
                <tr aria-hidden="true"><td class="grid__spacer" {height} colspan={columns.width().to_string()} /></tr>
            }
        }
    };
    let latest = Latest(latest);
    let row = |view: super::view::RowView| {
        let key = view.row.id.to_string();
        let blocked = props.blocked.clone().filter(|blocked| blocked.row == view.row.id);
        html! {
            <GridRow
                {key}
                columns={columns.clone()}
                {view}
                {long}
                {blocked}
                latest={latest.clone()}
            />
        }
    };
    let drawn =
        rows(&props.project, &columns, &links, &props.refusals, range.start.min(typed)..range.end.min(typed));
    html! {
        <div class="grid panel__body" ref={frame} {onscroll} onkeydown={on_key(props.model, &dispatch)}>
            <table
                class={classes!("grid__table", long.then_some("grid__table--long"))}
                aria-rowcount={(total + 1).to_string()}
                aria-label={format!("Rows of {}", model.name)}
            >
                { head(&props.project, &columns) }
                <tbody>
                    { spacer(range.start) }
                    { for drawn.into_iter().map(row) }
                    if props.made > 0 && range.contains(&typed) { { made::heading(&columns, props.made) } }
                    { made::rows(&columns, props.shown.as_deref(), made) }
                    { spacer(total - range.end) }
                </tbody>
            </table>
            if total == 0 {
                <p class="data__empty">{ "No rows yet. Add one: its key is filled in. Or have many generated." }</p>
            }
        </div>
    }
}

/// Which generated rows are drawn of a range of all rows. Tells when others come on screen.
#[hook]
fn use_made(range: Range<usize>, typed: usize, made: u32, dispatch: &Dispatch) -> Range<u32> {
    let place = |at: usize| (at.saturating_sub(typed + 1) as u32).min(made);
    let range = place(range.start)..place(range.end);
    let dispatch = dispatch.clone();
    use_effect_with((range.start / TOLD, made > 0), move |(first, any)| {
        if *any {
            dispatch.emit(Action::Generate(Generate::Seen(first * TOLD)));
        }
    });
    range
}

/// The columns as before, if they say the same: then no row is drawn anew.
fn kept(before: &mut Option<Slice<Columns>>, now: Columns) -> Slice<Columns> {
    match before {
        Some(columns) if **columns == now => columns.clone(),
        _ => before.insert(Slice::new(now)).clone(),
    }
}

fn head(project: &Project, columns: &Columns) -> Html {
    let model = columns.model;
    let field = |column: &super::view::FieldColumn| {
        html! {
            <th scope="col" data-of={format!("{} {model}", column.id)} class={tone(&project.draft, model)}>
                <span class="grid__name">{ &column.name }</span>
                <span class="grid__type">{ if column.key { "key" } else { column.field_type.label() } }</span>
            </th>
        }
    };
    let link = |column: &LinkColumn| {
        let (end, target) = (column.link.end, column.link.target);
        html! {
            <th
                scope="col"
                data-of={format!("{} {target}", end.relationship)}
                class={classes!("grid__link", tone(&project.draft, target))}
            >
                <Badge tone={tone(&project.draft, target)} letter={letter(&project.draft, target)} />
                <span class="grid__name">{ &column.name }</span>
                <span class="grid__type">{ if column.link.many { "many" } else { "one" } }</span>
            </th>
        }
    };
    html! {
        <thead>
            <tr>
                { for columns.fields.iter().map(field) }
                { for columns.links.iter().map(link) }
                <th scope="col"><span class="unseen">{ "Delete" }</span></th>
            </tr>
        </thead>
    }
}

/// Keys that go from cell to cell. Cells carry `data-cell="row:column"`, rows `data-row`.
fn on_key(model: ModelId, dispatch: &Dispatch) -> Callback<KeyboardEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(target) = target else { return };
        let command = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "Delete" if command => {
                if let Some(row) = row_of(&target) {
                    event.prevent_default();
                    dispatch.emit(Action::DeleteRows(model, vec![row]));
                }
            }
            "Enter" if !command && target.tag_name() != "BUTTON" => {
                event.prevent_default();
                let by = if event.shift_key() { -1 } else { 1 };
                if !step(&target, by) && by == 1 {
                    dispatch.emit(Action::Edit(Edit::Data(DataEdit::AddRow(model))));
                }
            }
            _ => {}
        }
    })
}

fn row_of(target: &Element) -> Option<RowId> {
    let row = target.closest("[data-row]").ok()??.get_attribute("data-row")?;
    row.parse().ok().map(RowId)
}

/// Moves the focus up or down a column. `false` if there is no such row.
fn step(target: &Element, by: i64) -> bool {
    let cell = target.closest("[data-cell]").ok().flatten().and_then(|cell| cell.get_attribute("data-cell"));
    let Some((row, column)) = cell.as_deref().and_then(|cell| cell.split_once(':')) else { return true };
    let Ok(row) = row.parse::<i64>() else { return true };
    let wanted = format!("[data-cell='{}:{column}'] :is(input, select)", row + by);
    let found = document().query_selector(&wanted).ok().flatten();
    if let Some(input) = found.as_ref().and_then(|found| found.dyn_ref::<HtmlInputElement>()) {
        input.select();
    }
    if let Some(element) = found.as_ref().and_then(|found| found.dyn_ref::<HtmlElement>()) {
        let _ = element.focus();
    }
    // Above the first row there is nothing to add.
    found.is_some() || row + by < 0
}
