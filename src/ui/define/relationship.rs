//! One relationship in the form: its sentence, its names, and where its key lies and why.

use yew::{
    Callback, Html, KeyboardEvent, MouseEvent, Properties, classes, function_component, html,
    use_effect_with, use_mut_ref, use_state,
};

use super::Source;
use super::delete::{DeleteButton, Target};
use super::model::alt_arrow;
use super::sentence::{Sentence, with_loss};
use crate::mapping::explain;
use crate::schema::{Place, RelationshipDraft, RelationshipId, RelationshipPart, Side};
use crate::ui::action::{Action, Edit, RelationshipEdit};
use crate::ui::app::use_dispatch;
use crate::ui::form::told;
use crate::ui::glyph::{Glyph, IconButton};
use crate::ui::schema::diagram::{Thing, card_id, on_card_focus};

/// Properties of [`RelationshipCard`].
#[derive(Properties)]
pub(super) struct RelationshipCardProps {
    /// The relationship.
    pub relationship: RelationshipId,
    /// What it is drawn from.
    pub source: Source,
    /// Whether it is chosen, here or in the diagram.
    pub chosen: bool,
}

impl PartialEq for RelationshipCardProps {
    fn eq(&self, before: &Self) -> bool {
        let (id, draft) = (self.relationship, &self.source.project.draft);
        let models = draft.relationship(id).map(|link| [link.left.model, link.right.model]);
        let concerns = |place: &Place| matches!(*place, Place::Relationship(other, _) if other == id);
        (id, self.chosen) == (before.relationship, before.chosen)
            && self.source.looks_like(&before.source, models.unwrap_or_default(), concerns)
    }
}

/// A relationship.
#[function_component]
pub(super) fn RelationshipCard(props: &RelationshipCardProps) -> Html {
    let dispatch = use_dispatch();
    let open = use_state(|| false);
    let near = use_state(|| false);
    // Once there was a choice to be seen there, the group does not close under the hand that takes it back.
    let session_open = use_mut_ref(|| false);
    let (id, source) = (props.relationship, &props.source);
    let Some(relationship) = source.project.draft.relationship(id) else { return Html::default() };
    let sentence = Sentence { relationship, source, dispatch: &dispatch, near: *near };
    let come = {
        let near = near.setter();
        Callback::from(move |()| near.set(true))
    };
    let onpointerenter = come.reform(|_| ());
    let choose = on_card_focus(&dispatch, Thing::Relationship(id), props.chosen);
    let onfocusin = Callback::from(move |event| {
        come.emit(());
        choose.emit(event);
    });
    let onpointerleave = {
        let near = near.setter();
        Callback::from(move |_| near.set(false))
    };
    {
        // What an error opened stays open when the error is mended.
        let setter = open.setter();
        use_effect_with(sentence.has_error_behind(), move |error| {
            if *error {
                setter.set(true);
            }
        });
    }
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(by) = alt_arrow(&event) {
                dispatch.emit(Action::Edit(Edit::Relationship(id, RelationshipEdit::Move(by))));
            }
        })
    };
    let toggle = {
        let (setter, now) = (open.setter(), *open);
        Callback::from(move |_: MouseEvent| setter.set(!now))
    };
    *session_open.borrow_mut() |= sentence.has_session_choices();
    let open_now = *open || sentence.has_error_behind();
    html! {
    <section
                id={card_id(Thing::Relationship(id))}
                class={classes!("link-card", props.chosen.then_some("card--chosen"))}
                aria-current={props.chosen.then_some("true")}
                data-of={tokens(relationship)} aria-label="Relationship" {onkeydown} {onpointerenter} {onpointerleave} {onfocusin}
            >
                <div class="link-card__head">
                    { sentence.draw() }
                    <div class="link-card__tools">
                        <IconButton
                            glyph={Glyph::More}
                            label="More about the relationship"
                            expanded={open_now}
                            onclick={toggle}
                        />
                        <DeleteButton project={source.project.clone()} target={Target::Relationship(id)} />
                    </div>
                </div>
                { problems(&sentence) }
                { sentence.properties() }
                if relationship.has_foreign_key() || !relationship.on_delete.is_no_action() {
                    { sentence.on_delete() }
                }
                { told(&format!("{id}-on-delete"), &sentence.told(RelationshipPart::OnDelete)) }
                { explanation(source, id) }
                if !open_now {
                    { sentence.warnings_behind() }
                } else {
                    { source.behind(&dispatch, |behind| (behind.relationship)(&sentence, *session_open.borrow())) }
                }
            </section>
        }
}

/// What is seldom asked about a relationship, with its choices of a session if there are to be some.
pub(super) fn more(sentence: &Sentence<'_>, session: bool) -> Html {
    let (id, relationship) = (sentence.relationship.id, sentence.relationship);
    let edit = |edit: RelationshipEdit| {
        sentence.dispatch.reform(move |_: MouseEvent| Action::Edit(Edit::Relationship(id, edit.clone())))
    };
    let lost = sentence.source.project.links_lost(id, |after| after.turn(id));
    let turn_label = with_loss("Read it the other way round".into(), lost);
    html! {
        <div class="more">
            { sentence.key_or_pairs() }
            { sentence.orders() }
            { sentence.session(session) }
            { sentence.database_names() }
            <div class="more__tools">
                if !relationship.is_symmetric() {
                    <IconButton glyph={Glyph::Turn} label={turn_label} onclick={edit(RelationshipEdit::Turn)} />
                }
                <IconButton glyph={Glyph::Up} label="Move the relationship up" onclick={edit(RelationshipEdit::Move(-1))} />
                <IconButton glyph={Glyph::Down} label="Move the relationship down" onclick={edit(RelationshipEdit::Move(1))} />
            </div>
        </div>
    }
}

/// The relationship itself first, then the models at its ends.
fn tokens(relationship: &RelationshipDraft) -> String {
    let mut tokens = vec![relationship.id.to_string()];
    tokens.extend(
        [&relationship.left, &relationship.right].into_iter().filter_map(|end| Some(end.model?.to_string())),
    );
    tokens.join(" ")
}

/// What there is to say about the words of the sentence.
fn problems(sentence: &Sentence<'_>) -> Html {
    let id = sentence.relationship.id;
    html! {
        <>
            { told(&format!("{id}-left"), &sentence.told(RelationshipPart::Model(Side::Left))) }
            { told(&format!("{id}-right"), &sentence.told(RelationshipPart::Model(Side::Right))) }
            { told(&format!("{id}-required"), &sentence.told(RelationshipPart::Required)) }
        </>
    }
}

/// Where the key lies and why, of the last good schema.
fn explanation(source: &Source, id: RelationshipId) -> Html {
    let text = source.good.as_ref().and_then(|good| explain(&good.schema, &good.relational, id));
    html! {
        if let Some(text) = text {
            <p class="link-card__why">{ text }</p>
        }
    }
}
