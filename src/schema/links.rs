//! Refines a relationship to what it is: a key, a join table, or a way through a third model.

use std::collections::BTreeSet;

use super::check::{asked, called};
use super::model::{JoinLink, KeyLink, Link, Model, ThroughLink};
use super::polymorphic::polymorphic_key;
use super::{
    Draft, EndOrder, FieldId, Findings, ModelId, Place, ReferentialAction, RelationshipDraft, RelationshipId,
    RelationshipPart, Shape, Side, Through, shorten,
};

/// What ties the two models together. `None` if a choice leads nowhere, which is told then.
pub(super) fn link(
    whole: &Draft,
    draft: &RelationshipDraft,
    models: [&Model; 2],
    findings: &mut Findings<Place>,
) -> Option<Link> {
    match (draft.holder(), draft.read_through()) {
        (Some(holder), _) => Some(Link::Key(key_link(whole, draft, holder, models, findings))),
        (None, Some(through)) => through_link(whole, draft, through, models, findings).map(Link::Through),
        (None, None) => Some(Link::Join(join_link(draft, models, findings))),
    }
}

fn join_link(draft: &RelationshipDraft, models: [&Model; 2], findings: &mut Findings<Place>) -> JoinLink {
    join_actions(draft, findings);
    if draft.is_symmetric() && models[0].id != models[1].id {
        let [left, right] = models.map(|model| called(&model.name));
        findings.error(
            Place::Relationship(draft.id, RelationshipPart::Symmetric),
            format!("Only a relationship of a model with itself goes both ways; this one is between {left} and {right}."),
            "Choose the same model at both ends, or let it go one way.",
        );
    }
    JoinLink {
        table: asked(&draft.join.table),
        symmetric: draft.is_symmetric(),
        index: draft.index,
        columns: [names(&draft.join.left_columns), names(&draft.join.right_columns)],
        on_delete: draft.on_delete,
        on_update: draft.on_update,
    }
}

/// The names typed for columns; those that were left out are derived.
fn names(typed: &[String]) -> Vec<Option<String>> {
    typed.iter().map(|name| asked(name)).collect()
}

fn key_link(
    whole: &Draft,
    draft: &RelationshipDraft,
    holder: Side,
    models: [&Model; 2],
    findings: &mut Findings<Place>,
) -> KeyLink {
    let target = models[holder.other() as usize];
    if draft.polymorphic.is_some() {
        return KeyLink {
            holder,
            unique: false,
            // The holder needs one of the targets, whichever it is.
            required: !whole.stands_among_others(models[holder as usize].id)
                && whole.sharing_key(draft).any(|sharing| sharing.required),
            on_delete: ReferentialAction::NoAction,
            on_update: ReferentialAction::NoAction,
            references: None,
            identifies: false,
            polymorphic: polymorphic_key(whole, draft, target, findings),
            index: whole.sharing_key(draft).all(|sharing| sharing.index),
            columns: whole.sharing_key(draft).next().map_or_else(Vec::new, |first| names(&first.key_columns)),
        };
    }
    let shared = whole.stands_among_others(models[holder as usize].id);
    if shared && draft.required {
        let message = format!(
            "The database cannot guard this: the key is in a table with rows of other kinds than {}, which have none.",
            called(&models[holder as usize].name)
        );
        findings.note(Place::Relationship(draft.id, RelationshipPart::Required), message, "");
    }
    let required = (draft.required && !shared) || draft.identifies;
    key_actions(draft, required, findings);
    if draft.identifies {
        check_identifying(whole, draft, models[holder as usize], findings);
    }
    KeyLink {
        holder,
        unique: draft.shape == Shape::OneToOne,
        required,
        on_delete: draft.on_delete,
        on_update: draft.on_update,
        references: references(whole, draft, target, findings),
        identifies: draft.identifies,
        polymorphic: None,
        index: draft.index,
        columns: names(&draft.key_columns),
    }
}

/// What is to happen on delete and on update, in words: the event, what is done, and what SQLite would refuse.
fn events(draft: &RelationshipDraft) -> [(RelationshipPart, ReferentialAction, [&'static str; 2]); 2] {
    [
        (RelationshipPart::OnDelete, draft.on_delete, ["delete", "deletion"]),
        (RelationshipPart::OnUpdate, draft.on_update, ["update", "change"]),
    ]
}

fn key_actions(draft: &RelationshipDraft, required: bool, findings: &mut Findings<Place>) {
    for (part, action, [event, doing]) in events(draft) {
        let place = Place::Relationship(draft.id, part);
        let way = if draft.identifies {
            "Leave it out of the primary key"
        } else {
            "Make the relationship optional"
        };
        let mend = || format!("{way}, or choose another on {event}.");
        match (action, required) {
            (ReferentialAction::SetNull, true) => findings.error(
                place,
                format!(
                    "On {event} the key is to be cleared, but it is required: SQLite would refuse every such {doing}."
                ),
                mend(),
            ),
            (ReferentialAction::SetDefault, true) => findings.warning(
                place,
                format!(
                    "On {event} the key is to be reset, but it has no default and is required: SQLite will refuse every such {doing}."
                ),
                mend(),
            ),
            (ReferentialAction::SetDefault, false) => {
                let message = format!("A key has no default, so on {event} it is cleared, as by SET NULL.");
                findings.note(place, message, "");
            }
            _ => {}
        }
    }
}

fn join_actions(draft: &RelationshipDraft, findings: &mut Findings<Place>) {
    for (part, action, [event, _]) in events(draft) {
        if matches!(action, ReferentialAction::SetNull | ReferentialAction::SetDefault) {
            let mend = match event {
                "delete" => "Choose cascade: a pair goes when either of its objects goes.",
                _ => "Choose cascade: a pair follows the keys of its objects.",
            };
            findings.error(
                Place::Relationship(draft.id, part),
                format!(
                    "The keys of a join table are its primary key; {} would always be refused.",
                    action.sql()
                ),
                mend,
            );
        }
    }
}

/// The unique field that the key refers to, if it is not the primary key.
fn references(
    whole: &Draft,
    draft: &RelationshipDraft,
    target: &Model,
    findings: &mut Findings<Place>,
) -> Option<FieldId> {
    let mut say = |message: String| {
        findings.error(
            Place::Relationship(draft.id, RelationshipPart::References),
            message,
            "Choose the primary key, or a field that is unique.",
        );
    };
    let key: BTreeSet<FieldId> = target.key().map(|field| field.id).collect();
    let asked: BTreeSet<FieldId> = draft.references.iter().copied().collect();
    if asked.is_empty() || (asked == key && whole.identifying(target.id).next().is_none()) {
        return None;
    }
    let [asked] = draft.references.as_slice() else {
        say(format!(
            "These fields together are not the primary key of {}, so they could name several of them.",
            called(&target.name)
        ));
        return None;
    };
    match target.fields.get(asked) {
        None => say(format!("{} has no such field any more.", called(&target.name))),
        Some(field) if !field.unique => say(format!(
            "{}.{} is not unique, so a key that refers to it could mean several rows: SQLite would refuse it.",
            called(&target.name),
            field.name
        )),
        Some(_) => return Some(*asked),
    }
    None
}

/// A key that is the whole primary key lets each target have one holder.
fn check_identifying(
    whole: &Draft,
    draft: &RelationshipDraft,
    holder: &Model,
    findings: &mut Findings<Place>,
) {
    let alone = holder.key().next().is_none() && whole.identifying(holder.id).count() == 1;
    if alone && draft.shape == Shape::OneToMany {
        findings.warning(
            Place::Relationship(draft.id, RelationshipPart::Identifies),
            format!("The key would be all there is to tell one {} from another, so each target could have one only.", called(&holder.name)),
            "Mark a field as key too, let another relationship identify it as well, or make this one a one-to-one.",
        );
    }
}

fn through_link(
    whole: &Draft,
    draft: &RelationshipDraft,
    through: Through,
    models: [&Model; 2],
    findings: &mut Findings<Place>,
) -> Option<ThroughLink> {
    let mut say = |side, message: String, mend: &str| {
        findings.error(Place::Relationship(draft.id, RelationshipPart::Through(side)), message, mend);
    };
    let mut joins: [Option<ModelId>; 2] = [None; 2];
    for (side, model) in Side::BOTH.into_iter().zip(models) {
        match join_model(whole, through.at(side), model) {
            Ok(join) => joins[side as usize] = Some(join),
            Err(message) => say(side, message, "Choose another relationship, or a join table of its own."),
        }
    }
    let [Some(join), Some(other)] = joins else { return None };
    let name = |id| whole.model(id).map_or("?", |model| called(&model.name));
    if join != other {
        let message = format!(
            "The two meet in no model: one's key lies with {}, the other's with {}.",
            name(join),
            name(other)
        );
        say(Side::Right, message, "Choose two relationships whose keys lie with the same model.");
    } else if models.iter().any(|model| whole.root_of(model.id) == whole.root_of(join)) {
        let message = format!("{} cannot be the model in between and stand at an end, too.", name(join));
        say(Side::Right, message, "Choose relationships whose keys lie with a third model.");
    } else if through.left == through.right {
        let message =
            "Both ways lead along the same relationship: each object would reach nothing but itself.";
        say(Side::Right, message.into(), "Choose the other relationship of the model in between.");
    } else {
        return Some(ThroughLink { model: join, relationships: [through.left, through.right] });
    }
    None
}

/// The model that holds the key of a relationship which ties it to `target`, or why there is none.
fn join_model(whole: &Draft, id: RelationshipId, target: &Model) -> Result<ModelId, String> {
    let Some(tie) = whole.relationship(id) else {
        return Err("The relationship that stood here no longer exists.".into());
    };
    let Some(holder) = tie.holder() else {
        return Err("This relationship has a key with neither model, so there is no model in between.".into());
    };
    if tie.polymorphic.is_some() {
        return Err("The key of this relationship may point to other tables, too.".into());
    }
    match tie.end(holder).model {
        Some(join) if tie.end(holder.other()).model == Some(target.id) => Ok(join),
        _ => Err(format!("The key of this relationship does not point to {}.", called(&target.name))),
    }
}

/// The orders of the two properties, as far as they are collections.
pub(super) fn orders(
    draft: &RelationshipDraft,
    models: [&Model; 2],
    findings: &mut Findings<Place>,
) -> [Vec<EndOrder>; 2] {
    Side::BOTH.map(|side| {
        if !draft.is_collection(side) {
            return Vec::new();
        }
        let target = models[side.other() as usize];
        let mut seen = BTreeSet::new();
        for term in &draft.end(side).order {
            let place = Place::Relationship(draft.id, RelationshipPart::Order(side));
            match target.fields.get(&term.field) {
                None => findings.error(
                    place,
                    format!("{} has no such field any more.", called(&target.name)),
                    "Choose another field, or remove it from the order.",
                ),
                Some(field) if !seen.insert(term.field) => findings.warning(
                    place,
                    format!(
                        "{} stands twice in the order; the second time changes nothing.",
                        shorten(&field.name)
                    ),
                    "Remove one of the two.",
                ),
                Some(_) => {}
            }
        }
        draft.end(side).order.clone()
    })
}
