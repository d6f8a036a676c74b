//! Where the boxes and edges of a drawing lie. Knows nothing of what is drawn.
//!
//! The library that places them is as large as half the page, and not everybody opens a drawing: so the page has only
//! what goes in and what comes out, and the rest is a worker of its own, loaded when something is first drawn.

#[cfg(feature = "layout")]
mod arrange;
#[cfg(all(feature = "layout", target_arch = "wasm32"))]
mod listen;
#[cfg(feature = "layout")]
mod pack;

use serde::{Deserialize, Serialize};

#[cfg(feature = "layout")]
use arrange::arrange;
#[cfg(all(feature = "layout", target_arch = "wasm32"))]
pub use listen::listen;
#[cfg(feature = "layout")]
pub use pack::lay_out;

/// What the worker answers: the places, or what it did not understand.
pub type Laid = Result<Placed, String>;

/// Width and height, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Size {
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

/// A place, in pixels from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// An edge between two boxes, by their positions in the list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Where it starts.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// The room that its label needs.
    pub label: Size,
}

/// What is to be laid out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// The boxes.
    pub boxes: Vec<Size>,
    /// The edges between them.
    pub connections: Vec<Connection>,
    /// Whether parts that no edge connects are laid out each for itself, side by side: then what happens in one of them
    /// leaves the others as they are.
    pub apart: bool,
}

/// Where everything lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The room that everything takes together.
    pub size: Size,
    /// The middle of each box.
    pub boxes: Vec<Point>,
    /// The course of each edge.
    pub edges: Vec<Course>,
}

/// The course of an edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// The points that it passes, from the border of one box to the border of the other.
    pub points: Vec<Point>,
    /// The middle of its label.
    pub label: Point,
}

/// A course as an SVG path through all its points: in waves that are level at each point where it runs steadily to
/// one side, and with rounded corners elsewhere.
pub fn path(points: &[Point]) -> String {
    use std::fmt::Write;
    let [first, rest @ ..] = points else { return String::new() };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    let steady = |ahead: bool| points.windows(2).all(|pair| (pair[0].x < pair[1].x) == ahead);
    // Writing to a String cannot fail.
    if steady(true) || steady(false) {
        let mut from = first;
        for to in rest {
            let middle = (from.x + to.x) / 2.0;
            let _ =
                write!(path, " C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}", from.y, to.y, to.x, to.y);
            from = to;
        }
    } else {
        for (at, corner) in rest.iter().enumerate() {
            let next = rest.get(at + 1).map_or(*corner, |next| halfway(*corner, *next));
            let _ = write!(path, " Q{:.1} {:.1} {:.1} {:.1}", corner.x, corner.y, next.x, next.y);
        }
    }
    path
}

fn halfway(one: Point, other: Point) -> Point {
    Point { x: (one.x + other.x) / 2.0, y: (one.y + other.y) / 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_passes_its_points() {
        let point = |x: f64, y: f64| Point { x, y };
        let wave = path(&[point(0.0, 0.0), point(8.0, 4.0)]);
        assert_eq!(wave, "M0.0 0.0 C4.0 0.0 4.0 4.0 8.0 4.0");
        let back = path(&[point(0.0, 0.0), point(4.0, 0.0), point(0.0, 4.0)]);
        assert_eq!(back, "M0.0 0.0 Q4.0 0.0 2.0 2.0 Q0.0 4.0 0.0 4.0");
        assert_eq!(path(&[]), "");
    }
}
