//! A query whose schema loses something: what named it goes, and the rest stays as it was typed.

use super::draft::{AggregateDraft, FilterDraft, IncludeDraft, QueryDraft};
use crate::schema::{EndId, FieldId, RelationshipId};

impl QueryDraft {
    /// Takes out what names a field that is gone.
    pub fn forget_field(&mut self, field: FieldId) {
        let in_aggregate = |aggregate: &AggregateDraft| aggregate.field == Some(field);
        self.prune(&|filter| matches!(filter, FilterDraft::Test(test) if test.field == Some(field)));
        self.fields.retain(|wanted| *wanted != field);
        self.computed.retain(|computed| !in_aggregate(&computed.aggregate));
        self.order.retain(|term| match &term.aggregate {
            Some(aggregate) => !in_aggregate(aggregate),
            None => term.field != Some(field),
        });
        if let Some(grouping) = &mut self.grouping {
            grouping.keys.retain(|key| key.field != Some(field));
            grouping.values.retain(|value| value.field != Some(field));
        }
    }

    /// Takes out what names a relationship that is gone, except for the includes.
    pub fn forget_relationship(&mut self, relationship: RelationshipId) {
        let in_aggregate =
            |aggregate: &AggregateDraft| aggregate.end.is_some_and(|end| end.relationship == relationship);
        let avoids = |through: &[EndId]| through.iter().all(|end| end.relationship != relationship);
        self.prune(&|filter| {
            let FilterDraft::Related(related) = filter else { return false };
            related.end.is_some_and(|end| end.relationship == relationship)
        });
        self.computed.retain(|computed| !in_aggregate(&computed.aggregate));
        self.order.retain(|term| !term.aggregate.as_ref().is_some_and(in_aggregate) && avoids(&term.through));
        if let Some(grouping) = &mut self.grouping {
            grouping.keys.retain(|key| avoids(&key.through));
            grouping.values.retain(|value| avoids(&value.through));
        }
    }
}

impl QueryDraft {
    fn prune(&mut self, is_gone: &dyn Fn(&FilterDraft) -> bool) {
        prune(&mut self.filters, is_gone);
        prune_includes(&mut self.includes, is_gone);
    }
}

fn prune_includes(includes: &mut [IncludeDraft], is_gone: &dyn Fn(&FilterDraft) -> bool) {
    for include in includes {
        prune(&mut include.filters, is_gone);
        prune_includes(&mut include.includes, is_gone);
    }
}

/// Takes out filters, however deep they lie.
fn prune(filters: &mut Vec<FilterDraft>, is_gone: &dyn Fn(&FilterDraft) -> bool) {
    filters.retain(|filter| !is_gone(filter));
    let inner = filters.iter_mut().filter_map(FilterDraft::inner_mut);
    inner.for_each(|(_, filters)| prune(filters, is_gone));
}
