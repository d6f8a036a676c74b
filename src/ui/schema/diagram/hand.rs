//! A hand on the diagram: pulls all of it, drags a box, or zooms with two fingers. While something moves, only what
//! moves is changed, directly; the document hears of it when it is let go.

use web_sys::{Element, PointerEvent};

use super::looks::DiagramEdit;
use super::places::Scene;
use super::route::{Route, routes};
use super::stage::{Stage, edit, index, label_attributes, spot, translate};
use crate::layout::Point;

/// How far the pointer goes before it drags, in pixels.
const SLACK: f64 = 4.0;

#[derive(Default)]
pub(super) struct Hand {
    /// The fingers that are down, or the mouse.
    pub pointers: Vec<(i32, Point)>,
    /// Where the first one went down.
    pub from: Option<Point>,
    /// The box that is held, by position, and where in it.
    pub held: Option<(usize, Point)>,
    /// Whether it went further than a click does.
    pub moved: bool,
    /// The routes that are drawn, while a box is dragged.
    pub routes: Vec<Route>,
}

impl Stage {
    /// A pointer went down.
    pub(super) fn down(&self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let at = self.local(event);
        let mut hand = self.hand.borrow_mut();
        hand.pointers.retain(|(id, _)| *id != event.pointer_id());
        hand.pointers.push((event.pointer_id(), at));
        if hand.pointers.len() > 1 {
            // Two fingers zoom. The box that the first one held stays where it was.
            if hand.held.take().is_some() {
                drop(hand);
                self.paint_back();
            }
            return;
        }
        let scene = self.scene.borrow();
        let inside = self.inside(at);
        hand.held = index(event, "data-node").and_then(|node| {
            let corner = scene.areas.get(node)?.at;
            Some((node, Point { x: inside.x - corner.x, y: inside.y - corner.y }))
        });
        (hand.from, hand.moved) = (Some(at), false);
    }

    /// A pointer moved.
    pub(super) fn moved(&self, event: &PointerEvent) {
        let now = self.local(event);
        let mut hand = self.hand.borrow_mut();
        let Some(at) = hand.pointers.iter().position(|(id, _)| *id == event.pointer_id()) else { return };
        let before = hand.pointers[at].1;
        if let [one, other] = hand.pointers[..] {
            hand.pointers[at].1 = now;
            let still = if at == 0 { other.1 } else { one.1 };
            return self.pinched(still, before, now);
        }
        if !hand.moved {
            let from = hand.from.unwrap_or(now);
            if (now.x - from.x).hypot(now.y - from.y) < SLACK {
                return;
            }
            hand.moved = true;
            if let Some(svg) = self.svg.cast::<Element>() {
                // Without capture, dragging ends at the border.
                let _ = svg.set_pointer_capture(event.pointer_id());
            }
            self.hold(true);
        }
        hand.pointers[at].1 = now;
        match hand.held {
            None => self.see_own(self.sight().pulled(now.x - before.x, now.y - before.y)),
            Some((node, grip)) => {
                let inside = self.inside(now);
                let corner = Point { x: (inside.x - grip.x).round(), y: (inside.y - grip.y).round() };
                let mut scene = Scene::clone(&self.scene.borrow());
                if let Some(area) = scene.areas.get_mut(node) {
                    area.at = corner;
                    scene.loosen(node);
                    self.paint(&mut hand, &scene, node);
                }
            }
        }
    }

    fn pinched(&self, still: Point, before: Point, now: Point) {
        let distance = |point: Point| (point.x - still.x).hypot(point.y - still.y).max(1.0);
        let middle = Point { x: (still.x + before.x) / 2.0, y: (still.y + before.y) / 2.0 };
        let sight = self.sight().zoomed(distance(now) / distance(before), middle);
        self.see_own(sight.pulled((now.x - before.x) / 2.0, (now.y - before.y) / 2.0));
    }

    /// A pointer went up, or away.
    pub(super) fn up(&self, event: &PointerEvent, stays: bool) {
        let at = self.local(event);
        let mut hand = self.hand.borrow_mut();
        hand.pointers.retain(|(id, _)| *id != event.pointer_id());
        let Some((node, grip)) = hand.held.take() else { return self.hold(false) };
        let moved = hand.moved;
        drop(hand);
        let inside = self.inside(at);
        let corner = Point { x: inside.x - grip.x, y: inside.y - grip.y };
        if !moved {
            return;
        }
        match self.scene.borrow().chart.nodes.get(node) {
            Some(node) if stays => {
                self.dispatch.emit(edit(DiagramEdit::Put(node.thing, spot(corner))));
            }
            _ => self.paint_back(),
        }
        self.hold(false);
    }

    /// Draws a box where it is in this scene, and the edges with it.
    fn paint(&self, hand: &mut Hand, scene: &Scene, node: usize) {
        let Some(world) = self.world.cast::<Element>() else { return };
        let [boxes, edges] = match children(&world).as_slice() {
            [boxes, edges, ..] => [children(boxes), children(edges)],
            _ => return,
        };
        if let Some(drawn) = boxes.get(node) {
            let _ = drawn.set_attribute("transform", &translate(scene.areas[node].at));
        }
        let routes = routes(scene);
        for (at, (edge, route)) in edges.iter().zip(&routes).enumerate() {
            if hand.routes.get(at) != Some(route) {
                paint_edge(edge, route);
            }
        }
        hand.routes = routes;
    }

    /// Draws everything where it was before it was dragged.
    fn paint_back(&self) {
        let mut hand = self.hand.borrow_mut();
        let scene = self.scene.borrow();
        for (node, area) in scene.areas.iter().enumerate() {
            if self.is_off(node, area.at) {
                self.paint(&mut hand, &scene, node);
            }
        }
    }

    fn is_off(&self, node: usize, corner: Point) -> bool {
        let boxes = self.world.cast::<Element>().and_then(|world| world.first_element_child());
        let drawn = boxes.and_then(|boxes| children(&boxes).get(node)?.get_attribute("transform"));
        drawn.is_some_and(|drawn| drawn != translate(corner))
    }

    /// While something is held, nothing glides.
    fn hold(&self, held: bool) {
        if let Some(world) = self.world.cast::<Element>() {
            let _ = world.class_list().toggle_with_force("diagram__world--held", held);
        }
    }

    /// Lets go of what is dragged, as if nobody had.
    pub(super) fn let_go(&self) -> bool {
        let mut hand = self.hand.borrow_mut();
        let held = hand.moved && hand.held.is_some() && !hand.pointers.is_empty();
        if held {
            (hand.held, hand.from) = (None, None);
            hand.pointers.clear();
            drop(hand);
            self.paint_back();
            self.hold(false);
        }
        held
    }
}

fn children(element: &Element) -> Vec<Element> {
    std::iter::successors(element.first_element_child(), Element::next_element_sibling).collect()
}

/// Draws an edge in another place. Its parts are those of `draw::edge`.
fn paint_edge(edge: &Element, route: &Route) {
    let [title, hit, line, marks, names @ ..] = &children(edge)[..] else { return };
    debug_assert_eq!(title.tag_name(), "title");
    for (element, path) in [(hit, &route.line), (line, &route.line), (marks, &route.marks)] {
        let _ = element.set_attribute("d", path);
    }
    for (name, label) in names.iter().zip(&route.names) {
        let (x, y, anchor, visibility) = label_attributes(label.as_ref());
        for (attribute, value) in
            [("x", x.as_str()), ("y", &y), ("text-anchor", anchor), ("visibility", visibility)]
        {
            let _ = name.set_attribute(attribute, value);
        }
    }
}
