//! The objects as they lie in memory: drawn, each once, and as a table that says the same.

use yew::{Html, classes, function_component, html, use_memo, use_state_eq};

use super::drawing::Drawing;
use super::picture::{OBJECTS_DRAWN, Tie, ties};
use super::words::grouped;
use super::{TabProps, badge, object_tokens, token};
use crate::mapping::ColumnOrigin;
use crate::protocol::ObjectView;
use crate::schema::FieldType;
use crate::ui::state::Ran;
use crate::value::Value;

/// The objects drawn, or as a table.
#[function_component]
pub(super) fn GraphTab(props: &TabProps) -> Html {
    let as_table = use_state_eq(|| false);
    let ties = use_memo(props.ran.clone(), |ran| ties(&ran.outcome.graph));
    let graph = &props.ran.outcome.graph;
    if graph.objects.is_empty() {
        return html! { <p class="results__none">{ "No objects: no row came back, so there is nothing to draw." }</p> };
    }
    let choose = |table: bool, label: &'static str| {
        let (chosen, on) = (as_table.clone(), *as_table == table);
        html! {
            <button type="button" class={classes!("choice", on.then_some("choice--on"))} aria-pressed={on.to_string()}
                onclick={move |_| chosen.set(table)}>{ label }</button>
        }
    };
    let drawn = graph.objects.len().min(OBJECTS_DRAWN) as u32;
    html! {
        <div class="graph">
            <div class="graph__bar">
                <span class="choices" role="group" aria-label="Show as">
                    { choose(false, "Drawing") }{ choose(true, "Table") }
                </span>
                if drawn < graph.total {
                    <span class="graph__limit">
                        { format!("The first {} of {} objects", grouped(drawn), grouped(graph.total)) }
                    </span>
                }
            </div>
            if *as_table {
                { table(props, &ties) }
            } else {
                <Drawing ran={props.ran.clone()} legend={props.legend.clone()} />
            }
        </div>
    }
}

/// Every object drawn and where its links lead.
fn table(props: &TabProps, ties: &[Tie]) -> Html {
    let objects = &props.ran.outcome.graph.objects;
    let lines = objects.iter().take(OBJECTS_DRAWN).map(|object| {
        let of = object_tokens(object);
        html! {
            <tr key={object.id.0} data-of={of}>
                <th scope="row">{ badge(&props.legend, object.model, &object.key, "") }</th>
                <td>{ props.legend.name(object.model).to_owned() }</td>
                <td>{ caption(&props.ran, object) }</td>
                <td>{ for object.links.iter().map(|link| links(props, link)) }</td>
            </tr>
        }
    });
    html! {
        <table class="graph__table">
            <caption class="graph__caption">{ format!("{} objects, {} links", objects.len().min(OBJECTS_DRAWN), ties.len()) }</caption>
            <thead>
                <tr>
                    <th scope="col">{ "Object" }</th><th scope="col">{ "Model" }</th>
                    <th scope="col">{ "Is" }</th><th scope="col">{ "Links" }</th>
                </tr>
            </thead>
            <tbody>{ for lines }</tbody>
        </table>
    }
}

fn links(props: &TabProps, link: &crate::protocol::LinkView) -> Html {
    let Some(end) = props.ran.good.schema.end(link.end) else { return Html::default() };
    let objects = &props.ran.outcome.graph.objects;
    let targets = link.targets.iter().filter_map(|id| objects.iter().find(|object| object.id == *id));
    let nothing = if end.kind.is_collection() { "[]" } else { "None" };
    html! {
        <span class="graph__links">
            <span class="graph__property" data-of={link.end.relationship.to_string()}>{ end.name }{ " → " }</span>
            if link.total == 0 { { nothing } }
            { for targets.map(|target| html! { <span data-of={token(target.id)}>{ badge(&props.legend, target.model, &target.key, "") }{ " " }</span> }) }
        </span>
    }
}

/// What an object is called: its first text, if it has one.
pub(super) fn caption(ran: &Ran, object: &ObjectView) -> String {
    const LETTERS: usize = 24;
    let (Some(model), Some(table)) =
        (ran.good.schema.model(object.model), ran.good.relational.table_of(object.model))
    else {
        return String::new();
    };
    let columns = ran.good.relational.table(table).columns.iter().zip(&object.values);
    let mut texts = columns.filter_map(|(column, value)| {
        let ColumnOrigin::Field(_, id) = column.origin else { return None };
        let field = model
            .fields
            .get(&id)
            .filter(|field| field.field_type == FieldType::Text && !field.primary_key)?;
        match value {
            Value::Text(text) if !text.is_empty() && !field.name.is_empty() => Some(text.clone()),
            _ => None,
        }
    });
    let text = texts.next().unwrap_or_default();
    match text.char_indices().nth(LETTERS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
