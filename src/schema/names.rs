//! The names of relationship properties: derived where none is typed, and free ones where the derived are taken.

use super::check::asked;
use super::{Draft, ModelId, RelationshipDraft, RelationshipId, Shape, Side};
use crate::naming::{pluralise, snake};

impl RelationshipDraft {
    /// The name of the property at this side when none was typed: the target's, in the plural for a collection.
    pub(super) fn derived_name(&self, side: Side, target: &str) -> String {
        let name = snake(target);
        // Both ends of a relationship of a model with itself would get the same name.
        match (self.left.model == self.right.model, self.shape, side) {
            (true, Shape::OneToMany, Side::Left) => "children".into(),
            (true, Shape::OneToMany, Side::Right) => "parent".into(),
            (true, Shape::OneToOne, Side::Left) => format!("next_{name}"),
            (true, Shape::OneToOne, Side::Right) => format!("previous_{name}"),
            (true, Shape::ManyToMany, Side::Right) => format!("{}_of", pluralise(&name)),
            _ if self.is_collection(side) => pluralise(&name),
            _ => name,
        }
    }
}

impl Draft {
    /// The name of the property at this side, as typed or derived. Empty while there is nothing to derive it from.
    pub fn property_name(&self, relationship: &RelationshipDraft, side: Side) -> String {
        let typed = asked(&relationship.end(side).name);
        typed.unwrap_or_else(|| self.derived_property_name(relationship, side))
    }

    /// The name that the property at this side has unless one is typed.
    pub fn derived_property_name(&self, relationship: &RelationshipDraft, side: Side) -> String {
        let target = relationship.end(side.other()).model.and_then(|id| self.model(id));
        target.map_or(String::new(), |model| relationship.derived_name(side, &model.name))
    }

    /// Types a numbered name at each end of a relationship whose derived one its model has already: `books_2`.
    ///
    /// ```
    /// use relata::project::Sample;
    /// use relata::schema::{RelationshipDraft, RelationshipId, Shape};
    /// let mut draft = Sample::AuthorBook.project().draft;
    /// let [author, book] = [draft.models[0].id, draft.models[1].id];
    /// let id = RelationshipId(draft.fresh_id());
    /// draft.relationships.push(RelationshipDraft::new(id, Shape::OneToMany, author, book));
    /// draft.name_freely(id);
    /// let added = draft.relationship(id).unwrap();
    /// assert_eq!([added.left.name.as_str(), added.right.name.as_str()], ["books_2", "author_2"]);
    /// ```
    pub fn name_freely(&mut self, id: RelationshipId) {
        for side in Side::BOTH {
            let Some(relationship) = self.relationship(id) else { return };
            let Some(model) = relationship.end(side).model else { continue };
            let wanted = self.property_name(relationship, side);
            let taken = self.taken(model, id, side);
            let is_free = |name: &String| !taken.contains(&name.to_lowercase());
            if is_free(&wanted) {
                continue;
            }
            let free = (2..).map(|number| format!("{wanted}_{number}")).find(is_free);
            if let Some((relationship, free)) = self.relationship_mut(id).zip(free) {
                relationship.end_mut(side).name = free;
            }
        }
    }

    /// What the properties of a model's objects are called, in lower case, but for the property at one end. What it is a
    /// kind of hands its own down, and its own go on to its kinds.
    fn taken(&self, model: ModelId, id: RelationshipId, side: Side) -> Vec<String> {
        let meets = |other: ModelId| self.is_kind_of(model, other) || self.is_kind_of(other, model);
        let models = self.models.iter().filter(|other| meets(other.id));
        let fields = models.flat_map(|model| &model.fields).map(|field| field.name.trim().to_lowercase());
        let ends = self
            .relationships
            .iter()
            .flat_map(|relationship| Side::BOTH.into_iter().map(move |side| (relationship, side)));
        let there = ends.filter(|(relationship, at)| {
            let has_property = *at == Side::Left || !relationship.is_symmetric();
            let is_other = (relationship.id, *at) != (id, side);
            is_other && has_property && relationship.end(*at).model.is_some_and(meets)
        });
        fields.chain(there.map(|(other, at)| self.property_name(other, at).to_lowercase())).collect()
    }
}
