//! A part of the state as a property of a component: equal when it is the very same one.
//!
//! Comparing a whole document at every keystroke would cost more than drawing it. The reducer keeps what did not
//! change, so the pointer says it all.

use std::ops::Deref;
use std::rc::Rc;

/// A shared part of the state.
#[derive(Debug)]
pub struct Slice<T: ?Sized>(pub Rc<T>);

impl<T> Slice<T> {
    /// Shares a value that is not shared yet.
    pub fn new(value: T) -> Self {
        Slice(Rc::new(value))
    }
}

impl<T: ?Sized> Clone for Slice<T> {
    fn clone(&self) -> Self {
        Slice(Rc::clone(&self.0))
    }
}

impl<T: ?Sized> PartialEq for Slice<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: ?Sized> Deref for Slice<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ?Sized> From<&Rc<T>> for Slice<T> {
    fn from(shared: &Rc<T>) -> Self {
        Slice(Rc::clone(shared))
    }
}
