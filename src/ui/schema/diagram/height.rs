//! The border below the diagram: dragged with the pointer or moved with the arrow keys, and remembered.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::{
    Callback, Html, KeyboardEvent, MouseEvent, NodeRef, PointerEvent, UseStateHandle, hook, html,
    use_effect_with, use_state,
};

use crate::ui::storage;

/// The diagram's share of the panel when nobody has moved the border, in percent.
const START: f64 = 46.0;
/// The least and the most that it gets.
const LIMITS: [f64; 2] = [18.0, 82.0];
/// How far an arrow key moves the border.
const STEP: f64 = 4.0;

/// The border and where it is.
pub(super) struct Height {
    section: NodeRef,
    share: UseStateHandle<f64>,
}

/// Keeps the diagram's share of the panel in a custom property of its section, and in the browser.
#[hook]
pub(super) fn use_height(section: &NodeRef) -> Height {
    let share = use_state(|| storage::read_diagram().unwrap_or(START).clamp(LIMITS[0], LIMITS[1]));
    let node = section.clone();
    use_effect_with(*share, move |share| {
        if let Some(section) = node.cast::<HtmlElement>() {
            // Through the CSSOM: the content security policy forbids style attributes.
            let _ = section.style().set_property("--diagram", &format!("{share:.1}%"));
        }
        if *share != START || storage::read_diagram().is_some() {
            storage::keep_diagram(*share);
        }
    });
    Height { section: section.clone(), share }
}

impl Height {
    /// Draws the border.
    pub(super) fn border(&self) -> Html {
        let reset = {
            let share = self.share.clone();
            Callback::from(move |_: MouseEvent| share.set(START))
        };
        html! {
            <div class="border border--diagram" role="separator" tabindex="0" aria-label="Border below the diagram"
                aria-orientation="horizontal" aria-valuenow={format!("{:.0}", *self.share)} aria-valuemin="0" aria-valuemax="100"
                title="Drag, or use the arrow keys; double click to reset" onpointerdown={Callback::from(capture)}
                onpointermove={self.on_drag()} onkeydown={self.on_key()} ondblclick={reset} />
        }
    }

    fn on_drag(&self) -> Callback<PointerEvent> {
        let (section, share) = (self.section.clone(), self.share.clone());
        Callback::from(move |event: PointerEvent| {
            let panel = section.cast::<Element>().and_then(|section| section.parent_element());
            if let (true, Some(panel)) = (event.buttons() & 1 == 1, panel) {
                let area = panel.get_bounding_client_rect();
                let to = (f64::from(event.client_y()) - area.top()) / area.height().max(1.0) * 100.0;
                share.set(to.clamp(LIMITS[0], LIMITS[1]));
            }
        })
    }

    fn on_key(&self) -> Callback<KeyboardEvent> {
        let share = self.share.clone();
        Callback::from(move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowUp" => -STEP,
                "ArrowDown" => STEP,
                _ => return,
            };
            event.prevent_default();
            share.set((*share + by).clamp(LIMITS[0], LIMITS[1]));
        })
    }
}

fn capture(event: PointerEvent) {
    if let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
        // Without it a quick drag would lose the border.
        let _ = target.set_pointer_capture(event.pointer_id());
        event.prevent_default();
    }
}
