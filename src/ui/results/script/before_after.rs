//! The tables that a script has changed, before and after it, side by side.

use yew::{Html, classes, html};

use crate::project::RowId;
use crate::ui::legend::Legend;
use crate::ui::script_changes::{ChangedRow, ChangedTable};
use crate::ui::sql_view::literal;
use crate::value::Value;

/// A table: each line is a row, as it was on the left and as it is on the right.
pub(super) fn table(table: &ChangedTable, legend: &Legend) -> Html {
    let class = table.model.map_or("sides--join", |model| legend.class(model));
    let of = table.model.map(|id| id.to_string());
    let width = table.columns.len().to_string();
    let heads = |first: &'static str| {
        table.columns.iter().enumerate().map(move |(at, name)| {
            html! { <th scope="col" class={(at == 0).then_some(first)}>{ name }</th> }
        })
    };
    html! {
        <div class="sides" tabindex="0" role="region" aria-label={format!("{} before and after", table.name)}>
            <table class={classes!("sides__table", class)}>
                <caption class="sides__name" data-of={of}>{ &table.name }</caption>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="colgroup" colspan={width.clone()}>{ "before" }</th>
                        <th scope="colgroup" colspan={width} class="sides__first">{ "after" }</th>
                    </tr>
                    <tr>
                        <th scope="col"><span class="unseen">{ "What became of the row" }</span></th>
                        { for heads("") }{ for heads("sides__first") }
                    </tr>
                </thead>
                <tbody>
                    { for table.rows.iter().map(|(changed, id)| row(changed, *id, table.columns.len())) }
                    if table.more > 0 {
                        <tr class="sides__row--same">
                            <td></td>
                            <td colspan={(2 * table.columns.len()).to_string()}>
                                { format!("and {} more, as before", table.more) }
                            </td>
                        </tr>
                    }
                </tbody>
            </table>
        </div>
    }
}

fn row(row: &ChangedRow, id: Option<RowId>, width: usize) -> Html {
    let (class, word) = match row {
        ChangedRow::Added(_) => ("sides__row--added", "+ comes"),
        ChangedRow::Removed(_) => ("sides__row--removed", "− goes"),
        ChangedRow::Changed(..) => ("sides__row--changed", "~ changes"),
        ChangedRow::Same(_) => ("sides__row--same", ""),
    };
    let cells = match row {
        ChangedRow::Added(values) => {
            html! { <>{ none(width, "", "not there yet") }{ plain(values, true) }</> }
        }
        ChangedRow::Removed(values) => {
            html! { <>{ plain(values, false) }{ none(width, "sides__first", "gone") }</> }
        }
        ChangedRow::Same(values) => html! { <>{ plain(values, false) }{ plain(values, true) }</> },
        ChangedRow::Changed(before, after) => {
            html! { <>{ marked(before, after, false) }{ marked(after, before, true) }</> }
        }
    };
    let head = if word.is_empty() {
        html! { <td></td> }
    } else {
        html! { <th scope="row">{ word }</th> }
    };
    html! { <tr {class} data-of={id.map(|id| id.to_string())}>{ head }{ cells }</tr> }
}

fn none(width: usize, class: &'static str, word: &'static str) -> Html {
    html! { <td class={classes!("sides__none", class)} colspan={width.to_string()}>{ word }</td> }
}

fn plain(values: &[Value], after: bool) -> Html {
    marked(values, values, after)
}

/// The values, those marked that are not as on the other side.
fn marked(values: &[Value], others: &[Value], after: bool) -> Html {
    let cell = |(at, value): (usize, &Value)| {
        let changed = others.get(at) != Some(value);
        let class = classes!((after && at == 0).then_some("sides__first"), changed.then_some("sides__cell"));
        let text = literal(value);
        match (changed, after) {
            (false, _) => html! { <td {class}>{ text }</td> },
            (true, false) => html! { <td {class}><del>{ text }</del></td> },
            (true, true) => html! { <td {class}><ins>{ text }</ins></td> },
        }
    };
    values.iter().enumerate().map(cell).collect()
}
