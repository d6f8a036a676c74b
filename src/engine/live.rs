//! A database that others may use as well: a script by SQL, the playground by objects.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rusqlite::Connection;

use super::clock::micros;
use super::compact::{self, Outcome, Statements};
use super::database::{Database, SqlError, select};
use crate::mapping::Relational;
use crate::project::{Data, Refusal};
use crate::protocol::Limits;
use crate::query::Plan;
use crate::schema::Schema;
use crate::sql::Statement;
use crate::trace::Rows;

/// A database made from a document, on a connection that may be shared.
pub struct Live {
    pub(super) connection: Rc<Connection>,
    pub(super) schema: Schema,
    pub(super) relational: Relational,
    statements: RefCell<Statements>,
    /// How many insertions there were.
    pub(super) insertions: Cell<u32>,
}

/// No limit at all.
const UNLIMITED: Limits = Limits { millis: u32::MAX, rows: u32::MAX };

impl Live {
    /// Makes the database: creates the tables and inserts the rows, as far as SQLite takes them.
    ///
    /// # Errors
    /// If SQLite refuses a table, which a checked schema should not bring about.
    pub fn create(
        schema: Schema,
        relational: Relational,
        data: &Data,
    ) -> Result<(Live, Vec<Refusal>), SqlError> {
        let (database, refusals) = Database::open(schema.clone(), relational.clone(), data)?;
        let connection = Rc::new(database.into_connection());
        let (statements, insertions) = Default::default();
        Ok((Live { connection, schema, relational, statements, insertions }, refusals))
    }

    /// The connection.
    pub fn connection(&self) -> &Rc<Connection> {
        &self.connection
    }

    /// The schema that the database was made for.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The tables of the database.
    pub fn relational(&self) -> &Relational {
        &self.relational
    }

    /// Runs a plan for its objects.
    pub fn load(&self, plan: &Plan) -> Outcome {
        compact::load(&self.connection, &mut self.statements.borrow_mut(), plan, &self.schema)
    }

    /// Sends a statement; gives its rows, and how long it took in microseconds.
    ///
    /// # Errors
    /// [`SqlError`], if SQLite refuses it.
    pub fn rows(&self, statement: &Statement) -> Result<(Rows, u64), SqlError> {
        let start = micros();
        let rows = select(&self.connection, statement, usize::MAX, UNLIMITED)?;
        Ok((rows, micros() - start))
    }

    /// How long a plan's statements take alone, with every column read, and how long it takes to make a graph of them; both in
    /// microseconds.
    ///
    /// # Errors
    /// [`SqlError`], if SQLite refuses a statement.
    pub fn measure(&self, plan: &Plan) -> Result<[u64; 2], SqlError> {
        let start = micros();
        let outcome = self.load(plan);
        let graph = micros() - start;
        let (alone, _) = compact::scan(&self.connection, &outcome.graph)?;
        Ok([alone, graph])
    }
}
