//! Parts that nothing connects, laid out each for itself and set side by side in rows.

use super::arrange::MARGIN;
use super::{Connection, Course, Outline, Placed, Point, Size, arrange};

/// How much wider than high the whole is meant to be.
const ASPECT: f64 = 1.5;
/// Space between two parts, beside the margin that each of them has around it.
const BETWEEN: f64 = 12.0;

/// Places boxes from left to right in layers, so that most edges run to the right; if so asked, each connected part
/// for itself. The same input gives the same places.
pub fn lay_out(outline: &Outline) -> Placed {
    if !outline.apart {
        return arrange(&outline.boxes, &outline.connections);
    }
    let parts = parts(outline);
    let laid: Vec<Placed> = parts.iter().map(|part| part.lay_out(outline)).collect();
    let mut whole = blank(outline);
    for (part, (placed, corner)) in parts.iter().zip(laid.iter().zip(in_rows(&laid))) {
        for (&at, centre) in part.boxes.iter().zip(&placed.boxes) {
            whole.boxes[at] = moved(*centre, corner);
        }
        for (&at, course) in part.connections.iter().zip(&placed.edges) {
            let points = course.points.iter().map(|point| moved(*point, corner)).collect();
            whole.edges[at] = Course { points, label: moved(course.label, corner) };
        }
        whole.size.width = whole.size.width.max(corner.x + placed.size.width);
        whole.size.height = whole.size.height.max(corner.y + placed.size.height);
    }
    whole
}

/// Boxes that edges connect, and these edges, by their places in the outline.
struct Part {
    boxes: Vec<usize>,
    connections: Vec<usize>,
}

impl Part {
    fn lay_out(&self, outline: &Outline) -> Placed {
        let sizes: Vec<Size> = self.boxes.iter().map(|&at| outline.boxes[at]).collect();
        let inside = |at: usize| self.boxes.binary_search(&at).unwrap_or_default();
        let connections = self.connections.iter().map(|&at| {
            let edge = outline.connections[at];
            Connection { from: inside(edge.from), to: inside(edge.to), ..edge }
        });
        arrange(&sizes, &connections.collect::<Vec<_>>())
    }
}

/// The connected parts, in the order of their first boxes, but what is connected with nothing comes last.
fn parts(outline: &Outline) -> Vec<Part> {
    let mut of: Vec<usize> = (0..outline.boxes.len()).collect();
    for edge in &outline.connections {
        let (one, other) = (of[edge.from].min(of[edge.to]), of[edge.from].max(of[edge.to]));
        of.iter_mut().filter(|part| **part == other).for_each(|part| *part = one);
    }
    let part = |name: usize| Part {
        boxes: (0..of.len()).filter(|&at| of[at] == name).collect(),
        connections: (0..outline.connections.len())
            .filter(|&at| of[outline.connections[at].from] == name)
            .collect(),
    };
    let all = (0..of.len()).filter(|&name| of[name] == name).map(part);
    let (mut connected, loose): (Vec<Part>, Vec<Part>) = all.partition(|part| !part.connections.is_empty());
    connected.extend(loose);
    connected
}

/// The upper left corner of each part: one after the other, in rows.
fn in_rows(parts: &[Placed]) -> Vec<Point> {
    let area: f64 = parts.iter().map(|part| (part.size.width + BETWEEN) * (part.size.height + BETWEEN)).sum();
    let widest = parts.iter().fold(0.0_f64, |widest, part| widest.max(part.size.width));
    let width = widest.max((area * ASPECT).sqrt());
    let (mut at, mut below) = (Point { x: 0.0, y: 0.0 }, 0.0_f64);
    let mut corners = Vec::new();
    for part in parts {
        if at.x > 0.0 && at.x + part.size.width > width {
            at = Point { x: 0.0, y: below };
        }
        corners.push(at);
        below = below.max(at.y + part.size.height - MARGIN + BETWEEN);
        at.x += part.size.width - MARGIN + BETWEEN;
    }
    corners
}

fn blank(outline: &Outline) -> Placed {
    let nowhere = Point { x: 0.0, y: 0.0 };
    Placed {
        size: Size { width: 0.0, height: 0.0 },
        boxes: vec![nowhere; outline.boxes.len()],
        edges: vec![Course { points: Vec::new(), label: nowhere }; outline.connections.len()],
    }
}

fn moved(point: Point, by: Point) -> Point {
    Point { x: point.x + by.x, y: point.y + by.y }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Size = Size { width: 120.0, height: 80.0 };

    fn outline(count: usize, pairs: &[(usize, usize)]) -> Outline {
        let label = Size { width: 90.0, height: 18.0 };
        let connections = pairs.iter().map(|&(from, to)| Connection { from, to, label }).collect();
        Outline { boxes: vec![BOX; count], connections, apart: true }
    }

    fn overlap(a: Point, b: Point) -> bool {
        (a.x - b.x).abs() < BOX.width && (a.y - b.y).abs() < BOX.height
    }

    #[test]
    fn parts_do_not_overlap_and_lie_inside_and_every_edge_has_a_course() {
        for (count, pairs) in
            [(0, vec![]), (17, vec![]), (9, vec![(8, 0), (1, 2), (2, 1), (4, 4), (3, 2)]), (2, vec![(0, 1)])]
        {
            let placed = lay_out(&outline(count, &pairs));
            for (at, &a) in placed.boxes.iter().enumerate() {
                assert!(placed.boxes[at + 1..].iter().all(|&b| !overlap(a, b)), "of {count}, box {at}");
                assert!(
                    a.x + BOX.width / 2.0 <= placed.size.width
                        && a.y + BOX.height / 2.0 <= placed.size.height
                );
            }
            assert!(placed.edges.iter().all(|edge| edge.points.len() > 1));
        }
    }

    #[test]
    fn loose_boxes_stand_in_rows_after_the_rest() {
        let placed = lay_out(&outline(17, &[(15, 16)]));
        assert!(placed.size.width < 8.0 * BOX.width && placed.size.height < 8.0 * BOX.height);
        assert!(placed.boxes[15].y <= placed.boxes[0].y && placed.boxes[15].x < placed.boxes[0].x);
    }

    #[test]
    fn what_happens_in_one_part_leaves_the_first_where_it_is() {
        let before = lay_out(&outline(6, &[(0, 1), (1, 2), (3, 4)]));
        let after = lay_out(&outline(7, &[(0, 1), (1, 2), (3, 4), (4, 5), (5, 6)]));
        assert_eq!(before.boxes[..3], after.boxes[..3]);
    }
}
