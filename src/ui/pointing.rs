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
                let token = if arrives { token_of(event) } else { None };
                // A rule that cannot be set leaves the page as it is: dark, but whole.
                let _ = sheet.replace_sync(&token.map(|token| rule(&token)).unwrap_or_default());
            })
        })
        .into()
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

fn token_of(event: &Event) -> Option<String> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    first_token(&element.closest("[data-of]").ok()??.get_attribute("data-of")?)
}

/// The thing itself: the first token, if it is one of Relata's own and cannot break out of the rule.
fn first_token(of: &str) -> Option<String> {
    let token = of.split_ascii_whitespace().next()?;
    let digits = token.strip_prefix(|letter: char| letter.is_ascii_lowercase())?;
    (!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| token.to_owned())
}

/// Light over whatever background there is, and a frame where the style sheet wants one. The rule is as strong as two
/// classes and comes last.
fn rule(token: &str) -> String {
    format!(
        "[data-of][data-of~=\"{token}\"] {{ background-image: linear-gradient(var(--lit), var(--lit)); \
         outline: var(--lit-outline, 1px solid var(--lit-edge)); }} \
         svg [data-of][data-of~=\"{token}\"] {{ outline: none; --edge-ink: var(--lit-edge); --edge-width: 3px; \
         --box-fill: var(--lit); }}"
    )
}

#[cfg(test)]
mod tests {
    use super::first_token;

    #[test]
    fn only_relatas_own_tokens_reach_the_style_sheet() {
        assert_eq!(first_token("o7 f4 m1").as_deref(), Some("o7"));
        assert_eq!(first_token("r12").as_deref(), Some("r12"));
        for foreign in ["", "m", "7", "m1\"]{}", "mm1", "m-1"] {
            assert_eq!(first_token(foreign), None, "{foreign}");
        }
    }
}
