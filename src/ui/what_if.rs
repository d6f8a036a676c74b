//! What if this object were deleted? The question becomes the session's script; what came of it is committed into the
//! document's data, or forgotten.

use super::action::{DataEdit, Edit, ScriptEdit, Subject};
use super::first_error::Needed;
use super::reduce::bad;
use super::script_edit::verb_id;
use super::scripting::{ScriptTab, Task};
use super::state::{Focus, Notice, Panel, State};
use crate::mapping::{Relational, Table};
use crate::project::{Adopted, Data, RowId, RowSource, adopt, load};
use crate::schema::{ModelId, Schema};
use crate::session::ObjectDraft;
use crate::value::Value;

/// Makes the script of the question and runs it. From there on it is a script as any other: another verb, another
/// object, more steps.
pub(super) fn asked(mut state: State, subject: &Subject) -> State {
    let Some(good) = state.compiled.good.clone() else {
        return state.refusing(Needed::Schema);
    };
    let Some((model, key)) = key_of(subject, &good.schema, &good.relational, &state.project.data) else {
        let why = match subject {
            Subject::Row(..) => {
                "This row is not in the database: nothing hangs on it. Its delete button takes it away."
            }
            Subject::Object(..) => {
                "This object is of a generated row. A session works on the rows that were typed."
            }
        };
        return state.telling(bad(why.into()));
    };
    state = state.edited(&Edit::Script(ScriptEdit::Ask(ObjectDraft::Stored(Some(model), key))));
    (state.view.task, state.view.script, state.view.panel) =
        (Task::Session, ScriptTab::Consequences, Panel::Query);
    let focus = Focus { revision: state.revision, element: verb_id(0), if_lost: false };
    State { focus: Some(focus), ..state.script_asked() }
}

/// The model of an object, and its key as one would type it. `None` for a row whose key cannot be told.
fn key_of(
    subject: &Subject,
    schema: &Schema,
    relational: &Relational,
    data: &Data,
) -> Option<(ModelId, Vec<String>)> {
    match subject {
        Subject::Object(model, key) => {
            let table = relational.table(relational.own_table_of(*model)?);
            let there = data.generated.is_none() || has_row(table, schema, relational, data, key);
            Some((*model, typed(table, key.iter()).filter(|_| there)?))
        }
        Subject::Row(model, row) => {
            let table = relational.table(relational.own_table_of(*model)?);
            Some((*model, row_key(table, schema, relational, data, *row)?))
        }
    }
}

/// The key of a row: it may be counted up, or be that of the rows which it points to.
fn row_key(
    table: &Table,
    schema: &Schema,
    relational: &Relational,
    data: &Data,
    row: RowId,
) -> Option<Vec<String>> {
    let loading = load(schema, relational, data);
    let rows = loading.tables.iter().find(|rows| rows.table == table.id)?;
    let row = rows.rows.iter().find(|loaded| loaded.source == RowSource::Row(row))?;
    let value = |at: &usize| row.cells.iter().find(|(known, _)| known == at).map(|(_, value)| value);
    let key: Vec<&Value> = table.primary_key.iter().map(value).collect::<Option<_>>()?;
    typed(table, key.into_iter())
}

/// Whether a row with this key was typed: generated ones are not in the session's database.
fn has_row(table: &Table, schema: &Schema, relational: &Relational, data: &Data, key: &[Value]) -> bool {
    let loading = load(schema, relational, data);
    let mut rows = loading.tables.iter().filter(|rows| rows.table == table.id).flat_map(|rows| &rows.rows);
    rows.any(|row| {
        let mut parts = table.primary_key.iter().zip(key);
        parts.all(|(at, value)| row.cells.iter().any(|(known, cell)| known == at && cell == value))
    })
}

fn typed<'a>(table: &Table, key: impl Iterator<Item = &'a Value>) -> Option<Vec<String>> {
    table.primary_key.iter().zip(key).map(|(at, value)| table.columns[*at].field_type.show(value)).collect()
}

/// Writes what the script has left into the document.
pub(super) fn committed(state: State) -> State {
    let Some(ran) = state.script.ran.clone().filter(|_| !state.script.is_stale()) else {
        return state.telling(bad("The script or the data have changed since. Run it again first.".into()));
    };
    let (outcome, good) = (&ran.outcome, &ran.good);
    let mut data = state.project.data.clone();
    let adopted = Adopted { before: &outcome.before, sources: &outcome.sources, after: &outcome.tables };
    adopt(&good.schema, &good.relational, &mut data, adopted);
    let mut next = state.edited(&Edit::Data(DataEdit::Adopt(Box::new(data))));
    next.script.held = next.revision;
    next.script.committed = Some(next.script.changed);
    let words = ran.told.tally.words();
    let text =
        if words.is_empty() { "Committed: nothing changes.".into() } else { format!("Committed: {words}.") };
    next.telling(Notice { text, undoable: !words.is_empty(), ..Notice::default() })
}

/// Forgets what the script has left. The rows were never touched.
pub(super) fn rolled_back(mut state: State) -> State {
    let over = state.script.is_committed();
    // Nor is one that is under way waited for.
    (state.script.ran, state.script.running, state.script.wanted) = (None, None, false);
    if !over {
        state = state.edited(&Edit::Script(ScriptEdit::Restore));
    }
    state.script.held = state.revision;
    let text = "Rolled back: your rows are as they were.".into();
    state.telling(Notice { text, ..Notice::default() })
}
