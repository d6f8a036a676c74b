//! The diagram: models as boxes, relationships as lines with crow's feet, live at every keystroke.
//!
//! `chart` says what is drawn, `places` and `route` where; all three are pure. `stage` is the diagram under the hand.

pub mod chart;
mod draw;
mod export;
mod hand;
mod height;
mod looks;
pub mod places;
pub mod route;
pub mod sight;
mod stage;
mod table;

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, ResizeObserver, WheelEvent};
use yew::{
    AttrValue, Callback, Event, FocusEvent, Html, KeyboardEvent, MouseEvent, PointerEvent, Properties,
    classes, function_component, hook, html, use_effect, use_effect_with, use_memo, use_mut_ref,
    use_node_ref,
};

pub use self::looks::{DiagramEdit, Look, Looks, Thing};

use self::chart::chart;
use self::height::use_height;
use self::places::{Last, Scene, outline, scene};
use self::stage::Stage;
use crate::layout::Laid;
use crate::project::Spots;
use crate::ui::action::{Action, Edit, Show};
use crate::ui::app::{Dispatch, use_dispatch};
use crate::ui::dialog::Dialog;
use crate::ui::form::bring_into_sight;
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::legend::Legend;
use crate::ui::placing::use_laid;
use crate::ui::slice::Slice;
use crate::ui::state::{Good, Panel, State};

/// What [`Diagram`] shows.
#[derive(Properties, PartialEq)]
pub(super) struct DiagramProps {
    /// The last good schema and its tables.
    pub good: Slice<Good>,
    /// The models' colours.
    pub legend: Legend,
    /// Where boxes were put.
    pub spots: Spots,
    /// How it is shown.
    pub looks: Looks,
    /// The project's name, for files.
    pub name: AttrValue,
    /// Which of the opened documents it is.
    pub document: u32,
    /// Whether the schema as typed has errors, so that this is an older one.
    pub stale: bool,
    /// The panel that is shown where only one fits.
    pub panel: Panel,
}

/// The diagram of the state's last good schema.
pub(in crate::ui) fn diagram(state: &State, good: &Rc<Good>, legend: &Legend) -> Html {
    html! {
        <Diagram good={Slice::from(good)} legend={legend.clone()} spots={state.project.diagram.clone()}
            looks={state.view.diagram} name={state.project.name.clone()} document={state.history.document}
            stale={state.has_errors()} panel={state.view.panel} />
    }
}

#[function_component]
fn Diagram(props: &DiagramProps) -> Html {
    let looks = props.looks;
    let dispatch = use_dispatch();
    let joins = looks.shows_joins(&props.good);
    let chart = use_memo(
        (props.good.clone(), props.legend.clone(), looks.keys, joins),
        |(good, legend, keys, joins)| chart(good, legend, *keys, *joins),
    );
    let outline = use_memo(Rc::clone(&chart), |chart| outline(chart));
    let laid = use_laid(&outline);
    let last = use_mut_ref(|| (props.document, Last::default()));
    let stage = use_memo((), |()| Stage::new(dispatch.clone()));
    if last.borrow().0 != props.document {
        last.replace((props.document, Last::default()));
        stage.forget();
    }
    let placed = laid.as_deref().and_then(|laid| laid.as_ref().ok());
    let there = placed.is_some() || !last.borrow().1.is_empty();
    let now = Rc::new(scene(&chart, placed, &last.borrow().1, &props.spots));
    if placed.is_some() {
        last.borrow_mut().1 = now.last();
    }
    use_form_in_sight(props);
    use_stage(&stage, there.then(|| Rc::clone(&now)), looks);
    let section = use_node_ref();
    let height = use_height(&section);
    let frame = html! {
        <>
            { bar(props, joins, &dispatch) }
            if !looks.folded || looks.large {
                { told(laid.as_deref()) }
                if looks.table {
                    { table::table(&chart, looks.chosen) }
                } else if !matches!(laid.as_deref(), Some(Err(_))) {
                    { drawing(props, &dispatch, &stage, there.then_some(&now)) }
                }
            }
        </>
    };
    let close = dispatch.reform(|()| show(Look::Large(false)));
    html! {
        <>
            <section ref={section} aria-label="Diagram"
                class={classes!("diagram", looks.folded.then_some("diagram--folded"), props.stale.then_some("diagram--stale"))}>
                if looks.large {
                    { bar_of_absent(&dispatch) }
                    <Dialog title="Diagram" onclose={close}><div class="diagram diagram--large">{ frame }</div></Dialog>
                } else {
                    { frame }
                }
            </section>
            if !looks.folded {
                { height.border() }
            }
        </>
    }
}

fn show(look: Look) -> Action {
    Action::Show(Show::Diagram(look))
}

/// While the diagram fills the window, its place is kept by a line that says so.
fn bar_of_absent(dispatch: &Dispatch) -> Html {
    let back = dispatch.reform(|_: MouseEvent| show(Look::Large(false)));
    html! { <div class="panel__head"><h2 class="panel__title">{ "Schema" }</h2><button type="button" class="button" onclick={back}>{ "Back here" }</button></div> }
}

/// The heading: what is shown, and what can be done with it.
fn bar(props: &DiagramProps, joins: bool, dispatch: &Dispatch) -> Html {
    let looks = props.looks;
    let toggle = |label: &'static str, on: bool, look: fn(bool) -> Look| {
        let onclick = dispatch.reform(move |_: MouseEvent| show(look(!on)));
        html! {
            <button type="button" class={classes!("choice", "diagram__toggle", on.then_some("choice--on"))}
                aria-pressed={on.to_string()} {onclick}>{ label }</button>
        }
    };
    let open = !looks.folded;
    let fold = dispatch.reform(move |_: MouseEvent| show(Look::Folded(open)));
    let enlarge = dispatch.reform(|_: MouseEvent| show(Look::Large(true)));
    html! {
        <div class="panel__head diagram__bar">
            if !looks.large {
                <h2 class="panel__title">{ "Schema" }</h2>
            }
            if open || looks.large {
                <span class="diagram__toggles" role="group" aria-label="The diagram shows">
                    { toggle("keys", looks.keys, Look::Keys) }
                    { toggle("join tables", joins, Look::Joins) }
                </span>
                <span class="diagram__gap" />
                { toggle("Table", looks.table, Look::Table) }
            }
            if !looks.large {
                if open {
                    <IconButton glyph={Glyph::Large} label="Enlarge the diagram" onclick={enlarge} />
                } else {
                    <span class="diagram__gap" />
                }
                <IconButton glyph={if open { Glyph::Up } else { Glyph::Down }} expanded={open}
                    label={if open { "Fold the diagram away" } else { "Show the diagram" }} onclick={fold} />
            }
        </div>
    }
}

/// Why there is no drawing, if there is none.
fn told(laid: Option<&Laid>) -> Html {
    match laid {
        Some(Err(why)) => html! {
            <p class="diagram__told">{ "There is no drawing (" }{ why }{ "). The table says the same." }</p>
        },
        _ => Html::default(),
    }
}

fn drawing(props: &DiagramProps, dispatch: &Dispatch, stage: &Rc<Stage>, scene: Option<&Rc<Scene>>) -> Html {
    let looks = props.looks;
    let on = |act: fn(&Stage, &PointerEvent)| {
        let stage = Rc::clone(stage);
        Callback::from(move |event: PointerEvent| act(&stage, &event))
    };
    let click = |act: fn(&Stage, &MouseEvent)| {
        let stage = Rc::clone(stage);
        Callback::from(move |event: MouseEvent| act(&stage, &event))
    };
    let zoom = |by: i32| {
        let stage = Rc::clone(stage);
        Callback::from(move |_: MouseEvent| stage.step(by))
    };
    let onkeydown = {
        let stage = Rc::clone(stage);
        Callback::from(move |event: KeyboardEvent| {
            if stage.key(&event, looks.chosen) {
                event.prevent_default();
                event.stop_propagation();
            }
        })
    };
    let onfocusin = {
        let stage = Rc::clone(stage);
        Callback::from(move |event: FocusEvent| stage.focused(&Event::from(event)))
    };
    html! {
        <div class="diagram__frame" aria-busy={scene.is_none().then_some("true")}>
            <button type="button" class="diagram__past" onclick={Callback::from(|_: MouseEvent| go_past())}>{ "Past the diagram" }</button>
            if props.stale {
                <p class="diagram__stale">{ "From before the errors" }</p>
            }
            <svg ref={stage.svg.clone()} class="diagram__drawing" role="application" aria-label="Models and relationships"
                aria-describedby="diagram-keys" onpointerdown={on(Stage::down)} onpointermove={on(Stage::moved)}
                onpointerup={on(|stage, event| stage.up(event, true))} onpointercancel={on(|stage, event| stage.up(event, false))}
                onclick={click(Stage::clicked)} ondblclick={click(Stage::clicked_twice)} {onkeydown} {onfocusin}>
                <g ref={stage.world.clone()} class="diagram__world">
                    { for scene.map(|scene| draw::drawn(scene, looks.chosen)) }
                </g>
            </svg>
            <p class="unseen" id="diagram-keys">
                { "Arrow keys move the box that has the focus, Enter chooses it, Enter again leads to its form; plus, minus and 0 zoom." }
            </p>
            if !props.spots.is_empty() {
                <button type="button" class="button diagram__arrange" title="Forget where boxes were put, and lay all of them out anew"
                    onclick={dispatch.reform(|_: MouseEvent| Action::Edit(Edit::Diagram(DiagramEdit::Arrange)))}>{ "Arrange" }</button>
            }
            <div class="diagram__tools">
                { for scene.map(|scene| takes(props, stage, scene)) }
                <div class="diagram__buttons" role="group" aria-label="Zoom">
                    <button type="button" aria-label="Smaller" title="Smaller (−)" onclick={zoom(-1)}>{ "−" }</button>
                    <button type="button" aria-label="Larger" title="Larger (+)" onclick={zoom(1)}>{ "+" }</button>
                    <button type="button" title="Show the whole diagram (0)" onclick={click(|stage, _| stage.fit())}>{ "Fit" }</button>
                </div>
            </div>
        </div>
    }
}

/// The buttons that save the diagram as a picture.
fn takes(props: &DiagramProps, stage: &Rc<Stage>, scene: &Rc<Scene>) -> Html {
    let take = |label: &'static str, title: &'static str, take: fn(&Element, &Scene, &str)| {
        let (world, scene, name) = (stage.world.clone(), Rc::clone(scene), props.name.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            if let Some(world) = world.cast::<Element>() {
                take(&world, &scene, &name);
            }
        });
        html! { <button type="button" {title} aria-label={title} {onclick}>{ label }</button> }
    };
    html! {
        <div class="diagram__buttons" role="group" aria-label="Save as a picture">
            { take("SVG", "Save the diagram as SVG", export::svg) }
            { take("PNG", "Save the diagram as PNG", export::png) }
        </div>
    }
}

/// From a drawing with many stops of the Tab key to what follows it.
fn go_past() {
    let next =
        gloo::utils::document().query_selector(".schema__languages [aria-selected='true']").ok().flatten();
    if let Some(next) = next.and_then(|next| next.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = next.focus();
    }
}

/// Keeps the stage at what is drawn: after each drawing, at another size, with the wheel, and when something is chosen.
#[hook]
fn use_stage(stage: &Rc<Stage>, scene: Option<Rc<Scene>>, looks: Looks) {
    {
        let stage = Rc::clone(stage);
        use_effect(move || {
            if let Some(scene) = scene {
                stage.settle(scene);
            }
        });
    }
    {
        let stage = Rc::clone(stage);
        use_effect_with((looks.large, looks.folded, looks.table), move |(large, ..)| {
            if *large {
                stage.forget();
            }
            stage.look(true);
            let listening = stage.svg.cast::<Element>().map(|svg| listen(&svg, &stage));
            move || drop(listening)
        });
    }
    let stage = Rc::clone(stage);
    use_effect_with(looks.chosen, move |chosen| {
        if let Some(thing) = chosen {
            stage.reveal(*thing);
        }
    });
}

struct Listening {
    _wheel: EventListener,
    sizes: Option<ResizeObserver>,
    _sized: Closure<dyn FnMut()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(sizes) = &self.sizes {
            sizes.disconnect();
        }
    }
}

/// The wheel must not scroll the page, which only a listener of one's own can say; and the frame's size can change
/// without the window's.
fn listen(svg: &Element, stage: &Rc<Stage>) -> Listening {
    let wheel = {
        let stage = Rc::clone(stage);
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(svg, "wheel", options, move |event| {
            if let Some(event) = event.dyn_ref::<WheelEvent>() {
                event.prevent_default();
                stage.wheel(event);
            }
        })
    };
    let sized = {
        let stage = Rc::clone(stage);
        Closure::<dyn FnMut()>::new(move || stage.look(false))
    };
    let sizes = ResizeObserver::new(sized.as_ref().unchecked_ref()).ok();
    if let Some(sizes) = &sizes {
        sizes.observe(svg);
    }
    Listening { _wheel: wheel, sizes, _sized: sized }
}

/// Where only one panel fits, what was chosen in the diagram is in sight when the form comes.
#[hook]
fn use_form_in_sight(props: &DiagramProps) {
    let chosen = props.looks.chosen;
    use_effect_with(props.panel, move |panel| {
        if let (Panel::Define, Some(thing)) = (panel, chosen) {
            scroll_form(thing);
        }
    });
}

/// Brings what is chosen in the diagram into sight in the form.
fn scroll_form(thing: Thing) {
    let card = gloo::utils::document().get_element_by_id(&card_id(thing));
    if let Some(card) = card {
        bring_into_sight(&card);
    }
}

/// The `id` of a thing's card in the form.
pub fn card_id(thing: Thing) -> String {
    format!("{thing}-card")
}

/// What the form does when the focus comes to a card: chooses it, unless it is chosen.
pub fn on_card_focus(dispatch: &Dispatch, thing: Thing, chosen: bool) -> Callback<FocusEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_: FocusEvent| {
        if !chosen {
            dispatch.emit(show(Look::Choose(Some(thing))));
        }
    })
}
