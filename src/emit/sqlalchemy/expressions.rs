//! Conditions, and functions over what is related, as SQLAlchemy writes them of classes and their aliases.

use crate::emit::python::{Names, call, identifier, literal, string};
use crate::emit::source::Imports;
use crate::mapping::{Placement, Relational, TableOrigin};
use crate::naming::snake;
use crate::query::{Aggregate, Filter, Measure, Predicate, Quantifier};
use crate::schema::{End, EndId, FieldId, FieldType, Model, Schema};
use crate::sql::{Function, Operator};
use crate::value::Value;

/// What a query is written of: a class, or an alias of it where the class is spoken of already.
#[derive(Clone)]
pub(super) struct Entity<'a> {
    pub(super) model: &'a Model,
    pub(super) name: String,
}

/// Writes expressions, and notes what they need.
pub(super) struct Expressions<'a> {
    pub(super) schema: &'a Schema,
    pub(super) relational: &'a Relational,
    pub(super) names: &'a Names,
    pub(super) imports: Imports,
    /// The aliases that the program has to make, with their classes.
    aliases: Vec<(String, String)>,
    /// The names of the entities that are spoken of at this place.
    visible: Vec<String>,
}

impl<'a> Expressions<'a> {
    pub(super) fn new(schema: &'a Schema, relational: &'a Relational, names: &'a Names) -> Self {
        let (imports, aliases, visible) = (Imports::default(), Vec::new(), Vec::new());
        Expressions { schema, relational, names, imports, aliases, visible }
    }

    /// The lines that make the aliases.
    pub(super) fn aliases(&self) -> String {
        self.aliases.iter().map(|(alias, class)| format!("{alias} = aliased({class})\n")).collect()
    }

    /// The class itself, spoken of from here on.
    pub(super) fn class(&mut self, model: &'a Model) -> Entity<'a> {
        let name = self.names.class(model.id).to_owned();
        self.visible.push(name.clone());
        Entity { model, name }
    }

    /// An alias, spoken of from here on. Conditions that do not meet may share one.
    pub(super) fn alias(&mut self, model: &'a Model) -> Entity<'a> {
        self.alias_unless(model, false)
    }

    /// An alias that nothing else has.
    pub(super) fn own_alias(&mut self, model: &'a Model) -> Entity<'a> {
        self.alias_unless(model, true)
    }

    fn alias_unless(&mut self, model: &'a Model, own: bool) -> Entity<'a> {
        let class = self.names.class(model.id).to_owned();
        let stem = identifier(&snake(&class));
        let known =
            |name: &String| !own && self.aliases.iter().any(|(alias, of)| alias == name && *of == class);
        let other = |name: &String| self.aliases.iter().any(|(alias, _)| alias == name);
        let free = |name: &String| {
            !self.visible.contains(name) && (known(name) || !other(name)) && !self.names.is_taken(name)
        };
        let name = (1..).map(|number| format!("{stem}_{number}")).find(free).unwrap_or_default();
        if !known(&name) {
            self.imports.from("sqlalchemy.orm", &["aliased"]);
            self.aliases.push((name.clone(), class));
        }
        self.visible.push(name.clone());
        Entity { model, name }
    }

    /// Does something with the entities that are spoken of here, and forgets those that it adds.
    fn inside<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.visible.len();
        let done = work(self);
        self.visible.truncate(outer);
        done
    }

    /// Whether a class of the same table is spoken of: all kinds of a model share theirs.
    fn is_spoken_of(&self, model: &Model) -> bool {
        let table = |model: &Model| self.relational.table_of(model.id);
        let alike = self.schema.models().filter(|other| table(other) == table(model));
        alike.into_iter().any(|other| self.visible.iter().any(|name| name == self.names.class(other.id)))
    }

    /// What a property leads to: the class, or an alias where its table is spoken of already. With the property.
    fn follow(&mut self, here: &Entity<'_>, end: &End<'a>) -> (Entity<'a>, String) {
        if self.is_spoken_of(end.target) {
            let there = self.alias(end.target);
            let property = self.property(here, end, &there);
            return (there, property);
        }
        (self.class(end.target), format!("{}.{}", here.name, self.names.end(end.id)))
    }

    /// `Book.author.of_type(author_1)`
    pub(super) fn property(&self, here: &Entity<'_>, end: &End<'_>, there: &Entity<'_>) -> String {
        format!("{}.{}.of_type({})", here.name, self.names.end(end.id), there.name)
    }

    /// The condition on what an include brings: its target and the root are spoken of.
    pub(super) fn condition_apart(
        &mut self,
        target: &Entity<'a>,
        root: &'a Model,
        filter: &Filter,
        indent: usize,
    ) -> String {
        self.inside(|writer| {
            writer.class(root);
            writer.visible.push(target.name.clone());
            writer.condition(target, filter, indent)
        })
    }

    /// The conditions that all have to hold.
    pub(super) fn conditions(&mut self, here: &Entity<'a>, filter: &Filter, indent: usize) -> Vec<String> {
        match filter {
            Filter::All(filters) => {
                filters.iter().map(|filter| self.condition(here, filter, indent)).collect()
            }
            other => vec![self.condition(here, other, indent)],
        }
    }

    fn condition(&mut self, here: &Entity<'a>, filter: &Filter, indent: usize) -> String {
        match filter {
            Filter::All(filters) => self.joined("and_", here, filters, indent),
            Filter::Any(filters) => self.joined("or_", here, filters, indent),
            Filter::Not(filter) => {
                self.imports.from("sqlalchemy", &["not_"]);
                let inner = self.condition(here, filter, indent + 4);
                call("not_", &[inner], indent, 1)
            }
            Filter::Test(field, predicate) => {
                let field_type =
                    here.model.fields.get(field).map_or(FieldType::Text, |field| field.field_type);
                let attribute = self.attribute(here, *field);
                self.test(&attribute, field_type, predicate)
            }
            Filter::Related(end, quantifier, filter) => self.related(here, *end, *quantifier, filter, indent),
        }
    }

    fn joined(&mut self, function: &str, here: &Entity<'a>, filters: &[Filter], indent: usize) -> String {
        self.imports.from("sqlalchemy", &[function]);
        let inner: Vec<String> =
            filters.iter().map(|filter| self.condition(here, filter, indent + 4)).collect();
        call(function, &inner, indent, 1)
    }

    /// `any` for a collection, `has` for one object. A condition of nothing is left out.
    fn related(
        &mut self,
        here: &Entity<'a>,
        end: EndId,
        quantifier: Quantifier,
        filter: &Filter,
        indent: usize,
    ) -> String {
        let Some(end) = self.schema.end(end) else { return String::new() };
        if let Quantifier::Count(operator, number) = quantifier {
            let count = self.over(here, &end, Measure::Count, filter, indent);
            return format!("{count} {} {number}", symbol(operator));
        }
        self.inside(|writer| {
            let (there, property) = writer.follow(here, &end);
            let mut arguments = Vec::new();
            if !filter.is_anything() || quantifier == Quantifier::Every {
                arguments.push(writer.condition(&there, filter, indent + 4));
            }
            if quantifier == Quantifier::Every {
                writer.imports.from("sqlalchemy", &["not_"]);
                arguments = vec![format!("not_({})", arguments.concat())];
            }
            let exists = writer.exists(here, &end, &there, property, arguments, indent);
            if quantifier == Quantifier::Some { exists } else { format!("~{exists}") }
        })
    }

    /// `Author.books.any(…)`. Of an alias of a kind, `any` and `has` would ask for the type of the class itself.
    fn exists(
        &mut self,
        here: &Entity<'_>,
        end: &End<'_>,
        there: &Entity<'_>,
        property: String,
        mut conditions: Vec<String>,
        indent: usize,
    ) -> String {
        if end.target.parent.is_none() || there.name == self.names.class(there.model.id) {
            let function = if end.kind.is_collection() { "any" } else { "has" };
            return call(&format!("{property}.{function}"), &conditions, indent, 1);
        }
        self.imports.from("sqlalchemy", &["exists"]);
        conditions.insert(0, property);
        let found = call("exists().where", &conditions, indent, 1);
        format!("{found}.correlate({})", here.name)
    }

    /// A function over a collection, as a subquery.
    pub(super) fn aggregate(&mut self, here: &Entity<'a>, aggregate: &Aggregate, indent: usize) -> String {
        let Some(end) = self.schema.end(aggregate.end) else { return String::new() };
        self.over(here, &end, aggregate.measure, &Filter::anything(), indent)
    }

    fn over(
        &mut self,
        here: &Entity<'a>,
        end: &End<'a>,
        measure: Measure<FieldId>,
        filter: &Filter,
        indent: usize,
    ) -> String {
        self.imports.from("sqlalchemy", &["func", "select"]);
        self.inside(|writer| {
            let (there, property) = writer.follow(here, end);
            let function = match measure {
                Measure::Count => "func.count()".to_owned(),
                Measure::Of(function, field) => writer.function(function, &there, field),
            };
            let mut conditions = vec![writer.meets(here, end, &there, property)];
            conditions.extend(writer.conditions(&there, filter, indent + 8));
            chain(
                &[
                    format!("select({function})"),
                    format!(".select_from({})", there.name),
                    call(".where", &conditions, indent + 4, 0),
                    format!(".correlate({})", here.name),
                    ".scalar_subquery()".into(),
                ],
                indent,
            )
        })
    }

    /// That an object is one of a collection. What is tied twice by a join model is in it once.
    fn meets(&mut self, here: &Entity<'_>, end: &End<'_>, there: &Entity<'_>, property: String) -> String {
        let through = match self.relational.placement(end.id.relationship) {
            Some(Placement::Join { table, .. }) => {
                matches!(self.relational.table(*table).origin, TableOrigin::Model(_))
            }
            _ => false,
        };
        if !through {
            return property;
        }
        self.imports.from("sqlalchemy", &["exists"]);
        format!("exists().where({property}).correlate({}, {})", here.name, there.name)
    }

    /// `func.max(Book.price)`
    pub(super) fn function(&mut self, function: Function, of: &Entity<'_>, field: FieldId) -> String {
        self.imports.from("sqlalchemy", &["func"]);
        let mut attribute = self.attribute(of, field);
        let field_type = of.model.fields.get(&field).map(|field| field.field_type);
        let name = match function {
            Function::Count => return "func.count()".into(),
            Function::Sum => "sum",
            Function::Average => "avg",
            Function::Min => "min",
            Function::Max => "max",
        };
        if function == Function::Sum && field_type == Some(FieldType::Boolean) {
            // Else SQLAlchemy takes the sum for another truth value.
            self.imports.from("sqlalchemy", &["Integer", "type_coerce"]);
            attribute = format!("type_coerce({attribute}, Integer)");
        }
        format!("func.{name}({attribute})")
    }

    /// A test of a value of this type.
    pub(super) fn test(&mut self, tested: &str, field_type: FieldType, predicate: &Predicate) -> String {
        match predicate {
            Predicate::Compare(operator, value) => {
                let value = self.literal(value, field_type);
                let plain = matches!(operator, Operator::Equal | Operator::NotEqual);
                if field_type == FieldType::Boolean && !plain {
                    // SQLAlchemy orders no bare truth values.
                    self.imports.from("sqlalchemy", &["literal"]);
                    return format!("{tested} {} literal({value})", symbol(*operator));
                }
                format!("{tested} {} {value}", symbol(*operator))
            }
            Predicate::Like(pattern) => format!("{tested}.like({})", string(pattern)),
            Predicate::NotLike(pattern) => format!("{tested}.not_like({})", string(pattern)),
            Predicate::Between(low, high) => {
                let (low, high) = (self.literal(low, field_type), self.literal(high, field_type));
                format!("{tested}.between({low}, {high})")
            }
            Predicate::In(values) => format!("{tested}.in_([{}])", self.list(values, field_type)),
            Predicate::NotIn(values) => format!("{tested}.not_in([{}])", self.list(values, field_type)),
            Predicate::IsNull => format!("{tested}.is_(None)"),
            Predicate::IsNotNull => format!("{tested}.is_not(None)"),
        }
    }

    fn literal(&mut self, value: &Value, field_type: FieldType) -> String {
        self.imports.for_type(field_type);
        literal(value, field_type)
    }

    fn list(&mut self, values: &[Value], field_type: FieldType) -> String {
        let values: Vec<String> = values.iter().map(|value| self.literal(value, field_type)).collect();
        values.join(", ")
    }

    pub(super) fn attribute(&self, of: &Entity<'_>, field: FieldId) -> String {
        format!("{}.{}", of.name, self.column(of.model, field))
    }

    pub(super) fn column(&self, model: &Model, field: FieldId) -> &str {
        let table = self.relational.table_of(model.id).map(|id| self.relational.table(id));
        let at = table.and_then(|table| Some((table.id, table.field_column(field)?)));
        at.map_or("", |(table, at)| self.names.columns(table)[at].as_str())
    }
}

/// Calls one after the other: on one line if it is short, else a call a line, which has to stand in parentheses.
pub(super) fn chain(calls: &[String], indent: usize) -> String {
    let line = calls.concat();
    if indent + line.chars().count() + 8 <= 88 && !line.contains('\n') {
        return line;
    }
    calls.join(&format!("\n{}", " ".repeat(indent)))
}

fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "==",
        Operator::NotEqual => "!=",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
        Operator::Like | Operator::NotLike => ".like",
    }
}
