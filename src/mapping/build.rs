//! Schema in, tables out, with diagnostics where derived names collide.

use std::collections::BTreeMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use super::tables::{
    Column, ColumnOrigin, ForeignKey, Index, Placement, Relational, Table, TableId, TableOrigin,
};
use crate::naming::{pluralise, snake};
use crate::schema::{
    Field, FieldPart, Findings, JoinLink, KeyLink, Link, Model, ModelId, ModelPart, Place, Relationship,
    RelationshipPart, Report, Schema, Side, shorten,
};

/// Maps a schema to tables.
///
/// ```
/// use relata::{mapping::map, project::Sample, schema::check};
/// let schema = check(&Sample::AuthorBook.project().draft).value.unwrap();
/// let tables = map(&schema).value.unwrap().tables;
/// assert_eq!(tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>(), ["authors", "books"]);
/// assert_eq!(tables[1].columns[2].name, "author_id");
/// ```
pub fn map(schema: &Schema) -> Report<Relational, Place> {
    let order = creation_order(schema);
    let mut builder = Builder { schema, relational: Relational::default() };
    for model in &order {
        builder.add_model_table(model);
    }
    for relationship in schema.relationships() {
        match &relationship.link {
            Link::Key(key) => builder.add_key(relationship, key),
            Link::Join(join) => builder.add_join_table(relationship, join),
        }
    }
    builder.add_indexes();
    let mut findings = Findings::default();
    duplicate_tables(&builder.relational, &mut findings);
    duplicate_columns(&builder.relational, &mut findings);
    row_id_names(&builder.relational, &mut findings);
    Report::new(builder.relational, findings.into_vec())
}

/// Models so ordered that a table comes after those it points to; within a ring, as in the form.
fn creation_order(schema: &Schema) -> Vec<&Model> {
    let mut graph: DiGraphMap<ModelId, ()> = DiGraphMap::new();
    for model in schema.models() {
        graph.add_node(model.id);
    }
    for relationship in schema.relationships() {
        if let Link::Key(key) = &relationship.link {
            graph.add_edge(relationship.model(key.holder), relationship.model(key.holder.other()), ());
        }
    }
    let components = kosaraju_scc(&graph);
    // The rings in the form's order, and the models of each, too.
    let mut rings: Vec<Vec<ModelId>> = Vec::new();
    for model in schema.models() {
        let component = components.iter().find(|component| component.contains(&model.id));
        if let Some(component) = component.filter(|_| !rings.iter().any(|ring| ring.contains(&model.id))) {
            rings.push(schema.models().map(|model| model.id).filter(|id| component.contains(id)).collect());
        }
    }
    let mut placed: Vec<&Model> = Vec::new();
    // Repeatedly take the first ring whose targets are all placed.
    while !rings.is_empty() {
        let ready = rings.iter().position(|ring| {
            ring.iter()
                .flat_map(|id| graph.neighbors(*id))
                .all(|target| ring.contains(&target) || placed.iter().any(|model| model.id == target))
        });
        // Components form no ring among themselves, so one is always ready.
        let ring = rings.remove(ready.unwrap_or(0));
        placed.extend(ring.into_iter().filter_map(|id| schema.model(id)));
    }
    placed
}

struct Builder<'a> {
    schema: &'a Schema,
    relational: Relational,
}

impl Builder<'_> {
    fn push_table(&mut self, name: String, origin: TableOrigin) -> TableId {
        let id = TableId(self.relational.tables.len() as u32);
        self.relational.tables.push(Table {
            id,
            name,
            origin,
            columns: Vec::new(),
            primary_key: Vec::new(),
            foreign_keys: Vec::new(),
            indexes: Vec::new(),
        });
        id
    }

    fn table_mut(&mut self, id: TableId) -> &mut Table {
        &mut self.relational.tables[id.0 as usize]
    }

    fn add_model_table(&mut self, model: &Model) {
        let name = model.table.clone().unwrap_or_else(|| pluralise(&snake(&model.name)));
        let id = self.push_table(name, TableOrigin::Model(model.id));
        self.relational.by_model.insert(model.id, id);
        let table = self.table_mut(id);
        table.columns = model.fields.values().map(|field| field_column(model, field)).collect();
        table.primary_key = model
            .fields
            .values()
            .enumerate()
            .filter(|(_, field)| field.primary_key)
            .map(|(at, _)| at)
            .collect();
    }

    fn add_key(&mut self, relationship: &Relationship, key: &KeyLink) {
        let target_side = key.holder.other();
        let (Some(table), Some(target)) = (
            self.relational.table_of(relationship.model(key.holder)),
            self.relational.table_of(relationship.model(target_side)),
        ) else {
            return;
        };
        let target_columns = self.relational.table(target).primary_key.clone();
        let prefix = snake(relationship.name(key.holder));
        let columns = self.add_key_columns(table, target, relationship, target_side, &prefix, &key.columns);
        for &column in &columns {
            let column = &mut self.table_mut(table).columns[column];
            column.not_null = key.required;
            column.unique = key.unique && target_columns.len() == 1;
        }
        self.table_mut(table).foreign_keys.push(ForeignKey {
            relationship: relationship.id,
            side: target_side,
            columns: columns.clone(),
            target,
            target_columns: target_columns.clone(),
            on_delete: key.on_delete,
            unique: key.unique,
        });
        let placement = Placement::Key { holder: key.holder, table, columns, target, target_columns };
        self.relational.placements.insert(relationship.id, placement);
    }

    fn add_join_table(&mut self, relationship: &Relationship, join: &JoinLink) {
        let targets = Side::BOTH.map(|side| self.relational.table_of(relationship.model(side)));
        let [Some(left), Some(right)] = targets else { return };
        let name = join.table.clone().unwrap_or_else(|| self.join_table_name(relationship, left, right));
        let table = self.push_table(name, TableOrigin::Join(relationship.id));
        let mut columns: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        let mut target_columns: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        for (side, target) in [(Side::Left, left), (Side::Right, right)] {
            let at = side as usize;
            let prefix = self.join_column_prefix(relationship, side);
            columns[at] = self.add_key_columns(table, target, relationship, side, &prefix, &join.columns[at]);
            target_columns[at] = self.relational.table(target).primary_key.clone();
            self.table_mut(table).foreign_keys.push(ForeignKey {
                relationship: relationship.id,
                side,
                columns: columns[at].clone(),
                target,
                target_columns: target_columns[at].clone(),
                on_delete: join.on_delete,
                unique: false,
            });
        }
        let all = (0..self.table_mut(table).columns.len()).collect();
        self.table_mut(table).primary_key = all;
        let placement = Placement::Join { table, columns, targets: [left, right], target_columns };
        self.relational.placements.insert(relationship.id, placement);
    }

    /// Both tables' names in alphabetical order, as ActiveRecord names a join table; for a model with itself the
    /// table and the property.
    fn join_table_name(&self, relationship: &Relationship, left: TableId, right: TableId) -> String {
        let [one, other] = [left, right].map(|id| self.relational.table(id).name.as_str());
        if left == right {
            return format!("{one}_{}", snake(relationship.name(Side::Left)));
        }
        if one <= other { format!("{one}_{other}") } else { format!("{other}_{one}") }
    }

    /// `student` for a column that points to Student; `from_person` and `to_person` where both ends are the same
    /// model, as Django names them.
    fn join_column_prefix(&self, relationship: &Relationship, side: Side) -> String {
        let name =
            self.schema.model(relationship.model(side)).map_or(String::new(), |model| snake(&model.name));
        if relationship.model(Side::Left) != relationship.model(Side::Right) {
            return name;
        }
        match side {
            Side::Left => format!("from_{name}"),
            Side::Right => format!("to_{name}"),
        }
    }

    /// Adds to `table` one column for each column of `target`'s primary key.
    fn add_key_columns(
        &mut self,
        table: TableId,
        target: TableId,
        relationship: &Relationship,
        side: Side,
        prefix: &str,
        asked: &[Option<String>],
    ) -> Vec<usize> {
        let target = self.relational.table(target);
        let keys: Vec<Column> = target.primary_key.iter().map(|&key| target.columns[key].clone()).collect();
        let columns = &mut self.table_mut(table).columns;
        let first = columns.len();
        for (index, key) in keys.into_iter().enumerate() {
            let derived = || format!("{prefix}_{}", key.name);
            columns.push(Column {
                name: asked.get(index).cloned().flatten().unwrap_or_else(derived),
                field_type: key.field_type,
                not_null: true,
                unique: false,
                default: None,
                origin: ColumnOrigin::Key(relationship.id, side),
            });
        }
        (first..columns.len()).collect()
    }

    /// An index for each foreign key that no key or unique column already serves.
    fn add_indexes(&mut self) {
        for table in &mut self.relational.tables {
            for key in &table.foreign_keys {
                let served = key.unique || table.primary_key.starts_with(&key.columns);
                if !served {
                    let names: Vec<&str> =
                        key.columns.iter().map(|&column| table.columns[column].name.as_str()).collect();
                    let name = format!("ix_{}_{}", table.name, names.join("_"));
                    table.indexes.push(Index {
                        name,
                        columns: key.columns.clone(),
                        relationship: key.relationship,
                    });
                }
            }
        }
    }
}

fn field_column(model: &Model, field: &Field) -> Column {
    Column {
        name: field.column.clone().unwrap_or_else(|| field.name.clone()),
        field_type: field.field_type,
        not_null: field.required,
        unique: field.unique && !(field.primary_key && model.key().count() == 1),
        default: field.default.clone(),
        origin: ColumnOrigin::Field(model.id, field.id),
    }
}

/// SQLite compares the names of tables and columns without regard to the case of ASCII letters.
fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn duplicate_tables(relational: &Relational, findings: &mut Findings<Place>) {
    let mut seen: BTreeMap<String, &Table> = BTreeMap::new();
    for table in &relational.tables {
        let place = match table.origin {
            TableOrigin::Model(model) => Place::Model(model, ModelPart::Table),
            TableOrigin::Join(relationship) => Place::Relationship(relationship, RelationshipPart::JoinTable),
        };
        if folded(&table.name).starts_with("sqlite_") {
            let message =
                format!("{} begins with “sqlite_”, which SQLite keeps for itself.", shorten(&table.name));
            findings.error(place, message, "Choose another table name.");
        }
        if seen.insert(folded(&table.name), table).is_some() {
            let message = format!("Two tables would be called {}.", shorten(&table.name));
            findings.error(place, message, "Give one of them another table name.");
        }
    }
    duplicate_indexes(relational, &seen, findings);
}

/// Indexes share one namespace with tables, in the whole database.
fn duplicate_indexes(
    relational: &Relational,
    tables: &BTreeMap<String, &Table>,
    findings: &mut Findings<Place>,
) {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for table in &relational.tables {
        let (part, mend) = match table.origin {
            TableOrigin::Model(_) => (RelationshipPart::KeyColumns, "Give this key column another name."),
            TableOrigin::Join(_) => (RelationshipPart::JoinTable, "Give this join table another name."),
        };
        for index in &table.indexes {
            let (name, place) = (folded(&index.name), Place::Relationship(index.relationship, part));
            if tables.contains_key(&name) {
                let message = format!("An index and a table would both be called {}.", shorten(&index.name));
                findings.error(place, message, "Give the table another name.");
                continue;
            }
            let columns = index.columns.iter().map(|&at| folded(&table.columns[at].name));
            let columns: Vec<String> = std::iter::once(folded(&table.name)).chain(columns).collect();
            // Of two indexes on the same columns it is said that the columns collide.
            if seen.get(&name).is_some_and(|other| *other != columns) {
                let message = format!("Two indexes would be called {}.", shorten(&index.name));
                findings.error(place, message, mend);
            }
            seen.insert(name, columns);
        }
    }
}

fn duplicate_columns(relational: &Relational, findings: &mut Findings<Place>) {
    for table in &relational.tables {
        let mut seen: BTreeMap<String, &Column> = BTreeMap::new();
        for column in &table.columns {
            if let Some(first) = seen.insert(folded(&column.name), column) {
                let (place, mend) = column_place(table, column);
                findings.error(place, column_collision(table, first, column), mend);
            }
        }
    }
}

/// SQLite's own row id has three names; one has to be left to tell rows by.
fn row_id_names(relational: &Relational, findings: &mut Findings<Place>) {
    for table in relational.tables.iter().filter(|table| !table.has_rowid_key()) {
        let named = |name| table.columns.iter().find(|column| folded(&column.name) == name);
        if let (Some(_), Some(_), Some(last)) = (named("rowid"), named("_rowid_"), named("oid")) {
            let message = format!(
                "With “rowid”, “_rowid_” and “oid”, no name is left for SQLite's own row id in {}.",
                table.name
            );
            findings.error(
                column_place(table, last).0,
                message,
                "Give one of the three columns another name.",
            );
        }
    }
}

fn column_collision(table: &Table, first: &Column, second: &Column) -> String {
    let column = shorten(&second.name);
    match (first.origin, second.origin) {
        (ColumnOrigin::Key(..), ColumnOrigin::Key(..)) => {
            format!("Two relationships want the column {column} of {}.", table.name)
        }
        (ColumnOrigin::Field(..), ColumnOrigin::Field(..)) => {
            format!("Two fields want the column {column} of {}.", table.name)
        }
        _ => format!("A field and a relationship both want the column {column} of {}.", table.name),
    }
}

fn column_place(table: &Table, column: &Column) -> (Place, &'static str) {
    match (column.origin, table.origin) {
        (ColumnOrigin::Field(model, field), _) => {
            (Place::Field(model, field, FieldPart::Column), "Give one of them another column name.")
        }
        (ColumnOrigin::Key(relationship, side), TableOrigin::Join(_)) => (
            Place::Relationship(relationship, RelationshipPart::JoinColumns(side)),
            "Give one of them another column name.",
        ),
        (ColumnOrigin::Key(relationship, _), TableOrigin::Model(_)) => (
            Place::Relationship(relationship, RelationshipPart::KeyColumns),
            "Rename one of the relationships, or give its key column another name.",
        ),
    }
}
