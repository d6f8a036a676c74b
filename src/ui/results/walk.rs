//! The objects as code would walk them: from the roots along the loaded properties, each object told once.

use std::collections::{BTreeMap, BTreeSet};

use crate::protocol::{GraphView, LinkView, ObjectView};
use crate::schema::EndId;
use crate::trace::ObjectId;

/// An object where the walk comes upon it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    /// The object.
    pub object: ObjectId,
    /// Its loaded properties; `None` if the walk was here before and told it then.
    pub links: Option<Vec<Road>>,
}

/// A loaded property on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Road {
    /// The property.
    pub end: EndId,
    /// How many targets it has; there may be fewer visits if not all objects are shown.
    pub total: u32,
    /// The targets.
    pub visits: Vec<Visit>,
}

/// Walks the whole graph. Rings end where they close.
pub(super) fn walk(graph: &GraphView) -> Vec<Visit> {
    let mut walker = Walker { objects: by_id(graph), seen: BTreeSet::new() };
    walker.all(&graph.roots)
}

/// The objects of a graph, to be found by their identity.
pub(super) fn by_id(graph: &GraphView) -> BTreeMap<ObjectId, &ObjectView> {
    let mut objects = BTreeMap::new();
    objects.extend(graph.objects.iter().map(|object| (object.id, object)));
    objects
}

struct Walker<'a> {
    objects: BTreeMap<ObjectId, &'a ObjectView>,
    seen: BTreeSet<ObjectId>,
}

impl Walker<'_> {
    fn all(&mut self, ids: &[ObjectId]) -> Vec<Visit> {
        ids.iter().filter_map(|&id| self.visit(id)).collect()
    }

    /// `None` for an object that is not among those shown.
    fn visit(&mut self, id: ObjectId) -> Option<Visit> {
        let object = *self.objects.get(&id)?;
        let links = self.seen.insert(id).then(|| object.links.iter().map(|link| self.road(link)).collect());
        Some(Visit { object: id, links })
    }

    fn road(&mut self, link: &LinkView) -> Road {
        Road { end: link.end, total: link.total, visits: self.all(&link.targets) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ModelId, RelationshipId, Side};

    fn object(id: u32, links: &[(u32, &[u32])]) -> ObjectView {
        let links = links.iter().map(|(relationship, targets)| LinkView {
            end: EndId { relationship: RelationshipId(*relationship), side: Side::Left },
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

    /// The walk as text: `0(1:2 3!)` is object 0 with property 1 that leads to 2 and to 3, told before.
    fn check(roots: &[u32], objects: Vec<ObjectView>, expected: &str) {
        fn print(visits: &[Visit]) -> String {
            let texts = visits.iter().map(|visit| {
                let links = visit.links.as_ref().map(|roads| {
                    roads
                        .iter()
                        .map(|road| format!("({}:{})", road.end.relationship.0, print(&road.visits)))
                        .collect()
                });
                format!("{}{}", visit.object.0, links.unwrap_or("!".to_owned()))
            });
            texts.collect::<Vec<_>>().join(" ")
        }
        let roots = roots.iter().copied().map(ObjectId).collect();
        let graph =
            GraphView { roots, total: objects.len() as u32, objects, named: 0, saved: 0, total_roots: 0 };
        assert_eq!(print(&walk(&graph)), expected);
    }

    #[test]
    fn a_ring_ends_where_it_closes() {
        check(&[0], vec![object(0, &[(1, &[1])]), object(1, &[(2, &[0])])], "0(1:1(2:0!))");
        check(&[0], vec![object(0, &[(1, &[0])])], "0(1:0!)");
    }

    #[test]
    fn a_shared_object_is_told_once() {
        let objects = vec![object(0, &[(1, &[2])]), object(1, &[(1, &[2])]), object(2, &[])];
        check(&[0, 1], objects, "0(1:2) 1(1:2!)");
    }

    #[test]
    fn empty_properties_and_objects_out_of_view() {
        check(&[0, 9], vec![object(0, &[(1, &[]), (2, &[8])])], "0(1:)(2:)");
        check(&[], vec![], "");
    }
}
