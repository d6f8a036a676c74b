//! The document's rows as rows of tables: cells parsed, links turned into keys.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::data::{Data, Pair, Row, RowId};
use super::loading::{CellPlace, LoadRow, Loading, Need, Refusal, RowSource, TableRows};
use crate::mapping::{ColumnOrigin, ForeignKey, Placement, Relational, Table, TableId, TableOrigin};
use crate::naming::one;
use crate::schema::{DefaultValue, EndId, FieldId, FieldType, Model, ModelId, RelationshipId, Schema, Side};
use crate::value::Value;

/// Turns the document's data into table rows.
///
/// A missing integer primary key is filled in as SQLite would: one more than the greatest. A cell that is no value of
/// its type keeps its row out, with a refusal; rows that point to it get the key it would have had, for SQLite to
/// refuse. Rows that point to one whose key cannot be told are refused here: without the key they would pass as rows
/// without a link.
pub fn load(schema: &Schema, relational: &Relational, data: &Data) -> Loading {
    let mut loader = Loader {
        schema,
        relational,
        data,
        rows: HashMap::new(),
        cells: HashMap::new(),
        models: HashMap::new(),
        broken: HashSet::new(),
        doubled: HashSet::new(),
        untried: HashSet::new(),
        targets: targets(schema, relational, data),
        refusals: Vec::new(),
    };
    relational.model_tables().for_each(|table| loader.parse_table(table));
    relational.model_tables().for_each(|table| loader.find_doubles(table));
    let mut tables = Vec::new();
    for table in &relational.tables {
        let rows = match table.origin {
            TableOrigin::Model(model) => loader.model_rows(table, model),
            TableOrigin::Join(relationship) => loader.join_rows(table, relationship),
        };
        tables.push(TableRows { table: table.id, rows });
    }
    for table in &mut tables {
        table.rows.retain(|row| !loader.untried.contains(&row.source));
    }
    Loading { tables, refusals: loader.refusals }
}

/// For each relationship with a key: which row each holder points to.
fn targets(schema: &Schema, relational: &Relational, data: &Data) -> HashMap<(RelationshipId, RowId), RowId> {
    let mut targets = HashMap::new();
    for relationship in schema.relationships() {
        if let Some(Placement::Key { holder, .. }) = relational.placement(relationship.id) {
            for pair in data.links_of(relationship.id) {
                // A holder has one target; of several, left over from another shape, the first stays.
                targets.entry((relationship.id, pair.at(*holder))).or_insert(pair.at(holder.other()));
            }
        }
    }
    targets
}

struct Loader<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    data: &'a Data,
    /// The rows of each table that objects are made of, each once.
    rows: HashMap<TableId, Vec<RowId>>,
    /// The fields' columns of each row of the document in that table, as far as its cells could be read.
    cells: HashMap<RowId, BTreeMap<usize, Value>>,
    /// The model of each of those rows.
    models: HashMap<RowId, ModelId>,
    /// The rows with cells that could not be read.
    broken: HashSet<RowId>,
    /// The rows whose primary key another row before them has.
    doubled: HashSet<RowId>,
    /// What cannot be tried in one table, and so must not be in others that it would go on in.
    untried: HashSet<RowSource>,
    targets: HashMap<(RelationshipId, RowId), RowId>,
    refusals: Vec<Refusal>,
}

impl Loader<'_> {
    /// Parses the cells of a table's fields and counts up the keys that are missing.
    fn parse_table(&mut self, table: &Table) {
        let TableOrigin::Model(model) = table.origin else { return };
        let (counted, data, schema) = (counted_key(table), self.data, self.schema);
        // The rows of all kinds, whose keys are counted up together.
        let rows =
            schema.kinds_of(model).flat_map(|kind| data.rows_of(kind.id).iter().map(move |row| (kind, row)));
        let rows: Vec<(&Model, &Rc<Row>)> = rows.collect();
        let greatest = counted.and_then(|(_, field)| greatest_key(rows.iter().map(|(_, row)| *row), field));
        let mut next_key = greatest.map_or(1, |key| key.saturating_add(1));
        for (kind, row) in rows {
            if self.cells.contains_key(&row.id) {
                self.refuse_double(row.id);
                continue;
            }
            let mut cells = self.parse_row(table, kind, row);
            if let Some((at, _)) = counted.filter(|(at, _)| !cells.contains_key(at)) {
                cells.insert(at, Value::Integer(next_key));
                next_key = next_key.saturating_add(1);
            }
            self.cells.insert(row.id, cells);
            self.models.insert(row.id, kind.id);
            self.rows.entry(table.id).or_default().push(row.id);
        }
    }

    /// Two rows of one id: only in a file written by hand, where nobody can say which of them a link means.
    fn refuse_double(&mut self, row: RowId) {
        let message =
            format!("Another row of the document has the same id, {}: give it one of its own.", row.0);
        let source = RowSource::Row(row);
        self.refusals.push(Refusal { source, cell: None, message, sqlite: String::new() });
    }

    fn rows_of(&self, table: TableId) -> Vec<RowId> {
        self.rows.get(&table).cloned().unwrap_or_default()
    }

    /// The cells that could be read.
    fn parse_row(&mut self, table: &Table, model: &Model, row: &Row) -> BTreeMap<usize, Value> {
        let mut cells = BTreeMap::new();
        for (at, column) in table.columns.iter().enumerate() {
            if let (ColumnOrigin::Kind(_), Some(kind)) = (column.origin, &model.kind) {
                cells.insert(at, Value::Text(kind.value.clone()));
            }
            let ColumnOrigin::Field(_, field) = column.origin else { continue };
            if !model.fields.contains_key(&field) {
                continue;
            }
            let Some(text) = row.cells.get(&field) else { continue };
            match parse_cell(column.field_type, text) {
                Ok(value) => {
                    cells.insert(at, value);
                }
                Err(message) => {
                    self.broken.insert(row.id);
                    self.refuse(row.id, CellPlace::Field(field), message);
                }
            }
        }
        cells
    }

    fn refuse(&mut self, row: RowId, cell: CellPlace, message: String) {
        let source = RowSource::Row(row);
        self.refusals.push(Refusal { source, cell: Some(cell), message, sqlite: String::new() });
    }

    /// SQLite will refuse the second row with a key; links to it must not lead to the first.
    fn find_doubles(&mut self, table: &Table) {
        let mut taken = HashSet::new();
        for row in self.rows_of(table.id).into_iter().filter(|row| !self.broken.contains(row)) {
            let key = self.values(table.id, row, &table.primary_key);
            if key.is_some_and(|key| !taken.insert(key)) {
                self.doubled.insert(row);
            }
        }
    }

    /// What these columns of a row will hold, if that can be told and none of it is `NULL`.
    fn values(&self, table: TableId, row: RowId, columns: &[usize]) -> Option<Vec<Value>> {
        let value = |at: &usize| {
            let (whole, column) = self.relational.in_whole(table, *at);
            self.value(self.relational.table(whole), row, column).filter(|value| !value.is_null())
        };
        columns.iter().map(value).collect()
    }

    /// A key that is part of a primary key leads on to the row that it points to; such keys form no ring.
    fn value(&self, table: &Table, row: RowId, at: usize) -> Option<Value> {
        let column = &table.columns[at];
        match column.origin {
            ColumnOrigin::Field(..) | ColumnOrigin::Kind(_) => {
                match (self.cells.get(&row)?.get(&at), &column.default) {
                    (Some(value), _) | (None, Some(DefaultValue::Value(value))) => Some(value.clone()),
                    (None, _) => None,
                }
            }
            ColumnOrigin::Key(relationship, _) => {
                let target = *self.targets.get(&(relationship, row))?;
                let key = table.foreign_keys.iter().find(|key| key.relationship == relationship)?;
                let position = key.columns.iter().position(|&column| column == at)?;
                let (table, there) = self.relational.in_whole(key.target, key.target_columns[position]);
                self.value(self.relational.table(table), target, there)
            }
        }
    }

    /// The rows of a model's table: those of the model and of its kinds.
    fn model_rows(&mut self, table: &Table, model: ModelId) -> Vec<LoadRow> {
        let rows = self.rows_of(self.relational.in_whole(table.id, 0).0);
        let (schema, models) = (self.schema, &self.models);
        let stands_here = |row: &RowId| models.get(row).is_some_and(|kind| schema.is_kind_of(*kind, model));
        let rows: Vec<RowId> = rows.into_iter().filter(stands_here).collect();
        let mut loaded = Vec::new();
        for row in rows {
            match self.model_row(table, row) {
                Some(row) => loaded.push(row),
                None => {
                    self.untried.insert(RowSource::Row(row));
                }
            }
        }
        loaded
    }

    /// The cells of a row that stand in this table: those of its fields, and the key by which it goes on in another.
    fn cells_in(&self, table: &Table, row: RowId) -> Vec<(usize, Value)> {
        let Some(cells) = self.cells.get(&row) else { return Vec::new() };
        let cell = |at: usize| {
            let (whole, column) = self.relational.in_whole(table.id, at);
            match table.is_inherited_key(at) {
                true => self.value(self.relational.table(whole), row, column),
                false => cells.get(&column).cloned(),
            }
        };
        (0..table.columns.len()).filter_map(|at| Some((at, cell(at)?))).collect()
    }

    /// A model's row with its foreign keys; `None` if it cannot be tried.
    fn model_row(&mut self, table: &Table, row: RowId) -> Option<LoadRow> {
        if self.broken.contains(&row) {
            return None;
        }
        let cells = self.cells_in(table, row);
        let mut loaded = LoadRow { source: RowSource::Row(row), cells, needs: Vec::new() };
        for key in &table.foreign_keys {
            if let Some(&target) = self.targets.get(&(key.relationship, row)) {
                self.add_key(&mut loaded, key, target)?;
            } else if table.has_rowid_key() && key.columns == table.primary_key {
                // SQLite would count up what has to be another row's key.
                self.refuse_unlinked(row, key);
                return None;
            }
        }
        self.add_shared_keys(&mut loaded, table, row)?;
        Some(loaded)
    }

    /// Adds the keys that point to one table or another. Each has room for one target.
    fn add_shared_keys(&mut self, loaded: &mut LoadRow, table: &Table, row: RowId) -> Option<()> {
        let (schema, relational) = (self.schema, self.relational);
        for relationship in schema.relationships() {
            let (Some(shared), Some(&target)) =
                (relationship.polymorphic(), self.targets.get(&(relationship.id, row)))
            else {
                continue;
            };
            let Some(Placement::Key {
                holder,
                columns,
                target: there,
                target_columns,
                discriminator: Some(kind),
                ..
            }) = relational.placement(relationship.id)
            else {
                continue;
            };
            let own = relational.own_table_of(relationship.model(*holder));
            let in_part = |at: &usize| relational.in_part(table.id, *at);
            let (true, Some(says), Some(columns)) =
                (own == Some(table.id), in_part(&kind.column), columns.iter().map(in_part).collect())
            else {
                continue;
            };
            let columns: Vec<usize> = columns;
            if loaded.cells.iter().any(|(at, _)| *at == says) {
                let message = format!("It has {} already, and can have one only.", one(&shared.name));
                self.refuse(row, CellPlace::Link(relationship.id), message);
                return None;
            }
            loaded.cells.push((says, Value::Text(kind.value.clone())));
            let points_to = PointsTo {
                relationship: relationship.id,
                side: holder.other(),
                table: *there,
                columns: target_columns,
            };
            self.add_pointer(loaded, &columns, &points_to, target)?;
        }
        Some(())
    }

    fn refuse_unlinked(&mut self, row: RowId, key: &ForeignKey) {
        let end = EndId { relationship: key.relationship, side: key.side.other() };
        let message = self.schema.end(end).map_or(String::new(), |end| {
            format!("{} is required: give it {}.", end.name, one(&end.target.name))
        });
        self.refuse(row, CellPlace::Link(key.relationship), message);
    }

    fn join_rows(&mut self, table: &Table, relationship: RelationshipId) -> Vec<LoadRow> {
        let symmetric =
            self.schema.relationship(relationship).is_some_and(|relationship| relationship.is_symmetric());
        let mut stored = HashSet::new();
        let mut rows = Vec::new();
        for &pair in self.data.links_of(relationship) {
            let source = RowSource::Link(relationship, pair);
            // What goes both ways stands there once in each direction, however often it was said.
            let directions = if symmetric { vec![pair, pair.turned()] } else { vec![pair] };
            for pair in directions {
                if !symmetric || stored.insert(pair) {
                    rows.extend(self.join_row(table, source, pair));
                }
            }
        }
        rows
    }

    fn join_row(&mut self, table: &Table, source: RowSource, pair: Pair) -> Option<LoadRow> {
        let mut row = LoadRow { source, cells: Vec::new(), needs: Vec::new() };
        for key in &table.foreign_keys {
            self.add_key(&mut row, key, pair.at(key.side))?;
        }
        Some(row)
    }

    /// Adds the columns of a foreign key and their values; a refusal and `None` if the target's key cannot be told.
    fn add_key(&mut self, row: &mut LoadRow, key: &ForeignKey, target: RowId) -> Option<()> {
        let (relationship, side) = (key.relationship, key.side);
        let points_to = PointsTo { relationship, side, table: key.target, columns: &key.target_columns };
        self.add_pointer(row, &key.columns, &points_to, target)
    }

    /// Whether a row is of the model that a key is to point to: the table may have rows of others.
    fn fits(&self, points_to: &PointsTo<'_>, target: RowId) -> bool {
        let wanted = self.schema.relationship(points_to.relationship).map(|link| link.model(points_to.side));
        let model = self.models.get(&target);
        wanted.zip(model).is_none_or(|(wanted, model)| self.schema.is_kind_of(*model, wanted))
    }

    fn add_pointer(
        &mut self,
        row: &mut LoadRow,
        columns: &[usize],
        points_to: &PointsTo<'_>,
        target: RowId,
    ) -> Option<()> {
        let PointsTo { relationship, side, .. } = *points_to;
        let known = self.values(points_to.table, target, points_to.columns);
        let Some(values) = known.filter(|_| !self.doubled.contains(&target) && self.fits(points_to, target))
        else {
            let name = target_name(self.schema, relationship, side);
            self.refusals.push(Refusal::nowhere(row.source, relationship, name, ""));
            return None;
        };
        row.cells.extend(columns.iter().copied().zip(values));
        row.needs.push(Need { relationship, side, row: target });
        Some(())
    }
}

/// What columns of a key point to.
struct PointsTo<'a> {
    relationship: RelationshipId,
    side: Side,
    table: TableId,
    columns: &'a [usize],
}

/// The name of the model at this side of a relationship, for a message.
pub fn target_name(schema: &Schema, relationship: RelationshipId, side: Side) -> &str {
    let model =
        schema.relationship(relationship).and_then(|relationship| schema.model(relationship.model(side)));
    model.map_or("row", |model| &model.name)
}

/// The column and field of a primary key that SQLite counts up by itself.
fn counted_key(table: &Table) -> Option<(usize, FieldId)> {
    let key = *table.primary_key.first().filter(|_| table.has_rowid_key())?;
    match table.columns[key].origin {
        ColumnOrigin::Field(_, field) => Some((key, field)),
        ColumnOrigin::Key(..) | ColumnOrigin::Kind(_) => None,
    }
}

fn greatest_key<'a>(rows: impl Iterator<Item = &'a Rc<Row>>, field: FieldId) -> Option<i64> {
    rows.filter_map(|row| row.cells.get(&field)?.trim().parse().ok()).max()
}

fn parse_cell(field_type: FieldType, text: &str) -> Result<Value, String> {
    field_type.parse(text).map_err(|error| format!("{error}."))
}
