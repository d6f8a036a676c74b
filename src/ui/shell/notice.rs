//! What there is to tell, at the bottom of the page.

use yew::{Callback, Html, MouseEvent, Properties, classes, function_component, html};

use super::palette::perform;
use crate::schema::RelationshipId;
use crate::ui::action::{Action, Show};
use crate::ui::app::{Dispatch, use_dispatch};
use crate::ui::commands::Deed;
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::state::Notice;

/// Properties of [`NoticeBox`].
#[derive(Properties, PartialEq)]
pub(super) struct NoticeProps {
    /// What to tell.
    pub notice: Option<Notice>,
}

/// The button that leads to what decided that a row was not deleted.
pub(in crate::ui) fn to_on_delete(relationship: RelationshipId, dispatch: &Dispatch) -> Html {
    let onclick = dispatch.reform(move |_: MouseEvent| Action::Show(Show::OnDelete(relationship)));
    html! { <button type="button" class="button" {onclick}>{ "ON DELETE …" }</button> }
}

/// The notice. The region around it is always there, so that screen readers hear what comes.
#[function_component]
pub(super) fn NoticeBox(props: &NoticeProps) -> Html {
    let dispatch = use_dispatch();
    let undo = dispatch.reform(|_: MouseEvent| Action::Undo);
    let refused = props.notice.as_ref().and_then(|notice| notice.refused_by);
    let refused = refused.map(|relationship| to_on_delete(relationship, &dispatch));
    let dismiss = dispatch.reform(|_: MouseEvent| Action::DismissNotice);
    let lead = props.notice.as_ref().and_then(|notice| notice.lead.clone()).map(|lead| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            let focus = lead.selectors.iter().cloned().map(Deed::Focus);
            let show = Deed::Act(Action::Show(Show::Panel(lead.panel)));
            let dismiss = Deed::Act(Action::DismissNotice);
            perform([show, dismiss].into_iter().chain(focus).collect(), dispatch.clone());
        });
        html! { <button type="button" class="button" {onclick}>{ "Show it" }</button> }
    });
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
                    { for refused.into_iter().chain(lead) }
                    <IconButton glyph={Glyph::Cross} label="Dismiss" onclick={dismiss} />
                </div>
            }
        </div>
    }
}
