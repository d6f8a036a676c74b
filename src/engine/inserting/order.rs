//! In which order objects can be inserted.

use std::collections::HashSet;

use super::HeldBy;
use super::links::Held;
use crate::spec::Target;

/// An order of objects.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The objects, each after those whose keys it holds, as far as there is no ring.
    pub(super) objects: Vec<usize>,
    /// The keys that can be set only when all objects are there.
    pub(super) later: HashSet<HeldBy>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// Orders objects by the keys that they hold.
pub(super) fn order(held: &[Vec<Held>]) -> Order {
    let mut order = Order::default();
    let mut states = vec![State::New; held.len()];
    for object in 0..held.len() {
        // Each with the number of keys that were looked at. No recursion: a chain may be as long as there are objects.
        let mut stack = vec![(object, 0)];
        while let Some((object, looked_at)) = stack.pop() {
            if states[object] == State::Done {
                continue;
            }
            states[object] = State::Open;
            match held[object].get(looked_at) {
                None => {
                    states[object] = State::Done;
                    order.objects.push(object);
                }
                Some(link) => {
                    stack.push((object, looked_at + 1));
                    match link.target {
                        Target::New(target) if states[target] == State::New => stack.push((target, 0)),
                        Target::New(target) if states[target] == State::Open => {
                            order.later.insert((object, link.relationship));
                        }
                        Target::New(_) | Target::Key(_) => {}
                    }
                }
            }
        }
    }
    order
}
