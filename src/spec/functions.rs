//! What a query computes and orders by, as a script writes it: functions over collections, and fields.

use super::Json;
use super::paths::{at, member};
use super::query::Reading;
use super::relationships::descending;
use crate::query::{AggregateDraft, ComputedDraft, OrderDraft, Place};
use crate::schema::{EndId, FieldId, ModelId};
use crate::sql::Function;

pub(super) const FUNCTIONS: [(&str, Function); 5] = [
    ("count", Function::Count),
    ("sum", Function::Sum),
    ("average", Function::Average),
    ("min", Function::Min),
    ("max", Function::Max),
];

impl Reading<'_> {
    pub(super) fn computed(&mut self, model: ModelId, path: &str, json: &Json) -> Vec<ComputedDraft> {
        let mut computed = Vec::new();
        for (name, part) in self.reader.map(path, json) {
            let path = member(path, name);
            self.paths.note(Place::Computed(computed.len()), &path);
            let Json::Map(members) = part else {
                self.reader.expected(&path, "a function such as { count: \"books\" }", part);
                continue;
            };
            let aggregate = self.only_function(model, &path, members, &[]);
            computed.push(ComputedDraft { aggregate: aggregate.unwrap_or_default(), name: name.clone() });
        }
        computed
    }

    /// The one function that an object names, beside members that are none.
    fn only_function(
        &mut self,
        model: ModelId,
        path: &str,
        members: &[(String, Json)],
        beside: &[&str],
    ) -> Option<AggregateDraft> {
        let mut found = None;
        let mut functions = 0;
        for (name, of) in members.iter().filter(|(name, _)| !beside.contains(&name.as_str())) {
            let path = member(path, name);
            functions += 1;
            match FUNCTIONS.iter().find(|(known, _)| known == name) {
                Some((_, function)) => found = self.aggregate(model, &path, (name, *function), of),
                None => {
                    let known = FUNCTIONS.iter().map(|(name, _)| *name).chain(beside.iter().copied());
                    self.reader.unknown(&path, "function", name, known.collect::<Vec<_>>());
                }
            }
        }
        if functions != 1 {
            let message = format!("Expected one function, not {functions}.");
            self.reader.error(path, message, "Write it as { count: \"books\" } or { max: \"books.price\" }.");
        }
        found.filter(|_| functions == 1)
    }

    /// A function over a collection: `books` for a count, `books.price` for the others.
    fn aggregate(
        &mut self,
        model: ModelId,
        path: &str,
        (label, function): (&str, Function),
        of: &Json,
    ) -> Option<AggregateDraft> {
        let name = self.reader.text(path, of)?;
        let (collection, field) =
            name.split_once('.').map_or((name.as_str(), None), |(end, field)| (end, Some(field)));
        let end = self.end(path, model, collection)?;
        let field = match (field, function) {
            (None, Function::Count) => None,
            (Some(_), Function::Count) => {
                let message = "A count is of objects, not of a field.";
                self.reader.error(path, message, format!("Write it as {{ count: \"{collection}\" }}."));
                return None;
            }
            (None, _) => {
                let message = format!("It is not said of which field {label} is.");
                let mend = format!("Write it as {{ {label}: \"{collection}.field\" }}.");
                self.reader.error(path, message, mend);
                return None;
            }
            (Some(field), _) => Some(self.field(path, self.target(end)?, field)?),
        };
        Some(AggregateDraft { function, end: Some(end), field })
    }

    pub(super) fn order(
        &mut self,
        model: ModelId,
        path: &str,
        json: &Json,
        computed: &[ComputedDraft],
    ) -> Vec<OrderDraft> {
        let terms = match json {
            Json::List(terms) => {
                terms.iter().enumerate().map(|(index, term)| (at(path, index), term)).collect()
            }
            one => vec![(path.to_owned(), one)],
        };
        let mut order = Vec::new();
        for (path, term) in terms {
            self.paths.note(Place::Order(order.len()), &path);
            order.extend(match term {
                Json::Map(members) => self.order_by_function(model, &path, members),
                other => self.order_by_name(model, &path, other, computed),
            });
        }
        order
    }

    /// `name`, `-born`, `author.name`, or the name of something computed.
    fn order_by_name(
        &mut self,
        model: ModelId,
        path: &str,
        json: &Json,
        computed: &[ComputedDraft],
    ) -> Option<OrderDraft> {
        let term = self.reader.text(path, json)?;
        let (name, descending) = descending(&term);
        if let Some(computed) = computed.iter().find(|computed| computed.name == name) {
            let aggregate = Some(computed.aggregate.clone());
            return Some(OrderDraft { descending, aggregate, ..OrderDraft::default() });
        }
        let (through, field) = self.field_at(model, path, name)?;
        Some(OrderDraft { field: Some(field), descending, through, aggregate: None })
    }

    /// A field of a model, or of what it leads to: `author.name`.
    pub(super) fn field_at(
        &mut self,
        model: ModelId,
        path: &str,
        name: &str,
    ) -> Option<(Vec<EndId>, FieldId)> {
        let fields = self.schema.model(model).map(|model| model.fields.values());
        // A field may have a dot in its name.
        let is_field = fields.is_some_and(|mut fields| fields.any(|field| field.name == name));
        let mut names: Vec<&str> = if is_field { vec![name] } else { name.split('.').collect() };
        let field = names.pop()?;
        let (mut here, mut through) = (model, Vec::new());
        for name in names {
            let end = self.end(path, here, name)?;
            through.push(end);
            here = self.target(end)?;
        }
        Some((through, self.field(path, here, field)?))
    }

    /// `{ count: "books", descending: true }`.
    fn order_by_function(
        &mut self,
        model: ModelId,
        path: &str,
        members: &[(String, Json)],
    ) -> Option<OrderDraft> {
        let descending = members.iter().find(|(name, _)| name == "descending");
        let descending =
            descending.is_some_and(|(name, truth)| self.reader.truth(&member(path, name), truth));
        let aggregate = self.only_function(model, path, members, &["descending"])?;
        Some(OrderDraft { descending, aggregate: Some(aggregate), ..OrderDraft::default() })
    }
}
