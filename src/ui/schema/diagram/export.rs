//! The diagram as a picture to take along: an SVG that needs nothing else, or a PNG of it. Always in light colours.

use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement,
    HtmlImageElement, Url, XmlSerializer,
};

use super::places::{Area, Scene};
use super::route::whole;
use crate::ui::files::{file_name, offer};

/// What is taken from the style sheets, as attributes of the same names.
const STYLES: [&str; 12] = [
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "paint-order",
    "font-family",
    "font-size",
    "font-weight",
    "text-decoration-line",
    "opacity",
];
/// What is of use on the page only.
const PAGE_ONLY: [&str; 8] =
    ["class", "data-of", "data-node", "data-edge", "tabindex", "role", "aria-label", "aria-current"];
/// A PNG has so many pixels for one of the diagram's, but no side longer than this.
const SHARP: f64 = 2.0;
const LONGEST: f64 = 8000.0;

/// Offers the picture as an SVG.
pub(super) fn svg(world: &Element, scene: &Scene, project: &str) {
    // Fails only where the browser forbids downloads, and then it says so itself.
    let _ = svg_blob(world, &whole(scene)).and_then(|blob| offer(&file_name(project, "svg"), &blob));
}

/// Offers the picture as a PNG.
pub(super) fn png(world: &Element, scene: &Scene, project: &str) {
    let whole = whole(scene);
    let name = file_name(project, "png");
    let _ = svg_blob(world, &whole).and_then(|blob| draw(&blob, &whole, name));
}

fn svg_blob(world: &Element, whole: &Area) -> Result<Blob, JsValue> {
    let text = standalone(world, whole)?;
    let kind = BlobPropertyBag::new();
    kind.set_type("image/svg+xml");
    Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &kind)
}

/// The drawing as the text of a file. It is drawn once more beside the page, in light colours, and what the style
/// sheets say of each part is written to the part itself.
fn standalone(world: &Element, whole: &Area) -> Result<String, JsValue> {
    let document = gloo::utils::document();
    let body = gloo::utils::body();
    let svg = document.create_element_ns(Some("http://www.w3.org/2000/svg"), "svg")?;
    svg.set_attribute("class", "diagram__export")?;
    let copy: Element = world.clone_node_with_deep(true)?.unchecked_into();
    for name in ["transform", "class"] {
        copy.remove_attribute(name)?;
    }
    svg.append_child(&copy)?;
    body.append_child(&svg)?;
    let written = write_styles(&copy);
    let paper = computed(&svg)?.get_property_value("background-color").unwrap_or_default();
    body.remove_child(&svg)?;
    written?;
    let Area { at, size } = whole;
    svg.remove_attribute("class")?;
    svg.set_attribute("width", &px(size.width))?;
    svg.set_attribute("height", &px(size.height))?;
    let view = [at.x, at.y, size.width, size.height].map(px);
    svg.set_attribute("viewBox", &view.join(" "))?;
    let ground = document.create_element_ns(Some("http://www.w3.org/2000/svg"), "rect")?;
    for (name, value) in ["x", "y", "width", "height"].iter().zip(&view) {
        ground.set_attribute(name, value)?;
    }
    ground.set_attribute("fill", &paper)?;
    svg.insert_before(&ground, Some(&copy))?;
    XmlSerializer::new()?.serialize_to_string(&svg)
}

/// Writes what is computed for each part to it, then takes away what only the page needs: not before all is read, for
/// a part's style hangs on its class.
fn write_styles(world: &Element) -> Result<(), JsValue> {
    let all = world.query_selector_all("*")?;
    let parts: Vec<Element> = (0..all.length()).filter_map(|at| all.item(at)?.dyn_into().ok()).collect();
    let mut unseen = Vec::new();
    for part in &parts {
        let styles = computed(part)?;
        if styles.get_property_value("display")? == "none" {
            unseen.push(part);
        }
        if matches!(part.tag_name().as_str(), "g" | "title") {
            continue;
        }
        for name in STYLES {
            let value = styles.get_property_value(name)?;
            let plain =
                matches!(value.as_str(), "" | "none" | "normal" | "1") && name != "fill" && name != "stroke";
            if !plain {
                part.set_attribute(name, &value)?;
            }
        }
    }
    for part in &parts {
        PAGE_ONLY.iter().try_for_each(|name| part.remove_attribute(name))?;
    }
    unseen.into_iter().for_each(|part| part.remove());
    Ok(())
}

fn computed(element: &Element) -> Result<CssStyleDeclaration, JsValue> {
    gloo::utils::window().get_computed_style(element)?.ok_or(JsValue::NULL)
}

/// Draws an SVG on a canvas, and offers that.
fn draw(svg: &Blob, whole: &Area, name: String) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(svg)?;
    let image = HtmlImageElement::new()?;
    let longest = whole.size.width.max(whole.size.height);
    let scale = SHARP.min(LONGEST / longest);
    let (width, height) = (whole.size.width * scale, whole.size.height * scale);
    let drawn = image.clone();
    let address = url.clone();
    let onload = Closure::once_into_js(move || {
        let _ = on_canvas(&drawn, width, height, name);
        let _ = Url::revoke_object_url(&address);
    });
    image.set_onload(Some(onload.unchecked_ref()));
    image.set_src(&url);
    Ok(())
}

fn on_canvas(image: &HtmlImageElement, width: f64, height: f64, name: String) -> Result<(), JsValue> {
    let canvas: HtmlCanvasElement = gloo::utils::document().create_element("canvas")?.unchecked_into();
    // Casts from float saturate, and the sides are no longer than LONGEST.
    canvas.set_width(width.ceil() as u32);
    canvas.set_height(height.ceil() as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, width, height)?;
    let done = Closure::once_into_js(move |blob: Option<Blob>| {
        if let Some(blob) = blob {
            let _ = offer(&name, &blob);
        }
    });
    canvas.to_blob(done.unchecked_ref())
}

fn px(value: f64) -> String {
    format!("{value:.0}")
}
