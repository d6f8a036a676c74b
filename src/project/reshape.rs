//! Changing what a relationship ties together, and which of its links still fit afterwards.
//!
//! The `…_drops` functions say beforehand how many links a change would cost; the change itself keeps the others.

use std::collections::BTreeSet;

use super::data::{Pair, RowId};
use super::edit::prune_includes;
use super::file::Project;
use crate::query::IncludeDraft;
use crate::schema::{ModelId, RelationshipDraft, RelationshipId, Shape, Side};

impl Project {
    /// How many links would go if the relationship had this shape: those that give a row a second partner where
    /// only one is allowed.
    pub fn shape_drops(&self, id: RelationshipId, shape: Shape) -> usize {
        self.draft.relationship(id).map_or(0, |relationship| {
            let links = self.data.links_of(id);
            links.len() - fitting(&RelationshipDraft { shape, ..relationship.clone() }, links).len()
        })
    }

    /// How many links would go if another model stood at this end: all of them.
    pub fn model_drops(&self, id: RelationshipId, side: Side, model: ModelId) -> usize {
        let same = self.draft.relationship(id).is_none_or(|link| link.end(side).model == Some(model));
        if same { 0 } else { self.data.links_of(id).len() }
    }

    /// How many links would go if the sentence were read the other way round: none, unless that moves the key.
    pub fn turn_drops(&self, id: RelationshipId) -> usize {
        self.draft.relationship(id).map_or(0, |relationship| {
            let links = turned_links(self.data.links_of(id));
            links.len() - fitting(relationship, &links).len()
        })
    }

    /// Gives a relationship another shape. Links that no longer fit go.
    pub fn set_shape(&mut self, id: RelationshipId, shape: Shape) {
        if let Some(relationship) = self.draft.relationship_mut(id) {
            relationship.shape = shape;
        }
        self.keep_fitting(id);
    }

    /// Puts another model at an end of a relationship. Its links go, and what the query includes through it.
    pub fn set_end(&mut self, id: RelationshipId, side: Side, model: ModelId) {
        let Some(relationship) = self.draft.relationship_mut(id) else { return };
        if relationship.end(side).model != Some(model) {
            relationship.end_mut(side).model = Some(model);
            self.data.links.remove(&id);
            prune_includes(&mut self.query.includes, id);
        }
    }

    /// Swaps the ends of a relationship. Who is linked to whom stays, as far as it fits.
    pub fn turn(&mut self, id: RelationshipId) {
        let Some(relationship) = self.draft.relationship_mut(id) else { return };
        std::mem::swap(&mut relationship.left, &mut relationship.right);
        std::mem::swap(&mut relationship.join.left_columns, &mut relationship.join.right_columns);
        relationship.key_side = relationship.key_side.other();
        if relationship.shape == Shape::OneToMany {
            // The key moves to the other table and points the other way: its columns' names meant another thing.
            relationship.key_columns.clear();
        }
        if let Some(links) = self.data.links.get_mut(&id) {
            *links = turned_links(links);
        }
        turn_includes(&mut self.query.includes, id);
        self.keep_fitting(id);
    }

    fn keep_fitting(&mut self, id: RelationshipId) {
        if let (Some(relationship), Some(links)) = (self.draft.relationship(id), self.data.links.get_mut(&id))
        {
            *links = fitting(relationship, links);
        }
    }
}

fn turned_links(links: &[Pair]) -> Vec<Pair> {
    links.iter().map(|pair| Pair { left: pair.right, right: pair.left }).collect()
}

fn turn_includes(includes: &mut [IncludeDraft], id: RelationshipId) {
    for include in includes {
        if include.end.relationship == id {
            include.end = include.end.reverse();
        }
        turn_includes(&mut include.includes, id);
    }
}

/// The links that the shape allows: of those that would give a row a second partner the first one stays.
fn fitting(relationship: &RelationshipDraft, links: &[Pair]) -> Vec<Pair> {
    let mut taken: [BTreeSet<RowId>; 2] = Default::default();
    let mut kept = Vec::new();
    for &pair in links {
        let free = Side::BOTH
            .into_iter()
            .all(|side| relationship.is_collection(side) || !taken[side as usize].contains(&pair.at(side)));
        if free {
            Side::BOTH.into_iter().for_each(|side| {
                taken[side as usize].insert(pair.at(side));
            });
            kept.push(pair);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::Sample;
    use super::*;

    const LINK: RelationshipId = RelationshipId(3);

    #[test]
    fn a_narrower_shape_says_how_many_links_it_costs_and_costs_as_many() {
        for shape in [Shape::OneToOne, Shape::OneToMany, Shape::ManyToMany] {
            let mut project = Sample::StudentCourse.project();
            let before = project.data.links_of(LINK).len();
            let drops = project.shape_drops(LINK, shape);
            project.set_shape(LINK, shape);
            assert_eq!(project.data.links_of(LINK).len(), before - drops);
        }
        let project = Sample::StudentCourse.project();
        assert_eq!(project.shape_drops(LINK, Shape::ManyToMany), 0);
        assert_eq!(project.shape_drops(LINK, Shape::OneToMany), 3);
    }

    #[test]
    fn turning_a_many_to_many_twice_changes_nothing() {
        let mut project = Sample::StudentCourse.project();
        project.turn(LINK);
        assert_eq!(project.query.includes[0].end.side, Side::Right);
        project.turn(LINK);
        assert_eq!(project, Sample::StudentCourse.project());
    }

    #[test]
    fn turning_a_one_to_many_moves_the_key_and_says_what_that_costs() {
        let mut project = Sample::AuthorBook.project();
        assert_eq!(project.turn_drops(LINK), 3);
        project.turn(LINK);
        assert_eq!(project.data.links_of(LINK).len(), 4);
    }
}
