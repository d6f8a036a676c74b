//! Lays boxes and the edges between them out in layers. Pure: sizes in, places out.

use dagre::graph::{Graph, GraphOptions};
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, RankDir, layout};

use super::{Connection, Course, Placed, Point, Size, halfway};

/// Space around the whole drawing, in pixels.
pub(super) const MARGIN: f64 = 12.0;

/// Places boxes from left to right in layers, so that most edges run to the right. The same input gives the same
/// places.
pub(super) fn arrange(boxes: &[Size], connections: &[Connection]) -> Placed {
    let mut graph: Graph<NodeLabel, EdgeLabel> =
        Graph::with_options(GraphOptions { directed: true, multigraph: true, compound: false });
    for (at, size) in boxes.iter().enumerate() {
        let label = NodeLabel { width: size.width, height: size.height, ..NodeLabel::default() };
        graph.set_node(at.to_string(), Some(label));
    }
    for (at, edge) in connections.iter().enumerate() {
        let label = EdgeLabel {
            width: edge.label.width,
            height: edge.label.height,
            labelpos: LabelPos::Center,
            ..EdgeLabel::default()
        };
        graph.set_edge(edge.from.to_string(), edge.to.to_string(), Some(label), Some(&at.to_string()));
    }
    if !boxes.is_empty() {
        let options = LayoutOptions {
            rankdir: RankDir::LR,
            nodesep: 18.0,
            ranksep: 36.0,
            edgesep: 10.0,
            marginx: MARGIN,
            marginy: MARGIN,
            // Of equally good orders the one that the boxes came in.
            tie_keep_first: true,
            ..LayoutOptions::default()
        };
        layout(&mut graph, Some(options));
    }
    read(&graph, boxes, connections)
}

fn read(graph: &Graph<NodeLabel, EdgeLabel>, boxes: &[Size], connections: &[Connection]) -> Placed {
    let centres: Vec<Point> = (0..boxes.len())
        .map(|at| {
            let node = graph.node(&at.to_string());
            let part = |value: Option<f64>| value.unwrap_or_default();
            Point { x: node.map_or(0.0, |node| part(node.x)), y: node.map_or(0.0, |node| part(node.y)) }
        })
        .collect();
    let edges: Vec<Course> = connections
        .iter()
        .enumerate()
        .map(|(at, edge)| {
            let label = graph.edge(&edge.from.to_string(), &edge.to.to_string(), Some(&at.to_string()));
            let mut course = course(label, centres[edge.from], centres[edge.to]);
            if edge.from != edge.to {
                let (from, to) = (centres[edge.from], centres[edge.to]);
                side_to_side(&mut course, (from, boxes[edge.from]), (to, boxes[edge.to]));
            }
            course
        })
        .collect();
    Placed { size: extent(boxes, &centres, &edges), boxes: centres, edges }
}

/// The course that the layout found, or the straight line if it found none.
fn course(label: Option<&EdgeLabel>, from: Point, to: Point) -> Course {
    let middle = halfway(from, to);
    let Some(label) = label.filter(|label| label.points.len() > 1) else {
        return Course { points: vec![from, to], label: middle };
    };
    let points = label.points.iter().map(|point| Point { x: point.x, y: point.y }).collect();
    Course { points, label: Point { x: label.x.unwrap_or(middle.x), y: label.y.unwrap_or(middle.y) } }
}

/// An edge leaves in the middle of the side that faces its target, and arrives in the middle of the side that faces
/// its source, where they do not stand above each other.
fn side_to_side(course: &mut Course, (from, source): (Point, Size), (to, target): (Point, Size)) {
    let reach = (source.width + target.width) / 2.0;
    let direction = if to.x - from.x >= reach {
        1.0
    } else if from.x - to.x >= reach {
        -1.0
    } else {
        return;
    };
    if let [first, .., last] = course.points.as_mut_slice() {
        *first = Point { x: from.x + direction * source.width / 2.0, y: from.y };
        *last = Point { x: to.x - direction * target.width / 2.0, y: to.y };
    }
}

fn extent(boxes: &[Size], centres: &[Point], edges: &[Course]) -> Size {
    let mut size = Size { width: 0.0, height: 0.0 };
    let mut reach = |x: f64, y: f64| {
        size.width = size.width.max(x + MARGIN);
        size.height = size.height.max(y + MARGIN);
    };
    for (size, centre) in boxes.iter().zip(centres) {
        reach(centre.x + size.width / 2.0, centre.y + size.height / 2.0);
    }
    edges.iter().flat_map(|edge| &edge.points).for_each(|point| reach(point.x, point.y));
    size
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Size = Size { width: 120.0, height: 40.0 };
    const LABEL: Size = Size { width: 50.0, height: 18.0 };

    fn place(count: usize, connections: &[Connection]) -> Placed {
        arrange(&vec![BOX; count], connections)
    }

    fn connect(pairs: &[(usize, usize)]) -> Vec<Connection> {
        pairs.iter().map(|&(from, to)| Connection { from, to, label: LABEL }).collect()
    }

    fn overlap(a: Point, b: Point) -> bool {
        (a.x - b.x).abs() < BOX.width && (a.y - b.y).abs() < BOX.height
    }

    /// Trees, rings, a node with itself, the same edge twice and loose boxes.
    fn graphs() -> Vec<(usize, Vec<Connection>)> {
        let grid: Vec<(usize, usize)> =
            (0..30).flat_map(|at| [(at, (at * 7 + 3) % 30), (at, (at + 11) % 30)]).collect();
        vec![
            (0, vec![]),
            (1, connect(&[(0, 0)])),
            (3, vec![]),
            (5, connect(&[(0, 1), (1, 0), (0, 1), (2, 3)])),
            (30, connect(&grid)),
        ]
    }

    #[test]
    fn no_two_boxes_overlap_and_all_lie_inside() {
        for (count, edges) in graphs() {
            let placed = place(count, &edges);
            for (at, &a) in placed.boxes.iter().enumerate() {
                assert!(placed.boxes[at + 1..].iter().all(|&b| !overlap(a, b)), "of {count}, box {at}");
                assert!(a.x >= BOX.width / 2.0 && a.x + BOX.width / 2.0 <= placed.size.width);
                assert!(a.y >= BOX.height / 2.0 && a.y + BOX.height / 2.0 <= placed.size.height);
            }
            assert!(placed.edges.iter().all(|edge| edge.points.len() > 1));
        }
    }

    #[test]
    fn the_same_input_gives_the_same_places() {
        for (count, edges) in graphs() {
            let first = place(count, &edges);
            assert!((0..3).all(|_| place(count, &edges) == first), "of {count}");
        }
    }
}
