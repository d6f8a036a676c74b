//! Arrow keys that go from thing to thing as they lie on the screen: to the nearest in that direction.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Where a thing lies: left, top, right, bottom.
type Box = [f64; 4];

/// Moves the focus to the nearest of the things that a selector finds within the frame that another one names. From the
/// frame itself, an arrow goes to the first. Other keys, and those pressed in something to type into, are left alone.
pub fn go(event: &KeyboardEvent, frame: &str, things: &str) {
    let Some(focused) = document().active_element() else { return };
    let frame = focused.closest(frame).ok().flatten();
    let Some((frame, direction)) = frame.zip(direction(&event.key())) else { return };
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
        return;
    }
    let found = frame.query_selector_all(things).ok();
    let all = (0..found.as_ref().map_or(0, |found| found.length()))
        .filter_map(|at| found.as_ref()?.item(at)?.dyn_into::<Element>().ok());
    // What is folded away has no size.
    let all: Vec<Element> = all.filter(|thing| thing.get_bounding_client_rect().height() > 0.0).collect();
    let to = match focused.matches(things) {
        Ok(true) => {
            let boxes: Vec<Box> = all.iter().map(place).collect();
            nearest(place(&focused), &boxes, direction).and_then(|at| all.get(at))
        }
        // Elsewhere in it, such as on a button, arrows have their own meaning.
        _ if focused == frame => all.first(),
        _ => None,
    };
    if let Some(to) = to {
        event.prevent_default();
        // Parts of a drawing take the focus as other elements do, but are of another type. What cannot, leaves it.
        let _ = to.unchecked_ref::<HtmlElement>().focus();
    }
}

/// From a panel that has the focus itself, the first arrow goes into what it shows.
pub fn enter(event: &KeyboardEvent, panel: &str, things: &str) {
    if document().active_element().is_some_and(|focused| focused.matches(panel).unwrap_or(false)) {
        go(event, panel, things);
    }
}

fn place(element: &Element) -> Box {
    let place = element.get_bounding_client_rect();
    [place.left(), place.top(), place.right(), place.bottom()]
}

/// The axis, and whether it goes on along it or back.
fn direction(key: &str) -> Option<(usize, bool)> {
    match key {
        "ArrowRight" => Some((0, true)),
        "ArrowLeft" => Some((0, false)),
        "ArrowDown" => Some((1, true)),
        "ArrowUp" => Some((1, false)),
        _ => None,
    }
}

/// The nearest box in a direction; one that lies aside counts as further away.
fn nearest(from: Box, boxes: &[Box], (axis, on): (usize, bool)) -> Option<usize> {
    const ASIDE: f64 = 3.0;
    let middle = |place: &Box, axis: usize| (place[axis] + place[axis + 2]) / 2.0;
    let mut best: Option<(f64, usize)> = None;
    for (at, place) in boxes.iter().enumerate() {
        // Measured by the beginnings: lines of one list may be of any height and length.
        let ahead = if on { place[axis] - from[axis] } else { from[axis] - place[axis] };
        let other = 1 - axis;
        let apart = (place[other] - from[other + 2]).max(from[other] - place[other + 2]).max(0.0);
        let same_line = axis == 0 && apart > 0.0;
        if ahead <= 0.5 || same_line {
            continue;
        }
        let far = ahead + ASIDE * apart + (middle(place, other) - middle(&from, other)).abs() / 1e3;
        if best.is_none_or(|(least, _)| far < least) {
            best = Some((far, at));
        }
    }
    best.map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::{direction, nearest};

    #[test]
    fn the_nearest_in_that_direction() {
        // Two rows of three cells, the last one wide.
        let cell = |column: f64, row: f64| [column * 10.0, row * 5.0, column * 10.0 + 10.0, row * 5.0 + 5.0];
        let boxes =
            [cell(0.0, 0.0), cell(1.0, 0.0), cell(2.0, 0.0), cell(0.0, 1.0), cell(1.0, 1.0), cell(2.0, 1.0)];
        let check = |from: usize, key: &str, to: Option<usize>| {
            assert_eq!(nearest(boxes[from], &boxes, direction(key).unwrap_or((0, true))), to, "{from} {key}");
        };
        check(0, "ArrowRight", Some(1));
        check(1, "ArrowDown", Some(4));
        check(5, "ArrowUp", Some(2));
        check(5, "ArrowLeft", Some(4));
        check(2, "ArrowRight", None);
        check(0, "ArrowUp", None);
        assert_eq!(direction("Enter"), None);
    }

    #[test]
    fn lines_of_any_length_follow_each_other() {
        let lines = [[0.0, 0.0, 90.0, 10.0], [20.0, 10.0, 40.0, 20.0], [0.0, 20.0, 30.0, 30.0]];
        let down = |from: usize| nearest(lines[from], &lines, (1, true));
        assert_eq!([down(0), down(1), down(2)], [Some(1), Some(2), None]);
    }
}
