//! Tables as declarative classes, join tables as plain tables.

use super::{kinds, relationships};
use crate::emit::python::{Names, annotation, call, is_identifier, string};
use crate::emit::source::{Imports, Source};
use crate::mapping::{Column, ForeignKey, Relational, Table, TableId, TableOrigin};
use crate::schema::{DefaultValue, FieldType, Model, OnDelete, OnUpdate, Schema};
use crate::sql::default_sql;

const CORE: &str = "sqlalchemy";
const ORM: &str = "sqlalchemy.orm";

/// Join tables come first, for the classes' relationships to name them.
pub(super) fn write(schema: &Schema, relational: &Relational, names: &Names, source: &mut Source) {
    let mut writer =
        Writer { schema, relational, names, imports: Imports::default(), parts: vec![String::new()] };
    writer.parts[0] = writer.base();
    for table in &relational.tables {
        if matches!(table.origin, TableOrigin::Join(_)) {
            let text = writer.join_table(table);
            writer.parts.push(text);
        }
    }
    for table in &relational.tables {
        if let TableOrigin::Model(model) = table.origin {
            let stands_here = |kind: &&Model| relational.own_table_of(kind.id) == Some(table.id);
            let mut kinds: Vec<&Model> = schema.kinds_of(model).filter(stands_here).collect();
            // A class comes after the one that it inherits from.
            kinds.sort_by_key(|kind| schema.depth_of(kind.id));
            for kind in kinds {
                let text = writer.class(table, kind);
                writer.parts.push(text);
            }
        }
    }
    source.models = writer.parts.join("\n\n");
    source.model_imports = writer.imports;
}

struct Writer<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    names: &'a Names,
    imports: Imports,
    parts: Vec<String>,
}

impl Writer<'_> {
    /// The common base, which says what columns the plain types become where SQLAlchemy's own choice is another.
    fn base(&mut self) -> String {
        self.imports.from(ORM, &["DeclarativeBase"]);
        let columns = || {
            let models = self.relational.tables.iter().filter(|table| !is_join(table));
            models.flat_map(|table| &table.columns)
        };
        let uses = |wanted| columns().any(|column| column.field_type == wanted);
        let types = [
            (FieldType::Text, "str: Text"),
            (FieldType::Real, "float: REAL"),
            (FieldType::DateTime, "datetime.datetime: DATETIME(truncate_microseconds=True)"),
        ];
        let used: Vec<(FieldType, &str)> = types.into_iter().filter(|(wanted, _)| uses(*wanted)).collect();
        for (field_type, _) in &used {
            match field_type {
                FieldType::Text => self.imports.from(CORE, &["Text"]),
                FieldType::Real => self.imports.from(CORE, &["REAL"]),
                _ => self.imports.from("sqlalchemy.dialects.sqlite", &["DATETIME"]),
            }
            self.imports.for_type(*field_type);
        }
        let entries: Vec<&str> = used.iter().map(|(_, entry)| *entry).collect();
        match entries.as_slice() {
            [] => "class Base(DeclarativeBase):\n    pass\n".into(),
            [entry] => format!("class Base(DeclarativeBase):\n    type_annotation_map = {{{entry}}}\n"),
            entries => {
                let lines: String = entries.iter().map(|entry| format!("        {entry},\n")).collect();
                format!("class Base(DeclarativeBase):\n    type_annotation_map = {{\n{lines}    }}\n")
            }
        }
    }

    fn join_table(&mut self, table: &Table) -> String {
        self.imports.from(CORE, &["Column", "Table"]);
        let mut arguments = vec![string(&table.name), "Base.metadata".to_owned()];
        for (at, column) in table.columns.iter().enumerate() {
            let mut parts = vec![string(&column.name)];
            parts.extend(self.column_type(table, at, column));
            parts.extend(self.single_key(table, at));
            if table.primary_key.contains(&at) {
                parts.push("primary_key=True".into());
            }
            parts.extend(self.index_option(table, at).map(str::to_owned));
            arguments.push(call("Column", &parts, 4, 1));
        }
        arguments.extend(self.table_arguments(table, 4));
        let variable = self.names.join_table(table.id);
        // Always one argument a line: a table is read as a list of its columns.
        format!(
            "{variable} = Table(\n{})\n",
            arguments.iter().map(|line| format!("    {line},\n")).collect::<String>()
        )
    }

    /// A join table's column takes its type from the key that it points to, unless that has several columns.
    fn column_type(&mut self, table: &Table, at: usize, column: &Column) -> Option<String> {
        table.foreign_keys.iter().find(|key| key.columns.len() > 1 && key.columns.contains(&at))?;
        Some(match column.field_type {
            FieldType::Text => {
                self.imports.from(CORE, &["Text"]);
                "Text".to_owned()
            }
            FieldType::DateTime => {
                self.imports.from("sqlalchemy.dialects.sqlite", &["DATETIME"]);
                "DATETIME(truncate_microseconds=True)".to_owned()
            }
            FieldType::Blob => {
                self.imports.from(CORE, &["LargeBinary"]);
                "LargeBinary".to_owned()
            }
            other => {
                let name = other.sql();
                self.imports.from(CORE, &[name]);
                name.to_owned()
            }
        })
    }

    fn class(&mut self, table: &Table, model: &Model) -> String {
        self.imports.from(ORM, &["Mapped", "mapped_column"]);
        let base = model.parent.map_or("Base", |parent| self.names.class(parent));
        let mut text = format!("class {}({base}):\n", self.names.class(model.id));
        let has_table = model.parent.is_none() || table.extends.is_some();
        if has_table {
            text += &format!("    __tablename__ = {}\n", string(&table.name));
            let arguments = self.table_arguments(table, 8);
            if !arguments.is_empty() {
                let lines: String =
                    arguments.iter().map(|argument| format!("        {argument},\n")).collect();
                text += &format!("    __table_args__ = (\n{lines}    )\n");
            }
        }
        let (kind, after) = self.kind(table, model);
        if !after {
            text += &kind;
        }
        let columns = match table.extends {
            Some(_) => (0..table.columns.len()).collect(),
            None => kinds::own_columns(self.relational, table, model),
        };
        if has_table || !columns.is_empty() {
            text.push('\n');
        }
        for at in columns {
            text += &self.column(table, at, &table.columns[at]);
        }
        if after {
            text.push('\n');
            text += &kind;
        }
        let ends: Vec<_> = self.schema.ends_of(model.id).filter(|end| end.model.id == model.id).collect();
        if !ends.is_empty() {
            self.imports.from(ORM, &["relationship"]);
            text.push('\n');
        }
        for end in ends {
            text += &relationships::line(&end, self.relational, self.names, &mut self.imports);
        }
        text
    }

    /// What tells the rows of a class from those of its kinds, all of whose columns are read at once; and whether it has
    /// to stand after the columns, since it names them.
    fn kind(&mut self, table: &Table, model: &Model) -> (String, bool) {
        let Some(kinds) = self.relational.kinds_of(model.id) else { return (String::new(), false) };
        let mut entries = Vec::new();
        if model.parent.is_none() {
            let whole = self.relational.in_whole(table.id, 0).0;
            let attribute = &self.names.columns(whole)[kinds.column];
            entries.push(format!("\"polymorphic_on\": {}", string(attribute)));
        }
        let own = kinds.of.first().map_or("", |kind| &kind.value);
        entries.push(format!("\"polymorphic_identity\": {}", string(own)));
        if kinds.of.len() > 1 {
            entries.push("\"with_polymorphic\": \"*\"".to_owned());
        }
        let condition = kinds::inherit_condition(self.relational, self.names, table, model);
        let after = condition.is_some();
        if condition.as_ref().is_some_and(|condition| condition.contains("and_(")) {
            self.imports.from(CORE, &["and_"]);
        }
        entries.extend(condition.map(|condition| format!("\"inherit_condition\": {condition}")));
        let lines: String = entries.iter().map(|entry| format!("        {entry},\n")).collect();
        (format!("    __mapper_args__ = {{\n{lines}    }}\n"), after)
    }

    fn column(&mut self, table: &Table, at: usize, column: &Column) -> String {
        self.imports.for_type(column.field_type);
        let attribute = &self.names.columns(table.id)[at];
        let key = table.primary_key.contains(&at);
        let optional = if column.not_null || key { "" } else { " | None" };
        let mut arguments = Vec::new();
        if *attribute != column.name {
            arguments.push(string(&column.name));
        }
        arguments.extend(self.single_key(table, at));
        if key {
            arguments.push("primary_key=True".into());
        }
        if column.unique {
            arguments.push("unique=True".into());
        }
        arguments.extend(self.index_option(table, at).map(str::to_owned));
        arguments.extend(column.default.as_ref().map(|default| self.default(default, column.field_type)));
        let annotated = format!("{attribute}: Mapped[{}{optional}]", annotation(column.field_type));
        if arguments.is_empty() {
            return format!("    {annotated}\n");
        }
        let before = annotated.chars().count() + 3;
        format!("    {annotated} = {}\n", call("mapped_column", &arguments, 4, before))
    }

    fn default(&mut self, default: &DefaultValue, field_type: FieldType) -> String {
        if let (DefaultValue::Value(crate::value::Value::Text(text)), false) =
            (default, default_sql(default, field_type).starts_with('('))
        {
            return format!("server_default={}", string(text));
        }
        self.imports.from(CORE, &["text"]);
        format!("server_default=text({})", string(&default_sql(default, field_type)))
    }

    /// `ForeignKey(…)` of a key of one column, which stands with its column.
    fn single_key(&mut self, table: &Table, at: usize) -> Option<String> {
        let arguments = match table.foreign_keys.iter().find(|key| key.columns == [at]) {
            Some(key) => {
                let mut arguments = self.targets(key.target, &key.target_columns);
                arguments.extend(actions(key));
                arguments
            }
            None => {
                let above = table.extends.filter(|_| table.primary_key == [at])?;
                self.targets(above, &self.relational.table(above).primary_key)
            }
        };
        self.imports.from(CORE, &["ForeignKey"]);
        Some(format!("ForeignKey({})", arguments.join(", ")))
    }

    fn targets(&self, target: TableId, columns: &[usize]) -> Vec<String> {
        let target = self.relational.table(target);
        let column = |&at: &usize| string(&format!("{}.{}", target.name, target.columns[at].name));
        columns.iter().map(column).collect()
    }

    fn index_option(&self, table: &Table, at: usize) -> Option<&'static str> {
        let index = table.indexes.iter().find(|index| index.columns == [at])?;
        is_plain(table, &index.name, at).then_some("index=True")
    }

    /// What is said of a table as a whole: keys, uniqueness and indexes of several columns, and odd names.
    fn table_arguments(&mut self, table: &Table, indent: usize) -> Vec<String> {
        let mut arguments = Vec::new();
        let column_names = |columns: &[usize]| -> Vec<String> {
            columns.iter().map(|&at| string(&table.columns[at].name)).collect()
        };
        if let Some(above) = table.extends.filter(|_| table.primary_key.len() > 1) {
            self.imports.from(CORE, &["ForeignKeyConstraint"]);
            let targets = self.targets(above, &self.relational.table(above).primary_key);
            let parts =
                [column_names(&table.primary_key), targets].map(|names| format!("[{}]", names.join(", ")));
            arguments.push(call("ForeignKeyConstraint", &parts, indent, 1));
        }
        for key in table.foreign_keys.iter().filter(|key| key.columns.len() > 1) {
            self.imports.from(CORE, &["ForeignKeyConstraint"]);
            let mut parts = vec![
                format!("[{}]", column_names(&key.columns).join(", ")),
                format!("[{}]", self.targets(key.target, &key.target_columns).join(", ")),
            ];
            parts.extend(actions(key));
            arguments.push(call("ForeignKeyConstraint", &parts, indent, 1));
            if key.unique {
                self.imports.from(CORE, &["UniqueConstraint"]);
                arguments.push(format!("UniqueConstraint({})", column_names(&key.columns).join(", ")));
            }
        }
        for index in &table.indexes {
            if matches!(index.columns.as_slice(), [at] if is_plain(table, &index.name, *at)) {
                continue;
            }
            self.imports.from(CORE, &["Index"]);
            let parts: Vec<String> =
                std::iter::once(string(&index.name)).chain(column_names(&index.columns)).collect();
            arguments.push(call("Index", &parts, indent, 1));
        }
        arguments
    }
}

fn is_join(table: &Table) -> bool {
    matches!(table.origin, TableOrigin::Join(_))
}

/// Whether `index=True` gives an index this name.
pub(super) fn is_plain(table: &Table, index: &str, at: usize) -> bool {
    let column = &table.columns[at].name;
    is_identifier(&table.name) && is_identifier(column) && index == format!("ix_{}_{column}", table.name)
}

/// What the database does when the target goes or changes its key; `NO ACTION` is not said.
fn actions(key: &ForeignKey) -> Vec<String> {
    let delete =
        (key.on_delete != OnDelete::NoAction).then(|| format!("ondelete={}", string(key.on_delete.sql())));
    let update =
        (key.on_update != OnUpdate::NoAction).then(|| format!("onupdate={}", string(key.on_update.sql())));
    delete.into_iter().chain(update).collect()
}
