//! The objects as they lie in memory: each once, and the links between them once, whichever end was loaded.

use crate::protocol::GraphView;
use crate::schema::{RelationshipId, Schema, Side};

/// How many objects are drawn; more cannot be told apart.
pub(super) const OBJECTS_DRAWN: usize = 120;

/// A link between two objects, from the relationship's left one to its right one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tie {
    /// The relationship.
    pub relationship: RelationshipId,
    /// The object at its left end, by position among those drawn.
    pub left: usize,
    /// The object at its right end.
    pub right: usize,
    /// Whether the property of the left object was loaded, and that of the right one.
    pub loaded: [bool; 2],
}

impl Tie {
    /// The names of the properties that were loaded.
    pub(super) fn label(&self, schema: &Schema) -> String {
        let Some(relationship) = schema.relationship(self.relationship) else { return String::new() };
        let names = Side::BOTH.iter().zip(self.loaded).filter(|(_, loaded)| *loaded);
        names.map(|(side, _)| relationship.name(*side)).collect::<Vec<_>>().join(" / ")
    }

    /// Where the edge starts and ends: it runs from the object whose property was loaded.
    pub(super) fn ends(&self) -> (usize, usize) {
        if self.loaded[0] { (self.left, self.right) } else { (self.right, self.left) }
    }
}

/// The links between the objects drawn, in the order in which the objects tell them.
pub(super) fn ties(graph: &GraphView) -> Vec<Tie> {
    let drawn = || graph.objects.iter().take(OBJECTS_DRAWN);
    let mut ties: Vec<Tie> = Vec::new();
    for (from, object) in drawn().enumerate() {
        for link in &object.links {
            for to in link.targets.iter().filter_map(|id| drawn().position(|target| target.id == *id)) {
                let relationship = link.end.relationship;
                let (left, right) = if link.end.side == Side::Left { (from, to) } else { (to, from) };
                let same = |tie: &Tie| (tie.relationship, tie.left, tie.right) == (relationship, left, right);
                let at = ties.iter().position(same).unwrap_or(ties.len());
                if at == ties.len() {
                    ties.push(Tie { relationship, left, right, loaded: [false; 2] });
                }
                ties[at].loaded[link.end.side as usize] = true;
            }
        }
    }
    ties
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{LinkView, ObjectView};
    use crate::schema::{EndId, ModelId};
    use crate::trace::ObjectId;

    fn object(id: u32, links: &[(Side, &[u32])]) -> ObjectView {
        let links = links.iter().map(|(side, targets)| LinkView {
            end: EndId { relationship: RelationshipId(1), side: *side },
            targets: targets.iter().copied().map(ObjectId).collect(),
            total: targets.len() as u32,
        });
        ObjectView {
            id: ObjectId(id),
            model: ModelId(1),
            key: vec![],
            values: vec![],
            unloaded: vec![],
            computed: vec![],
            row: None,
            seen: 1,
            named: vec![],
            saved: 0,
            saves: vec![],
            links: links.collect(),
        }
    }

    fn check(objects: Vec<ObjectView>, expected: &[(usize, usize, [bool; 2])]) {
        let graph = GraphView { roots: vec![], total: 0, named: 0, saved: 0, total_roots: 0, objects };
        let found: Vec<_> = ties(&graph).iter().map(|tie| (tie.left, tie.right, tie.loaded)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn both_ends_of_a_link_are_one_edge() {
        let objects = vec![object(5, &[(Side::Left, &[7])]), object(7, &[(Side::Right, &[5])])];
        check(objects, &[(0, 1, [true, true])]);
        check(vec![object(5, &[]), object(7, &[(Side::Right, &[5])])], &[(0, 1, [false, true])]);
    }

    #[test]
    fn an_object_can_be_tied_to_itself_and_two_each_way() {
        check(vec![object(0, &[(Side::Left, &[0])])], &[(0, 0, [true, false])]);
        let objects = vec![object(0, &[(Side::Left, &[1])]), object(1, &[(Side::Left, &[0])])];
        check(objects, &[(0, 1, [true, false]), (1, 0, [true, false])]);
    }

    #[test]
    fn links_to_objects_that_are_not_drawn_are_left_out() {
        check(vec![object(0, &[(Side::Left, &[3])])], &[]);
    }
}
