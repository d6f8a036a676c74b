//! The drawing: boxes in the models' colours, edges with crow's feet.

use yew::{Html, classes, html};

use super::chart::{Edge, EndMark, Line, Node, Row, RowMark};
use super::looks::Thing;
use super::places::{Area, HEAD, ROW, Scene};
use super::route::{Route, routes};
use super::stage::{label_attributes, translate};

/// Everything that is drawn: two groups, the boxes and the edges, each in the order of the chart.
pub(super) fn drawn(scene: &Scene, chosen: Option<Thing>) -> Html {
    let boxes = scene.chart.nodes.iter().zip(&scene.areas).enumerate();
    let edges = scene.chart.edges.iter().zip(routes(scene)).enumerate();
    html! {
        <>
            <g>{ for boxes.map(|(at, (node, area))| node_box(at, node, area, chosen)) }</g>
            <g>{ for edges.map(|(at, (one, route))| edge(at, one, &route, chosen)) }</g>
        </>
    }
}

fn node_box(at: usize, node: &Node, area: &Area, chosen: Option<Thing>) -> Html {
    let (width, height) = (area.size.width, area.size.height);
    let chosen = chosen == Some(node.thing);
    let join = matches!(node.thing, Thing::Relationship(_));
    let class = classes!(
        "diagram__box",
        node.class,
        join.then_some("diagram__box--join"),
        chosen.then_some("diagram__box--chosen")
    );
    let left = if join { 12 } else { 36 };
    html! {
        <g {class} key={format!("box-{}", node.thing)} data-of={node.thing.to_string()} data-node={at.to_string()} tabindex="0"
            role="button" aria-pressed={chosen.to_string()} aria-label={node.spoken.clone()} transform={translate(area.at)}>
            <rect class="diagram__body" width={px(width)} height={px(height)} rx="6" />
            <path class="diagram__head" d={head(width, height)} />
            if !join {
                <rect class="diagram__badge" x="8" y="5" width="20" height="20" rx="4" />
                <text class="diagram__letter" x="18" y="20" text-anchor="middle">{ &node.letter }</text>
            }
            <text class="diagram__title" x={left.to_string()} y="20">{ &node.title }</text>
            { for node.rows.iter().enumerate().map(|(at, one)| row(at, one, width)) }
            <rect class="diagram__rim" width={px(width)} height={px(height)} rx="6" />
            <text class="diagram__far" x={px(width / 2.0)} y={px(height / 2.0)} dy="0.35em" text-anchor="middle"
                font-size={px(far_size(&node.title, width))}>{ &node.title }</text>
        </g>
    }
}

/// As large as the box is wide, for a diagram that is seen from afar.
fn far_size(title: &str, width: f64) -> f64 {
    ((width - 16.0) / (title.chars().count().max(1) as f64 * 0.62)).clamp(10.0, 36.0)
}

fn head(width: f64, height: f64) -> String {
    let below = if height > HEAD {
        format!("V{HEAD} H0 Z")
    } else {
        format!("V{} Q{width} {height} {} {height} H6 Q0 {height} 0 {} Z", height - 6.0, width - 6.0, height - 6.0)
    };
    format!("M0 {HEAD} V6 Q0 0 6 0 H{} Q{width} 0 {width} 6 {below}", width - 6.0)
}

fn row(at: usize, row: &Row, width: f64) -> Html {
    let top = HEAD + 2.0 + at as f64 * ROW;
    let class = match row.mark {
        RowMark::Plain => "diagram__text",
        RowMark::Key => "diagram__text diagram__text--key",
        RowMark::Points => "diagram__text diagram__text--points",
        RowMark::KeyPoints => "diagram__text diagram__text--key diagram__text--points",
    };
    html! {
        <g class="diagram__row" data-of={row.of.clone()}>
            <rect class="diagram__lit" x="1" y={px(top)} width={px(width - 2.0)} height={px(ROW)} />
            { for glyph(row.mark).map(|path| html! { <path class="diagram__glyph" d={path} transform={format!("translate(8 {})", top + 3.0)} /> }) }
            <text {class} x="28" y={px(top + 15.0)}>{ &row.text }</text>
        </g>
    }
}

/// A key; an arrow for what points elsewhere.
fn glyph(mark: RowMark) -> Option<&'static str> {
    match mark {
        RowMark::Plain => None,
        RowMark::Key => Some("M6 4.5a3 3 0 1 0 0 5a3 3 0 0 0 0-5M7.5 7H14M11 7v3M13.5 7v2"),
        RowMark::Points | RowMark::KeyPoints => Some("M2 7H13M9.5 3.5L13 7L9.5 10.5"),
    }
}

fn edge(at: usize, edge: &Edge, route: &Route, chosen: Option<Thing>) -> Html {
    let relationship = matches!(edge.thing, Thing::Relationship(_));
    let chosen = relationship && chosen == Some(edge.thing);
    let class = classes!(
        "diagram__edge",
        match edge.line {
            Line::Solid => None,
            Line::Dashed => Some("diagram__edge--dashed"),
            Line::Dotted => Some("diagram__edge--dotted"),
        },
        edge.ends.contains(&EndMark::Base).then_some("diagram__edge--kind"),
        chosen.then_some("diagram__edge--chosen")
    );
    let name = |end: usize| {
        let (x, y, anchor, visibility) = label_attributes(route.names[end].as_ref());
        html! { <text class="diagram__name" {x} {y} text-anchor={anchor} {visibility}>{ &edge.names[end] }</text> }
    };
    html! {
        <g {class} key={format!("edge-{}-{}", edge.thing, edge.nodes[0])} data-of={edge.of.clone()} data-edge={at.to_string()}
            tabindex={relationship.then_some("0")} role={if relationship { "button" } else { "img" }}
            aria-pressed={relationship.then(|| chosen.to_string())} aria-label={edge.spoken.clone()}>
            <title>{ &edge.spoken }</title>
            <path class="diagram__hit" d={route.line.clone()} />
            <path class="diagram__line" d={route.line.clone()} />
            <path class="diagram__marks" d={route.marks.clone()} />
            { name(0) }
            { name(1) }
        </g>
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}
