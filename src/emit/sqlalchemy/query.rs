//! The query as a `select` with loader options, and a loop that walks what it brings back.

use super::RULES;
use crate::emit::python::{Imports, Names, Source, Taken, call, literal};
use crate::mapping::Relational;
use crate::query::{Filter, Include, OrderBy, Predicate, Query, Strategy};
use crate::schema::{End, Field, FieldId, FieldType, Model, Schema};
use crate::sql::Operator;
use crate::value::Value;

pub(super) fn write(
    query: &Query,
    schema: &Schema,
    relational: &Relational,
    names: &Names,
    source: &mut Source,
) {
    let Some(root) = schema.model(query.root) else { return };
    let mut writer = Writer { schema, relational, names, imports: Imports::default() };
    let select = writer.select(query, root);
    let main = writer.main(query, root);
    writer.imports.from("sqlalchemy", &["create_engine", "select"]);
    writer.imports.from("sqlalchemy.orm", &["Session"]);
    source.query_imports = writer.imports;
    source.query = format!("query = {select}\n\n\n{main}\n\n{RUN}");
}

/// How the program starts when it is run by itself.
const RUN: &str = "\
if __name__ == \"__main__\":
    engine = create_engine(\"sqlite://\", echo=True)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        main(session)
";

struct Writer<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    names: &'a Names,
    imports: Imports,
}

impl Writer<'_> {
    /// On one line if it is short, else a method a line.
    fn select(&mut self, query: &Query, root: &Model) -> String {
        let mut calls = vec![format!("select({})", self.names.class(root.id))];
        let options: Vec<String> =
            query.includes.iter().filter_map(|include| self.option(include, 8)).collect();
        if !options.is_empty() {
            calls.push(call(".options", &options, 4, 0));
        }
        calls.extend(self.conditions(root, &query.filter));
        if !query.order.is_empty() {
            let terms: Vec<String> = query.order.iter().map(|term| self.order(root, term)).collect();
            calls.push(format!(".order_by({})", terms.join(", ")));
        }
        calls.extend(query.limit.map(|limit| format!(".limit({limit})")));
        calls.extend(query.offset.map(|offset| format!(".offset({offset})")));
        let line = calls.concat();
        if line.chars().count() + 8 <= 88 && !line.contains('\n') {
            return line;
        }
        let lines: String = calls.iter().map(|call| format!("    {call}\n")).collect();
        format!("(\n{lines})")
    }

    /// `selectinload(Author.books).options(…)`
    fn option(&mut self, include: &Include, indent: usize) -> Option<String> {
        let end = self.schema.end(include.end)?;
        let loader = loader(include.strategy);
        self.imports.from("sqlalchemy.orm", &[loader]);
        let attribute = format!("{}.{}", self.names.class(end.model.id), self.names.end(end.id));
        let option = self.loader_call(loader, attribute, include, &end, indent);
        let inner: Vec<String> =
            include.includes.iter().filter_map(|include| self.option(include, indent + 4)).collect();
        Some(match inner.as_slice() {
            [] => option,
            [one] if !one.contains('\n') && option.len() + one.len() + indent < 86 => {
                format!("{option}.{one}")
            }
            many => call(&format!("{option}.options"), many, indent, 1),
        })
    }

    /// The loader with its property, which may be narrowed down by a condition.
    fn loader_call(
        &mut self,
        loader: &str,
        attribute: String,
        include: &Include,
        end: &End<'_>,
        indent: usize,
    ) -> String {
        let mut arguments = vec![attribute];
        if !include.filter.is_none() {
            let condition = self.condition(end.target, &include.filter, indent + 4);
            arguments[0] += &format!(".and_({condition})");
        }
        if include.inner {
            arguments.push("innerjoin=True".into());
        }
        call(loader, &arguments, indent, 1)
    }

    fn conditions(&mut self, root: &Model, filter: &Filter) -> Option<String> {
        let conditions: Vec<String> = match filter {
            Filter::All(filters) => filters.iter().map(|filter| self.condition(root, filter, 8)).collect(),
            other => vec![self.condition(root, other, 8)],
        };
        (!conditions.is_empty()).then(|| call(".where", &conditions, 4, 0))
    }

    fn condition(&mut self, root: &Model, filter: &Filter, indent: usize) -> String {
        match filter {
            Filter::All(filters) => self.joined("and_", root, filters, indent),
            Filter::Any(filters) => self.joined("or_", root, filters, indent),
            Filter::Test(field, predicate) => self.test(root, *field, predicate),
        }
    }

    fn joined(&mut self, function: &str, root: &Model, filters: &[Filter], indent: usize) -> String {
        self.imports.from("sqlalchemy", &[function]);
        let inner: Vec<String> =
            filters.iter().map(|filter| self.condition(root, filter, indent + 4)).collect();
        call(function, &inner, indent, 1)
    }

    fn test(&mut self, root: &Model, field: FieldId, predicate: &Predicate) -> String {
        let attribute = self.attribute(root, field);
        let field_type = root.fields.get(&field).map_or(FieldType::Text, |field| field.field_type);
        match predicate {
            Predicate::Compare(operator, value) => {
                let value = self.literal(value, field_type);
                let plain = matches!(operator, Operator::Equal | Operator::NotEqual);
                if field_type == FieldType::Boolean && !plain {
                    // SQLAlchemy orders no bare truth values.
                    self.imports.from("sqlalchemy", &["literal"]);
                    return format!("{attribute} {} literal({value})", symbol(*operator));
                }
                format!("{attribute} {} {value}", symbol(*operator))
            }
            Predicate::Like(pattern) => {
                format!("{attribute}.like({})", crate::emit::python::string(pattern))
            }
            Predicate::In(values) => {
                let values: Vec<String> =
                    values.iter().map(|value| self.literal(value, field_type)).collect();
                format!("{attribute}.in_([{}])", values.join(", "))
            }
            Predicate::IsNull => format!("{attribute}.is_(None)"),
            Predicate::IsNotNull => format!("{attribute}.is_not(None)"),
        }
    }

    fn literal(&mut self, value: &Value, field_type: FieldType) -> String {
        self.imports.for_type(field_type);
        literal(value, field_type)
    }

    fn order(&self, root: &Model, term: &OrderBy) -> String {
        let attribute = self.attribute(root, term.field);
        if term.descending { format!("{attribute}.desc()") } else { attribute }
    }

    fn attribute(&self, model: &Model, field: FieldId) -> String {
        format!("{}.{}", self.names.class(model.id), self.column(model, field))
    }

    fn column(&self, model: &Model, field: FieldId) -> &str {
        let table = self.relational.table_of(model.id).map(|id| self.relational.table(id));
        let at = table.and_then(|table| Some((table.id, table.field_column(field)?)));
        at.map_or("", |(table, at)| self.names.columns(table)[at].as_str())
    }

    /// A function that prints each object and, below it, those that its properties lead to.
    fn main(&mut self, query: &Query, root: &Model) -> String {
        let mut taken = Taken::new(&RULES);
        let unique = if self.joins_collection(&query.includes) { ".unique()" } else { "" };
        let roots = taken.variable(&crate::naming::pluralise(&crate::naming::snake(&root.name)));
        let variable = taken.variable(self.names.class(root.id));
        let mut text = format!(
            "def main(session: Session) -> None:\n    {roots} = session.scalars(query){unique}.all()\n    for {variable} in {roots}:\n"
        );
        text += &self.print(root, &variable, 8, 0);
        text += &self.walk(&query.includes, &variable, 8, 1, &mut taken);
        text
    }

    fn walk(
        &self,
        includes: &[Include],
        from: &str,
        indent: usize,
        depth: usize,
        taken: &mut Taken<'_>,
    ) -> String {
        let margin = " ".repeat(indent);
        let mut text = String::new();
        for include in includes {
            let Some(end) = self.schema.end(include.end) else { continue };
            let property = format!("{from}.{}", self.names.end(end.id));
            let variable = taken.variable(self.names.class(end.target.id));
            text += &if end.kind.is_collection() {
                format!("{margin}for {variable} in {property}:\n")
            } else {
                format!("{margin}{variable} = {property}\n{margin}if {variable} is not None:\n")
            };
            text += &self.print(end.target, &variable, indent + 4, depth);
            text += &self.walk(&include.includes, &variable, indent + 4, depth + 1, taken);
        }
        text
    }

    /// Prints what a person would know an object by: its first text, else its key.
    fn print(&self, model: &Model, variable: &str, indent: usize, depth: usize) -> String {
        let text = |field: &&Field| field.field_type == FieldType::Text && !field.primary_key;
        let field = model.fields.values().find(text).or_else(|| model.key().next());
        let column = field.map_or("", |field| self.column(model, field.id));
        let title = format!("{}{}", "  ".repeat(depth), self.names.class(model.id));
        format!("{}print(\"{title}\", {variable}.{column})\n", " ".repeat(indent))
    }

    /// Whether rows of the query's own statement repeat an object for each member of a collection.
    fn joins_collection(&self, includes: &[Include]) -> bool {
        includes.iter().filter(|include| include.strategy == Strategy::Joined).any(|include| {
            let collection = |end: End<'_>| end.kind.is_collection();
            self.schema.end(include.end).is_some_and(collection) || self.joins_collection(&include.includes)
        })
    }
}

/// SQLAlchemy's loader option for a strategy.
fn loader(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::Lazy => "lazyload",
        Strategy::Joined => "joinedload",
        // SQLAlchemy has nothing like JSON; this, too, sends few statements and repeats no row.
        Strategy::SelectIn | Strategy::Json => "selectinload",
        Strategy::Subquery => "subqueryload",
        Strategy::Immediate => "immediateload",
        Strategy::Raise => "raiseload",
    }
}

fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "==",
        Operator::NotEqual => "!=",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
        Operator::Like => ".like",
    }
}
