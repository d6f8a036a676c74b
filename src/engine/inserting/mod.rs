//! Inserts objects and the links between them: all of them, or none.
//!
//! An object comes after those whose keys it holds. Where they hold each other's in a ring, one of them is inserted without,
//! and gets it when all are there.

mod known;
mod links;
mod order;
mod refusing;

use std::collections::BTreeMap;

use rusqlite::{CachedStatement, OptionalExtension};

use super::database::sqlite_words;
use super::live::Live;
use super::opening::rowid_column;
use crate::mapping::{ColumnOrigin, Placement, Table, TableId};
use crate::project::CellPlace;
use crate::schema::RelationshipId;
use crate::spec::{NewObject, NewObjects, Target};
use crate::sql::{Write, insert, quote, render_write};
use crate::value::Value;
use links::{Held, Links, Pairing, links};
use order::order;

/// Why objects were not inserted. The database is as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The object, by position among those to insert.
    pub object: usize,
    /// The field or relationship to blame; `None` if it is the object as a whole.
    pub place: Option<CellPlace>,
    /// Why, in plain words.
    pub message: String,
    /// SQLite's own words, if it was SQLite that refused.
    pub sqlite: String,
}

/// Objects that were inserted.
#[derive(Clone, Debug, PartialEq)]
pub struct Inserted {
    /// The number of the insertion: see [`Live::is_still_there`].
    pub number: u32,
    /// Of each object, the table that has a row for it, and its primary key there.
    pub rows: Vec<(TableId, Vec<Value>)>,
}

impl Live {
    /// Inserts objects.
    ///
    /// # Errors
    /// [`Refused`]; then nothing is inserted.
    pub fn insert(&self, new: &NewObjects) -> Result<Inserted, Refused> {
        let nobody = |error: rusqlite::Error| Refused {
            object: 0,
            place: None,
            message: "SQLite cannot insert now.".into(),
            sqlite: sqlite_words(&error),
        };
        let links = links(self, new)?;
        self.connection.execute_batch("SAVEPOINT relata_insert").map_err(nobody)?;
        let mut inserter = Inserter {
            live: self,
            new,
            links: &links,
            rows: vec![None; new.objects.len()],
            at: Vec::new(),
            prepared: Vec::new(),
        };
        let done = self.note_insertion().map_err(nobody).and_then(|number| inserter.all().map(|()| number));
        let end = match &done {
            Ok(_) => "RELEASE relata_insert",
            Err(_) => "ROLLBACK TO relata_insert; RELEASE relata_insert",
        };
        let ended = self.connection.execute_batch(end);
        let number = done?;
        if let Err(error) = ended {
            let refused = inserter.dangling(&sqlite_words(&error));
            // It is the first error that is told.
            let _ = self.connection.execute_batch("ROLLBACK TO relata_insert; RELEASE relata_insert");
            return Err(refused);
        }
        let models = new.objects.iter().map(|object| object.model).enumerate();
        let rows = models.map(|(at, model)| (self.first_table(model), inserter.key(at))).collect();
        Ok(Inserted { number, rows })
    }
}

/// The values that are known of an object's row, by column of its model's table.
type Known = BTreeMap<usize, Value>;

struct Inserter<'a> {
    live: &'a Live,
    new: &'a NewObjects,
    links: &'a Links,
    /// The rows that are there by now.
    rows: Vec<Option<Known>>,
    /// Each row that was inserted, and its object.
    at: Vec<((TableId, i64), usize)>,
    /// The statements that insert a row with values in these columns of a table.
    prepared: Vec<(TableId, Vec<usize>, CachedStatement<'a>)>,
}

impl<'a> Inserter<'a> {
    fn all(&mut self) -> Result<(), Refused> {
        for (at, object) in self.new.objects.iter().enumerate() {
            self.rows[at] = self.links.existing[at].then(|| self.given(object));
        }
        let order = order(&self.links.held);
        if !order.later.is_empty() {
            // Rows of a ring that have keys of their own may point to rows to come.
            let _ = self.live.connection.execute_batch("PRAGMA defer_foreign_keys = ON");
        }
        for &object in &order.objects {
            if self.rows[object].is_none() {
                self.insert(object)?;
            }
        }
        for (object, held) in self.links.held.iter().enumerate() {
            for link in held {
                if self.links.existing[object] || order.later.contains(&(object, link.relationship)) {
                    let key = self.key(object);
                    self.point(object, &key, link)?;
                }
            }
        }
        for (key, link) in &self.links.moved {
            self.point(link.by, key, link)?;
        }
        let links = self.links;
        links.pairs.iter().try_for_each(|pair| self.pair(pair))
    }

    fn table(&self, object: usize) -> &'a Table {
        let model = self.new.objects[object].model;
        self.live.relational.table(self.live.relational.table_of(model).unwrap_or(TableId(0)))
    }

    /// The values that were given for an object's fields.
    fn given(&self, object: &NewObject) -> Known {
        let relational = &self.live.relational;
        let Some(table) = relational.table_of(object.model).map(|id| relational.table(id)) else {
            return Known::new();
        };
        let values = object.values.iter();
        values.filter_map(|(field, value)| Some((table.field_column(*field)?, value.clone()))).collect()
    }

    /// Inserts an object, in each table that its row stands in.
    fn insert(&mut self, object: usize) -> Result<(), Refused> {
        let new = &self.new.objects[object];
        let (live, mut known) = (self.live, self.given(new));
        let table = self.table(object);
        let kind = live.schema.model(new.model).and_then(|model| model.kind.as_ref());
        if let Some(kind) = kind
            && let Some(at) =
                table.columns.iter().position(|column| matches!(column.origin, ColumnOrigin::Kind(_)))
        {
            known.insert(at, Value::Text(kind.value.clone()));
        }
        for link in &self.links.held[object] {
            for (column, value) in self.key_cells(link)? {
                if !value.is_null() {
                    known.insert(column, value);
                }
            }
        }
        let line = table.whole.as_ref().map(|whole| whole.line(new.model));
        let parts = line.map_or(vec![table.id], |line| {
            let parts = table.whole.iter().flat_map(|whole| line.iter().map(|at| whole.parts[*at].table));
            parts.collect()
        });
        for (number, part) in parts.into_iter().enumerate() {
            let definition = live.relational.table(part);
            let cell = |at: usize| Some((at, known.get(&live.relational.in_whole(part, at).1)?.clone()));
            let cells: Vec<(usize, Value)> = (0..definition.columns.len()).filter_map(cell).collect();
            let rowid = self.send(object, definition, &cells)?;
            self.at.push(((part, rowid), object));
            if number == 0 {
                self.learn_key(table, definition, rowid, &mut known);
            }
        }
        self.rows[object] = Some(known);
        Ok(())
    }

    fn send(&mut self, object: usize, table: &Table, cells: &[(usize, Value)]) -> Result<i64, Refused> {
        let at = self.prepare(table, cells).map_err(|error| self.refused(object, table, &error))?;
        let values = cells.iter().map(|(_, value)| value);
        let sent = self.prepared[at].2.execute(rusqlite::params_from_iter(values));
        sent.map_err(|error| self.refused(object, table, &error))?;
        Ok(self.live.connection.last_insert_rowid())
    }

    /// Where the statement is that inserts such a row: to write and look up its text takes as long as to run it.
    fn prepare(&mut self, table: &Table, cells: &[(usize, Value)]) -> rusqlite::Result<usize> {
        let columns = || cells.iter().map(|(at, _)| *at);
        let is_it =
            |known: &(TableId, Vec<usize>, _)| known.0 == table.id && columns().eq(known.1.iter().copied());
        if let Some(at) = self.prepared.iter().position(is_it) {
            return Ok(at);
        }
        let statement = self.live.connection.prepare_cached(&insert(table, cells).text)?;
        self.prepared.push((table.id, columns().collect(), statement));
        Ok(self.prepared.len() - 1)
    }

    /// Finds out the parts of the primary key that the database has filled in.
    fn learn_key(&self, table: &Table, part: &Table, rowid: i64, known: &mut Known) {
        let missing = table.primary_key.iter().any(|at| known.get(at).is_none_or(Value::is_null));
        if part.has_rowid_key() {
            known.insert(table.primary_key[0], Value::Integer(rowid));
        } else if missing
            && let Ok(key) = self.read(part, &part.primary_key, (&rowid_column(part), &Value::Integer(rowid)))
        {
            known.extend(table.primary_key.iter().copied().zip(key.into_iter().flatten()));
        }
    }

    /// The values of columns of the row in which an expression has a value.
    fn read(
        &self,
        table: &Table,
        columns: &[usize],
        (name, value): (&str, &Value),
    ) -> rusqlite::Result<Option<Vec<Value>>> {
        self.read_by(table, columns, &[name.to_owned()], std::slice::from_ref(value))
    }

    fn read_by(
        &self,
        table: &Table,
        columns: &[usize],
        names: &[String],
        values: &[Value],
    ) -> rusqlite::Result<Option<Vec<Value>>> {
        let selected: Vec<String> = columns.iter().map(|at| quote(&table.columns[*at].name)).collect();
        let tests: Vec<String> = names.iter().map(|name| format!("{name} = ?")).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE {}",
            selected.join(", "),
            quote(&table.name),
            tests.join(" AND ")
        );
        let mut statement = self.live.connection.prepare_cached(&sql)?;
        let row = statement.query_row(rusqlite::params_from_iter(values), |row| {
            (0..columns.len()).map(|at| row.get_ref(at).map(Value::from)).collect()
        });
        row.optional()
    }

    /// The primary key of an object whose row is there.
    fn key(&self, object: usize) -> Vec<Value> {
        let known = self.rows[object].as_ref();
        let value = |at: &usize| known.and_then(|known| known.get(at)).cloned().unwrap_or(Value::Null);
        self.table(object).primary_key.iter().map(value).collect()
    }

    /// What stands in the columns of a key that leads to a target: nothing yet if that is still to come and has no key.
    fn key_cells(&self, link: &Held) -> Result<Vec<(usize, Value)>, Refused> {
        let Some(Placement::Key { columns, target, target_columns, discriminator, .. }) =
            self.live.relational.placement(link.relationship)
        else {
            return Ok(Vec::new());
        };
        let values = self.target_values(link, *target, target_columns)?;
        let mut cells: Vec<(usize, Value)> = columns.iter().copied().zip(values).collect();
        if let Some(kind) = discriminator {
            cells.push((kind.column, Value::Text(kind.value.clone())));
        }
        Ok(cells)
    }

    fn target_values(&self, link: &Held, table: TableId, columns: &[usize]) -> Result<Vec<Value>, Refused> {
        let table = self.live.relational.table(table);
        let key = match &link.target {
            Target::Key(key) => key.clone(),
            Target::New(target) => {
                let given;
                let known = match &self.rows[*target] {
                    Some(known) => known,
                    None => {
                        given = self.given(&self.new.objects[*target]);
                        &given
                    }
                };
                let values: Option<Vec<Value>> = columns.iter().map(|at| known.get(at).cloned()).collect();
                match values {
                    Some(values) => return Ok(values),
                    None if self.rows[*target].is_none() => return Ok(vec![Value::Null; columns.len()]),
                    None => self.key(*target),
                }
            }
        };
        if columns == table.primary_key {
            return Ok(key);
        }
        // A key that refers to a unique field: the row has its value.
        let names: Vec<String> = table.primary_key.iter().map(|at| quote(&table.columns[*at].name)).collect();
        let found = self.read_by(table, columns, &names, &key);
        let found = found.map_err(|error| self.refused(link.by, table, &error))?;
        found.ok_or_else(|| self.missing(link, ""))
    }

    /// Sets the key of a row that is there.
    fn point(&self, object: usize, key: &[Value], link: &Held) -> Result<(), Refused> {
        let relational = &self.live.relational;
        let holder =
            self.live.schema.relationship(link.relationship).zip(relational.placement(link.relationship));
        let Some((relationship, Placement::Key { holder, .. })) = holder else { return Ok(()) };
        let Some(part) = relational.own_table_of(relationship.model(*holder)) else { return Ok(()) };
        let table = relational.table(part);
        let cells = self.key_cells(link)?;
        let cells = cells.into_iter().filter_map(|(at, value)| Some((relational.in_part(part, at)?, value)));
        let key = table.primary_key.iter().copied().zip(key.iter().cloned()).collect();
        let statement = render_write(table, &Write::Update { cells: cells.collect(), key });
        let changed =
            self.live.connection.execute(&statement.text, rusqlite::params_from_iter(&statement.params));
        match changed.map_err(|error| self.refused(object, table, &error))? {
            0 => Err(self.missing(link, "")),
            _ => Ok(()),
        }
    }

    /// Links two objects, or rows, of a many-to-many; in both directions if it has no direction.
    fn pair(&mut self, pair: &Pairing) -> Result<(), Refused> {
        let Some(Placement::Join { table, columns, targets, target_columns }) =
            self.live.relational.placement(pair.relationship)
        else {
            return Ok(());
        };
        let end = |side: usize| {
            let link = Held { relationship: pair.relationship, target: pair.ends[side].clone(), by: pair.by };
            self.target_values(&link, targets[side], &target_columns[side])
        };
        let ends = [end(0)?, end(1)?];
        let symmetric =
            self.live.schema.relationship(pair.relationship).is_some_and(|link| link.is_symmetric());
        let directions: &[[usize; 2]] =
            if symmetric && ends[0] != ends[1] { &[[0, 1], [1, 0]] } else { &[[0, 1]] };
        let table = self.live.relational.table(*table);
        for [left, right] in directions {
            let left = columns[0].iter().copied().zip(ends[*left].iter().cloned());
            let cells: Vec<(usize, Value)> =
                left.chain(columns[1].iter().copied().zip(ends[*right].iter().cloned())).collect();
            self.send(pair.by, table, &cells)
                .map_err(|refused| Refused { place: Some(CellPlace::Link(pair.relationship)), ..refused })?;
        }
        Ok(())
    }
}

/// A relationship whose key one object holds at most.
pub(super) type HeldBy = (usize, RelationshipId);
