//! Models that need each other in a ring.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use super::check::called;
use super::model::{Link, Relationship, Schema};
use super::{Findings, ModelId, Place, RelationshipId, RelationshipPart};
use crate::naming::{capitalised, one};

/// Models that need each other in a ring: whichever row came first would need one that is not there yet.
pub(super) fn required_rings(schema: &Schema, findings: &mut Findings<Place>) {
    let mut graph: DiGraphMap<ModelId, ()> = DiGraphMap::new();
    let mut needs: BTreeMap<(ModelId, ModelId), Vec<RelationshipId>> = BTreeMap::new();
    for relationship in schema.relationships() {
        let Link::Key(key) = &relationship.link else { continue };
        // A polymorphic key may point elsewhere, out of the ring.
        if key.required && key.polymorphic.is_none() {
            let [from, to] = [key.holder, key.holder.other()].map(|side| relationship.model(side));
            graph.add_edge(from, to, ());
            needs.entry((from, to)).or_default().push(relationship.id);
        }
    }
    // What a model needs, all its kinds need, too.
    for model in schema.models() {
        model.parent.into_iter().for_each(|parent| {
            graph.add_edge(model.id, parent, ());
        });
    }
    let rings: Vec<BTreeSet<ModelId>> =
        kosaraju_scc(&graph).into_iter().map(|ring| ring.into_iter().collect()).collect();
    for ((from, to), relationships) in needs {
        if rings.iter().any(|ring| ring.contains(&from) && ring.contains(&to)) {
            for id in relationships {
                let identifies = schema.relationship(id).is_some_and(Relationship::identifies);
                let (part, mend) = match identifies {
                    true => (RelationshipPart::Identifies, "Take it out of the key, and make it optional."),
                    false => {
                        (RelationshipPart::Required, "Make one of the relationships in the ring optional.")
                    }
                };
                findings.error(Place::Relationship(id, part), ring_message(schema, from, to), mend);
            }
        }
    }
}

fn ring_message(schema: &Schema, from: ModelId, to: ModelId) -> String {
    let name = |id| schema.model(id).map_or("?", |model| called(&model.name));
    let (from, to, itself) = (name(from), name(to), from == to);
    if itself {
        return format!("Each {from} needs another {from}, so no first one could be inserted.");
    }
    let (from, to) = (one(from), one(to));
    let first = capitalised(&from);
    format!("{first} needs {to} first, which in turn needs {from} first, so none could ever be inserted.")
}
