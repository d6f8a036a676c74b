//! The diagram under the hand: pulled, zoomed, its boxes dragged. While something moves, only what moves is changed,
//! directly; the document hears of it when it is let go.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use yew::NodeRef;

use super::looks::{Look, Thing};
use super::places::{Area, Scene};
use super::route::{Label, Route, routes, whole};
use super::sight::{STEP, Sight};
use crate::layout::{Point, Size};
use crate::project::Spot;
use crate::ui::action::{Action, DiagramEdit, Edit, Show};
use crate::ui::app::Dispatch;

/// How far the pointer goes before it drags, in pixels.
const SLACK: f64 = 4.0;
/// How far an arrow key moves a box, alone and with Shift.
const STEPS: [f64; 2] = [8.0, 40.0];

/// The diagram on the screen.
pub(super) struct Stage {
    /// The drawing.
    pub svg: NodeRef,
    /// Everything in it, moved and zoomed together.
    pub world: NodeRef,
    dispatch: Dispatch,
    sight: Cell<Option<Sight>>,
    /// Whether a person has chosen what is seen. Until then, everything is.
    own: Cell<bool>,
    /// The room that there was when that was last decided.
    room: Cell<Option<Size>>,
    scene: RefCell<Rc<Scene>>,
    hand: RefCell<Hand>,
}

#[derive(Default)]
struct Hand {
    /// The fingers that are down, or the mouse.
    pointers: Vec<(i32, Point)>,
    /// Where the first one went down.
    from: Option<Point>,
    /// The box that is held, by position, and where in it.
    held: Option<(usize, Point)>,
    /// Whether it went further than a click does.
    moved: bool,
    /// The routes that are drawn, while a box is dragged.
    routes: Vec<Route>,
}

impl Stage {
    pub(super) fn new(dispatch: Dispatch) -> Stage {
        Stage {
            svg: NodeRef::default(),
            world: NodeRef::default(),
            dispatch,
            sight: Cell::new(None),
            own: Cell::new(false),
            room: Cell::new(None),
            scene: RefCell::default(),
            hand: RefCell::default(),
        }
    }

    /// Everything is to be seen again, as for another document.
    pub(super) fn forget(&self) {
        self.own.set(false);
        self.sight.set(None);
    }

    /// What is drawn now. Nothing is held any more if that is something else.
    pub(super) fn settle(&self, scene: Rc<Scene>) {
        let before = self.scene.replace(scene);
        let scene = self.scene.borrow();
        if before.chart != scene.chart {
            *self.hand.borrow_mut() = Hand::default();
        }
        let more = before.areas.len() != scene.areas.len();
        drop(scene);
        self.look(more);
    }

    /// Shows what there is to see: everything, until a person has chosen something else.
    pub(super) fn look(&self, anew: bool) {
        let (room, whole) = (self.room(), whole(&self.scene.borrow()));
        let anew = self.room.replace(Some(room)) != Some(room) || anew;
        let kept = self.sight.get().filter(|sight| self.own.get() || (!anew && sight.shows(&whole, room)));
        self.see(kept.unwrap_or_else(|| Sight::start(&whole, room)));
    }

    fn see(&self, sight: Sight) {
        self.sight.set(Some(sight));
        if let Some(world) = self.world.cast::<Element>() {
            let _ = world.set_attribute("transform", &sight.transform());
            let _ = world.class_list().toggle_with_force("diagram__world--far", sight.is_far());
        }
    }

    fn see_own(&self, sight: Sight) {
        self.own.set(true);
        self.see(sight);
    }

    fn sight(&self) -> Sight {
        self.sight.get().unwrap_or(Sight { at: Point { x: 0.0, y: 0.0 }, zoom: 1.0 })
    }

    fn room(&self) -> Size {
        let area = self.svg.cast::<Element>().map(|svg| svg.get_bounding_client_rect());
        let (width, height) = area.map_or((0.0, 0.0), |area| (area.width(), area.height()));
        Size { width: width.max(1.0), height: height.max(1.0) }
    }

    /// Where the pointer is, from the drawing's upper left corner.
    fn local(&self, event: &MouseEvent) -> Point {
        let area = self.svg.cast::<Element>().map(|svg| svg.get_bounding_client_rect());
        let (left, top) = area.map_or((0.0, 0.0), |area| (area.left(), area.top()));
        Point { x: f64::from(event.client_x()) - left, y: f64::from(event.client_y()) - top }
    }

    /// Where in the diagram a place on the screen is.
    fn inside(&self, at: Point) -> Point {
        let Sight { at: corner, zoom } = self.sight();
        Point { x: corner.x + at.x / zoom, y: corner.y + at.y / zoom }
    }

    /// A step larger (1) or smaller (−1), about the middle.
    pub(super) fn step(&self, by: i32) {
        let room = self.room();
        let middle = Point { x: room.width / 2.0, y: room.height / 2.0 };
        self.see_own(self.sight().zoomed(STEP.powi(by), middle));
    }

    /// All of it.
    pub(super) fn fit(&self) {
        self.see_own(Sight::fitting(&whole(&self.scene.borrow()), self.room()));
    }

    /// Brings what was chosen elsewhere into sight.
    pub(super) fn reveal(&self, thing: Thing) {
        let area = {
            let scene = self.scene.borrow();
            let edge = scene.chart.edges.iter().find(|edge| edge.thing == thing);
            let of = |at: usize| scene.areas.get(at).copied();
            let node = scene.chart.nodes.iter().position(|node| node.thing == thing);
            node.or(edge.map(|edge| edge.nodes[0])).and_then(of)
        };
        if let Some(area) = area {
            self.bring(&area);
        }
    }

    fn bring(&self, area: &Area) {
        let (sight, room) = (self.sight(), self.room());
        if !sight.shows(area, room) {
            self.see_own(sight.towards(area, room));
        }
    }

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

    /// A click that did not drag chooses, or chooses nothing.
    pub(super) fn clicked(&self, event: &MouseEvent) {
        if !std::mem::take(&mut self.hand.borrow_mut().moved) {
            let thing = self.pointed(event);
            self.dispatch.emit(show(Look::Choose(thing)));
            if let Some(thing) = thing {
                super::scroll_form(thing);
            }
        }
    }

    /// Two clicks lead to the form.
    pub(super) fn clicked_twice(&self, event: &MouseEvent) {
        if let Some(thing) = self.pointed(event) {
            self.dispatch.emit(show(Look::Edit(thing)));
        }
    }

    fn pointed(&self, event: &Event) -> Option<Thing> {
        let scene = self.scene.borrow();
        let node = index(event, "data-node").and_then(|at| Some(scene.chart.nodes.get(at)?.thing));
        node.or_else(|| Some(scene.chart.edges.get(index(event, "data-edge")?)?.thing))
    }

    /// What the keyboard comes to is brought into sight.
    pub(super) fn focused(&self, event: &Event) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if !target.is_some_and(|target| target.matches(":focus-visible").unwrap_or(false)) {
            return;
        }
        let area = index(event, "data-node").and_then(|node| self.scene.borrow().areas.get(node).copied());
        if let Some(area) = area {
            self.bring(&area);
        }
    }

    /// The wheel pulls; with Ctrl, as of two fingers on a pad, it zooms where the pointer is.
    pub(super) fn wheel(&self, event: &WheelEvent) {
        let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { 16.0 };
        let (x, y) = (event.delta_x() * unit, event.delta_y() * unit);
        if event.ctrl_key() || event.meta_key() {
            let factor = (-y.clamp(-100.0, 100.0) / 250.0).exp();
            self.see_own(self.sight().zoomed(factor, self.local(event)));
        } else {
            self.see_own(self.sight().pulled(-x, -y));
        }
    }

    /// A key was pressed. Gives whether it means something here.
    pub(super) fn key(&self, event: &KeyboardEvent, chosen: Option<Thing>) -> bool {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        let far = STEPS[usize::from(event.shift_key())];
        match event.key().as_str() {
            "+" | "=" => self.step(1),
            "-" => self.step(-1),
            "0" => self.fit(),
            "ArrowLeft" => return self.nudge(event, -far, 0.0),
            "ArrowRight" => return self.nudge(event, far, 0.0),
            "ArrowUp" => return self.nudge(event, 0.0, -far),
            "ArrowDown" => return self.nudge(event, 0.0, far),
            "Escape" => return self.let_go(),
            "Enter" | " " => {
                let Some(thing) = self.pointed(event) else { return false };
                if chosen == Some(thing) {
                    self.dispatch.emit(show(Look::Edit(thing)));
                } else {
                    self.dispatch.emit(show(Look::Choose(Some(thing))));
                    super::scroll_form(thing);
                }
            }
            _ => return false,
        }
        true
    }

    fn nudge(&self, event: &Event, x: f64, y: f64) -> bool {
        let found = {
            let scene = self.scene.borrow();
            index(event, "data-node").and_then(|at| Some((scene.chart.nodes.get(at)?.thing, *scene.areas.get(at)?)))
        };
        let Some((thing, area)) = found else { return false };
        let corner = Point { x: area.at.x + x, y: area.at.y + y };
        self.dispatch.emit(edit(DiagramEdit::Nudge(thing, spot(corner))));
        self.bring(&Area { at: corner, ..area });
        true
    }

    /// Lets go of what is dragged, as if nobody had.
    fn let_go(&self) -> bool {
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

fn show(look: Look) -> Action {
    Action::Show(Show::Diagram(look))
}

fn edit(edit: DiagramEdit) -> Action {
    Action::Edit(Edit::Diagram(edit))
}

fn spot(point: Point) -> Spot {
    // Casts from float saturate.
    Spot { x: point.x.round() as i32, y: point.y.round() as i32 }
}

/// A box's place, as an SVG transformation.
pub(super) fn translate(corner: Point) -> String {
    format!("translate({} {})", corner.x, corner.y)
}

/// The number that the element around an event's target carries.
fn index(event: &Event, name: &str) -> Option<usize> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.closest(&format!("[{name}]")).ok()??.get_attribute(name)?.parse().ok()
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
        for (attribute, value) in [("x", x.as_str()), ("y", &y), ("text-anchor", anchor), ("visibility", visibility)] {
            let _ = name.set_attribute(attribute, value);
        }
    }
}

/// Where a name is drawn: x, y, anchor, visibility. One without room is there, but not seen.
pub(super) fn label_attributes(label: Option<&Label>) -> (String, String, &'static str, &'static str) {
    match label {
        Some(label) => (format!("{:.1}", label.at.x), format!("{:.1}", label.at.y), label.anchor, "visible"),
        None => ("0".into(), "0".into(), "start", "hidden"),
    }
}
