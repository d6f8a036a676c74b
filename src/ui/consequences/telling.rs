//! Reads off a script's outcome what became of which rows, by whom and why.

use std::collections::BTreeMap;

use super::{By, Fate, Group, Setting, Tally};
use crate::mapping::{ForeignKey, Placement, Relational, Table, TableId};
use crate::project::{RowId, RowSource};
use crate::protocol::ScriptOutcome;
use crate::schema::{EndId, OnDelete, Schema};
use crate::session::{Deed, Reason, RowName, SentSet, SessionError, Verb, What};
use crate::trace::Rows;
use crate::ui::script_changes::{ChangedRow, ChangedTable, model_of};
use crate::value::Value;

/// How many rows of a group are named.
const NAMED: usize = 12;

/// Who did something to a row, and the property or relationship that it was about.
#[derive(Clone)]
struct Cause {
    by: By,
    end: Option<EndId>,
}

pub(super) struct Telling<'a> {
    pub outcome: &'a ScriptOutcome,
    pub schema: &'a Schema,
    pub relational: &'a Relational,
}

impl Telling<'_> {
    pub(super) fn headline(&self, tally: &Tally, groups: &[Group]) -> String {
        let words = tally.words();
        let blocking: usize =
            groups.iter().filter(|group| group.fate == Fate::Blocks).map(|group| group.count).sum();
        let sent = |what: &What| matches!(what, What::Sent(sent) if sent.verb != Verb::Select);
        let wrote = self.outcome.happenings.iter().any(|happening| sent(&happening.what));
        let committed = self.outcome.happenings.iter().any(|happening| happening.what == What::Committed);
        match (&self.outcome.failure, words.is_empty()) {
            (Some(_), true) if blocking > 0 => {
                let stand = if blocking == 1 { "1 row stands" } else { &format!("{blocking} rows stand") };
                format!("Nothing changes: {stand} in the way.")
            }
            (Some((step, error)), true) => {
                format!("Nothing changes: {} at step {}.", error.exception(), step + 1)
            }
            (Some((step, error)), false) => {
                format!("{words}; then {} at step {}.", error.exception(), step + 1)
            }
            (None, false) => format!("{words}; nothing blocks."),
            (None, true) if wrote && !committed => "Nothing is kept: the script does not commit.".into(),
            (None, true) => "Nothing changes.".into(),
        }
    }

    /// The rows that stand in the way of a deletion.
    pub(super) fn blocking(&self) -> Vec<Group> {
        let Some((_, SessionError::Integrity { blocked: Some(blocked), .. })) = &self.outcome.failure else {
            return Vec::new();
        };
        let mut groups = Grouping::new(self);
        for row in &blocked.by {
            let table = self.relational.table(row.table);
            let refuses = |key: &&ForeignKey| key.on_delete != OnDelete::Cascade;
            let key = table.foreign_keys.iter().find(refuses);
            let rule = key.map_or(String::new(), |key| key.on_delete.sql().to_owned());
            let end = key.map(|key| EndId { relationship: key.relationship, side: key.side });
            let cause = Cause { by: By::Key(format!("ON DELETE {rule}")), end };
            groups.add(Fate::Blocks, &cause, row);
        }
        groups.into()
    }

    pub(super) fn dangling(&self) -> Vec<Group> {
        let mut groups = Grouping::new(self);
        for (relationship, row) in &self.outcome.dangling {
            let Some(Placement::Key { holder, .. }) = self.relational.placement(*relationship) else {
                continue;
            };
            let end = EndId { relationship: *relationship, side: holder.other() };
            groups.add(Fate::Dangling, &Cause { by: By::Nobody, end: Some(end) }, row);
        }
        groups.into()
    }

    pub(super) fn changed(&self, tables: &[ChangedTable]) -> Vec<Group> {
        let causes = self.causes();
        let mut groups = Grouping::new(self);
        for changed in tables {
            let table = self.relational.table(changed.table);
            for (row, _) in &changed.rows {
                let (fate, values) = match row {
                    ChangedRow::Added(values) => (Fate::Added, values),
                    ChangedRow::Removed(values) => (Fate::Gone, values),
                    ChangedRow::Changed(before, after) if is_cleared(table, before, after) => {
                        (Fate::Cleared, after)
                    }
                    ChangedRow::Changed(_, after) => (Fate::Changed, after),
                    ChangedRow::Same(_) => continue,
                };
                let key = table.primary_key.iter().filter_map(|at| values.get(*at).cloned()).collect();
                let name = RowName { table: table.id, key };
                let unknown = Cause { by: By::Nobody, end: None };
                groups.add(fate, causes.get(&name).unwrap_or(&unknown), &name);
            }
        }
        groups.into()
    }

    /// For each row that was written, and kept: who wrote it last.
    fn causes(&self) -> BTreeMap<RowName, Cause> {
        let (mut kept, mut open) = (BTreeMap::new(), BTreeMap::new());
        let mut statement = 0;
        for happening in &self.outcome.happenings {
            match &happening.what {
                What::Sent(sent) => {
                    statement += 1;
                    sent.sets.iter().for_each(|set| self.note(set, sent.verb, statement, &mut open));
                }
                What::Committed => kept.append(&mut open),
                What::RolledBack => open.clear(),
                What::Warned(_) => {}
            }
        }
        kept
    }

    fn note(&self, set: &SentSet, verb: Verb, statement: usize, causes: &mut BTreeMap<RowName, Cause>) {
        if let Some(row) = set.row.as_ref().filter(|_| set.rows > 0) {
            let by = By::Session { statement, verb: verb_word(verb), why: set.reason.words(self.schema) };
            causes.insert(row.clone(), Cause { by, end: self.parent_end(set.reason) });
        }
        for doing in &set.doings {
            let table = self.relational.table(doing.row.table);
            let key = match doing.deed {
                Deed::Deleted => self.cascading(table, &doing.row),
                Deed::KeyChanged(id) => table.foreign_keys.iter().find(|key| key.relationship == id),
            };
            let action = match doing.deed {
                Deed::Deleted => OnDelete::Cascade,
                Deed::KeyChanged(_) => key.map_or(OnDelete::SetNull, |key| key.on_delete),
            };
            let by = By::Database { rule: format!("ON DELETE {}", action.sql()), statement };
            let end = key.map(|key| EndId { relationship: key.relationship, side: key.side });
            causes.insert(doing.row.clone(), Cause { by, end });
        }
    }

    /// The property whose cascade decided about a row.
    fn parent_end(&self, reason: Reason) -> Option<EndId> {
        match reason {
            Reason::Cascade(end) | Reason::Orphan(end) | Reason::NullOut(end) => Some(end),
            Reason::Unlinked(end) | Reason::PostUpdate(end) => Some(self.owning(end)),
            _ => None,
        }
    }

    /// The end of a relationship that does not hold its key.
    fn owning(&self, end: EndId) -> EndId {
        match self.relational.placement(end.relationship) {
            Some(Placement::Key { holder, .. }) => EndId { side: holder.other(), ..end },
            _ => end,
        }
    }

    /// The key along which the database deleted a row: one that pointed to a row which is gone.
    fn cascading(&self, table: &Table, row: &RowName) -> Option<&ForeignKey> {
        let table = self.relational.tables.iter().find(|known| known.id == table.id)?;
        let rows = self.outcome.before.get(table.id.0 as usize)?;
        let cells = find(table, rows, &row.key)?;
        let gone = |key: &&ForeignKey| {
            let target = self.relational.table(key.target);
            let held: Vec<&Value> = key.columns.iter().map(|at| &cells[*at]).collect();
            let names =
                |row: &&Vec<Value>| key.target_columns.iter().map(|at| &row[*at]).eq(held.iter().copied());
            let at = key.target.0 as usize;
            let there =
                |tables: &[Rows]| tables.get(at).is_some_and(|rows| rows.iter().any(|row| names(&row)));
            target.id == key.target && there(&self.outcome.before) && !there(&self.outcome.tables)
        };
        let cascades = || table.foreign_keys.iter().filter(|key| key.on_delete == OnDelete::Cascade);
        cascades().find(gone).or_else(|| cascades().next())
    }

    /// The other settings of what hangs on the models of which a row was to be deleted.
    pub(super) fn also(&self, groups: &[Group]) -> Vec<Setting> {
        let mut targets: Vec<TableId> = Vec::new();
        let sets = self.outcome.happenings.iter().filter_map(|happening| match &happening.what {
            What::Sent(sent) if sent.verb == Verb::Delete => Some(&sent.sets),
            _ => None,
        });
        for row in sets.flatten().filter_map(|set| set.row.as_ref()) {
            if !targets.contains(&row.table) {
                targets.push(row.table);
            }
        }
        let told = |end: EndId| {
            groups
                .iter()
                .filter_map(|group| group.setting)
                .any(|known| known.end.relationship == end.relationship)
        };
        let mut also: Vec<Setting> = Vec::new();
        let keys = self.relational.tables.iter().flat_map(|table| &table.foreign_keys);
        for key in keys.filter(|key| targets.contains(&key.target)) {
            let end = EndId { relationship: key.relationship, side: key.side };
            if !told(end) && !also.iter().any(|known| known.end.relationship == end.relationship) {
                also.push(Setting { end });
            }
        }
        also
    }

    /// The row of the document that a row was made of.
    fn document_row(&self, row: &RowName) -> Option<RowId> {
        let at = row.table.0 as usize;
        let table = self.relational.table(row.table);
        let found = self.outcome.before.get(at)?.iter().position(|cells| has_key(table, cells, &row.key))?;
        match self.outcome.sources.get(at)?.get(found)? {
            Some(RowSource::Row(id)) => Some(*id),
            _ => None,
        }
    }
}

fn verb_word(verb: Verb) -> &'static str {
    match verb {
        Verb::Select => "SELECT",
        Verb::Insert => "INSERT",
        Verb::Update => "UPDATE",
        Verb::Delete => "DELETE",
    }
}

fn has_key(table: &Table, cells: &[Value], key: &[Value]) -> bool {
    table.primary_key.iter().map(|at| cells.get(*at)).eq(key.iter().map(Some))
}

fn find<'a>(table: &Table, rows: &'a Rows, key: &[Value]) -> Option<&'a Vec<Value>> {
    rows.iter().find(|cells| has_key(table, cells, key))
}

/// Whether all that changed of a row are keys that are NULL now.
fn is_cleared(table: &Table, before: &[Value], after: &[Value]) -> bool {
    let keys: Vec<usize> = table.foreign_keys.iter().flat_map(|key| key.columns.iter().copied()).collect();
    let mut changed = (0..after.len()).filter(|at| before.get(*at) != after.get(*at));
    changed.all(|at| keys.contains(&at) && after[at].is_null())
}

/// Groups in the making.
struct Grouping<'a> {
    telling: &'a Telling<'a>,
    groups: Vec<(TableId, Group)>,
}

impl<'a> Grouping<'a> {
    fn new(telling: &'a Telling<'a>) -> Grouping<'a> {
        Grouping { telling, groups: Vec::new() }
    }

    fn add(&mut self, fate: Fate, cause: &Cause, row: &RowName) {
        let setting = cause.end.map(|end| Setting { end });
        let same = |(table, group): &&mut (TableId, Group)| {
            *table == row.table && group.fate == fate && group.by == cause.by && group.setting == setting
        };
        let at = self.groups.iter_mut().find(same).map(|(_, group)| group);
        let group = match at {
            Some(group) => group,
            None => {
                let table = self.telling.relational.table(row.table);
                let model = model_of(table);
                let named = model.and_then(|model| self.telling.schema.model(model));
                let name = named.map_or(table.name.clone(), |model| model.name.clone());
                let by = cause.by.clone();
                let group = Group { fate, by, model, name, rows: Vec::new(), count: 0, setting };
                self.groups.push((row.table, group));
                let Some((_, group)) = self.groups.last_mut() else { return };
                group
            }
        };
        group.count += 1;
        if group.rows.len() < NAMED {
            let key = row.key.iter().map(Value::to_string).collect::<Vec<_>>().join("·");
            group.rows.push((key, self.telling.document_row(row)));
        }
    }
}

impl From<Grouping<'_>> for Vec<Group> {
    fn from(grouping: Grouping<'_>) -> Vec<Group> {
        grouping.groups.into_iter().map(|(_, group)| group).collect()
    }
}
