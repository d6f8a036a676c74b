//! Which columns of a statement typed by hand stand together: those of one object, or of one table.

use crate::mapping::TableId;
use crate::protocol::{SqlColumn, SqlOrigin};

/// Columns side by side of the same owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Whose they are.
    pub owner: Owner,
    /// The first column.
    pub first: usize,
    /// How many.
    pub width: usize,
    /// Whether the owner's columns begin here.
    pub leads: bool,
}

/// Whose a column is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// An object's, by position among the nodes.
    Node(usize),
    /// That of some row of a table.
    Table(TableId),
    /// That of a table that is not of the schema.
    Foreign(String),
    /// Nobody's: its values were computed.
    Nobody,
}

/// The groups of columns, from left to right.
pub(super) fn groups(columns: &[SqlColumn]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let owner = match (&column.node, &column.origin) {
            (Some(node), _) => Owner::Node(*node as usize),
            (None, SqlOrigin::Column(table, _)) => Owner::Table(*table),
            (None, SqlOrigin::Foreign { table, .. }) => Owner::Foreign(table.clone()),
            (None, SqlOrigin::Computed) => Owner::Nobody,
        };
        match groups.last_mut() {
            Some(group) if group.owner == owner => group.width += 1,
            _ => {
                let leads = !groups.iter().any(|group| group.owner == owner);
                groups.push(Group { owner, first: at, width: 1, leads });
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::{Group, Owner, groups};
    use crate::mapping::TableId;
    use crate::protocol::{SqlColumn, SqlOrigin};

    #[test]
    fn columns_of_one_owner_stand_together_and_the_first_of_them_leads() {
        let column = |origin, node| SqlColumn { label: String::new(), origin, node };
        let of = |at| SqlOrigin::Column(TableId(0), at);
        let columns = [
            column(of(0), Some(0)),
            column(of(1), Some(0)),
            column(SqlOrigin::Computed, None),
            column(of(2), Some(0)),
            column(SqlOrigin::Column(TableId(1), 0), None),
        ];
        let group = |owner, first, width, leads| Group { owner, first, width, leads };
        let expected = [
            group(Owner::Node(0), 0, 2, true),
            group(Owner::Nobody, 2, 1, true),
            group(Owner::Node(0), 3, 1, false),
            group(Owner::Table(TableId(1)), 4, 1, true),
        ];
        assert_eq!(groups(&columns), expected);
    }
}
