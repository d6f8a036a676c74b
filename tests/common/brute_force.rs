//! The graph that a query should give, made from the document's rows without SQL.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::values::{compares, conjunction, over, passes};
use relata::graph::{Canonical, Identity};
use relata::mapping::{Column, ColumnOrigin, Placement, Relational, Table};
use relata::project::{Data, Refusal, Row, RowId, RowSource};
use relata::query::{Aggregate, FieldPath, Filter, Grouping, Include, Measure, OrderKey, Quantifier, Query};
use relata::schema::{DefaultValue, EndId, Field, FieldId, Link, ModelId, Schema, Side};
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
        // All kinds of a model count up their keys together.
        for root in schema.models().filter(|model| model.parent.is_none()) {
            let mut next = objects.next_key(root.id);
            for model in schema.kinds_of(root.id) {
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
        }
        objects
    }

    fn next_key(&self, root: ModelId) -> i64 {
        let model = self.schema.model(root).unwrap();
        let Some(key) = model.key().next().map(|field| field.id) else { return 1 };
        let rows = self.schema.kinds_of(root).flat_map(|kind| self.data.rows_of(kind.id));
        rows.filter_map(|row| row.cells.get(&key)?.parse::<i64>().ok()).max().unwrap_or(0) + 1
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
        let rows = self.schema.kinds_of(model).flat_map(|kind| self.data.rows_of(kind.id));
        rows.map(|row| row.id).filter(|row| !self.refused.contains(&RowSource::Row(*row)))
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
            // Another kind's field.
            ColumnOrigin::Field(_, field) => {
                return self.fields[&row].get(&field).cloned().unwrap_or(Value::Null);
            }
            ColumnOrigin::Kind(_) => {
                let kind = self.schema.model(self.models[&row]).unwrap().kind.as_ref();
                return Value::Text(kind.unwrap().value.clone());
            }
            ColumnOrigin::Key(relationship, side) => (relationship, side),
        };
        let Some(key) = table.foreign_keys.iter().find(|key| key.relationship == relationship) else {
            return self.shared_key(row, at);
        };
        let position = key.columns.iter().position(|&column| column == at).unwrap();
        let targets = self.targets(EndId { relationship, side: side.other() }, row);
        let there = self.relational.in_whole(key.target, key.target_columns[position]).1;
        targets.first().map_or(Value::Null, |target| self.column(*target, there))
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
                return if kind.column == at {
                    Value::Text(kind.value.clone())
                } else {
                    self.identity(*target).1[0].clone()
                };
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
            self.stored(query.root).filter(|row| self.holds(*row, &query.filter) == Some(true)).collect();
        roots.sort_by(|a, b| self.compare(*a, *b, query));
        let (offset, limit) =
            (query.offset.unwrap_or(0) as usize, query.limit.map_or(usize::MAX, |limit| limit as usize));
        let roots: Vec<RowId> = roots.into_iter().skip(offset).take(limit).collect();
        let mut answer = Canonical {
            objects: BTreeMap::new(),
            computed: self.computed(&roots, query),
            roots: roots.iter().map(|root| self.identity(*root)).collect(),
        };
        for root in roots {
            self.visit(root, query, &query.includes, &mut answer);
        }
        answer
    }

    /// The values of an object's table columns, without those of fields that the query does not want of its model. Keys
    /// are wanted always, and so is what other rows point to.
    fn wanted(&self, row: RowId, query: &Query) -> Vec<Value> {
        let table = self.relational.table(self.relational.table_of(self.models[&row]).unwrap());
        let named = self.relational.model_tables().flat_map(|other| &other.foreign_keys);
        let there = named.flat_map(|key| key.target_columns.iter().map(|at| (key.target, *at)));
        let there = there.map(|(target, at)| self.relational.in_whole(target, at));
        let named: BTreeSet<usize> =
            there.filter(|(target, _)| *target == table.id).map(|(_, at)| at).collect();
        let is_root = |model| self.schema.root_of(model) == self.schema.root_of(query.root);
        let is_read = |(at, column): (usize, &Column)| match column.origin {
            ColumnOrigin::Field(model, field) if is_root(model) && !query.fields.is_empty() => {
                query.fields.contains(&field) || table.primary_key.contains(&at) || named.contains(&at)
            }
            _ => true,
        };
        let read = table.columns.iter().enumerate().map(is_read);
        self.columns(row)
            .into_iter()
            .zip(read)
            .map(|(value, read)| if read { value } else { Value::Null })
            .collect()
    }

    fn visit(&self, row: RowId, query: &Query, includes: &[Include], answer: &mut Canonical) {
        let identity = self.identity(row);
        answer.objects.entry(identity.clone()).or_insert_with(|| (self.wanted(row, query), BTreeMap::new()));
        for include in includes {
            let mut targets = self.targets(include.end, row);
            targets.retain(|target| self.holds(*target, &include.filter) == Some(true));
            let mut names: Vec<Identity> = targets.iter().map(|target| self.identity(*target)).collect();
            names.sort();
            answer.objects.get_mut(&identity).unwrap().1.insert(include.end, names);
            targets.into_iter().for_each(|target| self.visit(target, query, &include.includes, answer));
        }
    }

    fn compare(&self, a: RowId, b: RowId, query: &Query) -> Ordering {
        let mut ordering = Ordering::Equal;
        for term in &query.order {
            let next = self.sort_value(a, &term.by).cmp(&self.sort_value(b, &term.by));
            ordering = ordering.then(if term.descending { next.reverse() } else { next });
        }
        ordering
    }

    /// The rows about groups, in the order that the question asks for.
    pub(crate) fn groups(&self, grouping: &Grouping) -> Vec<Vec<Value>> {
        let mut groups: BTreeMap<Vec<Value>, Vec<RowId>> = BTreeMap::new();
        if grouping.keys.is_empty() {
            groups.insert(Vec::new(), Vec::new());
        }
        for row in self.stored(grouping.root).filter(|row| self.holds(*row, &grouping.filter) == Some(true)) {
            let key = grouping.keys.iter().map(|key| self.value_at(row, &key.path)).collect();
            groups.entry(key).or_default().push(row);
        }
        let mut rows: Vec<(Vec<Value>, Vec<Value>)> = groups
            .into_iter()
            .map(|(key, rows)| {
                let values = grouping.values.iter().map(|value| self.measure(&rows, &value.measure));
                (key, values.collect())
            })
            .collect();
        rows.retain(|(_, values)| {
            let all = values.iter().zip(&grouping.values);
            all.into_iter().all(|(value, asked)| {
                asked.having.as_ref().is_none_or(|having| passes(value, having) == Some(true))
            })
        });
        rows.sort_by(|(a_key, a), (b_key, b)| {
            let values = grouping
                .values
                .iter()
                .zip(a.iter().zip(b))
                .filter_map(|(value, pair)| Some((value.descending?, pair)));
            let keys =
                grouping.keys.iter().zip(a_key.iter().zip(b_key)).map(|(key, pair)| (key.descending, pair));
            values.chain(keys).fold(Ordering::Equal, |ordering, (descending, (a, b))| {
                ordering.then(if descending { b.cmp(a) } else { a.cmp(b) })
            })
        });
        let rows = rows.into_iter().map(|(key, values)| [key, values].concat());
        let limit = grouping.limit.map_or(usize::MAX, |limit| limit as usize);
        rows.skip(grouping.offset.unwrap_or(0) as usize).take(limit).collect()
    }

    fn measure(&self, rows: &[RowId], measure: &Measure<FieldPath>) -> Value {
        match measure {
            Measure::Count => Value::Integer(rows.len() as i64),
            Measure::Of(function, path) => {
                over(*function, rows.iter().map(|row| self.value_at(*row, path)).collect())
            }
        }
    }

    /// A field of the object at the end of a path; NULL if there is none.
    fn value_at(&self, row: RowId, path: &FieldPath) -> Value {
        let reached = path.through.iter().try_fold(row, |row, end| self.targets(*end, row).first().copied());
        reached.map_or(Value::Null, |row| self.fields[&row][&path.field].clone())
    }

    fn sort_value(&self, row: RowId, by: &OrderKey) -> Value {
        match by {
            OrderKey::Field(path) => self.value_at(row, path),
            OrderKey::Aggregate(aggregate) => self.aggregate(row, aggregate),
        }
    }

    fn computed(&self, roots: &[RowId], query: &Query) -> BTreeMap<Identity, Vec<Value>> {
        let values =
            |row| query.computed.iter().map(|computed| self.aggregate(row, &computed.aggregate)).collect();
        let all = roots.iter().map(|row| (self.identity(*row), values(*row)));
        all.filter(|_| !query.computed.is_empty()).collect()
    }

    fn aggregate(&self, row: RowId, aggregate: &Aggregate) -> Value {
        let targets = self.targets(aggregate.end, row);
        match aggregate.measure {
            Measure::Count => Value::Integer(targets.len() as i64),
            Measure::Of(function, field) => {
                over(function, targets.iter().map(|target| self.fields[target][&field].clone()).collect())
            }
        }
    }

    /// Whether a condition is true or false of an object; `None` if a field without a value leaves it unknown.
    fn holds(&self, row: RowId, filter: &Filter) -> Option<bool> {
        let each = |filters: &[Filter]| -> Vec<Option<bool>> {
            filters.iter().map(|filter| self.holds(row, filter)).collect()
        };
        match filter {
            Filter::All(filters) => conjunction(&each(filters)),
            Filter::Any(filters) => {
                let opposites: Vec<_> = each(filters).iter().map(|known| known.map(|known| !known)).collect();
                conjunction(&opposites).map(|all| !all)
            }
            Filter::Not(filter) => self.holds(row, filter).map(|holds| !holds),
            Filter::Test(field, predicate) => passes(&self.fields[&row][field], predicate),
            Filter::Related(end, quantifier, filter) => {
                let verdicts: Vec<Option<bool>> =
                    self.targets(*end, row).into_iter().map(|target| self.holds(target, filter)).collect();
                let counted = |verdict| verdicts.iter().filter(|known| **known == Some(verdict)).count();
                Some(match quantifier {
                    Quantifier::Some => counted(true) > 0,
                    Quantifier::Every => counted(false) == 0,
                    Quantifier::None => counted(true) == 0,
                    Quantifier::Count(operator, number) => {
                        compares(&Value::Integer(counted(true) as i64), *operator, &Value::Integer(*number))
                    }
                })
            }
        }
    }
}
