//! Changing what a relationship ties together, and which of its links still fit afterwards.
//!
//! [`Project::links_lost`] says beforehand how many links a change would cost; the change itself keeps the others.

use std::collections::BTreeSet;

use super::data::{Pair, RowId};
use super::edit::prune_includes;
use super::file::Project;
use crate::query::IncludeDraft;
use crate::schema::{FieldId, ModelId, RelationshipDraft, RelationshipId, Shape, Side, Through};

impl Project {
    /// How many of a relationship's links a change would cost, to be said beforehand.
    pub fn links_lost(&self, id: RelationshipId, change: impl FnOnce(&mut Project)) -> usize {
        if self.data.links_of(id).is_empty() {
            return 0;
        }
        let mut after = self.clone();
        change(&mut after);
        self.data.links_of(id).len().saturating_sub(after.data.links_of(id).len())
    }

    /// Says of one end of a relationship whether it leads to many. One that has many on the right only is read the
    /// other way round.
    pub fn set_many(&mut self, id: RelationshipId, side: Side, many: bool) {
        let Some(relationship) = self.draft.relationship(id) else { return };
        let leads_to_many = |end| if end == side { many } else { relationship.is_collection(end) };
        let shape = match Side::BOTH.map(leads_to_many) {
            [false, false] => Shape::OneToOne,
            [true, true] => Shape::ManyToMany,
            [true, false] => Shape::OneToMany,
            [false, true] => {
                // Links are turned before they are asked to fit, or too many would go.
                self.swap_ends(id);
                Shape::OneToMany
            }
        };
        self.set_shape(id, shape);
    }

    /// Gives a relationship another shape. Links that no longer fit go.
    pub fn set_shape(&mut self, id: RelationshipId, shape: Shape) {
        if let Some(relationship) = self.draft.relationship_mut(id) {
            relationship.shape = shape;
        }
        self.keep_fitting(id);
    }

    /// Reads a many-to-many through a join model, or gives it a join table of its own again. Its links go: the join
    /// model's rows make them.
    pub fn set_through(&mut self, id: RelationshipId, through: Option<Through>) {
        let Some(relationship) = self.draft.relationship_mut(id) else { return };
        relationship.through = through;
        if relationship.read_through().is_some() {
            self.data.links.remove(&id);
        }
    }

    /// Lets a many-to-many of a model with itself go both ways, or one way only. Links said twice become one.
    pub fn set_symmetric(&mut self, id: RelationshipId, symmetric: bool) {
        let Some(relationship) = self.draft.relationship_mut(id) else { return };
        relationship.symmetric = symmetric;
        if let (true, Some(links)) = (symmetric, self.data.links.get_mut(&id)) {
            let mut seen = BTreeSet::new();
            links
                .retain(|pair| seen.insert(*pair) && (pair.left == pair.right || seen.insert(pair.turned())));
        }
        // There is nothing to be seen from the right any more.
        if symmetric {
            face_left(&mut self.query.includes, id);
        }
    }

    /// Lets a relationship share its key with others under a name, or gives it a key of its own. What only a foreign key
    /// can have goes; so do its links from rows that point by that key already, for a row has one such target.
    pub fn set_polymorphic(&mut self, id: RelationshipId, name: Option<String>) {
        let Some(relationship) = self.draft.relationship_mut(id) else { return };
        if relationship.polymorphic.is_none() && name.is_some() {
            relationship.identifies = false;
            relationship.references.clear();
            (relationship.on_delete, relationship.on_update) = Default::default();
        }
        relationship.polymorphic = name;
        let Some((relationship, holder)) =
            self.draft.relationship(id).and_then(|relationship| Some((relationship, relationship.holder()?)))
        else {
            return;
        };
        let mut taken: BTreeSet<RowId> = BTreeSet::new();
        for other in self.draft.sharing_key(relationship).filter(|other| other.id != id) {
            taken.extend(self.data.links_of(other.id).iter().map(|pair| pair.at(holder)));
        }
        self.data.unlink(id, |pair| taken.contains(&pair.at(holder)));
    }

    /// Puts another model at an end of a relationship. Its links go, and what the query includes through it.
    pub fn set_end(&mut self, id: RelationshipId, side: Side, model: ModelId) {
        let Some(relationship) = self.draft.relationship_mut(id) else { return };
        if relationship.end(side).model != Some(model) {
            relationship.end_mut(side).model = Some(model);
            self.data.links.remove(&id);
            prune_includes(&mut self.query.includes, id);
            self.keep_references(id);
        }
    }

    /// Puts the key of a one-to-one with the other model. Who is linked to whom stays.
    pub fn set_key_side(&mut self, id: RelationshipId, side: Side) {
        if let Some(relationship) = self.draft.relationship_mut(id) {
            relationship.key_side = side;
        }
        self.keep_references(id);
    }

    /// Lets go of the fields that a key refers to, if they are not the target's any more.
    fn keep_references(&mut self, id: RelationshipId) {
        let target =
            |relationship: &RelationshipDraft| relationship.end(relationship.holder()?.other()).model;
        let target = self.draft.relationship(id).and_then(target).and_then(|model| self.draft.model(model));
        let known: Vec<FieldId> =
            target.into_iter().flat_map(|model| &model.fields).map(|field| field.id).collect();
        if let Some(relationship) = self.draft.relationship_mut(id) {
            relationship.references.retain(|field| known.contains(field));
        }
    }

    /// Swaps the ends of a relationship. Who is linked to whom stays, as far as it fits.
    pub fn turn(&mut self, id: RelationshipId) {
        self.swap_ends(id);
        self.keep_fitting(id);
    }

    fn swap_ends(&mut self, id: RelationshipId) {
        let Some(relationship) = self.draft.relationship_mut(id) else { return };
        if relationship.is_symmetric() {
            // It reads the same from both ends, and its one property stays at the left.
            return;
        }
        std::mem::swap(&mut relationship.left, &mut relationship.right);
        std::mem::swap(&mut relationship.join.left_columns, &mut relationship.join.right_columns);
        if let Some(through) = &mut relationship.through {
            std::mem::swap(&mut through.left, &mut through.right);
        }
        relationship.key_side = relationship.key_side.other();
        if relationship.shape == Shape::OneToMany {
            // The key moves to the other table and points the other way: its columns' names meant another thing.
            relationship.key_columns.clear();
        }
        if let Some(links) = self.data.links.get_mut(&id) {
            *links = turned_links(links);
        }
        turn_includes(&mut self.query.includes, id);
    }

    fn keep_fitting(&mut self, id: RelationshipId) {
        if let (Some(relationship), Some(links)) = (self.draft.relationship(id), self.data.links.get_mut(&id))
        {
            *links = fitting(relationship, links);
        }
        self.keep_references(id);
    }
}

fn turned_links(links: &[Pair]) -> Vec<Pair> {
    links.iter().map(|pair| pair.turned()).collect()
}

fn turn_includes(includes: &mut [IncludeDraft], id: RelationshipId) {
    for include in includes {
        if include.end.relationship == id {
            include.end = include.end.reverse();
        }
        turn_includes(&mut include.includes, id);
    }
}

fn face_left(includes: &mut [IncludeDraft], id: RelationshipId) {
    for include in includes {
        if include.end.relationship == id {
            include.end.side = Side::Left;
        }
        face_left(&mut include.includes, id);
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
    use crate::schema::OnDelete;

    const LINK: RelationshipId = RelationshipId(3);

    #[test]
    fn a_narrower_shape_keeps_the_links_that_fit_and_says_how_many_go() {
        let project = Sample::StudentCourse.project();
        let lost = |shape| project.links_lost(LINK, |after| after.set_shape(LINK, shape));
        assert_eq!(lost(Shape::ManyToMany), 0);
        assert_eq!(lost(Shape::OneToMany), 3);
        assert_eq!(lost(Shape::OneToOne), 3);
    }

    #[test]
    fn each_end_says_for_itself_whether_it_leads_to_many() {
        let shape_after = |sample: Sample, side, many| {
            let mut project = sample.project();
            project.set_many(LINK, side, many);
            let relationship = project.draft.relationship(LINK).unwrap();
            (relationship.shape, relationship.left.model, project.data.links_of(LINK).len())
        };
        let (one, two) = (Some(ModelId(1)), Some(ModelId(2)));
        assert_eq!(shape_after(Sample::AuthorBook, Side::Left, false), (Shape::OneToOne, one, 4));
        assert_eq!(shape_after(Sample::AuthorBook, Side::Right, true), (Shape::ManyToMany, one, 7));
        // "A User has one Profile; each Profile has many Users" is read from the Profile.
        assert_eq!(shape_after(Sample::UserProfile, Side::Right, true), (Shape::OneToMany, two, 3));
        assert_eq!(shape_after(Sample::StudentCourse, Side::Left, false), (Shape::OneToMany, two, 3));
    }

    #[test]
    fn another_model_at_an_end_takes_the_links_and_the_include_with_it() {
        let mut project = Sample::AuthorBook.project();
        project.set_end(LINK, Side::Right, ModelId(1));
        assert!(project.data.links_of(LINK).is_empty());
        assert!(project.query.includes.is_empty());
    }

    #[test]
    fn a_shared_key_keeps_what_it_points_to_first_and_has_nothing_of_a_foreign_key() {
        let mut project = Sample::AuthorEditor.project();
        let [written, edited] = [0, 1].map(|at| project.draft.relationships[at].id);
        project.draft.relationship_mut(edited).unwrap().on_delete = OnDelete::SetNull;
        project.set_polymorphic(written, Some("bookable".into()));
        assert_eq!(project.data.links_of(written).len(), 3);
        let shared = Some("bookable".to_owned());
        assert_eq!(project.links_lost(edited, |after| after.set_polymorphic(edited, shared.clone())), 2);
        project.set_polymorphic(edited, shared);
        let draft = project.draft.relationship(edited).unwrap();
        assert!(draft.on_delete.is_no_action() && draft.polymorphic.is_some());
        assert_eq!(project.data.links_of(edited), []);
        project.set_polymorphic(edited, None);
        assert_eq!(project.draft.relationship(edited).unwrap().polymorphic, None);
    }

    #[test]
    fn a_key_that_comes_to_point_elsewhere_refers_to_the_primary_key_there() {
        let project = Sample::CountryCity.project();
        let id = project.draft.relationships[0].id;
        let after = |change: fn(&mut Project, RelationshipId)| {
            let mut project = project.clone();
            change(&mut project, id);
            project.draft.relationships[0].references.len()
        };
        assert_eq!(after(Project::turn), 0);
        assert_eq!(after(|project, id| project.set_end(id, Side::Left, ModelId(5))), 0);
        assert_eq!(after(|project, id| project.set_many(id, Side::Left, false)), 1);
        let moved = |project: &mut Project, id| {
            project.set_many(id, Side::Left, false);
            project.set_key_side(id, Side::Left);
        };
        assert_eq!(after(moved), 0);
    }

    #[test]
    fn turning_a_many_to_many_twice_changes_nothing() {
        let mut project = Sample::StudentCourse.project();
        project.turn(LINK);
        assert_eq!(project.query.includes[0].end.side, Side::Right);
        project.turn(LINK);
        let sample = Sample::StudentCourse.project();
        assert_eq!((project.data, project.query), (sample.data, sample.query));
    }

    #[test]
    fn turning_a_one_to_many_moves_the_key_and_says_what_that_costs() {
        let mut project = Sample::AuthorBook.project();
        assert_eq!(project.links_lost(LINK, |after| after.turn(LINK)), 3);
        project.turn(LINK);
        assert_eq!(project.data.links_of(LINK).len(), 4);
    }
}
