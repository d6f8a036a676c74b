//! What there is to tell, at the bottom of the page.

use yew::{Html, MouseEvent, Properties, classes, function_component, html};

use crate::schema::RelationshipId;
use crate::ui::action::{Action, Show};
use crate::ui::app::use_dispatch;
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::state::Notice;

/// Properties of [`NoticeBox`].
#[derive(Properties, PartialEq)]
pub(super) struct NoticeProps {
    /// What to tell.
    pub notice: Option<Notice>,
    /// The relationship whose key refused what it tells of.
    pub refused_by: Option<RelationshipId>,
}

/// The notice. The region around it is always there, so that screen readers hear what comes.
#[function_component]
pub(super) fn NoticeBox(props: &NoticeProps) -> Html {
    let dispatch = use_dispatch();
    let undo = dispatch.reform(|_: MouseEvent| Action::Undo);
    let lead = props.refused_by.map(|relationship| {
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Show(Show::OnDelete(relationship)));
        html! { <button type="button" class="button" {onclick}>{ "ON DELETE …" }</button> }
    });
    let dismiss = dispatch.reform(|_: MouseEvent| Action::DismissNotice);
    html! {
        <div class="notice" role="status" aria-live="polite">
            if let Some(notice) = &props.notice {
                <div class={classes!("notice__box", notice.bad.then_some("notice__box--bad"))}>
                    <div>
                        <p>{ &notice.text }</p>
                        if !notice.detail.is_empty() {
                            <p class="notice__detail mono">{ &notice.detail }</p>
                        }
                    </div>
                    if notice.undoable {
                        <button type="button" class="button" onclick={undo}>{ "Undo" }</button>
                    }
                    { for lead }
                    <IconButton glyph={Glyph::Cross} label="Dismiss" onclick={dismiss} />
                </div>
            }
        </div>
    }
}
