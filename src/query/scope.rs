//! The sources that are visible at a place in a statement, and subqueries over what a property leads to from there.

use std::collections::BTreeSet;

use super::hop::Hop;
use crate::mapping::{Relational, Table, TableOrigin, Whole};
use crate::schema::{End, EndId, FieldId, ModelId, Origin, Schema};
use crate::sql::{ColumnRef, Expr, Join, JoinKind, Select, Source};
use crate::value::Value;

/// Gives names to the sources of one statement and its subqueries.
pub(super) struct Scope<'a> {
    pub(super) schema: &'a Schema,
    pub(super) relational: &'a Relational,
    /// The names of the sources of this query and those around it.
    visible: Vec<String>,
    /// The aliases handed out in the whole statement.
    aliases: BTreeSet<String>,
}

/// A table under the name that it has in a statement.
#[derive(Clone)]
pub(super) struct Place<'a> {
    pub(super) table: &'a Table,
    pub(super) source: String,
}

impl Place<'_> {
    /// References to columns by their positions.
    pub(super) fn columns(&self, positions: &[usize]) -> Vec<ColumnRef> {
        columns(self.table, &self.source, positions)
    }

    /// The column that holds a field of the table's model.
    pub(super) fn field(&self, field: FieldId) -> ColumnRef {
        let at = self.table.field_column(field).unwrap_or_default();
        self.columns(&[at]).remove(0)
    }
}

/// Which of the tables that rows of a model and its kinds are in a statement reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Breadth {
    /// Those in which all of them are.
    Own,
    /// Also those in which only some kinds are: objects of any kind are made of the rows.
    Whole,
}

/// A table as a source that is none of several parts.
pub(crate) fn table_source(table: &Table, alias: Option<&str>) -> Source {
    Source::Table { name: table.name.clone(), alias: alias.map(str::to_owned), origin: table.origin() }
}

/// The rows of a model as a source: its table, or those that its rows are in joined by their keys. With an alias, all of
/// them have one.
pub(super) fn source(table: &Table, model: ModelId, alias: Option<&str>, breadth: Breadth) -> Source {
    let Some(whole) = &table.whole else { return table_source(table, alias) };
    let part = |at: usize| Source::Table {
        name: whole.parts[at].name.clone(),
        alias: alias.and_then(|alias| whole.part_under(alias, at)),
        origin: Origin::Model(whole.parts[at].model),
    };
    let join = |at: usize, kind| Join {
        kind,
        source: part(at),
        on: goes_on(whole, alias.unwrap_or(&table.name), at),
        origin: Origin::Model(whole.parts[at].model),
    };
    let mut joins: Vec<Join> =
        whole.line(model).into_iter().skip(1).map(|at| join(at, JoinKind::Inner)).collect();
    if breadth == Breadth::Whole {
        joins.extend(whole.below(model).into_iter().map(|at| join(at, JoinKind::LeftOuter)));
    }
    let first = part(0);
    if joins.is_empty() { first } else { Source::Nested { first: Box::new(first), joins } }
}

/// The rows of a model under the names of their tables, for objects of any kind to be made of them.
pub(crate) fn model_source(table: &Table, model: ModelId) -> Source {
    source(table, model, None, Breadth::Whole)
}

/// That a row of a part is the one in which a row of the part above it goes on.
fn goes_on(whole: &Whole, source: &str, at: usize) -> Expr {
    let above = whole.parts[at].above.unwrap_or_default();
    let key = |at: usize| {
        let (part, source) = (&whole.parts[at], whole.part_under(source, at).unwrap_or_default());
        let column = move |name: &String| {
            let origin = Origin::Model(part.model);
            Expr::Column(ColumnRef { source: source.clone(), name: name.clone(), origin })
        };
        part.key.iter().map(column).collect::<Vec<Expr>>()
    };
    Expr::all(key(above).into_iter().zip(key(at)).map(|(above, own)| Expr::equal(above, own)).collect())
}

/// That a row is of a model or of one of its kinds; `None` if the table has no others. As SQLAlchemy writes it.
pub(crate) fn is_of(relational: &Relational, model: ModelId, table: &Table, source: &str) -> Option<Expr> {
    let kinds = relational.kinds_of(model).filter(|kinds| kinds.among_others)?;
    let column = columns(table, source, &[kinds.column]).into_iter().next()?;
    let values = kinds.of.iter().map(|kind| Value::Text(kind.value.clone())).collect();
    Some(Expr::In { expr: Box::new(Expr::Column(column)), values, negated: false })
}

/// What a property leads to, from the place where its owner stands.
pub(super) struct Reached<'a> {
    /// The subquery, without outputs: its rows are the targets.
    pub(super) select: Select,
    /// Where the targets' columns are in it.
    pub(super) target: Place<'a>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(schema: &'a Schema, relational: &'a Relational) -> Scope<'a> {
        Scope { schema, relational, visible: Vec::new(), aliases: BTreeSet::new() }
    }

    /// A scope in which a source is visible already.
    pub(super) fn within(schema: &'a Schema, relational: &'a Relational, place: &Place<'_>) -> Scope<'a> {
        let visible = place.table.names_under(&place.source);
        let aliases = visible.iter().cloned().collect();
        Scope { schema, relational, visible, aliases }
    }

    /// The aliases handed out so far.
    pub(super) fn into_aliases(self) -> BTreeSet<String> {
        self.aliases
    }

    /// The property at an end of the schema that the query was checked against.
    pub(super) fn end(&self, end: EndId) -> End<'a> {
        match self.schema.end(end) {
            Some(end) => end,
            None => unreachable!("the query was checked against this schema"),
        }
    }

    /// How to get from the rows of an end's model to those of its target.
    pub(super) fn hop(&self, end: &End<'_>) -> Hop<'a> {
        Hop::of(self.relational, end)
    }

    /// That the row at a place is of a model, if the table has others.
    pub(super) fn is_of(&self, model: ModelId, place: &Place<'_>) -> Option<Expr> {
        is_of(self.relational, model, place.table, &place.source)
    }

    /// Whether a model's table has rows of others.
    pub(super) fn is_among_others(&self, model: ModelId) -> bool {
        self.relational.kinds_of(model).is_some_and(|kinds| kinds.among_others)
    }

    fn table_of(&self, model: ModelId) -> &'a Table {
        match self.relational.table_of(model) {
            Some(id) => self.relational.table(id),
            None => unreachable!("the schema and its tables were made together"),
        }
    }

    /// The rows of a model as a source: under the name of its table, or under an alias where that is visible already.
    pub(super) fn enter_model(&mut self, model: ModelId, breadth: Breadth) -> (Place<'a>, Source) {
        let table = self.table_of(model);
        let (place, alias) = self.enter(table);
        (place, source(table, model, alias.as_deref(), breadth))
    }

    /// A table's place, and the alias that it needs there.
    fn enter(&mut self, table: &'a Table) -> (Place<'a>, Option<String>) {
        let is_taken = |name: &&str| self.visible.iter().any(|other| other.eq_ignore_ascii_case(name));
        let alias = table
            .names()
            .iter()
            .any(is_taken)
            .then(|| free_name(self.relational, &table.names(), &self.aliases));
        let place = Place { table, source: alias.clone().unwrap_or_else(|| table.name.clone()) };
        let names = table.names_under(&place.source);
        self.aliases.extend(names.iter().filter(|_| alias.is_some()).cloned());
        self.visible.extend(names);
        (place, alias)
    }

    /// Does something inside a subquery: the sources entered there are visible there alone.
    pub(super) fn inside<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.visible.len();
        let done = work(self);
        self.visible.truncate(outer);
        done
    }

    /// The rows that a property of `near` leads to, for a correlated subquery. The target's own table is left out
    /// where a join table alone tells how many there are: without `needs_columns`, the target's columns must not be
    /// used. That they are of the target's model is left to say.
    pub(super) fn reach(&mut self, near: &Place<'_>, end: &End<'_>, needs_columns: bool) -> Reached<'a> {
        let hop = self.hop(end);
        let Some(through) = hop.through else {
            let (target, source) = self.enter_model(end.target.id, Breadth::Own);
            let mut select = Select::from(source);
            select.and(hop.reaches(&near.source, &target.source));
            return Reached { select, target };
        };
        let origin = Origin::Relationship(end.id.relationship);
        let is_model = matches!(through.table.origin, TableOrigin::Model(_));
        let (join, alias) = self.enter(through.table);
        let mut select = Select::from(table_source(through.table, alias.as_deref()));
        select.and(through.stands_for(&hop, &join.source, &near.source));
        if !needs_columns && !is_model {
            return Reached { select, target: join };
        }
        let (target, source) = self.enter_model(end.target.id, Breadth::Own);
        let on = through.meets(&hop, &join.source, &target.source);
        if is_model {
            // A join model may hold a pair twice, or half of one.
            select.and(on);
            let mut targets = Select::from(source);
            targets.and(Expr::Exists { select: Box::new(select), negated: false, origin });
            return Reached { select: targets, target };
        }
        select.joins.push(Join { kind: JoinKind::Inner, source, on, origin });
        Reached { select, target }
    }
}

/// References to columns of a table under the name that it has in a statement.
pub(super) fn columns(table: &Table, source: &str, positions: &[usize]) -> Vec<ColumnRef> {
    positions
        .iter()
        .map(|&at| {
            let (source, name) = table.column_under(source, at);
            ColumnRef { source, name: name.to_owned(), origin: table.columns[at].origin() }
        })
        .collect()
}

/// `<stem>_1` for the first of these names, or the next number under which none of them is taken or a table's own name.
pub(super) fn free_name(relational: &Relational, stems: &[&str], taken: &BTreeSet<String>) -> String {
    let is_table = |name: &str| relational.tables.iter().any(|table| table.name.eq_ignore_ascii_case(name));
    let is_free = |name: &str| !is_table(name) && !taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    let mut number = 1;
    loop {
        if stems.iter().all(|stem| is_free(&format!("{stem}_{number}"))) {
            return format!("{}_{number}", stems.first().unwrap_or(&"anon"));
        }
        number += 1;
    }
}

/// What subqueries are called that rows are read from: `anon`, or something else if that is a table's own name.
pub(super) fn subquery_stem(relational: &Relational) -> String {
    let mut stem = "anon".to_owned();
    while relational.tables.iter().any(|table| table.name.eq_ignore_ascii_case(&stem)) {
        stem.push_str("_query");
    }
    stem
}
