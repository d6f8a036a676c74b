//! Joined inheritance: the tables of a model and its kinds as one, with every column that any of their objects has.
//!
//! A row of a kind goes on in the table of what it is a kind of, under the same key. Whoever asks for objects wants the
//! rows put together, so what the objects of such a model are made of is said of the whole; what is created, filled and
//! guarded by foreign keys are its parts.

use std::collections::BTreeSet;

use super::tables::{Column, ForeignKey, Placement, Relational, Table, TableId, TableOrigin};
use crate::schema::{Model, ModelId, Schema};

/// How several tables are one.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The tables, each after the one that it extends. The first is that of the model at the top.
    pub parts: Vec<Part>,
    /// The part that each column of the whole lies in, and its name there. In the whole no two have the same name.
    pub lies: Vec<(usize, String)>,
}

/// A table that is part of a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The table.
    pub table: TableId,
    /// Its name.
    pub name: String,
    /// The model that it is the table of.
    pub model: ModelId,
    /// The names of the columns of its primary key.
    pub key: Vec<String>,
    /// The part that its primary key points to; `None` for the first.
    pub above: Option<usize>,
}

impl Whole {
    /// The parts that each row of a model has: its own and those above it, the first one first.
    pub fn line(&self, model: ModelId) -> Vec<usize> {
        let own = self.parts.iter().position(|part| part.model == model);
        let mut line: Vec<usize> = std::iter::successors(own, |at| self.parts[*at].above).collect();
        line.reverse();
        line
    }

    /// The parts that only rows of a model's kinds have, each after the one that it extends.
    pub fn below(&self, model: ModelId) -> Vec<usize> {
        let is_below = |at: &usize| {
            let mut above = std::iter::successors(self.parts[*at].above, |at| self.parts[*at].above);
            above.any(|at| self.parts[at].model == model)
        };
        (0..self.parts.len()).filter(is_below).collect()
    }

    /// The name that a part has in a statement in which the whole has this one: all parts take the same number, so
    /// that `managers_2` is what `employees_2` goes on in. `None` if the whole is a subquery there.
    pub fn part_under(&self, source: &str, part: usize) -> Option<String> {
        let number = source.strip_prefix(self.parts[0].name.as_str())?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let fits = number.is_empty() || number.strip_prefix('_').is_some_and(is_number);
        fits.then(|| format!("{}{number}", self.parts[part].name))
    }
}

impl Table {
    /// The names that a statement reads its rows under: its own, or those of all its parts.
    pub fn names(&self) -> Vec<&str> {
        match &self.whole {
            None => vec![&self.name],
            Some(whole) => whole.parts.iter().map(|part| part.name.as_str()).collect(),
        }
    }

    /// The names that a statement reads its rows under, in which the table as such has this one.
    pub fn names_under(&self, source: &str) -> Vec<String> {
        let parts = self.whole.as_ref().and_then(|whole| {
            (0..whole.parts.len()).map(|at| whole.part_under(source, at)).collect::<Option<Vec<String>>>()
        });
        parts.unwrap_or_else(|| vec![source.to_owned()])
    }

    /// Under which name of a source, and as what, a column is found in a statement that has the table under this name.
    pub fn column_under(&self, source: &str, at: usize) -> (String, &str) {
        let lies = self.whole.as_ref().and_then(|whole| {
            let (part, name) = &whole.lies[at];
            Some((whole.part_under(source, *part)?, name.as_str()))
        });
        lies.unwrap_or_else(|| (source.to_owned(), &self.columns[at].name))
    }
}

impl Relational {
    /// Where a column of a created table is among those that objects are made of: in the whole that the table is part
    /// of, or where it is.
    pub fn in_whole(&self, table: TableId, at: usize) -> (TableId, usize) {
        match self.woven.get(&table) {
            None => (table, at),
            Some((whole, columns)) => (*whole, columns[at]),
        }
    }
}

impl Relational {
    /// The tables that rows of models are put together in: those that are created for models, and wholes instead of
    /// their parts.
    pub fn model_tables(&self) -> impl Iterator<Item = &Table> {
        let created = self.tables.iter().filter(|table| matches!(table.origin, TableOrigin::Model(_)));
        created.filter(|table| !self.woven.contains_key(&table.id)).chain(&self.wholes)
    }

    /// Whether ORMs see that a key to the model's own table is the key by which they know its objects. Behind two tables
    /// that go on in each other SQLAlchemy does not: it compares the keys of neighbours only.
    pub fn is_known_by_key(&self, model: ModelId) -> bool {
        let whole = self.table_of(model).and_then(|id| self.table(id).whole.as_ref());
        whole.is_none_or(|whole| whole.line(model).len() < 3)
    }

    /// Where a column of the whole lies in a table that is part of it; of any other table, where it is.
    pub fn in_part(&self, table: TableId, at: usize) -> Option<usize> {
        match self.woven.get(&table) {
            None => Some(at),
            Some((_, columns)) => columns.iter().position(|column| *column == at),
        }
    }
}

/// Makes a whole of the tables of each model at the top whose kinds have tables of their own. From then on objects, and
/// the relationships between them, are made of its columns.
pub(super) fn weave(relational: &mut Relational, schema: &Schema) {
    for root in schema.models().filter(|model| model.parent.is_none() && model.has_tables_for_kinds()) {
        let whole = whole(relational, schema, root);
        relational.wholes.extend(whole);
    }
    if relational.wholes.is_empty() {
        return;
    }
    for at in 0..relational.wholes.len() {
        let keys = foreign_keys(relational, &relational.wholes[at]);
        relational.wholes[at].foreign_keys = keys;
    }
    let placements = relational.placements.clone();
    for (id, placement) in placements {
        let placement = woven(relational, placement);
        relational.placements.insert(id, placement);
    }
    for model in schema.models() {
        if let Some((own, (whole, _))) =
            relational.table_of(model.id).and_then(|own| Some((own, relational.woven.get(&own)?)))
        {
            let whole = *whole;
            relational.parts.insert(model.id, own);
            relational.by_model.insert(model.id, whole);
        }
    }
}

fn whole(relational: &mut Relational, schema: &Schema, root: &Model) -> Option<Table> {
    let id = TableId((relational.tables.len() + relational.wholes.len()) as u32);
    let mut kinds: Vec<&Model> = schema.kinds_of(root.id).collect();
    kinds.sort_by_key(|kind| schema.depth_of(kind.id));
    let mut parts: Vec<Part> = Vec::new();
    let (mut columns, mut lies): (Vec<Column>, Vec<(usize, String)>) = (Vec::new(), Vec::new());
    let mut names = BTreeSet::new();
    for kind in kinds {
        let table = relational.table(relational.table_of(kind.id)?).clone();
        let mut positions = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            if table.is_inherited_key(at) {
                // The key comes first, in its own table and in the first one, in the same order.
                let position = table.primary_key.iter().position(|key| *key == at)?;
                positions.push(relational.table(parts.first()?.table).primary_key[position]);
                continue;
            }
            positions.push(columns.len());
            let name = unique_name(&mut names, &table.name, &column.name);
            columns.push(Column { name, ..column.clone() });
            lies.push((parts.len(), column.name.clone()));
        }
        relational.woven.insert(table.id, (id, positions));
        let above = table.extends.and_then(|above| parts.iter().position(|part| part.table == above));
        let key = table.primary_key.iter().map(|&at| table.columns[at].name.clone()).collect();
        parts.push(Part { table: table.id, name: table.name, model: kind.id, key, above });
    }
    let first = relational.table(parts.first()?.table);
    Some(Table {
        id,
        name: first.name.clone(),
        origin: TableOrigin::Model(root.id),
        columns,
        primary_key: first.primary_key.clone(),
        extends: None,
        whole: Some(Whole { parts, lies }),
        foreign_keys: Vec::new(),
        indexes: Vec::new(),
    })
}

/// The column's own name, or the next one that no column before it has.
fn unique_name(taken: &mut BTreeSet<String>, table: &str, column: &str) -> String {
    let mut name = column.to_owned();
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{table}_{name}");
    }
    name
}

/// These columns of a table where objects are made of them.
fn moved(relational: &Relational, table: TableId, columns: &[usize]) -> (TableId, Vec<usize>) {
    let whole = relational.woven.get(&table).map_or(table, |(whole, _)| *whole);
    (whole, columns.iter().map(|at| relational.in_whole(table, *at).1).collect())
}

/// The foreign keys of all parts, between wholes.
fn foreign_keys(relational: &Relational, whole: &Table) -> Vec<ForeignKey> {
    let parts = whole.whole.iter().flat_map(|whole| &whole.parts);
    let keys = parts.flat_map(|part| {
        let table = relational.table(part.table);
        table.foreign_keys.iter().map(move |key| (table.id, key))
    });
    keys.map(|(holder, key)| {
        let (target, target_columns) = moved(relational, key.target, &key.target_columns);
        ForeignKey {
            columns: moved(relational, holder, &key.columns).1,
            target,
            target_columns,
            ..key.clone()
        }
    })
    .collect()
}

fn woven(relational: &Relational, placement: Placement) -> Placement {
    match placement {
        Placement::Key { holder, table, columns, target, target_columns, discriminator } => {
            let discriminator = discriminator.map(|mut says| {
                says.column = relational.in_whole(table, says.column).1;
                says
            });
            let (table, columns) = moved(relational, table, &columns);
            let (target, target_columns) = moved(relational, target, &target_columns);
            Placement::Key { holder, table, columns, target, target_columns, discriminator }
        }
        // Of a join model, the own table has both keys.
        Placement::Join { table, columns, targets, target_columns: [to_left, to_right] } => {
            let (left, to_left) = moved(relational, targets[0], &to_left);
            let (right, to_right) = moved(relational, targets[1], &to_right);
            Placement::Join { table, columns, targets: [left, right], target_columns: [to_left, to_right] }
        }
    }
}
