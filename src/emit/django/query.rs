//! The query as a queryset, and a loop that walks what it brings back.
//!
//! Joined loading becomes `select_related` where it leads to one object; Django joins no collections, so these become
//! `prefetch_related`, as select-in loading does. What is lazy needs no word.

use super::RULES;
use crate::emit::python::{Names, Taken, call, literal, string};
use crate::emit::source::{Imports, Source};
use crate::mapping::Relational;
use crate::query::{Filter, Include, OrderKey, Predicate, Query, Strategy};
use crate::schema::{Field, FieldId, FieldType, Model, Schema};
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
    let calls = writer.calls(query, root);
    let main = writer.main(query, root);
    let slice = slice(query);
    let line = calls.concat() + &slice;
    let text = if line.chars().count() + 8 <= 88 && !line.contains('\n') {
        line
    } else {
        format!("(\n{}){slice}", calls.iter().map(|call| format!("    {call}\n")).collect::<String>())
    };
    source.query_imports = writer.imports;
    let whole = !filtered(&query.includes)
        && sayable(&query.filter) == query.filter
        && query.computed.is_empty()
        && query
            .order
            .iter()
            .all(|term| matches!(&term.by, OrderKey::Field(path) if path.through.is_empty()));
    let remark = if whole {
        ""
    } else {
        "# Not written here: negations, conditions on what is loaded, and all that asks about what is related.\n"
    };
    source.query = format!("{remark}query = {text}\n\n\n{main}");
}

/// Whether what is loaded together with objects is narrowed down.
fn filtered(includes: &[Include]) -> bool {
    includes.iter().any(|include| !include.filter.is_anything() || filtered(&include.includes))
}

/// The filter without negations, which in Django take in those without a value, and without questions about what is
/// related, which in Django repeat objects.
fn sayable(filter: &Filter) -> Filter {
    fn is_sayable(filter: &Filter) -> bool {
        match filter {
            Filter::All(filters) | Filter::Any(filters) => filters.iter().all(is_sayable),
            Filter::Test(..) => true,
            Filter::Not(_) | Filter::Related(..) => false,
        }
    }
    match filter {
        Filter::All(filters) => Filter::All(filters.iter().filter(|one| is_sayable(one)).cloned().collect()),
        other if is_sayable(other) => other.clone(),
        _ => Filter::anything(),
    }
}

/// What is loaded together with objects.
#[derive(Default)]
struct Together {
    select: Vec<String>,
    prefetch: Vec<String>,
}

struct Writer<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    names: &'a Names,
    imports: Imports,
}

impl Writer<'_> {
    fn calls(&mut self, query: &Query, root: &Model) -> Vec<String> {
        let mut calls = vec![format!("{}.objects", self.names.class(root.id))];
        let mut together = Together::default();
        self.together(&query.includes, "", &mut together);
        calls.extend(loading(&together, 4));
        let conditions: Vec<String> = match &sayable(&query.filter) {
            Filter::All(filters) => filters.iter().map(|filter| self.condition(root, filter, 8)).collect(),
            other => vec![self.condition(root, other, 8)],
        };
        if !conditions.is_empty() {
            calls.push(call(".filter", &conditions, 4, 0));
        }
        if !query.fields.is_empty() {
            let fields = query.fields.iter().map(|field| string(self.column(root, *field)));
            calls.push(call(".only", &fields.collect::<Vec<_>>(), 4, 0));
        }
        calls.extend(query.distinct.then(|| ".distinct()".to_owned()));
        let terms: Vec<String> = query
            .order
            .iter()
            .filter_map(|term| match &term.by {
                OrderKey::Field(path) if path.through.is_empty() => {
                    let sign = if term.descending { "-" } else { "" };
                    Some(string(&format!("{sign}{}", self.column(root, path.field))))
                }
                _ => None,
            })
            .collect();
        if !terms.is_empty() {
            calls.push(format!(".order_by({})", terms.join(", ")));
        }
        if calls.len() == 1 {
            calls.push(".all()".into());
        }
        calls
    }

    fn together(&mut self, includes: &[Include], prefix: &str, together: &mut Together) {
        for include in includes {
            let Some(end) = self.schema.end(include.end) else { continue };
            let path = format!("{prefix}{}", self.names.end(end.id));
            if include.strategy.waits() {
                continue;
            }
            if include.strategy == Strategy::Joined && !end.kind.is_collection() {
                together.select.push(string(&path));
                self.together(&include.includes, &format!("{path}__"), together);
                continue;
            }
            let mut inner = Together::default();
            self.together(&include.includes, "", &mut inner);
            let plain = |lookup: &String| lookup.starts_with('"');
            if inner.select.is_empty() && inner.prefetch.iter().all(plain) {
                // A path brings what lies on it, too.
                let paths = inner.prefetch.iter().map(|lookup| format!("\"{path}__{}", &lookup[1..]));
                together.prefetch.extend(paths);
                if inner.prefetch.is_empty() {
                    together.prefetch.push(string(&path));
                }
            } else {
                self.imports.from("django.db.models", &["Prefetch"]);
                let queryset =
                    format!("{}.objects{}", self.names.class(end.target.id), loading(&inner, 8).concat());
                let arguments = [string(&path), format!("queryset={queryset}")];
                together.prefetch.push(call("Prefetch", &arguments, 8, 0));
            }
        }
    }

    fn condition(&mut self, root: &Model, filter: &Filter, indent: usize) -> String {
        self.imports.from("django.db.models", &["Q"]);
        match filter {
            Filter::All(filters) => self.joined('&', root, filters, indent),
            Filter::Any(filters) => self.joined('|', root, filters, indent),
            Filter::Test(field, predicate) => self.test(root, *field, predicate),
            // Left out by `sayable`.
            Filter::Not(_) | Filter::Related(..) => "Q()".into(),
        }
    }

    /// On one line if it is short, else each condition on one.
    fn joined(&mut self, sign: char, root: &Model, filters: &[Filter], indent: usize) -> String {
        let inner: Vec<String> =
            filters.iter().map(|filter| self.condition(root, filter, indent + 4)).collect();
        let line = format!("({})", inner.join(&format!(" {sign} ")));
        if line.chars().count() + indent < 88 && !line.contains('\n') {
            return line;
        }
        let margin = " ".repeat(indent);
        format!("(\n{margin}    {}\n{margin})", inner.join(&format!("\n{margin}    {sign} ")))
    }

    fn test(&mut self, root: &Model, field: FieldId, predicate: &Predicate) -> String {
        let name = self.column(root, field).to_owned();
        let field_type = root.fields.get(&field).map_or(FieldType::Text, |field| field.field_type);
        self.imports.for_type(field_type);
        let value = |value: &Value| literal(value, field_type);
        match predicate {
            // A negation in Django takes in those without a value.
            Predicate::Compare(Operator::NotEqual, other) => {
                format!("(~Q({name}={}) & Q({name}__isnull=False))", value(other))
            }
            Predicate::Compare(operator, other) => format!("Q({name}{}={})", lookup(*operator), value(other)),
            Predicate::Like(pattern) => {
                let (lookup, text) = like(pattern);
                format!("Q({name}__{lookup}={})", string(&text))
            }
            Predicate::In(values) => {
                format!("Q({name}__in=[{}])", values.iter().map(value).collect::<Vec<_>>().join(", "))
            }
            Predicate::NotLike(pattern) => {
                let (lookup, text) = like(pattern);
                format!("(~Q({name}__{lookup}={}) & Q({name}__isnull=False))", string(&text))
            }
            Predicate::Between(low, high) => format!("Q({name}__range=({}, {}))", value(low), value(high)),
            Predicate::NotIn(values) => {
                let values: Vec<String> = values.iter().map(value).collect();
                format!("(~Q({name}__in=[{}]) & Q({name}__isnull=False))", values.join(", "))
            }
            Predicate::IsNull => format!("Q({name}__isnull=True)"),
            Predicate::IsNotNull => format!("Q({name}__isnull=False)"),
        }
    }

    fn column(&self, model: &Model, field: FieldId) -> &str {
        let table = self.relational.table_of(model.id).map(|id| self.relational.table(id));
        let at = table.and_then(|table| Some((table.id, table.field_column(field)?)));
        at.map_or("", |(table, at)| self.names.columns(table)[at].as_str())
    }

    fn main(&self, query: &Query, root: &Model) -> String {
        let mut taken = Taken::new(&RULES);
        let variable = taken.variable(self.names.class(root.id));
        let mut text = format!("def main() -> None:\n    for {variable} in query:\n");
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
            text += &match end.kind {
                kind if kind.is_collection() => format!("{margin}for {variable} in {property}.all():\n"),
                // Django raises where a one-to-one leads nowhere from its far end.
                crate::schema::EndKind::HasOne => format!(
                    "{margin}{variable} = getattr({from}, {}, None)\n{margin}if {variable} is not None:\n",
                    string(self.names.end(end.id))
                ),
                _ => format!("{margin}{variable} = {property}\n{margin}if {variable} is not None:\n"),
            };
            text += &self.print(end.target, &variable, indent + 4, depth);
            text += &self.walk(&include.includes, &variable, indent + 4, depth + 1, taken);
        }
        text
    }

    fn print(&self, model: &Model, variable: &str, indent: usize, depth: usize) -> String {
        let text = |field: &&Field| field.field_type == FieldType::Text && !field.primary_key;
        let field = model.fields.values().find(text).or_else(|| model.fields.values().next());
        let column = field.map_or("", |field| self.column(model, field.id));
        let title = format!("{}{}", "  ".repeat(depth), self.names.class(model.id));
        let value = if column.is_empty() { String::new() } else { format!(", {variable}.{column}") };
        format!("{}print(\"{title}\"{value})\n", " ".repeat(indent))
    }
}

/// Limit and offset, as Python cuts a list.
fn slice(query: &Query) -> String {
    let first = query.offset.filter(|first| *first > 0);
    let last = query.limit.map(|most| most.saturating_add(first.unwrap_or(0)));
    if first.is_none() && last.is_none() {
        return String::new();
    }
    let shown = |bound: Option<u64>| bound.map_or(String::new(), |bound| bound.to_string());
    format!("[{}:{}]", shown(first), shown(last))
}

fn loading(together: &Together, indent: usize) -> Vec<String> {
    let mut calls = Vec::new();
    if !together.select.is_empty() {
        calls.push(call(".select_related", &together.select, indent, 0));
    }
    if !together.prefetch.is_empty() {
        calls.push(call(".prefetch_related", &together.prefetch, indent, 0));
    }
    calls
}

fn lookup(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal | Operator::NotEqual => "",
        Operator::Less => "__lt",
        Operator::LessOrEqual => "__lte",
        Operator::Greater => "__gt",
        Operator::GreaterOrEqual => "__gte",
        Operator::Like | Operator::NotLike => "__iexact",
    }
}

/// A pattern as one of Django's look-ups: a part of the text where it is one, else a regular expression.
fn like(pattern: &str) -> (&'static str, String) {
    let inner = pattern.trim_matches('%');
    if inner.contains(['%', '_']) || inner.is_empty() {
        let translated: String = pattern
            .chars()
            .map(|letter| match letter {
                '%' => "(?s:.*)".to_owned(),
                '_' => "(?s:.)".to_owned(),
                letter if letter.is_alphanumeric() => letter.to_string(),
                letter => format!("\\{letter}"),
            })
            .collect();
        return ("iregex", format!("^{translated}\\Z"));
    }
    let lookup = match (pattern.starts_with('%'), pattern.ends_with('%')) {
        (true, true) => "icontains",
        (true, false) => "iendswith",
        (false, true) => "istartswith",
        (false, false) => "iexact",
    };
    (lookup, inner.to_owned())
}
