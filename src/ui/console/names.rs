//! The tables and their columns, to be put into the text with a click.

use yew::{Html, MouseEvent, classes, html};

use super::field::insert;
use crate::mapping::{Table, TableOrigin};
use crate::schema::Draft;
use crate::sql::quote;
use crate::ui::app::Dispatch;
use crate::ui::legend::Legend;
use crate::ui::sql_view::tokens;
use crate::ui::state::Good;
use crate::ui::tone::Badge;

/// As many tables are shown at once; more are folded away.
const SHOWN: usize = 3;

/// The list.
pub(super) fn names(good: &Good, draft: &Draft, send: &Dispatch) -> Html {
    let legend = Legend::new(&good.schema, draft);
    let tables = &good.relational.tables;
    let one = |table: &Table| {
        let badge = match table.origin {
            TableOrigin::Model(model) => {
                html! { <Badge tone={legend.class(model)} letter={legend.letter(model).to_owned()} /> }
            }
            TableOrigin::Join(_) => html! { <span class="console__join" aria-hidden="true">{ "⨝" }</span> },
        };
        let columns = table.columns.iter().map(|column| {
            word(&column.name, "console__name", tokens(&[column.origin(), table.origin()]), send)
        });
        html! {
            <li class="console__table" key={table.name.clone()}>
                { badge }
                { word(&table.name, "console__name console__name--table", tokens(&[table.origin()]), send) }
                { for columns }
            </li>
        }
    };
    html! {
        if !tables.is_empty() {
            <details class="console__names" open={tables.len() <= SHOWN}>
                <summary>{ "Tables and columns" }</summary>
                <ul class="console__tables">{ for tables.iter().map(one) }</ul>
            </details>
        }
    }
}

fn word(name: &str, class: &'static str, of: String, send: &Dispatch) -> Html {
    let (send, quoted) = (send.clone(), quote(name));
    let onclick = yew::Callback::from(move |_: MouseEvent| insert(&quoted, &send));
    html! {
        <button type="button" class={classes!(class)} key={name.to_owned()} data-of={of} title={format!("Put {name} into the text")} {onclick}>
            { name.to_owned() }
        </button>
    }
}
