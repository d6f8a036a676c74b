//! Rows of tables as rows of the document again: what a session committed becomes the document's data.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::data::{Data, Pair, RowId};
use super::loading::RowSource;
use crate::mapping::{Column, ColumnOrigin, Placement, Relational, Table, TableId, TableOrigin};
use crate::schema::{FieldId, FieldType, Kind, ModelId, RelationshipId, Schema, Side};
use crate::trace::Rows;
use crate::value::Value;

/// The rows of all tables before and after, in the order of the tables, and what those before were made of.
#[derive(Clone, Copy, Debug)]
pub struct Adopted<'a> {
    /// The rows before.
    pub before: &'a [Rows],
    /// What each of them was made of.
    pub sources: &'a [Vec<Option<RowSource>>],
    /// The rows after.
    pub after: &'a [Rows],
}

/// Takes over into the data what has changed between two states of the tables that were made of them. Rows that stayed
/// stay the same rows of the document; what it holds that never came into the database stays, too.
pub fn adopt(schema: &Schema, relational: &Relational, data: &mut Data, adopted: Adopted<'_>) {
    let mut adoption = Adoption::new(schema, relational, data);
    let all = || relational.tables.iter().zip(sides(&adopted));
    // All rows first: keys point to rows of any table.
    for (model, table, (before, sources, after)) in of_models(schema, all()) {
        adoption.know(table, before, sources);
        adoption.add_rows(table, model, after);
    }
    for (table, (before, _, after)) in all().filter(|(_, (before, _, after))| before != after) {
        adoption.change_rows(table, before, after);
    }
    adoption.write_cells();
    for (table, (before, sources, after)) in all().filter(|(_, (before, _, after))| before != after) {
        match table.origin {
            TableOrigin::Model(_) => adoption.point(table, before, after),
            TableOrigin::Join(relationship) => adoption.pairs(relationship, before, sources, after),
        }
    }
    for (table, (before, _, after)) in all() {
        adoption.find_gone(table, before, after);
    }
    adoption.remove_gone();
}

type Sides<'a> = (&'a Rows, &'a [Option<RowSource>], &'a Rows);

/// The tables of models, each after the one that it extends: that one says of which kind a row is.
fn of_models<'a>(
    schema: &Schema,
    all: impl Iterator<Item = (&'a Table, Sides<'a>)>,
) -> Vec<(ModelId, &'a Table, Sides<'a>)> {
    let of_model = |(table, sides): (&'a Table, Sides<'a>)| match table.origin {
        TableOrigin::Model(model) => Some((model, table, sides)),
        TableOrigin::Join(_) => None,
    };
    let mut tables: Vec<_> = all.filter_map(of_model).collect();
    tables.sort_by_key(|(model, ..)| schema.depth_of(*model));
    tables
}

fn sides<'a>(adopted: &Adopted<'a>) -> impl Iterator<Item = Sides<'a>> {
    let before = adopted.before.iter().zip(adopted.sources);
    before.zip(adopted.after).map(|((before, sources), after)| (before, sources.as_slice(), after))
}

fn values(row: &[Value], columns: &[usize]) -> Vec<Value> {
    columns.iter().filter_map(|&at| row.get(at).cloned()).collect()
}

/// The rows of a table by their primary key.
fn by_key<'a>(table: &Table, rows: &'a Rows) -> BTreeMap<Vec<Value>, &'a Vec<Value>> {
    let mut known = BTreeMap::new();
    known.extend(rows.iter().map(|row| (values(row, &table.primary_key), row)));
    known
}

struct Adoption<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    data: &'a mut Data,
    /// The row of the document for each row of a model's table, by primary key.
    rows: BTreeMap<(TableId, Vec<Value>), RowId>,
    /// What is to be written into the cells of a row; a key only where none is typed.
    cells: BTreeMap<RowId, Vec<Cell>>,
    gone: BTreeSet<RowId>,
}

struct Cell {
    field: FieldId,
    text: Option<String>,
    if_missing: bool,
}

/// A key that the rows of a table hold.
struct HeldKey {
    relationship: RelationshipId,
    holder: Side,
    columns: Vec<usize>,
    target: TableId,
    target_columns: Vec<usize>,
    /// The column that says where the key points, and its value if that is here.
    says: Option<(usize, String)>,
}

impl HeldKey {
    /// What a row holds; `None` if it points elsewhere.
    fn held(&self, row: &[Value]) -> Option<Vec<Value>> {
        let is_here = self
            .says
            .as_ref()
            .is_none_or(|(at, value)| matches!(row.get(*at), Some(Value::Text(said)) if said == value));
        is_here.then(|| values(row, &self.columns))
    }
}

impl<'a> Adoption<'a> {
    fn new(schema: &'a Schema, relational: &'a Relational, data: &'a mut Data) -> Adoption<'a> {
        let (rows, cells, gone) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Adoption { schema, relational, data, rows, cells, gone }
    }

    fn row(&self, table: TableId, key: &[Value]) -> Option<RowId> {
        self.rows.get(&(table, key.to_vec())).copied()
    }

    fn know(&mut self, table: &Table, before: &Rows, sources: &[Option<RowSource>]) {
        for (row, source) in before.iter().zip(sources) {
            if let Some(RowSource::Row(id)) = source {
                self.rows.insert((table.id, values(row, &table.primary_key)), *id);
            }
        }
    }

    /// New rows of the document for those whose key is new, still empty. A row that goes on in the table above is the
    /// same there.
    fn add_rows(&mut self, table: &Table, model: ModelId, after: &Rows) {
        for row in after {
            let key = (table.id, values(row, &table.primary_key));
            if !self.rows.contains_key(&key) {
                let above = table.extends.and_then(|above| self.row(above, &key.1));
                let id = above.unwrap_or_else(|| self.data.add_row(self.kind(table, model, row)));
                self.rows.insert(key, id);
            }
        }
    }

    /// The kind of a model that a row says it is.
    fn kind(&self, table: &Table, model: ModelId, row: &[Value]) -> ModelId {
        let marks = |column: &Column| matches!(column.origin, ColumnOrigin::Kind(_));
        let Some(at) = table.columns.iter().position(marks) else { return model };
        let is = |kind: &Kind| matches!(row.get(at), Some(Value::Text(mark)) if *mark == kind.value);
        let mut kinds = self.schema.kinds_of(model);
        kinds.find(|known| known.kind.as_ref().is_some_and(is)).map_or(model, |known| known.id)
    }

    /// Notes the cells of rows that are new or have changed. Keys that the database counted up are written down, so that
    /// they do not change when others go.
    fn change_rows(&mut self, table: &Table, before: &Rows, after: &Rows) {
        let old = by_key(table, before);
        for row in after {
            let key = values(row, &table.primary_key);
            let (Some(id), was) = (self.row(table.id, &key), old.get(&key)) else { continue };
            let mut cells = Vec::new();
            for (at, column) in table.columns.iter().enumerate() {
                let ColumnOrigin::Field(_, field) = column.origin else { continue };
                let changed = was.is_none_or(|was| was.get(at) != row.get(at));
                if changed || table.primary_key.contains(&at) {
                    let text = column.field_type.show(&row[at]);
                    cells.push(Cell { field, text, if_missing: !changed });
                }
            }
            self.cells.entry(id).or_default().extend(cells);
        }
    }

    fn write_cells(&mut self) {
        for row in self.data.rows.values_mut().flatten() {
            for cell in self.cells.get(&row.id).into_iter().flatten() {
                let there = row.cells.get(&cell.field).map(String::as_str);
                if (cell.if_missing && there.is_some_and(|text| !text.trim().is_empty()))
                    || there == cell.text.as_deref()
                {
                    continue;
                }
                let cells = &mut Rc::make_mut(row).cells;
                match &cell.text {
                    Some(text) => cells.insert(cell.field, text.clone()),
                    None => cells.remove(&cell.field),
                };
            }
        }
    }

    /// Links each row to the one that its keys name now.
    fn point(&mut self, table: &Table, before: &Rows, after: &Rows) {
        let old = by_key(table, before);
        for key in self.keys_of(table) {
            let target = self.relational.table(key.target);
            let (mut moved, mut links) = (BTreeSet::new(), Vec::new());
            for row in after {
                let was = old.get(&values(row, &table.primary_key));
                let held = key.held(row);
                if was.is_some_and(|was| key.held(was) == held) {
                    continue;
                }
                let Some(id) = self.row(table.id, &values(row, &table.primary_key)) else { continue };
                moved.insert(id);
                let target = held.and_then(|held| self.named(target, &key.target_columns, &held));
                links.extend(target.map(|target| Pair::new(key.holder, id, target)));
            }
            if !moved.is_empty() {
                self.data.unlink(key.relationship, |pair| moved.contains(&pair.at(key.holder)));
                self.data.links.entry(key.relationship).or_default().extend(links);
            }
        }
    }

    /// The keys in a table: those that a foreign key guards, and those that point to one of several tables.
    fn keys_of(&self, table: &Table) -> Vec<HeldKey> {
        let guarded = table.foreign_keys.iter().map(|key| HeldKey {
            relationship: key.relationship,
            holder: key.side.other(),
            columns: key.columns.clone(),
            target: key.target,
            target_columns: key.target_columns.clone(),
            says: None,
        });
        let shared = self.schema.relationships().filter_map(|relationship| {
            let Placement::Key { holder, columns, target, target_columns, discriminator: Some(kind), .. } =
                self.relational.placement(relationship.id)?
            else {
                return None;
            };
            let own = self.relational.own_table_of(relationship.model(*holder))?;
            let here = |at: &usize| self.relational.in_part(table.id, *at);
            Some(HeldKey {
                relationship: relationship.id,
                holder: *holder,
                columns: columns.iter().map(here).collect::<Option<_>>()?,
                target: *target,
                target_columns: target_columns.clone(),
                says: Some((here(&kind.column)?, kind.value.clone())),
            })
            .filter(|_| own == table.id)
        });
        guarded.chain(shared).collect()
    }

    fn find_gone(&mut self, table: &Table, before: &Rows, after: &Rows) {
        let stays = by_key(table, after);
        let keys = before.iter().map(|row| values(row, &table.primary_key));
        let gone: Vec<RowId> =
            keys.filter(|key| !stays.contains_key(key)).filter_map(|key| self.row(table.id, &key)).collect();
        self.gone.extend(gone);
    }

    fn remove_gone(&mut self) {
        let gone = &self.gone;
        if gone.is_empty() {
            return;
        }
        self.data.rows.values_mut().for_each(|rows| rows.retain(|row| !gone.contains(&row.id)));
        for links in self.data.links.values_mut() {
            links.retain(|pair| !gone.contains(&pair.left) && !gone.contains(&pair.right));
        }
    }

    /// The row of a table whose columns have these values.
    fn named(&self, table: &Table, columns: &[usize], wanted: &[Value]) -> Option<RowId> {
        if wanted.iter().any(Value::is_null) {
            return None;
        }
        if columns == table.primary_key {
            let at = table.whole.as_ref().map_or(table.id, |whole| whole.parts[0].table);
            return self.row(at, wanted);
        }
        // A key that refers to a unique field: the document has it as typed.
        let TableOrigin::Model(model) = table.origin else { return None };
        let is = |(column, wanted): (&usize, &Value)| -> Option<_> {
            let column = &table.columns[*column];
            let ColumnOrigin::Field(_, field) = column.origin else { return None };
            Some((field, column.field_type, wanted.clone()))
        };
        let cells: Vec<_> = columns.iter().zip(wanted).map(is).collect::<Option<_>>()?;
        let rows = self.schema.kinds_of(model).flat_map(|kind| self.data.rows_of(kind.id));
        let mut fitting = rows.filter(|row| {
            let holds = |(field, kind, wanted): &(_, FieldType, Value)| {
                row.cells.get(field).and_then(|text| kind.parse(text).ok()).as_ref() == Some(wanted)
            };
            cells.iter().all(holds)
        });
        fitting.next().map(|row| row.id)
    }

    /// The rows of a join table are links.
    fn pairs(
        &mut self,
        relationship: RelationshipId,
        before: &Rows,
        sources: &[Option<RowSource>],
        after: &Rows,
    ) {
        let stays: BTreeSet<&Vec<Value>> = after.iter().collect();
        for (row, source) in before.iter().zip(sources) {
            if let Some(RowSource::Link(_, gone)) = source
                && !stays.contains(row)
            {
                self.data.unlink(relationship, |pair| pair == gone);
            }
        }
        let there: BTreeSet<&Vec<Value>> = before.iter().collect();
        for row in after.iter().filter(|row| !there.contains(row)) {
            if let Some(pair) = self.pair(relationship, row) {
                let known = self.data.links_of(relationship);
                // What goes both ways is one link.
                let symmetric =
                    self.schema.relationship(relationship).is_some_and(|link| link.is_symmetric());
                if !(symmetric && known.contains(&pair.turned())) {
                    self.data.link(relationship, pair);
                }
            }
        }
    }

    fn pair(&self, relationship: RelationshipId, row: &[Value]) -> Option<Pair> {
        let Some(Placement::Join { columns, targets, target_columns, .. }) =
            self.relational.placement(relationship)
        else {
            return None;
        };
        let end = |side: usize| {
            let target = self.relational.table(targets[side]);
            self.named(target, &target_columns[side], &values(row, &columns[side]))
        };
        Some(Pair { left: end(0)?, right: end(1)? })
    }
}
