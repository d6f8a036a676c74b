//! Keys that point to a row of one table or of another: two columns, `<name>_type` and `<name>_id`, and no foreign key.

use super::tables::{Column, ColumnOrigin, Discriminator, Placement, Relational, TableId};
use crate::naming::snake;
use crate::schema::{FieldType, KeyLink, Origin, PolymorphicKey, Relationship, Side};

/// Places a relationship in the columns that it shares with others, which the first of them adds. The names are those
/// that Rails gives them.
pub(super) fn add_shared_key(
    relational: &mut Relational,
    relationship: &Relationship,
    key: &KeyLink,
    shared: &PolymorphicKey,
) {
    let side = key.holder.other();
    let (Some(table), Some(target)) =
        (relational.table_of(relationship.model(key.holder)), relational.table_of(relationship.model(side)))
    else {
        return;
    };
    let target_columns = relational.table(target).primary_key.clone();
    let [kind, id] = match columns_of(relational, table, &shared.name) {
        Some(columns) => columns,
        None => add_columns(relational, (table, target), relationship, key, shared),
    };
    let discriminator = Some(Discriminator { column: kind, value: shared.value.clone() });
    let holder = key.holder;
    let placement =
        Placement::Key { holder, table, columns: vec![id], target, target_columns, discriminator };
    relational.placements.insert(relationship.id, placement);
    relational.shared_keys.insert((table, shared.name.to_lowercase()), [kind, id]);
}

/// The columns of a shared key that another relationship has added.
fn columns_of(relational: &Relational, table: TableId, name: &str) -> Option<[usize; 2]> {
    relational.shared_keys.get(&(table, name.to_lowercase())).copied()
}

fn add_columns(
    relational: &mut Relational,
    (table, target): (TableId, TableId),
    relationship: &Relationship,
    key: &KeyLink,
    shared: &PolymorphicKey,
) -> [usize; 2] {
    let target = relational.table(target);
    let id_type = target.primary_key.first().map_or(FieldType::Integer, |&at| target.columns[at].field_type);
    let prefix = snake(&shared.name);
    let named = |at: usize, derived: String| key.columns.get(at).cloned().flatten().unwrap_or(derived);
    let names = [named(1, format!("{prefix}_type")), named(0, format!("{prefix}_id"))];
    let side: Side = key.holder.other();
    let table = &mut relational.tables[table.0 as usize];
    let first = table.columns.len();
    for (name, field_type) in names.into_iter().zip([FieldType::Text, id_type]) {
        table.columns.push(Column {
            name,
            field_type,
            not_null: key.required,
            unique: false,
            default: None,
            origin: ColumnOrigin::Key(relationship.id, side),
        });
    }
    if key.index {
        let index = table.index_on(vec![first, first + 1], Origin::Relationship(relationship.id));
        table.indexes.push(index);
    }
    [first, first + 1]
}
