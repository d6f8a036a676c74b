//! How the rows of a step are laid out: columns grouped by the objects that they belong to, and which rows repeat one.

use std::collections::BTreeSet;

use crate::protocol::{ResultShape, RowShown};
use crate::query::ResultColumn;
use crate::schema::{Origin, Schema};
use crate::trace::ObjectId;
use crate::value::Value;

/// Columns side by side that belong to the same node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The node, by position among the shape's; `None` for keys that only say whose row it is.
    pub node: Option<usize>,
    /// The first column.
    pub first: usize,
    /// How many.
    pub width: usize,
    /// Those of them that make up the object's key.
    pub key: Vec<usize>,
    /// Whether the node's columns begin here.
    pub leads: bool,
}

/// The groups of a result, from left to right.
pub(super) fn groups(shape: &ResultShape, schema: &Schema) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, column) in shape.columns.iter().enumerate() {
        let node = column.node.and_then(|id| shape.nodes.iter().position(|node| node.node == id));
        match groups.last_mut() {
            Some(group) if group.node == node => group.width += 1,
            _ => {
                let leads = node.is_some() && !groups.iter().any(|group| group.node == node);
                groups.push(Group { node, first: at, width: 1, key: Vec::new(), leads });
            }
        }
        if is_key(column, schema)
            && let Some(group) = groups.last_mut()
        {
            group.key.push(at);
        }
    }
    groups
}

/// The columns of rows about groups: what the objects of a group have in common, and what was computed of each.
pub(super) fn keys_and_values(keys: usize, all: usize) -> Vec<Group> {
    let group = |first, width| Group { node: None, first, width, key: Vec::new(), leads: false };
    [group(0, keys), group(keys, all - keys)].into_iter().filter(|group| group.width > 0).collect()
}

fn is_key(column: &ResultColumn, schema: &Schema) -> bool {
    let Origin::Field(model, field) = column.origin else { return false };
    schema.model(model).and_then(|model| model.fields.get(&field)).is_some_and(|field| field.primary_key)
}

/// What a row says of an object that other rows may have named before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Repeat {
    /// It is the first of the rows at hand that names the object, or it names none.
    #[default]
    First,
    /// The row above names the same object.
    Ditto,
    /// A row further up does.
    Again,
}

/// For each row and each node what the row repeats.
pub(super) fn repeats(rows: &[RowShown], nodes: usize) -> Vec<Vec<Repeat>> {
    let mut seen: Vec<BTreeSet<ObjectId>> = vec![BTreeSet::new(); nodes];
    let mut above: Vec<Option<ObjectId>> = vec![None; nodes];
    rows.iter()
        .map(|row| {
            let object = |node: usize| row.objects.get(node).copied().flatten();
            let found = seen.iter_mut().enumerate().map(|(node, seen)| match object(node) {
                Some(id) if seen.insert(id) => Repeat::First,
                Some(id) if above[node] == Some(id) => Repeat::Ditto,
                Some(_) => Repeat::Again,
                None => Repeat::First,
            });
            let found = found.collect();
            above = (0..nodes).map(object).collect();
            found
        })
        .collect()
}

/// A width in pixels for each column: enough for its label and for the values at hand, within reason.
pub(super) fn widths(shape: &ResultShape, groups: &[Group], rows: &[RowShown]) -> Vec<u32> {
    /// In tenths of a pixel.
    const LETTER: u32 = 85;
    let mut widths = vec![0; shape.columns.len()];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(&row.cells) {
            *width = (*width).max(text_length(cell));
        }
    }
    for group in groups.iter().filter(|group| group.leads) {
        let first = |row: &RowShown| row.cells.get(group.first).map_or(0, text_length) + badge(group, row);
        widths[group.first] = rows.iter().map(first).max().unwrap_or_default();
    }
    for (width, column) in widths.iter_mut().zip(&shape.columns) {
        *width = (*width).max(column.label.chars().count() as u32);
    }
    for group in groups.iter().filter(|group| group.node.is_none()) {
        // Room for the words above.
        widths[group.first] = widths[group.first].max(12);
    }
    widths.into_iter().map(|letters| letters.clamp(3, 36) * LETTER / 10 + 18).collect()
}

/// The width in letters of the badge that stands before the value in an object's first column: the model's letter and the
/// key, what is around them, and how often the object was seen. Without an object it is only a sign.
fn badge(group: &Group, row: &RowShown) -> u32 {
    const AROUND: u32 = 6;
    let key = group.key.iter().filter_map(|&at| row.cells.get(at));
    let letters: u32 = key.clone().map(|cell| text_length(cell) + 1).sum();
    if key.into_iter().any(Value::is_null) { 2 } else { letters.max(2) + AROUND }
}

pub(super) fn text_length(value: &Value) -> u32 {
    match value {
        Value::Text(text) => text.chars().take(40).count() as u32,
        Value::Blob(bytes) => bytes.len().min(20) as u32 * 2,
        other => other.to_string().len() as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::{Repeat, repeats};
    use crate::protocol::RowShown;
    use crate::trace::ObjectId;

    #[test]
    fn a_row_repeats_the_row_above_or_one_further_up() {
        let row = |objects: &[Option<u32>]| RowShown {
            statement: 1,
            row: 1,
            cells: vec![],
            objects: objects.iter().map(|id| id.map(ObjectId)).collect(),
        };
        let rows = [
            row(&[Some(0), Some(1)]),
            row(&[Some(0), Some(2)]),
            row(&[Some(3), Some(1)]),
            row(&[Some(4), None]),
            row(&[Some(0), None]),
        ];
        use Repeat::{Again, Ditto, First};
        let expected = [[First, First], [Ditto, First], [First, Again], [First, First], [Again, First]];
        assert_eq!(repeats(&rows, 2), expected);
        assert!(repeats(&[], 2).is_empty());
    }
}
