//! The rows that a script has changed, table by table.

use yew::{Html, classes, html};

use crate::ui::legend::Legend;
use crate::ui::script_changes::{ChangedRow, ChangedTable, changes};
use crate::ui::scripting::Scripted;
use crate::ui::sql_view::literal;
use crate::value::Value;

/// The tables with the rows that came, changed and went.
pub(super) fn tables(ran: &Scripted, legend: &Legend) -> Html {
    let tables = changes(&ran.outcome, &ran.good.relational);
    html! {
        <div class="changes">
            <p class="changes__note">{ "In the copy that the script ran on. The data of the project are as they were." }</p>
            if tables.is_empty() {
                <p class="results__none">{ "All rows are as they were before the script." }</p>
            }
            { for tables.iter().map(|table| show(table, legend)) }
        </div>
    }
}

fn show(table: &ChangedTable, legend: &Legend) -> Html {
    let class = table.model.map_or("changes__table--join", |model| legend.class(model));
    html! {
        <div class="changes__scroll" role="region" aria-label={format!("Changed rows of {}", table.name)} tabindex="0">
        <table class={classes!("changes__table", class)}>
            <caption class="changes__name" data-of={table.model.map(|id| id.to_string())}>{ &table.name }</caption>
            <thead>
                <tr>
                    <th scope="col"><span class="unseen">{ "What became of the row" }</span></th>
                    { for table.columns.iter().map(|name| html! { <th scope="col">{ name }</th> }) }
                </tr>
            </thead>
            <tbody>{ for table.rows.iter().map(row) }</tbody>
        </table>
        </div>
    }
}

fn row(row: &ChangedRow) -> Html {
    let (class, word, cells) = match row {
        ChangedRow::Added(values) => ("changes__row--added", "+ added", plain(values)),
        ChangedRow::Removed(values) => ("changes__row--removed", "− removed", plain(values)),
        ChangedRow::Changed(before, after) => ("changes__row--changed", "~ changed", both(before, after)),
    };
    html! { <tr {class}><th scope="row">{ word }</th>{ for cells }</tr> }
}

fn plain(values: &[Value]) -> Vec<Html> {
    values.iter().map(|value| html! { <td>{ literal(value) }</td> }).collect()
}

fn both(before: &[Value], after: &[Value]) -> Vec<Html> {
    let cell = |(before, after): (&Value, &Value)| {
        if before == after {
            return html! { <td>{ literal(after) }</td> };
        }
        html! {
            <td class="changes__cell">
                <del>{ literal(before) }</del>{ " → " }<ins>{ literal(after) }</ins>
            </td>
        }
    };
    before.iter().zip(after).map(cell).collect()
}
