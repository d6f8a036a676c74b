//! The tables in short: their columns, and which of them are keys.

use yew::{Html, Properties, function_component, html};

use crate::mapping::{Relational, Table, TableOrigin};
use crate::ui::legend::Legend;
use crate::ui::slice::Slice;
use crate::ui::sql_view::tokens;
use crate::ui::state::Good;

/// What [`Tables`] lists.
#[derive(Properties, PartialEq)]
pub(super) struct TablesProps {
    /// The schema and its tables.
    pub good: Slice<Good>,
    /// The models' colours.
    pub legend: Legend,
}

/// The tables in short.
#[function_component]
pub(super) fn Tables(props: &TablesProps) -> Html {
    let relational = &props.good.relational;
    let tables = relational.tables.iter().map(|table| show(table, relational, &props.legend));
    html! {
        <section class="schema__part">
            <h3 class="schema__title">{ "Tables" }</h3>
            <ul class="tables">{ for tables }</ul>
        </section>
    }
}

fn show(table: &Table, relational: &Relational, legend: &Legend) -> Html {
    let class = match table.origin {
        TableOrigin::Model(model) => legend.class(model),
        TableOrigin::Join(_) => "tables__item--join",
    };
    let columns = (0..table.columns.len()).map(|at| column(table, at, relational));
    html! {
        <li class={yew::classes!("tables__item", class)} key={table.name.clone()}>
            <span class="tables__name" data-of={tokens(&[table.origin()])}>{ &table.name }</span>
            <ul class="tables__columns">{ for columns }</ul>
        </li>
    }
}

fn column(table: &Table, at: usize, relational: &Relational) -> Html {
    let column = &table.columns[at];
    let points = table.foreign_keys.iter().find(|key| key.columns.contains(&at));
    let goes_on = table.extends.filter(|_| table.is_inherited_key(at));
    let target = points.map(|key| key.target).or(goes_on);
    html! {
        <li class="tables__column" key={at} data-of={tokens(&[column.origin(), table.origin()])}>
            <span class="tables__label">{ &column.name }</span>
            if table.primary_key.contains(&at) {
                <abbr class="tables__mark" title="primary key">{ "PK" }</abbr>
            }
            if let Some(target) = target {
                <abbr class="tables__mark" title="foreign key">{ "FK" }</abbr>
                <span class="tables__target">{ "→ " }{ &relational.table(target).name }</span>
            }
            if column.unique || points.is_some_and(|key| key.unique) {
                <abbr class="tables__mark" title="unique">{ "UQ" }</abbr>
            }
        </li>
    }
}
