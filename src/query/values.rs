//! What a query orders by and computes, as typed in; checked values and diagnostics out.

use std::collections::BTreeSet;

use super::check::{Checker, Place};
use super::checked::{Aggregate, Computed, FieldPath, Measure, OrderBy, OrderKey};
use super::draft::{AggregateDraft, ComputedDraft, OrderDraft};
use super::filters::Trouble;
use crate::schema::{EndId, Field, FieldId, FieldType, Findings, shorten};
use crate::sql::Function;

impl<'a> Checker<'a> {
    pub(super) fn order(&self, drafts: &[OrderDraft], findings: &mut Findings<Place>) -> Vec<OrderBy> {
        let terms = drafts.iter().enumerate().filter_map(|(index, draft)| {
            let by = match &draft.aggregate {
                Some(aggregate) => self.aggregate(aggregate).map(OrderKey::Aggregate),
                None => self.field_path(&draft.through, draft.field).map(|(path, _)| OrderKey::Field(path)),
            };
            let by = by.map_err(|(message, mend)| findings.error(Place::Order(index), message, mend)).ok()?;
            Some(OrderBy { by, descending: draft.descending })
        });
        terms.collect()
    }

    pub(super) fn fields(&self, drafts: &[FieldId], findings: &mut Findings<Place>) -> BTreeSet<FieldId> {
        for (index, field) in drafts.iter().enumerate() {
            if let Err((message, mend)) = self.field_path(&[], Some(*field)) {
                findings.error(Place::Field(index), message, mend);
            }
        }
        drafts.iter().copied().collect()
    }

    pub(super) fn computed(&self, drafts: &[ComputedDraft], findings: &mut Findings<Place>) -> Vec<Computed> {
        let mut all: Vec<Computed> = Vec::new();
        for (index, draft) in drafts.iter().enumerate() {
            let computed = self.aggregate(&draft.aggregate).and_then(|aggregate| {
                let name = self.name_of(&draft.name, &aggregate);
                let is_taken = all.iter().any(|other| same(&other.name, &name)) || self.has_property(&name);
                if is_taken {
                    let message =
                        format!("{} has something called {} already.", self.root.name, shorten(&name));
                    return Err((message, "Give it another name.".into()));
                }
                Ok(Computed { name, aggregate })
            });
            match computed {
                Ok(computed) => all.push(computed),
                Err((message, mend)) => findings.error(Place::Computed(index), message, mend),
            }
        }
        all
    }

    /// Objects are told apart by their keys, so it never takes one away: worth knowing, and nothing to be mended.
    pub(super) fn distinct(&self, distinct: bool, findings: &mut Findings<Place>) -> bool {
        if distinct {
            let message = format!("Every {} has a key of its own: no two of them are equal.", self.root.name);
            findings.note(Place::Distinct, message, "");
        }
        distinct
    }

    fn has_property(&self, name: &str) -> bool {
        self.root.fields.values().any(|field| same(&field.name, name))
            || self.schema.ends_of(self.root.id).any(|end| same(end.name, name))
    }

    /// The name asked for, or one like `books_count` and `books_price_sum`.
    fn name_of(&self, asked: &str, aggregate: &Aggregate) -> String {
        if !asked.trim().is_empty() {
            return asked.trim().to_owned();
        }
        let end = self.schema.end(aggregate.end);
        let collection = end.map_or("", |end| end.name);
        match aggregate.measure {
            Measure::Count => format!("{collection}_count"),
            Measure::Of(function, field) => {
                let field = end.and_then(|end| end.target.fields.get(&field)).map_or("", |field| &field.name);
                format!("{collection}_{field}_{}", function.label())
            }
        }
    }

    pub(super) fn aggregate(&self, draft: &AggregateDraft) -> Result<Aggregate, Trouble> {
        let end = draft.end.and_then(|end| self.schema.end_at(self.root.id, end));
        let Some(end) = end else {
            let message = format!("No collection of {} is chosen here.", self.root.name);
            return Err((message, "Choose one, or remove this line.".into()));
        };
        if !end.kind.is_collection() {
            let message = format!("{} leads to one object, not to many.", shorten(end.name));
            return Err((message, "Choose a collection.".into()));
        }
        let there = Checker { root: end.target, ..self.clone() };
        let measure = match draft.function {
            Function::Count => Measure::Count,
            function => {
                let (path, field) = there.field_path(&[], draft.field)?;
                measurable(function, field)?;
                Measure::Of(function, path.field)
            }
        };
        Ok(Aggregate { end: end.id, measure })
    }

    /// A field of this model, or of one that is reached through properties to one object each.
    pub(super) fn field_path(
        &self,
        through: &[EndId],
        field: Option<FieldId>,
    ) -> Result<(FieldPath, &'a Field), Trouble> {
        let mut here = self.root;
        for end in through {
            let end = self.schema.end_at(here.id, *end).ok_or_else(|| {
                let message = format!("{} has no such relationship any more.", here.name);
                (message, "Choose another one, or remove this line.".into())
            })?;
            if end.kind.is_collection() {
                let message =
                    format!("{} leads to many objects: none of them is the one.", shorten(end.name));
                return Err((message, "Choose a function over them, like count or max.".into()));
            }
            here = end.target;
        }
        let field = field.and_then(|field| here.fields.get(&field)).ok_or_else(|| {
            let message = format!("No field of {} is chosen here.", here.name);
            (message, "Choose a field, or remove this line.".into())
        })?;
        Ok((FieldPath { through: through.to_vec(), field: field.id }, field))
    }
}

/// Whether a function can be applied to the values of a field.
pub(super) fn measurable(function: Function, field: &Field) -> Result<(), Trouble> {
    let is_number = matches!(
        field.field_type,
        FieldType::Integer | FieldType::Real | FieldType::Decimal | FieldType::Boolean
    );
    if matches!(function, Function::Sum | Function::Average) && !is_number {
        let message =
            format!("{} holds no numbers, so it has no {}.", shorten(&field.name), function.label());
        return Err((message, "Choose another field, or count, min or max.".into()));
    }
    Ok(())
}

fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}
