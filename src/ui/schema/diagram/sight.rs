//! What is seen of the diagram. Pure: sizes in, places out.

use super::places::Area;
use crate::layout::{Point, Size};

/// How much a step of zooming changes.
pub const STEP: f64 = 1.25;
/// Below this, names of models take the place of what can no longer be read.
const FAR: f64 = 0.5;
/// The diagram starts no smaller than this, cut off rather than too small to read.
const LEAST_AT_START: f64 = 0.65;
/// From this width on, in pixels, it may be drawn larger than life, and how large at most.
const WIDE: f64 = 600.0;
const MOST_WHERE_WIDE: f64 = 1.6;
/// How small and how large it can get.
const LIMITS: [f64; 2] = [0.05, 3.0];

/// What is seen: the point in the upper left corner, and how many pixels of the screen one of the diagram's takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sight {
    /// The point in the upper left corner.
    pub at: Point,
    /// How large.
    pub zoom: f64,
}

impl Sight {
    /// The whole diagram in the middle; larger than life only where there is room for many to look at it.
    pub fn fitting(whole: &Area, room: Size) -> Sight {
        let zoom = (room.width / whole.size.width).min(room.height / whole.size.height);
        let most = if room.width < WIDE { 1.0 } else { MOST_WHERE_WIDE };
        Sight::centred(whole, room, zoom.clamp(LIMITS[0], most))
    }

    /// As fitting, but no smaller than one can read; then it starts at the upper left.
    pub fn start(whole: &Area, room: Size) -> Sight {
        Sight::centred(whole, room, Sight::fitting(whole, room).zoom.max(LEAST_AT_START))
    }

    fn centred(whole: &Area, room: Size, zoom: f64) -> Sight {
        let middle = |from: f64, length: f64, room: f64| from + ((length - room / zoom) / 2.0).min(0.0);
        let x = middle(whole.at.x, whole.size.width, room.width);
        Sight { at: Point { x, y: middle(whole.at.y, whole.size.height, room.height) }, zoom }
    }

    /// Larger or smaller by a factor; the point of the screen that is given stays where it is.
    pub fn zoomed(self, factor: f64, about: Point) -> Sight {
        let zoom = (self.zoom * factor).clamp(LIMITS[0], LIMITS[1]);
        let shift = |about: f64| about / self.zoom - about / zoom;
        Sight { at: Point { x: self.at.x + shift(about.x), y: self.at.y + shift(about.y) }, zoom }
    }

    /// The same after the diagram was pulled by so many pixels of the screen.
    pub fn pulled(self, x: f64, y: f64) -> Sight {
        Sight { at: Point { x: self.at.x - x / self.zoom, y: self.at.y - y / self.zoom }, ..self }
    }

    /// Whether all of an area is seen.
    pub fn shows(&self, area: &Area, room: Size) -> bool {
        area.at.x >= self.at.x
            && area.at.y >= self.at.y
            && area.right() <= self.at.x + room.width / self.zoom
            && area.bottom() <= self.at.y + room.height / self.zoom
    }

    /// Whether this still does for a diagram that has changed: it shows all of it, hardly smaller than it could be and
    /// hardly beside the middle. Then nothing jumps while one types.
    pub fn does_for(&self, whole: &Area, room: Size) -> bool {
        let best = Sight::start(whole, room);
        let middle = |sight: &Sight| sight.at.x + room.width / sight.zoom / 2.0;
        let aside = (middle(self) - middle(&best)).abs() * self.zoom;
        self.shows(whole, room) && self.zoom >= 0.85 * best.zoom && aside <= room.width / 12.0
    }

    /// The same size, with an area in the middle.
    pub fn towards(self, area: &Area, room: Size) -> Sight {
        let centre = area.centre();
        let half = |room: f64| room / self.zoom / 2.0;
        Sight { at: Point { x: centre.x - half(room.width), y: centre.y - half(room.height) }, ..self }
    }

    /// Whether fields are too small to be read.
    pub fn is_far(&self) -> bool {
        self.zoom < FAR
    }

    /// As an SVG transformation.
    pub fn transform(&self) -> String {
        let Sight { at, zoom } = self;
        format!("translate({:.2} {:.2}) scale({zoom:.4})", -at.x * zoom, -at.y * zoom)
    }
}
