//! The identity map: primary keys to objects. Nearly all keys are small integers, and those need no hashing.

use std::collections::HashMap;

use rusqlite::types::ValueRef;

use crate::trace::ObjectId;
use crate::value::Value;

/// The values of an object that a statement takes for a parameter, or that make it the same object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A single integer.
    Integer(i64),
    /// Anything else.
    Values(Vec<Value>),
}

impl Key {
    /// The key of these values.
    pub(super) fn of(values: Vec<Value>) -> Key {
        match values.as_slice() {
            [Value::Integer(integer)] => Key::Integer(*integer),
            // What SQLite holds equal has to be equal here.
            [Value::Real(real)] if real.fract() == 0.0 && real.abs() < 9.0e15 => Key::Integer(*real as i64),
            _ => Key::Values(values),
        }
    }

    /// The key in these cells.
    #[inline]
    pub(super) fn read<'v>(cells: &[usize], get: impl Fn(usize) -> ValueRef<'v>) -> Key {
        if let [single] = cells
            && let ValueRef::Integer(integer) = get(*single)
        {
            return Key::Integer(integer);
        }
        Key::of(cells.iter().map(|&at| get(at).into()).collect())
    }

    /// Whether a part of it is `NULL`: it leads nowhere.
    pub(super) fn is_void(&self) -> bool {
        matches!(self, Key::Values(values) if values.iter().any(Value::is_null))
    }

    /// Of how many columns it is.
    pub(super) fn width(&self) -> usize {
        match self {
            Key::Integer(_) => 1,
            Key::Values(values) => values.len(),
        }
    }

    /// Its value for a column.
    pub(super) fn get(&self, column: usize) -> Value {
        match self {
            Key::Integer(integer) if column == 0 => Value::Integer(*integer),
            Key::Integer(_) => Value::Null,
            Key::Values(values) => values.get(column).cloned().unwrap_or(Value::Null),
        }
    }
}

/// No object.
const NOBODY: u32 = u32::MAX;

/// The objects of a model and its kinds by primary key.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// Those whose key is an integer that is not great for as many objects as there are.
    dense: Vec<u32>,
    /// All others.
    sparse: HashMap<Key, u32>,
    count: usize,
}

impl Identities {
    /// The object with this key.
    #[inline]
    pub(super) fn find(&self, key: &Key) -> Option<ObjectId> {
        if let Key::Integer(integer) = key
            && let Some(known) = usize::try_from(*integer).ok().and_then(|at| self.dense.get(at))
            && *known != NOBODY
        {
            return Some(ObjectId(*known));
        }
        if self.sparse.is_empty() { None } else { self.find_sparse(key) }
    }

    #[inline(never)]
    fn find_sparse(&self, key: &Key) -> Option<ObjectId> {
        self.sparse.get(key).map(|known| ObjectId(*known))
    }

    /// Takes in a new object.
    pub(super) fn add(&mut self, key: Key, object: ObjectId) {
        self.count += 1;
        let room = 4 * self.count + 1024;
        match key {
            Key::Integer(integer) if (0..room as i64).contains(&integer) => {
                let at = integer as usize;
                if at >= self.dense.len() {
                    self.dense.resize((at + 1).max(self.dense.len() * 2).min(room), NOBODY);
                }
                self.dense[at] = object.0;
            }
            key => {
                self.sparse.insert(key, object.0);
            }
        }
    }
}
