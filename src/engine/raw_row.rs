//! The rows of a statement, one at a time.
#![allow(unsafe_code, reason = "SQLite's C interface; each block says why it may be called")]

use std::marker::PhantomData;

use rusqlite::ffi;
use rusqlite::types::ValueRef;

use super::raw::{Code, Statement, value_of};

/// The row that a statement stands on; as long as it is lent, the statement does not move.
pub struct Row<'a> {
    /// Its first cell.
    first: *mut ffi::sqlite3_value,
    layout: Layout,
    of: PhantomData<&'a Statement>,
}

/// How the cells of each row of a statement lie.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    columns: usize,
    /// How many bytes one cell begins after the other: SQLite keeps a row as an array. To ask it for each cell alone takes longer
    /// than to read one.
    apart: usize,
}

impl Row<'_> {
    /// A cell; `NULL` where there is none.
    #[inline]
    pub fn get(&self, at: usize) -> ValueRef<'_> {
        if at >= self.layout.columns {
            return ValueRef::Null;
        }
        // SAFETY: there are as many cells as columns, in an array. A value is SQLite's own until the statement moves on, which it
        // does not while the row is lent, and there is one thread only, which is all that an unprotected value asks for.
        unsafe { value_of(self.first.byte_add(at * self.layout.apart)) }
    }
}

impl Statement {
    /// Goes through all rows, with the parameters that are bound, which it then lets go of.
    ///
    /// # Errors
    /// What `read` says, or SQLite's code where it stops.
    pub fn for_each<E: From<Code>>(
        &mut self,
        mut read: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut layout = None;
        let read_all = loop {
            match self.step() {
                Code::ROW => {}
                Code::DONE => break Ok(()),
                code => break Err(E::from(code)),
            }
            // If the schema has changed, the first step has changed the columns with it.
            let layout = *layout.get_or_insert_with(|| self.layout(self.column_count()));
            let row = self.row(layout);
            if let Err(error) = read(&row) {
                break Err(error);
            }
        };
        self.reset();
        read_all
    }

    /// How the cells of rows with so many columns lie.
    pub(super) fn layout(&self, columns: usize) -> Layout {
        let apart = if columns > 1 { self.value(1).addr() - self.value(0).addr() } else { 0 };
        Layout { columns, apart }
    }

    /// The row that it stands on.
    #[inline]
    pub(super) fn row(&self, layout: Layout) -> Row<'_> {
        let first = self.value(0);
        debug_assert!(
            (0..layout.columns).all(|at| self.value(at).addr() == first.addr() + at * layout.apart),
            "SQLite has no array of a row's cells"
        );
        Row { first, layout, of: PhantomData }
    }
}
