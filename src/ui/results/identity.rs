//! The identity map: each object once, the rows that named it, and the loads that it saved.

use yew::{Html, KeyboardEvent, function_component, html};

use super::words::{count, grouped, spared};
use super::{TabProps, badge, object_tokens};
use crate::protocol::{GraphView, ObjectView, StatementGroup};
use crate::trace::{ObjectId, Spared};
use crate::ui::arrows;
use crate::ui::provenance::{called, rows};

/// The identity map.
#[function_component]
pub(super) fn IdentityTab(props: &TabProps) -> Html {
    let graph = &props.ran.outcome.graph;
    if graph.objects.is_empty() {
        return html! { <p class="results__none">{ "The identity map is empty: no row came back, so no object was made." }</p> };
    }
    let onkeydown = |event: KeyboardEvent| arrows::go(&event, ".identity", ".identity__line");
    let shown = graph.objects.len() as u32;
    let silent: Vec<&StatementGroup> =
        props.ran.outcome.statements.iter().filter(|group| group.spared.is_some()).collect();
    html! {
        <div class="identity">
            <p class="identity__total">{ total(graph, props.ran.outcome.rows()) }</p>
            <table class="identity__table" {onkeydown}>
                <caption class="unseen">{ "Each object once" }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ "Object" }</th><th scope="col">{ "Its row came" }</th>
                        <th scope="col">{ "Loads it saved" }</th>
                    </tr>
                </thead>
                <tbody>{ for graph.objects.iter().enumerate().map(|(at, object)| line(props, object, at)) }</tbody>
            </table>
            if shown < graph.total {
                <p class="identity__more">{ format!("The first {} of {} objects.", grouped(shown), grouped(graph.total)) }</p>
            }
            if !silent.is_empty() {
                <h3 class="identity__head">{ "Loads that sent nothing" }</h3>
                <ul class="identity__silent">{ for silent.into_iter().map(|group| silent_load(props, group)) }</ul>
            }
        </div>
    }
}

/// `8 rows name 12 objects, in 15 places: 3 of those name an object that was there already. One load sent nothing …`
fn total(graph: &GraphView, rows: u32) -> String {
    let found = graph.named.saturating_sub(graph.total);
    let name = if rows == 1 { "names" } else { "name" };
    let mut text = format!("{} {name} {}", count(rows, "row"), count(graph.total, "object"));
    text.push_str(&match found {
        0 => ", each once.".to_owned(),
        1 => format!(
            ", in {}: one of those names an object that was there already.",
            count(graph.named, "place")
        ),
        many => format!(
            ", in {}: {} of those name an object that was there already.",
            count(graph.named, "place"),
            grouped(many)
        ),
    });
    match graph.saved {
        0 => {}
        1 => text.push_str(" One load sent nothing: the map had the object."),
        many => text.push_str(&format!(" {} loads sent nothing: the map had the object.", grouped(many))),
    }
    text
}

fn line(props: &TabProps, object: &ObjectView, at: usize) -> Html {
    let times = if object.seen == 1 { "once".to_owned() } else { format!("× {}", grouped(object.seen)) };
    let tabindex = if at == 0 { "0" } else { "-1" };
    html! {
        <tr key={object.id.0} data-of={object_tokens(object)} class="identity__line" {tabindex}>
            <th scope="row" class="identity__object">
                { badge(&props.legend, object.model, &object.key, "") }{ " " }
                <span class="identity__name">{ called(&props.ran, object) }</span>
            </th>
            <td><span class="identity__times">{ times }</span>{ " · " }<span class="identity__rows">{ rows(object) }</span></td>
            <td>{ saves(props, object) }</td>
        </tr>
    }
}

/// Whose property it was that needed no statement.
fn saves(props: &TabProps, object: &ObjectView) -> Html {
    if object.saved == 0 {
        return html! { <span class="identity__rows">{ "none" }</span> };
    }
    const NAMED: usize = 4;
    let objects = &props.ran.outcome.graph.objects;
    let name = |id: ObjectId| objects.iter().find(|known| known.id == id);
    let saved = object.saves.iter().take(NAMED).map(|(parent, end)| {
        let parent = name(*parent).map(|parent| badge(&props.legend, parent.model, &parent.key, ""));
        let property = props.ran.good.schema.end(*end).map_or("", |end| end.name);
        html! {
            <span class="identity__save" data-of={end.relationship.to_string()}>{ for parent }{ "." }{ property }</span>
        }
    });
    let more = object.saved as usize - object.saves.len().min(NAMED);
    html! {
        <>
            <span class="identity__times">{ grouped(object.saved) }</span>{ " " }
            { for saved }
            if more > 0 { <span class="identity__rows">{ format!("and {more} more") }</span> }
        </>
    }
}

/// `Book.author × 3: no statement: the identity map has it`.
fn silent_load(props: &TabProps, group: &StatementGroup) -> Html {
    let plan = props.ran.planned.plan();
    let end = plan.and_then(|plan| plan.node(plan.step(group.step).node).parent).map(|(_, end)| end);
    let end = end.and_then(|end| props.ran.good.schema.end(end));
    let of = end.as_ref().map(|end| end.id.relationship.to_string());
    let name = end.map_or(String::new(), |end| format!("{}.{}", end.model.name, end.name));
    html! {
        <li data-of={of}>
            <b class="mono">{ name }</b>
            if group.count > 1 { { format!(" × {}", grouped(group.count)) } }
            { ": " }{ spared(group.spared.unwrap_or(Spared::AlreadyLoaded)) }
        </li>
    }
}
