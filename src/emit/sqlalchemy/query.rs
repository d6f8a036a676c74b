//! The query as a `select` with loader options, and a loop that walks what it brings back.

use super::RULES;
use crate::emit::python::{Imports, Names, Source, Taken, call, literal};
use crate::mapping::Relational;
use crate::query::{Filter, Include, OrderBy, OrderKey, Predicate, Quantifier, Query, Strategy};
use crate::schema::{End, EndId, Field, FieldId, FieldType, Model, Schema};
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
    let left_out = left_out(query);
    let remark = match left_out.as_slice() {
        [] => String::new(),
        parts => format!("# Not written here: {}.\n", parts.join(", ")),
    };
    source.query = format!("{remark}query = {select}\n\n\n{main}\n\n{RUN}");
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
            query.includes.iter().filter_map(|include| self.option(root, include, 8)).collect();
        if !options.is_empty() {
            calls.push(call(".options", &options, 4, 0));
        }
        calls.extend(self.conditions(root, &without_counts(&query.filter)));
        calls.extend(query.distinct.then(|| ".distinct()".to_owned()));
        let terms: Vec<String> = query.order.iter().filter_map(|term| self.order(root, term)).collect();
        if !terms.is_empty() {
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
    fn option(&mut self, here: &Model, include: &Include, indent: usize) -> Option<String> {
        let end = self.schema.end(include.end)?;
        let loader = loader(include.strategy);
        self.imports.from("sqlalchemy.orm", &[loader]);
        // The property may be inherited; the option has to name the class that is asked for.
        let attribute = format!("{}.{}", self.names.class(here.id), self.names.end(end.id));
        let option = self.loader_call(loader, attribute, include, &end, indent);
        let inner: Vec<String> = include
            .includes
            .iter()
            .filter_map(|include| self.option(end.target, include, indent + 4))
            .collect();
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
        if !include.filter.is_anything() {
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
            Filter::Not(filter) => {
                self.imports.from("sqlalchemy", &["not_"]);
                let inner = self.condition(root, filter, indent + 4);
                call("not_", &[inner], indent, 1)
            }
            Filter::Test(field, predicate) => self.test(root, *field, predicate),
            Filter::Related(end, quantifier, filter) => {
                self.related(root, (*end, *quantifier), filter, indent)
            }
        }
    }

    /// `any` for a collection, `has` for one object. A condition of nothing is left out.
    fn related(
        &mut self,
        here: &Model,
        (end, quantifier): (EndId, Quantifier),
        filter: &Filter,
        indent: usize,
    ) -> String {
        let Some(end) = self.schema.end(end) else { return String::new() };
        let function = if end.kind.is_collection() { "any" } else { "has" };
        let attribute = format!("{}.{}", self.names.class(here.id), self.names.end(end.id));
        let mut arguments = Vec::new();
        if !filter.is_anything() || quantifier == Quantifier::Every {
            arguments.push(self.condition(end.target, filter, indent + 4));
        }
        if quantifier == Quantifier::Every {
            self.imports.from("sqlalchemy", &["not_"]);
            arguments = vec![format!("not_({})", arguments.concat())];
        }
        let exists = call(&format!("{attribute}.{function}"), &arguments, indent, 1);
        if quantifier == Quantifier::Some { exists } else { format!("~{exists}") }
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
            Predicate::NotLike(pattern) => {
                format!("{attribute}.not_like({})", crate::emit::python::string(pattern))
            }
            Predicate::Between(low, high) => {
                let (low, high) = (self.literal(low, field_type), self.literal(high, field_type));
                format!("{attribute}.between({low}, {high})")
            }
            Predicate::In(values) => format!("{attribute}.in_([{}])", self.list(values, field_type)),
            Predicate::NotIn(values) => format!("{attribute}.not_in([{}])", self.list(values, field_type)),
            Predicate::IsNull => format!("{attribute}.is_(None)"),
            Predicate::IsNotNull => format!("{attribute}.is_not(None)"),
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

    fn order(&self, root: &Model, term: &OrderBy) -> Option<String> {
        let field = own_field(&term.by)?;
        let attribute = self.attribute(root, field);
        Some(if term.descending { format!("{attribute}.desc()") } else { attribute })
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
        let field = model.fields.values().find(text).or_else(|| model.fields.values().next());
        let column = field.map_or("", |field| self.column(model, field.id));
        let title = format!("{}{}", "  ".repeat(depth), self.names.class(model.id));
        let value = if column.is_empty() { String::new() } else { format!(", {variable}.{column}") };
        format!("{}print(\"{title}\"{value})\n", " ".repeat(indent))
    }

    /// Whether rows of the query's own statement repeat an object for each member of a collection.
    fn joins_collection(&self, includes: &[Include]) -> bool {
        includes.iter().filter(|include| include.strategy == Strategy::Joined).any(|include| {
            let collection = |end: End<'_>| end.kind.is_collection();
            self.schema.end(include.end).is_some_and(collection) || self.joins_collection(&include.includes)
        })
    }
}

/// What of a query the program leaves out: it says so in a comment.
pub(super) fn left_out(query: &Query) -> Vec<&'static str> {
    let mut left_out = Vec::new();
    if !query.computed.is_empty() {
        left_out.push("computed values");
    }
    if query.order.iter().any(|term| own_field(&term.by).is_none()) {
        left_out.push("the order by what is related");
    }
    if counts(&query.filter) {
        left_out.push("conditions on how many are related");
    }
    left_out
}

fn counts(filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().any(counts),
        Filter::Not(filter) => counts(filter),
        Filter::Test(..) => false,
        Filter::Related(_, quantifier, filter) => {
            matches!(quantifier, Quantifier::Count(..)) || counts(filter)
        }
    }
}

/// The filter without what counts: the rest of it, or nothing of it.
fn without_counts(filter: &Filter) -> Filter {
    match filter {
        Filter::All(filters) => {
            Filter::All(filters.iter().filter(|filter| !counts(filter)).cloned().collect())
        }
        other if counts(other) => Filter::anything(),
        other => other.clone(),
    }
}

/// The object's own field, if an order goes by that.
fn own_field(key: &OrderKey) -> Option<FieldId> {
    match key {
        OrderKey::Field(path) if path.through.is_empty() => Some(path.field),
        _ => None,
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
        Operator::Like | Operator::NotLike => ".like",
    }
}
