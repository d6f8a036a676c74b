//! The rows of a statement, one at a time.

use rusqlite::types::ValueRef;

use super::raw::{Code, Statement};

/// The row that a statement stands on; as long as it is lent, the statement does not move.
pub struct Row<'a> {
    statement: &'a Statement,
    columns: usize,
}

impl Row<'_> {
    /// A cell; `NULL` where there is none.
    pub fn get(&self, at: usize) -> ValueRef<'_> {
        if at < self.columns { self.statement.cell(at as i32) } else { ValueRef::Null }
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
        let mut columns = None;
        let read_all = loop {
            match self.step() {
                Code::ROW => {}
                Code::DONE => break Ok(()),
                code => break Err(E::from(code)),
            }
            // If the schema has changed, the first step has changed the columns with it.
            let columns = *columns.get_or_insert_with(|| self.column_count());
            if let Err(error) = read(&Row { statement: self, columns }) {
                break Err(error);
            }
        };
        self.reset();
        read_all
    }
}
