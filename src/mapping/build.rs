//! Schema in, tables out, with diagnostics where derived names collide.

use super::collisions::collisions;
use super::kinds::{add_kinds, kind_column};
use super::order::{creation_order, identifying};
use super::polymorphic::add_shared_key;
use super::tables::{
    Column, ColumnOrigin, ForeignKey, Index, Placement, Relational, Table, TableId, TableOrigin,
};
use super::whole::weave;
use crate::naming::{pluralise, snake};
use crate::schema::{
    Field, Findings, JoinLink, KeyLink, Link, Model, ModelId, Origin, Place, Relationship, Report, Schema,
    Side, ThroughLink,
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
    for (relationship, key) in identifying(schema) {
        builder.add_key(relationship, key);
    }
    order.iter().for_each(|model| builder.add_inherited(model.id));
    for relationship in schema.relationships() {
        match &relationship.link {
            Link::Key(key) if !key.identifies => builder.add_key(relationship, key),
            Link::Join(join) => builder.add_join_table(relationship, join),
            Link::Key(_) | Link::Through(_) => {}
        }
    }
    // These lead along keys that have to lie somewhere first.
    for relationship in schema.relationships() {
        if let Link::Through(through) = &relationship.link {
            builder.add_through(relationship, *through);
        }
    }
    builder.spare_unique_keys();
    builder.add_indexes();
    let mut findings = Findings::default();
    collisions(&builder.relational, &mut findings);
    weave(&mut builder.relational, schema);
    add_kinds(&mut builder.relational, schema);
    Report::new(builder.relational, findings.into_vec())
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
            extends: None,
            whole: None,
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
        let schema = self.schema;
        self.relational.by_model.insert(model.id, id);
        if let Some(parent) = model.parent {
            // Its key is told when that of its parent's table is.
            self.table_mut(id).extends = self.relational.table_of(parent);
            return;
        }
        let mut columns: Vec<Column> =
            model.fields.values().map(|field| field_column(model, field)).collect();
        columns.extend(kind_column(model));
        let inside = |kind: &&Model| kind.id != model.id && !kind.has_tables_for_kinds();
        for kind in schema.kinds_of(model.id).filter(inside) {
            self.relational.by_model.insert(kind.id, id);
            columns.extend(schema.own_fields(kind).map(|field| field_column(kind, field)));
        }
        let table = self.table_mut(id);
        table.columns = columns;
        table.primary_key = model
            .fields
            .values()
            .enumerate()
            .filter(|(_, field)| field.primary_key)
            .map(|(at, _)| at)
            .collect();
    }

    /// Gives the table of a kind its columns: the key of its parent's table, and its own fields.
    fn add_inherited(&mut self, model: ModelId) {
        let Some(kind) = self.schema.model(model).filter(|kind| kind.has_tables_for_kinds()) else { return };
        let (Some(parent), Some(id)) = (kind.parent, self.relational.table_of(model)) else { return };
        if !self.relational.table(id).columns.is_empty() {
            return;
        }
        self.add_inherited(parent);
        let Some(above) = self.relational.table_of(parent).map(|id| self.relational.table(id)) else {
            return;
        };
        let key = above.primary_key.iter().map(|&at| Column { default: None, ..above.columns[at].clone() });
        let mut columns: Vec<Column> = key.collect();
        let primary_key = (0..columns.len()).collect();
        columns.extend(self.schema.own_fields(kind).map(|field| field_column(kind, field)));
        let table = self.table_mut(id);
        (table.columns, table.primary_key) = (columns, primary_key);
    }

    fn add_key(&mut self, relationship: &Relationship, key: &KeyLink) {
        self.add_inherited(relationship.model(key.holder.other()));
        if let Some(shared) = &key.polymorphic {
            add_shared_key(&mut self.relational, relationship, key, shared);
            return;
        }
        let target_side = key.holder.other();
        let (Some(table), Some((target, target_columns))) = (
            self.relational.table_of(relationship.model(key.holder)),
            self.target(relationship.model(target_side), key),
        ) else {
            return;
        };
        let prefix = snake(relationship.name(key.holder));
        let (names, points_to) = (KeyNames { prefix, asked: &key.columns }, (target, &*target_columns));
        let columns = self.add_key_columns(table, points_to, relationship, target_side, &names);
        for &column in &columns {
            let column = &mut self.table_mut(table).columns[column];
            column.not_null = key.required;
            column.unique = key.unique && target_columns.len() == 1;
        }
        if key.identifies {
            self.table_mut(table).primary_key.extend(&columns);
        }
        self.table_mut(table).foreign_keys.push(ForeignKey {
            relationship: relationship.id,
            side: target_side,
            columns: columns.clone(),
            target,
            target_columns: target_columns.clone(),
            on_delete: key.on_delete,
            on_update: key.on_update,
            unique: key.unique,
        });
        let placement = Placement::Key {
            holder: key.holder,
            table,
            columns,
            target,
            target_columns,
            discriminator: None,
        };
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
            target_columns[at] = self.relational.table(target).primary_key.clone();
            let names = KeyNames { prefix, asked: &join.columns[at] };
            let points_to = (target, &*target_columns[at]);
            columns[at] = self.add_key_columns(table, points_to, relationship, side, &names);
            self.table_mut(table).foreign_keys.push(ForeignKey {
                relationship: relationship.id,
                side,
                columns: columns[at].clone(),
                target,
                target_columns: target_columns[at].clone(),
                on_delete: join.on_delete,
                on_update: join.on_update,
                unique: false,
            });
        }
        let all = (0..self.table_mut(table).columns.len()).collect();
        self.table_mut(table).primary_key = all;
        let placement = Placement::Join { table, columns, targets: [left, right], target_columns };
        self.relational.placements.insert(relationship.id, placement);
    }

    /// The join model's table serves as the join table.
    fn add_through(&mut self, relationship: &Relationship, through: ThroughLink) {
        let [left, right] = through.relationships.map(|tie| self.relational.placement(tie).cloned());
        if let (
            Some(Placement::Key {
                table, columns: left, target: left_target, target_columns: left_key, ..
            }),
            Some(Placement::Key { columns: right, target: right_target, target_columns: right_key, .. }),
        ) = (left, right)
        {
            let placement = Placement::Join {
                table,
                columns: [left, right],
                targets: [left_target, right_target],
                target_columns: [left_key, right_key],
            };
            self.relational.placements.insert(relationship.id, placement);
        }
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

    /// The table and the columns that a key to objects of a model points to.
    fn target(&self, model: ModelId, key: &KeyLink) -> Option<(TableId, Vec<usize>)> {
        let own = self.relational.table_of(model)?;
        let Some(field) = key.references else {
            return Some((own, self.relational.table(own).primary_key.clone()));
        };
        // A unique field that it has from what it is a kind of lies further up.
        let mut up = std::iter::successors(Some(own), |id| self.relational.table(*id).extends);
        up.find_map(|id| Some((id, vec![self.relational.table(id).field_column(field)?])))
    }

    /// Adds to `table` one column for each of these columns of another table.
    fn add_key_columns(
        &mut self,
        table: TableId,
        (target, target_columns): (TableId, &[usize]),
        relationship: &Relationship,
        side: Side,
        names: &KeyNames<'_>,
    ) -> Vec<usize> {
        let target = self.relational.table(target);
        let keys: Vec<Column> = target_columns.iter().map(|&at| target.columns[at].clone()).collect();
        let columns = &mut self.table_mut(table).columns;
        let first = columns.len();
        for (index, key) in keys.into_iter().enumerate() {
            let derived = || format!("{}_{}", names.prefix, key.name);
            columns.push(Column {
                name: names.asked.get(index).cloned().flatten().unwrap_or_else(derived),
                field_type: key.field_type,
                not_null: true,
                unique: false,
                default: None,
                origin: ColumnOrigin::Key(relationship.id, side),
            });
        }
        (first..columns.len()).collect()
    }

    /// A column that is the whole primary key need not be called unique, too.
    fn spare_unique_keys(&mut self) {
        for table in &mut self.relational.tables {
            if let [key] = table.primary_key[..] {
                table.columns[key].unique = false;
            }
        }
    }

    /// An index for each foreign key and each field that is to have one, unless a key or unique column already serves.
    fn add_indexes(&mut self) {
        let schema = self.schema;
        for table in &mut self.relational.tables {
            let keys = table.foreign_keys.iter().filter(|key| {
                let served = key.unique || table.primary_key.starts_with(&key.columns);
                !served && wants_index(schema, key)
            });
            let keys = keys.map(|key| (key.columns.clone(), Origin::Relationship(key.relationship)));
            let fields = (0..table.columns.len()).filter(|&at| {
                let served = table.columns[at].unique || table.primary_key.first() == Some(&at);
                !served && is_indexed(schema, &table.columns[at])
            });
            let fields = fields.map(|at| (vec![at], table.columns[at].origin()));
            let indexes: Vec<Index> =
                keys.chain(fields).map(|(columns, origin)| table.index_on(columns, origin)).collect();
            table.indexes.extend(indexes);
        }
    }
}

/// Whether a foreign key is to have an index.
fn wants_index(schema: &Schema, key: &ForeignKey) -> bool {
    match schema.relationship(key.relationship).map(|relationship| &relationship.link) {
        Some(Link::Key(link)) => link.index,
        Some(Link::Join(link)) => link.index,
        Some(Link::Through(_)) | None => false,
    }
}

/// Whether a column is that of a field with an index.
fn is_indexed(schema: &Schema, column: &Column) -> bool {
    let ColumnOrigin::Field(model, field) = column.origin else { return false };
    let field = schema.model(model).and_then(|model| model.fields.get(&field));
    field.is_some_and(|field| field.indexed)
}

/// How the columns of a key are called: as asked, or after the property.
struct KeyNames<'a> {
    prefix: String,
    asked: &'a [Option<String>],
}

fn field_column(model: &Model, field: &Field) -> Column {
    Column {
        name: field.column.clone().unwrap_or_else(|| field.name.clone()),
        field_type: field.field_type,
        not_null: field.required,
        unique: field.unique,
        default: field.default.clone(),
        origin: ColumnOrigin::Field(model.id, field.id),
    }
}
