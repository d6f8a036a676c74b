//! The table that says what the diagram shows.

use yew::{Html, classes, html};

use super::chart::{Chart, Edge, Node};
use super::looks::Thing;

/// Each box with its lines and what edges say of it.
pub(super) fn table(chart: &Chart, chosen: Option<Thing>) -> Html {
    let caption = format!("{} boxes, {} edges", chart.nodes.len(), chart.edges.len());
    html! {
        <div class="diagram__tabled" role="region" aria-label="The diagram as a table" tabindex="0">
            <table class="diagram__table">
                <caption class="unseen">{ caption }</caption>
                <thead>
                    <tr><th scope="col">{ "Model" }</th><th scope="col">{ "Fields" }</th><th scope="col">{ "Relationships" }</th></tr>
                </thead>
                <tbody>{ for chart.nodes.iter().enumerate().map(|(at, node)| line(chart, at, node, chosen)) }</tbody>
            </table>
        </div>
    }
}

fn line(chart: &Chart, at: usize, node: &Node, chosen: Option<Thing>) -> Html {
    let rows = node.rows.iter().enumerate().map(|(at, row)| {
        let before = if at > 0 { ", " } else { "" };
        html! { <>{ before }<span data-of={row.of.clone()}>{ &row.text }{ row.mark.words() }</span></> }
    });
    // An edge is told once, where it starts.
    let edges = chart.edges.iter().filter(|edge| edge.nodes[0] == at);
    let told = |edge: &Edge| html! { <p data-of={edge.of.clone()}>{ &edge.spoken }</p> };
    html! {
        <tr key={node.thing.to_string()} data-of={node.thing.to_string()}
            class={classes!(node.class, (chosen == Some(node.thing)).then_some("diagram__line--chosen"))}>
            <th scope="row" class="diagram__named">{ &node.title }</th>
            <td>{ for rows }</td>
            <td>{ for edges.map(told) }</td>
        </tr>
    }
}
