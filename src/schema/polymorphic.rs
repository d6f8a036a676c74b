//! Keys that point to a row of one table or of another, such as the `commentable` of a comment.

use super::check::{asked, called};
use super::model::PolymorphicKey;
use super::{Draft, FieldType, Findings, Model, ModelId, Place, RelationshipDraft, RelationshipPart, Shape};
use crate::naming::one;

/// The part that a relationship has in a polymorphic key. `None` if it has a key of its own, or cannot take part.
pub(super) fn polymorphic_key(
    whole: &Draft,
    draft: &RelationshipDraft,
    target: &Model,
    findings: &mut Findings<Place>,
) -> Option<PolymorphicKey> {
    let typed = draft.polymorphic.as_deref()?;
    let place = |part| Place::Relationship(draft.id, part);
    let Some(name) = asked(typed) else {
        let message = "What the targets have in common needs a name.";
        findings.error(place(RelationshipPart::Polymorphic), message, "Type one, such as “commentable”.");
        return None;
    };
    if let Some((part, message)) = obstacle(whole, draft, target) {
        findings.error(
            place(part),
            message,
            "Change it, or give this relationship a foreign key of its own.",
        );
    }
    let actions =
        [(RelationshipPart::OnDelete, draft.on_delete), (RelationshipPart::OnUpdate, draft.on_update)];
    for (part, action) in actions {
        if !action.is_no_action() {
            let message =
                format!("Nothing would do this: {} is for foreign keys, and this is none.", action.sql());
            findings.warning(
                place(part),
                message,
                "Choose no action, or give this relationship a foreign key of its own.",
            );
        }
    }
    findings.note(
        place(RelationshipPart::Polymorphic),
        format!(
            "No foreign key can point to one table or another, so the database cannot guard this one: when {} is \
             deleted, what points to it stays and leads nowhere.",
            one(called(&target.name))
        ),
        "",
    );
    Some(PolymorphicKey { name, value: target.name.clone() })
}

/// What keeps a relationship from sharing a key: the key is one column, of one type, and nobody's primary key.
fn obstacle(whole: &Draft, draft: &RelationshipDraft, target: &Model) -> Option<(RelationshipPart, String)> {
    let at = RelationshipPart::Polymorphic;
    if draft.shape != Shape::OneToMany {
        return Some((
            at,
            "A shared key cannot be unique for one of its targets only, as a one-to-one needs it.".into(),
        ));
    }
    if draft.identifies {
        let message = "A key that may point to another table tomorrow cannot be part of the primary key.";
        return Some((RelationshipPart::Identifies, message.into()));
    }
    if !draft.references.is_empty() {
        let message = "A shared key refers to the primary keys of its targets, all alike.";
        return Some((RelationshipPart::References, message.into()));
    }
    let Some(own) = key_type(whole, target.id) else {
        let message =
            format!("The key is one column, and the primary key of {} is not.", called(&target.name));
        return Some((at, message));
    };
    let first = whole.sharing_key(draft).next()?;
    let other = first.left.model?;
    let different = key_type(whole, other).is_some_and(|first| first != own);
    let message = || {
        let (name, other) =
            (called(&target.name), whole.model(other).map_or("?", |model| called(&model.name)));
        format!("One column cannot hold the keys of {name} and of {other}, which are of different types.")
    };
    different.then(|| (at, message()))
}

/// The type of a primary key that is a single field.
fn key_type(whole: &Draft, model: ModelId) -> Option<FieldType> {
    let mut keys = whole.model(model)?.fields.iter().filter(|field| field.primary_key);
    let key = keys.next().filter(|_| whole.identifying(model).next().is_none())?;
    keys.next().is_none().then_some(key.field_type)
}
