//! A database that others may use as well: a script by SQL, the playground by objects.

use std::cell::RefCell;
use std::rc::Rc;

use rusqlite::Connection;

use super::clock::micros;
use super::compact::{self, Outcome, Statements};
use super::database::{Database, SqlError, select};
use super::unit_of_work::all_of;
use crate::mapping::Relational;
use crate::project::{Adopted, Data, Refusal, adopt};
use crate::protocol::Limits;
use crate::query::Plan;
use crate::schema::Schema;
use crate::trace::Rows;

/// A database made from a document, on a connection that may be shared.
pub struct Live {
    pub(super) connection: Rc<Connection>,
    pub(super) schema: Schema,
    pub(super) relational: Relational,
    statements: RefCell<Statements>,
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
        Ok((Live { connection, schema, relational, statements: RefCell::default() }, refusals))
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

    /// The rows of the database as a document's, whoever wrote them.
    ///
    /// # Errors
    /// [`SqlError`], if a table is no longer as it was made.
    pub fn data(&self) -> Result<Data, SqlError> {
        let all = |table| select(&self.connection, &all_of("*", table), usize::MAX, UNLIMITED);
        let after = self.relational.tables.iter().map(all).collect::<Result<Vec<Rows>, _>>()?;
        let nothing: Vec<Rows> = after.iter().map(|_| Rows::new()).collect();
        let sources: Vec<Vec<_>> = after.iter().map(|_| Vec::new()).collect();
        let mut data = Data::default();
        let adopted = Adopted { before: &nothing, sources: &sources, after: &after };
        adopt(&self.schema, &self.relational, &mut data, adopted);
        Ok(data)
    }
}
