//! The generated rows of a grid: read only, below those that were typed.

use std::ops::Range;

use yew::{Html, classes, html};

use super::view::{Columns, FieldColumn, LinkColumn};
use crate::protocol::{MadeLinks, MadeRow, MadeShown};
use crate::schema::FieldType;
use crate::ui::results::words::count;

/// The line above the generated rows, and those of a range, counted over all of them; those not at hand are blank.
pub(super) fn rows(columns: &Columns, shown: Option<&MadeShown>, range: Range<u32>) -> Html {
    let shown = shown.filter(|shown| shown.wanted.model == columns.model);
    let at = |number: u32| {
        let shown = shown?;
        shown.rows.get(number.checked_sub(shown.wanted.start)? as usize)
    };
    html! { <>{ for range.map(|number| row(columns, number, at(number))) }</> }
}

/// What the generated rows are, in a row of its own.
pub(super) fn heading(columns: &Columns, total: u32) -> Html {
    html! {
        <tr key="made" class="grid__row grid__row--heading">
            <th scope="rowgroup" colspan={columns.width().to_string()}>
                <span class="grid__about">{ format!("{}, read only: “Generate…” changes them", count(total, "generated row")) }</span>
            </th>
        </tr>
    }
}

fn row(columns: &Columns, number: u32, row: Option<&MadeRow>) -> Html {
    let key = format!("made-{number}");
    let Some(row) = row else {
        return html! {
            <tr {key} class="grid__row grid__row--made" aria-busy="true">
                <td class="grid__cell" colspan={columns.width().to_string()} />
            </tr>
        };
    };
    html! {
        <tr {key} class="grid__row grid__row--made">
            { for columns.fields.iter().zip(&row.cells).map(|(column, text)| cell(column, text.as_deref())) }
            { for columns.links.iter().zip(&row.links).map(|(column, links)| linked(column, links)) }
            <td class="grid__cell grid__cell--tool" />
        </tr>
    }
}

fn cell(column: &FieldColumn, text: Option<&str>) -> Html {
    let numeric = matches!(column.field_type, FieldType::Integer | FieldType::Real | FieldType::Decimal);
    let class = classes!(
        "grid__made",
        numeric.then_some("grid__made--number"),
        text.is_none().then_some("grid__made--null"),
    );
    html! {
        <td class="grid__cell" data-of={column.id.to_string()}>
            <span {class}>{ text.unwrap_or(&column.empty).to_owned() }</span>
        </td>
    }
}

fn linked(column: &LinkColumn, links: &MadeLinks) -> Html {
    let more = links.total as usize - links.labels.len().min(links.total as usize);
    html! {
        <td class="grid__cell">
            <span class="cell cell--links">
                { for links.labels.iter().map(|label| html! {
                    <span class={classes!("chip", column.tone)}><span class="chip__text">{ label }</span></span>
                }) }
                if more > 0 { <span class="chip chip--more">{ format!("and {more} more") }</span> }
                if links.total == 0 && !column.link.many { <span class="grid__made grid__made--null">{ "NULL" }</span> }
            </span>
        </td>
    }
}
