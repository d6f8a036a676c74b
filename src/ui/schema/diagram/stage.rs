//! The diagram on the screen: what of it is seen, and what keys, wheel and clicks do.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent, WheelEvent};
use yew::NodeRef;

use super::hand::Hand;
use super::looks::{DiagramEdit, Look, Thing};
use super::places::{Area, Scene};
use super::route::{Label, whole};
use super::sight::{STEP, Sight};
use crate::layout::{Point, Size};
use crate::project::Spot;
use crate::ui::action::{Action, Edit, Show};
use crate::ui::app::Dispatch;

/// The height that the buttons take at the bottom, in pixels: nothing is to begin beneath them.
const TOOLS: f64 = 40.0;
/// How far an arrow key moves a box, alone and with Shift.
const STEPS: [f64; 2] = [8.0, 40.0];

/// The diagram on the screen.
pub(super) struct Stage {
    /// The drawing.
    pub svg: NodeRef,
    /// Everything in it, moved and zoomed together.
    pub world: NodeRef,
    pub(super) dispatch: Dispatch,
    sight: Cell<Option<Sight>>,
    /// Whether a person has chosen what is seen. Until then, everything is.
    own: Cell<bool>,
    /// The room that there was when that was last decided.
    room: Cell<Option<Size>>,
    pub(super) scene: RefCell<Rc<Scene>>,
    pub(super) hand: RefCell<Hand>,
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
        let Some(room) = self.room() else { return };
        let whole = whole(&self.scene.borrow());
        let anew = self.room.replace(Some(room)) != Some(room) || anew;
        let free = above_tools(room);
        let kept = self.sight.get().filter(|sight| self.own.get() || (!anew && sight.does_for(&whole, free)));
        self.see(kept.unwrap_or_else(|| Sight::start(&whole, free)));
    }

    fn see(&self, sight: Sight) {
        self.sight.set(Some(sight));
        if let Some(world) = self.world.cast::<Element>() {
            let _ = world.set_attribute("transform", &sight.transform());
            let _ = world.class_list().toggle_with_force("diagram__world--far", sight.is_far());
        }
    }

    pub(super) fn see_own(&self, sight: Sight) {
        self.own.set(true);
        self.see(sight);
    }

    pub(super) fn sight(&self) -> Sight {
        self.sight.get().unwrap_or(Sight { at: Point { x: 0.0, y: 0.0 }, zoom: 1.0 })
    }

    /// The room there is; none while the panel is not shown.
    fn room(&self) -> Option<Size> {
        let area = self.svg.cast::<Element>()?.get_bounding_client_rect();
        let room = Size { width: area.width(), height: area.height() };
        (room.width >= 1.0 && room.height >= 1.0).then_some(room)
    }

    /// Where the pointer is, from the drawing's upper left corner.
    pub(super) fn local(&self, event: &MouseEvent) -> Point {
        let area = self.svg.cast::<Element>().map(|svg| svg.get_bounding_client_rect());
        let (left, top) = area.map_or((0.0, 0.0), |area| (area.left(), area.top()));
        Point { x: f64::from(event.client_x()) - left, y: f64::from(event.client_y()) - top }
    }

    /// Where in the diagram a place on the screen is.
    pub(super) fn inside(&self, at: Point) -> Point {
        let Sight { at: corner, zoom } = self.sight();
        Point { x: corner.x + at.x / zoom, y: corner.y + at.y / zoom }
    }

    /// A step larger (1) or smaller (−1), about the middle.
    pub(super) fn step(&self, by: i32) {
        if let Some(room) = self.room() {
            let middle = Point { x: room.width / 2.0, y: room.height / 2.0 };
            self.see_own(self.sight().zoomed(STEP.powi(by), middle));
        }
    }

    /// All of it.
    pub(super) fn fit(&self) {
        if let Some(room) = self.room() {
            self.see_own(Sight::fitting(&whole(&self.scene.borrow()), above_tools(room)));
        }
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
        let sight = self.sight();
        if let Some(room) = self.room().filter(|room| !sight.shows(area, *room)) {
            self.see_own(sight.towards(area, room));
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
            index(event, "data-node")
                .and_then(|at| Some((scene.chart.nodes.get(at)?.thing, *scene.areas.get(at)?)))
        };
        let Some((thing, area)) = found else { return false };
        let corner = Point { x: area.at.x + x, y: area.at.y + y };
        self.dispatch.emit(edit(DiagramEdit::Nudge(thing, spot(corner))));
        self.bring(&Area { at: corner, ..area });
        true
    }
}

fn show(look: Look) -> Action {
    Action::Show(Show::Diagram(look))
}

pub(super) fn edit(edit: DiagramEdit) -> Action {
    Action::Edit(Edit::Diagram(edit))
}

/// A place as the document keeps it.
pub(super) fn spot(point: Point) -> Spot {
    // Casts from float saturate.
    Spot { x: point.x.round() as i32, y: point.y.round() as i32 }
}

/// A box's place, as an SVG transformation.
pub(super) fn translate(corner: Point) -> String {
    format!("translate({} {})", corner.x, corner.y)
}

/// The number that the element around an event's target carries.
pub(super) fn index(event: &Event, name: &str) -> Option<usize> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.closest(&format!("[{name}]")).ok()??.get_attribute(name)?.parse().ok()
}

/// Where a name is drawn: x, y, anchor, visibility. One without room is there, but not seen.
pub(super) fn label_attributes(label: Option<&Label>) -> (String, String, &'static str, &'static str) {
    match label {
        Some(label) => (format!("{:.1}", label.at.x), format!("{:.1}", label.at.y), label.anchor, "visible"),
        None => ("0".into(), "0".into(), "start", "hidden"),
    }
}

/// The room that the buttons leave.
fn above_tools(room: Size) -> Size {
    Size { height: (room.height - TOOLS).max(TOOLS), ..room }
}
