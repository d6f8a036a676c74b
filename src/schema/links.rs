//! Refines a relationship to what it is: a key, a join table, or a way through a third model.

use super::check::{asked, called};
use super::model::{JoinLink, KeyLink, Link, Model, ThroughLink};
use super::{
    Draft, Findings, ModelId, OnDelete, Place, RelationshipDraft, RelationshipId, RelationshipPart, Shape,
    Side, Through,
};

/// What ties the two models together. `None` if a choice leads nowhere, which is told then.
pub(super) fn link(
    whole: &Draft,
    draft: &RelationshipDraft,
    models: [&Model; 2],
    findings: &mut Findings<Place>,
) -> Option<Link> {
    match (draft.holder(), draft.read_through()) {
        (Some(holder), _) => Some(Link::Key(key_link(draft, holder, findings))),
        (None, Some(through)) => through_link(whole, draft, through, models, findings).map(Link::Through),
        (None, None) => Some(Link::Join(JoinLink {
            table: asked(&draft.join.table),
            columns: [names(&draft.join.left_columns), names(&draft.join.right_columns)],
            on_delete: join_on_delete(draft, findings),
        })),
    }
}

/// The names typed for columns; those that were left out are derived.
fn names(typed: &[String]) -> Vec<Option<String>> {
    typed.iter().map(|name| asked(name)).collect()
}

fn key_link(draft: &RelationshipDraft, holder: Side, findings: &mut Findings<Place>) -> KeyLink {
    if draft.required && draft.on_delete == OnDelete::SetNull {
        findings.error(
            Place::Relationship(draft.id, RelationshipPart::OnDelete),
            "On delete the key is to be cleared, but it is required: SQLite would refuse every such deletion.",
            "Make the relationship optional, or choose another on delete.",
        );
    }
    KeyLink {
        holder,
        unique: draft.shape == Shape::OneToOne,
        required: draft.required,
        on_delete: draft.on_delete,
        columns: names(&draft.key_columns),
    }
}

fn join_on_delete(draft: &RelationshipDraft, findings: &mut Findings<Place>) -> OnDelete {
    if matches!(draft.on_delete, OnDelete::SetNull | OnDelete::SetDefault) {
        findings.error(
            Place::Relationship(draft.id, RelationshipPart::OnDelete),
            format!(
                "The keys of a join table are its primary key; {} would always be refused.",
                draft.on_delete.sql()
            ),
            "Choose cascade: a pair goes when either of its objects goes.",
        );
    }
    draft.on_delete
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
    } else if models.iter().any(|model| model.id == join) {
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
    match tie.end(holder).model {
        Some(join) if tie.end(holder.other()).model == Some(target.id) => Ok(join),
        _ => Err(format!("The key of this relationship does not point to {}.", called(&target.name))),
    }
}
