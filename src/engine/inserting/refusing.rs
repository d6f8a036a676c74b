//! Why an object was not inserted, in words, and where that is.

use super::links::Held;
use super::{Inserter, Refused};
use crate::engine::database::{SqlError, sqlite_words};
use crate::engine::words::explain;
use crate::mapping::{Placement, Table};
use crate::project::CellPlace;
use crate::spec::Target;
use crate::value::Value;

impl Inserter<'_> {
    /// Why SQLite did not take a row.
    pub(super) fn refused(&self, object: usize, table: &Table, error: &rusqlite::Error) -> Refused {
        let sqlite = sqlite_words(error);
        if sqlite == "FOREIGN KEY constraint failed" {
            let nowhere = self.links.held[object].iter().find(|link| self.leads_nowhere(link));
            if let Some(link) = nowhere {
                return self.missing(link, &sqlite);
            }
        }
        let (place, message) = explain(&self.live.schema, &self.live.relational, table, &sqlite);
        Refused { object, place, message, sqlite }
    }

    fn leads_nowhere(&self, link: &Held) -> bool {
        let (Target::Key(key), Some(Placement::Key { target, .. })) =
            (&link.target, self.live.relational.placement(link.relationship))
        else {
            return false;
        };
        !self.live.is_there(*target, key)
    }

    /// A link to a row that is not there.
    pub(super) fn missing(&self, link: &Held, sqlite: &str) -> Refused {
        let key = match &link.target {
            Target::Key(key) => key.clone(),
            Target::New(target) => self.key(*target),
        };
        let key: Vec<String> = key.iter().map(Value::to_string).collect();
        Refused {
            object: link.by,
            place: Some(CellPlace::Link(link.relationship)),
            message: format!("There is no row with the key {}.", key.join(", ")),
            sqlite: sqlite.to_owned(),
        }
    }

    /// The object whose key leads nowhere, after all were inserted.
    pub(super) fn dangling(&self, sqlite: &str) -> Refused {
        let check = || -> Result<Option<usize>, SqlError> {
            let mut statement = self.live.connection.prepare("PRAGMA foreign_key_check")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (name, rowid): (String, Option<i64>) = (row.get(0)?, row.get(1)?);
                let table = self.live.relational.tables.iter().find(|table| table.name == name);
                let place = table.zip(rowid).map(|(table, rowid)| (table.id, rowid));
                if let Some((_, object)) = self.at.iter().find(|(known, _)| Some(*known) == place) {
                    return Ok(Some(*object));
                }
            }
            Ok(None)
        };
        let object = check().ok().flatten().unwrap_or_default();
        let place = self.links.held[object].first().map(|link: &Held| CellPlace::Link(link.relationship));
        let message = "It points to a row that is not in the database.".into();
        Refused { object, place, message, sqlite: sqlite.to_owned() }
    }
}
