//! The drawing of the objects: boxes in the models' colours, edges named by their properties. It can be zoomed by
//! buttons and dragged.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, KeyboardEvent, PointerEvent, ResizeObserver};
use yew::{
    Callback, Html, NodeRef, classes, function_component, html, use_effect_with, use_memo, use_mut_ref,
    use_node_ref, use_state_eq,
};

use super::graph::caption;
use super::picture::{OBJECTS_DRAWN, Tie, ties};
use super::{TabProps, object_tokens, token};
use crate::layout::{Connection, Course, Outline, Placed, Point, Size, path};
use crate::schema::ModelId;
use crate::ui::arrows;
use crate::ui::placing::use_laid;
use crate::ui::state::Ran;

/// The width of a letter of a box's text and of an edge's, in pixels. Generous: fonts differ.
const LETTER: f64 = 8.2;
const BOX_HEIGHT: f64 = 52.0;
/// How much a step of zooming changes.
const STEP: f64 = 1.25;
/// Below this, letters are too small to read, so the drawing starts cut off rather than small.
const LEAST_AT_START: f64 = 0.6;

/// What is seen: the drawing's point in the upper left corner, and how many pixels of the screen one of its own takes.
#[derive(Clone, Copy, PartialEq)]
struct Sight {
    at: Point,
    zoom: f64,
}

struct Picture {
    outline: Rc<Outline>,
    ties: Vec<Tie>,
    names: Vec<(String, String)>,
}

/// The drawing.
#[function_component]
pub(super) fn Drawing(props: &TabProps) -> Html {
    let picture = use_memo((props.ran.clone(), props.legend.clone()), |(ran, legend)| {
        draw(ran, |object| legend.object(object.model, &object.key))
    });
    let frame = use_node_ref();
    let room = use_room(&frame);
    let sight = use_state_eq(|| None::<Sight>);
    let drag = use_mut_ref(|| None::<(Point, Point)>);
    let laid = use_laid(&picture.outline);
    let placed = laid.as_ref().and_then(|laid| laid.as_ref().as_ref().ok());
    let whole = placed.map_or(Size { width: 0.0, height: 0.0 }, |placed| placed.size);
    let seen = sight.unwrap_or_else(|| start(whole, room));
    let zoom_by = |factor: f64| {
        let sight = sight.clone();
        Callback::from(move |_| {
            let zoom = (seen.zoom * factor).clamp(0.1, 4.0);
            // The middle stays where it is.
            let shift = |room: f64| room / 2.0 / seen.zoom - room / 2.0 / zoom;
            let at = Point { x: seen.at.x + shift(room.width), y: seen.at.y + shift(room.height) };
            sight.set(Some(Sight { at, zoom }));
        })
    };
    let fit = {
        let sight = sight.clone();
        Callback::from(move |_| sight.set(Some(fitting(whole, room))))
    };
    let onpointerdown = {
        let drag = drag.clone();
        Callback::from(move |event: PointerEvent| {
            *drag.borrow_mut() = Some((screen(&event), seen.at));
            if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok())
            {
                // Without capture, dragging ends at the border.
                let _ = element.set_pointer_capture(event.pointer_id());
            }
        })
    };
    let onpointermove = {
        let (drag, sight) = (drag.clone(), sight.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some((from, at)) = *drag.borrow() {
                let now = screen(&event);
                let at =
                    Point { x: at.x - (now.x - from.x) / seen.zoom, y: at.y - (now.y - from.y) / seen.zoom };
                sight.set(Some(Sight { at, zoom: seen.zoom }));
            }
        })
    };
    let end = Callback::from(move |_: PointerEvent| *drag.borrow_mut() = None);
    let view_box = format!(
        "{:.1} {:.1} {:.1} {:.1}",
        seen.at.x,
        seen.at.y,
        room.width / seen.zoom,
        room.height / seen.zoom
    );
    if let Some(Err(why)) = laid.as_deref() {
        return html! {
            <p class="results__none">{ "There is no drawing (" }{ why }{ "). The table says the same." }</p>
        };
    }
    html! {
        <>
        <div class="graph__zoom" role="group" aria-label="Zoom">
            <button type="button" aria-label="Smaller" title="Smaller" onclick={zoom_by(1.0 / STEP)}>{ "−" }</button>
            <button type="button" aria-label="Larger" title="Larger" onclick={zoom_by(STEP)}>{ "+" }</button>
            <button type="button" title="Show the whole drawing" onclick={fit}>{ "Fit" }</button>
        </div>
        <div class="graph__frame" ref={frame} aria-busy={placed.is_none().then_some("true")}>
            <svg class="graph__drawing" viewBox={view_box} role="group" aria-label="Objects and their links"
                onkeydown={|event: KeyboardEvent| arrows::go(&event, ".graph__drawing", ".graph__node")}
                {onpointerdown} {onpointermove} onpointerup={end.clone()} onpointercancel={end}>
                { arrow() }
                { for placed.map(|placed| drawn(props, &picture, placed)) }
            </svg>
        </div>
        </>
    }
}

fn draw(ran: &Ran, name: impl Fn(&crate::protocol::ObjectView) -> String) -> Picture {
    let objects = || ran.outcome.graph.objects.iter().take(OBJECTS_DRAWN);
    let names: Vec<(String, String)> = objects().map(|object| (name(object), caption(ran, object))).collect();
    let width = |text: &str| text.chars().count() as f64 * LETTER;
    let sizes: Vec<Size> = names
        .iter()
        .map(|(name, caption)| Size {
            width: width(name).max(width(caption)).max(40.0) + 24.0,
            height: if caption.is_empty() { 34.0 } else { BOX_HEIGHT },
        })
        .collect();
    let sizes = same_width_by_model(&sizes, &objects().map(|object| object.model).collect::<Vec<_>>());
    let ties = ties(&ran.outcome.graph);
    let connections: Vec<Connection> = ties
        .iter()
        .map(|tie| {
            let (from, to) = tie.ends();
            Connection {
                from,
                to,
                label: Size { width: width(&tie.label(&ran.good.schema)) + 8.0, height: 18.0 },
            }
        })
        .collect();
    Picture { outline: Rc::new(Outline { boxes: sizes, connections, apart: false }), ties, names }
}

/// Boxes of a model are equally wide, so that they stand in columns.
fn same_width_by_model(sizes: &[Size], models: &[ModelId]) -> Vec<Size> {
    let widest = |model: ModelId| {
        let same = sizes.iter().zip(models).filter(|(_, other)| **other == model);
        same.fold(0.0_f64, |widest, (size, _)| widest.max(size.width))
    };
    sizes.iter().zip(models).map(|(size, model)| Size { width: widest(*model), ..*size }).collect()
}

/// The room there is for the drawing, measured once it is there and whenever it changes.
#[yew::hook]
fn use_room(frame: &NodeRef) -> Size {
    let room = use_state_eq(|| Size { width: 600.0, height: 400.0 });
    {
        let (frame, room) = (frame.clone(), room.clone());
        use_effect_with((), move |()| {
            let frame = frame.cast::<Element>();
            let element = frame.clone();
            let measure = Closure::<dyn FnMut()>::new(move || {
                if let Some(element) = &element {
                    let (width, height) = (element.client_width(), element.client_height());
                    room.set(Size { width: f64::from(width.max(1)), height: f64::from(height.max(1)) });
                }
            });
            // It tells the first size, too.
            let sizes = ResizeObserver::new(measure.as_ref().unchecked_ref()).ok();
            sizes.iter().zip(&frame).for_each(|(sizes, frame)| sizes.observe(frame));
            move || {
                sizes.iter().for_each(ResizeObserver::disconnect);
                drop(measure);
            }
        });
    }
    *room
}

fn screen(event: &PointerEvent) -> Point {
    Point { x: f64::from(event.client_x()), y: f64::from(event.client_y()) }
}

/// The whole drawing in the middle, never larger than life.
fn fitting(whole: Size, room: Size) -> Sight {
    let zoom = (room.width / whole.width).min(room.height / whole.height).min(1.0);
    centred(whole, room, zoom)
}

/// As fitting, but no smaller than one can read; then it starts at the upper left.
fn start(whole: Size, room: Size) -> Sight {
    let zoom = fitting(whole, room).zoom.max(LEAST_AT_START);
    centred(whole, room, zoom)
}

fn centred(whole: Size, room: Size, zoom: f64) -> Sight {
    let middle = |whole: f64, room: f64| ((whole - room / zoom) / 2.0).min(0.0);
    Sight { at: Point { x: middle(whole.width, room.width), y: middle(whole.height, room.height) }, zoom }
}

fn arrow() -> Html {
    html! {
        <defs>
            <marker id="graph-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"
                markerUnits="userSpaceOnUse" orient="auto-start-reverse">
                <path class="graph__arrow" d="M0 0 L8 4 L0 8 z" />
            </marker>
        </defs>
    }
}

fn drawn(props: &TabProps, picture: &Picture, placed: &Placed) -> Html {
    let edges = picture.ties.iter().zip(&placed.edges).enumerate();
    html! {
        <>
            { for edges.map(|(at, (tie, course))| edge(props, at, tie, course)) }
            { for placed.boxes.iter().enumerate().map(|(at, centre)| node(props, picture, at, *centre)) }
        </>
    }
}

fn edge(props: &TabProps, at: usize, tie: &Tie, course: &Course) -> Html {
    let both = tie.loaded == [true, true];
    let label = tie.label(&props.ran.good.schema);
    let objects = &props.ran.outcome.graph.objects;
    let of = format!("{} {} {}", tie.relationship, token(objects[tie.left].id), token(objects[tie.right].id));
    html! {
        <g class="graph__edge" key={format!("edge-{at}")} data-of={of}>
            <path class="graph__line" d={path(&course.points)} marker-end="url(#graph-arrow)"
                marker-start={both.then_some("url(#graph-arrow)")} />
            <text class="graph__name" x={px(course.label.x)} y={px(course.label.y + 5.0)}>{ label }</text>
        </g>
    }
}

fn node(props: &TabProps, picture: &Picture, at: usize, centre: Point) -> Html {
    let (object, size) = (&props.ran.outcome.graph.objects[at], picture.outline.boxes[at]);
    let (name, caption) = &picture.names[at];
    let left = centre.x - size.width / 2.0;
    let top = centre.y - size.height / 2.0;
    let of = object_tokens(object);
    let label = format!("{} {name} {caption}", props.legend.name(object.model));
    html! {
        <g class={classes!("graph__node", props.legend.class(object.model))} key={format!("node-{}", object.id.0)}
            data-of={of} tabindex="0" role="img" aria-label={label}>
            <rect class="graph__box" x={px(left)} y={px(top)} width={px(size.width)} height={px(size.height)} rx="6" />
            <text class="graph__badge" x={px(left + 12.0)} y={px(top + 22.0)}>{ name }</text>
            if !caption.is_empty() {
                <text class="graph__text" x={px(left + 12.0)} y={px(top + 41.0)}>{ caption }</text>
            }
        </g>
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}
