//! Point at something, by mouse or by keyboard, and everything that stands for the same lights up.
//!
//! Every element that stands for something carries `data-of`, a list of tokens: first the thing itself, then what it
//! also belongs to. One style sheet holds one rule for the token pointed at, so that nothing is drawn anew.

use gloo::events::EventListener;
use gloo::utils::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, Element, Event};
use yew::{hook, use_effect_with};

/// Lights up what is pointed at. To be used once, by the outermost component.
#[hook]
pub fn use_pointing() {
    use_effect_with((), |()| {
        let listeners = sheet().map(listen);
        // The listeners are dropped, and so removed, with the page.
        move || drop(listeners)
    });
}

fn listen(sheet: CssStyleSheet) -> Vec<EventListener> {
    ["mouseover", "focusin", "mouseout", "focusout"]
        .map(|name| {
            let sheet = sheet.clone();
            let arrives = matches!(name, "mouseover" | "focusin");
            EventListener::new(&document(), name, move |event| {
                let tokens = if arrives { tokens_at(event) } else { None };
                let light = if is_in_field(name, event) { Light::Outline } else { Light::Fill };
                // A rule that cannot be set leaves the page as it is: dark, but whole.
                let _ = sheet.replace_sync(&tokens.map(|tokens| rules(&tokens, light)).unwrap_or_default());
            })
        })
        .into()
}

/// How strong the light is.
#[derive(Clone, Copy, PartialEq)]
enum Light {
    /// What is pointed at, or gone to with the arrow keys.
    Fill,
    /// What a field is about in which somebody types or chooses: that takes long, and the models' colours are to be seen
    /// meanwhile.
    Outline,
}

fn is_in_field(name: &str, event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let field = |target: Element| target.matches("input, select, textarea, button").unwrap_or(false);
    name == "focusin" && target.is_some_and(field)
}

/// A style sheet of its own: the content security policy allows no inline styles.
fn sheet() -> Option<CssStyleSheet> {
    let sheet = CssStyleSheet::new().ok()?;
    let adopted = document().adopted_style_sheets();
    // Browsers without adopted style sheets have nothing to push to.
    if !JsValue::from(&adopted).is_object() {
        return None;
    }
    adopted.push(&sheet);
    Some(sheet)
}

/// The tokens of what an event is about.
pub fn tokens_at(event: &Event) -> Option<String> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.closest("[data-of]").ok()??.get_attribute("data-of")
}

/// Those of the tokens that are Relata's own, so that they cannot break out of a rule.
fn own(of: &str) -> Vec<&str> {
    let own = |token: &&str| {
        let digits = token.strip_prefix(|letter: char| letter.is_ascii_lowercase());
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
    };
    of.split_ascii_whitespace().filter(own).collect()
}

/// The rules for what is pointed at. An object and the row of the document that it is are the same thing; what else it
/// belongs to lights up more faintly: its model, its field, the relationship that it hangs by.
fn rules(of: &str, light: Light) -> String {
    let tokens = own(of);
    let Some(first) = tokens.first() else { return String::new() };
    let is_thing = |token: &&&str| token.starts_with(['o', 'w']);
    let things: Vec<&str> = match first.starts_with(['o', 'w']) {
        true => tokens.iter().filter(is_thing).copied().collect(),
        false => vec![first],
    };
    if light == Light::Outline {
        return things.iter().map(|token| outline(token)).collect();
    }
    let around = tokens.iter().filter(|token| !things.contains(token));
    // Within statements a column is known by its field; only where none is pointed at, by its model.
    let field = tokens.iter().any(|token| token.starts_with('f'));
    let faint = around.map(|token| faint_rule(token, !(field && token.starts_with('m'))));
    let mut rules: String = faint.chain(things.iter().map(|token| rule(token))).collect();
    // The very value that is pointed at: this field of this object.
    if let (true, Some(field)) = (first.starts_with('o'), tokens.iter().find(|token| token.starts_with('f')))
    {
        rules.push_str(&fill(&format!("[data-of~=\"{first}\"][data-of~=\"{field}\"]")));
    }
    rules
}

/// A thing and its parts are lit as one.
fn rule(token: &str) -> String {
    let (lit, whole) = (format!("[data-of~=\"{token}\"]"), format!("[data-of~=\"{token}\"] *"));
    let drawn = format!(
        "svg [data-of]{lit}{lit}:not(:focus-visible) {{ outline: none; }} svg [data-of]{lit} {{ --edge-ink: var(--lit-edge); --edge-width: 3px; --box-fill: var(--lit); }}"
    );
    fill(&format!("[data-of]{lit}:not({whole})")) + &drawn
}

/// A thin frame around a thing, but not around what the focus is in.
fn outline(token: &str) -> String {
    let (lit, whole) = (format!("[data-of~=\"{token}\"]"), format!("[data-of~=\"{token}\"] *"));
    format!(
        "[data-of]{lit}:not({whole}, :focus-visible, :focus-within, svg *) {{ outline: var(--lit-outline, 1px solid var(--lit-edge)); }} \
         svg [data-of]{lit} {{ --edge-ink: var(--lit-edge); --edge-width: 2px; }}"
    )
}

/// Light over whatever background there is, and a frame where the style sheet wants one and the focus has none. The rule
/// is as strong as two classes and comes last.
fn fill(selector: &str) -> String {
    format!(
        "{selector} {{ background-image: linear-gradient(var(--lit), var(--lit)); }} \
         {selector}:not(:focus-visible) {{ outline: var(--lit-outline, 1px solid var(--lit-edge)); }} "
    )
}

/// The same, fainter, for what stands for this itself and not for a part of it.
fn faint_rule(token: &str, in_statements: bool) -> String {
    let itself = format!("[data-of=\"{token}\"], [data-of^=\"{token} \"]");
    let statements = if in_statements { format!(", .sql [data-of~=\"{token}\"]") } else { String::new() };
    format!(
        ":is({itself}{statements}) {{ background-image: linear-gradient(var(--lit-faint), var(--lit-faint)); }} \
         svg :is({itself}) {{ --edge-ink: var(--lit-edge); --box-fill: var(--lit-faint); }}"
    )
}

#[cfg(test)]
mod tests {
    use super::{Light, own, rules};

    #[test]
    fn only_relatas_own_tokens_reach_the_style_sheet() {
        assert_eq!(own("o7 f4 m1"), ["o7", "f4", "m1"]);
        for foreign in ["", "m", "7", "m1\"]{}", "mm1", "m-1"] {
            assert!(own(foreign).is_empty() && rules(foreign, Light::Fill).is_empty(), "{foreign}");
        }
    }

    #[test]
    fn an_object_lights_up_with_its_row_and_what_it_belongs_to_more_faintly() {
        let lit = rules("o7 w3 m1 r5", Light::Fill);
        assert!(
            lit.contains("[data-of][data-of~=\"o7\"]") && lit.contains("[data-of][data-of~=\"w3\"]"),
            "{lit}"
        );
        assert!(lit.contains(":is([data-of=\"m1\"], [data-of^=\"m1 \"], .sql [data-of~=\"m1\"])"), "{lit}");
        assert!(!lit.contains("[data-of][data-of~=\"m1\"]"), "its model's other objects stay dark: {lit}");
        let cell = rules("o7 w3 f4 m1", Light::Fill);
        assert!(cell.contains("[data-of~=\"o7\"][data-of~=\"f4\"] {"), "{cell}");
        assert!(
            cell.contains(".sql [data-of~=\"f4\"]") && !cell.contains(".sql [data-of~=\"m1\"]"),
            "{cell}"
        );
        assert!(rules("f4 m1", Light::Fill).contains("[data-of][data-of~=\"f4\"]"));
    }

    #[test]
    fn a_field_that_has_the_focus_frames_what_it_is_about_and_fills_nothing() {
        let framed = rules("f4 m1", Light::Outline);
        assert!(framed.contains("[data-of~=\"f4\"]") && framed.contains("outline"), "{framed}");
        assert!(
            !framed.contains("background") && !framed.contains("box-fill") && !framed.contains("m1"),
            "{framed}"
        );
    }
}
