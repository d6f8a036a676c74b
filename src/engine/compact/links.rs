//! The edges of one property, of all objects that have it.

use std::collections::HashSet;

use crate::trace::ObjectId;

/// The property is not loaded.
pub const UNLOADED: u32 = u32::MAX;
/// The property is loaded, and leads nowhere; also the end of a list.
pub const NOTHING: u32 = u32::MAX - 1;

/// Lists up to this long are searched for a target; of longer ones the targets are kept as a set, too.
const SHORT: u32 = 12;

/// The edges of a property. Those of a collection form a list for each object.
#[derive(Debug, Default)]
pub struct Links {
    /// Whether it leads to many.
    pub many: bool,
    /// By object: the target, or the first edge of the list.
    pub heads: Vec<u32>,
    /// Of each edge, where it leads.
    pub targets: Vec<u32>,
    /// Of each edge, the next one of the same object.
    pub next: Vec<u32>,
    /// By object: the last edge of its list, and how many there are.
    tails: Vec<(u32, u32)>,
    long: HashSet<(u32, u32)>,
}

impl Links {
    pub(super) fn new(many: bool) -> Links {
        Links { many, ..Links::default() }
    }

    pub(super) fn is_loaded(&self, object: ObjectId) -> bool {
        self.heads.get(object.0 as usize).is_some_and(|head| *head != UNLOADED)
    }

    /// Marks the property of an object as loaded, empty so far.
    pub(super) fn open(&mut self, object: ObjectId) {
        let at = object.0 as usize;
        if at >= self.heads.len() {
            self.heads.resize(at + 1, UNLOADED);
            if self.many {
                self.tails.resize(at + 1, (NOTHING, 0));
            }
        }
        if self.heads[at] == UNLOADED {
            self.heads[at] = NOTHING;
        }
    }

    /// Adds an edge to a property that is open, unless it is there. Of several targets of a property to one the first stays.
    /// `is_new` says that the target has just been made, so that no edge can lead to it.
    pub(super) fn link(&mut self, object: ObjectId, target: ObjectId, is_new: bool) {
        let at = object.0 as usize;
        if !self.many {
            if self.heads[at] == NOTHING {
                self.heads[at] = target.0;
            }
            return;
        }
        if !is_new && self.has(object, target) {
            return;
        }
        let edge = self.targets.len() as u32;
        self.targets.push(target.0);
        self.next.push(NOTHING);
        let (tail, count) = self.tails[at];
        match tail {
            NOTHING => self.heads[at] = edge,
            tail => self.next[tail as usize] = edge,
        }
        self.tails[at] = (edge, count + 1);
        if count == SHORT {
            let all: Vec<ObjectId> = self.of(object).collect();
            self.long.extend(all.iter().map(|target| (object.0, target.0)));
        } else if count > SHORT {
            self.long.insert((object.0, target.0));
        }
    }

    fn has(&self, object: ObjectId, target: ObjectId) -> bool {
        match self.tails[object.0 as usize] {
            (_, count) if count > SHORT => self.long.contains(&(object.0, target.0)),
            _ => self.of(object).any(|known| known == target),
        }
    }

    /// The targets of an object, as far as they are loaded.
    pub fn of(&self, object: ObjectId) -> impl Iterator<Item = ObjectId> {
        let head = self.heads.get(object.0 as usize).copied().filter(|head| *head < NOTHING);
        let (one, first) = if self.many { (None, head) } else { (head, None) };
        let follow = move |edge: &u32| Some(self.next[*edge as usize]).filter(|next| *next != NOTHING);
        let list = std::iter::successors(first, follow).map(|edge| self.targets[edge as usize]);
        one.into_iter().chain(list).map(ObjectId)
    }
}
