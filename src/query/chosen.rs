//! Which columns are read of the objects of a query that names the fields it wants.

use super::checked::Query;
use super::hop::Hop;
use crate::mapping::{ColumnOrigin, Relational, TableId};
use crate::schema::Schema;

/// The table of a query that wants only some of its fields, and the columns to read, by position: those fields, and
/// what identifies an object, says of which kind it is and leads from it to others. `None` if all are wanted.
pub fn read_columns(
    query: &Query,
    schema: &Schema,
    relational: &Relational,
) -> Option<(TableId, Vec<usize>)> {
    let table = relational.table(relational.table_of(query.root).filter(|_| !query.fields.is_empty())?);
    let mut needed = table.primary_key.clone();
    let kinds = schema.kinds_of(schema.root_of(query.root));
    for end in kinds.flat_map(|kind| schema.ends_of(kind.id)) {
        needed.extend(Hop::of(relational, &end).near);
    }
    let is_read = |at: &usize| match table.columns[*at].origin {
        ColumnOrigin::Field(_, field) => query.fields.contains(&field) || needed.contains(at),
        ColumnOrigin::Key(..) | ColumnOrigin::Kind(_) => true,
    };
    Some((table.id, (0..table.columns.len()).filter(is_read).collect()))
}

/// Where these columns stand among those that are read.
pub(super) fn places<'a>(columns: &'a [usize], loaded: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
    columns.iter().filter_map(|column| loaded.iter().position(|at| at == column))
}
