//! What JavaScript has hold of: connections, statements and texts, each by a number that is never 0.
//!
//! Nothing here stays borrowed while SQLite runs: it may call a function of the script, which may use and free anything.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use rusqlite::Connection;

use crate::engine::raw::Statement;

/// Things by number. A number is used again when its thing is gone.
pub(super) struct Slab<T> {
    things: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    pub(super) const fn new() -> Self {
        Slab { things: Vec::new(), free: Vec::new() }
    }

    pub(super) fn add(&mut self, thing: T) -> u32 {
        if let Some(id) = self.free.pop() {
            self.things[id as usize - 1] = Some(thing);
            return id;
        }
        self.things.push(Some(thing));
        self.things.len() as u32
    }

    pub(super) fn get(&self, id: u32) -> Option<&T> {
        self.things.get((id as usize).wrapping_sub(1))?.as_ref()
    }

    pub(super) fn take(&mut self, id: u32) -> Option<T> {
        let thing = self.things.get_mut((id as usize).wrapping_sub(1))?.take()?;
        self.free.push(id);
        Some(thing)
    }
}

thread_local! {
    pub(super) static CONNECTIONS: RefCell<Slab<Rc<Connection>>> = const { RefCell::new(Slab::new()) };
    /// SQL of many statements, from which one after the other is prepared.
    pub(super) static TEXTS: RefCell<Slab<Rc<CStr>>> = const { RefCell::new(Slab::new()) };
    pub(super) static STATEMENTS: RefCell<Slab<Rc<Statement>>> = const { RefCell::new(Slab::new()) };
}

/// Gives a connection a number, by which a `Database` of JavaScript is made of it.
pub fn share(connection: Rc<Connection>) -> u32 {
    CONNECTIONS.with_borrow_mut(|all| all.add(connection))
}

/// The connection of that number.
pub fn connection(id: u32) -> Option<Rc<Connection>> {
    CONNECTIONS.with_borrow(|all| all.get(id).cloned())
}

/// Lets go of a connection. It ends with the last who has it: a statement, or the playground that shared it.
pub fn close(id: u32) {
    drop(CONNECTIONS.with_borrow_mut(|all| all.take(id)));
}

pub(super) fn statement(id: u32) -> Option<Rc<Statement>> {
    STATEMENTS.with_borrow(|all| all.get(id).cloned())
}
