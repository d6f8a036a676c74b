//! The line below a result that says where what is pointed at came from, and asks what would happen without it.

use gloo::events::EventListener;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::{Callback, Html, MouseEvent, function_component, html, use_effect_with, use_state_eq};

use super::TabProps;
use crate::protocol::ObjectView;
use crate::trace::ObjectId;
use crate::ui::action::{Action, Subject};
use crate::ui::app::use_dispatch;
use crate::ui::pointing::tokens_at;
use crate::ui::provenance::{called, words};
use crate::ui::state::Ran;

/// The line. What has the focus stays told until something else gets it; what the mouse is over is told meanwhile.
#[function_component]
pub(super) fn Origin(props: &TabProps) -> Html {
    let dispatch = use_dispatch();
    let (over, chosen) = (use_state_eq(|| None::<ObjectId>), use_state_eq(|| None::<ObjectId>));
    {
        let (over, chosen, dispatch) = (over.setter(), chosen.setter(), dispatch.clone());
        use_effect_with(props.ran.clone(), move |ran| {
            chosen.set(None);
            let listeners = ["mouseover", "focusin"].map(|name| {
                let (ran, over, chosen) = (ran.clone(), over.clone(), chosen.clone());
                EventListener::new(&document(), name, move |event| {
                    let object = tokens_at(event).and_then(|tokens| object_of(&ran, &tokens));
                    match name {
                        "focusin" => object.into_iter().for_each(|object| chosen.set(Some(object))),
                        _ => over.set(object),
                    }
                })
            });
            let ran = ran.clone();
            let key = EventListener::new(&document(), "keydown", move |event| {
                let pressed = event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Delete");
                let asked =
                    pressed.then(|| tokens_at(event)).flatten().filter(|tokens| tokens.starts_with('o'));
                let object = asked.and_then(|tokens| object_of(&ran, &tokens));
                if let Some(object) = object.and_then(|id| known(&ran, id)) {
                    dispatch.emit(Action::WhatIf(Subject::Object(object.model, object.key.clone())));
                }
            });
            move || drop((listeners, key))
        });
    }
    let ran = &*props.ran;
    let told = (*over).or(*chosen).and_then(|object| words(ran, object));
    let subject = chosen.and_then(|id| known(ran, id));
    let ask = |object: &ObjectView| {
        let subject = Subject::Object(object.model, object.key.clone());
        let onclick = {
            let dispatch = dispatch.clone();
            Callback::from(move |_: MouseEvent| dispatch.emit(Action::WhatIf(subject.clone())))
        };
        let label = format!("What if {} were deleted …", called(ran, object));
        let title = format!("{label} (Delete)");
        html! {
            <button type="button" class="button origin__ask" {title} aria-label={label} {onclick}>{ "What if …" }</button>
        }
    };
    html! {
        <div class="origin">
            <p class="origin__words" aria-live="polite">
                if let Some(told) = told {
                    { told }
                } else {
                    <span class="origin__hint origin__hint--point">{ "Point at an object, or go there with the arrow keys: here it says where it came from." }</span>
                    <span class="origin__hint origin__hint--tap">{ "Tap an object: here it says where it came from." }</span>
                }
            </p>
            { for subject.map(ask) }
        </div>
    }
}

fn known(ran: &Ran, id: ObjectId) -> Option<&ObjectView> {
    ran.outcome.graph.objects.iter().find(|known| known.id == id)
}

/// The object that tokens stand for: itself, or the row of the document that it is.
fn object_of(ran: &Ran, tokens: &str) -> Option<ObjectId> {
    let number = |letter: char| {
        tokens.split_ascii_whitespace().find_map(|token| token.strip_prefix(letter)?.parse::<u32>().ok())
    };
    let row = || {
        let row = crate::project::RowId(number('w')?);
        ran.outcome.graph.objects.iter().find(|object| object.row == Some(row)).map(|object| object.id)
    };
    number('o').map(ObjectId).or_else(row)
}
