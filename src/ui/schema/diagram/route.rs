//! How the edges run between the boxes, and where their ends and names are. Pure, and quick enough to be done anew
//! while a box is dragged.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::chart::{Edge, EndMark, Line};
use super::places::{Area, Scene, name_width};
use crate::layout::{Point, Size};

/// How far the mark at an end reaches from its box.
pub const REACH: f64 = 18.0;
/// How far a loop reaches out, and how far the next one beyond it.
pub const LOOP: f64 = 22.0;
/// Boxes that are nearer than this are not connected by the sides that face each other.
const NEAR: f64 = 44.0;
/// How far apart edges are at one side of a box.
const APART: f64 = 38.0;
/// Edges that are so far apart have room for two names between them.
const ROOMY: f64 = 34.0;
/// A line that rises by so much is on its way up where its name would be.
const RISES: f64 = 14.0;

/// What is drawn of an edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The line, from mark to mark, as an SVG path.
    pub line: String,
    /// The marks at both ends, as an SVG path.
    pub marks: String,
    /// Where the names at the ends are; none where there is no room.
    pub names: [Option<Label>; 2],
    /// Points that the line lies between.
    hull: Vec<Point>,
}

/// Where a name is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// Its point on the base line.
    pub at: Point,
    /// Which end of it that is, as SVG calls it.
    pub anchor: &'static str,
}

/// A side of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Face {
    Right,
    Left,
    Top,
    Bottom,
}

impl Face {
    /// One step away from the box.
    fn out(self) -> Point {
        match self {
            Face::Right => Point { x: 1.0, y: 0.0 },
            Face::Left => Point { x: -1.0, y: 0.0 },
            Face::Top => Point { x: 0.0, y: -1.0 },
            Face::Bottom => Point { x: 0.0, y: 1.0 },
        }
    }

    fn is_level(self) -> bool {
        matches!(self, Face::Right | Face::Left)
    }
}

/// Where an edge meets a box.
#[derive(Clone, Copy)]
struct Port {
    at: Point,
    face: Face,
    /// How far the next edge at that side is.
    apart: f64,
}

impl Port {
    /// The point so far out, and so far to the side.
    fn off(&self, out: f64, side: f64) -> Point {
        let step = self.face.out();
        Point { x: self.at.x + step.x * out - step.y * side, y: self.at.y + step.y * out + step.x * side }
    }
}

/// The routes of all edges.
pub fn routes(scene: &Scene) -> Vec<Route> {
    let edges = &scene.chart.edges;
    let ports = ports(scene);
    let mut loops: BTreeMap<usize, u32> = BTreeMap::new();
    edges
        .iter()
        .enumerate()
        .map(|(at, edge)| {
            if edge.is_loop() {
                let before = loops.entry(edge.nodes[0]).or_default();
                *before += 1;
                return round(edge, scene.areas[edge.nodes[0]], f64::from(*before - 1));
            }
            let ends = ports[at];
            let way = &scene.ways[at];
            let (line, mut hull) = line(ends, [reach(edge.ends[0]), reach(edge.ends[1])], way);
            let names = names(edge, ends, way.is_empty());
            hull.extend(names.iter().zip(&edge.names).flat_map(|(label, name)| far_end(*label, name)));
            Route { line, marks: marks(edge, ends), names, hull }
        })
        .collect()
}

/// The sides by which two boxes are connected: those that face each other, or else the same one.
fn faces(one: &Area, other: &Area, line: Line) -> [Face; 2] {
    let across = (other.at.x - one.right()).max(one.at.x - other.right());
    let down = (other.at.y - one.bottom()).max(one.at.y - other.bottom());
    if across >= NEAR {
        return if one.at.x < other.at.x { [Face::Right, Face::Left] } else { [Face::Left, Face::Right] };
    }
    if down >= NEAR {
        return if one.at.y < other.at.y { [Face::Bottom, Face::Top] } else { [Face::Top, Face::Bottom] };
    }
    if line == Line::Dotted { [Face::Left; 2] } else { [Face::Right; 2] }
}

/// An edge at a side of a box: its place in the order there, the edge, and which of its ends.
type Met = (f64, usize, usize);

/// Where each edge meets its boxes. Edges at one side of a box stand in the order of what they lead to.
fn ports(scene: &Scene) -> Vec<[Port; 2]> {
    let middle = Port { at: Point { x: 0.0, y: 0.0 }, face: Face::Right, apart: APART };
    let mut ports = vec![[middle; 2]; scene.chart.edges.len()];
    let mut at_side: BTreeMap<(usize, Face), Vec<Met>> = BTreeMap::new();
    for (at, edge) in scene.chart.edges.iter().enumerate().filter(|(_, edge)| !edge.is_loop()) {
        let areas = edge.nodes.map(|node| scene.areas[node]);
        let faces = faces(&areas[0], &areas[1], edge.line);
        for end in [0, 1] {
            let other = areas[1 - end].centre();
            let order = if faces[end].is_level() { other.y } else { other.x };
            at_side.entry((edge.nodes[end], faces[end])).or_default().push((order, at, end));
        }
    }
    for ((node, face), mut edges) in at_side {
        edges.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let area = scene.areas[node];
        let length = if face.is_level() { area.size.height } else { area.size.width };
        let step = APART.min(length / edges.len() as f64);
        for (place, (_, at, end)) in edges.iter().enumerate() {
            let aside = (place as f64 - (edges.len() as f64 - 1.0) / 2.0) * step;
            let apart = if edges.len() > 1 { step } else { APART };
            ports[*at][*end] = Port { at: on_side(&area, face, aside), face, apart };
        }
    }
    ports
}

/// The point so far from the middle of a side.
fn on_side(area: &Area, face: Face, aside: f64) -> Point {
    let centre = area.centre();
    match face {
        Face::Right => Point { x: area.right(), y: centre.y + aside },
        Face::Left => Point { x: area.at.x, y: centre.y + aside },
        Face::Top => Point { x: centre.x + aside, y: area.at.y },
        Face::Bottom => Point { x: centre.x + aside, y: area.bottom() },
    }
}

/// The line from mark to mark: it leaves and arrives straight, and is level at each point that it passes.
fn line(ends: [Port; 2], reach: [f64; 2], way: &[Point]) -> (String, Vec<Point>) {
    let [from, to] = [0, 1].map(|end| ends[end].off(reach[end], 0.0));
    let mut hull = vec![from];
    let mut at = (from, ends[0].face.out());
    for point in way {
        let across = Point { x: (point.x - at.0.x).signum(), y: 0.0 };
        hull.extend(bend(at, (*point, Point { x: -across.x, y: 0.0 })));
        at = (*point, across);
    }
    hull.extend(bend(at, (to, ends[1].face.out())));
    (path(&hull), hull)
}

/// The points of a curve that leaves one point and arrives at another in the directions that are given.
fn bend((from, out): (Point, Point), (to, back): (Point, Point)) -> [Point; 3] {
    let away = |out: Point| {
        let towards = (to.x - from.x) * out.x + (to.y - from.y) * out.y;
        // Most of the way level, for the names.
        (towards.abs() * 0.7).max(24.0)
    };
    let (first, last) = (away(out), away(back));
    [
        Point { x: from.x + out.x * first, y: from.y + out.y * first },
        Point { x: to.x + back.x * last, y: to.y + back.y * last },
        to,
    ]
}

/// Curves as an SVG path: where it starts, and for each the two points that draw it and its end.
fn path(points: &[Point]) -> String {
    let mut path = String::new();
    for (at, point) in points.iter().enumerate() {
        let sign = match at {
            0 => "M",
            at if at % 3 == 1 => " C",
            _ => " ",
        };
        // Writing to a String cannot fail.
        let _ = write!(path, "{sign}{:.1} {:.1}", point.x, point.y);
    }
    path
}

/// How far the line keeps from its box, for the mark.
fn reach(mark: EndMark) -> f64 {
    match mark {
        EndMark::Plain => 0.0,
        EndMark::Base => 13.0,
        EndMark::Many | EndMark::Optional | EndMark::One => REACH,
    }
}

fn marks(edge: &Edge, ends: [Port; 2]) -> String {
    [0, 1].map(|end| mark(edge.ends[end], ends[end])).concat()
}

/// A crow's foot or a bar, and a ring where there may be none; a triangle.
fn mark(mark: EndMark, port: Port) -> String {
    let point = |out: f64, side: f64| {
        let point = port.off(out, side);
        format!("{:.1} {:.1}", point.x, point.y)
    };
    let to = |from: (f64, f64), to: (f64, f64)| format!("M{} L{} ", point(from.0, from.1), point(to.0, to.1));
    let bar = |out: f64| to((out, -6.0), (out, 6.0));
    let stem = |length: f64| to((0.0, 0.0), (length, 0.0));
    let ring = || {
        let (near, far) = (point(10.0, 0.0), point(REACH, 0.0));
        format!("M{near} A4 4 0 1 1 {far} A4 4 0 1 1 {near} ")
    };
    let foot = || to((10.0, 0.0), (0.0, -7.0)) + &to((10.0, 0.0), (0.0, 7.0));
    match mark {
        EndMark::Many => stem(10.0) + &foot() + &ring(),
        EndMark::Optional => stem(10.0) + &bar(6.0) + &ring(),
        EndMark::One => stem(REACH) + &bar(6.0) + &bar(11.0),
        EndMark::Base => format!("M{} L{} L{} Z ", point(0.0, 0.0), point(13.0, -7.0), point(13.0, 7.0)),
        EndMark::Plain => String::new(),
    }
}

/// The names beside the marks, where both have room.
fn names(edge: &Edge, ends: [Port; 2], straight: bool) -> [Option<Label>; 2] {
    let [one, other] = ends;
    let widths = [0, 1].map(|end| name_width(&edge.names[end]));
    let facing = one.face != other.face;
    let (across, down) = ((one.at.x - other.at.x).abs(), (one.at.y - other.at.y).abs());
    let room = match (one.face.is_level(), facing) {
        (true, true) if straight && down < 20.0 => across >= widths[0] + widths[1] + 2.0 * REACH + 8.0,
        (true, true) => across >= widths[0].max(widths[1]) + 2.0 * REACH,
        (true, false) => true,
        (false, _) => down >= 2.0 * NEAR,
    };
    [0, 1].map(|end| (room && !edge.names[end].is_empty()).then(|| label(ends[end], ends[1 - end].at)))
}

/// The name stands above its line, or below where the line goes up.
fn label(port: Port, other: Point) -> Label {
    let beyond = port.off(REACH + 3.0, 0.0);
    let below = port.apart >= ROOMY && port.at.y - other.y > RISES;
    let beside = Point { y: beyond.y + if below { 16.0 } else { -6.0 }, ..beyond };
    match port.face {
        Face::Right => Label { at: beside, anchor: "start" },
        Face::Left => Label { at: beside, anchor: "end" },
        Face::Top => Label { at: Point { x: port.at.x + 11.0, y: port.at.y - 8.0 }, anchor: "start" },
        Face::Bottom => Label { at: Point { x: port.at.x + 11.0, y: port.at.y + 18.0 }, anchor: "start" },
    }
}

/// Where a name ends.
fn far_end(label: Option<Label>, name: &str) -> Option<Point> {
    let Label { at, anchor } = label?;
    let length = if anchor == "end" { -name_width(name) } else { name_width(name) };
    Some(Point { x: at.x + length, ..at })
}

/// A loop at the upper right corner, each outside the one before.
fn round(edge: &Edge, area: Area, before: f64) -> Route {
    let top = Port {
        at: Point { x: area.right() - LOOP * (before + 1.0), y: area.at.y },
        face: Face::Top,
        apart: APART,
    };
    let right = Port {
        at: Point { x: area.right(), y: area.at.y + 15.0 + before * LOOP },
        face: Face::Right,
        apart: APART,
    };
    let ends = [top, right];
    let [from, to] = [0, 1].map(|end| ends[end].off(reach(edge.ends[end]), 0.0));
    let far = LOOP * (1.5 + before);
    let hull = vec![from, Point { y: from.y - far, ..from }, Point { x: to.x + far, ..to }, to];
    let names = [
        Label { at: Point { x: top.at.x - 11.0, y: top.at.y - 8.0 }, anchor: "end" },
        Label { at: Point { x: to.x + 4.0, y: to.y + 16.0 }, anchor: "start" },
    ];
    let names = [0, 1].map(|end| (!edge.names[end].is_empty()).then(|| names[end]));
    Route { line: path(&hull), marks: marks(edge, ends), names, hull }
}

/// What everything takes together: boxes with their loops, and edges that go round outside.
pub fn whole(scene: &Scene) -> Area {
    const MARGIN: f64 = 12.0;
    let routes = routes(scene);
    let edges = routes.iter().flat_map(|route| &route.hull).copied();
    let boxes = (0..scene.areas.len()).flat_map(|at| scene.corners(at));
    let (mut low, mut high) = (Point { x: f64::MAX, y: f64::MAX }, Point { x: f64::MIN, y: f64::MIN });
    for point in boxes.chain(edges) {
        low = Point { x: low.x.min(point.x), y: low.y.min(point.y) };
        high = Point { x: high.x.max(point.x), y: high.y.max(point.y) };
    }
    if scene.areas.is_empty() {
        (low, high) = (Point { x: 0.0, y: 0.0 }, Point { x: 0.0, y: 0.0 });
    }
    let size = Size { width: high.x - low.x + 2.0 * MARGIN, height: high.y - low.y + 2.0 * MARGIN };
    Area { at: Point { x: low.x - MARGIN, y: low.y - MARGIN }, size }
}
