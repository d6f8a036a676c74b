//! The palette of commands: type what you want to do, choose it, and it is done.

use gloo::timers::callback::Timeout;
use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::{
    Callback, Event, Html, InputEvent, MouseEvent, Properties, TargetCast, function_component, html,
    use_effect_with, use_memo, use_node_ref, use_state,
};

use crate::ui::action::Action;
use crate::ui::app::use_dispatch;
use crate::ui::commands::{Command, Deed, Found, Keys, everywhere, find, here};
use crate::ui::dialog::use_modal;
use crate::ui::form::{bring_into_sight, focus_in_sight};
use crate::ui::slice::Slice;
use crate::ui::state::State;

/// As many are listed; who types on finds the others.
const LISTED: usize = 60;

/// Properties of [`Palette`].
#[derive(Properties, PartialEq)]
pub(in crate::ui) struct PaletteProps {
    /// The state.
    pub state: Slice<State>,
    /// It was closed.
    pub onclose: Callback<()>,
}

/// The palette. It is open as long as it is there.
#[function_component]
pub(in crate::ui) fn Palette(props: &PaletteProps) -> Html {
    let dispatch = use_dispatch();
    let node = use_node_ref();
    let typed = use_state(String::new);
    let at = use_state(|| 0_usize);
    // What there is to do does not change while one looks for it.
    let commands = use_memo((), |()| {
        let mut commands = everywhere();
        commands.extend(here(&props.state));
        commands
    });
    let found = use_memo((*typed).clone(), |typed| {
        // What it is about is found, too; it comes last, so that letters keep their places.
        let named = commands.iter().map(|command| (command.name.as_str(), command.group));
        find(typed, &named.collect::<Vec<_>>())
    });
    use_modal(&node);
    use_effect_with(*at, |at| scroll_to(&id(*at)));
    let listed = found.len().min(LISTED);
    let choose = {
        let (commands, found, onclose) = (commands.clone(), found.clone(), props.onclose.clone());
        Callback::from(move |at: usize| {
            let Some(command) = found.get(at).and_then(|found| commands.get(found.at)) else { return };
            onclose.emit(());
            perform(command.deeds.clone(), dispatch.clone());
        })
    };
    let oninput = {
        let (typed, at) = (typed.setter(), at.setter());
        Callback::from(move |event: InputEvent| {
            typed.set(
                event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default(),
            );
            at.set(0);
        })
    };
    let onkeydown = {
        let (at, choose) = (at.clone(), choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" if listed > 0 => at.set((*at + 1) % listed),
                "ArrowUp" if listed > 0 => at.set((*at + listed - 1) % listed),
                "Enter" => choose.emit(*at),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            onclose.emit(());
        })
    };
    let onclick = {
        let (onclose, node) = (props.onclose.clone(), node.clone());
        // Beside it is on it: what is around the dialog belongs to it.
        Callback::from(move |event: MouseEvent| {
            if event.target_dyn_into::<HtmlElement>() == node.cast::<HtmlElement>() {
                onclose.emit(());
            }
        })
    };
    let option =
        |(place, found): (usize, &Found)| option(place, *at == place, &commands[found.at], found, &choose);
    html! {
        <dialog ref={node} class="palette" aria-label="Commands" {oncancel} {onclick}>
            <div class="palette__sheet">
                <input class="palette__field" type="text" role="combobox" aria-label="Command" aria-expanded="true"
                    aria-controls="palette-list" aria-autocomplete="list" autocomplete="off" spellcheck="false"
                    aria-activedescendant={(listed > 0).then(|| id(*at))} placeholder="What do you want to do?"
                    value={(*typed).clone()} {oninput} {onkeydown} />
                <ul class="palette__list" id="palette-list" role="listbox" aria-label="Commands">
                    { for found.iter().take(LISTED).enumerate().map(option) }
                </ul>
                <p class="palette__none" role="status">{ match found.len() {
                    0 => "Nothing is called so.".to_owned(),
                    all if all > LISTED => format!("{} more: type on.", all - LISTED),
                    _ => String::new(),
                } }</p>
            </div>
        </dialog>
    }
}

fn id(at: usize) -> String {
    format!("palette-{at}")
}

fn option(place: usize, on: bool, command: &Command, found: &Found, choose: &Callback<usize>) -> Html {
    let onclick = choose.reform(move |_: MouseEvent| place);
    let letters = command.name.chars().enumerate().map(|(at, letter)| {
        if found.letters.contains(&at) {
            html! { <b>{ letter }</b> }
        } else {
            html! { { letter } }
        }
    });
    html! {
        <li id={id(place)} key={found.at} class="palette__one" role="option" aria-selected={on.to_string()} {onclick}>
            <span class="palette__group">{ command.group }</span>
            <span class="palette__name">{ for letters }</span>
            if let Some(keys) = command.keys.first() {
                <span class="palette__keys">{ caps(*keys) }</span>
            }
        </li>
    }
}

/// Keys as they are drawn.
pub(super) fn caps(keys: Keys) -> Html {
    keys.told().into_iter().map(|key| html! { <><kbd>{ key }</kbd>{ " " }</> }).collect()
}

fn scroll_to(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        bring_into_sight(&element);
    }
}

/// Does what a command does, once the dialog is gone: under it, nothing takes the focus.
pub(super) fn perform(deeds: Vec<Deed>, dispatch: Callback<Action>) {
    let on_page: Vec<Deed> = deeds.iter().filter(|deed| !matches!(deed, Deed::Act(_))).cloned().collect();
    Timeout::new(0, move || {
        for deed in deeds {
            if let Deed::Act(action) = deed {
                dispatch.emit(action);
            }
        }
        // What the state has to show is there a moment later.
        Timeout::new(0, move || on_page.iter().for_each(on_element)).forget();
    })
    .forget();
}

fn on_element(deed: &Deed) {
    match deed {
        Deed::Act(_) => {}
        Deed::Press(id) => {
            let button =
                document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
            button.iter().for_each(HtmlElement::click);
        }
        Deed::Focus(selector) => {
            let Ok(elements) = document().query_selector_all(selector) else { return };
            let elements =
                (0..elements.length()).filter_map(|at| elements.item(at)?.dyn_into::<HtmlElement>().ok());
            let visible =
                |element: &HtmlElement| AsRef::<Element>::as_ref(element).get_client_rects().length() > 0;
            if let Some(element) = elements.into_iter().find(visible) {
                focus_in_sight(&element);
            }
        }
    }
}
