//! Where the boxes lie: as they were laid out, or where a person has put them.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::chart::{Chart, Edge, Line, Node};
use super::looks::Thing;
use super::route::{LOOP, REACH};
use crate::layout::{Connection, Outline, Placed, Point, Size};
use crate::project::{Spot, Spots};

/// The height of a box's head, and of each line below it.
pub const HEAD: f64 = 30.0;
/// The height of a line in a box.
pub const ROW: f64 = 20.0;
/// Space below the last line.
const FOOT: f64 = 6.0;
/// The widths of a letter in a head, in a line and at an edge, in pixels. Generous: fonts differ.
const LETTERS: [f64; 3] = [9.8, 8.5, 7.8];
/// Widths are multiples of this: not every letter typed moves what stands beside the box.
const GRID: f64 = 16.0;
/// Boxes that were pushed aside keep this distance.
const DISTANCE: f64 = 18.0;
/// No box lies further out than this, whatever a file says.
const FARTHEST: i32 = 100_000;

/// Where a box is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Its upper left corner.
    pub at: Point,
    /// Its size.
    pub size: Size,
}

impl Area {
    /// Its right edge.
    pub fn right(&self) -> f64 {
        self.at.x + self.size.width
    }

    /// Its lower edge.
    pub fn bottom(&self) -> f64 {
        self.at.y + self.size.height
    }

    /// Its middle.
    pub fn centre(&self) -> Point {
        Point { x: self.at.x + self.size.width / 2.0, y: self.at.y + self.size.height / 2.0 }
    }

    fn touches(&self, other: &Area) -> bool {
        let gap = DISTANCE - 2.0;
        self.at.x < other.right() + gap
            && other.at.x < self.right() + gap
            && self.at.y < other.bottom() + gap
            && other.at.y < self.bottom() + gap
    }
}

/// What is drawn, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// What is drawn.
    pub chart: Rc<Chart>,
    /// Where each box is.
    pub areas: Vec<Area>,
    /// The points that an edge passes on its way round other boxes; none where it goes straight.
    pub ways: Vec<Vec<Point>>,
}

/// Where boxes were when they were last laid out: they stay there until they are laid out anew.
pub type Last = BTreeMap<Thing, Point>;

/// The size of a box.
pub fn size(node: &Node) -> Size {
    let letters = |text: &str| text.chars().count() as f64;
    let head = letters(&node.title) * LETTERS[0] + 46.0;
    let rows = node.rows.iter().map(|row| letters(&row.text) * LETTERS[1] + 38.0);
    let width = rows.fold(head.max(96.0), f64::max);
    let lines = node.rows.len() as f64 * ROW;
    let height = if node.rows.is_empty() { HEAD } else { HEAD + lines + FOOT };
    Size { width: (width / GRID).ceil() * GRID, height }
}

/// The width of a property's name at an edge.
pub fn name_width(name: &str) -> f64 {
    name.chars().count() as f64 * LETTERS[2]
}

/// The room that a box takes: itself, and above and to the right of it its loops.
fn room(chart: &Chart, at: usize) -> [f64; 2] {
    let loops: Vec<&Edge> = chart.edges.iter().filter(|edge| edge.is_loop() && edge.nodes[0] == at).collect();
    if loops.is_empty() {
        return [0.0, 0.0];
    }
    let name = loops.iter().fold(0.0_f64, |widest, edge| widest.max(name_width(&edge.names[1])));
    let reach = LOOP * (loops.len() as f64 + 1.0);
    [reach + name, reach]
}

/// What the layout is to know: how large boxes are, and which edges run between them. Edges that are only seen through
/// a join model lie where they can.
pub fn outline(chart: &Chart) -> Outline {
    let boxes = chart.nodes.iter().enumerate().map(|(at, node)| {
        let (size, [right, above]) = (size(node), room(chart, at));
        Size { width: size.width + right, height: size.height + above }
    });
    let connections = laid_edges(chart).map(|(_, edge)| {
        let names: f64 = edge.names.iter().map(|name| name_width(name)).sum();
        let width = if names > 0.0 { names + 2.0 * REACH + 12.0 } else { 12.0 };
        Connection { from: edge.nodes[0], to: edge.nodes[1], label: Size { width, height: ROW } }
    });
    Outline { boxes: boxes.collect(), connections: connections.collect(), apart: true }
}

fn laid_edges(chart: &Chart) -> impl Iterator<Item = (usize, &Edge)> {
    chart.edges.iter().enumerate().filter(|(_, edge)| edge.line != Line::Dotted && !edge.is_loop())
}

/// Sets everything in its place. `laid` is what the outline became; until it is there, boxes stay where they were
/// `last`, and new ones wait below.
pub fn scene(chart: &Rc<Chart>, laid: Option<&Placed>, last: &Last, spots: &Spots) -> Scene {
    let sizes: Vec<Size> = chart.nodes.iter().map(size).collect();
    let there = chart
        .nodes
        .iter()
        .zip(&sizes)
        .filter_map(|(node, size)| Some(last.get(&node.thing)?.y + size.height));
    let mut below = there.fold(0.0_f64, f64::max);
    let automatic: Vec<Point> = (0..sizes.len())
        .map(|at| match laid.and_then(|laid| laid.boxes.get(at)) {
            Some(centre) => corner(chart, at, sizes[at], *centre),
            None => last.get(&chart.nodes[at].thing).copied().unwrap_or_else(|| {
                below += DISTANCE + sizes[at].height;
                Point { x: DISTANCE, y: below - sizes[at].height }
            }),
        })
        .collect();
    let areas = beside(&sizes, &automatic, |at| spot(spots, chart.nodes[at].thing));
    let mut ways = vec![Vec::new(); chart.edges.len()];
    for ((at, edge), course) in laid_edges(chart).zip(laid.map_or(&[][..], |laid| &laid.edges)) {
        let unmoved = edge.nodes.iter().all(|&node| areas[node].at == automatic[node]);
        // From one layer to the next there is nothing to go round.
        if let (true, [_, way @ .., _]) = (unmoved && course.points.len() > 3, course.points.as_slice()) {
            ways[at] = way.to_vec();
        }
    }
    Scene { chart: Rc::clone(chart), areas, ways }
}

/// The corner of a box in the middle of the room that was laid out for it and its loops.
fn corner(chart: &Chart, at: usize, size: Size, centre: Point) -> Point {
    let [right, above] = room(chart, at);
    Point {
        x: (centre.x - (size.width + right) / 2.0).round(),
        y: (centre.y - (size.height + above) / 2.0 + above).round(),
    }
}

/// Where a person has put a box.
fn spot(spots: &Spots, thing: Thing) -> Option<Point> {
    let Spot { x, y } = match thing {
        Thing::Model(model) => spots.models.get(&model)?,
        Thing::Relationship(relationship) => spots.joins.get(&relationship)?,
    };
    let within = |value: i32| f64::from(value.clamp(-FARTHEST, FARTHEST));
    Some(Point { x: within(*x), y: within(*y) })
}

/// Boxes that were put somewhere lie there; others make room for them, downwards.
fn beside(sizes: &[Size], automatic: &[Point], spot: impl Fn(usize) -> Option<Point>) -> Vec<Area> {
    let spots: Vec<Option<Point>> = (0..sizes.len()).map(spot).collect();
    let area = |at: usize| Area { at: spots[at].unwrap_or(automatic[at]), size: sizes[at] };
    let mut areas: Vec<Area> = (0..sizes.len()).map(area).collect();
    let (mut placed, free): (Vec<usize>, Vec<usize>) = (0..sizes.len()).partition(|&at| spots[at].is_some());
    if placed.is_empty() {
        return areas;
    }
    for at in free {
        // Each step goes further down, past one of the others: it ends.
        while let Some(&other) = placed.iter().find(|&&other| areas[at].touches(&areas[other])) {
            areas[at].at.y = (areas[other].bottom() + DISTANCE).round();
        }
        placed.push(at);
    }
    areas
}

impl Scene {
    /// Where the boxes are, to be remembered.
    pub fn last(&self) -> Last {
        self.chart.nodes.iter().zip(&self.areas).map(|(node, area)| (node.thing, area.at)).collect()
    }

    /// Edges of a box that is moved go straight.
    pub fn loosen(&mut self, node: usize) {
        for (edge, way) in self.chart.edges.iter().zip(&mut self.ways) {
            if edge.nodes.contains(&node) {
                way.clear();
            }
        }
    }

    /// The corners of the room that a box takes with its loops.
    pub fn corners(&self, at: usize) -> [Point; 2] {
        let (area, [right, above]) = (&self.areas[at], room(&self.chart, at));
        [Point { y: area.at.y - above, ..area.at }, Point { x: area.right() + right, y: area.bottom() }]
    }
}
