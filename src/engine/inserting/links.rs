//! Which object holds the key of which, whichever end a link was written at.

use std::collections::HashSet;

use super::Refused;
use crate::engine::live::Live;
use crate::mapping::TableId;
use crate::project::CellPlace;
use crate::schema::{Link as Tie, RelationshipId, Side};
use crate::spec::{Link, NewObject, NewObjects, Target};
use crate::sql::quote;
use crate::value::Value;

/// Everything that links objects to each other and to rows.
#[derive(Debug)]
pub(super) struct Links {
    /// For each object, the keys that it holds.
    pub(super) held: Vec<Vec<Held>>,
    /// Rows that are there and get the key of a new object.
    pub(super) moved: Vec<(Vec<Value>, Held)>,
    /// Pairs of many-to-manys, each once.
    pub(super) pairs: Vec<Pairing>,
    /// Whether each object is a row that is there.
    pub(super) existing: Vec<bool>,
}

/// A key that leads to a target.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held {
    pub(super) relationship: RelationshipId,
    pub(super) target: Target,
    /// The object that the link was written at.
    pub(super) by: usize,
}

/// A pair of a many-to-many, the left one first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pairing {
    pub(super) relationship: RelationshipId,
    pub(super) ends: [Target; 2],
    /// The object that the link was written at.
    pub(super) by: usize,
}

/// An end of a pair, to be told from others.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum End<'n> {
    New(usize),
    Key(&'n [Value]),
}

impl<'n> End<'n> {
    fn of(target: &'n Target) -> End<'n> {
        match target {
            Target::New(object) => End::New(*object),
            Target::Key(key) => End::Key(key),
        }
    }

    fn target(self) -> Target {
        match self {
            End::New(object) => Target::New(object),
            End::Key(key) => Target::Key(key.to_vec()),
        }
    }
}

/// Sorts the links of objects.
pub(super) fn links(live: &Live, new: &NewObjects) -> Result<Links, Refused> {
    let existing = new.objects.iter().map(|object| is_existing(live, object)).collect();
    let held = vec![Vec::new(); new.objects.len()];
    let mut links = Links { held, moved: Vec::new(), pairs: Vec::new(), existing };
    let mut known = HashSet::new();
    for (by, object) in new.objects.iter().enumerate() {
        for link in &object.links {
            links.add(live, by, link, &mut known)?;
        }
    }
    Ok(links)
}

/// An object that is only linked to and has the key of a row is that row.
fn is_existing(live: &Live, object: &NewObject) -> bool {
    let Some(model) = live.schema.model(object.model).filter(|_| !object.listed) else { return false };
    let key: Option<Vec<Value>> = model.key().map(|field| object.value(field.id).cloned()).collect();
    let table = live.relational.table_of(object.model);
    let (Some(key), Some(table)) = (key.filter(|key| !key.is_empty()), table) else { return false };
    key.len() == live.relational.table(table).primary_key.len() && live.is_there(table, &key)
}

impl Links {
    fn add<'n>(
        &mut self,
        live: &Live,
        by: usize,
        link: &'n Link,
        known: &mut HashSet<(RelationshipId, [End<'n>; 2])>,
    ) -> Result<(), Refused> {
        let (id, side) = (link.end.relationship, link.end.side);
        let Some(relationship) = live.schema.relationship(id) else { return Ok(()) };
        let refused = |message: String| {
            Err(Refused { object: by, place: Some(CellPlace::Link(id)), message, sqlite: String::new() })
        };
        match &relationship.link {
            Tie::Key(key) => {
                let (holder, target) = if key.holder == side {
                    (Target::New(by), link.target.clone())
                } else {
                    (link.target.clone(), Target::New(by))
                };
                let held = Held { relationship: id, target, by };
                match holder {
                    Target::Key(key) => self.moved.push((key, held)),
                    Target::New(holder) => {
                        let other = self.held[holder].iter().find(|other| other.relationship == id);
                        match other {
                            None => self.held[holder].push(held),
                            Some(other) if other.target == held.target => {}
                            Some(_) => {
                                let name = relationship.name(key.holder);
                                return refused(format!(
                                    "{name} would lead to two objects, and leads to one only."
                                ));
                            }
                        }
                    }
                }
            }
            Tie::Join(_) => {
                let (here, there) = (End::New(by), End::of(&link.target));
                let ends = if side == Side::Left { [here, there] } else { [there, here] };
                let [left, right] = ends;
                let is_known = known.contains(&(id, ends))
                    || relationship.is_symmetric() && known.contains(&(id, [right, left]));
                if !is_known {
                    known.insert((id, ends));
                    self.pairs.push(Pairing { relationship: id, ends: ends.map(End::target), by });
                }
            }
            Tie::Through(through) => {
                let join = live.schema.model(through.model).map_or("", |model| &model.name);
                return refused(format!("It is read through {join}: insert objects of {join} instead."));
            }
        }
        Ok(())
    }
}

impl Live {
    /// Whether a row with this primary key is in a table, or in the first of several that are one.
    pub(super) fn is_there(&self, table: TableId, key: &[Value]) -> bool {
        let whole = self.relational.table(table);
        let part = whole.whole.as_ref().map_or(table, |whole| whole.parts[0].table);
        let part = self.relational.table(part);
        let tests: Vec<String> =
            part.primary_key.iter().map(|at| format!("{} = ?", quote(&part.columns[*at].name))).collect();
        let sql = format!("SELECT 1 FROM {} WHERE {}", quote(&part.name), tests.join(" AND "));
        let found = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.exists(rusqlite::params_from_iter(key)));
        found.unwrap_or(false)
    }
}
