//! What DELETE in SQL, sent by nobody's session, would do otherwise: it has only ON DELETE to go by.

use super::{By, Fate, Group};
use crate::mapping::Relational;
use crate::schema::OnDelete;

/// Why the answer to a DELETE in SQL would be another one than the session's, which is in these groups, or the same.
pub fn in_sql(groups: &[Group], relational: &Relational) -> String {
    let refused = groups.iter().any(|group| group.fate == Fate::Blocks);
    let other = groups.iter().filter(|group| matches!(group.by, By::Session { .. })).find_map(|group| {
        let on_delete = on_delete(group, relational)?;
        let would = match (on_delete, group.fate) {
            (OnDelete::NoAction | OnDelete::Restrict, Fate::Cleared | Fate::Gone) => "would be refused",
            (OnDelete::Cascade, Fate::Cleared) => "would take the rows along",
            (OnDelete::SetNull, Fate::Gone) => "would only set the keys to NULL",
            _ => return None,
        };
        let first = if group.fate == Fate::Cleared { "sets the keys to NULL" } else { "deletes the rows" };
        Some(format!("{would}: there, no session {first} first, and ON DELETE {} decides.", on_delete.sql()))
    });
    match other {
        Some(other) => other,
        None if refused => "is refused, too: nothing is done about the rows beforehand.".into(),
        None => "comes to the same here.".into(),
    }
}

/// What the key behind a group says of a deletion.
fn on_delete(group: &Group, relational: &Relational) -> Option<OnDelete> {
    let relationship = group.setting?.end.relationship;
    let mut keys = relational.tables.iter().flat_map(|table| &table.foreign_keys);
    keys.find(|key| key.relationship == relationship).map(|key| key.on_delete)
}
