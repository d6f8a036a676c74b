//! The graph that a query should give, made from the document's rows without SQL.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use relata::graph::{Canonical, Identity};
use relata::mapping::{ColumnOrigin, Placement, Relational, Table};
use relata::project::{Data, Refusal, Row, RowId, RowSource};
use relata::query::{Filter, Include, Predicate, Query};
use relata::schema::{DefaultValue, EndId, Field, FieldId, Link, ModelId, Schema, Side};
use relata::sql::Operator;
use relata::value::Value;

/// The rows that the database took, as objects.
pub(crate) struct Objects<'a> {
    schema: &'a Schema,
    relational: &'a Relational,
    data: &'a Data,
    refused: BTreeSet<RowSource>,
    fields: HashMap<RowId, BTreeMap<FieldId, Value>>,
    models: HashMap<RowId, ModelId>,
}

impl<'a> Objects<'a> {
    /// The objects of a document whose other rows were refused.
    pub(crate) fn new(
        schema: &'a Schema,
        relational: &'a Relational,
        data: &'a Data,
        refusals: &[Refusal],
    ) -> Objects<'a> {
        let refused = refusals.iter().map(|refusal| refusal.source).collect();
        let mut objects =
            Objects { schema, relational, data, refused, fields: HashMap::new(), models: HashMap::new() };
        for model in schema.models() {
            let mut next = objects.next_key(model.id);
            for row in data.rows_of(model.id) {
                let values = model
                    .fields
                    .values()
                    .map(|field| (field.id, objects.value(model.id, field, row, &mut next)));
                let values = values.collect();
                objects.fields.insert(row.id, values);
                objects.models.insert(row.id, model.id);
            }
        }
        objects
    }

    fn next_key(&self, model: ModelId) -> i64 {
        let model = self.schema.model(model).unwrap();
        let Some(key) = model.key().next().map(|field| field.id) else { return 1 };
        let rows = self.data.rows_of(model.id);
        rows.iter().filter_map(|row| row.cells.get(&key)?.parse::<i64>().ok()).max().unwrap_or(0) + 1
    }

    /// What the database has in a field: what was typed, else the default, else for an integer key the next number.
    fn value(&self, model: ModelId, field: &Field, row: &Row, next: &mut i64) -> Value {
        let model = self.schema.model(model).unwrap();
        if let Some(text) = row.cells.get(&field.id) {
            return field.field_type.parse(text).unwrap();
        }
        if field.primary_key && model.key().count() == 1 {
            *next += 1;
            return Value::Integer(*next - 1);
        }
        match &field.default {
            Some(DefaultValue::Value(value)) => value.clone(),
            Some(DefaultValue::Now) => panic!("the generator makes no such default"),
            None => Value::Null,
        }
    }

    fn stored(&self, model: ModelId) -> impl Iterator<Item = RowId> {
        let rows = self.data.rows_of(model).iter().map(|row| row.id);
        rows.filter(|row| !self.refused.contains(&RowSource::Row(*row)))
    }

    fn identity(&self, row: RowId) -> Identity {
        let table = self.table(row);
        (self.models[&row], table.primary_key.iter().map(|&at| self.column(row, at)).collect())
    }

    fn table(&self, row: RowId) -> &'a Table {
        self.relational.table(self.relational.table_of(self.models[&row]).unwrap())
    }

    fn targets(&self, end: EndId, row: RowId) -> Vec<RowId> {
        let relationship = self.schema.relationship(end.relationship).unwrap();
        let pairs = || {
            let pairs = self.data.links_of(end.relationship).iter();
            pairs.filter(|pair| {
                Side::BOTH.iter().all(|side| !self.refused.contains(&RowSource::Row(pair.at(*side))))
            })
        };
        let mut targets: Vec<RowId> = match &relationship.link {
            Link::Key(_) => {
                let here = pairs().filter(|pair| pair.at(end.side) == row);
                here.map(|pair| pair.at(end.side.other())).collect()
            }
            Link::Join(join) => {
                let taken =
                    pairs().filter(|pair| !self.refused.contains(&RowSource::Link(end.relationship, **pair)));
                let both = taken
                    .flat_map(|pair| if join.symmetric { vec![*pair, pair.turned()] } else { vec![*pair] });
                both.filter(|pair| pair.at(end.side) == row).map(|pair| pair.at(end.side.other())).collect()
            }
            Link::Through(through) => {
                let tie = |side: Side| {
                    let relationship = through.relationships[side as usize];
                    let link = &self.schema.relationship(relationship).unwrap().link;
                    let Link::Key(key) = link else { panic!("only a key ties a model to a join model") };
                    EndId { relationship, side: key.holder }
                };
                let between = self.targets(tie(end.side).reverse(), row);
                between.into_iter().flat_map(|join| self.targets(tie(end.side.other()), join)).collect()
            }
        };
        let mut seen = BTreeSet::new();
        targets.retain(|target| seen.insert(*target));
        targets
    }

    /// The value of a column: a field's, or that of the column which a key points to.
    fn column(&self, row: RowId, at: usize) -> Value {
        let table = self.table(row);
        let (relationship, side) = match table.columns[at].origin {
            ColumnOrigin::Field(_, field) => return self.fields[&row][&field].clone(),
            ColumnOrigin::Key(relationship, side) => (relationship, side),
        };
        let Some(key) = table.foreign_keys.iter().find(|key| key.relationship == relationship) else {
            return self.shared_key(row, at);
        };
        let position = key.columns.iter().position(|&column| column == at).unwrap();
        let targets = self.targets(EndId { relationship, side: side.other() }, row);
        targets.first().map_or(Value::Null, |target| self.column(*target, key.target_columns[position]))
    }

    /// A column of a key that may point to one table or another: the target's key, or the target's name.
    fn shared_key(&self, row: RowId, at: usize) -> Value {
        for relationship in self.schema.relationships() {
            let Some(Placement::Key { holder, table, columns, discriminator: Some(kind), .. }) =
                self.relational.placement(relationship.id)
            else {
                continue;
            };
            let here = *table == self.table(row).id && (columns[0] == at || kind.column == at);
            let targets = self.targets(EndId { relationship: relationship.id, side: *holder }, row);
            if let (true, Some(target)) = (here, targets.first()) {
                let name = || Value::Text(self.schema.model(self.models[target]).unwrap().name.clone());
                return if kind.column == at { name() } else { self.identity(*target).1[0].clone() };
            }
        }
        Value::Null
    }

    /// The values of an object's table columns: fields, and the keys of what it points to.
    fn columns(&self, row: RowId) -> Vec<Value> {
        (0..self.table(row).columns.len()).map(|at| self.column(row, at)).collect()
    }

    /// What the query should bring back. Roots come in the query's order; ties in the order of the document.
    pub(crate) fn answer(&self, query: &Query) -> Canonical {
        let mut roots: Vec<RowId> =
            self.stored(query.root).filter(|row| self.holds(*row, &query.filter)).collect();
        roots.sort_by(|a, b| self.compare(*a, *b, query));
        let (offset, limit) =
            (query.offset.unwrap_or(0) as usize, query.limit.map_or(usize::MAX, |limit| limit as usize));
        let roots: Vec<RowId> = roots.into_iter().skip(offset).take(limit).collect();
        let mut answer = Canonical {
            objects: BTreeMap::new(),
            roots: roots.iter().map(|root| self.identity(*root)).collect(),
        };
        for root in roots {
            self.visit(root, &query.includes, &mut answer);
        }
        answer
    }

    fn visit(&self, row: RowId, includes: &[Include], answer: &mut Canonical) {
        let identity = self.identity(row);
        answer.objects.entry(identity.clone()).or_insert_with(|| (self.columns(row), BTreeMap::new()));
        for include in includes {
            let targets = self.targets(include.end, row);
            let mut names: Vec<Identity> = targets.iter().map(|target| self.identity(*target)).collect();
            names.sort();
            answer.objects.get_mut(&identity).unwrap().1.insert(include.end, names);
            targets.into_iter().for_each(|target| self.visit(target, &include.includes, answer));
        }
    }

    fn compare(&self, a: RowId, b: RowId, query: &Query) -> Ordering {
        let mut ordering = Ordering::Equal;
        for term in &query.order {
            let next = self.fields[&a][&term.field].cmp(&self.fields[&b][&term.field]);
            ordering = ordering.then(if term.descending { next.reverse() } else { next });
        }
        ordering
    }

    fn holds(&self, row: RowId, filter: &Filter) -> bool {
        match filter {
            Filter::All(filters) => filters.iter().all(|filter| self.holds(row, filter)),
            Filter::Any(filters) => filters.iter().any(|filter| self.holds(row, filter)),
            Filter::Test(field, predicate) => passes(&self.fields[&row][field], predicate),
        }
    }
}

/// NULL passes no test but `IS NULL`.
fn passes(value: &Value, predicate: &Predicate) -> bool {
    match predicate {
        Predicate::IsNull => value.is_null(),
        Predicate::IsNotNull => !value.is_null(),
        _ if value.is_null() => false,
        Predicate::In(values) => values.contains(value),
        Predicate::Like(pattern) => match value {
            Value::Text(text) => like(&fold(pattern), &fold(text)),
            _ => panic!("the generator tests only texts so"),
        },
        Predicate::Compare(operator, other) => match operator {
            Operator::Equal => value == other,
            Operator::NotEqual => value != other,
            Operator::Less => value < other,
            Operator::LessOrEqual => value <= other,
            Operator::Greater => value > other,
            Operator::GreaterOrEqual => value >= other,
            Operator::Like => unreachable!("a pattern is a predicate of its own"),
        },
    }
}

fn fold(text: &str) -> Vec<char> {
    text.chars().map(|character| character.to_ascii_lowercase()).collect()
}

fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|at| like(rest, &text[at..])),
        Some(('_', rest)) => !text.is_empty() && like(rest, &text[1..]),
        Some((first, rest)) => text.first() == Some(first) && like(rest, &text[1..]),
    }
}
