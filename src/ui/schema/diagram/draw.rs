//! The drawing: boxes in the models' colours, edges with crow's feet.

use std::rc::Rc;

use yew::{Html, Properties, classes, function_component, html};

use super::chart::{EndMark, Line, Node, Row, RowMark};
use super::looks::Thing;
use super::places::{Area, HEAD, ROW, Scene};
use super::route::{Route, routes};
use super::stage::{label_attributes, translate};

/// Everything that is drawn: two groups, the boxes and the edges, each in the order of the chart.
pub(super) fn drawn(scene: &Rc<Scene>, chosen: Option<Thing>) -> Html {
    let routes = Rc::new(routes(scene));
    let part = |which: Which, thing: Thing, key: String| {
        let (scene, routes) = (Rc::clone(scene), Rc::clone(&routes));
        html! { <Part {key} {which} {scene} {routes} chosen={chosen == Some(thing)} /> }
    };
    let chart = &scene.chart;
    let boxes = chart.nodes.iter().enumerate();
    let boxes = boxes.map(|(at, node)| part(Which::Box(at), node.thing, format!("box-{}", node.thing)));
    let edges = chart.edges.iter().enumerate().map(|(at, edge)| {
        // A join table has two.
        let before = chart.edges[..at].iter().filter(|other| other.thing == edge.thing).count();
        part(Which::Edge(at), edge.thing, format!("edge-{}-{before}", edge.thing))
    });
    html! { <><g>{ for boxes }</g><g>{ for edges }</g></> }
}

/// A box or an edge, by position.
#[derive(Clone, Copy, PartialEq)]
enum Which {
    Box(usize),
    Edge(usize),
}

/// A part of the drawing. It is drawn anew only if it itself has changed: of many boxes, typing changes one.
#[derive(Properties)]
struct PartProps {
    which: Which,
    scene: Rc<Scene>,
    routes: Rc<Vec<Route>>,
    chosen: bool,
}

impl PartialEq for PartProps {
    fn eq(&self, other: &PartProps) -> bool {
        let (one, two) = (&self.scene, &other.scene);
        let same = match self.which {
            Which::Box(at) => {
                one.areas.get(at) == two.areas.get(at) && one.chart.nodes.get(at) == two.chart.nodes.get(at)
            }
            Which::Edge(at) => {
                self.routes.get(at) == other.routes.get(at)
                    && one.chart.edges.get(at) == two.chart.edges.get(at)
            }
        };
        same && (self.which, self.chosen) == (other.which, other.chosen)
    }
}

#[function_component]
fn Part(props: &PartProps) -> Html {
    let scene = &props.scene;
    match props.which {
        Which::Box(at) => node_box(at, &scene.chart.nodes[at], &scene.areas[at], props.chosen),
        Which::Edge(at) => edge(scene, at, &props.routes[at], props.chosen),
    }
}

fn node_box(at: usize, node: &Node, area: &Area, chosen: bool) -> Html {
    let (width, height) = (area.size.width, area.size.height);
    let join = matches!(node.thing, Thing::Relationship(_));
    let class = classes!(
        "diagram__box",
        node.class,
        join.then_some("diagram__box--join"),
        chosen.then_some("diagram__box--chosen")
    );
    let left = if join { 12 } else { 36 };
    html! {
        <g {class} data-of={node.thing.to_string()} data-node={at.to_string()} tabindex="0"
            role="img" aria-current={chosen.then_some("true")} aria-label={node.spoken.clone()} transform={translate(area.at)}>
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
    ((width - 16.0) / (title.chars().count().max(1) as f64 * 0.68)).clamp(10.0, 36.0)
}

fn head(width: f64, height: f64) -> String {
    let below = if height > HEAD {
        format!("V{HEAD} H0 Z")
    } else {
        format!(
            "V{} Q{width} {height} {} {height} H6 Q0 {height} 0 {} Z",
            height - 6.0,
            width - 6.0,
            height - 6.0
        )
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

fn edge(scene: &Scene, at: usize, route: &Route, chosen: bool) -> Html {
    let edge = &scene.chart.edges[at];
    let relationship = matches!(edge.thing, Thing::Relationship(_));
    let chosen = relationship && chosen;
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
        <g {class} data-of={edge.of.clone()} data-edge={at.to_string()}
            tabindex={relationship.then_some("0")} role="img" aria-current={chosen.then_some("true")} aria-label={edge.spoken.clone()}>
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
