//! The join models that a many-to-many can be read through.

use super::{Draft, ModelId, RelationshipDraft, Side, Through};

/// Every pair of relationships that ties the two models of this one to a third one, which holds both keys, with that
/// model; in the order of the form. Each can be chosen as [`RelationshipDraft::through`] without an error.
pub fn ways_through(draft: &Draft, relationship: &RelationshipDraft) -> Vec<(ModelId, Through)> {
    let ends = Side::BOTH.map(|side| relationship.end(side).model);
    let [left_ties, right_ties] = ends.map(|end| ties(draft, end));
    let mut ways = Vec::new();
    for &(join, left) in left_ties.iter().filter(|(join, _)| !ends.contains(&Some(*join))) {
        let there = right_ties.iter().filter(|(other, right)| *other == join && right.id != left.id);
        ways.extend(there.map(|(_, right)| (join, Through { left: left.id, right: right.id })));
    }
    ways
}

/// The relationships whose keys point to a model only, each with the model that holds its key.
fn ties(draft: &Draft, target: Option<ModelId>) -> Vec<(ModelId, &RelationshipDraft)> {
    let tie = |tie: &RelationshipDraft| {
        let holder = tie.holder()?;
        let points_here = target.is_some() && tie.end(holder.other()).model == target;
        tie.end(holder).model.filter(|_| points_here && tie.polymorphic.is_none())
    };
    draft.relationships.iter().filter_map(|relationship| Some((tie(relationship)?, relationship))).collect()
}
