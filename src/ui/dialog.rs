//! A modal dialog on the browser's own `<dialog>`, which keeps the focus inside and gives it back.

use web_sys::HtmlDialogElement;
use yew::{
    Callback, Children, Event, Html, MouseEvent, NodeRef, Properties, function_component, hook, html,
    use_effect_with, use_node_ref,
};

use super::glyph::{Glyph, IconButton};

/// Properties of [`Dialog`].
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// What it is about.
    pub title: String,
    /// It was closed, by key, cross or button.
    pub onclose: Callback<()>,
    /// What it says. Its actions come last, in a `sheet__actions`.
    pub children: Children,
}

/// Opens a dialog over everything else, for as long as it is there.
#[hook]
pub fn use_modal(node: &NodeRef) {
    let node = node.clone();
    use_effect_with((), move |()| {
        let dialog = node.cast::<HtmlDialogElement>();
        if let Some(dialog) = &dialog {
            let _ = dialog.show_modal();
        }
        // Closed before it is taken away, it gives the focus back.
        move || dialog.iter().for_each(HtmlDialogElement::close)
    });
}

/// A dialog. It is open as long as it is there.
#[function_component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    use_modal(&node);
    let oncancel = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: Event| {
            // The component goes when the state says so, and the element with it.
            event.prevent_default();
            onclose.emit(());
        })
    };
    let onclick = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={node} {oncancel} aria-labelledby="dialog-title">
            <div class="sheet">
                <div class="sheet__head">
                    <h2 id="dialog-title">{ &props.title }</h2>
                    <IconButton glyph={Glyph::Cross} label="Close" {onclick} />
                </div>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
