//! The query as a `select` with loader options.

use super::expressions::{Entity, Expressions};
use super::order::{self, Paths};
use super::{RULES, kinds, walk};
use crate::emit::python::{Names, Taken, call, string};
use crate::emit::source::Source;
use crate::mapping::{Relational, TableId};
use crate::query::{Filter, Grouping, Include, Query, Strategy, read_columns};
use crate::schema::{End, Model, Schema};

pub(super) fn write(
    query: &Query,
    schema: &Schema,
    relational: &Relational,
    names: &Names,
    source: &mut Source,
) {
    let Some(root) = schema.model(query.root) else { return };
    let expressions = Expressions::new(schema, relational, names);
    let chosen = read_columns(query, schema, relational);
    let mut writer = Writer { expressions, root, chosen, remark: "", beneath_subquery: false };
    let entity = writer.expressions.class(root);
    let computed = writer.computed(query, &entity);
    let select = writer.select(query, &entity, &computed);
    let variables: Vec<&str> = computed.iter().map(|(variable, _)| variable.as_str()).collect();
    let main = walk::main(&writer.expressions, query, root, &variables);
    let made = computed.iter().map(|(_, line)| line.as_str());
    let made: String = made.chain(std::iter::once(writer.remark)).collect();
    finish(writer.expressions, &made, &select, &main, source);
}

/// A question about groups: its rows are printed.
pub(super) fn write_groups(
    grouping: &Grouping,
    schema: &Schema,
    relational: &Relational,
    names: &Names,
    source: &mut Source,
) {
    let Some(root) = schema.model(grouping.root) else { return };
    let mut writer = Expressions::new(schema, relational, names);
    let entity = writer.class(root);
    let groups = order::groups(&mut writer, &entity, grouping);
    let mut calls = vec![call("select", &groups.outputs, 4, 0), format!(".select_from({})", entity.name)];
    calls.extend(groups.joins);
    let conditions = writer.conditions(&entity, &grouping.filter, 8);
    for (method, arguments) in [
        (".where", conditions),
        (".group_by", groups.keys),
        (".having", groups.having),
        (".order_by", groups.order),
    ] {
        calls.extend((!arguments.is_empty()).then(|| call(method, &arguments, 4, 0)));
    }
    calls.extend(bounds(grouping.limit, grouping.offset));
    let main =
        "def main(session: Session) -> None:\n    for row in session.execute(query):\n        print(*row)\n";
    finish(writer, "", &statement(&calls), main, source);
}

/// How the program starts when it is run by itself.
const RUN: &str = "\
if __name__ == \"__main__\":
    engine = create_engine(\"sqlite://\", echo=True)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        main(session)
";

fn finish(mut writer: Expressions<'_>, made: &str, select: &str, main: &str, source: &mut Source) {
    writer.imports.from("sqlalchemy", &["create_engine", "select"]);
    writer.imports.from("sqlalchemy.orm", &["Session"]);
    let before = format!("{}{made}", writer.aliases());
    source.query_imports = writer.imports;
    source.query = format!("{before}query = {select}\n\n\n{main}\n\n{RUN}");
}

/// On one line if it is short, else a method a line.
fn statement(calls: &[String]) -> String {
    let line = calls.concat();
    if line.chars().count() + 8 <= 88 && !line.contains('\n') {
        return line;
    }
    let lines: String = calls.iter().map(|call| format!("    {call}\n")).collect();
    format!("(\n{lines})")
}

fn bounds(limit: Option<u64>, offset: Option<u64>) -> impl Iterator<Item = String> {
    let limit = limit.map(|limit| format!(".limit({limit})"));
    limit.into_iter().chain(offset.map(|offset| format!(".offset({offset})")))
}

struct Writer<'a> {
    expressions: Expressions<'a>,
    root: &'a Model,
    /// The table of which only some columns are read, and these.
    chosen: Option<(TableId, Vec<usize>)>,
    /// What is told before the query.
    remark: &'static str,
    /// Whether what is written is loaded behind a subquery.
    beneath_subquery: bool,
}

impl<'a> Writer<'a> {
    /// A variable for each computed value, and the line that makes it.
    fn computed(&mut self, query: &Query, root: &Entity<'a>) -> Vec<(String, String)> {
        let mut taken = Taken::new(&RULES);
        let mut all = Vec::new();
        for computed in &query.computed {
            let mut variable = taken.attribute(&computed.name, "value");
            while self.expressions.names.is_taken(&variable) {
                variable = taken.attribute(&computed.name, "value");
            }
            let value = self.expressions.aggregate(root, &computed.aggregate, 4);
            let line = format!("{variable} = (\n    {value}\n    .label({})\n)\n", string(&computed.name));
            all.push((variable, line));
        }
        all
    }

    fn select(&mut self, query: &Query, root: &Entity<'a>, computed: &[(String, String)]) -> String {
        let variables = computed.iter().map(|(variable, _)| variable.clone());
        let outputs: Vec<String> = std::iter::once(root.name.clone()).chain(variables).collect();
        let mut calls = vec![call("select", &outputs, 4, 0)];
        // First, so that these aliases are taken in all conditions.
        let mut paths = Paths::from(root);
        let terms = self.terms(query, computed, &mut paths);
        let mut options: Vec<String> = self.load_only(root).into_iter().collect();
        options.extend(query.includes.iter().filter_map(|include| self.option(&root.name, include, 8)));
        if !options.is_empty() {
            calls.push(call(".options", &options, 4, 0));
        }
        calls.append(&mut paths.joins);
        let conditions = self.expressions.conditions(root, &query.filter, 8);
        if !conditions.is_empty() {
            calls.push(call(".where", &conditions, 4, 0));
        }
        calls.extend(query.distinct.then(|| ".distinct()".to_owned()));
        if !terms.is_empty() {
            calls.push(call(".order_by", &terms, 4, 0));
        }
        calls.extend(bounds(query.limit, query.offset));
        statement(&calls)
    }

    fn terms(&mut self, query: &Query, computed: &[(String, String)], paths: &mut Paths<'a>) -> Vec<String> {
        query
            .order
            .iter()
            .map(|term| {
                let known = |aggregate: &_| {
                    let at = query.computed.iter().position(|computed| computed.aggregate == *aggregate)?;
                    Some(computed[at].0.clone())
                };
                order::term(&mut self.expressions, paths, term, known)
            })
            .collect()
    }

    /// `load_only(Author.name)` where only some fields of a model are wanted; keys are always loaded.
    fn load_only(&mut self, of: &Entity<'_>) -> Option<String> {
        let model = of.model.id;
        let (_, columns) = self
            .chosen
            .as_ref()
            .filter(|(chosen, _)| self.expressions.relational.table_of(model) == Some(*chosen))?;
        let writer = &mut self.expressions;
        let table = writer.relational.table(writer.relational.table_of(model)?);
        // Columns that only kinds of the model have cannot be named here, and are always loaded.
        let is_named = |at: &usize| {
            let key = table.primary_key.contains(at);
            !key && kinds::has_attribute(writer.relational, table, model, *at)
        };
        let others: Vec<usize> = columns.iter().copied().filter(is_named).collect();
        let columns = if others.is_empty() { &table.primary_key } else { &others };
        let names = writer.names.columns(table.id);
        let attribute = |&at: &usize| format!("{}.{}", of.name, names[at]);
        let attributes: Vec<String> = columns.iter().map(attribute).collect();
        writer.imports.from("sqlalchemy.orm", &["load_only"]);
        Some(format!("load_only({})", attributes.join(", ")))
    }

    /// `selectinload(Author.books).options(…)`, of what the class or alias of this name has.
    fn option(&mut self, of: &str, include: &Include, indent: usize) -> Option<String> {
        let end = self.expressions.schema.end(include.end)?;
        let there = self.target(&end, include);
        let option = self.loader_call(of, &there, include, indent);
        let only = if include.strategy == Strategy::Raise { None } else { self.load_only(&there) };
        let mut inner: Vec<String> = only.into_iter().collect();
        let above = self.beneath_subquery;
        self.beneath_subquery |= include.strategy == Strategy::Subquery;
        let below = include.includes.iter();
        inner.extend(below.filter_map(|include| self.option(&there.name, include, indent + 4)));
        self.beneath_subquery = above;
        Some(match inner.as_slice() {
            [] => option,
            [one] if !one.contains('\n') && option.len() + one.len() + indent < 86 => {
                format!("{option}.{one}")
            }
            many => call(&format!("{option}.options"), many, indent, 1),
        })
    }

    /// What an include leads to. Where one that joins leads to its own table again, SQLAlchemy takes what subqueries of
    /// a condition say of the class for its parent, and beneath a subquery all of it: there it needs an alias.
    fn target(&mut self, end: &End<'a>, include: &Include) -> Entity<'a> {
        let table = |model: &Model| self.expressions.relational.table_of(model.id);
        let itself = table(end.model) == table(end.target);
        let joins = matches!(include.strategy, Strategy::Joined | Strategy::Subquery);
        let filtered = !include.filter.is_anything();
        if itself && joins && filtered && (self.beneath_subquery || asks_related(&include.filter)) {
            return self.expressions.own_alias(end.target);
        }
        Entity { model: end.target, name: self.expressions.names.class(end.target.id).to_owned() }
    }

    /// The loader with its property, which may be narrowed down by a condition.
    fn loader_call(&mut self, of: &str, there: &Entity<'a>, include: &Include, indent: usize) -> String {
        let loader = self.loader(include);
        self.expressions.imports.from("sqlalchemy.orm", &[loader]);
        let names = self.expressions.names;
        let mut property = format!("{of}.{}", names.end(include.end));
        if there.name != names.class(there.model.id) {
            property += &format!(".of_type({})", there.name);
        }
        if !include.filter.is_anything() {
            let condition = self.expressions.condition_apart(there, self.root, &include.filter, indent + 4);
            property += &format!(".and_({condition})");
        }
        let inner = include.inner.then(|| "innerjoin=True".to_owned());
        let arguments: Vec<String> = std::iter::once(property).chain(inner).collect();
        call(loader, &arguments, indent, 1)
    }

    /// SQLAlchemy's loader option for an include.
    fn loader(&mut self, include: &Include) -> &'static str {
        match include.strategy {
            Strategy::Lazy => "lazyload",
            Strategy::Joined => "joinedload",
            // SQLAlchemy has nothing like JSON; this, too, sends few statements and repeats no row.
            Strategy::SelectIn | Strategy::Json => "selectinload",
            Strategy::Subquery => "subqueryload",
            Strategy::Immediate if !include.filter.is_anything() => {
                self.remark = "# immediateload passes over conditions: what has one is loaded lazily.\n";
                "lazyload"
            }
            Strategy::Immediate => "immediateload",
            Strategy::Raise => "raiseload",
        }
    }
}

/// Whether a condition tests what is related.
fn asks_related(filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) | Filter::Any(filters) => filters.iter().any(asks_related),
        Filter::Not(filter) => asks_related(filter),
        Filter::Test(..) => false,
        Filter::Related(..) => true,
    }
}
