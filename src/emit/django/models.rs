//! Tables as models, join tables as the models that many-to-many fields go through.

use crate::emit::python::{Names, call, is_identifier, literal, string};
use crate::emit::source::{Imports, Source};
use crate::mapping::{Column, ForeignKey, Placement, Relational, Table, TableId, TableOrigin};
use crate::schema::{DefaultValue, End, EndId, EndKind, FieldType, ModelId, OnDelete, Schema, Side};

pub(super) fn write(schema: &Schema, relational: &Relational, names: &Names, source: &mut Source) {
    let mut writer = Writer { schema, relational, names, imports: Imports::default() };
    writer.imports.from("django.db", &["models"]);
    let mut classes = Vec::new();
    for table in &relational.tables {
        classes.push(match table.origin {
            TableOrigin::Model(model) => writer.model(table, model),
            TableOrigin::Join(_) => writer.through(table),
        });
    }
    source.models = classes.join("\n\n");
    source.model_imports = writer.imports;
}

struct Writer<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    names: &'a Names,
    imports: Imports,
}

impl Writer<'_> {
    fn model(&mut self, table: &Table, model: ModelId) -> String {
        let mut lines = Vec::new();
        if table.primary_key.len() > 1 {
            let columns = self.names.columns(table.id);
            let parts: Vec<String> = table.primary_key.iter().map(|&at| string(&columns[at])).collect();
            lines.push(format!("    pk = {}\n", call("models.CompositePrimaryKey", &parts, 4, 5)));
        }
        for (at, column) in table.columns.iter().enumerate() {
            if !table.foreign_keys.iter().any(|key| key.columns.contains(&at)) {
                lines.extend(self.field(table, at, column));
            }
        }
        let ends: Vec<End<'_>> = self.schema.ends_of(model).collect();
        for end in ends {
            lines.extend(self.relationship(&end));
        }
        class(self.names.class(model), &lines.concat(), &self.meta(table))
    }

    /// `None` for the key that Django adds by itself.
    fn field(&mut self, table: &Table, at: usize, column: &Column) -> Option<String> {
        let attribute = &self.names.columns(table.id)[at];
        let key = table.primary_key == [at];
        if key && attribute == "id" && column.name == "id" && column.field_type == FieldType::Integer {
            return None;
        }
        let mut arguments = Vec::new();
        if *attribute != column.name {
            arguments.push(format!("db_column={}", string(&column.name)));
        }
        if key {
            arguments.push("primary_key=True".into());
        }
        if column.unique {
            arguments.push("unique=True".into());
        }
        if table.indexes.iter().any(|index| index.columns == [at]) {
            arguments.push("db_index=True".into());
        }
        if !column.not_null && !table.primary_key.contains(&at) {
            arguments.extend(["null=True".into(), "blank=True".into()]);
        }
        arguments.extend(column.default.as_ref().map(|default| self.default(default, column.field_type)));
        if column.field_type == FieldType::Decimal {
            arguments.extend(["max_digits=20".into(), "decimal_places=10".into()]);
        }
        let class = if key && column.field_type == FieldType::Integer {
            "AutoField"
        } else {
            class_of(column.field_type)
        };
        Some(format!(
            "    {attribute} = {}\n",
            call(&format!("models.{class}"), &arguments, 4, attribute.chars().count() + 3)
        ))
    }

    fn default(&mut self, default: &DefaultValue, field_type: FieldType) -> String {
        match default {
            DefaultValue::Value(value) => {
                self.imports.for_type(field_type);
                format!("db_default={}", literal(value, field_type))
            }
            DefaultValue::Now => {
                self.imports.from("django.db.models.functions", &["Now"]);
                "db_default=Now()".into()
            }
        }
    }

    /// The field stands with the model that holds the key; of a many-to-many with the left one.
    fn relationship(&mut self, end: &End<'_>) -> Option<String> {
        let name = self.names.end(end.id);
        let before = name.chars().count() + 3;
        let target = string(self.names.class(end.target.id));
        let back = self.names.end(end.id.reverse());
        let related = (!back.is_empty()).then(|| format!("related_name={}", string(back)));
        match self.relational.placement(end.id.relationship)? {
            Placement::Key { table, columns, .. } if end.kind == EndKind::BelongsTo => {
                let table = self.relational.table(*table);
                let key = table.foreign_keys.iter().find(|key| key.columns == *columns)?;
                let mut arguments = vec![target];
                arguments.extend(self.key_options(table, key, name));
                arguments.extend(related);
                Some(format!("    {name} = {}\n", call(key_class(key), &arguments, 4, before)))
            }
            Placement::Join { table, columns, targets, .. } if end.id.side == Side::Left => {
                let join = self.relational.table(*table);
                let (through, fields) = match join.origin {
                    TableOrigin::Join(_) => (self.through_class(*table), self.through_fields(join)),
                    TableOrigin::Model(model) => (
                        self.names.class(model).to_owned(),
                        columns.each_ref().map(|at| self.key_field(join, at)),
                    ),
                };
                let mut arguments = vec![target, format!("through={}", string(&through))];
                if targets[0] == targets[1] || matches!(join.origin, TableOrigin::Model(_)) {
                    let [left, right] = fields;
                    arguments.push(format!("through_fields=({}, {})", string(&left), string(&right)));
                }
                if targets[0] == targets[1] {
                    let symmetric = if related.is_none() { "True" } else { "False" };
                    arguments.push(format!("symmetrical={symmetric}"));
                }
                arguments.extend(related);
                Some(format!("    {name} = {}\n", call("models.ManyToManyField", &arguments, 4, before)))
            }
            _ => None,
        }
    }

    /// The field of a join model that holds the key in these columns.
    fn key_field(&self, join: &Table, columns: &[usize]) -> String {
        let key = join.foreign_keys.iter().find(|key| key.columns == columns);
        let end = key.map(|key| EndId { relationship: key.relationship, side: key.side.other() });
        end.map_or(String::new(), |end| self.names.end(end).to_owned())
    }

    fn key_options(&self, table: &Table, key: &ForeignKey, name: &str) -> Vec<String> {
        let mut options = vec![format!("on_delete=models.{}", on_delete(key.on_delete))];
        let column = key.columns.first().map(|&at| &table.columns[at]);
        if let Some(column) = column {
            if table.primary_key == key.columns {
                options.push("primary_key=True".into());
            }
            let target = self.relational.table(key.target);
            if target.primary_key != key.target_columns {
                let to = key.target_columns.first().map_or("", |&at| &self.names.columns(target.id)[at]);
                options.push(format!("to_field={}", string(to)));
            }
            if !column.not_null {
                options.extend(["null=True".into(), "blank=True".into()]);
            }
            // Django indexes every key, if it is not told to leave it.
            let served = key.unique || table.primary_key.starts_with(&key.columns);
            if !served && !table.indexes.iter().any(|index| index.columns == key.columns) {
                options.push("db_index=False".into());
            }
            if key.on_delete == OnDelete::SetDefault {
                options.push("default=None".into());
            }
            if column.name != format!("{name}_id") {
                options.push(format!("db_column={}", string(&column.name)));
            }
        }
        options
    }

    /// The class of a join table's rows: `CoursesStudents` for `courses_students`.
    fn through_class(&self, table: TableId) -> String {
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        };
        let name: String = self.names.join_table(table).split('_').map(capital).collect();
        let taken = self.schema.models().any(|model| self.names.class(model.id) == name);
        if taken || !is_identifier(&name) { format!("Link{name}") } else { name }
    }

    /// The fields of a join table's rows: `student` for the column `student_id`.
    fn through_fields(&self, table: &Table) -> [String; 2] {
        let field = |key: &ForeignKey| {
            let column = &table.columns[*key.columns.first()?].name;
            let field = column.strip_suffix("_id")?;
            let plain = is_identifier(field) && !field.contains("__") && !field.ends_with('_');
            (plain && !super::RULES.reserved.contains(&field)).then(|| field.to_owned())
        };
        let fields: Vec<String> = table.foreign_keys.iter().filter_map(field).collect();
        match <[String; 2]>::try_from(fields) {
            Ok([left, right]) if left != right => [left, right],
            _ => ["left".into(), "right".into()],
        }
    }

    /// A row of a join table has no key of its own: the pair is its key.
    fn through(&mut self, table: &Table) -> String {
        let fields = self.through_fields(table);
        let pair: Vec<String> = fields.iter().map(|field| string(&format!("{field}_id"))).collect();
        let mut body = format!("    pk = models.CompositePrimaryKey({})\n", pair.join(", "));
        for (key, field) in table.foreign_keys.iter().zip(&fields) {
            let TableOrigin::Model(target) = self.relational.table(key.target).origin else { continue };
            let mut arguments = vec![string(self.names.class(target))];
            arguments.extend(self.key_options(table, key, field));
            arguments.push("related_name=\"+\"".into());
            body += &format!("    {field} = {}\n", call("models.ForeignKey", &arguments, 4, field.len() + 3));
        }
        class(&self.through_class(table.id), &body, &self.meta(table))
    }

    fn meta(&self, table: &Table) -> String {
        format!("    class Meta:\n        db_table = {}\n", string(&table.name))
    }
}

fn class(name: &str, body: &str, meta: &str) -> String {
    let gap = if body.is_empty() { "" } else { "\n" };
    format!("class {name}(models.Model):\n{body}{gap}{meta}")
}

fn key_class(key: &ForeignKey) -> &'static str {
    if key.unique { "models.OneToOneField" } else { "models.ForeignKey" }
}

fn class_of(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Integer => "BigIntegerField",
        FieldType::Text => "TextField",
        FieldType::Real => "FloatField",
        FieldType::Decimal => "DecimalField",
        FieldType::Boolean => "BooleanField",
        FieldType::Date => "DateField",
        FieldType::DateTime => "DateTimeField",
        FieldType::Blob => "BinaryField",
    }
}

/// Django's word for what the database would do.
fn on_delete(action: OnDelete) -> &'static str {
    match action {
        OnDelete::NoAction => "DO_NOTHING",
        OnDelete::Restrict => "RESTRICT",
        OnDelete::SetNull => "SET_NULL",
        OnDelete::SetDefault => "SET_DEFAULT",
        OnDelete::Cascade => "CASCADE",
    }
}
