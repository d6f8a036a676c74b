//! The borders between panels: dragged with the pointer or moved with the arrow keys, and remembered.
//!
//! Their places are custom properties of the frame, set through the CSSOM: the content security policy forbids
//! style attributes.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::{
    Callback, Html, KeyboardEvent, MouseEvent, NodeRef, PointerEvent, UseStateHandle, hook, html,
    use_effect_with, use_state,
};

use crate::ui::presenting;
use crate::ui::storage;

/// A border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Border {
    /// Right of the form.
    Define,
    /// Left of the query.
    Query,
    /// Above the data.
    Data,
}

/// Where the borders are when nobody moved them, in percent of the frame: the form's right edge, the query's left
/// edge, the data's upper edge. A high window shows a relationship below two models, and rows enough.
fn start() -> [f64; 3] {
    let height = gloo::utils::window().inner_height().ok().and_then(|height| height.as_f64());
    [30.0, 60.0, if height.is_some_and(|height| height >= 850.0) { 74.0 } else { 67.0 }]
}

/// No panel gets smaller than this, in percent.
const LEAST: f64 = 12.0;
/// How far an arrow key moves a border.
const STEP: f64 = 2.0;

/// The borders and where they are.
pub(super) struct Borders {
    frame: NodeRef,
    places: UseStateHandle<[f64; 3]>,
}

/// Keeps the borders' places in the frame's custom properties and in the browser.
#[hook]
pub(super) fn use_borders(frame: &NodeRef) -> Borders {
    let places =
        use_state(|| storage::read_layout().and_then(|kept| kept.try_into().ok()).unwrap_or_else(start));
    let node = frame.clone();
    use_effect_with(*places, move |places| {
        if let Some(frame) = node.cast::<HtmlElement>() {
            set_places(&frame, places);
        }
        if *places != start() || storage::read_layout().is_some() {
            storage::keep_layout(places);
        }
    });
    Borders { frame: frame.clone(), places }
}

fn set_places(frame: &HtmlElement, [define, query, data]: &[f64; 3]) {
    let shares = [
        ("--define", *define),
        ("--schema", query - define),
        ("--query", 100.0 - query),
        // With two columns there is one border between them: where the first of the two is, a little further.
        ("--define-2", define * 1.5),
        ("--query-2", 100.0 - define * 1.5),
        ("--upper", *data),
        ("--lower", 100.0 - data),
    ];
    for (name, share) in shares {
        let _ = frame.style().set_property(name, &format!("{share:.2}fr"));
    }
}

/// The places after one border was moved to a percentage.
fn moved(places: [f64; 3], border: Border, to: f64) -> [f64; 3] {
    let [define, query, data] = places;
    match border {
        Border::Define => [to.clamp(LEAST, (query - LEAST).min(55.0)), query, data],
        Border::Query => [define, to.clamp(define + LEAST, 100.0 - LEAST), data],
        Border::Data => [define, query, to.clamp(2.0 * LEAST, 100.0 - LEAST)],
    }
}

impl Borders {
    /// Draws a border.
    pub(super) fn between(&self, border: Border) -> Html {
        let (class, label, orientation, at) = match border {
            Border::Define => ("border border--1", "Border right of Define", "vertical", self.places[0]),
            Border::Query => ("border border--2", "Border left of Query", "vertical", self.places[1]),
            Border::Data => ("border border--3", "Border above Data", "horizontal", self.places[2]),
        };
        html! {
            <div
                {class}
                role="separator"
                tabindex="0"
                aria-label={label}
                aria-orientation={orientation}
                aria-valuenow={format!("{at:.0}")}
                aria-valuemin="0"
                aria-valuemax="100"
                title="Drag, or use the arrow keys; double click to reset"
                onpointerdown={Callback::from(capture)}
                onpointermove={self.on_drag(border)}
                onkeydown={self.on_key(border)}
                ondblclick={self.on_reset()}
            />
        }
    }

    fn on_drag(&self, border: Border) -> Callback<PointerEvent> {
        let (frame, places) = (self.frame.clone(), self.places.clone());
        Callback::from(move |event: PointerEvent| {
            let dragging = event.buttons() & 1 == 1;
            if let (true, Some(frame)) = (dragging, frame.cast::<Element>()) {
                let area = frame.get_bounding_client_rect();
                let mut to = match border {
                    Border::Data => (f64::from(event.client_y()) - area.top()) / area.height() * 100.0,
                    _ => (f64::from(event.client_x()) - area.left()) / area.width() * 100.0,
                };
                if border == Border::Define && (area.width() <= 1180.0 || is_presenting()) {
                    to /= 1.5;
                }
                places.set(moved(*places, border, to));
            }
        })
    }

    fn on_key(&self, border: Border) -> Callback<KeyboardEvent> {
        let places = self.places.clone();
        Callback::from(move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowLeft" | "ArrowUp" => -STEP,
                "ArrowRight" | "ArrowDown" => STEP,
                _ => return,
            };
            event.prevent_default();
            let at = match border {
                Border::Define => places[0],
                Border::Query => places[1],
                Border::Data => places[2],
            };
            places.set(moved(*places, border, at + by));
        })
    }

    fn on_reset(&self) -> Callback<MouseEvent> {
        let places = self.places.clone();
        Callback::from(move |_| places.set(start()))
    }
}

fn is_presenting() -> bool {
    gloo::utils::document_element().has_attribute(presenting::ATTRIBUTE)
}

fn capture(event: PointerEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(target) = target {
        // Without it a quick drag would lose the border.
        let _ = target.set_pointer_capture(event.pointer_id());
        event.prevent_default();
    }
}
